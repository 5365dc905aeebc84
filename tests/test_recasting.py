"""Recasting: the plainer question that a question comes down to."""

from __future__ import annotations

import re

import pytest

from aikg.graph import Graph
from aikg.recasting import recast, sentences

NAMES = ("Acme", "Bolt", "X Corp", "2019")


def names(text: str) -> list[str]:
    found = re.findall("|".join(NAMES), text)
    return list(dict.fromkeys(found))


@pytest.mark.parametrize(("text", "plain"), [
    ("who funds Acme", "who funds Acme"),
    ("Acme, the lab behind Bolt, is funded by whom?", "Acme is funded by whom?"),
    ("who funds Acme, a former club?", "who funds Acme?"),
    ("who funds Acme, which makes Bolt, and X Corp?", "who funds Acme and X Corp?"),
    ("who funds Acme, Bolt and X Corp?", "who funds Acme, Bolt and X Corp?"),
    ("Acme, Bolt's subsidiary, has chips", "Acme has chips"),
    ("what does Bolt's subsidiary Acme sell", "what does Acme sell"),
    ("what does Bolt's sister Acme sell", "what does Bolt's sister Acme sell"),
    ("Acme, what is it that you sell?", "Acme, what is it that you sell?"),
])
def test_what_only_describes_a_name_is_left_out(text: str, plain: str) -> None:
    assert recast(text, names) == plain


@pytest.mark.parametrize(("text", "plain"), [
    ("Acme has several strengths. Which?", "Acme has which strengths?"),
    ("Acme belongs to a bigger firm. Which one?", "Acme belongs to which bigger firm?"),
    ("One firm has chips. Which one is it?", "which firm has chips?"),
    ("Acme took money in a round from a lab. Which lab?",
     "Acme took money in a round from which lab?"),
    ("Acme made an investment. In whom?", "Acme made an investment In whom?"),
    ("There is one firm that pays for it. Which?", "which firm pays for it?"),
    ("Some labs have chips. Who are they?", "which labs have chips?"),
    ("Some labs have chips. Name them.", "which labs have chips?"),
    ("Trade may split into layers. Which ones?", "Trade may split into which layers?"),
    ("The labs that fund Acme: who are they?", "The labs that fund Acme?"),
    ("Suppose chips get cheap. Who gains?", "what if chips get cheap?"),
    ("Four labs face Acme. Name them.", "which labs face Acme?"),
    ("Acme changed. Who are they?", "Acme changed. Who are they?"),
])
def test_what_is_asked_of_a_statement_is_put_into_it(text: str, plain: str) -> None:
    assert recast(text, names) == plain


@pytest.mark.parametrize(("text", "plain"), [
    ("Acme is young. What does it sell?", "What does Acme sell?"),
    ("Acme is young: what are its risks?", "what are Acme's risks?"),
    ("We read of Acme and Bolt. How do the two compare?", "How do Acme and Bolt compare?"),
    ("Acme's mission: what is it?", "Acme's mission?"),
    ("Acme chip supply: who is behind it?", "who is behind Acme chip supply?"),
    ("Acme chip supply: who are its rivals?", "who are Acme's rivals?"),
    ("Take Acme, what are its risks?", "what are Acme's risks?"),
    ("In the case of Acme, on whom does it lean?", "on whom does Acme lean?"),
    ("Acme is young. Who funds this company?", "Who funds Acme?"),
    ("Acme and Bolt compete. What sets them apart?", "What sets Acme and Bolt apart?"),
    ("Acme is the model of Bolt. What does it cost?", "What does Acme cost?"),
    ("Nothing lasts. Who funds Acme?", "Who funds Acme?"),
    ("X Corp. is young. What does it sell?", "What does X Corp sell?"),
    ("A round was closed by Acme. Who took part in it?", "Who took part in Acme's round?"),
    ("In the end Acme won over Bolt. What does it sell?",
     "In the end Acme won over Bolt. What does it sell?"),
    ("Acme changed in 2019. What did it set up?", "Acme changed in 2019. What did it set up?"),
    ("Nobody knows. What does it sell?", "Nobody knows. What does it sell?"),
    ("Acme gives money and chips. Who does that for Bolt?",
     "Acme gives money and chips. Who does that for Bolt?"),
    ("Who funds Acme? What does it sell?", "Who funds Acme? What does it sell?"),
    ("Acme is in Bolt. Which other lab does it back?",
     "Acme is in Bolt. Which other lab does it back?"),
    ("Acme is young. Who funds Bolt?", "Acme is young. Who funds Bolt?"),
    ("", ""), (".", "."), ("? ?", "? ?"),
])
def test_a_pronoun_stands_for_the_name_before_it(text: str, plain: str) -> None:
    assert recast(text, names) == plain


@pytest.mark.parametrize("tag", ["True?", "Is that right?", "Am I right?", "Fact or fiction?",
                                 "Does the article support that?", "Does the article agree?",
                                 "Can I write that?"])
def test_a_statement_to_be_confirmed_is_one_sentence(tag: str) -> None:
    assert recast(f"Acme pays Bolt. {tag}", names) == "Acme pays Bolt, right?"


def test_a_company_is_no_end_of_a_sentence() -> None:
    assert sentences("X Corp. is young. Acme Inc. is not") == [
        "X Corp. is young", "Acme Inc. is not"]


@pytest.mark.parametrize("text", ["Acme, a " * 300, "a. " * 500, "one of: " * 300, ", the" * 400])
def test_no_text_is_slow_or_fails(text: str) -> None:
    assert recast(text, lambda _: []) is not None


@pytest.mark.parametrize(("long", "short"), [
    ("Anthropic, the lab behind Claude, is financed by whom?", "who finances Anthropic"),
    ("Google, Alphabet's subsidiary, has several strengths. Which?", "strengths of Google"),
    ("xAI is young. Who are its rivals?", "rivals of xAI"),
    ("Some AI is trained at great cost. Who supplies OpenAI's compute?",
     "who supplies OpenAI's compute"),
])
def test_a_question_of_several_parts_is_answered_as_one(
    long: str, short: str, graph: Graph,
) -> None:
    assert graph.ask(long).rows == graph.ask(short).rows
