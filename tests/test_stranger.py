"""Strangers: a capital shows a name, and one that is nobody's here is not passed over."""

from __future__ import annotations

import pytest

from aikg import Graph, UnknownQuestion
from aikg.stranger import capitals


@pytest.mark.parametrize(("text", "expected"), [
    ("competitors of Hugging Face", ("Hugging", "Face")), ("who funds Scale?", ("Scale",)),
    ("Who funds Scale?", ("Scale",)), ("Who Funds Scale?", ()), ("Competitors of Scale", ()),
    ("What matters? Money matters.", ()), ("what matters: Money", ()),
    ("who is 'Microsoft' funding", ()), ("What are Meta's aims", ("Meta",)),
    ("WHO FUNDS SCALE", ()), ("the GPUs of OpenAI", ()), ("", ()), ("...", ()),
])
def test_a_capital_shows_a_name(text: str, expected: tuple[str, ...]) -> None:
    assert capitals(text) == expected


@pytest.mark.parametrize("question", [
    "competitors of Hugging Face", "the strategy of Character", "who are the backers of Character",
])
def test_a_name_that_nobody_bears_is_refused(question: str, graph: Graph) -> None:
    with pytest.raises(UnknownQuestion, match="nothing in the graph is called"):
        graph.ask(question)


@pytest.mark.parametrize("question", [
    "What is Microsoft's Wikidata identifier?", "Where is Anthropic on Hugging Face?",
    "which rivals does Open AI have", "what are the Advantages of Google",
])
def test_a_name_that_phrasings_have_is_none(question: str, graph: Graph) -> None:
    assert graph.ask(question).rows
