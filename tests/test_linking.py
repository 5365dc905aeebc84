"""The commands of `aikg link` as a person meets them: help, formats, exit codes, progress."""

from __future__ import annotations

import io
import json
import sys

import pytest

from aikg.cli import main
from aikg.linking import _progress, link

COMMANDS = sorted(link.commands)


def call(*arguments: str) -> int:
    with pytest.raises(SystemExit) as caught:
        main(["link", *arguments])
    assert isinstance(caught.value.code, int)
    return caught.value.code


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(name, "--help") == 0
    shown = capsys.readouterr().out
    assert f"Example: aikg link {name}" in shown
    assert "  --" in shown


def test_the_group_lists_its_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert COMMANDS == ["add", "check", "compare", "refresh", "suggest"]
    assert call("--help") == 0
    shown = capsys.readouterr().out
    assert all(f"\n  {name} " in shown for name in COMMANDS)


def test_the_report_of_a_check_is_a_table_or_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("check", "-f", "json") == 0
    assert json.loads(capsys.readouterr().out)["errors"] == 0
    assert call("check", "-f", "csv") == 2
    assert "csv does not fit here" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [
    ("refresh",), ("suggest", "OpenAI"), ("refresh", "--endpoint", "ftp://x/"),
    ("refresh", "--endpoint", "http://u:p@x/"), ("check", "--online", "x"),
    ("refresh", "--endpoint", "http://x/", "--deadline", "0"),
    ("refresh", "--endpoint", "http://x/", "--contact", "a) (b"), ("compare", "x"), ("nothing",),
])
def test_misuse_is_told_and_nothing_is_asked(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str],
) -> None:
    assert call(*arguments) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("Error: ")
    assert shown.err.count("\n") == 1


BAR = "\r[...............] 0 of 4\r[#######........] 2 of 4\r[###############] 4 of 4\n"


class Terminal(io.StringIO):
    """A stream that takes itself for a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("stream", "shown"), [
    (Terminal(), BAR),
    (io.StringIO(), ""), (None, ""),
])
def test_progress_is_shown_on_a_terminal_only(
    stream: io.StringIO | None, shown: str, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stderr", stream)
    for done in (0, 2, 4):
        _progress(done, 4)
    if stream is not None:
        assert stream.getvalue() == shown


def test_an_installed_package_keeps_its_files(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("aikg.files.is_checkout", lambda: False)
    assert call("refresh", "--endpoint", "http://127.0.0.1:9/") == 2
    assert call("add", "Nvidia", "owl:sameAs", "wd:Q1", "--author", "X") == 2
    assert capsys.readouterr().err.count("in a checkout, not in an installed package") == 2
