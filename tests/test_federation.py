"""Federated queries, over HTTP, against a server in Wikidata's shape with invented values."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest

import aikg
from aikg.cli import main
from aikg.errors import AikgError, EndpointError, QueryError, UsageError
from aikg.federation import ask_outside
from aikg.identifier import DBPEDIA, WIKIDATA
from aikg.identity import identifies
from aikg.links import read_mappings
from aikg.names import SKOS, compact
from aikg.query import FEDERATED, Query
from aikg.store import Engine, Solutions, Store
from tests.loopback import serving
from tests.wikidata import BUSY, CUT, EMPTY, FAILED, HTML, LINKS, answering, engine, first, store

FOLDER = Path("queries/federated")
NAMES = sorted(path.stem for path in FOLDER.glob("*.rq"))
# What the stand-in for Wikidata says beside its statements.
MORE = """
wd:P571 wikibase:directClaim wdt:P571 . wd:P169 wikibase:directClaim wdt:P169 .
wd:P749 wikibase:directClaim wdt:P749 . wd:P112 wikibase:directClaim wdt:P112 .
@prefix dbo: <http://dbpedia.org/ontology/> . @prefix dbr: <http://dbpedia.org/resource/> .
dbr:Nvidia dbo:foundingDate "1793-04-05"^^xsd:date ; dbo:keyPerson dbr:Testina ;
  dbo:industry [] . dbr:Testina rdfs:label "Testina"@en, "Testine"@fr .
dbr:OpenAI dbo:foundedBy dbr:Nobody .
"""
ROWS = {
    "wikidata-facts": """\
Anthropic\tchief executive officer\tTestina Fictiva\tnot-claimed
Google\tparent organization\tAlphabet Inc.\tnot-claimed
OpenAI\tinception\t1815-12-11T00:00:00Z\tnot-claimed
OpenAI\tinception\t2015-12-11T00:00:00Z\tnot-claimed
""",
    "wikidata-founding": """\
OpenAI\t2015\t1815\tstated
OpenAI\t2015\t2015\tstated
""",
    "dbpedia-facts": """\
