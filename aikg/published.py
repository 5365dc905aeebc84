"""A release as it was handed out: the built graph in a wheel, a source archive or a folder."""

from __future__ import annotations

import os
import tarfile
import zipfile
import zlib
from collections.abc import Iterator

from aikg import files
from aikg.built import Built
from aikg.catalog import NAME
from aikg.errors import GraphError, UsageError

LARGEST = 1 << 26
"""Bytes of a file of a built graph; an archive may claim anything."""
FOLDER = "built/"
PLACES = ("", "built", os.path.join("aikg", "built"))
"""Where a folder may hold the built graph: it is that itself, a package, or a checkout."""


def open_release(path: str) -> Built:
    """The built graph in a wheel, a source archive (.tar.gz), or a folder that holds one.

    Nothing is unpacked onto the disk. Raises UsageError for what is no such thing, GraphError for
    one that holds no whole graph of this version.
    """
    try:
        content = _read(path)
    except (OSError, EOFError, zipfile.BadZipFile, tarfile.TarError, zlib.error) as error:
        raise UsageError(f"{path}: cannot be read as a release: {error}") from error
    if NAME not in content:
        raise UsageError(f"{path}: no built graph is in it: name a wheel, a source archive or a "
                         "folder")
    try:
        return Built(None, content)
    except GraphError as error:
        raise GraphError(f"{path}: {error}") from error


def _read(path: str) -> dict[str, bytes]:
    if os.path.isdir(path):
        place = next((folder for place in PLACES
                      if os.path.isfile(os.path.join(folder := os.path.join(path, place), NAME))),
                     None)
        return files.read_folder(place) if place else {}
    if zipfile.is_zipfile(path):
        return dict(_zipped(path))
    if path.endswith((".tar.gz", ".tgz")):
        return dict(_tarred(path))
    os.stat(path)  # that it is missing is the better reason
    return {}


def _zipped(path: str) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            folder, name = os.path.split(entry.filename)
            if f"{folder}/".endswith(FOLDER) and name:
                _allow(entry.filename, entry.file_size)
                yield name, archive.read(entry)


def _tarred(path: str) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(path, "r:gz") as archive:
        for entry in archive:
            folder, name = os.path.split(entry.name)
            found = archive.extractfile(entry) if entry.isfile() else None
            if f"{folder}/".endswith(FOLDER) and name and found:
                _allow(entry.name, entry.size)
                yield name, found.read()


def _allow(name: str, size: int) -> None:
    if size > LARGEST:
        raise UsageError(f"{name}: {size:,} bytes are too many for a file of a built graph")
