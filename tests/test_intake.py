"""Intake: a text made a source, none of it kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, RdfFormat, Triple, parse

from aikg.errors import AikgError, UsageError
from aikg.intake import Details, new_source
from aikg.names import AIKG
from aikg.stub import parted
from aikg.turtle import iri

SHARED = Path(__file__).parents[2] / "shared" / "article"
TEXT = (Path(__file__).parent / "articles" / "northwind.txt").read_text("utf-8")
DETAILS = Details("northwind", "Northwind rents", "Example Press", "2026-03-01",
                  "https://example.com/northwind")


def triples(text: str, details: Details = DETAILS) -> list[Triple]:
    passages = new_source(text, details)[f"graph/sources/{details.id}.ttl"]
    return [quad.triple for quad in parse(passages.encode(), RdfFormat.TURTLE)]


def passages(text: str) -> list[tuple[str, ...]]:
    """Id, kind, offsets and digest of each passage, as the file has them."""
    found: dict[str, dict[str, str]] = {}
    for one in triples(text):
        assert isinstance(one.object, Literal) or iri(one.object)
        found.setdefault(iri(one.subject), {})[one.predicate.value] = one.object.value  # type: ignore[union-attr]
    names = ("passageId", "passageKind", "startOffset", "endOffset", "digest")
    rows = [tuple(one[AIKG + name] for name in names) for one in found.values()
            if AIKG + "digest" in one]
    return sorted(rows, key=lambda row: int(row[2]))


@pytest.mark.skipif(not SHARED.is_dir(), reason="the article is not part of the project")
def test_the_first_article_gets_the_passages_that_it_has() -> None:
    rows = (SHARED / "passages.tsv").read_text("utf-8").splitlines()[1:]
    assert passages((SHARED / "article.txt").read_text("utf-8")) == [
        tuple(row.split("\t")) for row in rows]


def test_offsets_and_digests_prove_the_text_and_hold_none_of_it() -> None:
    contents = new_source(TEXT, DETAILS)
    found = passages(TEXT)
    words = [TEXT[int(row[2]):int(row[3])] for row in found]
    assert words[1] == "Northwind Labs Inc. is a young company that trains language models."
    assert [word for word in words if any(word in text for text in contents.values())
            and word != DETAILS.url] == []


def test_there_is_a_stub_for_each_passage() -> None:
    rest, stubs = parted(new_source(TEXT, DETAILS)["graph/claims/northwind.ttl"])
    assert len(stubs) == len(passages(TEXT)) == 9
    assert "a aikg:Claim" not in rest
    assert [f"northwind:{row[0]} ;" in one for row, one in zip(passages(TEXT), stubs, strict=True)
            ] == [True] * 9


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_line_ends_and_a_byte_order_mark_change_nothing(ending: str) -> None:
    assert passages("\ufeff" + TEXT.replace("\n", ending)) == passages(TEXT)


def test_a_source_of_another_collection_lies_in_its_folder() -> None:
    assert sorted(new_source(TEXT, replace(DETAILS, collection="trade"))) == [
        "graph/collections/trade/claims/northwind.ttl",
        "graph/collections/trade/sources/northwind.ttl"]


@pytest.mark.parametrize(("field", "value", "says"), [
    ("id", "North Wind", "--id"), ("id", "", "--id"), ("id", "../x", "--id"),
    ("id", "a\n", "--id"), ("collection", "../x", "--collection"), ("title", " \n", "--title"),
    ("publisher", "a\x1b[0m", "--publisher"), ("date", "2026-02-30", "--date"),
    ("date", "yesterday", "--date"), ("date", "2026-W09-5", "--date"),
    ("url", "javascript:alert(1)", "--url"), ("url", "https://a b", "--url"),
    ("url", "https://a/\n", "--url"),
])
def test_details_that_cannot_stand_are_refused(field: str, value: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        new_source(TEXT, replace(DETAILS, **{field: value}))


@pytest.mark.parametrize(("text", "says"), [
    ("", "no text"), (" \n\t", "no text"), ("a\0b", "plain text"),
    ("<!DOCTYPE html><p>So.", "markup"), ("\n<html lang='en'>", "markup")])
def test_what_is_no_text_is_refused(text: str, says: str) -> None:
    with pytest.raises(AikgError, match=says):
        new_source(text, DETAILS)


@pytest.mark.parametrize("name", ["thing", "9to5", "wd"])
def test_an_id_that_is_a_prefix_of_ours_or_none_at_all_still_makes_turtle(name: str) -> None:
    assert len(triples(TEXT, replace(DETAILS, id=name))) == 9 * 7 + 9


@settings(max_examples=25)
@given(st.text(min_size=1), st.text(min_size=1))
def test_whatever_the_text_the_files_are_turtle(text: str, title: str) -> None:
    try:
        contents = new_source(text, replace(DETAILS, title=title))
    except AikgError:
        return
    for content in contents.values():
        assert list(parse(content.encode(), RdfFormat.TURTLE)) or "claims" not in content
