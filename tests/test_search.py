"""Search: the names that are like a text, best first, and why."""

from __future__ import annotations

import pytest

from aikg.graph import Graph
from aikg.web.search import EXACT, matches, names_of

NAMES = {"openai": ["thing:openai"], "open ai": ["thing:openai"], "open source": ["aikg:Open"],
         "the open group": ["thing:group"], "nvidia": ["thing:nvidia"]}


@pytest.mark.parametrize(("text", "best"), [
    ("OpenAI", ["thing:openai"]), ("open", ["thing:openai", "aikg:Open", "thing:group"]),
    ("  NVIDIA ", ["thing:nvidia"]), ("nvidea", ["thing:nvidia"]), ("group", ["thing:group"]),
    ("zzzz", []), ("\u0000", []), ("?" * 200, [])])
def test_the_likest_names_come_first(text: str, best: list[str]) -> None:
    assert [match.curie for match in matches(text, NAMES, str)] == best


def test_a_score_says_how_a_name_is_like_the_text() -> None:
    [exact, begins] = matches("open source", {**NAMES, "open source model": ["thing:m"]}, str)[:2]
    assert (exact.score, exact.name) == (EXACT, "open source")
    assert 80 < begins.score < 100
    assert matches("source", NAMES, str)[0].score < 80


def test_things_classes_and_properties_are_found(graph: Graph) -> None:
    names = names_of(graph.lexicon, "")
    for text, curie in (("Open AI", "thing:openai"), ("claim", "aikg:Claim"),
                        ("competes with", "aikg:competesWith")):
        found = matches(text, names, graph.lexicon.label)
        assert curie in [match.curie for match in found if match.score == EXACT]
