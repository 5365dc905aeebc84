"""Views on the command line and at an endpoint: their options, and what an answer then names."""

from __future__ import annotations

import json

import pytest

import aikg
from aikg.errors import UsageError
from aikg.graph import Graph
from aikg.names import GRAPH
from tests.loopback import reply, serving
from tests.test_cli import call

HOLDS = json.dumps({"head": {}, "boolean": True})
LACKS = json.dumps({"head": {}, "boolean": False})


@pytest.fixture(scope="module")
def dated() -> Graph:
    """The article as of a day: all of it, since it bears no date."""
    return aikg.open(as_of="2026-01-01")


def test_what_bears_no_date_holds_always_and_is_marked(dated: Graph, graph: Graph) -> None:
    answer, plain = (one.run("investors", company="Anthropic") for one in (dated, graph))
    assert [row.values for row in answer.rows] == [row.values for row in plain.rows]
    assert {item.undated for item in answer.evidence} == {True}
    assert {item.undated for item in plain.evidence} == {False}


def test_an_answer_of_a_view_names_its_sources() -> None:
    line = call("run", "investors", "--company", "Anthropic", "--as-of", "2026-01-01").out
    assert "\tBitpush/II.3.p2.s1(undated)\n" in line
    shown = call("ask", "--as-of", "2026-01-01", "who funds Anthropic", "-f", "jsonl").out
    assert json.loads(shown.splitlines()[0])["evidence"][0]["undated"] is True


@pytest.mark.parametrize("arguments", [
    ("run", "--as-of", "2026-01-01", "investors"), ("run", "investors", "--as-of", "2026-01-01"),
    ("show", "OpenAI", "--as-of", "2026-01-01"), ("queries", "--as-of", "2026-01-01"),
    ("why", "Google", "type", "Investor", "--as-of", "2026-01-01"),
    ("sparql", "ASK { ?s ?p ?o }", "--as-of", "2026-01-01")])
def test_commands_that_take_a_view(arguments: tuple[str, ...]) -> None:
    assert call(*arguments).code == 0


@pytest.mark.parametrize("arguments", [
    ("--sources", "nobody"), ("--sources", ""), ("--as-of", "soon"),
    ("--published-by", "2026-01-01")])
def test_a_view_of_nothing_is_misuse(arguments: tuple[str, ...]) -> None:
    done = call("run", "investors", *arguments)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)


def test_an_endpoint_must_hold_the_view_as_its_own_graph(dated: Graph) -> None:
    with serving(reply(LACKS)) as server:
        with pytest.raises(UsageError, match="aikg push URL --as-of 2026-01-01"):
            dated.at(server.url)
        done = call("run", "investors", "--as-of", "2026-01-01", "--endpoint", server.url)
        assert done.code == 2
    with serving(reply(HOLDS)) as server:
        dated.at(server.url)
        assert server.requests[0].fields["default-graph-uri"] == [
            f"{GRAPH}view/{dated.built.view}"]


def test_push_loads_a_view_beside_the_others(dated: Graph) -> None:
    plan = call("push", "http://127.0.0.1:9/query", "--dry-run", "--as-of", "2026-01-01").out
    assert f"view/{dated.built.view}>" in plan
    assert "graph/main>" not in plan
