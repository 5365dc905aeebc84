"""Corroboration: what the claims say beside what the newest snapshot says of the same things.

Which property of ours stands beside which of Wikidata's is said in ontology/align/wikidata.ttl, and
nowhere else. Silence outside is no disagreement: Wikidata need not list every investor.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from aikg.answer import Answer, Row, Term
from aikg.errors import NoAnswer
from aikg.evidence import evidence_of, grade_of
from aikg.graph import NO_SNAPSHOT, Graph
from aikg.harvest import QUALIFIER, STATEMENT_VALUE
from aikg.identifier import CLOSE, IDENTITY, WIKIDATA
from aikg.item import DIRECT
from aikg.names import AIKG, DCTERMS, GRAPH, OWL, RDF, RDFS, SKOS, XSD, compact, expand
from aikg.words import normal

AGREES, DIFFERS, SILENT, NEWER = "agrees", "differs", "silent", "newer"
"""The states: outside says the same; another thing; nothing; another thing since a later time."""
COUNTERPART = (SKOS + "exactMatch", CLOSE)
"""Alignments under which two properties can be held against each other."""
CLAIMS = f"""
SELECT DISTINCT ?claim ?subject ?predicate ?object ?value ?denied ?from ?until ?issued WHERE {{
  ?claim <{RDF}type> <{AIKG}Claim> ; <{AIKG}subject> ?subject ; <{AIKG}predicate> ?predicate ;
    <{AIKG}modality> ?modality .
  FILTER(?modality NOT IN (<{AIKG}Supposed>, <{AIKG}Asked>))
  OPTIONAL {{ ?claim <{AIKG}object> ?object }}
  OPTIONAL {{ ?claim <{AIKG}value> ?value }}
  OPTIONAL {{ ?claim <{AIKG}denied> ?denied }}
  OPTIONAL {{ ?claim <{AIKG}validFrom> ?from }}
  OPTIONAL {{ ?claim <{AIKG}validUntil> ?until }}
  OPTIONAL {{ ?claim <{AIKG}statedIn>/<{AIKG}inSource>/<{DCTERMS}issued> ?issued }}
}} ORDER BY ?claim ?subject ?predicate ?object ?value ?denied ?from ?until DESC(?issued)"""
ALIGNED = f"""
SELECT ?ours ?theirs WHERE {{ GRAPH <{GRAPH}ontology> {{
  VALUES ?match {{ {' '.join(f'<{one}>' for one in COUNTERPART)} }}
  ?ours ?match ?theirs . FILTER(STRSTARTS(STR(?theirs), "{DIRECT}"))
}} }} ORDER BY ?ours ?theirs"""
LINKED = f"""
SELECT ?entity ?item WHERE {{ GRAPH <{GRAPH}links> {{
  VALUES ?match {{ {' '.join(f'<{one}>' for one in (*IDENTITY, CLOSE))} }}
  ?entity ?match ?item . FILTER(STRSTARTS(STR(?item), "{WIKIDATA}"))
}} }} ORDER BY ?entity ?item"""
SAID = """
SELECT ?item ?stated ?value ?start ?time WHERE {{ GRAPH <{graph}> {{
  ?item ?claim ?statement . ?statement ?stated ?value .
  FILTER(STRSTARTS(STR(?stated), "{stated}"))
  OPTIONAL {{ ?statement <{qualifier}P580> ?start }}
  OPTIONAL {{ ?statement <{qualifier}P585> ?time }}
}} }} ORDER BY ?item ?stated ?value ?start ?time"""
LABELS = """
SELECT ?thing ?label WHERE {{ GRAPH <{graph}> {{ ?thing <{rdfs}label> ?label }} }}
ORDER BY ?thing ?label"""
COLUMNS = ("thing", "relation", "claimed", "state", "outside", "property", "item", "since",
           "snapshot")


class Claim(NamedTuple):
    """One claim, as far as it can be compared."""

    iri: str
    subject: str
    predicate: str
    target: NamedNode | Literal
    denied: bool
    time: str
    """When it ended or began to hold, else when its source came out, such as 2026-01-31; empty
    where none of them is said."""


class Counterpart(NamedTuple):
    """Where outside the same could be said: on an item, under a property."""

    item: str
    property: str
    """IRI of the direct property."""
    values: tuple[Term, ...]
    """What would be the same."""
    single: bool
    """Whether more than one value cannot be right."""


class Saying(NamedTuple):
    """One value that is given outside."""

    value: NamedNode | Literal
    since: str
    """Start or point in time; empty where not said."""


class Comparison(NamedTuple):
    """A claim, and how what is said outside stands to it."""

    claim: Claim
    counterpart: Counterpart
    state: str
    sayings: tuple[Saying, ...]
    """What is said outside: the value that is the same, or all others."""


def compare(graph: Graph) -> tuple[Answer, int]:
    """A row for each claim with a counterpart, and how many have none since a link is missing.

    Raises NoAnswer where there is no snapshot.
    """
    snapshot = graph.catalog.snapshot
    if snapshot is None:
        raise NoAnswer(NO_SNAPSHOT)
    world = _World(graph, snapshot)
    found: list[Comparison] = []
    unlinked = 0
    for claim in world.claims:
        counterparts = list(world.counterparts(claim))
        unlinked += not counterparts and world.is_aligned(claim)
        found += _telling([world.judged(claim, one) for one in counterparts])
    return _answer(found, graph, world, snapshot), unlinked


class _World:
    """What the graph and the snapshot say, looked up once."""

    def __init__(self, graph: Graph, snapshot: str) -> None:
        self.lexicon = graph.lexicon
        select = graph.engine.select
        self.aligned: Mapping[str, list[str]] = _grouped(select(ALIGNED, ("ontology",)).rows)
        self.items = _grouped(select(LINKED, ("links",)).rows)
        said = {one.iri: one for row in reversed(select(CLAIMS).rows) if (one := _claim(row))}
        self.claims = sorted(said.values(), key=lambda one: one.iri)
        self.functional = {row[0].value for row in select(
            f"SELECT ?p WHERE {{ GRAPH <{GRAPH}ontology> {{ ?p <{RDF}type> "
            f"<{OWL}FunctionalProperty> }} }} ORDER BY ?p", ("ontology",)).rows
            if isinstance(row[0], NamedNode)}
        self.said: dict[tuple[str, str], list[Saying]] = defaultdict(list)
        text = SAID.format(graph=GRAPH + snapshot, stated=STATEMENT_VALUE, qualifier=QUALIFIER)
        for item, stated, value, start, time in select(text, (snapshot,)).rows:
            if isinstance(item, NamedNode) and isinstance(stated, NamedNode) and isinstance(
                    value, NamedNode | Literal):
                key = item.value, stated.value.replace(STATEMENT_VALUE, DIRECT)
                since = start or time
                self.said[key].append(Saying(
                    value, since.value if isinstance(since, Literal) else ""))
        labels = select(LABELS.format(graph=GRAPH + snapshot, rdfs=RDFS), (snapshot,)).rows
        self.labels = {thing.value: label.value for thing, label in labels
                       if isinstance(thing, NamedNode) and isinstance(label, Literal)}

    def properties(self, predicate: str) -> Iterator[tuple[str, str, bool]]:
        """Property of ours, property outside, and whether it points the other way, for a predicate.

        A claim says what all properties above its own say, and their inverses turned round.
        """
        curie = compact(predicate)
        for name in (curie, *sorted({*self.lexicon.above.get(curie, ())} - {curie})):
            for ours, turned in ((name, False), (self.lexicon.inverse.get(name, ""), True)):
                for theirs in self.aligned.get(expand(ours) or "", ()):
                    yield expand(ours) or "", theirs, turned

    def is_aligned(self, claim: Claim) -> bool:
        """Whether its property has a counterpart at all."""
        return any(self.properties(claim.predicate))

    def counterparts(self, claim: Claim) -> Iterator[Counterpart]:
        """Where outside the same could be said; nowhere if a link is missing."""
        target = claim.target
        for ours, theirs, turned in self.properties(claim.predicate):
            single = ours in self.functional or isinstance(target, Literal)
            if isinstance(target, Literal):
                for item in () if turned else self.items.get(claim.subject, ()):
                    yield Counterpart(item, theirs, (target,), single)
                continue
            ends = (target.value, claim.subject) if turned else (claim.subject, target.value)
            wanted = tuple(map(NamedNode, self.items.get(ends[1], ())))
            for item in self.items.get(ends[0], ()) if wanted else ():
                yield Counterpart(item, theirs, wanted, single)

    def judged(self, claim: Claim, counterpart: Counterpart) -> Comparison:
        """How what is said outside stands to a claim."""
        sayings = self.said.get((counterpart.item, counterpart.property), [])
        same = tuple(one for one in sayings
                     if any(_equal(value, one.value) for value in counterpart.values))
        if same:
            return Comparison(claim, counterpart, DIFFERS if claim.denied else AGREES, same)
        later = tuple(one for one in sayings if claim.time and one.since > claim.time)
        if not sayings or claim.denied or not counterpart.single:
            return Comparison(claim, counterpart, SILENT, tuple(sayings))
        return Comparison(claim, counterpart, NEWER if later else DIFFERS, later or tuple(sayings))


def _claim(row: Sequence[Term | None]) -> Claim | None:
    iri, subject, predicate, target, value, denied, since, until, issued = row
    if not (isinstance(iri, NamedNode) and isinstance(subject, NamedNode)
            and isinstance(predicate, NamedNode)):
        return None
    said = target or value
    times = [one.value for one in (until, since, issued) if isinstance(one, Literal)]
    return Claim(iri.value, subject.value, predicate.value, said,
                 isinstance(denied, Literal) and denied.value == "true",
                 next(iter(times), "")) if isinstance(said, NamedNode | Literal) else None


def _grouped(rows: Sequence[Sequence[Term | None]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for one, other in rows:
        if isinstance(one, NamedNode) and isinstance(other, NamedNode):
            found[one.value].append(other.value)
    return found


def _equal(ours: Term, theirs: NamedNode | Literal) -> bool:
    """Whether two values are the same: a number may be the year of an instant."""
    if not (isinstance(ours, Literal) and isinstance(theirs, Literal)):
        return ours == theirs
    if theirs.datatype.value == XSD + "dateTime" and ours.datatype.value == XSD + "integer":
        return ours.value.lstrip("+") == theirs.value.lstrip("+").split("-")[0].lstrip("0")
    try:
        return Decimal(ours.value) == Decimal(theirs.value)
    except InvalidOperation:
        return normal(ours.value) == normal(theirs.value)


def _telling(found: Sequence[Comparison]) -> list[Comparison]:
    """The comparisons of one claim with several items; silence only where all are silent."""
    return [one for one in found if one.state != SILENT] or list(found[:1])


def _answer(
    found: Sequence[Comparison], graph: Graph, world: _World, snapshot: str,
) -> Answer:
    evidence = evidence_of((one.claim.iri for one in found), graph.engine)
    rows = []
    for one in found:
        outside = [_shown(saying.value, world.labels) for saying in one.sayings]
        since = next((saying.since for saying in one.sayings if saying.since), "")
        proof = evidence[one.claim.iri]
        rows.append(Row((
            NamedNode(one.claim.subject), NamedNode(one.claim.predicate), one.claim.target,
            Literal(one.state), Literal("; ".join(dict.fromkeys(outside))),
            NamedNode(one.counterpart.property), NamedNode(one.counterpart.item),
            Literal(since) if since else None, Literal(snapshot.partition("/")[2]),
        ), grade_of(proof), (proof,)))
    rows.sort(key=lambda row: tuple(str(value) for value in row.values))
    return Answer(COLUMNS, tuple(rows), {**world.labels, **graph.labels(rows)})


def _shown(value: NamedNode | Literal, labels: Mapping[str, str]) -> str:
    if isinstance(value, NamedNode):
        return labels.get(value.value, compact(value.value))
    if value.datatype.value == XSD + "dateTime":
        with_zone = value.value.replace("Z", "+00:00")
        try:
            return datetime.fromisoformat(with_zone).date().isoformat()
        except ValueError:
            return value.value
    return value.value
