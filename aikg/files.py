"""Where things are: the authored folders, the built graph, and the user's cache.

Data lies beside the modules in an installed package, else in the checkout above the package; never
in the working directory. Imports nothing that is not loaded anyway: it runs on every start.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress

from aikg.errors import AikgError

SOURCES = ("ontology", "graph", "queries")
GENERATED = ("graph/release",)
DRAFT = ".draft-"
KEPT = 3
"""Built graphs that the cache keeps; as many views, in a folder of their own."""
VIEWS = "views"

_HERE = os.path.dirname(os.path.abspath(__file__))


def root() -> str:
    """The folder that holds `ontology`, `graph` and `queries`. Raises AikgError without one."""
    for folder in (_HERE, os.path.dirname(_HERE)):
        if os.path.isdir(os.path.join(folder, "queries")):
            return folder
    raise AikgError("the data folders ontology, graph and queries are missing: reinstall aikg")


def is_checkout() -> bool:
    """Whether the data is a checkout that may change, not part of an installed package."""
    return root() != _HERE


def built_folder() -> str:
    """The folder of the graph that ships with the package."""
    return os.path.join(_HERE, "built")


def source_files(folder: str | None = None) -> Iterator[tuple[str, str]]:
    """Each authored file as (name relative to the root, with `/`; path), sorted by name."""
    top = folder or root()
    for part in SOURCES:
        for place, folders, files in os.walk(os.path.join(top, part)):
            folders.sort()
            relative = os.path.relpath(place, top).replace(os.sep, "/")
            if relative in GENERATED:
                folders.clear()
                continue
            for name in sorted(files):
                if name.endswith((".ttl", ".rq", ".tsv")) and not name.startswith("."):
                    yield f"{relative}/{name}", os.path.join(place, name)


def module_files() -> Iterator[tuple[str, str]]:
    """Each module of the package as (name, path), sorted by name."""
    for name in sorted(os.listdir(_HERE)):
        if name.endswith(".py"):
            yield name, os.path.join(_HERE, name)


def read_text(path: str) -> str:
    """The text of a UTF-8 file, or of stdin for `-`, without a byte order mark.

    Raises AikgError for what is not there, is a folder or cannot be read, and for other encodings.
    """
    try:
        if path == "-":
            if sys.stdin is None:
                raise AikgError("cannot read stdin: it is closed")
            content = sys.stdin.buffer.read()
        else:
            with open(path, "rb") as file:
                content = file.read()
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise AikgError(f"cannot read {path}: not UTF-8 at byte {error.start}") from error
    except (OSError, ValueError) as error:  # ValueError: a path with a NUL or lone surrogates
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise AikgError(f"cannot read {path}: {reason}") from error


def cache_folder() -> str | None:
    """The folder for built graphs, made if need be; None where there is no place to write."""
    folder = os.environ.get("AIKG_CACHE") or _platform_cache()
    if folder is None:
        return None
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
    except OSError:
        return None
    return folder if os.access(folder, os.W_OK) else None


def views_folder() -> str | None:
    """The folder for built views, beside the built graphs; None where there is no place."""
    cache = cache_folder()
    folder = os.path.join(cache, VIEWS) if cache else None
    try:
        if folder:
            os.makedirs(folder, mode=0o700, exist_ok=True)
    except OSError:
        return None
    return folder


def _platform_cache() -> str | None:
    home = os.path.expanduser("~")
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
    elif sys.platform == "darwin":
        base = os.path.join(home, "Library", "Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.join(home, ".cache")
    return os.path.join(base, "aikg") if base and os.path.isabs(base) else None


def read_folder(folder: str) -> dict[str, bytes]:
    """The files of a built graph by name. Raises OSError where the folder is not there."""
    found = {}
    for entry in os.scandir(folder):
        if entry.is_file() and not entry.name.startswith("."):
            with open(entry.path, "rb") as file:
                found[entry.name] = file.read()
    return found


def write_folder(folder: str, files: Mapping[str, bytes]) -> None:
    """Write a folder of files in one step: others see all of it or nothing.

    A folder of that name that another process wrote meanwhile stays: it holds the same.
    Raises OSError, and then leaves nothing behind.
    """
    import shutil
    import tempfile

    parent = os.path.dirname(folder)
    _sweep(parent)
    draft = tempfile.mkdtemp(prefix=f"{DRAFT}{os.getpid()}-", dir=parent)
    try:
        for name, content in files.items():
            with open(os.path.join(draft, name), "wb") as file:
                file.write(content)
        _swap(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def replace_file(path: str, content: bytes) -> None:
    """Write a file in one step: others see the old content or the new. Raises OSError.

    The file keeps its permissions; what fails leaves nothing behind.
    """
    draft = os.path.join(os.path.dirname(path), f".aikg-{os.getpid()}.tmp")
    try:
        with open(draft, "wb") as file:
            file.write(content)
        if os.path.exists(path):
            os.chmod(draft, os.stat(path).st_mode & 0o7777)
        os.replace(draft, path)
    except BaseException:  # Ctrl-C too leaves nothing behind
        with suppress(OSError):
            os.unlink(draft)
        raise
def _sweep(parent: str) -> None:
    """Remove the drafts of processes that were killed."""
    import shutil

    for entry in list(os.scandir(parent)):
        writer = entry.name.removeprefix(DRAFT).partition("-")[0]
        if entry.name.startswith(DRAFT) and writer.isdecimal() and not _runs(int(writer)):
            shutil.rmtree(entry.path, ignore_errors=True)


def _runs(pid: int) -> bool:
    """Whether a process runs; on Windows, where nobody can ask without ending it, as if it did."""
    if sys.platform == "win32":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _swap(draft: str, folder: str) -> None:
    """Put the draft in the place of the folder."""
    if not os.path.isdir(folder):
        try:
            os.rename(draft, folder)
            return
        except OSError:
            if not os.path.isdir(folder):
                raise
    names = sorted(os.listdir(draft), key=lambda name: name == "catalog.json")
    for name in names:
        os.replace(os.path.join(draft, name), os.path.join(folder, name))
    for name in set(os.listdir(folder)).difference(names):
        with suppress(OSError):
            os.unlink(os.path.join(folder, name))


def prune_cache(folder: str, newest: str | None = None) -> None:
    """Remove all built graphs from the cache but the last few.

    `newest` is the name of the one just written, which stays: a clock set back may call it old.
    """
    import shutil

    entries = sorted((entry for entry in os.scandir(folder)
                      if entry.is_dir() and entry.name != VIEWS and not entry.name.startswith(".")),
                     key=lambda entry: (entry.name == newest, entry.stat().st_mtime), reverse=True)
    for entry in entries[KEPT:]:
        shutil.rmtree(entry.path, ignore_errors=True)
