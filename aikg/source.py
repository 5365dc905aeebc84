"""A source: a document with its passages, and the claims that rest on each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import Literal, Triple

from aikg.build import Sources
from aikg.graph import Graph
from aikg.names import AIKG, RDFS
from aikg.passage import Passage, passages_of
from aikg.statement import Statement
from aikg.turtle import iri


@dataclass(frozen=True)
class Source:
    """One document whose text is recorded passage by passage."""

    iri: str
    label: str
    comment: str
    """What is to be known of it; empty where nothing is."""
    passages: tuple[tuple[Passage, tuple[str, ...]], ...]
    """Each passage, in the order of the text, with the IRIs of its claims."""


def sources_of(
    sources: Sources, statements: Iterable[Statement], graph: Graph,
) -> tuple[Source, ...]:
    """The documents that passages stand in, sorted by IRI."""
    resting: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in statements:
        for passage in one.evidence.passages:
            resting[one.evidence.source, passage].append(one.iri)
    names = sorted({iri(one.object) for one in sources.graph
                    if one.predicate.value == AIKG + "inSource"})
    return tuple(
        Source(name, _text(sources.graph, name, "label") or name,
               _text(sources.graph, name, "comment"),
               tuple((passage, tuple(resting[name, passage.id]))
                     for passage in passages_of(name, graph.engine)))
        for name in names)


def _text(triples: Iterable[Triple], subject: str, word: str) -> str:
    """What rdfs:`word` says of a subject."""
    return next((one.object.value for one in triples if iri(one.subject) == subject
                 and one.predicate.value == RDFS + word and isinstance(one.object, Literal)), "")
