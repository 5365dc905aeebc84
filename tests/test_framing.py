"""Framing: what people put around a question."""

from __future__ import annotations

import pytest

from aikg.framing import BEGINNINGS, as_is, unframed, untagged
from aikg.graph import Graph

QUESTION = "who funds the lab called Acme"


@pytest.mark.parametrize("before", [
    "For my term paper,", "For tomorrow's board meeting: ", "For my essay I need to know",
    "As a teacher,", "I'm a lawyer and want to know", "I am drawing up a note: ",
    "We're preparing a slide,", "I handle contracts at a bank.", "I heard that",
    "My boss asked me", "My pupils ask", "Somebody told me that", "Our CFO wants to know",
    "Quiz night:", "Fact check:", "Procurement here.", "any idea", "Product manager here,",
])
def test_what_stands_before_a_question_is_taken_away(before: str) -> None:
    assert unframed(f"{before} {QUESTION}").lstrip() == QUESTION


@pytest.mark.parametrize("text", [
    QUESTION, "", "   ", "for", "in which lab does Acme invest", "a lab of Acme, which is it",
    "as what does Acme see its chips", "with whom does Acme compete", "my", "I'm a lawyer.",
    "when did Acme start", "product strategy of Acme", "just chips", "any risks",
    "for whom does Acme make chips", "in the long run, who wins",
    "what does Acme say of who funds it", "on what grounds do we know who funds Acme",
])
def test_a_bare_question_stays_as_it_is(text: str) -> None:
    assert unframed(text) == text


@pytest.mark.parametrize(("text", "rest"), [
    ("is it true that X pays", "X pays"), ("So is it fair to say that X pays?", "X pays?"),
    ("true or false: X pays", "X pays"), ("X pays, right?", "X pays"), ("X pays, no?", "X pays"),
    ("X pays, isn't it?", "X pays"), ("X has paid, has it not?", "X has paid"),
    ("X pays, don\u2019t they?", "X pays"),
    ("X can pay, can't it?", "X can pay"), ("X will pay, won't they", "X will pay"),
    ("X pays or not", "X pays"), ("X pays - yes or no?", "X pays"), ("X pays, yes?", "X pays"),
    ("X pays, is that correct?", "X pays"), ("X pays, is that so?", "X pays"),
    ("does X pay the right price?", "does X pay the right price?"),
    ("is it X that pays", "is it X that pays"), ("who is right about X?", "who is right about X?"),
    ("", ""),
])
def test_what_asks_to_confirm_a_statement_is_taken_away(text: str, rest: str) -> None:
    assert untagged(text).strip() == rest


@pytest.mark.parametrize(("text", "question"), [
    ("would you call X a Y", "is X a Y"), ("Would it be fair to call X a Y?", "is X a Y?"),
    ("was it right to call X rich?", "is X rich?"),
    ("so could one count X among Y", "is X among Y"),
    ("does the article describe X as Y", "is X as Y"),
    ("are fees what X counts on?", "does X counts on fees"),
    ("Are fees something that X relies on?", "does X relies on fees"),
    ("is X whom Y supplies", "does Y supplies X"), ("is it X who pays", "is it X who pays"),
    ("what would you call X", "what would you call X"), ("would X call Y", "would X call Y"),
    ("", ""), (" ", " "),
])
def test_a_name_to_be_given_is_what_a_thing_is(text: str, question: str) -> None:
    assert as_is(text) == question


@pytest.mark.parametrize("start", sorted(BEGINNINGS))
def test_no_text_is_slow_or_fails(start: str) -> None:
    assert unframed(f"{start} {'a ' * 500}") is not None


@pytest.mark.parametrize("question", [
    "For my boss at Microsoft: who funds Anthropic", "My friend at Nvidia says who funds Anthropic",
])
def test_a_framing_that_names_something_is_left(graph: Graph, question: str) -> None:
    named = {thing for name in graph.matcher.understand(question).phrasing.names
             for thing in name.things}
    assert len(named) == 2


def test_a_framed_question_is_answered_like_a_bare_one(graph: Graph) -> None:
    framed = graph.ask("For my term paper I need to know who funds Anthropic")
    assert framed.rows == graph.ask("who funds Anthropic").rows
