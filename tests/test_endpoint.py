"""The endpoint: what it sends, and that it believes only an answer to what was asked."""

from __future__ import annotations

import socket
import warnings

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from aikg.answer import Term
from aikg.endpoint import AGENT, LONGEST_GET, Endpoint
from aikg.errors import EndpointError, StoreError, UsageError
from aikg.names import GRAPH, MAIN_GRAPH, XSD
from aikg.store import Engine, Solutions
from tests.loopback import Request, reply, serving

SELECT = "SELECT ?a ?b WHERE { ?a ?p ?b }"
EMPTY = reply('{"head":{"vars":["a","b"]},"results":{"bindings":[]}}')


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")


def cell(**fields: str) -> str:
    return "{" + ",".join(f'"{name.replace("_", ":")}":"{value}"' for name, value in
                          fields.items()) + "}"


def rows(*cells: str, names: str = '"a"') -> bytes:
    bindings = ",".join(f'{{"a":{one}}}' if one else "{}" for one in cells)
    return reply(f'{{"head":{{"vars":[{names}]}},"results":{{"bindings":[{bindings}]}}}}')


# --- what is sent ----------------------------------------------------------------------------


def test_a_short_query_goes_by_get() -> None:
    with serving(EMPTY) as server:
        engine: Engine = Endpoint(server.url)
        assert engine.select(SELECT, ("links", "disputed")) == Solutions(("a", "b"), ())
        [request] = server.requests
    assert request.method == "GET"
    assert request.fields == {
        "query": [SELECT], "default-graph-uri": [MAIN_GRAPH],
        "named-graph-uri": [GRAPH + "links", GRAPH + "disputed"]}
    assert request.headers["user-agent"] == AGENT
    assert request.headers["accept"].startswith("application/sparql-results+json")
    assert "authorization" not in request.headers


def test_a_long_query_goes_by_post() -> None:
    text = SELECT + "#" * LONGEST_GET + "\n# é"
    with serving(EMPTY) as server:
        Endpoint(server.url, default_graph=None, agent="me").query(text)
        [request] = server.requests
    assert (request.method, request.target) == ("POST", "/sparql")
    assert request.fields == {"query": [text]}
    assert request.headers["user-agent"] == "me"


@pytest.mark.parametrize("length", [0, LONGEST_GET])
def test_parameters_of_the_url_are_kept(length: int) -> None:
    text = SELECT + "#" * length
    with serving(EMPTY) as server:
        Endpoint(server.url + "?infer=false", default_graph=None).query(text)
        assert server.requests[0].fields == {"infer": ["false"], "query": [text]}


def test_a_query_that_names_its_graphs_keeps_them() -> None:
    text = "SELECT ?a ?b FROM <x:g> WHERE { ?a ?p ?b }"
    with serving(EMPTY) as server:
        Endpoint(server.url).select(text, ("links",))
        assert server.requests[0].fields == {"query": [text]}


@pytest.mark.parametrize("text", [
    "# LOAD <x:a>\nASK {}", "PREFIX drop: <x:y> # insert\nASK { drop:a a drop:b }",
    "PREFIX a: <x:INSERT>\n\tASK { a:b a a:c }", "ask{}"])
def test_the_form_of_a_query_is_not_guessed(text: str) -> None:
    with serving(reply('{"head":{},"boolean":true}')) as server:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert Endpoint(server.url).query(text) is True
        assert server.requests[0].fields["query"] == [text]


@pytest.mark.parametrize("text", [
    "INSERT DATA { <x:a> <x:b> <x:c> }", "# SELECT\nDROP ALL", "PREFIX a: <x:y> CLEAR ALL", "",
    "LOAD <http://127.0.0.1/>", "#\\u000aDROP ALL #\nSELECT * {}"])
def test_an_update_is_not_sent(text: str) -> None:
    with serving(EMPTY) as server:
        for run in (Endpoint(server.url).query, Endpoint(server.url).select):
            with pytest.raises(StoreError, match="only reads"):
                run(text)
        assert server.requests == []


