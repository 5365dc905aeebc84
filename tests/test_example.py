"""Examples: that of every stored query gives rows."""

from __future__ import annotations

import shlex

import pytest

import aikg
from aikg.example import example
from aikg.graph import Graph
from tests.wikidata import graph_with_snapshot

CATALOG = aikg.open().catalog
NAMES = sorted(CATALOG.queries)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return graph_with_snapshot()


ELSEWHERE = {"commitments", "compute-contracts", "valuations"}
"""Queries that only other sources answer."""


@pytest.mark.parametrize("name", NAMES)
def test_the_example_of_a_query_gives_rows(name: str, graph: Graph) -> None:
    query = graph.catalog.query(name)
    program, command, called, *options = shlex.split(example(query, graph))
    assert (program, command, called) == ("aikg", "run", name)
    slots = {slot.removeprefix("--"): value
             for slot, value in zip(options[::2], options[1::2], strict=True)}
    assert (slots.pop("sources", None) == "all") == (name in ELSEWHERE)
    assert bool(graph.run(name, **slots).rows) != (name in ELSEWHERE)
    if name in ELSEWHERE:
        return
    required = {parameter.name for parameter in query.parameters if parameter.required}
    assert set(slots) == required or (not required and len(slots) <= 1)


def test_most_examples_fill_a_slot(graph: Graph) -> None:
    bare = [name for name in NAMES if graph.catalog.query(name).parameters
            and "--" not in example(graph.catalog.query(name), graph)]
    assert bare == []


def test_the_commonest_value_is_taken(graph: Graph) -> None:
    query = graph.catalog.query("investors")
    companies = [row["company"] for row in graph.run("investors")]
    assert {companies.count(name) for name in set(companies)} != {1}
    commonest = max(companies, key=companies.count)
    assert example(query, graph) == f"aikg run investors --company {commonest}"


def test_no_server_outside_is_asked_for_an_example(graph: Graph) -> None:
    federated = CATALOG.federated
    assert federated
    assert [example(query, graph) for query in federated.values()] == [
        f"aikg run {name} --online" for name in federated]


def test_without_a_snapshot_an_example_has_no_value() -> None:
    assert example(CATALOG.query("outside-facts"), aikg.open()) in (
        "aikg run outside-facts", "aikg run outside-facts --entity OpenAI")
