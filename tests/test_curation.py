"""A reviewed row is added in canonical form and in one step, or the file stays as it was."""

from __future__ import annotations

import csv
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from aikg.authored import Authored
from aikg.cli import main
from aikg.curation import Judgement, add, canonical
from aikg.errors import AikgError, GraphError, UsageError
from aikg.links import parse_mappings, read_mappings, read_table
from aikg.names import THING

ROOT = Path(__file__).resolve().parent.parent
LINKS = "graph/links.sssom.tsv"
TODAY = date(2027, 1, 2)
BETA = Judgement(THING + "beta", "owl:sameAs", "wd:Q2", "A. Reviewer", comment="seen by hand")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "tests" / "bad" / "check" / "sound", tmp_path, dirs_exist_ok=True)
    return tmp_path


def added(folder: Path, judgement: Judgement, today: date = TODAY) -> str:
    add(judgement, Authored(str(folder)), today)
    return (folder / LINKS).read_text(encoding="utf-8")


def test_the_kept_file_is_its_own_canonical_form() -> None:
    text = (ROOT / LINKS).read_text(encoding="utf-8")
    assert canonical(*read_table(text, LINKS)) == text


def test_a_row_is_added_in_its_place(folder: Path) -> None:
    text = added(folder, BETA)
    (_, mapping) = parse_mappings(text, LINKS)
    assert (mapping.subject_label, mapping.predicate_label) == ("Beta", "same as")
    assert (mapping.object, mapping.comment) == ("http://www.wikidata.org/entity/Q2", BETA.comment)
    assert canonical(*read_table(text, LINKS)) == text
    assert "\tA. Reviewer\t" in text


def test_dates_stand_in_the_header_while_they_are_one(folder: Path) -> None:
    path = folder / LINKS
    text = path.read_text(encoding="utf-8").replace("#license", "#mapping_date: x\n#license")
    lines = text.replace("#mapping_date: x\n", "").split("\nsubject_id")
    path.write_text(f"{lines[0]}\n#mapping_date: 2027-01-02\nsubject_id{lines[1]}", "utf-8")
    one_day = added(folder, BETA)
    assert "#mapping_date: 2027-01-02\n" in one_day
    assert "\tmapping_date\t" not in one_day
    another = added(folder, replace(BETA, predicate="skos:exactMatch", object="dbr:Beta"),
                    date(2027, 1, 3))
    assert "#mapping_date" not in another
    rows = list(csv.DictReader((line for line in another.splitlines() if line[0] != "#"),
                               delimiter="\t"))
    assert [row["mapping_date"] for row in rows] == ["2027-01-02", "2027-01-02", "2027-01-03"]
    assert "#  dbr: http://dbpedia.org/resource/\n" in another


def test_identifiers_denials_and_vain_searches(folder: Path) -> None:
    added(folder, replace(BETA, predicate="LEI", object="INR2EJN1ERAN0W5ZP974"))
    added(folder, replace(BETA, object="Q3", negated=True))
    added(folder, replace(BETA, predicate="exact match", object="https://ror.org/", found=False))
    text = (folder / LINKS).read_text(encoding="utf-8")
    rows = parse_mappings(text, LINKS)
    assert [(one.value, one.negated, one.found) for one in rows if one.subject == BETA.subject] == [
        (None, True, True), ("INR2EJN1ERAN0W5ZP974", False, True), (None, False, False)]


REFUSED: dict[str, tuple[dict[str, object], type[AikgError], str]] = {
    "twice": ({"subject": THING + "alpha", "object": "wd:Q1"}, GraphError, ":9: not added"),
    "another": ({"subject": THING + "alpha"}, GraphError, "line 9 gives it another Wikidata"),
    "twins": ({"object": "wd:Q1"}, GraphError, "also thing:alpha (line 9)"),
    "denied": ({"subject": THING + "alpha", "object": "wd:Q1", "negated": True}, GraphError,
               "the new row denies it"),
    "check digit": ({"predicate": "LEI", "object": "INR2EJN1ERAN0W5ZP947"}, GraphError,
                    "check digit is wrong"),
    "relation": ({"predicate": "owl:differentFrom"}, UsageError, "no relation is called"),
    "nobody": ({"author": " "}, UsageError, "has an author"),
    "no text": ({"predicate": "LEI", "object": ""}, GraphError, "stands in object_label"),
    "prefix": ({"object": "nowhere:Q1"}, UsageError, "no known prefix"),
    "no prefix": ({"object": "Q1x"}, UsageError, "no known prefix"),
    "no IRI": ({"object": "wd:Q1> <x"}, UsageError, "no known prefix"),
    "grounds": ({"justification": "semapv:Guess"}, GraphError, "no kind of grounds"),
    "grounds without prefix": ({"justification": "by hand"}, UsageError, "no known prefix"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_wrong_row_is_refused_and_the_file_stays(case: str, folder: Path) -> None:
    changes, error, message = REFUSED[case]
    before = (folder / LINKS).read_bytes()
    with pytest.raises(error) as caught:
        added(folder, replace(BETA, **changes))  # type: ignore[arg-type]
    assert message in str(caught.value)
    assert (folder / LINKS).read_bytes() == before
    assert [path.name for path in (folder / "graph").iterdir() if path.name[0] == "."] == []


def test_a_malformed_file_is_not_written(folder: Path) -> None:
    path = folder / LINKS
    path.write_text(path.read_text(encoding="utf-8").replace("wd:Q1", "xx:Q1"), encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(GraphError, match=r"links\.sssom\.tsv:9:34: object_id 'xx:Q1' has no known"):
        added(folder, BETA)
    assert path.read_bytes() == before


def test_hostile_text_stays_in_its_cell(folder: Path) -> None:
    added(folder, replace(BETA, comment='a\tb\n"c"\x1b[31m', label="#x|y", author="A|B"))
    (_, mapping) = read_mappings(str(folder / LINKS))
    assert (mapping.comment, mapping.object_label) == ('a b "c" [31m', "#x|y")
    assert r"A\|B" in (folder / LINKS).read_text(encoding="utf-8")


def test_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    before = (ROOT / LINKS).read_bytes()
    for arguments, code, message in (
        ("link check", 0, "0 errors"),
        ("link add Nvidia LEI 549300S4KLFTLO7GSQ81 --author X", 1, "check digit"),
        ("link add Nvidia owl:sameAs wd:Q1", 2, "--author"),
        ("link add Nobody owl:sameAs wd:Q1 --author X", 3, "nothing is named"),
        ("link add Nvidia owl:sameAs wd:Q1 --author X --not --none", 2, "exclude each other"),
    ):
        with pytest.raises(SystemExit) as caught:
            main(arguments.split())
        assert caught.value.code == code
        assert message in capsys.readouterr().err
    assert (ROOT / LINKS).read_bytes() == before
