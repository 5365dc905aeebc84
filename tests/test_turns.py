"""Turns of phrase, and what they come down to."""

from __future__ import annotations

import pytest

from aikg.turns import straightened


@pytest.mark.parametrize(("text", "plain"), [
    ("who funds Acme", "who funds Acme"), ("", ""),
    ("I'd like to know who funds Acme", "who funds Acme"),
    ("I\u2019d like to know about Acme", "Acme"),
    ("I'm trying to understand where Acme invests", "where Acme invests"),
    ("I would like to know whether Acme pays Bolt.", "Acme pays Bolt, right?"),
    ("We want to find out if Acme pays", "Acme pays, right?"),
    ("Can it be said that Acme pays?", "Acme pays, right?"),
    ("Does the article say that Acme pays?", "Acme pays, right?"),
    ("Is it stated anywhere that Acme pays?", "Acme pays, right?"),
    ("Can you explain to me how Acme earns", "how Acme earns"),
    ("Could you please list Acme's chips", "Acme's chips"),
    ("Who is it that funds Acme?", "Who funds Acme?"),
    ("which lab was it that left", "which lab left"),
    ("Was it Acme that funded Bolt?", "Acme funded Bolt, right?"),
    ("Is it Bolt that Acme depends on?", "Acme depends on Bolt, right?"),
    ("Was it in 2015 that Acme was founded?", "Acme was founded in 2015, right?"),
    ("Is it true that Acme pays Bolt?", "Is it true that Acme pays Bolt?"),
    ("Was Acme among those who joined the round?", "did Acme joined the round?"),
    ("who are the companies that fund Acme", "who fund Acme"),
    ("the companies that fund Acme", "which companies fund Acme"),
    ("the round that Acme joined", "the round that Acme joined"),
    ("the risks that the author warns of", "the risks"),
    ("the claims that the article denies", "the claims that the article denies"),
    ("what helps Acme in the AI race", "what helps Acme "),
    ("Can you name Acme's rivals for my class?", "Acme's rivals?"),
    ("list the chips of Acme as described here", "list the chips of Acme?"),
    ("Explain to my pupils how Acme earns", "how Acme earns"),
    ("on whom does Acme's capital structure heavily depend", "on whom does Acme heavily depend"),
    ("Acme pays Bolt, am I right?", "Acme pays Bolt, right?"),
    ("Acme pays Bolt, isn't that so?", "Acme pays Bolt, right?"),
    ("we invest in whom", "we invest in whom"),
    ("Please check whether Acme pays", "Acme pays, right?"),
    ("what happens if Acme pays", "what happens if Acme pays"),
    ("Acme pays Bolt, can you confirm?", "Acme pays Bolt, right?"),
    ("who funds Acme, tell us?", "who funds Acme?"), ("who wins, in short?", "who wins?"),
    ("which labs does the article treat as rich", "which labs are rich"),
    ("what does Acme sell, as opposed to Bolt?", "what does Acme sell?"),
    ("how is Acme unlike Bolt", "how is Acme unlike Bolt"),
    ("If Acme grows, what do others get?", "what if Acme grows?"),
    ("what follows if Acme grows, and who pays", "what follows if Acme grows, and who pays"),
    ("Can I see the claims in p1?", "show the claims in p1?"),
    ("What does Acme's capital structure rest on", "What does Acme rest on"),
    ("I gather Acme pays Bolt.", "Acme pays Bolt, right?"),
    ("I think who pays wins", "I think who pays wins"),
    ("Is this correct: Acme pays Bolt?", "Acme pays Bolt, right?"),
    ("Is it the article's position that Acme pays?", "Acme pays, right?"),
    ("Does the text credit Acme with chips?", "does Acme have chips?"),
    ("Is it affirmed that Acme pays", "Acme pays, right?"),
    ("May I assume that Acme pays?", "Acme pays, right?"),
])
def test_a_turn_comes_down_to_what_it_means(text: str, plain: str) -> None:
    assert straightened(text) == plain
