"""A snapshot: what Wikidata says of the linked entities on one day, in a graph of its own.

It is a part of Wikidata's RDF, statement by statement with rank and time, and says of itself when
and from where it comes. It never mixes with the claims.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pyoxigraph import Literal, NamedNode, Triple

from aikg import turtle
from aikg.authored import Authored
from aikg.build import LINKS
from aikg.errors import GraphError
from aikg.files import replace_file
from aikg.harvest import (
    FACTS,
    PROPERTY,
    QUALIFIER,
    QUALIFIERS,
    STATEMENT,
    STATEMENT_VALUE,
    WIKIBASE,
    Harvest,
    Request,
    Statement,
)
from aikg.identifier import CLOSE, IDENTITY, WIKIDATA
from aikg.identity import ALIGNMENT
from aikg.item import DIRECT
from aikg.links import read_mappings
from aikg.names import DCTERMS, GRAPH, PREFIXES, PROV, RDF, RDFS, XSD
from aikg.turtle import iri

FOLDER = "graph/outside"
VOID = "http://rdfs.org/ns/void#"
CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
NAMESPACES = {
    **PREFIXES, "p": PROPERTY, "pq": QUALIFIER, "ps": STATEMENT_VALUE, "void": VOID,
    "wds": STATEMENT, "wikibase": WIKIBASE,
}
SHRUNK = 0.5
"""A result with fewer rows than this part of the last snapshot's is taken for a partial one."""


@dataclass(frozen=True)
class Snapshot:
    """A snapshot that is kept, as it describes itself."""

    date: str
    """Such as 2026-01-31, in UTC."""
    endpoint: str
    digest: str
    """SHA-256 of the query, in hexadecimal."""
    items: int
    """How many items were asked about; each was there."""
    rows: int
    """How many rows the query gave."""

    @property
    def graph(self) -> str:
        """IRI of the named graph."""
        return graph_of(self.date)


def graph_of(date: str) -> str:
    """IRI of the named graph of the snapshot of a day."""
    return f"{GRAPH}outside/{date}"


def request_of(authored: Authored, endpoint: str) -> Request:
    """What a snapshot asks: the linked items, their FACTS, and all that the alignment names."""
    items = {row.object for row in read_mappings(authored.files[LINKS]) if row.holds and row.object
             and row.predicate in (*IDENTITY, CLOSE) and row.object.startswith(WIKIDATA)}
    aligned = {iri(one.object).removeprefix(DIRECT) for one in authored.turtle.get(ALIGNMENT, ())
               if iri(one.object).startswith(DIRECT)}
    return Request(endpoint, tuple(sorted(items)), tuple(sorted({*FACTS, *aligned})))


def write_snapshot(harvest: Harvest, now: datetime, folder: str) -> str:
    """Keep a harvest as the snapshot of its day, in one step; the path of the file.

    `now` is in UTC; `folder` holds the authored files. Raises GraphError, and then changes nothing,
    for a harvest without rows, for one far smaller than the last snapshot (SHRUNK), and where the
    file cannot be written. A snapshot of the same day is replaced.
    """
    if not harvest.statements:
        raise GraphError("nothing came back: the snapshots stay as they are")
    last = newest(folder)
    if last and harvest.rows < SHRUNK * last.rows:
        raise GraphError(f"{harvest.rows} rows came back, and {last.rows} on {last.date}: taken "
                         "for a partial result, so the snapshots stay as they are")
    date = now.date().isoformat()
    path = os.path.join(folder, *FOLDER.split("/"), f"{date}.ttl")
    text = turtle.write([*_description(harvest, now), *_content(harvest)], NAMESPACES)
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        replace_file(path, text.encode())
    except OSError as error:
        raise GraphError(f"cannot be written: {error.strerror}", path) from error
    return path


def newest(folder: str) -> Snapshot | None:
    """The last snapshot among the authored files of a folder; None without one.

    Raises GraphError for one that does not describe itself.
    """
    place = os.path.join(folder, *FOLDER.split("/"))
    names = sorted(os.listdir(place)) if os.path.isdir(place) else []
    dates = [match[1] for name in names
             if (match := re.fullmatch(r"(\d{4}-\d\d-\d\d)\.ttl", name))]
    return read_snapshot(os.path.join(place, f"{dates[-1]}.ttl")) if dates else None


