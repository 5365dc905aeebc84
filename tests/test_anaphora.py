"""Anaphora: a pronoun that stands for the name a question begins with."""

from __future__ import annotations

import pytest

from aikg.anaphora import resolved
from aikg.phrasing import Spotted


def spans(*places: int, proper: bool = True) -> list[Spotted]:
    return [Spotted(place, place + 1, ("thing:acme",), proper) for place in places]


@pytest.mark.parametrize(("question", "whole"), [
    ("acme who funds it", "who funds acme"),
    ("acme to whom are they writing cheques", "to whom are acme writing cheques"),
    ("acme which lab gets chips from them", "which lab gets chips from acme"),
    ("acme what are its risks", "what are acme 's risks"),
])
def test_a_pronoun_is_the_name_before_it(question: str, whole: str) -> None:
    assert resolved(question.split(), spans(0)) == whole.split()


@pytest.mark.parametrize(("question", "found"), [
    ("acme funds it", spans(0)),  # no question follows
    ("acme who funds labs", spans(0)),  # no pronoun
    ("who funds it", []),
    ("acme who funds beta and it", spans(0, 3)),  # two names: which one is it?
    ("does acme know who funds it", spans(1)),  # the name is no heading
    ("capital who has it", spans(0, proper=False)),
])
def test_it_stays_where_it_is_not_clear(question: str, found: list[Spotted]) -> None:
    assert resolved(question.split(), found) == question.split()
