"""Silence: why an answer is empty.

Four kinds: denied (by which claim), hedged (said only as possible, under a condition, of a group
or the like), never claimed of this thing, and broken: the query matches nothing for anyone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from aikg.answer import Evidence
from aikg.errors import StoreError
from aikg.evidence import evidence_of
from aikg.lexicon import Lexicon, shown
from aikg.names import AIKG, RDF, compact
from aikg.query import Query
from aikg.store import Engine

DENIED, HEDGED, NEVER, BROKEN = "denied", "hedged", "never-claimed", "broken"
DISPUTED = "disputed"
FIRM = ("stated", "evaluated")
"""The modalities in which a claim is made plainly."""
STRUCTURE = frozenset(AIKG + name for name in (
    "subject", "predicate", "object", "value", "modality", "denied", "statedIn", "condition",
    "comparedWith", "dimension", "amount", "bound", "unit", "validFrom", "hasMember", "heading",
    "passageId", "passageKind", "inSource", "startOffset", "competesWith"))
PROPERTY = re.compile(r"\baikg:([a-z]\w*)")
CLAIMS = """
SELECT DISTINCT ?claim WHERE {{
  {start}
  ?claim <{aikg}object>|<{aikg}value> ?object .
  ?claim <{aikg}subject> ?subject ; <{aikg}predicate> ?predicate ; <{aikg}modality> ?modality .
  {conditions}
}} ORDER BY ?claim"""


class _Place(NamedTuple):
    """That a thing takes part in a claim in one way: as a pattern, and as a condition."""

    start: str
    """Binds ?subject or ?object; nothing where only the condition can say it."""
    condition: str


@dataclass(frozen=True)
class Silence:
    """Why there is no answer."""

    kind: str
    """denied, hedged, never-claimed, broken, or disputed (of a yes or no)."""
    reason: str
    evidence: tuple[Evidence, ...] = ()


def explain(
    query: Query, values: Mapping[str, Sequence[str]], engine: Engine, lexicon: Lexicon,
    may_lack: bool = False,
) -> Silence:
    """Why a stored query has no rows for the values of its slots (IRIs or texts).

    One that has none for any values is broken, unless the graph `may_lack` what it asks for.
    """
    if may_lack and not values:
        return Silence(NEVER, "nothing of the kind is claimed here")
    if not may_lack and not _anyone(query, engine):
        return Silence(BROKEN, f"{query.name} matches nothing for anyone: the query "
                               f"({query.file}) or the graph is broken")
    slots = {slot: [value for value in group if "://" in value] for slot, group in values.items()}
    things = [value for group in slots.values() for value in group]
    relations = predicates_of(query, lexicon)
    found: list[Evidence] = []
    if things and relations:
        first, *others = ([place for value in group for place in _places(query, slot, value)]
                          for slot, group in slots.items() if group)
        found = _claims(engine, relations, first,
                        [" || ".join(one.condition for one in group) for group in others])
    named = things or [value for group in values.values() for value in group]
    return silence_of([item for item in found if not firm(item)], named, lexicon)


def _anyone(query: Query, engine: Engine) -> bool:
    """Whether a stored query has rows for any values; asked so that the first row is enough."""
    head, where, body = query.bind_any({}).partition("WHERE")
    prologue, select, _ = head.rpartition("SELECT")
    try:
        if where and select and "HAVING" not in body:
            group = body[:body.rfind("}") + 1]
            return engine.query(f"{prologue}ASK {group}", query.graphs) is True
    except StoreError:  # what stands behind the group has a brace too
        pass
    return bool(engine.select(query.bind_any({}), query.graphs).rows)


def _places(query: Query, slot: str, value: str) -> list[_Place]:
    """How a thing takes part in the claim: as the evidence patterns have its slot, else anyhow."""
    places = {place for pattern in query.evidence if len(pattern) == 3
              for place in (0, 2) if pattern[place] == "?" + slot}
    ways = {0: _acts, 2: _is_target}
    return [way(value) for place, way in ways.items() if len(places) != 1 or place in places]


def silence_of(
    found: Sequence[Evidence], things: Sequence[str], lexicon: Lexicon,
) -> Silence:
    """The kind of silence that some claims on some things leave."""
    denied = tuple(item for item in found if item.denied)
    if denied:
        return Silence(DENIED, "denied: " + quoted(denied[0]), denied)
    if found:
        return Silence(HEDGED, f"{manner(found[0])}: " + quoted(found[0]), tuple(found))
    names = " and ".join(lexicon.label(name) if "://" in name else shown(name)
                         for name in things) or "this"
    return Silence(NEVER, f"nothing of the kind is claimed of {names}")


def quoted(item: Evidence) -> str:
    """A claim as a reason names it."""
    return f"{item.comment} ({compact(item.claim)}, {' '.join(item.passages)})"


def manner(item: Evidence) -> str:
    """How a claim that is not firm is made, as a reason says it."""
    if item.said_of == "group":
        return "said only of the group"
    return f"only {item.modality}"


def predicates_of(query: Query, lexicon: Lexicon) -> frozenset[str]:
    """The relations that a stored query asks for, with all below them and their inverses."""
    body = query.text[query.text.find("WHERE"):]
    named = {AIKG + name for name in PROPERTY.findall(body)} - STRUCTURE
    return frozenset(iri for name in named for iri, _ in lexicon.directed(name))


def claims_from_to(
    engine: Engine, left: str, predicates: Collection[str], right: str, than: str | None = None,
    exactly: bool = False,
) -> list[Evidence]:
    """The claims by any of the relations (all if none) that run from one thing to the other.

    With `than`, only those that set the first thing against that one. With `exactly`, the object is
    the thing itself, not one of its kind.
    """
    if "://" not in left or (than and "://" not in than):
        return []
    compared = [f"EXISTS {{ ?claim <{AIKG}comparedWith> {NamedNode(than)} }}"] if than else []
    target = (f"?object = {NamedNode(right)}" if exactly and "://" in right
              else _is_target(right).condition)
    return _claims(engine, predicates, [_acts(left)], [target, *compared])


def _claims(
    engine: Engine, predicates: Collection[str], places: Sequence[_Place],
    conditions: Sequence[str],
) -> list[Evidence]:
    """The claims in which one of the places is taken and all conditions hold.

    The engine begins at the place, and so never looks through all claims.
    """
    filters = [f"FILTER({condition})" for condition in conditions]
    if predicates:
        listed = ", ".join(str(NamedNode(iri)) for iri in sorted(predicates))
        filters.append(f"FILTER(?predicate IN ({listed}))")
    names = sorted({row[0].value for place in places for row in engine.select(CLAIMS.format(
        aikg=AIKG, start=place.start, conditions="\n  ".join(filters))).rows
        if isinstance(row[0], NamedNode)})
    found = evidence_of(names, engine)
    return [found[name] for name in names if name in found]


def _acts(value: str) -> _Place:
    """That a thing is the subject of the claim, or a member of the group that is."""
    term = NamedNode(value)
    member = f"?subject <{AIKG}hasMember> {term}"
    return _Place(f"{{ BIND({term} AS ?subject) }} UNION {{ {member} }}",
                  f"?subject = {term} || EXISTS {{ {member} }}")


def _is_target(value: str) -> _Place:
    """That a thing is the object of the claim, or its kind is, or is of its kind."""
    if "://" not in value:
        return _Place("", f"STR(?object) = {Literal(value)}")
    term = NamedNode(value)
    kind, instance = f"{term} <{RDF}type> ?object", f"?object <{RDF}type> {term}"
    return _Place(f"{{ BIND({term} AS ?object) }} UNION {{ {kind} }} UNION {{ {instance} }}",
                  f"?object = {term} || EXISTS {{ {kind} }} || EXISTS {{ {instance} }}")


def firm(item: Evidence) -> bool:
    """Whether a claim affirms plainly, of the thing itself."""
    return (item.modality in FIRM and not item.denied
            and item.said_of == "entity" and item.attributed_to is None)