def read_snapshot(path: str) -> Snapshot:
    """How a snapshot describes itself. Raises GraphError."""
    date = os.path.basename(path).removesuffix(".ttl")
    about = {(iri(one.subject), one.predicate.value, str(index)): one.object
             for index, one in enumerate(turtle.read(path))
             if iri(one.subject).startswith(graph_of(date))}
    said: dict[str, list[str]] = defaultdict(list)
    for (_, predicate, _), node in about.items():
        said[predicate].append(node.value if isinstance(node, Literal) else iri(node))
    try:
        [endpoint], [rows] = said[VOID + "sparqlEndpoint"], said[DCTERMS + "extent"]
        [items] = said[VOID + "entities"]
        [digest] = [one for one in said[PROV + "used"] if one.startswith("nih:")]
        return Snapshot(date, endpoint, digest.partition(";")[2], int(items), int(rows.split()[0]))
    except (ValueError, IndexError) as error:
        raise GraphError("does not say where it comes from: delete it, and run `aikg link refresh`",
                         path) from error


def _description(harvest: Harvest, now: datetime) -> list[Triple]:
    """Who was asked what, when, and how much came back: PROV-O, VoID and DCMI terms.

    The query stands there by its digest, an RFC 6920 name.
    """
    graph = NamedNode(graph_of(now.date().isoformat()))
    retrieval = NamedNode(graph.value + "/retrieval")
    instant = Literal(now.strftime("%Y-%m-%dT%H:%M:%SZ"), datatype=NamedNode(XSD + "dateTime"))
    endpoint = NamedNode(harvest.endpoint)
    label = f"Wikidata on the linked entities, {now.date().isoformat()}"
    return [Triple(subject, NamedNode(predicate), target) for subject, predicate, target in (
        (graph, RDF + "type", NamedNode(VOID + "Dataset")),
        (graph, RDF + "type", NamedNode(PROV + "Entity")),
        (graph, RDFS + "label", Literal(label, language="en")),
        (graph, DCTERMS + "license", NamedNode(CC0)),
        (graph, DCTERMS + "extent", Literal(f"{harvest.rows} rows, complete")),
        (graph, VOID + "sparqlEndpoint", endpoint),
        (graph, VOID + "entities", _integer(len(harvest.items))),
        (graph, PROV + "wasDerivedFrom", endpoint),
        (graph, PROV + "generatedAtTime", instant),
        (graph, PROV + "wasGeneratedBy", retrieval),
        (retrieval, RDF + "type", NamedNode(PROV + "Activity")),
        (retrieval, PROV + "used", endpoint),
        (retrieval, PROV + "used", NamedNode(f"nih:sha-256;{harvest.digest}")),
    )]


def _content(harvest: Harvest) -> list[Triple]:
    triples = [Triple(NamedNode(subject), NamedNode(RDFS + "label"), Literal(text, language="en"))
               for subject, text in harvest.labels.items()]
    for one in harvest.statements:
        node, item = NamedNode(one.iri), NamedNode(one.item)
        triples += [
            Triple(item, NamedNode(PROPERTY + one.property), node),
            Triple(node, NamedNode(STATEMENT_VALUE + one.property), one.value),
            Triple(node, NamedNode(WIKIBASE + "rank"), NamedNode(WIKIBASE + one.rank)),
            *(Triple(node, NamedNode(QUALIFIER + name), value)
              for name, value in zip(QUALIFIERS, one.times, strict=True) if value),
        ]
    return [*triples, *(Triple(NamedNode(one.item), NamedNode(DIRECT + one.property), one.value)
                        for one in truthy(harvest.statements))]


def truthy(statements: Sequence[Statement]) -> list[Statement]:
    """The statements of the best rank for their item and property, as Wikibase calls truthy."""
    ranks: Mapping[tuple[str, str], set[str]] = defaultdict(set)
    for one in statements:
        ranks[one.item, one.property].add(one.rank)
    return [one for one in statements
            if one.rank == "PreferredRank" or "PreferredRank" not in ranks[one.item, one.property]]


def _integer(number: int) -> Literal:
    return Literal(str(number), datatype=NamedNode(XSD + "integer"))
