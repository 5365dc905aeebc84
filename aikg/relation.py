"""Relations: what a picture shows, each with its grade. Facts, and claims that are not firm."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from pyoxigraph import NamedNode

from aikg.answer import GRADES, Answer, Evidence, Term
from aikg.card import Card
from aikg.evidence import evidence_of, grade_of
from aikg.fact import Fact
from aikg.graph import Graph
from aikg.names import AIKG
from aikg.silence import firm
from aikg.store import Solutions
from aikg.why import row_of

CLAIMS = """
SELECT DISTINCT ?claim ?subject ?predicate ?object WHERE {{
  {wanted}
  ?claim <{aikg}subject> ?subject ; <{aikg}predicate> ?predicate .
  {{ ?claim <{aikg}object> ?object }} UNION {{ ?claim <{aikg}value> ?object }}
}} ORDER BY ?claim"""
NEAR = """VALUES ?one {{ {one} }}
  {{ ?claim <{aikg}subject> ?one }} UNION {{ ?claim <{aikg}object> ?one }}
  UNION {{ ?claim <{aikg}statedIn> ?one }}
  UNION {{ VALUES ?claim {{ {one} }} }}"""


class Relation(NamedTuple):
    """That a thing stands in a relation to another, and how firmly that is said."""

    subject: Term
    predicate: str
    """IRI of the property."""
    object: Term
    grade: str | None
    """One of GRADES; None for an identification, which needs no claim."""
    denied: bool = False


def around(card: Card, graph: Graph) -> tuple[Relation, ...]:
    """The relations of what a card is of: a thing, a class to its members, a claim, a passage."""
    one = NamedNode(card.iri)
    lines = [line for line in card.lines if line.section in ("facts", "members")]
    facts = [Relation(line.subject, line.property.value, line.value, line.grade)
             for line in lines if isinstance(line.property, NamedNode)]
    told = {relation[:3] for relation in facts}
    claims = _claims(NEAR.format(one=one, aikg=AIKG), graph)
    weak = [claim for claim, item in claims
            if not (facts and firm(item)) and (claim.denied or claim[:3] not in told)]
    return distinct([*facts, *weak])


def behind(answer: Answer, graph: Graph) -> tuple[Relation, ...]:
    """The relations that the rows of an answer show, by the query's patterns of evidence."""
    if answer.query is None or not answer.sparql:
        return distinct(_of_claims({item.claim for item in answer.evidence}, graph))
    query = graph.catalog.query(answer.query)
    solutions = graph.engine.select(answer.sparql, query.graphs)
    facts = [fact for pattern in query.evidence if len(pattern) == 3
             for fact in _filled(pattern, solutions)]
    named = {solution[solutions.variables.index(pattern[1][1:])]
             for pattern in query.evidence if len(pattern) == 2 for solution in solutions.rows}
    claims = {term.value for term in named if isinstance(term, NamedNode)}
    return distinct([*_of_facts(facts, graph), *_of_claims(claims, graph)])


def distinct(relations: Iterable[Relation]) -> tuple[Relation, ...]:
    """Each relation once, by its firmest grade; the firmest first among all."""
    best: dict[tuple[object, ...], Relation] = {}
    for relation in sorted(relations, key=_firmness):
        best.setdefault((*relation[:3], relation.denied), relation)
    return tuple(best.values())


def _firmness(relation: Relation) -> tuple[int, str, str, str]:
    rank = GRADES.index(relation.grade) if relation.grade else len(GRADES)
    return rank, str(relation.subject), relation.predicate, str(relation.object)


def _filled(pattern: Sequence[str], solutions: Solutions) -> Iterator[tuple[Term, Term, Term]]:
    """The facts that a pattern becomes by each solution which binds all of it."""
    places = [None if part.startswith("<") else solutions.variables.index(part[1:])
              for part in pattern]
    for solution in solutions.rows:
        terms = [NamedNode(part[1:-1]) if place is None else solution[place]
                 for part, place in zip(pattern, places, strict=True)]
        if terms[0] is not None and terms[1] is not None and terms[2] is not None:
            yield terms[0], terms[1], terms[2]


def _of_facts(facts: Iterable[tuple[Term, Term, Term]], graph: Graph) -> Iterator[Relation]:
    found: dict[Fact, tuple[Term, Term, Term]] = {
        (str(s), str(p), str(o)): (s, p, o) for s, p, o in facts}
    proofs = graph.prover.prove(list(found))
    items = evidence_of((leaf for proof in proofs.values() for leaf in proof.leaves()),
                        graph.engine)
    for fact, (subject, predicate, target) in found.items():
        yield Relation(subject, predicate.value, target, row_of(proofs.get(fact), items).grade)


def _of_claims(claims: Iterable[str], graph: Graph) -> list[Relation]:
    names = " ".join(str(NamedNode(claim)) for claim in sorted(claims))
    found = _claims(f"VALUES ?claim {{ {names} }}", graph) if names else []
    return [relation for relation, _ in found]


def _claims(wanted: str, graph: Graph) -> list[tuple[Relation, Evidence]]:
    """What each claim says; `wanted` is a part of a query that binds ?claim."""
    rows = graph.engine.select(CLAIMS.format(wanted=wanted, aikg=AIKG)).rows
    items = evidence_of((row[0].value for row in rows if isinstance(row[0], NamedNode)),
                        graph.engine)
    found = []
    for claim, subject, predicate, target in rows:
        if isinstance(claim, NamedNode) and subject and target and isinstance(predicate, NamedNode):
            item = items[claim.value]
            found.append((Relation(subject, predicate.value, target, grade_of(item), item.denied),
                          item))
    return found
