"""A selection: which sources and times a view holds."""

from __future__ import annotations

import pytest

from aikg.errors import UsageError
from aikg.selection import Document, Selection, chosen, selection

ARTICLE = Document("article", "The Article", "", None)
EARLY = Document("early", "Early Post", "trade", "2026-02-01T00:00:00Z")
LATE = Document("late", "Late Post", "trade", "2026-02-03T00:00:00Z")
OTHER = Document("other", "Other", "rumours", None)
ALL = (ARTICLE, EARLY, LATE, OTHER)


@pytest.mark.parametrize(("given", "expected"), [
    ({}, [ARTICLE]),
    ({"sources": "all"}, [*ALL]),
    ({"sources": "trade"}, [EARLY, LATE]),
    ({"sources": "late,article"}, [ARTICLE, LATE]),
    ({"sources": ["late post"]}, [LATE]),
    ({"sources": "all", "published_by": "2026-02-02"}, [EARLY]),
    ({"sources": "all", "published_by": "2026-02-03"}, [EARLY, LATE]),
    ({"as_of": "2020-01-01"}, [ARTICLE]),
])
def test_sources_of_a_selection(given: dict[str, str], expected: list[Document]) -> None:
    assert chosen(selection(**given), ALL) == tuple(expected)


@pytest.mark.parametrize("given", [
    {"sources": "nobody"}, {"published_by": "2026-02-03"},
    {"sources": "all", "published_by": "2026-01-31"}])
def test_a_selection_without_sources_is_misuse(given: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        chosen(selection(**given), ALL)


@pytest.mark.parametrize("given", [
    {"sources": ""}, {"sources": "a,,b"}, {"sources": " "}, {"as_of": ""}, {"as_of": "2026"},
    {"as_of": "2026-13-01"}, {"as_of": "2026-02-30"}, {"published_by": "2026-W01-1"},
    {"as_of": "\u0662\u0660\u0662\u0666-01-01"}, {"published_by": "2026-02-27\n"}])
def test_what_selects_nothing_sensible_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        selection(**given)


def test_a_selection_is_typed_as_it_is_made() -> None:
    made = selection("b,a b", "2026-01-01", "2026-02-01")
    assert made.options() == " --sources 'a b,b' --as-of 2026-01-01 --published-by 2026-02-01"
    assert (bool(made), bool(Selection()), Selection().options()) == (True, False, "")
