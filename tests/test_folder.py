"""The pages as files: every link resolves, nothing comes from outside, each page is well made."""

from __future__ import annotations

import os
import posixpath
import shutil
import subprocess
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from aikg.cli import main
from aikg.graph import Graph

pytest.importorskip("jinja2", reason="Jinja2, of the extra `serve`, is not installed")
pytest.importorskip("igraph", reason="igraph, of the extra `draw`, is not installed")

from aikg.web.folder import FileLinks, file_of, folder

CHECKER = os.environ.get("AIKG_VNU")
VOID = frozenset("meta link input br hr img path rect circle".split())


class Page(HTMLParser):
    """What a test asks of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and (not self.open or self.open.pop() != tag):
            self.wrong.append(tag)

    def values(self, *names: str) -> list[str]:
        return [value for _, attributes in self.tags for name, value in attributes.items()
                if name in names and value is not None]


@pytest.fixture(scope="module")
def files(graph: Graph) -> dict[str, bytes]:
    return folder(graph)


@pytest.fixture(scope="module")
def pages(files: dict[str, bytes]) -> dict[str, Page]:
    return {name: Page(content.decode()) for name, content in files.items()
            if name.endswith(".html")}


def test_every_thing_term_claim_passage_source_and_query_has_its_page(
    graph: Graph, files: dict[str, bytes],
) -> None:
    for name in ("index.html", "about.html", "query.html", "search.html", "static/style.css",
                 "thing/openai.html", "claim/bitpush-024.html", "query/shared-investors.html",
                 "source/bitpush-openai-financing.html", "ontology/ComputeSupplier.html",
                 "source/bitpush-openai-financing/I.p3.s1.html"):
        assert name in files
    things = [name for name in graph.lexicon.types if name.startswith("thing:")]
    assert {f"thing/{name[6:]}.html" for name in things} <= files.keys()


def test_file_names_differ_where_capitals_do_not_count(files: dict[str, bytes]) -> None:
    assert len({name.casefold() for name in files}) == len(files)


def test_every_link_leads_to_a_file_or_outside(
    files: dict[str, bytes], pages: dict[str, Page],
) -> None:
    broken, outside = set(), set()
    for name, page in pages.items():
        ids = set(page.values("id"))
        for value in page.values("href", "src", "action"):
            target = urlsplit(value)
            if target.scheme:
                outside.add(target.scheme)
            elif not target.path:
                broken |= set() if target.fragment in ids else {(name, value)}
            else:
                path = posixpath.normpath(
                    posixpath.join(posixpath.dirname(name), unquote(target.path)))
                broken |= set() if path in files else {(name, value)}
    assert broken == set()
    assert outside <= {"http", "https"}


def test_nothing_is_loaded_from_outside_and_nothing_runs(pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        tags = {tag for tag, _ in page.tags}
        assert tags.isdisjoint({"script", "iframe", "object", "embed", "base", "form"}), name
        assert "style" not in tags, name
        loaded = [attributes.get("href") for tag, attributes in page.tags if tag == "link"]
        assert not any("//" in str(address) for address in loaded)
        assert not [one for _, attributes in page.tags for one in attributes
                    if one.startswith("on") or one == "style"]


def test_each_page_is_well_made(pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        assert page.wrong == [], name
        assert page.open == [], name
        ids = page.values("id")
        assert len(ids) == len(set(ids)), name
        levels = [int(tag[1]) for tag, _ in page.tags if tag in ("h1", "h2", "h3", "h4")]
        assert levels.count(1) == 1, name
        assert all(after <= before + 1 for before, after in pairwise(levels))
        assert {"main", "header", "footer", "nav", "title"} <= {tag for tag, _ in page.tags}, name
        named = {ref for value in page.values("aria-labelledby") for ref in value.split()}
        assert named <= set(ids), name


@pytest.mark.skipif(not (CHECKER and shutil.which("java")),
                    reason="AIKG_VNU does not name the Nu Html Checker, or no java")
def test_the_checker_of_html_finds_nothing(files: dict[str, bytes], tmp_path: Path) -> None:
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    done = subprocess.run(["java", "-jar", str(CHECKER), "--skip-non-html", str(tmp_path)],
                          capture_output=True, encoding="utf-8", timeout=300, check=False)
    assert done.stderr == ""
    assert done.returncode == 0


@pytest.mark.parametrize(("path", "expected"), [
    ("/", "index.html"), ("/query", "query.html"), ("/thing/openai", "thing/openai.html"),
    ("/ontology/Modality", "ontology/Modality.html"),
    ("/ontology/modality", "ontology/modality.property.html")])
def test_the_file_of_a_path(path: str, expected: str) -> None:
    assert file_of(path) == expected


def test_links_are_relative_and_unsafe_ones_none() -> None:
    links = FileLinks(files={"/thing/a b": "thing/a b.html"}, up="../../")
    assert links.of("https://w3id.org/aikg/thing/a b") == "../../thing/a%20b.html"
    assert links.of("https://w3id.org/aikg/thing/unknown") is None
    assert links.of("https://example.org/") == "https://example.org/"
    assert links.of("javascript:alert(1)") is None


def test_the_command_writes_the_files(
    tmp_path: Path, files: dict[str, bytes], capfd: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "own.txt").write_text("stays", "utf-8")
    with pytest.raises(SystemExit) as ended:
        main.main(["export", "site", str(tmp_path)])
    assert not ended.value.code
    written = {path.relative_to(tmp_path).as_posix(): path.read_bytes()
               for path in tmp_path.rglob("*") if path.is_file()}
    assert written == {**files, "own.txt": b"stays"}, "and the same graph gives the same bytes"
    assert f"{len(files)} files" in capfd.readouterr().err


def test_a_folder_that_cannot_be_written_is_one_line(
    tmp_path: Path, capfd: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SystemExit) as ended:
        main.main(["export", "site", str(tmp_path / "file")])
    assert ended.value.code == 1
    assert capfd.readouterr().err.startswith("Error: cannot write ")
