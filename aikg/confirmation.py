"""Confirmation: whether the items that we link to are there, and what we take them for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal

from aikg.authored import WARNING, Authored, short
from aikg.build import LINKS
from aikg.errors import StoreError
from aikg.identifier import IDENTITY, WIKIDATA
from aikg.identity import ALIGNMENT, kinds_of
from aikg.inspection import Finding
from aikg.item import Item, read_items
from aikg.links import Mapping, read_mappings
from aikg.names import RDFS, SKOS
from aikg.store import Engine
from aikg.turtle import iri
from aikg.words import normal

FITTING = tuple(SKOS + name for name in ("exactMatch", "closeMatch", "narrowMatch", "broadMatch"))
"""Matches of a class of ours under which its members belong to the class outside, or may."""


@dataclass(frozen=True)
class Expected:
    """What an item must be to stand for one of our entities."""

    names: frozenset[str]
    """Our label and aliases, normalised."""
    classes: frozenset[str]
    """IRIs of the classes of Wikidata beside ours; empty where we have aligned none."""

    def fits_name(self, item: Item) -> bool:
        """Whether item and entity share a name."""
        return bool(self.names & {normal(one) for one in (*item.labels, *item.aliases)})

    def fits_class(self, item: Item) -> bool | None:
        """Whether the item is of a class that fits; None where that cannot be told."""
        if not self.classes or not item.typed:
            return None
        return bool(self.classes & item.classes)


def expected(subject: str, authored: Authored) -> Expected:
    """What is expected of an item for an entity, given by its IRI."""
    about = authored.described.get(subject, {})
    names = [one.value for relation in (RDFS + "label", SKOS + "altLabel")
             for one in about.get(relation, ()) if isinstance(one, Literal)]
    kinds = kinds_of(subject, authored)
    classes = {iri(one.object) for one in authored.turtle.get(ALIGNMENT, ())
               if iri(one.subject) in kinds and one.predicate.value in FITTING
               and iri(one.object).startswith(WIKIDATA)}
    return Expected(frozenset(map(normal, names)), frozenset(classes))


def confirm(authored: Authored, engine: Engine) -> list[Finding]:
    """What an endpoint finds wrong with the links to Wikidata, each finding at its line.

    An item that is not there or was merged is an error; a name or class that does not fit is a
    warning. Raises StoreError, and GraphError for a broken file.
    """
    rows = [row for row in read_mappings(authored.files[LINKS])
            if row.object and row.object.startswith(WIKIDATA)]
    wanted = {row.subject: expected(row.subject, authored) for row in rows}
    items = read_items({row.object or "" for row in rows}, engine,
                       {kind for one in wanted.values() for kind in one.classes})
    if rows and not any(item.known for item in items.values()):
        raise StoreError(f"the endpoint knows none of the {len(items)} items: is it Wikidata's?")
    return list(_findings(rows, items, wanted))


def _findings(
    rows: Sequence[Mapping], items: dict[str, Item], wanted: dict[str, Expected],
) -> Iterator[Finding]:
    for row in rows:
        item = items[row.object or ""]
        for rule, message, fix, level in _faults(row, item, wanted[row.subject]):
            yield Finding(LINKS, row.line, rule, f"{short(item.iri)} {message}", fix,
                          short(row.subject), level)


def _faults(
    row: Mapping, item: Item, wanted: Expected,
) -> Iterable[tuple[str, str, str, str]]:
    if item.redirect:
        yield ("redirect", f"was merged with {short(item.redirect)}",
               f"look whether {short(item.redirect)} is meant, and write that", "error")
    elif not item.known:
        yield "missing", "is not there", "look for the item that is meant", "error"
    elif row.holds and row.predicate in IDENTITY:
        if not wanted.fits_name(item):
            called = (*item.labels, *item.aliases)[:1]
            message = f"is called {called[0] if called else ''!r}, which is none of our names"
            yield "name", message, "look whether it is meant", WARNING
        if wanted.fits_class(item) is False:
            yield ("class", f"is none of {', '.join(map(short, sorted(wanted.classes)))}",
                   "look whether it is meant, or widen the alignment", WARNING)
