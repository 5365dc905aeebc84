"""A decision: yes or no of two names at once."""

from __future__ import annotations

import pytest

from aikg import Graph
from aikg.errors import AikgError


@pytest.mark.parametrize(("question", "verdict", "passages"), [
    ("Amazon backs both OpenAI and Anthropic, right?", True, {"I.p4.s1", "II.3.p2.s1"}),
    ("Does Anthropic depend heavily on Amazon and Google?", True, {"II.3.p2.s1"}),
    ("Do Google and Amazon fund Anthropic?", True, {"II.3.p2.s1"}),
])
def test_what_holds_of_each_holds_of_both(
    question: str, verdict: bool, passages: set[str], graph: Graph,
) -> None:
    answer = graph.ask(question)
    assert answer.verdict is verdict
    assert len(answer.rows) == 1
    assert passages <= {passage for item in answer.rows[0].evidence for passage in item.passages}


@pytest.mark.parametrize("question", [
    "Do Microsoft and Amazon fund Anthropic?", "Is xAI funded by Amazon and Google?",
    "Does Meta depend on Amazon and Google?",
])
def test_what_is_said_of_one_only_is_not_said_of_both(question: str, graph: Graph) -> None:
    try:
        answer = graph.ask(question)
    except AikgError:
        return
    assert answer.verdict is None
