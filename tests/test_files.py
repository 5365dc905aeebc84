"""Files: where things are, whole files or none, and text that is text."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest

from aikg import files
from aikg.errors import AikgError


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package in a checkout."""
    (tmp_path / "aikg").mkdir()
    for name in ("queries/b.rq", "queries/a.rq", "queries/.hidden.rq", "queries/notes.txt",
                 "graph/claims/x.ttl", "graph/links.sssom.tsv", "graph/release/aikg.ttl",
                 "ontology/aikg.ttl", "other/y.ttl", "aikg/z.py", "aikg/names.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    monkeypatch.setattr(files, "_HERE", str(tmp_path / "aikg"))
    return tmp_path


def test_sources_are_the_authored_files_in_order(package: Path) -> None:
    names = ["ontology/aikg.ttl", "graph/links.sssom.tsv", "graph/claims/x.ttl", "queries/a.rq",
             "queries/b.rq"]
    found = list(files.source_files())
    assert [name for name, _ in found] == names
    assert all(Path(path) == package / name for name, path in found)
    assert [name for name, _ in files.module_files()] == ["z.py"]


def test_data_lies_above_the_package_in_a_checkout(package: Path) -> None:
    assert (files.root(), files.is_checkout()) == (str(package), True)
    assert files.built_folder() == str(package / "aikg" / "built")


def test_data_lies_beside_the_modules_when_installed(package: Path) -> None:
    (package / "queries").rename(package / "aikg" / "queries")
    assert (files.root(), files.is_checkout()) == (str(package / "aikg"), False)


def test_without_data_the_error_says_what_to_do(package: Path) -> None:
    (package / "queries").rename(package / "questions")
    with pytest.raises(AikgError, match="reinstall"):
        files.root()


def test_the_working_directory_does_not_matter(
    package: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch,
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "queries").mkdir()
    monkeypatch.chdir(elsewhere)
    assert files.root() == str(package)


# The cache


def test_the_cache_is_where_the_user_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AIKG_CACHE", str(tmp_path / "a" / "b"))
    assert files.cache_folder() == str(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(sys.platform != "linux", reason="each system has a place of its own")
def test_the_cache_is_in_the_home_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AIKG_CACHE", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert files.cache_folder() == str(tmp_path / ".cache" / "aikg")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert files.cache_folder() == str(tmp_path / "cache" / "aikg")
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert files.cache_folder() is None


def test_no_cache_where_nothing_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "file").touch()
    for place in (tmp_path / "file", tmp_path / "file" / "below", Path(os.devnull)):
        monkeypatch.setenv("AIKG_CACHE", str(place))
        assert files.cache_folder() is None


def test_the_last_three_are_kept(tmp_path: Path) -> None:
    for age, name in enumerate("edcba"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "graph.nt").touch()
        os.utime(tmp_path / name, (1_000 + age, 1_000 + age))
    files.prune_cache(str(tmp_path))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b", "c"]


# Folders


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("before", [None, {}, {"a": b"old"}, {"a": b"old", "left": b"over"}])
def test_a_folder_is_written_whole(before: dict[str, bytes] | None, tmp_path: Path) -> None:
    folder = tmp_path / "built"
    if before is not None:
        folder.mkdir()
        for name, data in before.items():
            (folder / name).write_bytes(data)
    new = {"a": b"1", "catalog.json": b"{}", "empty": b""}
    files.write_folder(str(folder), new)
    assert content(folder) == files.read_folder(str(folder)) == new
    assert [path.name for path in tmp_path.iterdir()] == ["built"]


@pytest.mark.parametrize("fails", ["open", "replace"])
def test_what_cannot_be_written_leaves_nothing_behind(
    fails: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = tmp_path / "built"
    files.write_folder(str(folder), {"a": b"old"})

    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    if fails == "open":
        monkeypatch.setattr(files, "open", fail, raising=False)
    else:
        monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="No space"):
        files.write_folder(str(folder), {"a": b"new"})
    monkeypatch.undo()
    assert content(folder) == {"a": b"old"}
    assert [path.name for path in tmp_path.iterdir()] == ["built"]


def test_the_catalog_is_put_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who sees the new catalog sees the new files."""
    folder = tmp_path / "built"
    new = {"z": b"1", "catalog.json": b"1", "a": b"1"}
    files.write_folder(str(folder), dict.fromkeys(new, b""))
    order = []
    replace = os.replace

    def note(source: str, target: str) -> None:
        order.append(os.path.basename(target))
        replace(source, target)

    monkeypatch.setattr(os, "replace", note)
    files.write_folder(str(folder), new)
    assert order[-1] == "catalog.json"
    assert sorted(order) == sorted(new)


# Text


@pytest.mark.parametrize(("data", "text"), [
    (b"", ""), (b"plain\r\n", "plain\r\n"), ("\ufeffé".encode(), "é"),
])
def test_text(data: bytes, text: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(data)
    assert files.read_text(str(tmp_path / "file")) == text


@pytest.mark.parametrize(("name", "says"), [
    ("nothing", "No such file or directory"), (".", "Is a directory"),
    ("latin", "not UTF-8 at byte 3"), ("a\0b", "null"), ("\ud800", ""), ("x" * 5_000, "too long"),
])
def test_what_is_no_text_is_told_in_one_line(name: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "latin").write_bytes(b"abc\xff")
    with pytest.raises(AikgError, match="cannot read") as error:
        files.read_text(f"{tmp_path}/{name}")
    assert says in str(error.value)


def test_a_dash_is_stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("é".encode())))
    assert files.read_text("-") == "é"
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(AikgError, match="closed"):
        files.read_text("-")
