"""The disagreements of a view as an answer: each pair of claims, with the evidence of both."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode

from aikg.answer import Answer, Row
from aikg.build import primitive_types, read_sources
from aikg.dispute import contradictions, differences
from aikg.evidence import evidence_of, grade_of, weakest
from aikg.graph import Graph
from aikg.selection import Selection


def disagreements(graph: Graph, softer: bool = True) -> Answer:
    """What contradicts in the view of a graph, then, if `softer`, what differs less.

    The columns are `strength` (contradiction or softer), `kind`, `one` and `other` (claims), `says`
    and `against` (their sentences). A contradiction is graded `disputed`, else the weaker claim
    gives the grade.
    """
    sources = read_sources(None, graph.built.selection or Selection(), queries=False)
    hard = contradictions(sources.claims, sources.ontology.vocabulary,
                          primitive_types(sources.graph))
    known = {(one.one.iri, one.other.iri) for one in hard}
    soft = [one for one in differences(sources.claims)
            if (one.one.iri, one.other.iri) not in known] if softer else []
    found = [*hard, *sorted(soft, key=lambda one: (one.kind, one.one.iri, one.other.iri))]
    items = evidence_of((claim.iri for one in found for claim in (one.one, one.other)),
                        graph.engine)
    rows = []
    for one in found:
        pair = (items[one.one.iri], items[one.other.iri])
        strength, grade = ("softer", weakest(map(grade_of, pair))) if one.softer else (
            "contradiction", "disputed")
        names = [NamedNode(item.claim) for item in pair]
        says = [Literal(item.comment) for item in pair]
        rows.append(Row((Literal(strength), Literal(one.kind), *names, *says), grade, pair))
    return Answer(("strength", "kind", "one", "other", "says", "against"), tuple(rows))
