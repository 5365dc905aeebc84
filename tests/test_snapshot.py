"""A snapshot: kept whole, in a graph of its own, and it says where it comes from."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from aikg import files
from aikg.build import build
from aikg.check import check
from aikg.cli import main
from aikg.errors import GraphError
from aikg.snapshot import Snapshot, newest, read_snapshot, write_snapshot
from aikg.turtle import write
from tests.loopback import Answer, serving
from tests.loopback import Request as Sent
from tests.wikidata import (
    BUSY,
    CUT,
    DAY,
    EMPTY,
    FAILED,
    HTML,
    LOOP,
    answering,
    changed,
    first,
    gathered,
    request,
    store,
)

pytestmark = pytest.mark.usefixtures("cache")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "project"
    shutil.copytree("tests/bad/check/sound", place)
    return place


def kept(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "graph" / "outside").glob("*")}


def test_a_snapshot_says_where_it_comes_from(folder: Path) -> None:
    path = write_snapshot(gathered(), DAY, str(folder))
    assert path == str(folder / "graph" / "outside" / "2000-01-01.ttl")
    assert newest(str(folder)) == read_snapshot(path) == Snapshot(
        "2000-01-01", request().endpoint, request().digest, len(request().items), 10)
    text = Path(path).read_text(encoding="utf-8")
    assert 'prov:generatedAtTime "2000-01-01T12:00:00Z"^^xsd:dateTime' in text
    assert f"<nih:sha-256;{request().digest}>" in text
    assert "_:" not in text
    assert "[]" not in text


def test_a_snapshot_passes_the_checks_and_is_built_apart(folder: Path) -> None:
    write_snapshot(gathered(), DAY, str(folder))
    write_snapshot(gathered(), DAY - timedelta(days=9), str(folder))
    report = check(("turtle", "vocabulary", "datatypes", "versions"), str(folder))
    assert [one for one in report.findings if "outside" in one.file] == []
    built = build(str(folder))
    assert [name for name in built if name.startswith("outside")] == ["outside-2000-01-01.nt"]
    assert b"prop/direct/P571" in built["outside-2000-01-01.nt"]
    assert b"wikidata" not in built["graph.nt"]
    assert json.loads(built["catalog.json"])["files"]["outside-2000-01-01.nt"]


def test_the_same_harvest_gives_the_same_bytes(folder: Path) -> None:
    write_snapshot(gathered(), DAY, str(folder))
    before = kept(folder)
    write_snapshot(gathered(), DAY, str(folder))
    assert kept(folder) == before


@pytest.mark.parametrize("part", [0, 4])
def test_an_empty_or_far_smaller_harvest_replaces_nothing(part: int, folder: Path) -> None:
    whole = gathered()
    write_snapshot(whole, DAY, str(folder))
    before = kept(folder)
    small = whole._replace(statements=whole.statements[:part], rows=part)
    for now in (DAY, DAY + timedelta(days=1)):
        with pytest.raises(GraphError, match="stay as they are"):
            write_snapshot(small, now, str(folder))
    assert kept(folder) == before


def test_a_smaller_one_that_is_large_enough_is_kept(folder: Path) -> None:
    whole = gathered()
    write_snapshot(whole, DAY, str(folder))
    write_snapshot(whole._replace(statements=whole.statements[:5], rows=5), DAY, str(folder))
    found = newest(str(folder))
    assert found
    assert found.rows == 5


def test_a_file_that_is_no_snapshot_is_told(folder: Path) -> None:
    path = folder / "graph" / "outside" / "1999-01-01.ttl"
    path.parent.mkdir()
    path.write_text(write([]), encoding="utf-8")
    with pytest.raises(GraphError, match=r"1999-01-01.ttl: does not say where it comes from"):
        newest(str(folder))


def test_a_place_that_cannot_be_written_is_told(folder: Path) -> None:
    (folder / "graph" / "outside").write_text("in the way", encoding="utf-8")
    with pytest.raises(GraphError, match="cannot be written"):
        write_snapshot(gathered(), DAY, str(folder))


@pytest.fixture
def project(folder: Path, monkeypatch: pytest.MonkeyPatch, impatient: None) -> Path:
    """A folder that the command takes for the package's own, with the real links in it."""
    shutil.copy("graph/links.sssom.tsv", folder / "graph")
    shutil.copytree("ontology/align", folder / "ontology" / "align")
    monkeypatch.setattr(files, "root", lambda: str(folder))
    return folder


def refresh(url: str, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as caught:
        main(["link", "refresh", "--endpoint", url, *more])
    shown = capsys.readouterr()
    assert isinstance(caught.value.code, int)
    return caught.value.code, shown.out, shown.err


def test_the_command_keeps_a_snapshot(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serving(first(BUSY, FAILED, then=answering())) as server:
        code, out, err = refresh(server.url, capsys)
    [name] = kept(project)
    assert (code, out) == (0, f"{project / 'graph' / 'outside' / name}\n")
    assert "429" in err
    assert "10 rows on 17 items: run `aikg build`" in err
    assert "[#" not in err, "a bar where there is no terminal"


BAD: dict[str, tuple[Answer | bytes, str]] = {
    "HTML": (HTML, "text/html where JSON results belong"),
    "nothing": (EMPTY, "not an answer"),
    "cut": (CUT, "not an answer"),
    "loop": (LOOP, "redirect"),
    "busy": (BUSY, "tried 4 times"),
    "failing": (FAILED, "tried 4 times"),
    "no such items": (answering(store(without="Q95")), "does not know Q95"),
    "no data": (answering(type(store())()), "does not know"),
    "cut in the middle": (changed(answering(), lambda data: data[:-30]), "the answer broke off"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_endpoint_changes_nothing(
    case: str, project: Path, capsys: pytest.CaptureFixture[str],
) -> None:
    write_snapshot(gathered(), DAY, str(project))
    links, before = (project / "graph" / "links.sssom.tsv").read_bytes(), kept(project)
    answer, message = BAD[case]
    with serving(answer) as server:
        code, out, err = refresh(server.url, capsys)
    assert (code, out) == (1, "")
    assert err.splitlines()[-1].startswith("Error: ")
    assert message in err
    assert "Traceback" not in err
    assert kept(project) == before
    assert (project / "graph" / "links.sssom.tsv").read_bytes() == links


def test_an_endpoint_that_never_answers_is_given_up(
    project: Path, capsys: pytest.CaptureFixture[str],
) -> None:
    def wait(_: Sent, __: object) -> bytes:
        server.closing.wait(10)
        return b""

    with serving(wait) as server:
        code, _, err = refresh(server.url, capsys, "--deadline", "1")
    assert code == 1
    assert "Error: " in err
    assert kept(project) == {}


