"""What is disputed, read beside the main graph."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode

from aikg.disputed import with_disputed
from aikg.names import GRAPH, MAIN_GRAPH
from aikg.store import Result, Solutions, Store

MAIN, DISPUTED = b"<x:a> <x:p> <x:b> .", b"<x:c> <x:p> <x:d> ."
TEXT = "SELECT ?s\nWHERE {\n  ?s <x:p> ?o .\n}\nORDER BY ?s"


class Elsewhere:
    """An engine that keeps what it is asked."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def query(self, text: str, graphs: object = ()) -> Result:
        raise NotImplementedError

    def select(self, text: str, graphs: object = ()) -> Solutions:
        self.texts.append(text)
        return Solutions(("s",), ())


def test_here_it_is_a_graph_of_the_store() -> None:
    store = Store(MAIN, lambda name: DISPUTED if name == "disputed" else None)
    assert with_disputed(store, MAIN_GRAPH, TEXT, ()).rows == (
        (NamedNode("x:a"),), (NamedNode("x:c"),))
    assert store.select(TEXT).rows == ((NamedNode("x:a"),),)


@pytest.mark.parametrize(("main", "beside"), [
    (MAIN_GRAPH, GRAPH + "disputed"), (GRAPH + "view/x", GRAPH + "view/x/disputed")])
def test_an_endpoint_is_told_the_data_set(main: str, beside: str) -> None:
    engine = Elsewhere()
    with_disputed(engine, main, TEXT, ("links",))
    assert "".join(engine.texts) == (
        f"SELECT ?s\nFROM <{main}> FROM <{beside}> FROM NAMED <{GRAPH}links> WHERE {{\n"
        "  ?s <x:p> ?o .\n}\nORDER BY ?s")
