"""A server over a store on disk answers as the commands do, and hostile clients reach nothing."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest

from aikg.guard import guard_available
from aikg.names import GRAPH, MAIN_GRAPH
from aikg.web.server import FIRST
from tests.serving import LACKING, REASON, Server, serving
from tests.test_cli import call
from tests.test_loader import SMALL

pytestmark = [
    pytest.mark.skipif(bool(LACKING), reason=REASON),
    pytest.mark.skipif(not guard_available(files=True), reason="limits need Linux"),
]
JSON, CSV = "application/sparql-results+json", "text/csv"
WHO = "SELECT ?who { ?who a aikg:Investor }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served")
    (folder / "small.ttl").write_text(SMALL, "utf-8")
    done = call("load", str(folder / "small.ttl"), "--store", str(folder / "store"))
    assert done.code == 0, done.err
    return folder / "store"


@pytest.fixture(scope="module")
def server(store: Path) -> Iterator[Server]:
    with serving("--store", str(store), "--limit", "1", "--rows", "50") as running:
        yield running


@pytest.mark.parametrize(("path", "accept", "holds"), [
    ("/", "text/html", "aikg"), ("/about", "text/html", "aikg"),
    ("/thing/lab", "text/html", "Zyphra Lab"),
    ("/thing/fund.ttl", None, "Bigfund"), ("/claim/c0", "text/html", "Claim 0."),
    ("/source/s/p1", "text/html", "p1"), ("/query", "text/html", "investors"),
    ("/query/investors.json?company=Zyphra+Lab", None, "thing/fund"),
    ("/query/investors?company=Zyphra+Lab", "text/html", "Bigfund"),
    ("/ask.json?q=who+funds+Zyphra+Lab", None, "Bigfund"),
    ("/search.json?q=zyphra+lab", None, "thing/lab"),
    ("/search.json?q=data+center", None, "DataCenter"),
    ("/reconcile/suggest/entity?prefix=Zyphra+Lab", None, "lab"),
    ("/openapi.json", None, "investors"),
    ("/.well-known/void", None, "sparqlEndpoint"), ("/sparql", "text/turtle", "defaultGraph"),
])
def test_pages_and_answers(path: str, accept: str | None, holds: str, server: Server) -> None:
    got = server.ask(path, accept)
    assert got.status == 200, got.text
    assert holds in got.text


def test_the_graphs_are_counted_and_not_sent_whole(server: Server) -> None:
    got = server.ask("/graph/main")
    assert (got.status, "not sent whole" in got.text) == (404, True)
    [row] = rows(server, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert "dataDump" not in server.ask("/.well-known/void").text
    described = server.ask("/.well-known/void", "application/n-triples").text
    assert f'<{MAIN_GRAPH}> <http://rdfs.org/ns/void#triples> "{row["n"]["value"]}"' in described


def rows(server: Server, text: str, graph: str = "") -> list[dict[str, dict[str, str]]]:
    path = "/sparql" + f"?default-graph-uri={graph}&{urlencode({'query': text})}" * bool(graph)
    got = server.ask(path, JSON) if graph else server.ask(path, JSON, query=text)
    assert got.status == 200, got.text
    found: list[dict[str, dict[str, str]]] = json.loads(got.body)["results"]["bindings"]
    return found


@pytest.mark.parametrize("text", [WHO, f"SELECT ?who {{ GRAPH <{GRAPH}links> {{ ?s ?p ?o }} }}"])
def test_ad_hoc_sparql(text: str, server: Server) -> None:
    assert len(rows(server, text)) == (text == WHO)


def test_main_is_the_default_graph(server: Server) -> None:
    assert rows(server, WHO) == rows(server, WHO, MAIN_GRAPH)
    for text in (f"SELECT * FROM <{MAIN_GRAPH}> {{ ?s ?p ?o }}",
                 "SELECT * { GRAPH graph:main {} }"):
        got = server.sparql(text, CSV)
        assert (got.status, "default graph of this store" in got.text) == (400, True), got.text
    assert len(rows(server, 'SELECT ("graph:mainly" AS ?x) {}')) == 1


def test_nothing_is_reached(server: Server, listener: socket.socket) -> None:
    """The fixture proves that nothing arrived."""
    port = listener.getsockname()[1]
    place = f"http://127.0.0.1:{port}/sparql"
    for text in (f"SELECT * {{ SERVICE <{place}> {{ ?s ?p ?o }} }}",
                 f"SELECT * {{ SERVICE \\u003C{place}> {{ ?s ?p ?o }} }}",
                 f"SELECT * {{ BIND(<{place}> AS ?x) SERVICE ?x {{ ?s ?p ?o }} }}",
                 f"SELECT * FROM <{place}> {{ ?s ?p ?o }}", f"LOAD <{place}>",
                 "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }"):
        got = server.sparql(text, CSV)
        assert got.status == (403 if text[:4] == "LOAD" else 400), (text, got.text)
        assert "root:" not in got.text
    assert rows(server, WHO)


@pytest.mark.parametrize(("text", "status"), [
    (ENDLESS, 504), (f"SELECT * {'{' * 50_000}", 400), ("INSERT DATA { <x:a> <x:b> <x:c> }", 403),
    ("SELECT (REPLACE('a', 'a', 'b') AS ?x) {", 400), ("CLEAR ALL", 403),
])
def test_what_is_hostile_ends_and_harms_nobody(text: str, status: int, server: Server) -> None:
    begin = time.monotonic()
    got = server.ask("/sparql", CSV, "POST", text, {"Content-Type": "application/sparql-query"})
    assert got.status == status, got.text
    assert time.monotonic() - begin < 8
    assert rows(server, WHO)


def test_what_is_too_long_is_cut_and_says_so(server: Server) -> None:
    got = server.sparql("SELECT ?s { ?s ?p ?o }", CSV)
    assert (got.status, got.headers["x-sparql-maxrows"]) == (200, "50")


def test_a_stored_query_wants_a_value(server: Server) -> None:
    """Without one it might give all that millions of triples hold, each row with a proof."""
    for path in ("/query/entities.json", "/ask.json?q=list+the+investors"):
        got = server.ask(path)
        assert (got.status, "too many rows" in got.text) == (422, True), got.text
    page = server.ask("/query/entities", "text/html")
    assert (page.status, "<form" in page.text) == (200, True)
    assert server.ask("/query/open-questions.csv").status == 200, "it has no slots"


def test_many_at_once(server: Server) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda number: server.sparql(WHO, CSV).status, range(24)))
    assert found == [200] * 24


def test_a_load_does_not_disturb_who_is_served(store: Path, server: Server) -> None:
    before = rows(server, WHO)
    other = store.with_name("other.nt")
    other.write_text("<x:a> <x:b> <x:c> .\n", "utf-8")
    assert call("load", str(other), "--store", str(store)).code == 0
    assert rows(server, WHO) == before
    assert server.ask("/query/investors.csv?company=zyphra").text.count("Bigfund") == 1


def test_what_a_child_does_first_does_not_grow_with_the_graph() -> None:
    assert FIRST.rstrip().endswith("LIMIT 1")
    for word in ("ORDER", "DISTINCT", "GROUP", "COUNT"):  # these read all matches first
        assert word not in FIRST
