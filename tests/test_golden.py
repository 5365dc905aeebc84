"""One question, many faces, one golden answer: the rows of tests/answers through each of them.

A face is a way by which rows reach someone. Each gives a table of texts, which is held against the
rows that were written by hand; a face that differs fails by its name.
"""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pytest
import rdflib

from aikg import files
from aikg.names import CLAIM
from tests.serving import LACKING, REASON, Server, serving
from tests.test_cli import call as command
from tests.test_queries import GOLDEN, Golden, second_engine
from tests.test_queries import graph as graph_of_tests

pytestmark = pytest.mark.skipif(bool(LACKING), reason=REASON)
CASES = [case for case in GOLDEN if not case.query.startswith("outside-")]
"""Without those that read a snapshot, for none ships."""
RESULTS = "{http://www.w3.org/2005/sparql-results#}"


class Table(NamedTuple):
    """What a face shows: names of columns, and a text in each cell."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]


def agrees(case: Golden, table: Table) -> bool:
    """Whether a table shows the golden rows, as far as it has their columns.

    The order counts, but for rows that are only counted; of the passages the order does not.
    """
    counted = bool(case.columns) and case.columns[0] == "count"
    shared = [column for column in case.columns[counted:] if column in table.head]
    places = [table.head.index(column) for column in shared]
    found = [tuple(_cell(name, row[place]) for name, place in zip(shared, places, strict=True))
             for row in table.rows]
    wanted = [tuple(_cell(name, row[case.columns.index(name)]) for name in shared)
              for row in case.rows for _ in range(int(row[0]) if counted else 1)]
    return Counter(found) == Counter(wanted) if counted else found == wanted


def _cell(column: str, text: str) -> str:
    return " ".join(sorted(text.split())) if column == "evidence" else text


# --- faces: each takes a golden call, and gives what is shown for it ----------------------------


def separated(text: str, **dialect: Any) -> Table:
    head, *rows = csv.reader(io.StringIO(text), **dialect) if text else [[]]
    return Table(head, rows)


def aligned(text: str) -> Table:
    """The table of a terminal: a line of dashes says where the columns are."""
    head, rule, *lines = text.splitlines() if text else ("", "")
    spans = [match.span() for match in re.finditer("-+", rule)]
    last = [(start, None) if end == len(rule) else (start, end) for start, end in spans]
    return Table(*(lambda cut: (cut(head), [cut(line) for line in lines]))(
        lambda line: [line[start:end].strip() for start, end in last]))


def marked(text: str) -> Table:
    """A table of Markdown."""
    lines = [[cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
             for line in text.splitlines()]
    return Table(lines[0], lines[2:]) if lines else Table((), ())


def records(text: str) -> Table:
    rows = [json.loads(line) for line in text.splitlines()]
    head = list(rows[0]) if rows else []
    return Table(head, [[_native(row[name]) for name in head] for row in rows])


def _native(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(dict.fromkeys(one for item in value for one in item["passages"]))
    if isinstance(value, dict):
        return str(value["label"])
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def bindings(text: str) -> Table:
    content = json.loads(text)
    head = content["head"]["vars"]
    return Table(head, [[_binding(row.get(name)) for name in head]
                        for row in content["results"]["bindings"]])


def _binding(term: Mapping[str, str] | None) -> str:
    if term is None:
        return ""
    return named(term["value"]) if term["type"] == "uri" else term["value"]


def named(iri: str) -> str:
    """An IRI by its label; a claim and a passage by their ids, as tables show them."""
    return graph_of_tests("all").lexicon.label(iri)


def elements(text: str) -> Table:
    root = ET.fromstring(text)
    head = [one.attrib["name"] for one in root.iter(RESULTS + "variable")]
    rows = []
    for result in root.iter(RESULTS + "result"):
        cells = {one.attrib["name"]: one[0] for one in result}
        rows.append([_element(cells.get(name)) for name in head])
    return Table(head, rows)


def _element(term: ET.Element | None) -> str:
    if term is None:
        return ""
    return named(term.text or "") if term.tag == RESULTS + "uri" else term.text or ""


READERS: dict[str, Callable[[str], Table]] = {
    "table": aligned, "csv": separated, "md": marked, "jsonl": records, "json": bindings,
    "xml": elements,
    "tsv": lambda text: separated(text, delimiter="\t", quoting=csv.QUOTE_NONE),
}
GRADELESS = {"json", "xml"}
"""The W3C's formats, which have place for neither grade nor evidence nor labels."""


def comparable(case: Golden, reader: str) -> bool:
    """Whether the rows of a call can be told in a format: one without labels needs things in it."""
    texts = {"claim", "passage", "statement"} & set(case.columns)
    return reader not in GRADELESS or not texts


@pytest.mark.parametrize("name", READERS)
def test_command_line(name: str) -> None:
    for case in CASES:
        options = [part for slot, value in case.slots.items() for part in (f"--{slot}", value)]
        view = ("--sources", case.sources) if case.sources else ()
        outcome = command("run", case.query, *options, *view, "-f", name)
        assert outcome.code == (3 if case.silence else 0), case.place
        if case.silence:
            assert outcome.out == "", case.place
        elif comparable(case, name):
            assert agrees(case, READERS[name](outcome.out)), case.place


