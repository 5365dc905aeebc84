"""Passages: each is proved, and moved, changed and missing ones are told apart."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from pathlib import Path

import pytest

from aikg.graph import Graph
from aikg.names import SOURCE
from aikg.passage import Finding, Passage, passages_of, uncovered, verify

ARTICLE = Path(__file__).resolve().parent.parent.parent / "shared" / "article" / "article.txt"
LINES = [
    "A heading about three mills",
    "The old mill grinds the corn of the valley, as it did a century ago.",
    "The new mill — naïve as its owners are — grinds nothing at all.",
    "• sails",
    "• millstones of granite from the hills",
    "Nobody knows what the third mill is for.",
]
TEXT = "\n".join(LINES) + "\n"


def passage(number: int, text: str = TEXT) -> Passage:
    line = LINES[number].removeprefix("• ")
    start = text.index(line)
    digest = hashlib.sha256(line.encode()).hexdigest()
    return Passage(f"p{number}", "sentence", start, start + len(line), digest, True)


PASSAGES = [passage(number) for number in range(len(LINES))]


def statuses(text: str) -> str:
    """The first letter of each passage's status; ok is a dot."""
    letters = {"ok": ".", "moved": "m", "changed": "c", "missing": "-"}
    return "".join(letters[finding.status] for finding in verify(PASSAGES, text))


@pytest.mark.parametrize(("text", "expected"), [
    (TEXT, "......"),
    (TEXT.rstrip(), "......"),
    (TEXT.replace("\n", "\r\n"), "......"),
    (TEXT.replace("\n", "\r"), "......"),
    ("\ufeff" + TEXT, "......"),
    ("Preface.\n" + TEXT, "mmmmmm"),
    (TEXT.replace("sails", "sails\nPaid notice"), "....mm"),
    (TEXT.replace("corn", "wheat"), ".cmmmm"),
    (TEXT.replace("corn", "rice"), ".c...."),
    (TEXT.replace("naïve", "naive"), "..c..."),
    (TEXT.replace("naïve", "nai\u0308ve"), "..cmmm"),
    (TEXT.replace(LINES[1] + "\n", ""), ".-mmmm"),
    (TEXT.replace(LINES[1] + "\n", "").replace(LINES[2] + "\n", ""), ".--mmm"),
    (TEXT.replace("• sails\n", ""), "...-mm"),
    (TEXT.replace("sails", "wings"), "...c.."),
    (TEXT[:TEXT.index("granite")], "....c-"),
    (TEXT[:TEXT.index("•")], "...---"),
    ("", "------"),
    ("\n".join([*LINES[3:], *LINES[:3]]), "mmmmmm"),
    ("\n".join(LINES[:1] + LINES[2:] + LINES[1:2]), ".mmmmm"),
])
def test_what_became_of_each_passage(text: str, expected: str) -> None:
    assert statuses(text) == expected


def test_a_moved_passage_is_found_where_it_is() -> None:
    text = "Preface.\n" + TEXT
    assert all(text[one.start:].startswith(line.removeprefix("• "))
               for one, line in zip(verify(PASSAGES, text), LINES, strict=True))


def test_of_two_places_the_nearer_one_is_taken() -> None:
    text = LINES[5] + "\n" + TEXT.replace(LINES[5], "More.\n" + LINES[5])
    assert verify(PASSAGES, text)[5].start == text.rindex(LINES[5])


def test_a_short_passage_elsewhere_is_not_taken_for_moved() -> None:
    text = TEXT.replace("sails", "wings") + "sails\n"
    assert verify(PASSAGES, text)[3].status == "changed"


def test_a_part_of_a_word_is_not_taken_for_a_passage() -> None:
    assert statuses(TEXT.replace(LINES[5], "Soon all will be known. Some" + LINES[5]))[5] == "c"
    assert statuses(TEXT.replace(LINES[0], "A title") + LINES[0] + "tones\n")[0] == "c"


def test_a_large_strange_text_takes_no_time() -> None:
    begin = time.perf_counter()
    assert set(statuses("some other words " * 20_000)) == {"c"}
    assert time.perf_counter() - begin < 5


def placeless(text: str) -> Passage:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Passage("s1", "sentence", -1, -1, digest, True, len(text))


@pytest.mark.parametrize(("text", "status"), [
    ("Before. One is \n here. After.", "ok"), ("One is here.", "ok"),
    ("\ufeffOne\r\nis here.", "ok"),
    ("One was here.", "missing"), ("BOne is here.", "missing"), ("", "missing")])
def test_a_passage_without_a_place_is_found_wherever_it_stands(text: str, status: str) -> None:
    assert [one.status for one in verify([placeless("One is here.")], text)] == [status]


def test_uncovered_passages_are_named() -> None:
    bare = PASSAGES[0]
    found = [Finding(PASSAGES[1], "ok", 0)]
    assert uncovered(found) == []
    lonely = Passage(bare.id, bare.kind, bare.start, bare.end, bare.digest, False)
    assert uncovered([*found, Finding(lonely, "ok", 0)]) == [lonely]


def test_passages_of_the_graph(graph: Graph) -> None:
    found = passages_of(SOURCE + "bitpush-openai-financing", graph.engine)
    assert Counter(one.kind for one in found) == {
        "sentence": 60, "bullet": 23, "heading": 11, "boilerplate": 3}
    assert [one.start for one in found] == sorted(one.start for one in found)
    assert all(one.start < one.end for one in found)
    assert [one.id for one in found if not one.covered] == []
    assert passages_of(SOURCE + "unknown", graph.engine) == ()


@pytest.mark.skipif(not ARTICLE.exists(), reason="the text of the article is not here")
def test_the_article_holds_every_passage_where_it_should(graph: Graph) -> None:
    found = verify(passages_of(SOURCE + "bitpush-openai-financing", graph.engine),
                   ARTICLE.read_text("utf-8"))
    assert {one.status for one in found} == {"ok"}
    assert len(found) == 97
