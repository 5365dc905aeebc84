"""Intake: a text made a source of the graph. Its passages, and a stub for the claims on each.

Nothing of the text itself is kept: a passage is its id, kind, offsets and digest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from pyoxigraph import Literal, NamedNode, Triple

from aikg.collection import folder_of
from aikg.errors import AikgError, UsageError
from aikg.names import AIKG, DCTERMS, OWL, PREFIXES, RDF, RDFS, SOURCE, XSD
from aikg.passage import plain
from aikg.segmentation import Segment, segments
from aikg.stub import joined, stub
from aikg.turtle import write

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
PAGE = re.compile(r"\s*<(!doctype\s+html|html|\?xml)\b", re.IGNORECASE)
URL = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
STUB_PREFIXES = ("aikg", "claim", "rdfs", "thing")


@dataclass(frozen=True)
class Details:
    """What is known of a source beside its text."""

    id: str
    """Its name in IRIs: words in lower case with hyphens."""
    title: str
    publisher: str
    date: str | None = None
    """The day of publication, YYYY-MM-DD; None where the text bears none."""
    url: str | None = None
    short_name: str | None = None
    """What answers call it; the publisher if None."""
    collection: str = ""
    """The collection it belongs to; empty for the default one."""

    def checked(self) -> Details:
        """The same, its texts each on one line. Raises UsageError for what cannot stand so."""
        title, publisher = (" ".join(text.split()) for text in (self.title, self.publisher))
        short = " ".join((self.short_name or publisher).split())
        for name, text in (("id", self.id), ("collection", self.collection or "x")):
            if not ID.fullmatch(text):
                raise UsageError(f"--{name} is not words in lower case with hyphens: {text!r}")
        for name, text in (("title", title), ("publisher", publisher), ("short-name", short)):
            if not text or not text.isprintable():
                raise UsageError(f"--{name} is empty, or no plain text: {text!r}")
        if self.date and not _is_day(self.date):
            raise UsageError(f"--date is no day such as 2026-02-27: {self.date!r}")
        if self.url and not URL.fullmatch(self.url):
            raise UsageError(f"--url is no address that begins with http: {self.url!r}")
        return Details(self.id, title, publisher, self.date, self.url, short, self.collection)


def new_source(text: str, details: Details) -> dict[str, str]:
    """The two files of a new source, by name under the root: its passages, and its stubs.

    Raises UsageError for details that cannot stand, AikgError for a text without passages.
    """
    details = details.checked()
    found = segments(checked_text(text))
    prefix = prefix_of(details.id)
    prefixes = {**PREFIXES, prefix: f"{SOURCE}{details.id}/"}
    folder = folder_of(details.collection)
    triples = [*_source(details), *(one for part in found for one in passage(details.id, part))]
    claims = [_stub(number, part, details, prefix) for number, part in enumerate(found, 1)]
    kept = {name: prefixes[name] for name in (*STUB_PREFIXES, prefix)}
    return {f"{folder}sources/{details.id}.ttl": write(triples, prefixes),
            f"{folder}claims/{details.id}.ttl": joined("", claims, kept)}


def checked_text(text: str) -> str:
    """The text as offsets count it. Raises AikgError for what is no plain text, or empty."""
    text = plain(text)
    if "\0" in text or PAGE.match(text):
        raise AikgError("this is no plain text: save the text of the page, without its markup")
    if not text.strip():
        raise AikgError("there is no text in it")
    return text


def prefix_of(source: str) -> str:
    """The Turtle prefix of a source's passages: its id, unless that is taken or no prefix."""
    if source in PREFIXES:
        return source + "-source"
    return source if source[0].isalpha() else "source-" + source


def passage(source: str, part: Segment) -> Iterable[Triple]:
    """The triples of a passage of a source, given by its id."""
    name = NamedNode(f"{SOURCE}{source}/{part.id}")
    yield Triple(name, NamedNode(RDF + "type"), NamedNode(AIKG + "Passage"))
    yield Triple(name, NamedNode(AIKG + "inSource"), NamedNode(SOURCE + source))
    for word, value in (("passageId", part.id), ("passageKind", part.kind),
                        ("digest", part.digest)):
        yield Triple(name, NamedNode(AIKG + word), Literal(value))
    for word, place in (("startOffset", part.start), ("endOffset", part.end)):
        yield Triple(name, NamedNode(AIKG + word), Literal(place))


def about(part: Segment, file: str) -> str:
    """What the stub on a passage is about."""
    hint = {"heading": f"; or give it an aikg:heading note in {file}",
            "boilerplate": "; delete this, unless it says something"}.get(part.kind, "")
    return f"{part.kind}, characters {part.start} to {part.end}{hint}"


def _stub(number: int, part: Segment, details: Details, prefix: str) -> str:
    file = f"{folder_of(details.collection)}sources/{details.id}.ttl"
    return stub(f"claim:{details.id}-{number:03}", f"{prefix}:{part.id}", about(part, file))


def _source(details: Details) -> Iterable[Triple]:
    name = NamedNode(SOURCE + details.id)
    said: list[tuple[str, Literal | NamedNode]] = [
        (RDF + "type", NamedNode(AIKG + "Article")),
        (RDFS + "label", Literal(details.title, language="en")),
        (AIKG + "shortName", Literal(details.short_name or details.publisher)),
        (DCTERMS + "publisher", Literal(details.publisher)),
    ]
    if details.date:
        said.append((DCTERMS + "issued", day(details.date)))
    if details.url:
        said.append((DCTERMS + "identifier",
                     Literal(details.url, datatype=NamedNode(XSD + "anyURI"))))
    for predicate, value in said:
        yield Triple(name, NamedNode(predicate), value)
        if predicate.startswith(DCTERMS):  # OWL 2 DL wants each annotation property declared
            yield Triple(NamedNode(predicate), NamedNode(RDF + "type"),
                         NamedNode(OWL + "AnnotationProperty"))


def day(text: str) -> Literal:
    """The instant at which a day (YYYY-MM-DD) begins, in UTC."""
    return Literal(f"{text}T00:00:00Z", datatype=NamedNode(XSD + "dateTime"))


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
