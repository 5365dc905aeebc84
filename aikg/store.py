"""The embedded SPARQL engine, Oxigraph: the built graph in memory, or a store on disk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from pyoxigraph import (
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
from aikg.names import GRAPH


class Solutions(NamedTuple):
    """What a SELECT gives: the projected variables, and a tuple of terms for each solution."""

    variables: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]


Result = Solutions | bool | tuple[Triple, ...]


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

    def query(self, text: str, graphs: Sequence[str] = ()) -> Result:
        """The result of any query form; see Engine."""
        for name in graphs:
            self.load(name)
        try:
            result = self._store.query(text)
            if isinstance(result, QuerySolutions):
                names = tuple(variable.value for variable in result.variables)
                return Solutions(names, tuple(tuple(solution) for solution in result))
            if isinstance(result, QueryBoolean):
                return bool(result)
            assert isinstance(result, QueryTriples)
            return tuple(result)
        except SyntaxError as error:
            raise StoreError(f"not SPARQL: {error.msg}") from error
        except (OSError, RuntimeError, ValueError) as error:
            raise StoreError(f"the query failed: {error}") from error
        except BaseException as error:
            # A panic of the engine, such as over ORDER BY of numbers among texts, is no Exception.
            if type(error).__name__ == "PanicException":
                raise StoreError(f"the engine gave up on the query: {error}") from error
            raise

    def select(self, text: str, graphs: Sequence[str] = ()) -> Solutions:
        """The solutions of a SELECT; see Engine."""
        result = self.query(text, graphs)
        if not isinstance(result, Solutions):
            raise StoreError("not a SELECT")
        return result


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
