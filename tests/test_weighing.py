"""Weighing: the stored query that the words of a question speak for."""

from __future__ import annotations

from typing import Any

import pytest

from aikg import Graph, UnknownQuestion
from aikg.likeness import Table
from aikg.phrasing import Name, Phrasing, Word
from aikg.weighing import Weighing, weighable

PHRASINGS = (*["pay"] * 6, *["pay chips"] * 6, *["risk"] * 6, *["risk fall"] * 6)
"""Of two queries, twelve phrasings each."""


@pytest.fixture(scope="module")
def weighing() -> Weighing:
    stems = ["pay", "chips", "risk", "fall"]
    slots = ["payer/subject", "payee/object"]
    return Weighing(Table({
        "queries": ["payments", "risks"],
        "list": [f"{number // 12};who;0;;;{slots[number % 2] if number < 12 else ''};"
                 + " ".join(str(stems.index(word)) for word in text.split())
                 for number, text in enumerate(PHRASINGS)],
        "words": [f"{one};;0;1" for one in stems],
        "places": {one: str(place) for place, one in enumerate(stems)},
        "users": [" ".join(str(number) for number, text in enumerate(PHRASINGS)
                           if one in text.split()) for one in stems],
    }, {}))


def asked(*words: str, names: tuple[Name, ...] = (), asks: str = "who") -> Phrasing:
    return Phrasing(asks, False, names, tuple(Word(one) for one in words))


ACME, BOLT = Name("subject", things=("thing:acme",)), Name("object", things=("thing:bolt",))


@pytest.mark.parametrize(("words", "query"), [
    (("pay", "chips"), "payments"), (("risk", "fall"), "risks"),
    (("pay", "risk"), None), ((), None), (("unheard",), None), (("pay", "fall"), None),
    (("pay", "chips", "unheard"), "payments"), (("pay", "chips", "unheard", "unseen"), None),
])
def test_the_words_speak_for_one_query_or_for_none(
    weighing: Weighing, words: tuple[str, ...], query: str | None,
) -> None:
    assert decided(weighing, asked(*words, names=(ACME,))) == query


def decided(weighing: Weighing, one: Phrasing) -> str | None:
    """The query that the words of a question alone decide for."""
    leader = weighing.leader(one)
    return leader[0] if leader and weighing.is_plain(one, *leader) else None


def test_without_a_name_it_must_lead_by_more(weighing: Weighing) -> None:
    assert decided(weighing, asked("pay", names=(ACME,))) == "payments"
    assert decided(weighing, asked("pay")) is None


def test_names_go_where_phrasings_have_them(weighing: Weighing) -> None:
    both = ("payer", "payee")
    assert weighing.slots("payments", [(ACME, both)]) == ("payer",)
    assert weighing.slots("payments", [(BOLT, both), (ACME, both)]) == ("payee", "payer")
    assert weighing.slots("payments", [(ACME._replace(role="owner"), both)]) is None
    assert weighing.slots("payments", [(ACME, ())]) is None
    assert weighing.slots("payments", []) == ()


@pytest.mark.parametrize(("change", "may"), [
    ({}, True), ({"limits": frozenset({"all"})}, True), ({"limits": frozenset({"most"})}, False),
    ({"negated": True}, False), ({"pronouns": frozenset({"it"})}, True),
    ({"pronouns": frozenset({"it"}), "names": ()}, False),
    ({"limits": frozenset({"itself"})}, True),
    ({"limits": frozenset({"itself"}), "names": ()}, False),
    ({"asks": "when"}, False), ({"asks": "count"}, False),
    ({"asks": "yes-no"}, False), ({"asks": "yes-no", "names": (ACME, BOLT)}, True),
    ({"asks": "yes-no", "names": (ACME, BOLT), "limits": frozenset({"all"})}, False),
])
def test_what_turns_or_narrows_a_question_is_not_weighed(
    change: dict[str, Any], may: bool,
) -> None:
    assert weighable(asked("pay", names=(ACME,))._replace(**change)) is may


@pytest.mark.parametrize(("question", "query"), [
    ("the kind of financing that OpenAI needs to keep expanding", "capital-sources"),
    ("the two futures between which the next five years will decide", "scenarios"),
])
def test_a_question_like_no_phrasing_is_understood_by_its_words(
    question: str, query: str, graph: Graph,
) -> None:
    assert graph.ask(question).query == query


@pytest.mark.parametrize(("question", "query"), [
    ("OpenAI alumni founded which company", "founders-from"),
    ("Which developments does the article foresee for the years ahead?", "forecasts"),
    ("Who keeps its technology closed?", "openness"),
    ("What mission was OpenAI given at the start?", "founding"),
])
def test_less_likeness_will_do_where_the_words_speak_for_the_same_query(
    question: str, query: str, graph: Graph,
) -> None:
    answer = graph.ask(question)
    assert (answer.query, bool(answer.rows)) == (query, True)


@pytest.mark.parametrize("question", [
    "and who supplies the company", "What do industry boundaries reshape?",
    "Could you give me the names of the people who founded OpenAI?", "And what about the rest?",
    "what is the difference between the two", "competitors of Hugging Face",
    "for what reason did Anthropic's founders quit OpenAI", "who sits on the board of OpenAI",
    "when was the latest OpenAI round closed", "did all of Anthropic's founders come from OpenAI",
])
def test_what_is_not_plain_stays_refused(question: str, graph: Graph) -> None:
    with pytest.raises(UnknownQuestion):
        raise_if_unsure(graph, question)


def raise_if_unsure(graph: Graph, question: str) -> None:
    answer = graph.ask(question)
    if answer.kind == "verdict" and answer.verdict is None:
        raise UnknownQuestion("not said")
