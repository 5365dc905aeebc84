"""Lettering: the widths of texts, and their lines, on every machine the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aikg.lettering import CUT, lines, width


@pytest.mark.parametrize(("text", "expected"), [
    ("", 0), ("OpenAI", 10 * (0.8 + 0.65 + 0.65 + 0.65 + 0.7 + 0.3)), ("é", 6.5), ("e\u0301", 6.5),
    ("算", 10), ("\ufdfa", 10)])
def test_a_width_is_in_the_unit_of_the_size(text: str, expected: float) -> None:
    assert width(text, 10) == pytest.approx(expected)


@pytest.mark.parametrize(("text", "expected"), [
    ("a word or two", ("a word or", "two")),
    ("", ("",)), ("  \n ", ("",)),
    ("antidisestablishment", ("antidisesta", "blishment")),
    ("one two three four five six", ("one two", "three fou…")),
])
def test_a_text_breaks_between_words(text: str, expected: tuple[str, ...]) -> None:
    assert lines(text, 10, 60) == expected


@given(st.text(max_size=40), st.integers(1, 3))
def test_no_line_is_too_wide(text: str, count: int) -> None:
    found = lines(text, 10, 60, count)
    assert 1 <= len(found) <= count
    assert all(width(line, 10) <= 60 for line in found)
    if not found[-1].endswith(CUT):
        assert "".join(" ".join(found).split()) == "".join(text.split())
