"""What was had of a long request before it was broken off, kept in the user's cache."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from contextlib import suppress

from pyoxigraph import RdfFormat, Triple, parse

from aikg.answer import Term
from aikg.files import cache_folder, replace_file

Terms = tuple[Term | None, ...]
"""One row."""


class Kept:
    """The batches of a request that are done; nothing is kept where there is no cache."""

    def __init__(self, *asked: str) -> None:
        """`asked` tells one request from others: endpoint, digest of the query, day."""
        key = hashlib.sha256("\0".join(asked).encode()).hexdigest()
        folder = cache_folder()
        self.path = os.path.join(folder, f"refresh-{key[:32]}.json") if folder else None
        self.content: dict[str, list[list[str | None]]] = {}
        if self.path:
            with suppress(OSError, ValueError), open(self.path, encoding="utf-8") as file:
                self.content = dict(json.load(file))

    def batch(self, number: int) -> list[Terms] | None:
        """The rows of a batch, given by its number; None where it is not done."""
        try:
            rows = self.content.get(str(number))
            return None if rows is None else [tuple(map(_term, row)) for row in rows]
        except (SyntaxError, ValueError, TypeError):
            return None

    def keep(self, number: int, rows: Sequence[Terms]) -> None:
        """Keep the rows of a batch."""
        self.content[str(number)] = [[None if one is None else str(one) for one in row]
                                     for row in rows]
        if self.path:
            with suppress(OSError):
                replace_file(self.path, json.dumps(self.content).encode())

    def forget(self) -> None:
        """Keep nothing any more."""
        if self.path:
            with suppress(OSError):
                os.unlink(self.path)


def _term(text: str | None) -> Term | None:
    if text is None:
        return None
    [quad] = parse(f"<x:s> <x:p> {text} .", RdfFormat.N_TRIPLES)
    return None if isinstance(quad.object, Triple) else quad.object
