"""The dataset: all graphs that a store must hold for the stored queries, as N-Quads.

Every graph is named; the default graph is left to whoever else uses the store. There are no blank
nodes: those of the ontology's class expressions get IRIs (RDF 1.1 Concepts, section 3.5), so that
loading twice adds nothing, and a store may be compared with what was sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, parse

from aikg.built import Built
from aikg.catalog import OUTSIDE
from aikg.errors import StoreError
from aikg.graph import VIEW
from aikg.names import GRAPH, MAIN_GRAPH, SKOLEM, graph_beside


def graphs(built: Built) -> dict[str, tuple[str, ...]]:
    """The triples of each graph, by its IRI, as sorted statements of N-Triples without the end.

    The main graph comes first, the others by name; one may be empty. Of a view there are the main
    graph, under the name of the view, and what is in dispute there. Raises StoreError where the
    built graph is damaged.
    """
    if built.view:
        main = GRAPH + VIEW + built.view
        return {main: _statements(built, "graph"),
                graph_beside(main, "disputed"): _statements(built, "disputed")}
    names = [name.removesuffix(".nt") for name in built.catalog.content["files"]
             if name.endswith(".nt")]
    return {_iri(name): _statements(built, name)
            for name in sorted(names, key=lambda name: (name != "graph", name))}


def nquads(built: Built) -> Iterator[str]:
    """The lines of the whole dataset in N-Quads, each with its end. Raises as graphs does."""
    for graph, statements in graphs(built).items():
        yield from (f"{statement} <{graph}> .\n" for statement in statements)


def _iri(name: str) -> str:
    if name.startswith(OUTSIDE + "-"):  # a snapshot, whose graph is outside/DATE
        name = name.replace("-", "/", 1)
    return MAIN_GRAPH if name == "graph" else GRAPH + name


def _statements(built: Built, name: str) -> tuple[str, ...]:
    content = built.read(f"{name}.nt")
    if content is None:
        raise StoreError(f"the built graph lacks {name}.nt: run `aikg build`")
    try:
        return tuple(sorted({str(Triple(_named(quad.subject), quad.predicate, _named(quad.object)))
                             for quad in parse(content, RdfFormat.N_TRIPLES)}))
    except SyntaxError as error:
        raise StoreError(f"the built graph is damaged: {name}.nt: {error.msg}") from error


def _named(term: Any) -> Any:
    """The term itself, or the IRI that stands for a blank node."""
    return NamedNode(SKOLEM + term.value) if isinstance(term, BlankNode) else term
