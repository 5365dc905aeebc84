"""A harvest: statements on many items, asked for batch by batch and counted, or not at all.

A batch that is done is kept in the cache, so that what was broken off goes on. Servers cut long
results without a word (Virtuoso) or in mid-sentence (the Wikidata Query Service): so each batch is
counted by the server too, and each item must be there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from aikg.errors import EndpointError
from aikg.identifier import WIKIDATA
from aikg.item import DIRECT, batches, read_items, written
from aikg.kept import Kept, Terms
from aikg.names import RDFS
from aikg.store import Engine

PROPERTY = "http://www.wikidata.org/prop/"
STATEMENT_VALUE = PROPERTY + "statement/"
QUALIFIER = PROPERTY + "qualifier/"
STATEMENT = WIKIDATA + "statement/"
WIKIBASE = "http://wikiba.se/ontology#"
RANKS = ("PreferredRank", "NormalRank")
QUALIFIERS = ("P580", "P582", "P585")
"""Start time, end time, point in time."""
FACTS = ("P571", "P159", "P749", "P169", "P112", "P452", "P1056", "P1951", "P1448")
"""Inception, headquarters, parent organization, chief executive, founders, industry, products,
investors, official name; asked for beside what the alignment names."""
SIZE = 20
"""Items in one request."""
PATTERN = """
  VALUES ?item {{ {items} }}
  VALUES (?property ?claim ?stated) {{ {properties} }}
  ?item ?claim ?statement .
  ?statement ?stated ?value ; <{wikibase}rank> ?rank .
  FILTER(?rank != <{wikibase}DeprecatedRank>)
  OPTIONAL {{ ?statement <{qualifier}P580> ?start }}
  OPTIONAL {{ ?statement <{qualifier}P582> ?end }}
  OPTIONAL {{ ?statement <{qualifier}P585> ?time }}
