"""Confirmation: what an endpoint finds wrong with our links, at the line of the link."""

from __future__ import annotations

import pytest

from aikg.authored import Authored
from aikg.cli import main
from aikg.confirmation import confirm
from aikg.errors import StoreError
from aikg.links import read_mappings
from aikg.store import Store
from tests.loopback import serving
from tests.wikidata import CUT, EMPTY, HTML, LINKS, LOOP, WD, answering, engine, store


def line_of(item: str) -> int:
    (line,) = {row.line for row in read_mappings(str(LINKS)) if row.object == WD + item}
    return line


AUTHORED = Authored()
"""Read once: nothing here changes a file."""


def found(extra: str = "", without: str = "") -> list[tuple[str, str, int]]:
    return [(one.level, one.rule, one.line) for one in confirm(
        AUTHORED, engine(extra, without))]


def test_nothing_is_wrong_with_what_fits() -> None:
    assert found() == []


@pytest.mark.parametrize(("extra", "without", "level", "rule", "item"), [
    ("", "Q182477", "error", "missing", "Q182477"),
    ("wd:Q182477 owl:sameAs wd:Q1 .", "", "error", "redirect", "Q182477"),
    ('wd:Q182477 rdfs:label "Envidia"@en ; wdt:P31 wd:Q783794 .', "Q182477", "warning", "name",
     "Q182477"),
    ('wd:Q182477 rdfs:label "Nvidia"@en ; wdt:P31 wd:Q5 .', "Q182477", "warning", "class",
     "Q182477"),
])
def test_what_does_not_fit(extra: str, without: str, level: str, rule: str, item: str) -> None:
    assert found(extra, without) == [(level, rule, line_of(item))]


def test_an_item_that_is_only_close_may_have_another_name() -> None:
    assert found('wd:Q124605186 rdfs:label "Other"@en .', "Q124605186") == []


def test_an_endpoint_that_knows_nothing_is_told_apart() -> None:
    with pytest.raises(StoreError, match=r"knows none of the \d+ items: is it Wikidata's"):
        confirm(AUTHORED, Store(b"", lambda _: None))


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    for data, code, message in ((store(), 0, "2 checks run, 0 errors"),
                                (store(without="Q95"), 1, "Q95 is not there")):
        with serving(answering(data)) as server, pytest.raises(SystemExit) as caught:
            main(["link", "check", "--online", server.url, "--contact", "x@example.org"])
        shown = capsys.readouterr()
        assert caught.value.code == code
        assert message in shown.out + shown.err
        assert server.requests[0].headers["user-agent"] == "aikg/0.1.0 (x@example.org)"


@pytest.mark.parametrize("bad", [HTML, EMPTY, CUT, LOOP], ids=["html", "empty", "cut", "loop"])
def test_an_endpoint_that_lies(bad: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    with serving(bad) as server, pytest.raises(SystemExit) as caught:
        main(["link", "check", "--online", server.url])
    shown = capsys.readouterr()
    assert (caught.value.code, shown.out) == (1, "")
    assert shown.err.startswith(f"Error: {server.url}: ")
    assert shown.err.count("\n") == 1