Nvidia\tdbo:foundingDate\t1793-04-05\tnot-claimed
Nvidia\tdbo:keyPerson\tTestina\tnot-claimed
OpenAI\tdbo:foundedBy\tdbr:Nobody\tnot-claimed
""",
}


def call(*arguments: str) -> int:
    with pytest.raises(SystemExit) as caught:
        main(list(arguments))
    assert isinstance(caught.value.code, int)
    return caught.value.code


def table(text: str) -> list[list[str]]:
    """The first three columns and the grade of each row."""
    head, *rows = csv.reader(io.StringIO(text), delimiter="\t")
    return [[*row[:3], row[head.index("grade")]] for row in rows]


def test_every_federated_query_has_rows_here() -> None:
    assert [*sorted(ROWS)] == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_rows_from_a_server(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with serving(answering(store(MORE))) as server:
        assert call("run", name, "--online", "--service", server.url) == 0
    wanted = [line.split("\t") for line in ROWS[name].splitlines()]
    assert table(capsys.readouterr().out) == wanted
    assert [sent.headers["user-agent"].split(" (")[0] for sent in server.requests] == ["aikg/0.1.0"]


def test_a_slot_is_filled(capsys: pytest.CaptureFixture[str]) -> None:
    with serving(answering(store(MORE))) as server:
        assert call("run", "wikidata-facts", "--online", "--service", server.url, "--entity",
                    "Google") == 0
        assert [row[0] for row in table(capsys.readouterr().out)] == ["Google"]
        assert call("run", "wikidata-facts", "--online", "--service", server.url, "--entity",
                    "Nvidia") == 3


@pytest.mark.parametrize("name", NAMES)
def test_without_online_nobody_is_asked(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with serving(answering(store(MORE))) as server:
        for more in ((), ("--service", server.url)):
            assert call("run", name, *more) == 2
            shown = capsys.readouterr()
            assert f"aikg run {name} --online" in shown.err
            assert shown.out == ""
        assert call("run", name, "--help") == 0
    assert server.requests == []
    query = aikg.open().catalog.query(name)
    with pytest.raises(UsageError, match="asks servers outside"):
        aikg.open().run(name)
    with pytest.raises(UsageError, match="asks servers outside"):
        query.bind_any({})


def test_no_question_leads_to_a_federated_query() -> None:
    graph = aikg.open()
    federated = {*graph.catalog.federated}
    assert federated == {*NAMES}
    assert not federated & {*graph.catalog.queries}
    assert all(FEDERATED in one.tags for one in graph.catalog.federated.values())
    for name in federated:
        summary = graph.catalog.query(name).summary
        understood = graph.matcher.understand(summary)
        assert not understood.best or understood.best.query not in federated
        assert not federated & {*graph.matcher.nearest(understood)}


@pytest.mark.parametrize("bad", [HTML, EMPTY, CUT], ids=["html", "empty", "cut"])
def test_a_server_that_lies(bad: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    with serving(bad) as server:
        assert call("run", "wikidata-founding", "--online", "--service", server.url) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith(f"Error: {server.url}")


def test_a_server_that_recovers(impatient: None, capsys: pytest.CaptureFixture[str]) -> None:
    with serving(first(BUSY, FAILED, then=answering())) as server:
        assert call("run", "wikidata-founding", "--online", "--service", server.url) == 0
    assert len(server.requests) == 3


# --- the block -------------------------------------------------------------------------------


def asked(text: str, inner: Engine, tags: tuple[str, ...] = (FEDERATED, "x")) -> Query:
    return ask_outside(Query("q", "?", text, "q.rq", tags=tags), lambda url: inner)


def test_each_block_becomes_its_rows() -> None:
    text = ("PREFIX wdt: <http://www.wikidata.org/prop/direct/>\nSELECT ?a ?b WHERE { "
            "SERVICE <http://x/> { ?a wdt:P571 ?b . # }\n FILTER(?b != \"}\") { } } ?a ?c ?d . "
            "SERVICE <http://y/> { ?d wdt:P749 ?e } }")
    query = asked(text, engine())
    assert query.tags == ("x",)
    assert "SERVICE" not in query.text
    assert re.findall(r"VALUES \((.*?)\)", query.text) == ["?a ?b", "?d ?e"]
    assert query.text.count("(<http") == 3


class Answering:
    """An engine that gives one answer to everything."""

    def __init__(self, variables: tuple[str, ...], count: int) -> None:
        self.answer = Solutions(variables, ((None,) * len(variables),) * count)

    def query(self, text: str, graphs: object = ()) -> Solutions:
        return self.answer

    def select(self, text: str, graphs: object = ()) -> Solutions:
        return self.answer


@pytest.mark.parametrize(("inner", "text", "error", "message"), [
    (Answering(("a", "z"), 1), "SELECT ?a { SERVICE <http://x/> { ?a ?b ?c } }", EndpointError,
     "what was not asked for"),
    (Answering(("a",), 10_001), "SELECT ?a { SERVICE <http://x/> { ?a ?b ?c } }", EndpointError,
     "10001 rows: at most 10000"),
    (Answering((), 0), "SELECT ?a { SERVICE <http://x/> { ?a ?b ?c ", QueryError, "does not end"),
])
def test_what_cannot_be_taken(
    inner: Engine, text: str, error: type[AikgError], message: str,
) -> None:
    with pytest.raises(error, match=message):
        asked(text, inner)


def test_rows_that_are_empty_or_open_are_rows_still() -> None:
    main_graph = Store(b"<x:s> <x:p> <x:o> .", lambda _: None)
    for count, rows in ((0, 0), (1, 1)):
        query = asked("SELECT ?s { SERVICE <http://x/> { ?s ?b ?c } ?s <x:p> ?o }",
                      Answering(("s",), count))
        assert len(main_graph.select(query.text).rows) == rows


# --- the lists in the queries ----------------------------------------------------------------


@pytest.mark.parametrize(("name", "namespace", "prefix"), [
    ("wikidata-facts", WIKIDATA, "wd:Q"), ("wikidata-founding", WIKIDATA, "wd:Q"),
    ("dbpedia-facts", DBPEDIA, "<http://dbpedia.org/resource/"),
])
def test_the_companies_asked_about_are_those_linked(name: str, namespace: str, prefix: str) -> None:
    """They stand in the query, and follow the mapping file."""
    types = aikg.open().lexicon.types
    linked = {row.object for row in read_mappings(str(LINKS))
              if row.object and row.object.startswith(namespace)
              and (identifies(row) or (row.holds and row.predicate == SKOS + "closeMatch"))
              and "aikg:Organization" in types[compact(row.subject)]}
    text = (FOLDER / f"{name}.rq").read_text(encoding="utf-8")
    if prefix == "wd:Q":
        found = {WIKIDATA + one for one in re.findall(r"\bwd:(Q\d+)", text)}
    else:
        found = {one for one in re.findall(r"<([^>]+)>", text) if one.startswith(namespace)
                 and one != namespace}
    assert found == linked
