"""A record: one source as the authored files hold it, with its passages and what rests on them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import Triple

from aikg import files
from aikg.collection import collection_of
from aikg.errors import AmbiguousName, UnknownName
from aikg.names import AIKG, DCTERMS, RDFS, SOURCE
from aikg.passage import Passage
from aikg.selection import Document
from aikg.turtle import iri, natural, read

Described = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Record:
    """A source, where it is written, and its passages in the order of the text."""

    iri: str
    label: str
    short_name: str
    issued: str | None
    """The instant at which it was published; None where it bears no date."""
    file: str
    """Name of its file under the root."""
    collection: str
    """Empty for the default one."""
    passages: tuple[Passage, ...]
    claims: Mapping[str, tuple[str, ...]]
    """The IRIs of the claims that rest on each passage, by the passage's id."""

    @property
    def id(self) -> str:
        """Its name in IRIs."""
        return self.iri.removeprefix(SOURCE)

    @property
    def document(self) -> Document:
        """What a selection must know of it."""
        return Document(self.id, self.short_name, self.collection, self.issued)


def read_records(folder: str | None = None) -> tuple[Record, ...]:
    """Every source under a folder (the package's own if None), by collection and id.

    Raises GraphError for Turtle that does not parse.
    """
    turtle = {name: read(path) for name, path in files.source_files(folder)
              if name.startswith("graph/") and name.endswith(".ttl")}
    return records_of(turtle)


def records_of(turtle: Mapping[str, Iterable[Triple]]) -> tuple[Record, ...]:
    """Every source in some files of the graph, whose triples are given by name; sorted as above."""
    resting = _resting(one for triples in turtle.values() for one in triples)
    records = [record for name, triples in turtle.items()
               for record in _records(name, _described(triples), resting)]
    return tuple(sorted(records, key=lambda one: (one.collection, natural(one.iri))))


def find_record(name: str, records: Iterable[Record]) -> Record:
    """The source of an id, a short name or a label, whatever its case; of the only one for "".

    Raises UnknownName and AmbiguousName, with the ids there are.
    """
    records = list(records)
    if not name and len(records) == 1:
        return records[0]
    wanted = name.casefold().removeprefix("source:")
    found = [one for one in records if wanted in (
        one.id, one.iri.casefold(), one.label.casefold(), one.short_name.casefold())]
    if len(found) == 1:
        return found[0]
    if not found and name:
        raise UnknownName(f"no source is named '{name}'", [one.id for one in records])
    raise AmbiguousName("which source: give its id", [one.id for one in found or records])


def _described(triples: Iterable[Triple]) -> Described:
    """One value of each property, by subject."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for one in triples:
        found[iri(one.subject)][one.predicate.value] = getattr(one.object, "value", "")
    return found


def _resting(triples: Iterable[Triple]) -> Mapping[str, list[str]]:
    resting: dict[str, list[str]] = defaultdict(list)
    for one in triples:
        if one.predicate.value == AIKG + "statedIn":
            resting[iri(one.object)].append(iri(one.subject))
    return resting


def _records(
    file: str, described: Described, resting: Mapping[str, list[str]],
) -> Iterable[Record]:
    for name, about in described.items():
        if AIKG + "shortName" in about:
            parts = {one: part for one, part in described.items()
                     if part.get(AIKG + "inSource") == name}
            claims = {part[AIKG + "passageId"]: tuple(sorted(resting.get(one, ()), key=natural))
                      for one, part in parts.items()}
            passages = [_passage(part, bool(resting.get(one))) for one, part in parts.items()]
            yield Record(
                name, about.get(RDFS + "label", name), about[AIKG + "shortName"],
                about.get(DCTERMS + "issued"), file, collection_of(file),
                tuple(sorted(passages, key=lambda one: (one.start, natural(one.id)))), claims)


def _passage(about: Mapping[str, str], claimed: bool) -> Passage:
    kind = about.get(AIKG + "passageKind", "")
    return Passage(
        about[AIKG + "passageId"], kind, int(about.get(AIKG + "startOffset", -1)),
        int(about.get(AIKG + "endOffset", -1)), about.get(AIKG + "digest", ""),
        claimed or kind == "boilerplate" or AIKG + "heading" in about)
