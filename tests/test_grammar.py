"""Grammar: what a question asks for, and which place a name has in it."""

from __future__ import annotations

import pytest

from aikg.grammar import (
    AGENT,
    COUNT,
    DIRECT,
    NONE,
    OBJECT,
    ORIGIN,
    OWNER,
    SUBJECT,
    WHAT,
    WHEN,
    WHO,
    YES_NO,
    asks_for,
    goes,
    is_content,
    only_says_who,
    refers_back,
    role,
)
from aikg.words import tokens


@pytest.mark.parametrize(("question", "asks"), [
    ("who funds X", WHO), ("by whom is X funded", WHO), ("whose chips does X use", WHO),
    ("tell me who funds X", WHO), ("which company funds X", WHO), ("what AI labs does X fund", WHO),
    ("which other companies does X fund", WHO), ("what does X own", WHAT),
    ("which model does X develop", WHAT), ("when was X founded", WHEN),
    ("what year was X founded", WHEN), ("in which year was X founded", WHEN),
    ("how old is X", WHEN), ("how long has X existed", WHEN), ("how many chips has X", COUNT),
    ("how much did X pay", COUNT), ("how does X earn money", "how"), ("why does X pay", "why"),
    ("where does X get its compute", "where"), ("does X fund Y", YES_NO), ("is X rich", YES_NO),
    ("so has X paid", YES_NO), ("please tell me does X pay", YES_NO), ("funders of X", ""),
    ("list all companies", ""), ("does", ""), ("", ""),
])
def test_what_a_question_asks_for(question: str, asks: str) -> None:
    assert asks_for(tokens(question)) == asks


@pytest.mark.parametrize(("question", "place"), [
    ("who funds ACME", DIRECT), ("who invests in ACME", OBJECT), ("funding for ACME", OBJECT),
    ("who supplies ACME with chips", DIRECT), ("who supplies chips to ACME", OBJECT),
    ("who does ACME fund", SUBJECT), ("whom did ACME invest in", SUBJECT),
    ("what is ACME building", SUBJECT), ("ACME funds whom", SUBJECT),
    ("ACME is funded by whom", OBJECT),
    ("who is funded by ACME", AGENT), ("what was built by the ACME", AGENT),
    ("who is ACME funded by", OBJECT), ("by whom is ACME funded", OBJECT),
    ("by whom has ACME been funded", OBJECT), ("ACME owns Bolt", SUBJECT),
    ("is ACME funded by them", OBJECT), ("who gets money from ACME", ORIGIN),
    ("who are ACME's investors", OWNER), ("the investors of ACME", OWNER),
    ("ACME investors", OWNER), ("what chips does ACME have", OBJECT),
    ("ACME", NONE), ("who is ACME", OBJECT),
    ("the companies that ACME funds", SUBJECT), ("list the labs ACME has backed", SUBJECT),
    ("which companies ACME invested in", SUBJECT), ("companies that fund ACME", DIRECT),
    ("the firms ACME relies on", SUBJECT),
])
def test_the_place_of_a_name(question: str, place: str) -> None:
    items = tokens(question)
    start = items.index("acme")
    assert role(items, start, start + 1) == place


@pytest.mark.parametrize(("active", "swapped"), [
    ("who supplies ACME", "who does ACME supply"),
    ("who funds ACME", "who is funded by ACME"),
    ("who gives money to ACME", "who gets money from ACME"),
    ("who does ACME get chips from", "who gets chips from ACME"),
    ("on whom does ACME depend", "who depends on ACME"),
    ("by whom is ACME supplied", "by ACME who is supplied"),
])
def test_both_directions_give_different_places(active: str, swapped: str) -> None:
    places = [role(items, items.index("acme"), items.index("acme") + 1)
              for items in map(tokens, (active, swapped))]
    assert places[0] != places[1]


@pytest.mark.parametrize(("question", "word", "expected"), [
    ("which company funds X", "company", True), ("what other labs are there", "labs", True),
    ("which of the companies", "companies", False), ("which chips", "chips", False),
    ("is the company rich", "company", False), ("what large organization", "organization", True),
    ("the firm which", "firm", False),
])
def test_words_that_only_say_who_is_wanted(question: str, word: str, expected: bool) -> None:
    items = tokens(question)
    assert only_says_who(items, items.index(word)) is expected


@pytest.mark.parametrize(("words", "expected"), [
    ("compute invest chip openness supply", True), ("need company make first", True),
    ("who does of not 's highly the please really", False),
])
def test_words_that_carry_meaning(words: str, expected: bool) -> None:
    assert {is_content(word) for word in words.split()} == {expected}


@pytest.mark.parametrize(("text", "expected"), [
    ("what does this company sell", True), ("the lab 's chips", True), ("of the two", True),
    ("the company that sells chips", False), ("which company sells", False),
    ("the company behind x", False), ("two labs", False), ("", False),
])
def test_what_was_named_before(text: str, expected: bool) -> None:
    assert refers_back(text.split()) is expected


@pytest.mark.parametrize(("text", "expected"), [
    ("to whom does x sell", ">to"), ("who does x sell to", ">to"), ("from where", ">from"),
    ("who sells x", ""), ("who sells to x", ""), ("", ""),
])
def test_which_way_what_is_asked_for_lies(text: str, expected: str) -> None:
    assert goes(text.split()) == expected
