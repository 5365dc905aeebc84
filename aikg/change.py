"""Change: how the rows of a stored query differ between two graphs."""

from __future__ import annotations

from collections.abc import Iterator

from aikg.answer import Row, Term
from aikg.errors import AikgError
from aikg.graph import Graph
from aikg.names import compact

LOST, GAINED, REGRADED = "lost", "gained", "regraded"
Rows = dict[tuple[Term | None, ...], Row]


def changes(name: str, before: Graph, after: Graph) -> Iterator[tuple[str, str, str, str]]:
    """The rows of a stored query that are not the same, its slots empty.

    Each is the change (lost, gained, regraded), the row in one line, and its grades in both graphs;
    a graph in which the query is missing or broken has no rows.
    """
    old, new = _rows(before, name), _rows(after, name)
    for values in dict.fromkeys([*old, *new]):
        was, now = (_grade(rows.get(values)) for rows in (old, new))
        if was != now:
            change = REGRADED if was and now else LOST if was else GAINED
            yield change, _line(values, before if was else after), was, now


def _rows(graph: Graph, name: str) -> Rows:
    query = graph.catalog.queries.get(name)
    try:
        return {row.values: row for row in graph.rows(query, query.bind_any({}))} if query else {}
    except AikgError:
        return {}


def _grade(row: Row | None) -> str:
    """The grade of a row, or a word for one that has none; empty where there is no row."""
    return "" if row is None else row.grade or "ungraded"


def _line(values: tuple[Term | None, ...], graph: Graph) -> str:
    """A row in one line: the labels or CURIEs of its cells."""
    labels = graph.labels([Row(values)])
    texts = (labels.get(term.value) or compact(term.value) for term in values
             if term is not None)
    return " | ".join(texts)
