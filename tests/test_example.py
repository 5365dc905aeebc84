"""Examples: that of every stored query gives rows."""

from __future__ import annotations

import shlex

import pytest

import aikg
from aikg.example import example
from aikg.graph import Graph

NAMES = sorted(aikg.open().catalog.content["queries"])
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
