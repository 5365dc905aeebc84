"""The built graphs, each under its name, as a SPARQL store loads them: N-Quads and TriG."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse, serialize

from aikg.built import Built
from aikg.names import GRAPH, PREFIXES

FILES = {"main": "graph.nt", "links": "links.nt", "disputed": "disputed.nt",
         "ontology": "ontology.nt"}
"""The file of each built graph, by the name of the graph."""


def triples(built: Built, name: str) -> Iterator[Triple]:
    """The triples of the graph of a name, in the order of its file."""
    return (quad.triple for quad in parse(built.read(FILES[name]) or b"", RdfFormat.N_TRIPLES))


def quads(built: Built) -> Iterator[Quad]:
    """Each triple of each graph; main holds all that follows, but not the ontology's axioms."""
    for name in FILES:
        graph = NamedNode(GRAPH + name)
        for triple in triples(built, name):
            yield Quad(triple.subject, triple.predicate, triple.object, graph)


def nquads(built: Built) -> bytes:
    """The built graphs as N-Quads. Source: RDF 1.1 N-Quads."""
    return _serialized(built, RdfFormat.N_QUADS)


def trig(built: Built) -> bytes:
    """The built graphs as TriG. Source: RDF 1.1 TriG."""
    return _serialized(built, RdfFormat.TRIG, dict(PREFIXES))


def _serialized(
    built: Built, format: RdfFormat, prefixes: dict[str, str] | None = None,  # noqa: A002
) -> bytes:
    content = serialize(quads(built), format=format, prefixes=prefixes)
    assert content is not None, "there is no file to write to"
    return content
