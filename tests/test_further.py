"""Further rows: what other sources would add, told without opening their view."""

from __future__ import annotations

import pytest

import aikg
from aikg.graph import Graph


@pytest.fixture(scope="module")
def whole() -> Graph:
    return aikg.open(sources="all")


@pytest.mark.parametrize(("query", "slots"), [
    ("investors", {}), ("investors", {"company": "OpenAI"}), ("investors", {"company": "xAI"}),
    ("compute-suppliers", {"customer": "OpenAI"}), ("compute-suppliers", {"customer": "Anthropic"}),
    ("commitments", {"investor": "SoftBank", "company": "OpenAI"}), ("valuations", {}),
    ("denied", {}), ("timeline", {"company": "OpenAI"}), ("round-participants", {}),
    ("former-names", {})])
def test_the_count_is_what_their_view_adds(
    query: str, slots: dict[str, str], graph: Graph, whole: Graph,
) -> None:
    here, there = (one.run(query, **slots) for one in (graph, whole))
    added = [row for row in there.rows if row.values not in {one.values for one in here.rows}]
    rows, sources = graph.more(here)
    assert rows == len(added)
    assert (sources > 0) == bool(added)
