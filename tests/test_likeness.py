"""Likeness: how far a question and a stored phrasing ask the same."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aikg.grammar import AGENT, COUNT, NONE, OBJECT, ORIGIN, OWNER, SUBJECT, WHAT, WHEN, WHO, YES_NO
from aikg.likeness import (
    AKIN,
    LIGHT,
    NO_WORDS,
    UNKNOWN,
    Stored,
    Table,
    kinds_agree,
    load_of,
    load_sign,
    roles_agree,
    same_sense,
)
from aikg.phrasing import Name, Phrasing, Word

FUND, BACK, INVEST, CHIP, GPU, NEED, ODD = (
    Word("fund", frozenset({"aikg:funds"})), Word("back", frozenset({"aikg:funds"})),
    Word("invest", frozenset({"aikg:investsIn"})), Word("chip", frozenset({"aikg:Chip"})),
    Word("gpu", frozenset({"aikg:Chip!"})), Word("need", light=True), Word("odd"))
WORDS = (FUND, CHIP, NEED)
ENTRIES: dict[str, Any] = {
    "queries": ["investors", "chips"],
    "words": [f"{word.stem};{' '.join(word.meanings)};{word.light:d}" for word in WORDS],
    "list": [f"0;{WHO};0;;;company/{OBJECT};0", f"0;{WHO};1;most;it;company/{OBJECT};0",
             f"1;{WHAT};2;;;;1 2"],
    "places": {"fund": "0", "aikg:funds": "0", "chip": "1", "aikg:Chip": "1", "need": "2"},
    "users": ["0 1", "2", "2", ""],
    "vocabulary": {"investors": "0", "chips": "1 2"},
    "loads": "".join(map(load_sign, (0.5, 0.5, 1.25))),
    "weights": {"fund": 0.5, "chip": 1.0},
}
ABOVE = {"aikg:investsIn": ["aikg:funds"]}
ACME = Name(OBJECT, "", ("thing:acme",))
PLAIN = Phrasing(WHO, False, (ACME,), (FUND,))


def table() -> Table:
    return Table(ENTRIES, ABOVE)


def entry(**changes: Any) -> Stored:
    plain = Stored("investors", WHO, False, False, frozenset(), frozenset(), (), ())
    return plain._replace(**changes)


@pytest.mark.parametrize(("asked", "stored", "agreement"), [
    ([FUND], [0], 1.0),
    ([BACK], [0], 0.96),
    ([GPU], [1], 0.9),
    ([INVEST], [0], 0.85),
    ([CHIP], [0], 0.0),
    ([], [], NO_WORDS),
    ([FUND], [], 0.0),
    ([FUND, CHIP], [0], (0.5 + 0.5) / (0.5 + 1.0 + 0.5)),
    ([FUND, NEED], [0], (0.5 + 0.5) / (0.5 + LIGHT + 0.5)),
    ([FUND, ODD], [0], (0.5 + 0.5) / (0.5 + UNKNOWN + 0.5)),
    ([FUND], [0, 1], (0.5 + 0.5) / (0.5 + 0.5 + 1.0)),
])
def test_agreement_is_the_share_of_words_with_a_counterpart(
    asked: list[Word], stored: list[int], agreement: float,
) -> None:
    assert table().agreement(entry(words=stored), asked) == pytest.approx(
        agreement, abs=0.02 if asked in ([BACK], [GPU], [INVEST]) else 1e-9)


FUNDERS = entry(words=(0,))


def test_a_word_of_other_meaning_counts_against() -> None:
    full = table().agreement(FUNDERS, [FUND])
    assert table().agreement(FUNDERS, [FUND, NEED]) < full
    assert table().agreement(FUNDERS, [FUND, ODD]) < table().agreement(FUNDERS, [FUND, CHIP]) < full


@pytest.mark.parametrize(("asked", "expected"), [
    (PLAIN, ["investors"]),
    (PLAIN._replace(negated=True), ["investors"]),
    (PLAIN._replace(names=()), []),
    (PLAIN._replace(words=(INVEST,)), ["investors"]),
    (PLAIN._replace(words=(CHIP,)), ["chips"]),
    (PLAIN._replace(words=(GPU,)), ["chips"]),
    (PLAIN._replace(words=(CHIP,), asks=WHEN), []),
    (PLAIN._replace(words=(ODD,)), []),
])
def test_candidates_share_a_meaning_and_the_sense(asked: Phrasing, expected: list[str]) -> None:
    found = list(table().candidates(asked, 0.5))
    assert [stored.query for _, stored in found] == expected
    assert all(stored.negated == asked.negated for _, stored in found)


@pytest.mark.parametrize("words", [
    (), (FUND,), (BACK,), (GPU, NEED), (INVEST, ODD), (FUND, CHIP, ODD), (NEED, NEED),
])
@pytest.mark.parametrize("named", [(), (FUND,), (ODD, CHIP)])
def test_no_agreement_is_above_its_bound(words: tuple[Word, ...], named: tuple[Word, ...]) -> None:
    asked = PLAIN._replace(words=words, names=(ACME._replace(words=named),))
    for bound, stored in table().candidates(asked, 0.0):
        assert table().agreement(stored, words) <= bound + 1e-9
        assert table().agreement(stored, [*words, *named]) <= bound + 1e-9


def test_the_likeliest_candidates_come_first() -> None:
    bounds = [bound for bound, _ in table().candidates(PLAIN._replace(words=(FUND, CHIP)), 0.0)]
    assert bounds == sorted(bounds, reverse=True)
    assert len(bounds) > 1


@given(st.floats(0, 9))
def test_the_weight_of_a_phrasing_is_rounded_down(weight: float) -> None:
    assert weight - 0.1 < load_of(load_sign(weight)) <= weight + 1e-9
    assert load_sign(weight).isprintable()


@pytest.mark.parametrize(("asked", "akin", "agreement"), [
    ([CHIP], True, AKIN),
    ([CHIP], False, 0.0),
    ([FUND], True, 0.0),  # no phrasing of the query speaks of funds
    ([Word("chip", frozenset({"aikg:suppliesChipsTo"}))], True, 0.0),  # a verb has a direction
])
def test_a_word_of_another_phrasing_of_the_query_counts_in_part(
    asked: list[Word], akin: bool, agreement: float,
) -> None:
    stored = entry(query="chips", words=())
    assert table().agreement(stored, asked, akin) == pytest.approx(agreement)


def test_an_entry_is_unpacked() -> None:
    [(_, negative)] = table().candidates(PLAIN._replace(negated=True), 0.5)
    assert negative == Stored("investors", WHO, True, False, frozenset({"most"}),
                              frozenset({"it"}), (("company", OBJECT),), (0,))
    [(_, chips)] = table().candidates(PLAIN._replace(words=(CHIP,)), 0.5)
    assert chips.has
    assert not chips.negated


@pytest.mark.parametrize(("word", "expected"), [
    (FUND, True), (Word("fund"), True), (NEED, True), (ODD, False),
])
def test_known_words(word: Word, expected: bool) -> None:
    assert table().knows(word) is expected


@pytest.mark.parametrize(("stored", "asked", "same"), [
    (entry(), PLAIN, True),
    (entry(negated=True), PLAIN, False),
    (entry(), PLAIN._replace(negated=True), False),
    (entry(negated=True), PLAIN._replace(negated=True), True),
    (entry(), PLAIN._replace(limits=frozenset({"most"})), False),
    (entry(limits=frozenset({"most"})), PLAIN._replace(limits=frozenset({"most"})), True),
    (entry(), PLAIN._replace(limits=frozenset({"all"})), True),
    (entry(), PLAIN._replace(limits=frozenset({"all"}), asks=YES_NO), False),
    (entry(), PLAIN._replace(pronouns=frozenset({"it"}), names=()), False),
    (entry(), PLAIN._replace(pronouns=frozenset({"it"})), True),
    (entry(pronouns=frozenset({"it"})), PLAIN._replace(pronouns=frozenset({"it"}), names=()), True),
])
def test_negation_superlatives_and_pronouns_stand_on_both_sides(
    stored: Stored, asked: Phrasing, same: bool,
) -> None:
    assert same_sense(stored, asked) is same


@pytest.mark.parametrize(("stored", "asked", "least", "most"), [
    (WHO, WHO, 1, 1), (YES_NO, YES_NO, 1, 1), ("", "", 1, 1), (WHO, WHAT, 0.9, 0.99),
    (WHAT, WHO, 0.9, 0.99), ("", WHO, 0.9, 0.99), (WHO, "", 0.9, 0.99), ("", YES_NO, 0.8, 0.95),
    (WHO, "where", 0.8, 0.9), (WHO, YES_NO, 0, 0), (YES_NO, WHAT, 0, 0), (WHO, WHEN, 0, 0),
    (COUNT, WHAT, 0, 0), ("why", WHAT, 0, 0),
])
def test_kinds_agree(stored: str, asked: str, least: float, most: float) -> None:
    assert least <= kinds_agree(stored, asked) <= most


@pytest.mark.parametrize(("stored", "asked", "least", "most"), [
    (SUBJECT, SUBJECT, 1, 1), (SUBJECT, OBJECT, 0, 0), (OBJECT, SUBJECT, 0, 0),
    (AGENT, OBJECT, 0, 0), (ORIGIN, OBJECT, 0, 0), (SUBJECT, AGENT, 0.9, 0.99),
    (OWNER, SUBJECT, 0.8, 0.95), (OBJECT, OWNER, 0.8, 0.95), (NONE, OBJECT, 0.9, 0.99),
    (SUBJECT, ORIGIN, 0.0, 0.0),  # who X buys from, and who buys from X
])
def test_places_agree(stored: str, asked: str, least: float, most: float) -> None:
    assert least <= roles_agree([("slot", stored)], [Name(asked)]) <= most


def test_every_name_counts() -> None:
    slots = [("left", SUBJECT), ("right", OBJECT)]
    assert roles_agree(slots, [Name(SUBJECT), Name(OBJECT)]) == 1
    assert roles_agree(slots, [Name(OBJECT), Name(SUBJECT)]) == 0
    assert roles_agree([], []) == 1
