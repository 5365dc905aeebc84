"""A statement: a claim as the reference shows it, with all that it says beside its fact."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from aikg.answer import Evidence
from aikg.build import Sources
from aikg.evidence import evidence_of
from aikg.graph import Graph
from aikg.names import AIKG, CLAIM
from aikg.turtle import iri

FACT = ("subject", "predicate", "object", "value")
DETAILS = ("attributedTo", "condition", "comparedWith", "dimension", "bound", "amount", "unit",
           "validFrom", "validUntil", "precision", "reading")
"""What a claim may say beside its fact, in the order in which a reader meets it."""


@dataclass(frozen=True)
class Statement:
    """One claim."""

    evidence: Evidence
    terms: Mapping[str, tuple[NamedNode | Literal, ...]]
    """What it says by each of FACT and DETAILS that it has."""

    @property
    def iri(self) -> str:
        """IRI of the claim."""
        return self.evidence.claim

    @property
    def label(self) -> str:
        """Its id."""
        return self.iri.removeprefix(CLAIM)


def read_statements(sources: Sources, graph: Graph) -> tuple[Statement, ...]:
    """All claims, sorted by IRI; `graph` is the graph built of the sources."""
    items = evidence_of((claim.iri for claim in sources.claims), graph.engine)
    terms: dict[str, dict[str, list[NamedNode | Literal]]] = defaultdict(lambda: defaultdict(list))
    for one in sources.graph:
        name = one.predicate.value.removeprefix(AIKG)
        if name in (*FACT, *DETAILS) and isinstance(one.object, NamedNode | Literal):
            terms[iri(one.subject)][name].append(one.object)
    return tuple(
        Statement(items[claim.iri], {name: tuple(sorted(values, key=str))
                                     for name, values in terms[claim.iri].items()})
        for claim in sources.claims)
