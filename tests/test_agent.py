"""The server of tools for agents, asked by the library's own client, in process and over stdio."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from aikg.graph import Graph, open_graph

pytest.importorskip("mcp", reason="mcp, of the extra `mcp`, is not installed")

from mcp import Client, StdioServerParameters, stdio_client

from aikg.agent import ROWS, _cut, server
from aikg.guard import guard_available

ROOT = Path(__file__).resolve().parent.parent
EVIDENCE = {"claim", "comment", "source", "passages", "modality", "denied", "saidOf",
            "attributedTo"}


def call(graph: Graph, tool: str, sparql: bool = False, **arguments: object) -> Any:
    async def run() -> Any:
        async with Client(server(graph, sparql)) as client:
            return await client.call_tool(tool, arguments)

    return asyncio.run(run())


def text(result: Any) -> str:
    return "".join(part.text for part in result.content)


def test_the_tools_are_described_and_typed(graph: Graph) -> None:
    async def run() -> Any:
        async with Client(server(graph)) as client:
            return (await client.list_tools()).tools

    tools = {tool.name: tool for tool in asyncio.run(run())}
    assert tools.keys() == {"ask", "queries", "run", "show", "why"}
    assert all(tool.description and tool.annotations.read_only_hint for tool in tools.values())
    assert all(tool.output_schema for tool in tools.values())
    assert tools["ask"].output_schema["properties"].keys() >= {"rows", "answer", "reason"}
    assert tools["why"].input_schema["required"] == ["subject", "predicate", "object"]


@pytest.mark.parametrize(("tool", "arguments"), [
    ("ask", {"question": "who supplies OpenAI's compute"}),
    ("run", {"name": "compute-suppliers", "slots": {"customer": "OpenAI"}}),
    ("run", {"name": "compute-suppliers", "slots": {"customer": ["OpenAI", "Anthropic"]}}),
])
def test_each_row_carries_its_evidence(
    graph: Graph, tool: str, arguments: dict[str, Any],
) -> None:
    result = call(graph, tool, **arguments)
    assert not result.is_error
    rows = result.structured_content["rows"]
    assert rows[0]["supplier"]["label"] == "Microsoft"
    assert all(row["grade"] and row["evidence"] for row in rows)
    assert all(item.keys() == EVIDENCE for row in rows for item in row["evidence"])
    assert "I.p3.s1" in text(result)
    assert "base of OpenAI's computing" in text(result)


def test_a_verdict_and_a_silence_say_why(graph: Graph) -> None:
    yes = call(graph, "ask", question="does Microsoft supply compute to OpenAI").structured_content
    assert yes["answer"] == "yes"
    assert yes["rows"][0]["evidence"]
    silent = call(graph, "run", name="openness", slots={"company": "Microsoft"})
    assert not silent.is_error
    assert silent.structured_content["rows"] == []
    assert silent.structured_content["reason"] in text(silent)
    assert silent.structured_content["diagnosis"]


def test_the_queries_are_listed_by_topic(graph: Graph) -> None:
    every = call(graph, "queries").structured_content["queries"]
    assert {one["name"] for one in every} == {
        name for name, one in graph.catalog.queries.items() if "federated" not in one.tags}
    some = call(graph, "queries", topic="capital").structured_content["queries"]
    assert 0 < len(some) < len(every)
    assert [one["label"] for one in every if one["name"] == "compare" for one in one["slots"]]


def test_a_card_and_a_proof(graph: Graph) -> None:
    card = call(graph, "show", entity="Microsoft")
    assert card.structured_content["iri"].endswith("/thing/microsoft")
    assert any(line["evidence"] for line in card.structured_content["facts"])
    proof = call(graph, "why", subject="Microsoft", predicate="type", object="StrategicInvestor")
    assert proof.structured_content["holds"] is True
    assert "because" in text(proof)
    none = call(graph, "why", subject="Google", predicate="funds", object="OpenAI")
    assert none.structured_content["holds"] is False
    assert none.structured_content["reason"] in text(none)


@pytest.mark.parametrize(("tool", "arguments", "said"), [
    ("ask", {"question": "what is the airspeed of a swallow"}, "not understood"),
    ("ask", {"question": "x" * 201}, "200"),
    ("ask", {}, "question"),
    ("run", {"name": "compute-supplier"}, "did you mean: compute-suppliers"),
    ("run", {"name": "investors", "slots": {"custom": "x"}}, "no slot 'custom'"),
    ("run", {"name": "investors", "slots": {"company": "Opennai"}}, "OpenAI"),
    ("run", {"name": "investors", "slots": {"company": '"> } DROP'}}, "nothing is named"),
    ("show", {"entity": "Opennai"}, "did you mean: OpenAI"),
    ("show", {"entity": "file:///etc/passwd"}, "nothing bears the IRI"),
    ("why", {"subject": "OpenAI", "predicate": "flies over", "object": "Google"}, "no property"),
    ("sparql", {"query": "ASK {}"}, "sparql"),
])
def test_what_cannot_be_answered_is_an_error_with_what_can(
    graph: Graph, tool: str, arguments: dict[str, Any], said: str,
) -> None:
    result = call(graph, tool, **arguments)
    assert result.is_error
    assert said in text(result)
    assert "Traceback" not in text(result)


def test_many_calls_at_once_have_the_answers_of_one(graph: Graph) -> None:
    async def run() -> list[Any]:
        async with Client(server(Graph(graph.built))) as client:
            return await asyncio.gather(*(
                client.call_tool("run", {"name": "compute-suppliers"}) for _ in range(12)))

    contents = [result.structured_content for result in asyncio.run(run())]
    assert contents[0]["rows"]
    assert all(content == contents[0] for content in contents)


def test_a_stored_query_is_a_resource(graph: Graph) -> None:
    async def run() -> Any:
        async with Client(server(graph)) as client:
            return await client.read_resource("aikg://query/investors")

    [content] = asyncio.run(run()).contents
    assert content.text == graph.catalog.query("investors").text


def test_a_federated_query_is_neither_listed_nor_run(
    graph: Graph, monkeypatch: pytest.MonkeyPatch,
) -> None:
    query = graph.catalog.query("investors")._replace(tags=("federated",))
    monkeypatch.setattr(graph.catalog, "queries", {"investors": query})
    monkeypatch.setattr(graph.catalog, "query", {"investors": query}.__getitem__)
    assert call(graph, "queries").structured_content == {"queries": []}
    assert "asks other servers" in text(call(graph, "run", name="investors"))


def test_rows_of_ad_hoc_sparql_are_cut_and_say_so() -> None:
    rows = [{"n": {"type": "literal", "value": str(number)}} for number in range(ROWS + 1)]
    told, cut = _cut({"head": {"vars": ["n"]}, "results": {"bindings": rows}})
    assert len(cut["results"]["bindings"]) == ROWS
    assert "truncated" in json.loads(told)


@pytest.mark.skipif(not guard_available(), reason="this system has no guarded child")
def test_ad_hoc_sparql_asks_the_view_that_is_served() -> None:
    query = "SELECT ?s WHERE { ?s aikg:shortName ?name }"
    found = call(open_graph(sources="all"), "sparql", sparql=True, query=query)
    assert len(found.structured_content["results"]["bindings"]) > 1


@pytest.mark.skipif(not guard_available(), reason="this system has no guarded child")
def test_over_stdio_with_ad_hoc_sparql() -> None:
    """One session: what works, an update, SERVICE (to a listener that hears nothing), no SPARQL."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0)
        port = listener.getsockname()[1]
        asked = {
            "SELECT ?s WHERE { ?s a aikg:Source }": "bitpush",
            "INSERT DATA { <x:a> <x:b> <x:c> }": "updates are refused",
            f"SELECT * WHERE {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}": "no network",
            "SELECT": "not SPARQL: line 1",
        }

        async def run() -> list[Any]:
            parameters = StdioServerParameters(
                command=sys.executable, args=["-m", "aikg", "mcp", "--allow-sparql"], cwd=str(ROOT))
            async with Client(stdio_client(parameters)) as client:
                return [await client.call_tool("sparql", {"query": query}) for query in asked]

        for result, said in zip(asyncio.run(run()), asked.values(), strict=True):
            assert said in text(result)
        with pytest.raises(BlockingIOError):
            listener.accept()


def test_the_end_of_stdin_ends_it_and_stdout_holds_the_protocol_alone() -> None:
    hello = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
        "protocolVersion": "2025-06-18", "capabilities": {},
        "clientInfo": {"name": "test", "version": "0"}}}
    done = subprocess.run(
        [sys.executable, "-m", "aikg", "mcp"], input=json.dumps(hello) + "\n", cwd=ROOT,
        capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert done.returncode == 0
    assert done.stderr == ""
    [line] = done.stdout.splitlines()
    assert json.loads(line)["result"]["serverInfo"]["name"] == "aikg"
