"""The steps of CONTRIBUTING.md, from an article to a rule, run on a copy as they stand there."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Triple, parse

from aikg import files
from aikg.cli import main
from aikg.names import PREFIXES
from aikg.position import PREFIX
from aikg.stub import NAME, joined, parted
from aikg.turtle import read, write

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
STEP = re.compile(r"(?:<!-- (add to|new) (\S+) -->\n)?```(sh|turtle|sparql)\n(.*?)```", re.DOTALL)
WALK = PAGE[PAGE.index("## Walk through it once"):PAGE.index("## Add a link")]


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with the ontology and the rules, one question, and no source."""
    shutil.copytree(ROOT / "ontology", tmp_path / "ontology")
    shutil.copytree(ROOT / "queries" / "check", tmp_path / "queries" / "check",
                    ignore=shutil.ignore_patterns("*.tsv"))
    shutil.copytree(ROOT / "tests" / "articles", tmp_path / "tests" / "articles")
    (tmp_path / "aikg").mkdir()
    (tmp_path / "graph").mkdir()
    (tmp_path / "graph" / "entities.ttl").write_text("", "utf-8")
    monkeypatch.setattr(files, "_HERE", str(tmp_path / "aikg"))
    monkeypatch.setenv("AIKG_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(command: str) -> int:
    """The exit code of a line `aikg …`, run here."""
    with pytest.raises(SystemExit) as stopped:
        main(shlex.split(command)[1:])
    assert isinstance(stopped.value.code, int)
    return stopped.value.code


def triples(text: str, declared: dict[str, str]) -> list[Triple]:
    head = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in declared.items())
    return [quad.triple for quad in parse((head + text).encode(), RdfFormat.TURTLE)]


def add(path: Path, block: str) -> None:
    """Put a block into a file as a person would: each subject in its place, its stub gone."""
    text = path.read_text("utf-8")
    declared = {**PREFIXES, **dict(PREFIX.findall(text))}
    new = triples(block, declared)
    names = {match[1] for match in NAME.finditer(block)}
    stubs = [one for one in parted(text)[1] if NAME.search(one)[1] not in names  # type: ignore[index]
             and "boilerplate" not in one]
    whole = write([*read(str(path)), *new], declared)
    path.write_text(joined(whole, stubs, dict(PREFIX.findall(text))), "utf-8")
    for line in block.splitlines():
        assert line.rstrip(" ;.") in path.read_text("utf-8"), "the page is not in normal form"


def test_each_step_works_as_it_is_told(
    checkout: Path, capsys: pytest.CaptureFixture[str],
) -> None:
    outputs: dict[str, str] = {}
    headings = {"claim:northwind-001", "claim:northwind-004"}
    for how, name, kind, content in STEP.findall(WALK):
        if kind == "sh":
            for line in content.strip().splitlines():
                if line.startswith("aikg check"):  # nothing is left to be written
                    path = checkout / "graph" / "claims" / "northwind.ttl"
                    left = parted(path.read_text("utf-8"))[1]
                    assert {NAME.search(one)[1] for one in left} == headings  # type: ignore[index]
                    path.write_text(write(read(str(path)), {
                        **PREFIXES, **dict(PREFIX.findall(path.read_text("utf-8")))}), "utf-8")
                code = run(line)
                said = capsys.readouterr()
                assert code == 0, line + said.err + said.out
                outputs[line] = said.out
        elif how == "new":
            (checkout / name).parent.mkdir(exist_ok=True)
            (checkout / name).write_text(content, "utf-8")
        else:
            add(checkout / name, content)
    assert outputs["aikg run round-trips --investor Halden"].splitlines()[1:] == [
        "Northwind Labs\tHalden Power\tstated\tI.1.p1 I.1.p2"]
    assert outputs['aikg ask "whose money goes back to Halden"'].splitlines()[1:] == [
        "Northwind Labs\tHalden Power\tstated\tI.1.p1 I.1.p2"]


def test_a_later_text_is_taken_in(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    [line] = [line for line in WALK.splitlines() if line.startswith("aikg source add")]
    assert run(line) == 0
    assert run(line) == 2  # it is there
    text = Path("tests/articles/northwind.txt")
    text.write_text("Foreword.\n" + text.read_text("utf-8").replace("2.5 billion", "3 billion"))
    assert run("aikg source update tests/articles/northwind.txt") == 0
    rows = {row.split("\t")[0]: row.split("\t")[1] for row in
            capsys.readouterr().out.splitlines() if row.count("\t") == 2}
    assert (rows["I.1.p1"], rows["I.1.p2"], rows["0.p1.s1"]) == ("changed", "moved", "new")
    assert run("aikg source coverage northwind") == 0
    assert "0.p1.s1\tsentence\t0\tfalse" in capsys.readouterr().out
    assert run("aikg source coverage") == 0
    assert capsys.readouterr().out.splitlines()[1].startswith("northwind\t\t10\t0\t")
    assert run("aikg source coverage nowhere") == 3


def test_stubs_are_normal_in_a_claims_file_and_nowhere_else(
    checkout: Path, capsys: pytest.CaptureFixture[str],
) -> None:
    [line] = [line for line in WALK.splitlines() if line.startswith("aikg source add")]
    assert run(line) == 0
    (checkout / "graph" / "entities.ttl").unlink()
    assert run("aikg check turtle") == 0
    claims = checkout / "graph" / "claims" / "northwind.ttl"
    (checkout / "graph" / "other.ttl").write_text(claims.read_text("utf-8"), "utf-8")
    assert run("aikg check turtle") == 1
    assert capsys.readouterr().out.splitlines()[-2].startswith("graph/other.ttl:")


def test_an_installed_package_is_not_edited(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(files, "is_checkout", lambda: False)
    [line] = [line for line in WALK.splitlines() if line.startswith("aikg source add")]
    assert run(line) == 2
    assert "do this in a checkout" in capsys.readouterr().err
    assert not (checkout / "graph" / "sources").exists()
