"""Releases as they were handed out: wheels, source archives and folders."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from aikg import Graph
from aikg.catalog import NAME
from aikg.errors import GraphError, UsageError
from aikg.published import LARGEST, open_release


@pytest.fixture(scope="module")
def content(graph: Graph) -> dict[str, bytes]:
    names = (NAME, *graph.catalog.content["files"])
    return {name: graph.built.read(name) or b"" for name in names}


def wheel(path: Path, files: Mapping[str, bytes], folder: str = "aikg/built/") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("aikg/__init__.py", "raise SystemExit")
        for name, data in files.items():
            archive.writestr(folder + name, data)
    return path


def source_archive(path: Path, files: Mapping[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(f"aikg-0.1.0/aikg/built/{name}")
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return path


def folder(path: Path, files: Mapping[str, bytes]) -> Path:
    path.mkdir(parents=True)
    for name, data in files.items():
        (path / name).write_bytes(data)
    return path


def test_each_kind_of_release_holds_the_same(content: dict[str, bytes], tmp_path: Path) -> None:
    folder(tmp_path / "checkout/aikg/built", content)
    for path in (wheel(tmp_path / "a.whl", content), source_archive(tmp_path / "a.tar.gz", content),
                 tmp_path / "checkout", tmp_path / "checkout/aikg",
                 tmp_path / "checkout/aikg/built"):
        built = open_release(str(path))
        assert {name: built.read(name) for name in content} == content, path


def test_what_is_no_release_is_told(content: dict[str, bytes], tmp_path: Path) -> None:
    text = tmp_path / "a.txt"
    text.write_text("no release")
    bad = tmp_path / "bad.tar.gz"
    bad.write_bytes(b"no archive")
    for path in (text, bad, tmp_path, tmp_path / "missing.whl", tmp_path / "missing.tar.gz",
                 wheel(tmp_path / "other.whl", content, "elsewhere/")):
        with pytest.raises(UsageError, match=path.name):
            open_release(str(path))


def test_an_older_catalog_is_told(content: dict[str, bytes], tmp_path: Path) -> None:
    path = wheel(tmp_path / "old.whl", {**content, NAME: b'{"version": 0}'})
    with pytest.raises(GraphError, match=r"old\.whl: the catalog is of another version"):
        open_release(str(path))


@pytest.mark.parametrize("make", [wheel, source_archive])
def test_an_archive_that_swells_is_refused(make: object, tmp_path: Path) -> None:
    assert callable(make)
    path = make(tmp_path / "bomb.tar.gz", {"graph.nt": bytes(LARGEST + 1)})
    assert path.stat().st_size < 1 << 20
    with pytest.raises(UsageError, match="too many"):
        open_release(str(path))


def test_a_link_in_an_archive_leads_nowhere(content: dict[str, bytes], tmp_path: Path) -> None:
    path = tmp_path / "a.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        entry = tarfile.TarInfo("a/built/" + NAME)
        entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/hostname"
        archive.addfile(entry)
    with pytest.raises(UsageError, match=r"cannot be read|no built graph"):
        open_release(str(path))
