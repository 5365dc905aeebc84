"""The documents are true: their commands run, their output is real, their links lead somewhere."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from aikg.names import AIKG
from aikg.turtle import read

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = ("README.md", "CONTRIBUTING.md")
SET_UP = "python3 -m venv .venv && .venv/bin/pip install "


def text_of(document: str) -> str:
    """The document without the walk through all steps, which tests/test_contributing.py takes."""
    text = (ROOT / document).read_text("utf-8")
    return re.sub(r"^## Walk through.*?(?=^## )", "", text, flags=re.MULTILINE | re.DOTALL)


def commands(document: str) -> list[str]:
    """The lines of the document's sh blocks."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", text_of(document), re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line]


def aikg(command: str, folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """Run the `aikg …` command at the end of a line, in a folder, at a width of 100 columns."""
    arguments = shlex.split(command.rpartition("&& ")[2])
    assert arguments[0].removeprefix(".venv/bin/") == "aikg"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100", "HOME": str(folder)}
    return subprocess.run(
        [sys.executable, "-m", "aikg", *arguments[1:], *more], cwd=folder, env=environment,
        capture_output=True, encoding="utf-8", timeout=60, stdin=subprocess.DEVNULL)


def test_the_two_commands_stand_whole_on_one_line() -> None:
    assert [line for line in commands("README.md") if line.startswith("python3 ")] == [
        SET_UP + """. && .venv/bin/aikg ask "who supplies OpenAI's compute\"""",
        SET_UP + "'.[test]' && .venv/bin/python -m pytest",
    ]


def test_the_answer_is_what_the_command_prints(tmp_path: Path) -> None:
    [shown] = re.findall(r"^<!-- answer.*?-->\n```text\n(.*?)```\n<!-- /answer -->$",
                         text_of("README.md"), re.MULTILINE | re.DOTALL)
    [command] = [line for line in commands("README.md") if line.startswith(SET_UP + ". ")]
    done = aikg(command, tmp_path, "--format", "table")
    assert done.returncode == 0, done.stderr
    assert shown == done.stdout
    assert "Microsoft" in shown


@pytest.mark.parametrize("command", [
    line for document in DOCUMENTS for line in commands(document) if line.startswith("aikg ")])
def test_command_runs(command: str, tmp_path: Path) -> None:
    if "../shared" in command and not (ROOT / "../shared").is_dir():
        pytest.skip("the text of the article is not beside the checkout")
    done = aikg(command.replace("../shared", str(ROOT.parent / "shared")), tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_and_paths_lead_to_files(document: str) -> None:
    prose = re.sub(r"^```.*?^```$", "", text_of(document), flags=re.MULTILINE | re.DOTALL)
    links = [link for link in re.findall(r"\]\(([^)#]+)", prose) if "://" not in link]
    paths = re.findall(r"`((?:aikg|ontology|graph|queries|tests|benchmarks)/[\w./-]*)`", prose)
    named = [path for path in links + paths if "NAME" not in path]
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_terms_exist(document: str) -> None:
    named = {NamedNode(AIKG + name) for name in re.findall(r"aikg:(\w+)", text_of(document))}
    files = (ROOT / "ontology").glob("*.ttl")
    defined = {triple.subject for file in files for triple in read(str(file))}
    assert named
    assert named - defined == set()


def test_extras_exist() -> None:
    project = tomllib.loads(text_of("pyproject.toml"))["project"]
    named = {extra for document in (*DOCUMENTS, ".ci/run")
             for extra in re.findall(r"'\.\[([\w-]+)\]'", text_of(document))}
    assert named
    assert named <= set(project["optional-dependencies"])


def test_readme_is_short() -> None:
    assert len(text_of("README.md").splitlines()) < 120


def test_ci_takes_its_commands_from_the_readme() -> None:
    script = text_of(".ci/run")
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    wanted = re.findall(r"\$\(readme '(.+?)'\)", script)
    assert len(wanted) == 2
    for part in wanted:
        assert len([line for line in commands("README.md")
                    if line.startswith(SET_UP) and part in line]) == 1


def test_ci_runs_what_a_plain_pytest_leaves_out() -> None:
    options = tomllib.loads(text_of("pyproject.toml"))["tool"]["pytest"]["ini_options"]
    [marker] = options["markers"]
    name = marker.partition(":")[0]
    assert options["addopts"][-2:] == ["-m", f"not {name}"]
    assert f".venv/bin/python -m pytest -m {name}\n" in text_of(".ci/run")
    assert f"`pytest -m {name}`" in text_of("CONTRIBUTING.md")
