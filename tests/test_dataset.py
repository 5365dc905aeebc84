"""The dataset: all graphs, sorted, without blank nodes, the same each time."""

from __future__ import annotations

import pytest
from pyoxigraph import BlankNode, NamedNode, RdfFormat, parse

from aikg.built import Built
from aikg.dataset import graphs, nquads
from aikg.errors import StoreError
from aikg.graph import Graph
from aikg.names import GRAPH, MAIN_GRAPH, SKOLEM


def test_each_graph_is_named_and_main_comes_first(graph: Graph) -> None:
    found = graphs(graph.built)
    assert list(found) == [
        MAIN_GRAPH, *(GRAPH + name for name in ("disputed", "links", "ontology"))]
    assert found[MAIN_GRAPH] == tuple(sorted(found[MAIN_GRAPH]))


def test_the_lines_say_what_the_built_files_say(graph: Graph) -> None:
    lines = list(nquads(graph.built))
    quads = list(parse("".join(lines), RdfFormat.N_QUADS))
    assert len(quads) == len(lines) == len(set(lines))
    assert not any(isinstance(term, BlankNode) for quad in quads for term in quad)
    for name, iri in (("graph", MAIN_GRAPH), ("links", GRAPH + "links"),
                      ("ontology", GRAPH + "ontology")):
        there = {tuple(map(unnamed, quad.triple)) for quad in quads
                 if quad.graph_name == NamedNode(iri)}
        here = {tuple(quad.triple) for quad in parse(graph.built.read(name + ".nt") or b"",
                                                     RdfFormat.N_TRIPLES)}
        assert there == here


def unnamed(term: object) -> object:
    """The term with what stands for a blank node turned back."""
    if isinstance(term, NamedNode) and term.value.startswith(SKOLEM):
        return BlankNode(term.value.removeprefix(SKOLEM))
    return term


@pytest.mark.parametrize(("content", "message"), [
    (None, "lacks links.nt"), (b"<x:a> <x:b> .\n", "is damaged: links.nt: ")])
def test_a_damaged_graph_is_our_error(
    graph: Graph, content: bytes | None, message: str, monkeypatch: pytest.MonkeyPatch,
) -> None:
    read = graph.built.read
    damaged = Built(graph.built.folder, graph.built.content)
    monkeypatch.setattr(damaged, "read", lambda name: content if name == "links.nt" else read(name))
    with pytest.raises(StoreError, match=message):
        graphs(damaged)