"""
ROWS = ("SELECT ?item ?property ?statement ?value ?rank ?start ?end ?time WHERE {{" + PATTERN
        + "}} ORDER BY ?item ?property ?statement ?value ?start ?end ?time")
COUNT = "SELECT (COUNT(*) AS ?rows) WHERE {{" + PATTERN + "}}"
LABELS = """
SELECT ?thing ?label WHERE {{
  VALUES ?thing {{ {things} }}
  ?thing <{rdfs}label> ?label .
  FILTER(LANG(?label) IN ("en", "mul"))
}} ORDER BY ?thing DESC(LANG(?label)) ?label"""


class Statement(NamedTuple):
    """One statement on an item."""

    iri: str
    item: str
    property: str
    """Such as P571."""
    value: NamedNode | Literal
    rank: str
    """One of RANKS."""
    times: tuple[Literal | None, ...]
    """The values of QUALIFIERS, None where there is none; the first in order of several."""


class Harvest(NamedTuple):
    """All that came back."""

    endpoint: str
    items: tuple[str, ...]
    digest: str
    """SHA-256 of the query as one piece, in hexadecimal."""
    statements: tuple[Statement, ...]
    labels: Mapping[str, str]
    """English label of the items, values and predicates that have one, by IRI."""
    rows: int
    """How many rows came back; several may be one statement."""


class Request(NamedTuple):
    """What is asked, and of whom."""

    endpoint: str
    items: tuple[str, ...]
    """IRIs, sorted."""
    properties: tuple[str, ...]
    """Such as P571, sorted."""

    def text(self, form: str, items: Iterable[str]) -> str:
        """The query of a form, ROWS or COUNT, about some of the items."""
        named = " ".join(f"(<{DIRECT}{one}> <{PROPERTY}{one}> <{STATEMENT_VALUE}{one}>)"
                         for one in self.properties)
        return form.format(items=written(items), properties=named, wikibase=WIKIBASE,
                           qualifier=QUALIFIER)

    @property
    def digest(self) -> str:
        """SHA-256 of the query about all items, in hexadecimal."""
        return hashlib.sha256(self.text(ROWS, self.items).encode()).hexdigest()


def harvest(
    request: Request, engine: Engine, day: str, progress: Callable[[int, int], None],
) -> Harvest:
    """Ask for everything, batch by batch; what was had on the same day is not asked for again.

    `progress` is told how many batches of how many are done. Raises EndpointError where an item is
    missing or was merged, where rows are missing, and for rows that were not asked for.
    """
    _all_there(request.items, engine)
    kept = Kept(request.endpoint, request.digest, day)
    parts = list(batches(request.items, SIZE))
    rows: list[Terms] = []
    for number, batch in enumerate(parts):
        progress(number, len(parts))
        lines = kept.batch(number)
        if lines is None:
            lines = _batch(request, batch, engine)
            kept.keep(number, lines)
        rows += lines
    progress(len(parts), len(parts))
    statements = _statements(rows, request)
    things = {*request.items, *(DIRECT + one for one in request.properties),
              *(one.value.value for one in statements
                if isinstance(one.value, NamedNode) and one.value.value.startswith(WIKIDATA))}
    labels = _labels(things, engine)
    kept.forget()
    return Harvest(request.endpoint, request.items, request.digest, statements, labels, len(rows))


def _all_there(items: Sequence[str], engine: Engine) -> None:
    found = read_items(items, engine)
    for what, names in (
            ("does not know", [one.iri for one in found.values() if not one.known]),
            ("has merged", [one.iri for one in found.values() if one.redirect])):
        if names:
            short = ", ".join(one.removeprefix(WIKIDATA) for one in names[:5])
            more = f" and {len(names) - 5} more" if len(names) > 5 else ""
            raise EndpointError(f"the endpoint {what} {short}{more} "
                                "(`aikg link check --online` tells more)")


def _batch(request: Request, batch: Sequence[str], engine: Engine) -> list[Terms]:
    rows = list(engine.select(request.text(ROWS, batch)).rows)
    counted = engine.select(request.text(COUNT, batch)).rows
    number = counted[0][0] if len(counted) == 1 else None
    if not isinstance(number, Literal) or number.value != str(len(rows)):
        said = number.value[:20] if isinstance(number, Literal) else "no number"
        raise EndpointError(f"the endpoint counts {said} rows and sends {len(rows)}: partial")
    return rows


def _statements(rows: Iterable[Terms], request: Request) -> tuple[Statement, ...]:
    """The statements of the rows; one with an unknown value (a blank node) says nothing."""
    found: dict[tuple[str, str], Statement] = {}
    for item, direct, node, value, rank, *times in rows:
        names = [one.value if isinstance(one, NamedNode) else "" for one in
                 (item, direct, node, rank)]
        name = names[1].removeprefix(DIRECT)
        degree = names[3].removeprefix(WIKIBASE)
        if (names[0] not in request.items or name not in request.properties or degree not in RANKS
                or not names[2].startswith(STATEMENT)):
            raise EndpointError("the endpoint answers with what was not asked for")
        if isinstance(value, NamedNode | Literal) and "/.well-known/genid/" not in value.value:
            found.setdefault((names[2], str(value)), Statement(
                _sound(names[2]), names[0], name, _sound_term(value), degree,
                tuple(one if isinstance(one, Literal) else None for one in times)))
    return tuple(found.values())


def _sound(iri: str) -> str:
    """An IRI that can be written. Raises EndpointError for what is none."""
    try:
        return NamedNode(iri).value
    except ValueError as error:
        raise EndpointError(f"the endpoint sends what is no IRI: {iri[:60]!r}") from error


def _sound_term(value: NamedNode | Literal) -> NamedNode | Literal:
    return NamedNode(_sound(value.value)) if isinstance(value, NamedNode) else value


def _labels(things: Iterable[str], engine: Engine) -> dict[str, str]:
    """A label for each thing that has one; of a predicate, that of its property."""
    asked = {one.replace(DIRECT, WIKIDATA): one for one in things}
    found: dict[str, str] = {}
    for batch in batches(sorted(asked), 100):
        for thing, label in engine.select(LABELS.format(things=written(batch), rdfs=RDFS)).rows:
            if isinstance(thing, NamedNode) and isinstance(label, Literal):
                found[asked.get(thing.value, thing.value)] = label.value
    return {one: text for one, text in found.items() if one in {*asked.values()}}
