"""Suggestions: items of Wikidata that may stand for an entity, each with what speaks for it.

The score is a sum of weights, so it can be checked by hand. Nothing is written: a suggestion
becomes a link when a person has looked at it and calls `aikg link add`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from aikg.answer import Answer, Row
from aikg.authored import Authored
from aikg.build import LINKS
from aikg.confirmation import Expected, expected
from aikg.identifier import SCHEMES, WIKIDATA, scheme_of
from aikg.identity import identifier_of, identifies
from aikg.item import Item, read_items, written
from aikg.links import Mapping as Link
from aikg.links import read_mappings
from aikg.names import RDFS, SKOS, XSD, compact
from aikg.store import Engine
from aikg.words import normal

LABEL, ALIAS, CLASS, IDENTIFIER = 50, 30, 30, 40
"""What each feature weighs, in hundredths; a class that does not fit weighs as much against."""
MATCH = 70
"""The least score, in hundredths, of a match; an alias and a class that fits do not reach it."""
MOST = 100
"""Candidates that are looked at."""
SUFFIXES = (" Inc.", " Inc", ", Inc.", " Corp.", " Corp", " Corporation", " LLC", " Ltd.", " Group")
LANGUAGES = ("en", "mul")
CANDIDATES = """
SELECT DISTINCT ?item WHERE {{
  VALUES ?name {{ {names} }}
  VALUES ?relation {{ {relations} }}
  ?item ?relation ?name .
  FILTER(STRSTARTS(STR(?item), "{wikidata}Q"))
}} ORDER BY ?item LIMIT {most}"""


@dataclass(frozen=True)
class Suggestion:
    """An item, and what speaks for and against it."""

    item: Item
    name: str
    """`label` where the labels are equal, `alias` where other names are, else empty."""
    fits: bool | None
    """Whether its class fits; None where that cannot be told."""
    shared: tuple[str, ...]
    """The schemes of which both have the same identifier."""
    barred: str = ""
    """Why it cannot be the one, whatever its score: such as that it belongs to another entity."""
    match: bool = False

    @property
    def score(self) -> int:
        """From 0 to 100."""
        points = {"label": LABEL, "alias": ALIAS}.get(self.name, 0)
        points += 0 if self.fits is None else CLASS if self.fits else -CLASS
        points += IDENTIFIER * bool(self.shared)
        return 0 if self.barred else max(0, min(100, points))


def suggest(subject: str, authored: Authored, engine: Engine) -> list[Suggestion]:
    """The items that may stand for an entity, given by its IRI, best first.

    At most one is a match: one that reaches MATCH and has no rival that does, where all candidates
    were seen. Raises StoreError.
    """
    wanted = expected(subject, authored)
    links = read_mappings(authored.files[LINKS])
    names = _names(subject, authored)
    found = [item.value for [item] in engine.select(_candidates(names)).rows
             if isinstance(item, NamedNode)]
    items = read_items(found, engine, wanted.classes)
    own = _identifiers(link for link in links if link.subject == subject)
    rated = [_rated(item, names, wanted, own, _bar(item, subject, links))
             for item in items.values()]
    rated.sort(key=lambda one: (-one.score, len(one.item.iri), one.item.iri))
    return _decided(rated) if len(found) < MOST else rated


def table(suggestions: Iterable[Suggestion]) -> Answer:
    """The suggestions as an answer: a row for each, with its features."""
    columns = ("candidate", "label", "description", "score", "match", "name", "class",
               "identifiers", "barred")
    fitting = {True: "fits", False: "does not fit", None: "not told"}
    rows = tuple(Row((
        NamedNode(one.item.iri), Literal(next(iter(one.item.labels), "")),
        Literal(one.item.description),
        Literal(f"{one.score / 100:.2f}", datatype=NamedNode(XSD + "decimal")),
        Literal(one.match), Literal(one.name), Literal(fitting[one.fits]),
        Literal(", ".join(one.shared)), Literal(one.barred))) for one in suggestions)
    return Answer(columns, rows)


def variants(names: Iterable[str]) -> list[str]:
    """The names with and without what records add to them or leave out; each once, in order."""
    found: list[str] = []
    for name in names:
        bare = next((name.removesuffix(end) for end in SUFFIXES if name.endswith(end)), name)
        found += [name, bare, name[:1].upper() + name[1:], name.lower()]
    return list(dict.fromkeys(one for one in found if one))


def _names(subject: str, authored: Authored) -> list[str]:
    """The label of an entity, then its aliases."""
    about = authored.described.get(subject, {})
    return [one.value for relation in (RDFS + "label", SKOS + "altLabel")
            for one in about.get(relation, ()) if isinstance(one, Literal)]


def _candidates(names: Sequence[str]) -> str:
    literals = (str(Literal(name, language=language)) for name in variants(names)
                for language in LANGUAGES)
    return CANDIDATES.format(
        names=" ".join(literals), relations=written((RDFS + "label", SKOS + "altLabel")),
        wikidata=WIKIDATA, most=MOST)


def _rated(
    item: Item, names: Sequence[str], wanted: Expected, own: Mapping[str, Collection[str]],
    barred: str,
) -> Suggestion:
    labels = {normal(one) for one in item.labels}
    name = "label" if normal(names[0]) in labels else "alias" if wanted.fits_name(item) else ""
    shared = tuple(scheme.name for scheme in SCHEMES if any(
        prop == scheme.wikidata and _plain(value) in own.get(scheme.name, ())
        for prop, value in item.identifiers))
    return Suggestion(item, name, wanted.fits_class(item), shared, barred)


def _identifiers(links: Iterable[Link]) -> dict[str, set[str]]:
    """The identifiers that an entity is known to have, by scheme."""
    found: dict[str, set[str]] = defaultdict(set)
    for link in links:
        scheme = scheme_of(link.predicate, link.object)
        if scheme and scheme.wikidata and identifies(link):
            found[scheme.name].add(_plain(identifier_of(link, scheme)))
    return found


def _plain(identifier: str) -> str:
    """An identifier as one can be compared with another: a site without its protocol, and so on."""
    text = identifier.lower().removeprefix("https://").removeprefix("http://")
    return text.removeprefix("www.").removeprefix("github.com/").rstrip("/")


def _bar(item: Item, subject: str, links: Iterable[Link]) -> str:
    if item.redirect:
        return f"merged with {compact(item.redirect)}"
    for link in links:
        if link.object == item.iri and link.subject == subject:
            if link.negated:
                return f"not the same (line {link.line})"
            if identifies(link):
                return f"linked already (line {link.line})"
        elif link.object == item.iri and identifies(link):
            return f"is {compact(link.subject)} (line {link.line})"
    return ""


def _decided(rated: list[Suggestion]) -> list[Suggestion]:
    """The suggestions, of which one is the match if no other could be."""
    good = [one for one in rated if one.score >= MATCH]
    if len(good) != 1:
        return rated
    match = Suggestion(**{**vars(good[0]), "match": True})
    return [match if one is good[0] else one for one in rated]
