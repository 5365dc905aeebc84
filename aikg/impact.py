"""The impact of a claim or a source: which rows of which stored queries change without it.

The view without it is built, not filtered: what follows from it goes, and what it contradicted may
come back.
"""

from __future__ import annotations

import json

from pyoxigraph import Literal

from aikg.answer import Answer, Row
from aikg.build import build_graphs
from aikg.built import Built
from aikg.catalog import NAME
from aikg.change import changes
from aikg.errors import UnknownName
from aikg.graph import Graph
from aikg.names import CLAIM, SOURCE
from aikg.record import Record, find_record, read_records
from aikg.selection import ALL, Selection


def target(name: str) -> tuple[str, Record]:
    """The IRI of a claim or a source, by its id, CURIE or short name, and its source.

    Raises UnknownName and AmbiguousName.
    """
    records = read_records()
    claim = name if name.startswith(CLAIM) else CLAIM + name.removeprefix("claim:")
    for record in records:
        if any(claim in claims for claims in record.claims.values()):
            return claim, record
    try:
        record = find_record(name.removeprefix(SOURCE), records)
    except UnknownName as error:
        raise UnknownName(f"no claim or source is named '{name}'", error.candidates) from None
    return record.iri, record


def home_of(record: Record) -> Selection:
    """The view in which a source is looked at: the default one, or that of all sources."""
    return Selection((ALL,)) if record.collection else Selection()


def impact(graph: Graph, iri: str) -> Answer:
    """The rows of the stored queries that change in the view of a graph without a claim or source.

    Columns: `query`, `change` (lost, gained, regraded), `row`, `was` and `now` (grades).
    """
    wanted = (graph.built.selection or Selection())._replace(without=(iri,))
    without = _without(graph, wanted)
    rows = [Row(tuple(map(Literal, (name, *change)))) for name in sorted(graph.catalog.queries)
            for change in changes(name, graph, without)]
    return Answer(("query", "change", "row", "was", "now"), tuple(rows))


def _without(graph: Graph, wanted: Selection) -> Graph:
    """The graph of another selection, with the words and queries of this one."""
    graphs = build_graphs(wanted=wanted)
    known = {name: graph.built.read(name) or b"" for name in ("lexicon.json", "rules.json")}
    sizes = {name: len(data) for name, data in graphs.items()}
    catalog = json.dumps({**graph.catalog.content, "files": sizes}).encode()
    return Graph(Built(None, {**known, **graphs, NAME: catalog}, None, wanted, "without"))
