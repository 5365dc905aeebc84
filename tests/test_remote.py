"""The commands about stores elsewhere, and `--endpoint`, on a small server of ours."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    NamedNode,
    QueryResultsFormat,
    QueryTriples,
    RdfFormat,
    Store,
    serialize,
)

from aikg.dataset import nquads
from aikg.graph import Graph, open_graph
from aikg.names import GRAPH, MAIN_GRAPH
from tests.loopback import Request, Server, reply, serving
from tests.test_cli import call

RUN = ("run", "compute-suppliers", "--customer", "OpenAI")


class SmallStore:
    """Oxigraph behind the SPARQL Protocol, as far as these tests go."""

    def __init__(self) -> None:
        self.store = Store()
        self.lock = threading.Lock()
        self.loses = False
        """Whether it drops what it is sent."""

    def __call__(self, request: Request, _: socket.socket) -> bytes:
        with self.lock:
            kind = request.headers.get("content-type", "")
            if kind == "application/sparql-update":
                if not self.loses:
                    self.store.update(request.body.decode())
                return reply("", status="204 No Content")
            if request.method == "PUT":
                [graph] = parse_qs(urlsplit(request.target).query)["graph"]
                self.store.load(request.body, RdfFormat.N_TRIPLES, to_graph=NamedNode(graph))
                return reply("", status="201 Created")
            if request.method == "DELETE":
                return reply("", status="404 Not Found")
            return self._ask(request)

    def _ask(self, request: Request) -> bytes:
        graphs: list[NamedNode | BlankNode | DefaultGraph] = [
            NamedNode(iri) for iri in request.fields.get("default-graph-uri", [])]
        named: list[NamedNode | BlankNode] = [
            NamedNode(iri) for iri in request.fields.get("named-graph-uri", [])]
        found = self.store.query(request.fields["query"][0], default_graph=graphs,
                                 named_graphs=named)
        if isinstance(found, QueryTriples):
            body = serialize(found, format=RdfFormat.N_TRIPLES) or b""
            return reply(body, "application/n-triples")
        return reply(found.serialize(format=QueryResultsFormat.JSON) or b"")


@pytest.fixture(scope="module")
def held(graph: Graph) -> Iterator[Server]:
    """A server that holds the dataset."""
    small = SmallStore()
    small.store.bulk_load("".join(nquads(graph.built)), RdfFormat.N_QUADS)
    with serving(small) as server:
        yield server


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("AIKG_ENDPOINT", "AIKG_ENDPOINT_USER", "AIKG_ENDPOINT_PASSWORD"):
        monkeypatch.delenv(name, raising=False)


# --- --endpoint ------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [
    ("ask", "who supplies OpenAI's compute"),
    ("run", "entities", "--type", "investor"),
    ("show", "OpenAI"),
    ("why", "Microsoft", "type", "StrategicInvestor"),
    ("sparql", "SELECT ?who WHERE { ?who a aikg:ComputeSupplier } ORDER BY ?who"),
    ("sparql", "DESCRIBE claim:bitpush-024"),
    ("sparql", "ASK { GRAPH graph:links { ?s ?p ?o } }"),
    ("run", "compute-suppliers", "--customer", "DeepSeek"),
    ("ask", "who supplies SoftBank's compute"),
])
def test_a_command_prints_the_same(held: Server, arguments: tuple[str, ...]) -> None:
    assert call(*arguments, "--endpoint", held.url) == call(*arguments)


def test_the_endpoint_stands_anywhere_or_in_the_environment(
    held: Server, monkeypatch: pytest.MonkeyPatch,
) -> None:
    expected = call(*RUN)
    for arguments in (("run", "--endpoint", held.url, *RUN[1:]), (*RUN, "--endpoint", held.url)):
        seen = len(held.requests)
        assert call(*arguments) == expected
        assert len(held.requests) > seen
    seen = len(held.requests)
    monkeypatch.setenv("AIKG_ENDPOINT", held.url)
    assert call(*RUN) == expected
    assert len(held.requests) > seen
    seen = len(held.requests)
    assert call("queries").code == 0
    assert len(held.requests) == seen  # it asks nothing


def test_the_library_takes_an_endpoint(held: Server, graph: Graph) -> None:
    there = open_graph(held.url)
    assert there.run("shared-investors") == graph.run("shared-investors")


@pytest.mark.parametrize(("arguments", "code", "message"), [
    ((*RUN, "--endpoint", ""), 2, "--endpoint takes a URL"),
    ((*RUN, "--endpoint", "http://me:secret@127.0.0.1/"), 2, "no user or password in a URL"),
    ((*RUN, "--endpoint", "file:///etc/passwd"), 2, "an endpoint is a URL"),
    (("queries", "--endpoint", "http://127.0.0.1:1/"), 2, "No such option"),
    ((*RUN, "--endpoint", "http://127.0.0.1:1/"), 1, "refuses connections"),
    (("sparql", "ASK {}", "--online", "--endpoint", "http://127.0.0.1:1/"), 2, "--online is for"),
])
def test_misuse(arguments: tuple[str, ...], code: int, message: str) -> None:
    found = call(*arguments)
    assert (found.code, found.out) == (code, "")
    assert message in found.err
    assert found.err.count("\n") == 1
    assert "secret" not in found.err


@pytest.mark.parametrize("text", ["DROP ALL", "INSERT DATA { <x:a> <x:b> <x:c> }"])
def test_an_update_is_refused_before_it_is_sent(held: Server, text: str) -> None:
    found = call("sparql", text, "--endpoint", held.url)
    assert (found.code, found.out) == (2, "")
    assert "updates are refused" in found.err
    assert not any(text in str(request.fields) for request in held.requests)


def test_an_endpoint_without_the_graph_does_not_deny(graph: Graph) -> None:
    with serving(SmallStore()) as server:
        found = call(*RUN, "--endpoint", server.url)
    assert (found.code, found.out) == (1, "")
    assert "does not hold" in found.err


def test_a_graph_that_lacks_the_evidence_is_an_error(graph: Graph) -> None:
    class Partial(SmallStore):
        def _ask(self, request: Request) -> bytes:
            text = request.fields["query"][0]
            if "startOffset" in text:
                request.fields["query"] = [text.replace("WHERE {", "WHERE { FILTER(false)", 1)]
            return super()._ask(request)

    small = Partial()
    small.store.bulk_load("".join(nquads(graph.built)), RdfFormat.N_QUADS)
    with serving(small) as server:
        found = call("run", "strategic-investors", "--endpoint", server.url, "-f", "jsonl")
    assert (found.code, found.out) == (1, "")
    assert "is the graph all there?" in found.err


def test_the_timeout_of_sparql_is_the_request_s() -> None:
    def wait(_: Request, __: socket.socket) -> None:
        server.closing.wait(5)

    with serving(wait) as server:
        found = call("sparql", "ASK {}", "--timeout", "0.1", "--endpoint", server.url)
    assert (found.code, found.out) == (1, "")
    assert "no answer within 0.1 s" in found.err


# --- export and push -------------------------------------------------------------------------


def test_the_dataset_is_exported(graph: Graph, tmp_path: Path) -> None:
    file = tmp_path / "aikg.nq"
    assert call("export", "--dataset", "-o", str(file)) == (0, "", "")
    assert file.read_text("utf-8") == "".join(nquads(graph.built))
    assert call("export", "--dataset").out == file.read_text("utf-8")
    assert call("export").code == 2


@pytest.mark.parametrize("options", [(), ("--update", "{}"), ("--store-protocol", "{}")])
def test_push(graph: Graph, options: tuple[str, ...]) -> None:
    small = SmallStore()
    small.store.update("INSERT DATA { GRAPH <x:other> { <x:a> <x:b> <x:c> } }")
    with serving(small) as server:
        found = call("push", server.url, *(one.format(server.url) for one in options),
                     "-f", "json")
        assert (found.code, found.err) == (0, "")
        assert call(*RUN, "--endpoint", server.url) == call(*RUN)
    rows = json.loads(found.out)["results"]["bindings"]
    assert rows[0]["graph"]["value"] == MAIN_GRAPH
    assert all(row["sent"]["value"] == row["held"]["value"] for row in rows)
    assert len(small.store) == sum(int(row["sent"]["value"]) for row in rows) + 1


def test_a_store_that_does_not_hold_what_was_sent() -> None:
    small = SmallStore()
    small.loses = True
    with serving(small) as server:
        found = call("push", server.url, "-f", "tsv")
    assert found.code == 1
    assert f"does not hold what was sent of {MAIN_GRAPH}" in found.err
    assert f"{GRAPH}disputed" not in found.err  # of which nothing was sent
    assert found.out.splitlines()[0] == "graph\tsent\theld"


@pytest.mark.parametrize("options", [(), ("--store-protocol", "http://127.0.0.1:1/store")])
def test_a_dry_run_sends_nothing(options: tuple[str, ...]) -> None:
    found = call("push", "http://127.0.0.1:1/sparql", *options, "--dry-run", "-f", "tsv")
    assert found.code == 0
    assert found.out.splitlines()[0] == "method\turl\tstatements\twhat"
    assert ("PUT" in found.out) == bool(options)


@pytest.mark.parametrize(("arguments", "code", "message"), [
    (("nowhere",), 2, "an endpoint is a URL"),
    (("http://me:secret@127.0.0.1/",), 2, "no user or password"),
    (("http://127.0.0.1:1/", "--timeout", "0"), 2, "--timeout takes"),
    (("http://h/", "--update", "http://h/", "--store-protocol", "http://h/"), 2, "one of"),
    (("http://127.0.0.1:1/",), 1, "refuses connections"),
])
def test_misuse_of_push(arguments: tuple[str, ...], code: int, message: str) -> None:
    found = call("push", *arguments)
    assert (found.code, found.out) == (code, "")
    assert message in found.err
    assert found.err.count("\n") == 1
