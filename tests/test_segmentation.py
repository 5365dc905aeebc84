"""Segmentation: a text cut into passages."""

from __future__ import annotations

import hashlib
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aikg.segmentation import segments, sentences

ARTICLE = Path(__file__).parents[2] / "shared" / "article"


def cut(text: str) -> list[str]:
    """Each passage as `id kind: text`."""
    return [f"{one.id} {one.kind}: {text[one.start:one.end]}" for one in segments(text)]


@pytest.mark.skipif(not ARTICLE.is_dir(), reason="the article is not part of the project")
def test_the_first_article_is_cut_as_it_was_by_hand() -> None:
    text = (ARTICLE / "article.txt").read_text("utf-8")
    rows = ["\t".join((one.id, one.kind, str(one.start), str(one.end), one.digest))
            for one in segments(text)]
    assert rows == (ARTICLE / "passages.tsv").read_text("utf-8").splitlines()[1:]


@pytest.mark.parametrize(("text", "expected"), [
    ("One. Two.", ["One.", "Two."]),
    ("Acme Inc. is rich. It pays.", ["Acme Inc. is rich.", "It pays."]),
    ("It bought Acme Corp. The rest is old.", ["It bought Acme Corp.", "The rest is old."]),
    ("Acme Corp. Labs sells.", ["Acme Corp. Labs sells."]),
    ("Models, e.g. Claude vs. LLaMA.", ["Models, e.g. Claude vs. LLaMA."]),
    ("Mr. J. R. Smith of the U.S. Treasury.", ["Mr. J. R. Smith of the U.S. Treasury."]),
    ("It left the U.S. It went home.", ["It left the U.S.", "It went home."]),
    ("It cost 3.5 billion. No. 4 paid 2.5.", ["It cost 3.5 billion.", "No. 4 paid 2.5."]),
    ("Why? Because! \u201cSo.\u201d (Yes.) Then",
     ["Why?", "Because!", "\u201cSo.\u201d", "(Yes.)", "Then"]),
    ("Wait\u2026 what? ok", ["Wait\u2026 what? ok"]),
    ("1. First of all. Then.", ["1. First of all.", "Then."]),
    ("  padded.  Twice.  ", ["padded.", "Twice."]),
    ("no end", ["no end"]), ("", []), ("   ", []),
    ("\u00c0 Paris. \u00c9tat.", ["\u00c0 Paris.", "\u00c9tat."]),
])
def test_sentences(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("Before.\nI. Part one\nText. More.\n1. Below\n- item\n* other\nII. Part two\nEnd.",
     ["0.p1.s1 sentence: Before.", "I.0 heading: I. Part one", "I.p1.s1 sentence: Text.",
      "I.p1.s2 sentence: More.", "I.1.0 heading: 1. Below", "I.1.p1 bullet: item",
      "I.1.p2 bullet: other", "II.0 heading: II. Part two", "II.p1.s1 sentence: End."]),
    ("# Title\nText.\n## Below\n## Next\n### Deep\n# Other\nIt ends.\nConclusion\nSo.",
     ["I.0 heading: # Title", "I.p1.s1 sentence: Text.", "I.1.0 heading: ## Below",
      "I.2.0 heading: ## Next", "I.2.1.0 heading: ### Deep", "II.0 heading: # Other",
      "II.p1.s1 sentence: It ends.", "C.0 heading: Conclusion", "C.p1.s1 sentence: So."]),
    ("Steps:\n1. Buy chips\n2. Train\n3) Sell",
     ["0.p1.s1 sentence: Steps:", "0.p2 bullet: Buy chips", "0.p3 bullet: Train",
      "0.p4 bullet: Sell"]),
    ("I. was here first.\nConclusion: none.", ["0.p1.s1 sentence: I. was here first.",
                                              "0.p2.s1 sentence: Conclusion: none."]),
    ("Read on: https://example.org/a\n\u00a9 2026 Acme\nSee https://example.org for more.",
     ["0.p1 boilerplate: Read on: https://example.org/a", "0.p2 boilerplate: \u00a9 2026 Acme",
      "0.p3.s1 sentence: See https://example.org for more."]),
    ("I. One\nI. Two\nConclusion\nConclusion",
     ["I.0 heading: I. One", "I.1.0 heading: I. Two", "C.0 heading: Conclusion",
      "C.1.0 heading: Conclusion"]),
    ("\n\n  \n", []), ("", []),
])
def test_lines(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


@given(st.text("aA.!?\n -\u00b7#I1\"x:", max_size=60))
@settings(max_examples=300, deadline=None, database=None)
def test_whatever_the_text_passages_are_in_order_and_miss_no_word(text: str) -> None:
    found = segments(text)
    assert all(one.start < two.start and one.end <= two.start
               for one, two in pairwise(found))
    assert len({one.id for one in found}) == len(found)
    for one in found:
        passage = text[one.start:one.end]
        assert passage == passage.strip() != ""
        assert one.digest == hashlib.sha256(passage.encode()).hexdigest()
    covered = "".join(text[one.start:one.end] for one in found)
    assert sum(map(str.isalpha, covered)) == sum(map(str.isalpha, text))
