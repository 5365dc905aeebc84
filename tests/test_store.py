"""The store: one engine's answers in our types, its errors in our words."""

from __future__ import annotations

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from aikg.errors import AikgError, StoreError
from aikg.names import GRAPH
from aikg.store import Solutions, Store

MAIN = b"""<x:a> <x:p> <x:b> .
<x:a> <x:p> "two"@en .
<x:b> <x:p> _:blank .
"""
LINKS = b"<x:a> <x:same> <y:a> .\n"


class Shelf:
    """Further graphs, which counts how often each is asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, name: str) -> bytes | None:
        self.asked.append(name)
        return {"links": LINKS, "empty": b""}.get(name)


def test_a_select_gives_variables_and_terms() -> None:
    found = Store(MAIN, lambda _: None).query(
        "SELECT ?o ?gap WHERE { <x:a> <x:p> ?o } ORDER BY DESC(isIRI(?o))")
    assert found == Solutions(("o", "gap"), (
        (NamedNode("x:b"), None), (Literal("two", language="en"), None)))


def test_other_query_forms() -> None:
    store = Store(MAIN, lambda _: None)
    assert store.query("ASK { <x:a> <x:p> <x:b> }") is True
    assert store.query("ASK { <x:a> <x:p> <x:c> }") is False
    assert store.query("CONSTRUCT { ?o <x:q> ?s } WHERE { ?s <x:p> ?o FILTER(isIRI(?o)) }") == (
        Triple(NamedNode("x:b"), NamedNode("x:q"), NamedNode("x:a")),)
    [[blank]] = store.select("SELECT ?o WHERE { <x:b> <x:p> ?o }").rows
    assert isinstance(blank, BlankNode)
    assert store.select("SELECT ?s WHERE { ?s <x:nothing> ?o }") == Solutions(("s",), ())


@pytest.mark.parametrize("text", [
    "SELEC ?s WHERE { ?s ?p ?o }", "SELECT ?s WHERE { ?s ?p", "", "\0", "ASK { FILTER(1 +) }",
    "SELECT ?s WHERE { ?s aikg:p ?o }", "INSERT DATA { <x:a> <x:p> <x:c> }", "DROP ALL",
])
def test_what_is_not_sparql_is_our_error(text: str) -> None:
    store = Store(MAIN, lambda _: None)
    for run in (store.query, store.select):
        with pytest.raises(StoreError, match=r"^not SPARQL: ."):
            run(text)
    assert len(store.select("SELECT * WHERE { ?s ?p ?o }").rows) == 3


def test_a_query_that_fails_while_it_runs_is_our_error() -> None:
    with pytest.raises(StoreError, match=r"^the query failed: "):
        Store(MAIN, lambda _: None).query(
            "SELECT ?s WHERE { SERVICE <http://127.0.0.1:9/none> { ?s ?p ?o } }")


@pytest.mark.parametrize("text", ["ASK { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }"])
def test_only_a_select_has_solutions(text: str) -> None:
    with pytest.raises(StoreError, match="not a SELECT"):
        Store(MAIN, lambda _: None).select(text)


def test_a_damaged_graph_is_our_error() -> None:
    with pytest.raises(StoreError, match="the built graph is damaged: "):
        Store(MAIN + b"<x:a> <x:p> ", lambda _: None)
    assert issubclass(StoreError, AikgError)


def test_a_further_graph_is_loaded_once_and_only_when_named() -> None:
    shelf = Shelf()
    store = Store(MAIN, shelf)
    query = f"SELECT ?o WHERE {{ GRAPH <{GRAPH}links> {{ <x:a> <x:same> ?o }} }}"
    assert store.select(query).rows == ()
    assert shelf.asked == []
    for _ in range(3):
        assert store.select(query, ["links"]).rows == ((NamedNode("y:a"),),)
    assert shelf.asked == ["links"]
    assert store.select(query).rows == ((NamedNode("y:a"),),)
    store.load("empty")
    store.load("missing")
    assert store.query("ASK { ?s ?p ?o }", ["empty", "missing"]) is True
    assert shelf.asked == ["links", "empty", "missing"]


def test_a_further_graph_does_not_leak_into_the_main_one() -> None:
    store = Store(MAIN, Shelf())
    store.load("links")
    assert store.query("ASK { ?s <x:same> ?o }") is False
    assert len(store.select("SELECT * WHERE { ?s ?p ?o }").rows) == 3


def test_a_damaged_further_graph_is_our_error() -> None:
    with pytest.raises(StoreError):
        Store(MAIN, lambda _: b"<x:a> <x:p> ").load("links")