@pytest.mark.parametrize("text", ["ASK {}", "CONSTRUCT WHERE {}", "DESCRIBE <x:a>"])
def test_only_a_select_has_solutions(text: str) -> None:
    with pytest.raises(StoreError, match="not a SELECT"):
        Endpoint("http://127.0.0.1:1/").select(text)


def test_a_url_that_is_none_is_refused_at_once() -> None:
    with pytest.raises(UsageError):
        Endpoint("file:///etc/passwd")


# --- what comes back -------------------------------------------------------------------------


@pytest.mark.parametrize(("sent", "term"), [
    (cell(type="uri", value="x:a"), NamedNode("x:a")),
    (cell(type="literal", value="é\\n\\u0022"), Literal('é\n"')),
    (cell(type="literal", value="a", xml_lang="en-GB"), Literal("a", language="en-gb")),
    (cell(type="literal", value="1.50", datatype=XSD + "decimal"),
     Literal("1.5", datatype=NamedNode(XSD + "decimal"))),
    (cell(type="typed-literal", value="1", datatype=XSD + "integer"), Literal(1)),
    (cell(type="bnode", value="b0"), BlankNode("b0")),
    (cell(type="bnode", value="nodeID://b10001"), BlankNode("nodeID-b10001")),
    (cell(type="literal", value="nodeID://b1"), Literal("nodeID://b1")),
    ("", None),
])
def test_terms(sent: str, term: Term | None) -> None:
    with serving(rows(sent)) as server:
        assert Endpoint(server.url).select("SELECT * {}") == Solutions(("a",), ((term,),))


def test_the_order_of_the_columns_is_the_query_s() -> None:
    body = ('{"head":{"vars":["b","a"]},"results":{"bindings":[{"a":{"type":"uri","value":"x:a"},'
            '"b":{"type":"uri","value":"x:b"}}]}}')
    with serving(reply(body)) as server:
        assert Endpoint(server.url).select(SELECT) == Solutions(
            ("a", "b"), ((NamedNode("x:a"), NamedNode("x:b")),))


@pytest.mark.parametrize(("kind", "body"), [
    ("application/n-triples", "<x:a> <x:b> <x:c> .\n<x:a> <x:b> <x:c> .\n"),
    ("text/turtle", "@prefix x: <x:> . x:a x:b x:c ."),
    ("application/rdf+xml", ('<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
                             ' xmlns:x="x:"><rdf:Description rdf:about="x:a">'
                             '<x:b rdf:resource="x:c"/>'
                             "</rdf:Description></rdf:RDF>")),
])
@pytest.mark.parametrize("form", ["CONSTRUCT WHERE { ?s ?p ?o }", "DESCRIBE <x:a>"])
def test_triples(form: str, kind: str, body: str) -> None:
    with serving(reply(body, kind)) as server:
        assert Endpoint(server.url).query(form) == (
            Triple(NamedNode("x:a"), NamedNode("x:b"), NamedNode("x:c")),)
        assert "application/n-triples" in server.requests[0].headers["accept"]


GOOD = '{"head":{"vars":["a","b"]},"results":{"bindings":[{"a":{"type":"uri","value":"x:a"}}]}}'


