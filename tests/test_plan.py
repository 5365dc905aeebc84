"""A plan takes relations up behind those they follow from, and joins where something is known."""

from __future__ import annotations

import pytest

from aikg.fact import TYPE
from aikg.plan import STEP, Plan
from tests.test_closure import INVESTOR, facts, rules, term


def plan(axioms: str) -> Plan:
    numbers: dict[str, int] = {}
    return Plan(rules(axioms), lambda text: numbers.setdefault(text, len(numbers)))


@pytest.mark.parametrize(("axioms", "first", "then"), [
    (":p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :r .", "p", "q"),
    (":p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :r .", "q", "r"),
    (":a rdfs:subPropertyOf :b .".replace(":a", ":q").replace(":b", ":p"), "q", "p"),
    (":p owl:inverseOf :q . :t rdfs:subPropertyOf :p . :q rdfs:subPropertyOf :s .", "t", "s"),
    (":q a owl:TransitiveProperty . :p rdfs:subPropertyOf :q .", "p", "q"),
])
def test_what_follows_is_taken_up_later(axioms: str, first: str, then: str) -> None:
    ranks = plan(axioms).ranks
    assert ranks[term(first), ""] < ranks[term(then), ""]


def test_what_is_transitive_goes_one_step_at_a_time() -> None:
    made = plan(":q a owl:TransitiveProperty . :p rdfs:subPropertyOf :q .")
    prop = term("q")
    assert made.transitive == {prop}
    [below] = made.triggers[term("p"), ""]
    assert below.head.key == (prop, STEP)
    assert made.ranks[prop, STEP] < made.ranks[prop, ""]


def test_a_join_goes_on_from_what_is_known() -> None:
    """Whoever joins a class is not paired with all its members first."""
    [(_, _, kind)] = facts("x a B")
    [trigger] = plan(INVESTOR).triggers[TYPE, kind]
    known = {trigger.place.subject}
    for place in trigger.rest:
        assert known & {place.subject, place.object}
        known |= {place.subject, place.object}
