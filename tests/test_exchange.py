"""The commands export and import, on a copy of the checkout where they write."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aikg.authored import Authored
from aikg.cli import main
from aikg.export import FORMATS
from aikg.wellformed import turtle

ROOT = Path(__file__).resolve().parent.parent
RELEASE = ROOT / "graph" / "release" / "aikg.ttl"


def call(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def test_the_help_has_a_line_for_each_format() -> None:
    text = call("export", "--help").output
    for name, one in FORMATS.items():
        assert f"  {name} " in text
        assert one.help.split()[0] in text


@pytest.mark.parametrize(("arguments", "says"), [
    (["manchester"], "no Python library writes Manchester syntax"),
    (["nothing"], "no format 'nothing'"),
    (["csv"], "csv is several files: say where, with -o FOLDER"),
    (["csv", "-o", "-"], "say where, with -o FOLDER"),
    (["ttl", "-f", "json"], "the format stands behind export"),
    ([], "Missing argument 'FORMAT'"),
])
def test_misuse_is_told_in_a_line(arguments: list[str], says: str) -> None:
    done = call("export", *arguments)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert says in done.stderr
    assert done.stderr.count("\n") == 1


def test_one_file_goes_to_stdout_or_to_a_file(tmp_path: Path) -> None:
    file = tmp_path / "context.jsonld"
    assert call("export", "context", "-o", str(file)).exit_code == 0
    assert file.read_bytes() == call("export", "context").stdout_bytes


def test_several_go_to_a_folder_and_leave_the_rest_of_it(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    done = call("export", "csv", "-o", str(tmp_path))
    assert (done.exit_code, done.stdout) == (0, "")
    assert "2 files in" in done.stderr
    assert {one.name for one in tmp_path.iterdir()} == {"mine.txt", "facts.csv", "claims.csv"}


def test_a_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for name in ("file", "file/below"):
        done = call("export", "csv", "-o", str(tmp_path / name))
        assert done.exit_code == 1
        assert done.stderr.startswith("Error: cannot write")


def test_an_unchanged_file_has_no_differences() -> None:
    done = call("import", str(RELEASE), "-f", "csv")
    assert (done.exit_code, done.stdout) == (0, "kind,subject,difference,to do\n")
    assert done.stderr == "0 differences\n"


def test_what_cannot_be_compared_is_an_error_in_a_line(tmp_path: Path) -> None:
    for name in ("README.md", "none", "."):
        done = call("import", str(tmp_path / name) if name != "README.md" else str(ROOT / name))
        assert (done.exit_code, done.stdout) == (1, "")
        assert done.stderr.startswith("Error: ")
        assert done.stderr.count("\n") == 1


# On a copy

ADDED = """
thing:acme a aikg:Company, owl:NamedIndividual ; rdfs:label "Acme"@en .
thing:acme aikg:competesWith thing:openai ; aikg:formerName "\\u001b[31m" .
"""


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for part in ("ontology", "graph", "queries"):
        shutil.copytree(ROOT / part, tmp_path / part)
    (tmp_path / "aikg").mkdir()
    monkeypatch.setattr("aikg.files._HERE", str(tmp_path / "aikg"))
    text = RELEASE.read_text("utf-8").replace('"AMZN"@en,', '"AMZN stock"@en,')
    (tmp_path / "edited.ttl").write_text(text + ADDED, "utf-8")
    return tmp_path


def state(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes()
            for file in folder.rglob("*") if file.is_file()}


def test_nothing_is_written_unless_asked_and_then_only_what_can_be(checkout: Path) -> None:
    before = state(checkout)
    file = str(checkout / "edited.ttl")
    done = call("import", file, "-f", "tsv")
    assert (done.exit_code, done.stderr) == (1, "5 differences\n")
    assert "\x1b" not in done.stdout
    assert done.stdout.count(", or use --apply\n") == 3
    assert state(checkout) == before

    done = call("import", file, "--apply", "-f", "ttl")
    assert done.exit_code == 1
    assert "5 differences, 3 applied, 2 left" in done.stderr
    assert "aikg:subject thing:acme" in done.stdout
    after = state(checkout)
    assert {name for name in after if after[name] != before.get(name)} == {"graph/entities.ttl"}
    assert list(turtle(Authored(str(checkout)))) == []

    done = call("import", file, "--apply", "-f", "tsv")
    assert [row.split("\t")[:3] for row in done.stdout.splitlines()[1:]] == [
        ["new fact", "thing:acme", "thing:acme aikg:competesWith thing:openai"],
        ["new fact", "thing:acme", 'thing:acme aikg:formerName "\\\\u001B[31m"']]
    assert state(checkout) == after


def test_nothing_is_written_where_the_package_is_installed(
    checkout: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("aikg.files.is_checkout", lambda: False)
    before = state(checkout)
    done = call("import", str(checkout / "edited.ttl"), "--apply")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "use a checkout" in done.stderr
    assert state(checkout) == before