@pytest.mark.parametrize(("text", "sent", "message"), [
    (SELECT, reply("<html>Welcome</html>", "text/html"), "text/html where JSON results belong"),
    (SELECT, reply(GOOD, ""), "no content type"),
    (SELECT, reply("a,b\n", "text/csv"), "text/csv"),
    (SELECT, reply(""), "not an answer: "),
    (SELECT, reply("null"), "not an answer: "),
    (SELECT, reply("[" * 100_000), "not an answer: "),
    (SELECT, reply("{}"), "not an answer: "),
    (SELECT, reply(b"\xff\xfe" + GOOD.encode()), "not an answer: "),
    (SELECT, reply(GOOD.replace("x:a", "not an IRI")), "not an answer: Invalid uri"),
    (SELECT, reply(GOOD.replace("x:a", "\\ud800")), "not an answer: "),
    (SELECT, reply('{"head":{"vars":["a","b"]}}'), "not an answer: "),
    (SELECT, reply('{"results":{"bindings":[{"a":{"type":"uri","value":"x:a"}}]}}'), "not an ans"),
    (SELECT, reply('{"head":{"vars":["a"]},"results":{"bindings":[]}}'), "other columns"),
    (SELECT, reply(GOOD.replace('"vars":["a","b"]', '"vars":["a","b","c"]')), "other columns"),
    ("SELECT * {}", reply('{"head":{},"boolean":false}'), "a boolean where rows belong"),
    (SELECT, reply('{"head":{},"boolean":true}'), "a boolean where rows belong"),
    ("ASK {}", reply(GOOD), "rows where a boolean belongs"),
    ("ASK {}", reply('{"head":{},"boolean":"true"}'), "not an answer: "),
    ("ASK {}", reply('{"head":{},"boolean":true'), "not an answer: "),
    ("ASK {}", reply('{"head":{},"boolean":true}}'), "not an answer: "),
    ("DESCRIBE <x:a>", reply("<html/>", "text/html"), "text/html where RDF belongs"),
    ("DESCRIBE <x:a>", reply("<x:a> <x:b>", "text/turtle"), "not an answer: "),
    (SELECT, reply(GOOD, X_SPARQL_MaxRows="1"), r"not an answer: the server gives at most 1 rows"),
    (SELECT, reply(GOOD, X_SQL_State="S1TAT", X_SQL_Message="RC...: Returning incomplete results"),
     "not an answer: only a part of it: RC...: Returning incomplete results"),
    ("DESCRIBE <x:a>", reply("", "text/turtle", X_SQL_State="S1TAT"), "only a part of it: S1TAT"),
    (SELECT, reply(GOOD, status="206 Partial Content"), "not an answer: HTTP 206"),
    (SELECT, reply("MALFORMED QUERY: x", "text/plain", "400 Bad"), "HTTP 400: MALFORMED QUERY: x"),
])
def test_what_is_not_an_answer(text: str, sent: bytes, message: str) -> None:
    with serving(sent) as server, pytest.raises(EndpointError, match=message) as caught:
        Endpoint(server.url).query(text)
    assert str(caught.value).startswith(server.url + ": ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("end", range(1, len(GOOD), 7))
def test_an_answer_that_is_cut_is_never_believed(end: int) -> None:
    with serving(reply(GOOD[:end])) as server, pytest.raises(EndpointError):
        Endpoint(server.url).query(SELECT)


def test_a_key_in_the_url_is_not_repeated() -> None:
    for sent in (reply("no", status="403 No"), reply("no")):
        with serving(sent) as server, pytest.raises(EndpointError) as caught:
            Endpoint(server.url + "?key=secret").query(SELECT)
        assert "secret" not in str(caught.value)


def test_a_request_has_a_time_limit() -> None:
    def wait(_: Request, __: socket.socket) -> None:
        server.closing.wait(5)

    with serving(wait) as server, pytest.raises(EndpointError, match=r"within 0\.1 s"):
        Endpoint(server.url, timeout=0.1).query("ASK {}")


def test_credentials_reach_the_server_that_asks() -> None:
    def answer(request: Request, _: socket.socket) -> bytes:
        return EMPTY if "authorization" in request.headers else reply(
            "", status="401 Who", WWW_Authenticate='Basic realm="x"')

    with serving(answer) as server:
        engine = Endpoint(server.url, credentials=("me", "secret"))
        for _ in range(3):
            assert engine.select(SELECT).rows == ()
        assert len(server.requests) == 4  # asked for once
        assert engine.requests == 3
        with pytest.raises(EndpointError, match="HTTP 401") as caught:
            Endpoint(server.url).select(SELECT)
    assert caught.value.status == 401
