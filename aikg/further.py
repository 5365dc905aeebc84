"""Further rows: what other sources would add to each stored query, found when the graph is built.

So an answer can say that others know more, and nobody has to open their view to find out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pyoxigraph import NamedNode

from aikg.errors import AikgError
from aikg.evidence import rows_with_evidence
from aikg.names import SOURCE, compact
from aikg.proof import Prover
from aikg.query import Query
from aikg.store import Solutions, Store

SELECT = re.compile(r"\bSELECT\s+(?:DISTINCT\s+)?", re.IGNORECASE)
GROUPED = re.compile(r"\bGROUP\s+BY\b", re.IGNORECASE)

Entry = tuple[list[str | None], list[str]]
"""The value of each slot (a CURIE or text, None where it is free), and the sources of the row."""


def further(
    queries: Iterable[Query], default: Store, whole: Store, prover: Prover,
) -> dict[str, list[Entry]]:
    """The rows that `whole` adds to `default` for each stored query, as what they must match.

    `prover` proves over `whole`. Queries that count rows, or are broken, are left out.
    """
    found = {}
    for query in queries:
        if not query.error and not GROUPED.search(query.text):
            rows = _new_rows(query, default, whole, prover)
            if rows:
                found[query.name] = rows
    return found


def _new_rows(query: Query, default: Store, whole: Store, prover: Prover) -> list[Entry]:
    slots = [parameter.name for parameter in query.parameters]
    opened = query._replace(text=_opened(query.text, slots), columns=(*slots, *query.columns))
    try:
        there, here = (engine.select(opened.bind_any({}), query.graphs)
                       for engine in (whole, default))
    except AikgError:
        return []
    shown = [there.variables.index(column) for column in opened.columns]
    known = {tuple(row[index] for index in shown) for row in here.rows}
    left = Solutions(there.variables, tuple(
        row for row in there.rows if tuple(row[index] for index in shown) not in known))
    return [([None if term is None else _text(term) for term in row.values[:len(slots)]],
             sorted({item.source.removeprefix(SOURCE) for item in row.evidence}))
            for row in rows_with_evidence(opened, left, whole, prover)]


def _opened(text: str, slots: Sequence[str]) -> str:
    """A query that projects its slots too."""
    match = SELECT.search(text)
    if not match:
        return text
    head = text[match.end():text.find("WHERE", match.end())]
    missing = [f"?{slot}" for slot in slots if not re.search(rf"\?{slot}\b", head)]
    return f"{text[:match.end()]}{' '.join([*missing, ''])}{text[match.end():]}"


def _text(term: object) -> str:
    return compact(term.value) if isinstance(term, NamedNode) else str(getattr(term, "value", term))
