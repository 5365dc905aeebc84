"""The commands of the faces: what `aikg draw` prints, and how it ends."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from aikg import page
from aikg.cli import main


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main.main(list(arguments))
    return int(ended.value.code or 0)


@pytest.mark.parametrize(("arguments", "begins"), [
    (["OpenAI", "-f", "mermaid"], "flowchart LR\n"),
    (["shared-investors", "-f", "dot"], 'digraph "'),
    (["-f", "mermaid", "compute-suppliers", "--customer", "OpenAI"], "flowchart LR\n"),
    (["Open AI", "--all", "-f", "dot"], "digraph \"OpenAI\""),
])
def test_a_picture_goes_to_stdout(
    arguments: list[str], begins: str, capfd: pytest.CaptureFixture[str],
) -> None:
    assert run("draw", *arguments) == 0
    said = capfd.readouterr()
    assert said.out.startswith(begins)
    assert said.err == ""


@pytest.mark.parametrize(("arguments", "code", "reason"), [
    (["Opennai"], 3, "did you mean"),
    (["OpenAI", "--customer", "x"], 2, "no such option or argument: --customer"),
    (["compute-suppliers", "--custom", "x"], 2, "its slots are"),
    (["compute-suppliers", "--customer", "Nobody"], 3, "nothing is named"),
    (["OpenAI", "-f", "csv"], 2, "'svg', 'mermaid', 'dot'"),
    (["OpenAI", "-o", "x.png"], 2, "no picture is written as png"),
    (["openness", "--company", "Google"], 3, "nothing to draw"),
])
def test_what_cannot_be_drawn_is_one_line(
    arguments: list[str], code: int, reason: str, capfd: pytest.CaptureFixture[str],
) -> None:
    assert run("draw", *arguments) == code
    said = capfd.readouterr()
    assert said.out == ""
    assert reason in said.err
    assert len(said.err.splitlines()) == 1


@pytest.mark.parametrize(("name", "begins"), [
    ("a.svg", "<?xml"), ("a", "<?xml"), ("a.mmd", "flowchart"), ("a.gv", "digraph")])
def test_the_ending_of_a_file_gives_the_format(tmp_path: Path, name: str, begins: str) -> None:
    if begins == "<?xml":
        pytest.importorskip("igraph", reason="igraph, of the extra `draw`, is not installed")
    assert run("draw", "xAI", "-o", str(tmp_path / name)) == 0
    assert (tmp_path / name).read_text("utf-8").startswith(begins)


def test_without_the_layout_a_picture_names_the_extra(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setitem(sys.modules, "igraph", None)
    assert run("draw", "xAI") == 1
    assert capfd.readouterr().err.endswith("pip install 'aikg[draw]'\n")


@pytest.mark.parametrize(("module", "command", "extra"), [
    ("mcp", ["mcp"], "mcp"), ("jinja2", ["export", "site", "x"], "docs")])
def test_without_its_library_a_command_names_the_extra(
    module: str, command: list[str], extra: str, monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str], tmp_path: Path,
) -> None:
    page.environment.cache_clear()  # another test may have made pages
    monkeypatch.chdir(tmp_path)
    loaded = ("aikg.agent", "aikg.web", "mcp")
    for name in [name for name in sys.modules if name.startswith(loaded)]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, module, None)
    assert run(*command) == 1
    assert capfd.readouterr().err.endswith(f"pip install 'aikg[{extra}]'\n")
    page.environment.cache_clear()
