"""Revision: what becomes of a source when its text changes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from aikg.errors import AikgError, AmbiguousName, UnknownName, UsageError
from aikg.intake import Details, new_source
from aikg.passage import Passage
from aikg.record import find_record, read_records
from aikg.revision import revise, revised
from aikg.segmentation import segments
from aikg.stub import parted

TEXT = (Path(__file__).parent / "articles" / "northwind.txt").read_text("utf-8")
CLAIM = """
claim:northwind-0{number:02}
    a aikg:Claim ;
    aikg:subject thing:northwind ;
    aikg:predicate aikg:develops ;
    aikg:object thing:northwind-models ;
    aikg:modality aikg:Stated ;
    aikg:statedIn northwind:{passage} ;
    rdfs:comment "So it is."@en .
"""


def passages(text: str) -> list[Passage]:
    return [Passage(one.id, one.kind, one.start, one.end, one.digest, True)
            for one in segments(text)]


def outcome(before: str, after: str) -> str:
    return " ".join(f"{one.part.id}:{one.status}" for one in revised(passages(before), after))


@pytest.mark.parametrize(("after", "expected"), [
    ("One is here. Two follows it.", "0.p1.s1:ok 0.p1.s2:ok"),
    ("Zero. One is here. Two follows it.", "0.p1.s1:moved 0.p1.s2:moved 0.p1.s1.n2:new"),
    ("One is here. Two never follows.", "0.p1.s1:ok 0.p1.s2:changed"),
    ("One was here. Two follows it.", "0.p1.s1:changed 0.p1.s2:moved"),
    ("One is here.", "0.p1.s1:ok 0.p1.s2:missing"),
    ("One is here. Two follows it. Three.", "0.p1.s1:ok 0.p1.s2:ok 0.p1.s3:new"),
    ("One is here. A new one. Two follows it.", "0.p1.s1:ok 0.p1.s2:moved 0.p1.s2.n2:new"),
    ("- Two follows it.", "0.p1.s1:missing 0.p1.s2:moved"),
])
def test_what_became_of_each_passage(after: str, expected: str) -> None:
    assert outcome("One is here. Two follows it.", after) == expected


def test_what_moved_is_where_the_words_are() -> None:
    after = "Zero.\nOne is here. Two follows it."
    places = {one.part.id: after[one.part.start:one.part.end]
              for one in revised(passages("One is here. Two follows it."), after)}
    assert places == {"0.p1.s1": "One is here.", "0.p1.s2": "Two follows it.",
                      "0.p1.s1.n2": "Zero."}


def test_an_empty_text_is_refused() -> None:
    with pytest.raises(AikgError):
        revised(passages("One."), " ")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Authored files with one source; a claim on the second passage, stubs for the others."""
    for name, content in new_source(TEXT, Details("northwind", "Northwind", "Example")).items():
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        rest, stubs = parted(content)
        if stubs:
            content = f"{rest}\n{CLAIM.format(number=2, passage='I.p1.s1')}\n" + "\n\n".join(
                stubs[2:]) + "\n"
        path.write_text(content, "utf-8")
    return tmp_path


def contents(folder: Path, text: str) -> dict[str, str]:
    return revise(find_record("northwind", read_records(str(folder))), text, str(folder))[1]


def test_the_same_text_changes_no_file(folder: Path) -> None:
    first = contents(folder, TEXT)  # the claims of the fixture are not in normal form
    assert [name for name in first if "sources" in name] == []


def test_a_changed_passage_marks_its_claims_and_keeps_the_stubs(folder: Path) -> None:
    changed = contents(folder, TEXT.replace("young company", "old company") + "One more.\n")
    claims = changed["graph/claims/northwind.ttl"]
    assert 'aikg:toReview "I.p1.s1 changed" ;' in claims
    assert claims.count("a aikg:Claim") == 1 + 7 + 1
    assert "claim:northwind-010" in claims
    assert changed["graph/sources/northwind.ttl"].count("a aikg:Passage") == 10


def test_what_is_missing_stays_while_a_claim_rests_on_it(folder: Path) -> None:
    kept = TEXT[TEXT.index("## Who pays"):]
    found = contents(folder, kept)
    assert "northwind:I.p1.s1\n" in found["graph/sources/northwind.ttl"]
    assert "northwind:I.p1.s2\n" not in found["graph/sources/northwind.ttl"]
    assert '"I.p1.s1 missing"' in found["graph/claims/northwind.ttl"]


def test_a_source_without_places_is_not_revised(folder: Path) -> None:
    record = find_record("northwind", read_records(str(folder)))
    placeless = tuple(replace(one, start=-1, end=-1) for one in record.passages)
    with pytest.raises(UsageError, match="without its text"):
        revise(replace(record, passages=placeless), TEXT, str(folder))


@pytest.mark.parametrize("name", ["northwind", "source:northwind", "Example", "NORTHWIND", ""])
def test_a_source_is_found_by_its_names(name: str, folder: Path) -> None:
    assert find_record(name, read_records(str(folder))).id == "northwind"


def test_a_source_that_is_not_there_is_told(folder: Path) -> None:
    with pytest.raises(UnknownName):
        find_record("halden", read_records(str(folder)))
    with pytest.raises(AmbiguousName):
        find_record("", [*read_records(str(folder))] * 2)
