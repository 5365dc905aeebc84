"""Disputes: what cannot both hold, and what only differs. tests/test_view.py has each kind."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from aikg.claim import Claim
from aikg.dispute import READ, contradictions, differences
from aikg.names import AIKG, CLAIM
from tests.test_view import TYPES, VOCABULARY, claim


def kinds(*claims: Claim) -> list[tuple[str, str, str]]:
    return [(one.kind, one.one.iri.removeprefix(CLAIM), one.other.iri.removeprefix(CLAIM))
            for one in contradictions(claims, VOCABULARY, TYPES)]


def test_a_claim_may_say_itself_what_it_contradicts() -> None:
    one = replace(claim("a-1", "openai owns app is Planned"), contradicts=(CLAIM + "b-1",))
    assert kinds(one, claim("b-1", "openai owns phone is Hedged")) == [(READ, "a-1", "b-1")]
    assert kinds(one) == []  # the other is not in this view


@pytest.mark.parametrize("modality", ["Planned", "Hedged", "Forecast", "Conditional", "Asked",
                                      "Supposed", "Figurative"])
def test_what_is_not_asserted_contradicts_nothing(modality: str) -> None:
    assert kinds(claim("a-1", "openai owns app"),
                 claim("b-1", f"not openai owns app is {modality}")) == []


def test_each_pair_is_listed_once_whatever_the_order() -> None:
    some = [claim("c-1", "openai owns app"), claim("a-1", "not openai owns app"),
            claim("b-1", "not openai owns app by meta")]
    expected = [("affirmed and denied", "a-1", "c-1"), ("affirmed and denied", "b-1", "c-1")]
    assert kinds(*some) == kinds(*reversed(some)) == expected


def figure(name: str, line: str, amount: str | None = None) -> Claim:
    found = replace(claim(name, line), amount=Decimal(amount) if amount else None)
    return replace(found, unit=AIKG + "USDollar") if amount else found


@pytest.mark.parametrize(("one", "other", "kind"), [
    (("meta funds app", "5.0"), ("meta funds app", "6.0"), "amount"),
    (("meta funds app", "5.0"), ("meta funds app", "5.00"), None),
    (("meta funds app", "5.0"), ("meta funds phone", "5.0"), "definition"),
    (("meta funds app", "5.0"), ("openai funds app", "6.0"), None),
    (("meta funds app", "5.0"), ("not meta funds app", "6.0"), None),
    (("meta funds app", "5.0"), ("meta funds app is Supposed", "6.0"), None),
    (("meta funds app", "5.0"), ("meta funds app", None), None),
    (("meta funds app", None), ("meta funds phone", None), None),
])
def test_what_differs_without_a_contradiction(
    one: tuple[str, str | None], other: tuple[str, str | None], kind: str | None,
) -> None:
    found = list(differences([figure("a-1", *one), figure("b-1", *other)]))
    assert [dispute.kind for dispute in found] == ([kind] if kind else [])
    assert all(dispute.softer for dispute in found)


def test_another_bound_or_day_is_a_difference_too() -> None:
    one = replace(figure("a-1", "meta funds app", "5.0"), bound=AIKG + "AtMost")
    assert [dispute.kind for dispute in differences([one, replace(
        one, iri=CLAIM + "b-1", passages=("b",), bound=AIKG + "Exactly")])] == ["amount"]
    plain = replace(figure("a-1", "meta funds app"), valid_from="2025-01-01T00:00:00Z")
    assert [dispute.kind for dispute in differences([plain, replace(
        plain, iri=CLAIM + "b-1", passages=("b",), valid_from=None)])] == ["date"]
    assert list(differences([one, replace(one, iri=CLAIM + "b-1", amount=Decimal(9))])) == []
