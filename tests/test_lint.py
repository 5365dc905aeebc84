"""Lint: every rule fires where it should, at its line, and the stored queries break none."""

from __future__ import annotations

from pathlib import Path

import pytest

from aikg import files
from aikg.lint import RULES, TEXT_RULES, Finding, lint

BAD = Path(__file__).parent / "bad" / "queries"
# Smallest queries that break one rule each: file, line of what is wrong, rules that find it there.
CASES = (
    ("header-key", 8, "header"),
    ("header-phrasing", 3, "header"),
    ("header-reserved", 4, "header"),
    ("syntax", 15, "syntax"),
    ("slot-line", 11, "slot-line"),
    ("outside-from", 12, "outside"),
    ("outside-service", 15, "outside"),
    ("federated", 2, "federated"),
    ("outside-update", 7, "outside syntax"),
    ("select-star", 8, "select-star"),
    ("order-missing", 11, "order"),
    ("order-partial", 16, "order"),
    ("limit", 14, "limit"),
    ("aggregate", 11, "aggregate"),
    ("once", 15, "once"),
    ("once-projected", 11, "once"),
    ("bind-scope", 17, "bind-scope"),
    ("denied", 16, "denied"),
    ("term-class", 15, "term"),
    ("term-evidence", 6, "term"),
    ("term-param", 4, "term"),
    ("term-predicate", 15, "term"),
    ("term-unknown", 15, "term"),
    ("text-contains", 13, "text"),
    ("text-equal", 13, "text"),
    ("text-literal", 12, "text"),
    ("text-slot", 13, "text"),
    ("slot-place-end", 16, "slot-place"),
    ("slot-place-filter", 13, "slot-place"),
    ("slot-place-group", 13, "slot-place"),
    ("slot-branch", 14, "slot-branch"),
    ("slot-branch-optional", 15, "slot-branch"),
    ("slot-predicate", 13, "slot-predicate"),
    ("slot-bound", 20, "slot-bound"),
    ("graph-unnamed", 15, "graph"),
    ("graph-unused", 8, "graph"),
    ("evidence", 7, "evidence"),
    ("columns", 7, "columns"),
    ("columns-none", 2, "columns"),
)


def found(path: Path) -> list[Finding]:
    return lint(str(path))


def test_the_stored_queries_break_no_rule() -> None:
    assert [str(finding) for finding in lint(files.root() + "/queries")] == []


def test_a_sound_query_breaks_no_rule() -> None:
    assert found(BAD / "good.rq") == []


@pytest.mark.parametrize(("name", "line", "rules"), CASES, ids=[case[0] for case in CASES])
def test_a_rule_fires_at_its_line(name: str, line: int, rules: str) -> None:
    findings = found(BAD / f"{name}.rq")
    assert {finding.rule for finding in findings} == {*rules.split()}
    assert {(finding.file, finding.line) for finding in findings} == {
        (str(BAD / f"{name}.rq"), line)}
    assert all(finding.message and finding.fix for finding in findings)


def test_a_phrasing_belongs_to_one_query() -> None:
    shared = [finding for finding in found(BAD) if finding.rule == "phrasing"]
    assert [(Path(finding.file).name, finding.line) for finding in shared] == [
        ("phrasing-shared.rq", 4)]
    assert "good.rq" in shared[0].message


def test_each_rule_has_a_query_that_breaks_it() -> None:
    broken = {rule for _, _, rules in CASES for rule in rules.split()}
    assert broken == {rule for rule, *_ in (*TEXT_RULES, *RULES)} | {"header", "syntax"}
    assert {path.stem for path in BAD.glob("*.rq")} == {
        *(name for name, _, _ in CASES), "good", "phrasing-shared"}


def test_checks_are_left_out_and_words_in_texts_are_no_keywords(tmp_path: Path) -> None:
    (tmp_path / "check").mkdir()
    (tmp_path / "check" / "bad.rq").write_text("SELECT *", encoding="utf-8")
    text = (BAD / "good.rq").read_text(encoding="utf-8")
    text = text.replace("  ?owner aikg", "  # taken FROM it by SERVICE, LIMIT 5\n  ?owner aikg")
    (tmp_path / "good.rq").write_text(text, encoding="utf-8")
    assert found(tmp_path) == []


def test_a_file_that_is_not_utf_8_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "bad.rq").write_bytes((BAD / "good.rq").read_bytes() + b"# \xff\n")
    assert [finding.rule for finding in found(tmp_path)] == ["header"]


@pytest.mark.parametrize(("old", "new", "line"), [
    ("", "", None),
    ("https://query.wikidata.org/sparql", "http://example.org/sparql", 10),
    ("#+   columns", "#+   ask:\n#+     - \"who owns what out there\"\n#+   columns", 4),
    ("SERVICE <https://query.wikidata.org/sparql> { ?owner aikg:owns ?asset }",
     "?owner aikg:owns ?asset .", 2),
    ("#+ tags: [federated]\n", "", 9),
])
def test_a_query_that_asks_servers_outside(
    old: str, new: str, line: int | None, tmp_path: Path,
) -> None:
    (tmp_path / "federated").mkdir()
    path = tmp_path / "federated" / "asked.rq"
    text = (BAD / "federated.rq").read_text(encoding="utf-8")
    path.write_text(text.replace(old, new) if old else text, encoding="utf-8")
    wanted = {None: set(), 9: {("outside", 9), ("federated", 1)}}.get(line, {("federated", line)})
    assert {(finding.rule, finding.line) for finding in found(path)} == wanted


def test_a_snapshot_is_held_to_its_name(tmp_path: Path) -> None:
    text = (Path(files.root()) / "queries/outside/outside-facts.rq").read_text(encoding="utf-8")
    path = tmp_path / "outside-facts.rq"
    path.write_text(text, encoding="utf-8")
    assert found(path) == []
    path.write_text(text.replace("/graph/outside/", "/graph/"), encoding="utf-8")
    assert {finding.rule for finding in found(path)} == {"graph"}
