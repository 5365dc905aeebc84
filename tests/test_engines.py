"""The stored queries on servers that no one here wrote: the same answers, down to the evidence.

Beside our graphs each server holds others, which say of other things all that ours say, and deny
every claim of ours. See tests/servers.py for where the servers come from.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from aikg import push
from aikg.dataset import graphs
from aikg.disputed import with_disputed
from aikg.endpoint import Endpoint
from aikg.errors import StoreError
from aikg.graph import Graph
from aikg.names import AIKG, CLAIM, GRAPH, MAIN_GRAPH, XSD
from tests.servers import ENGINES, Server, running
from tests.test_cli import call
from tests.test_queries import GOLDEN, graph, names

FOREIGN = "https://example.org/graph"
MOST_REQUESTS = 60
"""Of one stored query: the list of all entities takes 54, the next one 9, most take four."""


@cache
def foreign() -> tuple[str, ...]:
    """Statements of others, about other things and against ours."""
    main = graphs(graph().built)[MAIN_GRAPH]
    denials = {f'{line.split()[0]} <{AIKG}denied> "true"^^<{XSD}boolean>' for line in main
               if line.startswith(f"<{CLAIM}")}
    return tuple(sorted({line.replace("/aikg/thing/", "/aikg/thing/leak-") for line in main}
                        | denials))


@pytest.fixture(scope="module", params=ENGINES)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
           ) -> Iterator[Server]:
    """A server that holds the dataset, the view of all sources, and a foreign graph."""
    with running(request.param, tmp_path_factory.mktemp(request.param)) as server:
        beside = {FOREIGN: foreign()}
        if server.name != "virtuoso":  # it has no default graph of its own: all graphs are in it
            text = " .\n".join(foreign())
            push.send([push.Step("", 0, push._update(server.update, f"INSERT DATA {{ {text} }}"))],
                      server.update)
        for steps in (push.update_steps(beside, server.update),
                      push.update_steps(graphs(graph().built), server.update),
                      push.update_steps(graphs(graph("all").built), server.update)):
            push.send(list(steps), server.update, server.credentials)
        yield server


@pytest.fixture(scope="module")
def remote(server: Server) -> Graph:
    return graph().at(server.query)


@pytest.fixture(scope="module")
def remote_of_all(server: Server) -> Graph:
    return graph("all").at(server.query)


@pytest.mark.parametrize("name", names())
def test_a_stored_query_has_the_same_answer(
    remote: Graph, remote_of_all: Graph, name: str,
) -> None:
    for case in GOLDEN:
        if case.query == name:
            there, here = remote_of_all if case.sources else remote, graph(case.sources)
            assert isinstance(there.engine, Endpoint)
            before = there.engine.requests
            assert there.run(name, **case.slots) == here.run(name, **case.slots), case.place
            assert there.engine.requests - before <= MOST_REQUESTS


@pytest.mark.parametrize("how", ["update", "store"])
def test_pushing_again_leaves_the_same(server: Server, how: str) -> None:
    ours, theirs = graphs(graph().built), {FOREIGN: foreign()}
    url = getattr(server, how)
    steps = (push.update_steps if how == "update" else push.store_steps)(ours, url)
    push.send(list(steps), url, server.credentials)
    assert all(one.sent == one.held for one in push.held({**ours, **theirs}, server.query))


def test_what_a_graph_no_longer_says_is_gone(server: Server) -> None:
    name = GRAPH + "outside/test"
    for url, steps in ((server.update, push.update_steps), (server.store, push.store_steps)):
        for lines in (foreign()[:7], foreign()[5:8], (), ()):
            push.send(list(steps({name: lines}, url)), url, server.credentials)
            assert [one.held for one in push.held({name: lines}, server.query)] == [len(lines)]


@pytest.mark.parametrize("arguments", [
    ("ask", "who supplies OpenAI's compute"),
    ("ask", "does Google need outside capital"),
    ("run", "shared-investors", "-f", "jsonl"),
    ("run", "external-links", "--entity", "OpenAI"),
    ("show", "OpenAI"),
    ("show", "StrategicInvestor", "-f", "json"),
    ("why", "Microsoft", "type", "StrategicInvestor"),
    ("sparql", "SELECT ?who WHERE { ?who a aikg:ComputeSupplier } ORDER BY ?who"),
    ("sparql", "ASK { ?claim aikg:denied true }"),
    ("sparql", "ASK { thing:leak-openai ?p ?o }"),
    ("sparql", "CONSTRUCT { ?a aikg:x ?b } WHERE { ?a aikg:develops ?b }", "-f", "jsonl"),
    ("sparql", "SELECT ?o WHERE { GRAPH graph:links { thing:openai owl:sameAs ?o } } ORDER BY ?o"),
    ("sparql", "SELECT ?o FROM graph:links { thing:openai owl:sameAs ?o } ORDER BY ?o"),
    ("sparql", "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }"),
])
def test_the_commands_print_the_same(server: Server, arguments: tuple[str, ...]) -> None:
    there, here = call(*arguments, "--endpoint", server.query), call(*arguments)
    if "CONSTRUCT" in arguments[1]:  # a graph has no order
        there, here = (one._replace(out="".join(sorted(one.out))) for one in (there, here))
    assert there == here
    assert here.code == 0


def test_describe_and_other_terms(remote: Graph) -> None:
    triples = remote.engine.query(f"DESCRIBE <{CLAIM}bitpush-024>")
    assert isinstance(triples, tuple)
    assert len(triples) >= 5
    text = 'SELECT ?a ?b ?c WHERE { VALUES (?a ?b ?c) { ("é\\n\\"" 1.50 <x:a>) } }'
    assert remote.engine.select(text) == graph().engine.select(text)


def test_errors_of_the_server_are_ours(remote: Graph) -> None:
    with pytest.raises(StoreError, match=r"HTTP 400: ."):
        remote.engine.query("SELECT ?s WHERE { ?s ?p }")


def test_a_server_without_the_graph_is_refused(server: Server) -> None:
    def replace(statements: tuple[str, ...]) -> None:
        steps = push.update_steps({MAIN_GRAPH: statements}, server.update)
        push.send(list(steps), server.update, server.credentials)

    replace(())
    with pytest.raises(StoreError, match="does not hold"):
        graph().at(server.query)
    replace(graphs(graph().built)[MAIN_GRAPH])


def test_what_is_disputed_is_read_beside_the_view(remote_of_all: Graph) -> None:
    local = graph("all")
    main = next(iter(graphs(local.built)))
    text = f"SELECT ?s ?o\nWHERE {{ ?s <{AIKG}hasEntitlement> ?o }}\nORDER BY ?s ?o"
    here = with_disputed(local.engine, main, text, ())
    assert set(here.rows) > set(local.engine.select(text).rows)
    assert with_disputed(remote_of_all.engine, main, text, ()) == here
    assert remote_of_all.engine.select(text) == local.engine.select(text)
