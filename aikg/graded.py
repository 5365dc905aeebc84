"""The facts of the graph, each with its grade, and the claims and passages that it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from aikg.answer import Term
from aikg.evidence import evidence_of
from aikg.graph import Graph
from aikg.names import AIKG, RDF, compact
from aikg.why import row_of

FACTS = f"""
SELECT ?s ?p ?o WHERE {{
  ?s ?p ?o .
  FILTER(STRSTARTS(STR(?p), "{AIKG}") || ?p = <{RDF}type> && STRSTARTS(STR(?o), "{AIKG}"))
}} ORDER BY ?s ?p ?o"""


@dataclass(frozen=True)
class Graded:
    """A fact of the main graph: between two things, of a thing and a value, or of its kind."""

    subject: str
    """IRI."""
    predicate: str
    """IRI."""
    object: NamedNode | Literal
    grade: str | None
    """One of GRADES; None for what only identifies, such as that OpenAI is a company."""
    claims: tuple[str, ...]
    """IRIs."""
    passages: tuple[str, ...]
    """IRIs."""


def graded(graph: Graph) -> list[Graded]:
    """Every fact about an entity, or an individual of the ontology, in the order of its terms.

    Claims, passages and sources are not facts; what is denied, in dispute or said of some such
    thing is not here either: that is in the claims.
    """
    known = graph.lexicon.kinds
    rows = [(str(s), str(p), o) for s, p, o in graph.engine.select(FACTS).rows
            if isinstance(s, NamedNode) and compact(s.value) in known and _is_term(o)]
    proofs = graph.prover.prove((s, p, str(o)) for s, p, o in rows)
    leaves = {leaf for proof in proofs.values() for leaf in proof.leaves()}
    items = evidence_of(leaves, graph.engine)
    found = []
    for s, p, o in rows:
        row = row_of(proofs.get((s, p, str(o))), items)
        assert isinstance(o, NamedNode | Literal)
        found.append(Graded(s[1:-1], p[1:-1], o, row.grade,
                            tuple(item.claim for item in row.evidence),
                            _once(f"{item.source}/{passage}" for item in row.evidence
                                  for passage in item.passages)))
    return found


def _is_term(term: Term | None) -> bool:
    return isinstance(term, NamedNode | Literal)


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
