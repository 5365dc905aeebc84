"""Bulk: RDF files, and facts while they are made, streamed into a store on disk."""

from __future__ import annotations

import gzip
import io
import os
import zlib
from collections.abc import Callable, Iterable
from typing import IO, Any, cast

from pyoxigraph import NamedNode, RdfFormat, Store

from aikg.errors import AikgError, GraphError, UsageError
from aikg.fact import Fact

FORMATS = {
    ".nt": RdfFormat.N_TRIPLES, ".nq": RdfFormat.N_QUADS, ".ttl": RdfFormat.TURTLE,
    ".trig": RdfFormat.TRIG, ".rdf": RdfFormat.RDF_XML, ".owl": RdfFormat.RDF_XML,
    ".xml": RdfFormat.RDF_XML,
}
GZIP = ".gz"
PART = 1 << 20
"""Bytes that are handed to the engine at once."""
Advance = Callable[[int], None]
"""Hears of bytes that were read."""


def format_of(path: str) -> RdfFormat:
    """The format of a file by its name. Raises UsageError with the endings that are known."""
    ending = os.path.splitext(path.removesuffix(GZIP))[1].lower()
    if ending not in FORMATS:
        raise UsageError(f"{path}: what format is it? known are {', '.join(FORMATS)}, "
                         f"each also with {GZIP}")
    return FORMATS[ending]


def read_file(store: Store, path: str, format_: RdfFormat, advance: Advance) -> None:
    """Take a file into the store; `advance` hears how much of it was read.

    Raises GraphError with file and line, AikgError for a file that cannot be read.
    """
    try:
        with open(path, "rb") as file:
            counted = _Counted(file, advance)
            content = io.BufferedReader(counted, PART)
            unpacked = gzip.GzipFile(fileobj=content) if path.endswith(GZIP) else content
            store.bulk_load(cast(IO[bytes], unpacked), format_)
    except SyntaxError as error:
        raise GraphError(error.msg, path, error.lineno) from error
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise GraphError(f"not a whole gzip file: {error}", path) from error
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        raise AikgError(f"cannot read {path}: {error.strerror}") from error


class _Counted(io.RawIOBase):
    """A file that tells how much of it was read."""

    def __init__(self, file: IO[bytes], advance: Advance) -> None:
        self._file = file
        self._advance = advance

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._file.read(len(buffer))
        buffer[:len(data)] = data
        self._advance(len(data))
        return len(data)


class _Lines(io.RawIOBase):
    """Facts as a file of N-Triples, made while it is read."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._lines = (f"{' '.join(fact)} .\n".encode() for fact in facts)
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        parts, size = [self._rest], len(self._rest)
        while size < len(buffer):
            line = next(self._lines, None)
            if line is None:
                break
            parts.append(line)
            size += len(line)
        data = b"".join(parts)
        taken, self._rest = data[:len(buffer)], data[len(buffer):]
        buffer[:len(taken)] = taken
        return len(taken)


def write_facts(store: Store, facts: Iterable[Fact], graph: str | None = None) -> None:
    """Facts into a graph of the store, the main one if it has no name."""
    store.bulk_load(io.BufferedReader(_Lines(facts), PART), RdfFormat.N_TRIPLES,
                    to_graph=NamedNode(graph) if graph else None)
