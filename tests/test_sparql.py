"""Ad-hoc SPARQL: our prefixes are at hand, errors say where, and limits hold."""

from __future__ import annotations

import socket
import threading
import time

import pytest

from aikg.answer import Answer
from aikg.errors import AikgError, StoreError, TimeLimit, UnknownFormat, UsageError
from aikg.graph import Graph
from aikg.guard import guard_available
from aikg.names import PREFIXES
from aikg.sparql import answer_sparql, run_limited

limited = pytest.mark.skipif(not guard_available(), reason="limits need Linux and /proc")


def count(answer: Answer) -> bytes:
    return str(len(answer.rows)).encode()


def test_all_prefixes_need_no_declaration(graph: Graph) -> None:
    tested = " ".join(f"FILTER(?x != {name}:x)" for name in PREFIXES)
    assert answer_sparql(graph, f"ASK {{ ?x a aikg:Claim {tested} }}").verdict is True


def test_a_declared_prefix_wins(graph: Graph) -> None:
    assert answer_sparql(graph, "PREFIX aikg: <urn:x:> ASK { ?x a aikg:Claim }").verdict is False


@pytest.mark.parametrize(("text", "means"), [
    ("<thing/openai>", "https://w3id.org/aikg/thing/openai"), ("<>", "https://w3id.org/aikg/"),
    ("<../x>", "https://w3id.org/x"), ("<urn:x:y>", "urn:x:y")])
def test_a_relative_iri_is_one_of_ours_unless_a_base_is_declared(
    text: str, means: str, graph: Graph,
) -> None:
    asked = f'ASK {{ FILTER(STR({text}) = "{means}") }}'
    assert answer_sparql(graph, asked).verdict is True
    assert answer_sparql(graph, f"BASE <http://a.example/b> {asked}").verdict is ("urn" in means)


@pytest.mark.parametrize(("text", "says"), [
    ("", "not SPARQL: line 1, column 1: "),
    ("SELECT", "not SPARQL: line 1, column 7: expected "),
    ("SELECT ?x WHERE {\n\n  ?x a no:thing\n}", "not SPARQL: line 3, column "),
    ("SELECT ?x WHERE {\n ?x no:thing ?y }", "Prefix not found"),
    ("\n\n  SELEKT ?x { ?x ?y ?z }", "line 3, column 3: 'SELEKT' is none of SELECT, ASK"),
    ("PREFIX x: <urn:#> # SELECT\nHELLO", "line 2, column 1: 'HELLO' is none of"),
    ("SELECT ?x (COUNT(?y) AS ?n) { ?x ?y ?z }", "line 1, column "),
    ("ASK {} garbage", "line 1, column "),
    ("ASK { ?x \x00 ?y }", "line 1, column "),
    ("ASK { ?x ?y \ud800 }", ""),
])
def test_what_is_not_sparql_is_told_where(text: str, says: str, graph: Graph) -> None:
    with pytest.raises(AikgError) as error:
        answer_sparql(graph, text)
    assert says in str(error.value)
    assert len(str(error.value)) < 200
    assert "\\u{" not in str(error.value)


@pytest.mark.parametrize("text", [
    "INSERT DATA { <urn:a> <urn:b> <urn:c> }", "delete where { ?s ?p ?o }", "CLEAR ALL",
    "# note\nPREFIX x: <urn:#>\nBASE <urn:x>\nLOAD <http://127.0.0.1/>", "DROP ALL",
    "WITH <urn:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
])
def test_updates_are_refused_and_change_nothing(text: str, graph: Graph) -> None:
    before = answer_sparql(graph, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").rows
    with pytest.raises(UsageError, match="only reads"):
        answer_sparql(graph, text)
    assert answer_sparql(graph, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").rows == before


def test_a_text_of_many_marks_takes_no_time(graph: Graph) -> None:
    begin = time.perf_counter()
    with pytest.raises(AikgError):
        answer_sparql(graph, "#" * 100_000 + "\n" + "PREFIX " * 20_000)
    assert time.perf_counter() - begin < 5


@limited
def test_within_limits_the_answer_is_the_same(graph: Graph) -> None:
    text = "SELECT ?x { ?x a aikg:Claim }"
    assert run_limited(graph, text, count, 20) == count(answer_sparql(graph, text)) != b"0"
    named = "SELECT ?x { GRAPH graph:links { ?x ?y ?z } }"
    assert run_limited(graph, named, count, 20) == count(answer_sparql(graph, named)) != b"0"


@limited
@pytest.mark.parametrize(("text", "kind", "says"), [
    ("SELECT ?x {\n a }", StoreError, "line 2, column "),
    ("INSERT DATA { <urn:a> <urn:b> <urn:c> }", UsageError, "only reads"),
    ("SELECT * WHERE " + "{" * 10_000 + "}" * 10_000, StoreError, ""),
])
def test_within_limits_errors_are_the_same(
    text: str, kind: type[AikgError], says: str, graph: Graph,
) -> None:
    with pytest.raises(kind) as error:
        run_limited(graph, text, count, 20)
    assert says in str(error.value)


@limited
def test_what_finish_raises_keeps_its_kind(graph: Graph) -> None:
    def finish(answer: Answer) -> bytes:
        raise UnknownFormat(f"no format for {answer.kind}")

    with pytest.raises(UnknownFormat, match="no format for boolean"):
        run_limited(graph, "ASK {}", finish, 20)


@limited
def test_a_query_is_stopped_in_time(graph: Graph) -> None:
    begin = time.perf_counter()
    with pytest.raises(TimeLimit):
        run_limited(graph, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", count, 0.3)
    assert time.perf_counter() - begin < 5


@limited
def test_within_limits_nobody_is_called(graph: Graph) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/"
        with pytest.raises(StoreError, match="SERVICE takes --online"):
            run_limited(graph, f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}", count, 20)
        server.settimeout(0.2)
        with pytest.raises(TimeoutError):
            server.accept()


def test_without_limits_somebody_is_called(graph: Graph) -> None:
    """Shows that the test above can fail."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        server.settimeout(20)
        query = f"SELECT * {{ SERVICE SILENT <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}"
        calling = threading.Thread(target=lambda: answer_sparql(graph, query))
        calling.start()
        connection, _ = server.accept()
        connection.close()
        calling.join(20)
        assert not calling.is_alive()
