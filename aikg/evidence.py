"""Evidence: for each row, the claims behind it, and the grade that they give it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from aikg.answer import GRADES, Evidence, Row, Term
from aikg.errors import StoreError
from aikg.fact import Fact
from aikg.names import AIKG, RDFS
from aikg.proof import Proof, Prover
from aikg.query import Query
from aikg.store import Engine, Solutions, batches

RANK = {grade: rank for rank, grade in enumerate(GRADES)}
NEEDED = {"claim", "modality", "id", "source"}
DETAILS = """
SELECT ?claim ?comment ?modality ?passage ?id ?start ?source ?name ?denied ?group ?by WHERE {{
  VALUES ?claim {{ {claims} }}
  ?claim <{aikg}modality> ?modality ; <{aikg}statedIn> ?passage .
  ?passage <{aikg}passageId> ?id ; <{aikg}inSource> ?source .
  OPTIONAL {{ ?passage <{aikg}startOffset> ?start }}
  OPTIONAL {{ ?claim <{rdfs}comment> ?comment }}
  OPTIONAL {{ ?source <{aikg}shortName> ?name }}
  OPTIONAL {{ ?claim <{aikg}denied> ?denied }}
  OPTIONAL {{ ?claim <{aikg}attributedTo> ?by }}
  OPTIONAL {{ ?claim <{aikg}subject> ?group . ?group a <{aikg}Group> }}
}} ORDER BY ?claim ?source ?start ?id"""
DATED = """
SELECT DISTINCT ?claim WHERE {{
  VALUES ?claim {{ {claims} }}
  ?claim <{aikg}validFrom>|<{aikg}validUntil> ?time .
}} ORDER BY ?claim"""

Terms = tuple[Term | None, ...]


class Disputes(NamedTuple):
    """What is in dispute; looked up, so that a store on disk need not read it all."""

    facts: Mapping[Fact, Sequence[str]]
    """The facts, each with the IRIs of the claims of both sides."""
    claims: Container[str]
    """The IRIs of the claims of either side."""


NONE = Disputes({}, ())


def rows_with_evidence(
    query: Query, solutions: Solutions, engine: Engine, prover: Prover, disputes: Disputes = NONE,
) -> tuple[Row, ...]:
    """The rows of a stored query, each with grade and evidence, in the order of the solutions.

    What rests on one of the facts in `disputes`, or on a claim on either side, is graded so.
    Solutions that show the same are one row: its evidence is their union, its grade the firmest.
    """
    resolved = _Resolved(query, solutions, engine, prover, disputes)
    shown = [solutions.variables.index(column) for column in query.columns]
    grouped: dict[Terms, list[Terms]] = defaultdict(list)
    for solution in solutions.rows:
        grouped[tuple(solution[index] for index in shown)].append(solution)
    return tuple(resolved.row(values, members) for values, members in grouped.items())


def evidence_of(claims: Iterable[str], engine: Engine) -> dict[str, Evidence]:
    """What is to be known of each claim, in one query for many."""
    names = sorted(set(claims))
    by_claim: dict[str, list[dict[str, str]]] = defaultdict(list)
    for part in batches(names):
        listed = " ".join(str(NamedNode(name)) for name in part)
        found = engine.select(DETAILS.format(claims=listed, aikg=AIKG, rdfs=RDFS))
        for row in found.rows:
            record = {name: term.value for name, term in zip(found.variables, row, strict=True)
                      if isinstance(term, NamedNode | Literal)}
            if record.keys() >= NEEDED:
                by_claim[record["claim"]].append(record)
    return {name: _evidence(records) for name, records in by_claim.items()}


def _evidence(records: Sequence[Mapping[str, str]]) -> Evidence:
    first = records[0]
    return Evidence(
        first["claim"], first.get("comment", ""), first["source"], first.get("name", ""),
        tuple(dict.fromkeys(record["id"] for record in records)),
        first["modality"].removeprefix(AIKG).lower(), first.get("denied") == "true",
        "group" if "group" in first else "entity", first.get("by"))


def undated(claims: Iterable[str], engine: Engine) -> frozenset[str]:
    """Those of some claims, given by their IRIs, that do not say when they hold."""
    names = sorted(set(claims))
    dated: set[str] = set()
    for some in batches(names):
        found = engine.select(DATED.format(claims=" ".join(str(NamedNode(one)) for one in some),
                                           aikg=AIKG))
        dated |= {row[0].value for row in found.rows if isinstance(row[0], NamedNode)}
    return frozenset(names) - dated


def grade_of(item: Evidence) -> str:
    """The grade that one claim gives: its modality, weakened if it speaks of a group."""
    grade = "conditional" if item.modality == "supposed" else item.modality
    return weakest([grade, "group"]) if item.said_of == "group" else grade


def weakest(grades: Iterable[str]) -> str:
    """The weakest of some grades; `not-claimed` of none."""
    return max(grades, key=RANK.__getitem__, default="not-claimed")


def firmest(grades: Iterable[str]) -> str:
    """The firmest of some grades; `not-claimed` of none."""
    return min(grades, key=RANK.__getitem__, default="not-claimed")


class _Resolved:
    """The facts and claims that the solutions of one query rest on, all looked up."""

    def __init__(
        self, query: Query, solutions: Solutions, engine: Engine, prover: Prover,
        disputes: Disputes,
    ) -> None:
        self.disputes, self.contested = disputes
        self.patterns = [pattern for pattern in query.evidence if pattern[0] != "claim"]
        self.claim_variables = [pattern[1][1:] for pattern in query.evidence
                                if pattern[0] == "claim"]
        self.variables = solutions.variables
        facts = {fact for solution in solutions.rows for fact in self._facts(solution)}
        claims = prover.claimed(facts)
        open_facts = [fact for fact, names in claims.items() if not names]
        self.proofs = {fact: Proof(fact, names) for fact, names in claims.items() if names}
        self.proofs.update(prover.prove(open_facts))
        named = {name for solution in solutions.rows for name in self._claims(solution)}
        named |= {name for fact in facts for name in self.disputes.get(fact, ())}
        leaves = {leaf for proof in self.proofs.values() for leaf in proof.leaves()}
        self.items = evidence_of(named | leaves, engine)
        for name in sorted((named | leaves) - self.items.keys()):
            raise StoreError(f"nothing is held of <{name}> but its name: is the graph all there?")

    def row(self, values: Terms, solutions: Iterable[Terms]) -> Row:
        """One row from the solutions that show it."""
        supports = [self._support(solution) for solution in solutions]
        evidence = dict.fromkeys(item for _, items in supports for item in items)
        return Row(values, firmest(grade for grade, _ in supports), tuple(evidence))

    def _support(self, solution: Terms) -> tuple[str, list[Evidence]]:
        """Grade and evidence of one solution: the weakest of all that it rests on."""
        grades: list[str] = []
        items: list[Evidence] = []
        for name in self._claims(solution):
            items.append(self.items[name])
            grades.append(grade_of(self.items[name]))
        for fact in self._facts(solution):
            if fact in self.disputes:
                items += (self.items[name] for name in self.disputes[fact])
                continue
            proof = self.proofs.get(fact)
            found = [self.items[name] for name in proof.leaves()] if proof else []
            if not found:
                continue
            items += found
            if proof and proof.rule:
                grades += ["inferred", *map(grade_of, found)]
            else:
                grades.append(firmest(map(grade_of, found)))
        if any(item.claim in self.contested for item in items):
            grades.append("disputed")
        return weakest(grades), items

    def _facts(self, solution: Terms) -> list[Fact]:
        """The evidence patterns with the solution's values; a pattern with a gap is skipped."""
        facts = []
        for pattern in self.patterns:
            terms = [self._value(part, solution) for part in pattern]
            if all(terms):
                subject, predicate, target = (str(term) for term in terms)
                facts.append((subject, predicate, target))
        return facts

    def _claims(self, solution: Terms) -> list[str]:
        terms = (self._value("?" + name, solution) for name in self.claim_variables)
        return [term.strip("<>") for term in terms if term]

    def _value(self, part: str, solution: Terms) -> str | None:
        if not part.startswith("?"):
            return part
        term = solution[self.variables.index(part[1:])]
        return None if term is None else str(term)
