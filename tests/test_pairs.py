"""A relation is a set of pairs, whatever the order and the parts in which they come."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

np = pytest.importorskip("numpy", reason="the extra scale is not installed")

from aikg.pairs import HALF, LOWER, Numbers, Relation  # noqa: E402

NUMBERS = st.integers(0, 5)
PAIRS = st.lists(st.tuples(NUMBERS, NUMBERS), max_size=9)


def columns(pairs: list[tuple[int, int]]) -> tuple[Numbers, Numbers]:
    table = np.array(pairs, np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def as_pairs(numbers: Numbers) -> list[tuple[int, int]]:
    return [(int(number >> HALF), int(number & LOWER)) for number in numbers]


@given(st.lists(PAIRS, max_size=5), st.lists(NUMBERS, max_size=4))
def test_what_was_put_in_comes_out(parts: list[list[tuple[int, int]]], known: list[int]) -> None:
    one, held = Relation(), set[tuple[int, int]]()
    for part in parts:
        one.add(*columns(part))
        new = as_pairs(one.take())
        assert new == sorted(set(part) - held)
        held |= set(part)
    every = [(left, right) for left in range(6) for right in range(6)]
    assert [pair for pair, there in zip(every, one.holds(*columns(every)), strict=True)
            if there] == sorted(held)
    for turned in (False, True):
        found = [(known[row], int(value)) for rows, values in one.joined(
            np.array(known, np.int64), turned) for row, value in zip(rows, values, strict=True)]
        assert sorted(found) == sorted(
            (term, right) for term in known
            for left, right in ({(b, a) for a, b in held} if turned else held) if left == term)


def test_a_join_comes_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aikg.pairs.ROWS", 3)
    one = Relation()
    one.add(*columns([(left, right) for left in (1, 2) for right in range(5)] + [(3, 0)]))
    one.take()
    parts = list(one.joined(np.array([3, 1, 3, 2, 4])))
    assert [len(rows) for rows, _ in parts if len(rows)] == [1, 5, 1, 5]
    assert [int(row) for rows, _ in parts for row in rows] == [0, *[1] * 5, 2, *[3] * 5]


def test_what_was_given_was_not_concluded() -> None:
    one = Relation()
    one.add(*columns([(1, 2)]))
    one.given = one.take()
    one.add(*columns([(1, 2), (2, 1)]))
    one.take()
    assert as_pairs(one.concluded()) == [(2, 1)]
