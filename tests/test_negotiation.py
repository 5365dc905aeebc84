"""Content negotiation: the cases of RFC 9110, section 12.5.1, and what strangers send."""

from __future__ import annotations

import pytest

from aikg.web.negotiation import (
    CSV,
    GRAPHS,
    HTML,
    RESULTS_JSON,
    RESULTS_XML,
    TABLES,
    TSV,
    TURTLE,
    Form,
    choose,
)

PAGE = (*TABLES, HTML)


@pytest.mark.parametrize(("accept", "forms", "expected"), [
    (None, PAGE, RESULTS_JSON), ("", PAGE, RESULTS_JSON), ("*/*", PAGE, RESULTS_JSON),
    ("text/html", PAGE, HTML), ("text/html, */*;q=0.1", PAGE, HTML), ("TEXT/HTML", PAGE, HTML),
    ("text/*", PAGE, CSV), ("text/*", (*GRAPHS, HTML), TURTLE),
    ("application/*", PAGE, RESULTS_JSON),
    ("text/csv;q=0.5, text/html;q=0.4", PAGE, CSV), ("text/csv, text/html;q=0.999", PAGE, CSV),
    ("text/tab-separated-values ; charset=utf-8 ; q=1", PAGE, TSV),
    ("application/xml", PAGE, RESULTS_XML), ("application/json;q=0.1", PAGE, RESULTS_JSON),
    ("text/csv;q=0, text/*", PAGE, TSV), ("*/*, text/html;q=0", (HTML,), None),
    ("image/png", PAGE, None), ("text/csv;q=0", (CSV,), None), ("*/*;q=0", PAGE, None),
    ("text/html;q=0.8, text/csv;q=0.8", PAGE, CSV), ("*", PAGE, RESULTS_JSON),
    ("text/html;q=1.0000, text/csv;q=2", PAGE, None), ("text/html;q=nan, text/csv", PAGE, CSV),
    ("text/html;q=-1, */*;q=0.1", PAGE, RESULTS_JSON), (",,;;,", PAGE, None),
    ("text/html;level=1", PAGE, HTML), ("/, */html, text/", PAGE, RESULTS_JSON),
    ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", PAGE, HTML),
    ("text/html," * 5_000, PAGE, HTML),
])
def test_the_form_that_fits_best_is_chosen(
    accept: str | None, forms: tuple[Form, ...], expected: Form | None,
) -> None:
    assert choose(accept, forms) == expected


def test_text_says_that_it_is_utf_8() -> None:
    assert CSV.content_type == "text/csv; charset=utf-8"
    assert RESULTS_JSON.content_type == "application/sparql-results+json"
