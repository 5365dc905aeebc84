"""Pushing to a store: what is sent, and what is said of what went wrong."""

from __future__ import annotations

import socket
from urllib.parse import parse_qs, urlsplit

import pytest
from pyoxigraph import NamedNode, Store

from aikg.errors import EndpointError
from aikg.push import BATCH, Held, Step, held, send, store_steps, update_steps
from tests.loopback import Request, reply, serving

GRAPHS = {
    "https://example.org/a": tuple(f'<x:{n}> <x:p> "{n}\\n}}\\""' for n in range(BATCH + 3)),
    "https://example.org/b&c#d": ("<x:a> <x:p> <x:b>",),
    "https://example.org/empty": (),
}
COUNTS = ('{"head":{"vars":["n"]},"results":{"bindings":[{"n":{"type":"literal","value":"%s",'
          '"datatype":"http://www.w3.org/2001/XMLSchema#integer"}}]}}')


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")


def test_updates_replace_our_graphs_and_no_other() -> None:
    store = Store()
    store.update('INSERT DATA { <x:d> <x:p> 1 GRAPH <x:other> { <x:o> <x:p> 1 } '
                 'GRAPH <https://example.org/empty> { <x:old> <x:p> 1 } }')
    for _ in range(2):
        for step in update_steps(GRAPHS, "http://h/u"):
            assert step.request.get_method() == "POST"
            assert step.request.get_header("Content-type") == "application/sparql-update"
            assert isinstance(step.request.data, bytes)
            store.update(step.request.data.decode())
        assert len(store) == sum(map(len, GRAPHS.values())) + 2
    assert [*map(len, GRAPHS.values())] == [len(list(store.quads_for_pattern(
        None, None, None, graph))) for graph in map(NamedNode, GRAPHS)]


def test_the_graph_store_protocol_puts_or_deletes_each_graph() -> None:
    steps = list(store_steps(GRAPHS, "http://h/s?x=y"))
    assert [step.request.get_method() for step in steps] == ["DELETE", "PUT", "PUT"]
    assert [parse_qs(urlsplit(step.request.full_url).query) for step in steps] == [
        {"x": ["y"], "graph": [graph]} for graph in reversed(GRAPHS)]
    assert steps[1].request.data == b"<x:a> <x:p> <x:b> .\n"


@pytest.mark.parametrize(("status", "sent", "message"), [
    ("200 OK", 3, None),
    ("404 No", 1, r"could not put 1 into <https://example.org/b&c#d>: http.*HTTP 404"),
    ("507 Full", 0, "HTTP 507: full"),
])
def test_sending_stops_at_the_first_failure(status: str, sent: int, message: str | None) -> None:
    done: list[Step] = []
    with serving(reply("full", "text/plain", status)) as server:
        steps = list(store_steps(GRAPHS, server.url))
        if message is None:
            send(steps, server.url, done=done.append)
        else:
            with pytest.raises(EndpointError, match=message):
                send(steps, server.url, done=done.append)
    assert len(done) == sent


def test_a_graph_that_was_not_there_need_not_be_deleted() -> None:
    def answer(request: Request, _: socket.socket) -> bytes:
        return reply("", status="404 No" if request.method == "DELETE" else "201 Created")

    with serving(answer) as server:
        send(list(store_steps(GRAPHS, server.url)), server.url)


def test_what_is_held_is_counted_graph_by_graph() -> None:
    def answer(request: Request, _: socket.socket) -> bytes:
        return reply(COUNTS % len(request.fields["default-graph-uri"][0]))

    with serving(answer) as server:
        assert held(GRAPHS, server.url) == [
            Held(graph, len(lines), len(graph)) for graph, lines in GRAPHS.items()]


@pytest.mark.parametrize("body", [COUNTS % "-1", COUNTS % "many",
                                  '{"head":{"vars":["n"]},"results":{"bindings":[]}}'])
def test_a_server_that_does_not_count(body: str) -> None:
    with serving(reply(body)) as server, pytest.raises(EndpointError, match="does not count"):
        held(GRAPHS, server.url)
