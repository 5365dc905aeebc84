"""The difference between two releases, in terms of claims, stored queries and answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from pyoxigraph import Literal, NamedNode

from aikg.answer import Answer, Row
from aikg.change import changes
from aikg.graph import Graph
from aikg.names import AIKG, CLAIM, RDFS, compact

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
COLUMNS = ("part", "name", "change", "what", "was", "now")
CLAIMS = f"""
SELECT ?claim ?property ?value WHERE {{ ?claim a <{AIKG}Claim> ; ?property ?value }}
ORDER BY ?claim ?property ?value"""

Claims = Mapping[str, Mapping[str, str]]
"""By the id of a claim and the CURIE of a property: its values, in one text."""
Change = tuple[str, str, str, str, str, str]


def difference(old: Graph, new: Graph) -> Answer:
    """What a newer release says and answers otherwise than an older one.

    Columns: `part` (claim, query, answer), `name` of the claim or query, `change` (added, removed,
    changed; of answers lost, gained, regraded), `what` (a property, or a row), `was` and `now`.
    """
    found = [*_claims(_read(old), _read(new)), *_queries(old, new), *_answers(old, new)]
    return Answer(COLUMNS, tuple(Row(tuple(map(Literal, one))) for one in found))


def _read(graph: Graph) -> Claims:
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for claim, name, value in graph.engine.select(CLAIMS).rows:
        if isinstance(claim, NamedNode) and isinstance(name, NamedNode):
            text = compact(value.value) if isinstance(value, NamedNode) else str(
                getattr(value, "value", value))
            found[claim.value.removeprefix(CLAIM)][compact(name.value)].append(text)
    return {claim: {name: ", ".join(sorted(values)) for name, values in properties.items()}
            for claim, properties in found.items()}


def _claims(old: Claims, new: Claims) -> Iterator[Change]:
    says = compact(RDFS + "comment")
    for name in sorted({*old, *new}):
        was, now = old.get(name), new.get(name)
        if was is None or now is None:
            yield ("claim", name, ADDED if was is None else REMOVED, "", *_sides(was, now, says))
            continue
        for key in sorted({*was, *now}):
            if was.get(key) != now.get(key):
                yield "claim", name, CHANGED, key, was.get(key, ""), now.get(key, "")


def _sides(
    was: Mapping[str, str] | None, now: Mapping[str, str] | None, key: str,
) -> tuple[str, str]:
    return (was or {}).get(key, ""), (now or {}).get(key, "")


def _queries(old: Graph, new: Graph) -> Iterator[Change]:
    before, after = old.catalog.queries, new.catalog.queries
    for name in sorted({*before, *after}):
        was, now = before.get(name), after.get(name)
        if was is None or now is None:
            yield ("query", name, ADDED if was is None else REMOVED, "",
                   was.summary if was else "", now.summary if now else "")
        else:
            for field in ("summary", "text", "parameters", "columns"):
                one, other = getattr(was, field), getattr(now, field)
                if one != other:
                    shown = (one, other) if field == "summary" else ("", "")
                    yield ("query", name, CHANGED, field, *shown)


def _answers(old: Graph, new: Graph) -> Iterator[Change]:
    for name in sorted({*old.catalog.queries} & {*new.catalog.queries}):
        for change, row, was, now in changes(name, old, new):
            yield "answer", name, change, row, was, now
