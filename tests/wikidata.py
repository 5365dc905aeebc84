"""A stand-in for Wikidata on loopback: its shape, its ids, and values that are invented.

Real engines answer here over real HTTP. Only the ids and names are Wikidata's; each value is test
data, mostly of the wrong century, so that nobody takes it for a fact.
"""

from __future__ import annotations

import json
import socket
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from pyoxigraph import (
    DefaultGraph,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
)

import aikg
from aikg.authored import Authored
from aikg.built import Built
from aikg.graph import Graph
from aikg.harvest import Harvest, Request, harvest
from aikg.links import read_mappings
from aikg.names import PREFIXES
from aikg.snapshot import request_of, write_snapshot
from aikg.store import Engine, Solutions
from aikg.store import Store as Embedded
from aikg.turtle import read
from tests.loopback import Answer, reply
from tests.loopback import Request as Sent

ROOT = Path(__file__).resolve().parent.parent
LINKS = ROOT / "graph" / "links.sssom.tsv"
WD = PREFIXES["wd"]
HEAD = """\
@prefix wd: <http://www.wikidata.org/entity/> .
@prefix wds: <http://www.wikidata.org/entity/statement/> .
@prefix wdt: <http://www.wikidata.org/prop/direct/> .
@prefix p: <http://www.wikidata.org/prop/> .
@prefix ps: <http://www.wikidata.org/prop/statement/> .
@prefix pq: <http://www.wikidata.org/prop/qualifier/> .
@prefix wikibase: <http://wikiba.se/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix schema: <http://schema.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
# Item, property, value, rank, qualifiers: in Wikidata's shape, not in its words.
STATEMENTS = (
    ("Q21708200", "P571", '"1815-12-11T00:00:00Z"^^xsd:dateTime', "Normal", ""),
    ("Q124605186", "P571", '"2015-12-11T00:00:00Z"^^xsd:dateTime', "Normal", ""),
    ("Q21708200", "P1951", "wd:Q2283", "Normal", ""),
    ("Q21708200", "P1951", "_:somebody", "Normal", ""),
    ("Q116758847", "P1951", "wd:Q3884", "Normal", "pq:P585 '1823-01-01T00:00:00Z'^^xsd:dateTime"),
    ("Q116758847", "P169", "wd:Q999999001", "Preferred",
     "pq:P580 '1821-01-01T00:00:00Z'^^xsd:dateTime"),
    ("Q116758847", "P169", "wd:Q999999002", "Normal",
     "pq:P582 '1820-12-31T00:00:00Z'^^xsd:dateTime"),
    ("Q116758847", "P159", "wd:Q999999003", "Deprecated", ""),
    ("Q95", "P1448", '"Testdata Google Ltd."@en', "Normal", ""),
    ("Q95", "P749", "wd:Q20800404", "Normal", ""),
    ("Q120599684", "P112", "wd:Q999999004", "Normal", ""),
)
PREFERRED = {(item, name) for item, name, _, rank, _ in STATEMENTS if rank == "Preferred"}
PEOPLE = """
wd:Q999999001 rdfs:label "Testina Fictiva"@en . wd:Q999999002 rdfs:label "Testino Fictivo"@en .
wd:Q999999003 rdfs:label "Nowhere"@en . wd:P571 rdfs:label "inception"@en .
wd:P1951 rdfs:label "investor"@en . wd:P169 rdfs:label "chief executive officer"@en .
wd:P749 rdfs:label "parent organization"@en . wd:P1448 rdfs:label "official name"@en .
wd:Q783794 wdt:P279 wd:Q4830453 . wd:Q115305900 wdt:P279 wd:Q117349473 .
"""
COMPANIES = ("Q2283 Q3884 Q182477 Q201653 Q95 Q20800404 Q120599684 Q117617480 Q116758847 Q380"
             " Q21708200 Q124605186")
MODELS = "Q118876059 Q116894231"


@cache
def linked() -> dict[str, str]:
    """The label that the mapping file gives to each item of Wikidata that it names."""
    return {row.object: row.object_label for row in read_mappings(str(LINKS))
            if row.object and row.object.startswith(WD)}


def turtle(extra: str = "", without: str = "") -> str:
    """The data as Turtle; `without` leaves out the item of that id."""
    lines = [HEAD, PEOPLE, extra]
    lines += [f'<{iri}> rdfs:label "{label}"@en .' for iri, label in linked().items()
              if iri != WD + without]
    lines += [f"wd:{one} wdt:P31 wd:Q783794 ." for one in COMPANIES.split() if one != without]
    lines += [f"wd:{one} wdt:P31 wd:Q115305900 ." for one in MODELS.split() if one != without]
    lines.append('wd:Q120599684 skos:altLabel "xAI"@mul . wd:Q201653 skos:altLabel "SoftBank"@en .')
    for number, (item, name, value, rank, more) in enumerate(STATEMENTS):
        if item != without:
            node = f"wds:{item}-0000-{number:04}"
            lines.append(f"wd:{item} p:{name} {node} . {node} ps:{name} {value} ; "
                         f"wikibase:rank wikibase:{rank}Rank . {node} {more or 'a wikibase:S'} .")
            if not value.startswith("_:") and rank != "Deprecated" and not (
                    rank == "Normal" and (item, name) in PREFERRED):
                lines.append(f"wd:{item} wdt:{name} {value} .")
    return "\n".join(lines)


def store(extra: str = "", without: str = "") -> Store:
    """The data in an engine."""
    made = Store()
    made.load(turtle(extra, without).encode(), RdfFormat.TURTLE)
    return made


def engine(extra: str = "", without: str = "") -> Embedded:
    """The data behind the interface of the package, without HTTP."""
    lines = store(extra, without).dump(format=RdfFormat.N_TRIPLES, from_graph=DefaultGraph())
    return Embedded(lines or b"", lambda _: None)


DAY = datetime(2000, 1, 1, 12, tzinfo=UTC)
"""The day of the test snapshot: before there was a Wikidata."""


@cache
def request() -> Request:
    """What `aikg link refresh` asks about the linked items."""
    return request_of(Authored(), "http://127.0.0.1/test")


def gathered(asked: Engine | None = None, about: Request | None = None) -> Harvest:
    """A harvest from an engine; from that of the data if it is None."""
    return harvest(about or request(), asked or engine(), DAY.date().isoformat(),
                   lambda done, count: None)


@dataclass
class Liar:
    """An engine whose answers are changed on the way, which notes what it is asked."""

    change: Callable[[str, Solutions], Solutions] = lambda _, solutions: solutions
    inner: Engine = field(default_factory=engine)
    asked: list[str] = field(default_factory=list)

    def query(self, text: str, graphs: Sequence[str] = ()) -> Solutions:
        return self.select(text, graphs)

    def select(self, text: str, graphs: Sequence[str] = ()) -> Solutions:
        self.asked.append(text)
        return self.change(text, self.inner.select(text, graphs))


def fewer(text: str, solutions: Solutions) -> Solutions:
    """The solutions without the last row of statements."""
    return solutions._replace(rows=solutions.rows[:-1]) if "?rank ?start" in text else solutions


@cache
def snapshot() -> bytes:
    """A snapshot of the data as N-Triples."""
    with tempfile.TemporaryDirectory() as folder:
        path = write_snapshot(gathered(), DAY, folder)
        return "".join(sorted(f"{triple} .\n" for triple in read(path))).encode()


def graph_with_snapshot() -> Graph:
    """The graph as it is built, with the test snapshot beside it."""
    built = aikg.open().built
    content = {name: built.read(name) or b"" for name in built.catalog.content["files"]}
    name = f"outside-{DAY.date().isoformat()}.nt"
    content = {one: data for one, data in content.items() if not one.startswith("outside-")}
    sizes = {one: len(data) for one, data in {**content, name: snapshot()}.items()}
    catalog = {**built.catalog.content, "files": sizes}
    return Graph(Built(None, {**content, name: snapshot(),
                              "catalog.json": json.dumps(catalog).encode()}))


def answering(engine: Store | None = None) -> Answer:
    """Answers SELECT and ASK as the SPARQL Protocol wants, or 400."""
    data = store() if engine is None else engine

    def answer(sent: Sent, _: socket.socket) -> bytes:
        text = (sent.fields.get("query") or [sent.body.decode()])[0]
        try:
            result = data.query(text)
        except SyntaxError as error:
            return reply(str(error), "text/plain", "400 Bad Request")
        assert isinstance(result, QuerySolutions | QueryBoolean)
        return reply(result.serialize(format=QueryResultsFormat.JSON) or b"")

    return answer


def first(*bad: bytes, then: Answer) -> Answer:
    """Answers each bad reply once, in turn, then well."""
    left = list(bad)
    return lambda sent, connection: left.pop(0) if left else then(sent, connection)


def changed(answer: Answer, change: Callable[[bytes], bytes]) -> Answer:
    """Answers, but with something done to the reply."""
    return lambda sent, connection: change(answer(sent, connection) or b"")


HTML = reply("<html>Sorry</html>", "text/html")
BUSY = reply("slow down", "text/plain", "429 Too Many Requests", Retry_After="7")
FAILED = reply("java.util.concurrent.TimeoutException", "text/plain", "500 Internal Server Error")
EMPTY = reply("")
CUT = reply('{"head":{"vars":["item"]},"results":{"bindings":[{"item"')
LOOP = reply("", "text/plain", "302 Found", Location="/sparql")
"""Replies of servers that misbehave."""
