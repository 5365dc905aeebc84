"""A selection: which claims make a view. By source, by the time they hold, by when they came out.

Imports nothing heavy: the command line makes one before it opens a graph.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from aikg.errors import UsageError

ALL = "all"
DAY = re.compile(r"\d{4}-\d\d-\d\d")


class Document(NamedTuple):
    """A source, as far as a selection must know it."""

    id: str
    """Its name in IRIs."""
    name: str
    """Its short name."""
    collection: str
    """Empty for the default one."""
    issued: str | None
    """The instant at which it was published; None where it bears no date."""


class Selection(NamedTuple):
    """Which claims a view holds. The empty one is the default collection, at all times."""

    sources: tuple[str, ...] = ()
    """Ids, short names or collections, or `all`; empty for the default collection."""
    as_of: str | None = None
    """A day, YYYY-MM-DD: the claims that hold when it begins (in UTC); those without dates too."""
    published_by: str | None = None
    """A day: the sources published on it or before; not those without a date."""
    without: tuple[str, ...] = ()
    """IRIs of claims and sources that are left out of it."""

    def __bool__(self) -> bool:
        """Whether anything is selected."""
        return any(self)

    @property
    def instant(self) -> str | None:
        """The instant at which claims must hold."""
        return f"{self.as_of}T00:00:00Z" if self.as_of else None

    def options(self) -> str:
        """The selection as it is typed on the command line, with a blank before each option."""
        named = (("sources", ",".join(self.sources)), ("as-of", self.as_of),
                 ("published-by", self.published_by))
        return "".join(f" --{name} {_quoted(value)}" for name, value in named if value)


def selection(
    sources: str | Sequence[str] | None = None, as_of: str | None = None,
    published_by: str | None = None,
) -> Selection:
    """The selection of some names (a list, or one text with commas) and days.

    Raises UsageError for what is no day, and for an empty name.
    """
    names = sources.split(",") if isinstance(sources, str) else list(sources or ())
    if not all(name.strip() for name in names):
        raise UsageError("--sources takes names, with commas between them, or all")
    for option, value in (("as-of", as_of), ("published-by", published_by)):
        if value is not None and not _is_day(value):
            raise UsageError(f"--{option} takes a day such as 2026-02-27, not {value[:40]!r}")
    return Selection(tuple(sorted({name.strip() for name in names})), as_of, published_by)


def chosen(wanted: Selection, documents: Iterable[Document]) -> tuple[Document, ...]:
    """The sources of a selection, sorted by id.

    Raises UsageError, with the names there are, for a name that is none, and where no source is
    left.
    """
    known = sorted(documents)
    found: set[Document] = set()
    for name in wanted.sources or ("",):
        some = {one for one in known if _is(one, name)}
        if not some and name:
            raise UsageError(f"no source or collection is named '{name}'", [ALL, *(
                one.id for one in known)])
        found |= some
    if wanted.published_by:
        until = wanted.published_by + "T99"
        found = {one for one in found if one.issued and one.issued < until}
        if not found:
            raise UsageError(f"no source that is selected is known to be published by "
                             f"{wanted.published_by}: choose others by --sources")
    return tuple(sorted(found))


def _is(document: Document, name: str) -> bool:
    """Whether a name stands for a source: of all, of its collection, or its own."""
    if not name:
        return not document.collection
    return name == ALL or name.casefold() in (
        document.id, document.name.casefold(), document.collection)


def _is_day(text: str) -> bool:
    from datetime import date

    try:
        return DAY.fullmatch(text) is not None and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _quoted(text: str) -> str:
    from shlex import quote

    return quote(text)
