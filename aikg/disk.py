"""A store on disk: a folder with one generation of a graph, replaced as a whole or not at all.

    DIR/store.json              which generation counts; to replace this file is to commit
    DIR/generation-…/graph      the store of Oxigraph
    DIR/generation-…/*.json     the catalog

One process writes at a time, by a lock on DIR/.lock that ends with the process. Who reads holds a
lock on the generation, so that none is removed under a reader.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cached_property
from typing import IO, Any

from aikg.built import Built
from aikg.errors import GraphError, StoreError, UsageError
from aikg.store import DiskStore

if sys.platform != "win32":
    import fcntl

VERSION = 2
STATE, LOCK, GRAPH_FOLDER, GENERATION = "store.json", ".lock", "graph", "generation-"
LOAD_AGAIN = "load it again with `aikg load`"


class Disk(Built):
    """The committed generation of a store on disk."""

    def __init__(self, path: str) -> None:
        """Open the store at `path`.

        Raises UsageError where there is none, StoreError where it is damaged.
        """
        self.path = path
        self.state, self._held = _opened(path)
        self.generation = os.path.join(path, self.state["generation"])
        try:
            super().__init__(self.generation)
        except GraphError as error:
            raise StoreError(f"the store in {path} is damaged: {error}; {LOAD_AGAIN}") from error

    @cached_property
    def engine(self) -> DiskStore:
        """The graph, opened when it is first asked for: a child process opens its own."""
        try:
            return DiskStore(os.path.join(self.generation, GRAPH_FOLDER))
        except StoreError as error:
            raise StoreError(f"{self.path}: {error}; {LOAD_AGAIN}") from error

    @property
    def names_sources(self) -> bool:
        """Whether it holds several sources."""
        return bool(self.counts and self.counts["sources"] != 1)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many claims, passages, sources and things it holds, as counted by the load."""
        counts: Mapping[str, int] = self.state.get("counts", {})
        return counts

    @property
    def graphs(self) -> tuple[str, ...]:
        """The names of its graphs, main first."""
        return tuple(self.state["graphs"])

    def size(self, name: str) -> int:
        """How many statements a graph has."""
        size: int = self.state["graphs"][name]
        return size

    def _catalog(self) -> Any:
        from aikg.index import Index
        from aikg.lookup import StoredCatalog

        return StoredCatalog(self.read, lambda: Index(self.engine.oxigraph))


class Draft:
    """A generation in the making."""

    def __init__(self, path: str, name: str) -> None:
        self.path = path
        self.name = name
        self.folder = os.path.join(path, name)
        self.graph = os.path.join(self.folder, GRAPH_FOLDER)

    def commit(self, files: dict[str, bytes], **state: object) -> None:
        """Put this generation in place of the one before, with the files of its catalog."""
        for name, content in files.items():
            _write(os.path.join(self.folder, name), content)
        _sync(self.folder)
        named = json.dumps({"version": VERSION, "generation": self.name, **state}, indent=1)
        draft = os.path.join(self.folder, STATE)
        _write(draft, named.encode() + b"\n")
        os.replace(draft, os.path.join(self.path, STATE))
        _sync(self.path)


@contextmanager
def drafting(path: str) -> Iterator[Draft]:
    """A new generation of the store at `path`, which counts once it is committed.

    Whatever stops it before leaves the store as it was. Raises UsageError where the folder is not
    that of a store, StoreError where another process writes there, OSError.
    """
    import secrets
    import shutil
    import traceback

    _check_folder(path)
    os.makedirs(path, exist_ok=True)
    with _lock(os.path.join(path, LOCK)) as lock:
        if lock is None:
            raise StoreError(f"another `aikg load` writes to {path}: wait until it is done, "
                             "or load into another folder")
        _sweep(path)
        draft = Draft(path, GENERATION + secrets.token_hex(4))
        os.mkdir(draft.folder)
        _write(os.path.join(draft.folder, LOCK), b"")
        try:
            yield draft
        except BaseException as error:
            traceback.clear_frames(error.__traceback__)  # closes the store, which still writes
            raise
        finally:
            if _named_generation(path) != draft.name:
                shutil.rmtree(draft.folder, ignore_errors=True)
            else:
                _sweep(path)


def _state(path: str) -> dict[str, Any]:
    try:
        with open(os.path.join(path, STATE), encoding="utf-8") as file:
            state = json.load(file)
        if state["version"] != VERSION:
            raise StoreError(f"the store in {path} is of another version: {LOAD_AGAIN}")
        if not os.path.isdir(os.path.join(path, str(state["generation"]))):
            raise StoreError(f"the store in {path} is damaged: its graph is gone; {LOAD_AGAIN}")
    except (FileNotFoundError, NotADirectoryError) as error:
        raise UsageError(f"there is no store in {path}: make one with `aikg load`") from error
    except OSError as error:
        raise StoreError(f"cannot read the store in {path}: {error.strerror}") from error
    except (ValueError, LookupError, TypeError) as error:
        raise StoreError(f"the store in {path} is damaged: {STATE} is not as written; "
                         f"{LOAD_AGAIN}") from error
    found: dict[str, Any] = state
    return found


def _named_generation(path: str) -> str | None:
    try:
        return str(_state(path)["generation"])
    except (StoreError, UsageError):
        return None


def _check_folder(path: str) -> None:
    """That a folder is a store, the rest of one, empty or not there. Raises UsageError."""
    if os.path.exists(path) and not os.path.isdir(path):
        raise UsageError(f"{path} is not a folder")
    names = os.listdir(path) if os.path.isdir(path) else ()
    if any(name not in (STATE, LOCK) and not name.startswith(GENERATION) for name in names):
        raise UsageError(f"{path} holds other files: choose a folder that is empty or a store")


def _sweep(path: str) -> None:
    """Remove the generations that do not count and that nobody reads."""
    import shutil

    kept = _named_generation(path)
    for entry in list(os.scandir(path)):
        if entry.name.startswith(GENERATION) and entry.name != kept:
            with _lock(os.path.join(entry.path, LOCK)) as lock:
                if lock is not None:
                    shutil.rmtree(entry.path, ignore_errors=True)


@contextmanager
def _lock(path: str) -> Iterator[IO[bytes] | None]:
    """A lock of one's own on a file, made if need be; None where someone else holds one."""
    with open(path, "ab") as file:
        try:
            if sys.platform != "win32":
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
        else:
            yield file


def _opened(path: str) -> tuple[dict[str, Any], _Hold]:
    """The state of a store, and a hold on the generation that it names."""
    while True:
        state = _state(path)
        held = _Hold(os.path.join(path, state["generation"]))
        if _state(path)["generation"] == state["generation"]:
            return state, held  # else it was replaced just now


class _Hold:
    """A lock on a generation that readers share, for as long as this object lives."""

    def __init__(self, generation: str) -> None:
        self._number = -1
        with suppress(OSError):  # without locks, as on some network folders, a load may disturb it
            self._number = os.open(os.path.join(generation, LOCK), os.O_RDONLY)
            if sys.platform != "win32":
                fcntl.flock(self._number, fcntl.LOCK_SH | fcntl.LOCK_NB)

    def __del__(self) -> None:
        with suppress(OSError):
            os.close(self._number)


def _write(path: str, content: bytes) -> None:
    with open(path, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: str) -> None:
    """Let the names in a folder outlast a loss of power, where the system can."""
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