def test_python() -> None:
    for case in GOLDEN:
        answer = graph_of_tests(case.sources).run(case.query, **case.slots)
        rows = [[*map(answer.text, row.values), row.grade or "", " ".join(dict.fromkeys(
            passage for item in row.evidence for passage in item.passages))]
            for row in answer.rows]
        assert agrees(case, Table([*answer.columns, "grade", "evidence"], rows)), case.place


@pytest.fixture(scope="module")
def server_of_all() -> Iterator[Server]:
    """A server of all sources, those beside the article too."""
    with serving("--sources", "all") as running:
        yield running


@pytest.mark.parametrize("name", ["csv", "tsv", "jsonl", "json", "xml", "md"])
def test_http(server: Server, server_of_all: Server, name: str) -> None:
    for case in CASES:
        asked = server_of_all if case.sources else server
        got = asked.ask(f"/query/{case.query}.{name}?{urlencode(case.slots)}")
        assert got.status == 200, case.place
        table = READERS[name](got.text)
        assert bool(table.rows) is not bool(case.silence), case.place
        if comparable(case, name):
            assert agrees(case, table), case.place


def test_reconciliation(server: Server) -> None:
    """Every thing in a golden row is found by its name."""
    lexicon = graph_of_tests().lexicon
    labels = {lexicon.label(curie) for curie in lexicon.types if curie.startswith("thing:")}
    shown = {text for case in CASES for row in case.rows for text in row if text in labels}
    assert len(shown) > 50
    names = sorted(shown)
    for start in range(0, len(names), 20):
        batch = {f"q{number}": {"query": name}
                 for number, name in enumerate(names[start:start + 20])}
        got = json.loads(server.ask("/reconcile", queries=json.dumps(batch)).text)
        for key, query in batch.items():
            best = got[key]["result"][0]
            assert (best["name"], best["match"]) == (query["query"], True)


def test_agents() -> None:
    pytest.importorskip("mcp", reason="mcp, of the extra `mcp`, is not installed")
    from tests.test_agent import call

    for case in GOLDEN:
        result = call(graph_of_tests(case.sources), "run", name=case.query, slots=dict(case.slots))
        rows = result.structured_content["rows"]
        if rows and len(rows) < len(case.rows):
            continue  # cut, as it says
        table = records("\n".join(map(json.dumps, rows)))
        assert bool(rows) is not bool(case.silence), case.place
        assert agrees(case, table), case.place


# --- the queries as they are handed on, on another engine ----------------------------------------


def exported(server: Server) -> Iterator[tuple[str, str, str]]:
    """Each stored query as others get it: the face, its name, and its text."""
    shapes = rdflib.Graph().parse(
        data=server.ask("/.well-known/sparql-examples", "text/turtle").text, format="turtle")
    shacl = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    for one, text in shapes.subject_objects(shacl.select):
        yield "SHACL", str(one).rpartition("/")[2], str(text)
    for path in sorted(Path(files.root(), "queries").glob("[!cf]*/*.rq")):
        yield "grlc", path.stem, path.read_text("utf-8")


@pytest.mark.filterwarnings("ignore:Dataset.default_context", "ignore:Dataset.contexts")
def test_exports_on_another_engine(server: Server) -> None:
    calls = {case.query: case for case in CASES
             if not (case.slots or case.silence or case.sources)}
    faces = Counter[str]()
    for face, name, text in exported(server):
        case = calls.get(name)
        if case is None or not comparable(case, "json"):
            continue
        result = second_engine("").query(text)
        head = [str(variable) for variable in result.vars or ()]
        rows = [[_rdflib(term) for term in row] for row in result if isinstance(row, tuple)]
        golden = {tuple(row) for row in _values(case, head)}
        found = {tuple(row[head.index(column)] for column in _shared(case, head)) for row in rows}
        assert found == golden, f"{face}: {case.place}"
        faces[face] += 1
    assert faces["SHACL"] > 20
    assert faces["grlc"] > 20


def _shared(case: Golden, head: Sequence[str]) -> list[str]:
    return [column for column in case.columns if column in head]


def _values(case: Golden, head: Sequence[str]) -> Iterator[list[str]]:
    for row in case.rows:
        yield [row[case.columns.index(column)] for column in _shared(case, head)]


def _rdflib(term: object) -> str:
    if isinstance(term, rdflib.URIRef):
        return str(term).removeprefix(CLAIM) if str(term).startswith(CLAIM) else named(str(term))
    if isinstance(term, rdflib.Literal) and term.datatype == rdflib.XSD.decimal:
        return f"{Decimal(str(term)).normalize():f}"
    if isinstance(term, rdflib.Literal) and term.datatype == rdflib.XSD.dateTime:
        return str(term).replace("+00:00", "Z")  # rdflib writes UTC as an offset
    return "" if term is None else str(term)
