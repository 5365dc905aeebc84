"""The built graph at hand: the one that ships, or one built afresh where sources have changed."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from aikg import files
from aikg.catalog import NAME, Catalog
from aikg.errors import AikgError, GraphError

if TYPE_CHECKING:
    from aikg.selection import Selection
    from aikg.store import Engine

NO_CACHE = "the built graph could not be cached: set AIKG_CACHE to a folder that can be written"


class Built:
    """A built graph, in a folder or in memory."""

    path: str | None = None
    """The folder of the store on disk that it is; None for another."""

    @property
    def graphs(self) -> tuple[str, ...]:
        """The names of its graphs, main first."""
        files = self.catalog.content["files"]
        others = (name.removesuffix(".nt") for name in files if name.endswith(".nt"))
        return ("main", *sorted(name for name in others if name != "graph"))

    @property
    def counts(self) -> Mapping[str, int]:
        """How many claims, passages, sources and things it holds; empty where nobody counted."""
        return {}

    def dump(self, name: str) -> bytes | None:
        """One of its graphs as N-Triples; None where it has none of the name, or is on disk."""
        if name not in self.graphs:
            return None
        return self.read("graph.nt" if name == "main" else f"{name}.nt")

    def size(self, name: str) -> int:
        """How many statements one of its graphs has."""
        return (self.dump(name) or b"").count(b"\n")

    def options(self) -> list[str]:
        """The options of the command line that select it."""
        from shlex import split

        if self.path is not None:
            return ["--store", self.path]
        return split(self.selection.options()) if self.selection else []

    @property
    def names_sources(self) -> bool:
        """Whether the source of each passage is to be named: there may be several."""
        return self.view is not None

    @property
    def engine(self) -> Engine | None:
        """What answers SPARQL over a store on disk; None where there is none."""
        return None

    def __init__(
        self, folder: str | None = None, content: Mapping[str, bytes] | None = None,
        note: str | None = None, selection: Selection | None = None, view: str | None = None,
    ) -> None:
        """`note` is what a person should know, in one line: such as that nothing is cached.

        `selection` says which view it holds, None the default one, and `view` is the name of that.
        """
        self.folder = folder
        self.content = content or {}
        self.note = note
        self.selection = selection
        self.view = view
        self.catalog = self._catalog()

    def _catalog(self) -> Catalog:
        return Catalog(self.read)

    def read(self, name: str) -> bytes | None:
        """A file of the built graph; None where it holds no such file."""
        if self.folder is None:
            return self.content.get(name)
        try:
            with open(os.path.join(self.folder, name), "rb") as file:
                return file.read()
        except FileNotFoundError:
            if self.selection and not os.path.isdir(self.folder):  # others needed its place
                self.content, self.folder = rebuild(self.selection), None
                return self.content.get(name)
            return None


def load_built() -> Built:
    """The built graph for the authored files as they are now.

    An installed package uses what it shipped with; a checkout compares sizes and times, then
    digests, and builds into the user's cache only on a difference. Raises GraphError,
    OntologyError or OSError where the sources cannot be built.
    """
    shipped = _open(files.built_folder())
    if shipped and (not files.is_checkout() or _is_fresh(shipped)):
        return shipped
    return _from_cache()


def load_view(wanted: Selection) -> Built:
    """The built graph of a view, built once and cached by what it selects.

    Raises UsageError where it selects no source, and what load_built raises.
    """
    from aikg.selection import chosen

    shipped = load_built()
    documents = shipped.catalog.documents
    sources = chosen(wanted, documents)
    default = tuple(one for one in sorted(documents) if not one.collection)
    if sources == default and not wanted.as_of:
        return shipped
    key = _view_key(wanted, [one.id for one in sources])
    place = files.views_folder()
    folder = os.path.join(place, key) if place else None
    if not (folder and _open(folder)):
        content = rebuild(wanted)
        if not (place and folder and _cached(place, folder, content)):
            return Built(None, content, NO_CACHE, wanted, key)
    return Built(folder, None, None, wanted, key)


def _view_key(wanted: Selection, sources: Sequence[str]) -> str:
    """A name for a view of the sources as they are now."""
    import hashlib

    parts = [_key(), *sources, f"as of {wanted.as_of}"]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def rebuild(wanted: Selection | None = None) -> dict[str, bytes]:
    """The built files, made now from the authored ones; of a view, if one is wanted."""
    from aikg.build import build

    return build(wanted=wanted) if wanted else build()


def differing(content: Mapping[str, bytes]) -> list[str]:
    """The names of the built files that ship and are not as in `content`, sorted."""
    try:
        held = files.read_folder(files.built_folder())
    except OSError:
        held = {}
    return sorted(name for name in {*held, *content} if held.get(name) != content.get(name))


def store_built(content: Mapping[str, bytes]) -> list[str]:
    """Put built files where they are looked for, in one step; the paths of those that changed.

    That is aikg/built in a checkout, and the user's cache for an installed package. Raises
    AikgError where it cannot be written.
    """
    cache = None if files.is_checkout() else files.cache_folder()
    if cache is None and not files.is_checkout():
        raise AikgError(NO_CACHE)
    folder = os.path.join(cache, _key()) if cache else files.built_folder()
    changed = sorted(content) if cache else differing(content)
    try:
        if changed:
            files.write_folder(folder, content)
        if not cache:
            os.chmod(folder, 0o755)  # a draft is for its owner only
    except OSError as error:
        raise AikgError(f"cannot write {folder}: {error.strerror}") from error
    return [os.path.join(folder, name) for name in changed]


def repaired(built: Built) -> Built:
    """The built graph made afresh, in place of one that turned out to be damaged.

    Raises GraphError where there is nothing to repair it from.
    """
    if built.folder is None:
        raise GraphError("the built graph is damaged, and building it again did not help")
    if built.selection:
        return Built(None, rebuild(built.selection), None, built.selection, built.view)
    return _from_cache(trusted=False)


def _open(folder: str) -> Built | None:
    """The built graph in a folder; None where it is not there or damaged."""
    try:
        built = Built(folder)
        for name, size in built.catalog.content["files"].items():
            if os.path.getsize(os.path.join(folder, name)) != size:
                return None
    except (OSError, GraphError, LookupError, TypeError, AttributeError):
        return None
    return built


def _is_fresh(built: Built) -> bool:
    """Whether the sources are those that the graph was built from."""
    assert built.folder is not None
    catalog = os.path.join(built.folder, NAME)
    built_at = newest = os.stat(catalog).st_mtime_ns
    if built_at > time.time_ns():  # the clock was set back: times tell nothing
        built_at = newest = 0
    known = built.catalog.sources
    doubtful = []
    seen = 0
    for name, path in files.source_files():
        entry = known.get(name)
        status = os.stat(path)
        if entry is None or status.st_size != entry[0]:
            return False
        seen += 1
        if status.st_mtime_ns >= built_at:
            doubtful.append((path, entry[1]))
            newest = max(newest, status.st_mtime_ns + 1)
    if seen != len(known) or any(_sha256(path) != digest for path, digest in doubtful):
        return False
    if doubtful:  # as in a fresh clone: note that they are as they were, or each start reads them
        with suppress(OSError):
            os.utime(catalog, ns=(newest, newest))
    return True


def _sha256(path: str) -> str:
    import hashlib

    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def _key() -> str:
    """A name for the present state of all sources, and of the modules that build from them."""
    import hashlib

    digest = hashlib.sha256()
    for name, path in [*files.source_files(), *files.module_files()]:
        digest.update(f"{name}\0{_sha256(path)}\n".encode())
    return digest.hexdigest()[:32]


def _from_cache(trusted: bool = True) -> Built:
    """The built graph from the cache, built and put there if need be, or if it is not trusted."""
    cache = files.cache_folder()
    folder = os.path.join(cache, _key()) if cache else None
    cached = _open(folder) if folder and trusted else None
    if cached:
        return cached
    content = rebuild()
    note = None if cache and folder and _cached(cache, folder, content) else NO_CACHE
    return Built(None, content, note)


def _cached(cache: str, folder: str, content: Mapping[str, bytes]) -> bool:
    """Put built files into a folder of the cache; whether that went well."""
    try:
        files.write_folder(folder, content)
        files.prune_cache(cache, os.path.basename(folder))
    except OSError:
        return False
    return True
