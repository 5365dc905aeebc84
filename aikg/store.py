"""The embedded SPARQL engine, Oxigraph: the built graph in memory, or a store on disk."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import NamedTuple, Protocol, TypeVar

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    NamedNode,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Triple,
)
from pyoxigraph import Store as Oxigraph

from aikg.answer import Term
from aikg.errors import StoreError
from aikg.names import GRAPH, MAIN_GRAPH

LISTED = 1_000
Item = TypeVar("Item")


class Solutions(NamedTuple):
    """What a SELECT gives: the projected variables, and a tuple of terms for each solution."""

    variables: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]


Result = Solutions | bool | tuple[Triple, ...]


def batches(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """The items in parts that a query may list: Virtuoso takes 2,000 in VALUES, but not 5,000."""
    return (items[start:start + LISTED] for start in range(0, len(items), LISTED))


class Engine(Protocol):
    """Whatever answers SPARQL over the built graph: this store, or a remote endpoint."""

    def query(self, text: str, graphs: Sequence[str] = ()) -> Result:
        """The result of any query form. `graphs` names the further graphs that it reads.

        Raises StoreError with the engine's message.
        """
        ...

    def select(self, text: str, graphs: Sequence[str] = ()) -> Solutions:
        """The solutions of a SELECT. Raises StoreError."""
        ...


class Store:
    """The built graph in memory: main as the default graph, the others loaded when first named."""

    def __init__(self, main: bytes, named: Callable[[str], bytes | None]) -> None:
        """`main` is the main graph as N-Triples; `named` gives a further graph by its name."""
        self._store = Oxigraph()
        self._named = named
        self._loaded: set[str] = set()
        self._bulk_load(main)

    def load(self, name: str) -> None:
        """Load a further graph under its IRI, once."""
        if name in self._loaded:
            return
        self._loaded.add(name)
        content = self._named(name)
        if content:
            self._bulk_load(content, NamedNode(GRAPH + name))

    def _bulk_load(self, content: bytes, graph: NamedNode | None = None) -> None:
        try:
            self._store.bulk_load(content, RdfFormat.N_TRIPLES, to_graph=graph)
        except SyntaxError as error:
            raise StoreError(f"the built graph is damaged: {error.msg}") from error

    def query(self, text: str, graphs: Sequence[str] = (), beside: str = "") -> Result:
        """The result of any query form; see Engine. `beside` names a graph to read with main."""
        for name in (*graphs, beside) if beside else graphs:
            self.load(name)
        default: list[NamedNode | BlankNode | DefaultGraph] | None = [
            DefaultGraph(), NamedNode(GRAPH + beside)] if beside else None
        with _engine_errors():
            return _read(self._store.query(text, default_graph=default), None)

    def bounded(
        self, text: str, most: int, default: Sequence[str] | None = None,
        named: Sequence[str] | None = None,
    ) -> Result:
        """The result of any query form, of at most `most` solutions or triples.

        `default` and `named` are IRIs of loaded graphs, and take the place of the data set that the
        text asks for (SPARQL 1.1 Protocol, section 2.1.4); where both are None it stays. Raises
        StoreError.
        """
        chosen = default is not None or named is not None
        with _engine_errors():
            return _read(self._store.query(
                text,
                default_graph=[self._graph(iri) for iri in default or ()] if chosen else None,
                named_graphs=[NamedNode(iri) for iri in named or ()] if chosen else None), most)

    def _graph(self, iri: str) -> NamedNode | BlankNode | DefaultGraph:
        """The graph of an IRI."""
        return NamedNode(iri)

    def select(self, text: str, graphs: Sequence[str] = (), beside: str = "") -> Solutions:
        """The solutions of a SELECT; see Engine. `beside` names a graph to read with the main."""
        result = self.query(text, graphs, beside)
        if not isinstance(result, Solutions):
            raise StoreError("not a SELECT")
        return result


def _read(result: QuerySolutions | QueryBoolean | QueryTriples, most: int | None) -> Result:
    """All that the engine gives, or the first of it."""
    if isinstance(result, QuerySolutions):
        names = tuple(variable.value for variable in result.variables)
        return Solutions(names, tuple(tuple(solution) for solution in islice(result, most)))
    if isinstance(result, QueryBoolean):
        return bool(result)
    return tuple(islice(result, most))


@contextmanager
def _engine_errors() -> Iterator[None]:
    """What the engine raises as StoreError."""
    try:
        yield
    except SyntaxError as error:
        raise StoreError(f"not SPARQL: {error.msg}") from error
    except (OSError, RuntimeError, ValueError) as error:
        raise StoreError(f"the query failed: {error}") from error
    except BaseException as error:
        # A panic of the engine, such as over ORDER BY of numbers among texts, is no Exception.
        if type(error).__name__ == "PanicException":
            raise StoreError(f"the engine gave up on the query: {error}") from error
        raise
class DiskStore(Store):
    """A store on disk, opened to be read only: it holds all its graphs."""

    def __init__(self, folder: str) -> None:
        """Open the store in a folder. Raises StoreError where there is none or it is damaged."""
        try:
            self.oxigraph = self._store = Oxigraph.read_only(folder)
        except (OSError, RuntimeError) as error:
            raise StoreError(f"the store cannot be opened: {error}") from error

    def load(self, name: str) -> None:
        """Nothing: all graphs are there."""

    def _graph(self, iri: str) -> NamedNode | BlankNode | DefaultGraph:
        """The graph of an IRI; main is the default graph, and has no copy under its name."""
        return DefaultGraph() if iri == MAIN_GRAPH else NamedNode(iri)
