"""A decision: yes or no of two names at once."""

from __future__ import annotations

import pytest

from aikg import Graph
from tests.asking import verdict


@pytest.mark.parametrize(("question", "expected", "passages"), [
    ("Amazon backs both OpenAI and Anthropic, right?", True, {"I.p4.s1", "II.3.p2.s1"}),
    ("Does Anthropic depend heavily on Amazon and Google?", True, {"II.3.p2.s1"}),
    ("Do Google and Amazon fund Anthropic?", True, {"II.3.p2.s1"}),
])
def test_what_holds_of_each_holds_of_both(
    question: str, expected: bool, passages: set[str], graph: Graph,
) -> None:
    answer = graph.ask(question)
    assert answer.verdict is expected
    assert len(answer.rows) == 1
    assert passages <= {passage for item in answer.rows[0].evidence for passage in item.passages}


@pytest.mark.parametrize("question", [
    "Do Microsoft and Amazon fund Anthropic?", "Is xAI funded by Amazon and Google?",
    "Does Meta depend on Amazon and Google?",
])
def test_what_is_said_of_one_only_is_not_said_of_both(question: str, graph: Graph) -> None:
    answer = verdict(question, graph)
    assert answer is None or answer.verdict is None
