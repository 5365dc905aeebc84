"""Variants of a name of several words."""

from __future__ import annotations

import pytest

from aikg.graph import Graph
from aikg.phrasing import plain
from aikg.variant import variants

NAMES = {"acme", "acme 's latest round", "latest round", "acme 's chips"}


def found(text: str) -> list[str]:
    return [name for name in variants(text.split(), NAMES) if name in NAMES]


@pytest.mark.parametrize("text", [
    "the record round of acme", "acme 's newest round", "last acme round", "acme mega round",
    "the big recent round by acme", "acme 's record breaking round",
])
def test_they_are_all_the_latest(text: str) -> None:
    assert found(text)[:1] == ["acme 's latest round"]


@pytest.mark.parametrize(("text", "names"), [
    ("the huge round", ["latest round"]), ("last round", ["latest round"]),
    ("round of acme", []),  # says nothing of which one
    ("big chips of acme", ["acme 's chips"]), ("last chance", []), ("latest", []), ("", []),
    ("the last", []), ("of the latest", []), ("new 's", []),
])
def test_what_varies_no_name_is_none(text: str, names: list[str]) -> None:
    assert found(text) == names


@pytest.mark.parametrize("question", [
    "who joined OpenAI's record-breaking raise", "who was in the mega funding round of OpenAI",
    "who took part in the last OpenAI round", "participants of the newest fundraise by OpenAI",
])
def test_the_round_is_found_however_it_is_called(question: str, graph: Graph) -> None:
    spans = graph.matcher.spotter.spot(plain(question))
    assert [span.things for span in spans] == [("thing:latest-round",)]
