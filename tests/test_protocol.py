"""The SPARQL 1.1 Protocol: each case of its section 2.1, and what strangers may not do."""

from __future__ import annotations

import csv
import http.client
import io
import json
import socket
import threading
import time
from collections.abc import Iterable, Mapping
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from pyoxigraph import RdfFormat, parse

from aikg.names import GRAPH
from aikg.web.exchange import Call, Problem
from tests.serving import LACKING, REASON, Server, needs_guard, serving

if LACKING:
    pytest.skip(REASON, allow_module_level=True)
pytestmark = needs_guard

ASK = "ASK { ?s ?p ?o }"
SELECT = "SELECT ?s WHERE { ?s a aikg:Source }"
CONSTRUCT = "CONSTRUCT { ?s a ?c } WHERE { ?s a ?c . ?s a aikg:Source }"
DESCRIBE = "DESCRIBE thing:openai"
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
JSON = "application/sparql-results+json"
XML = "application/sparql-results+xml"
MAIN, LINKS = GRAPH + "main", GRAPH + "links"
HELD = "ASK { ?s owl:sameAs ?o }"
"""True of the graph links alone."""


def form(*pairs: tuple[str, str]) -> tuple[str, dict[str, str]]:
    return urlencode(pairs), {"Content-Type": FORM}


def direct(text: str) -> tuple[str, dict[str, str]]:
    return text, {"Content-Type": QUERY}


# The three ways to send a query, and the forms of what comes back.


@pytest.mark.parametrize("way", ["get", "form", "direct"])
@pytest.mark.parametrize(("text", "media_type"), [
    (ASK, JSON), (SELECT, JSON), (CONSTRUCT, "text/turtle"), (DESCRIBE, "text/turtle")])
def test_each_form_of_query_goes_each_way(
    way: str, text: str, media_type: str, server: Server,
) -> None:
    if way == "get":
        got = server.sparql(text)
    else:
        body, headers = form(("query", text)) if way == "form" else direct(text)
        got = server.ask("/sparql", None, "POST", body, headers)
    assert got.status == 200, got.text
    assert got.headers["content-type"].partition(";")[0] == media_type
    assert got.headers["vary"] == "Accept"
    assert int(got.headers["content-length"]) == len(got.body) > 0


@pytest.mark.parametrize(("accept", "media_type"), [
    (None, JSON), ("*/*", JSON), (JSON, JSON), ("application/json", JSON), (XML, XML),
    ("application/xml", XML), ("text/xml", XML), ("text/csv", "text/csv"),
    ("text/tab-separated-values", "text/tab-separated-values"), ("text/*", "text/csv"),
    ("application/*", JSON), (f"{XML};q=0.3, text/csv;q=0.5", "text/csv"),
    (f"text/csv;q=0, {XML};q=0.1", XML), ("text/csv;q=0, */*", JSON), ("text/csv, */*", "text/csv"),
    (f"{JSON};q=0, */*;q=0.5", "text/csv"), ("text/html", "text/html"),
    ("text/turtle, text/csv;q=0.1", "text/csv"), ("*; q=.2", JSON),
    ("garbage, text/csv", "text/csv"),
    ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
])
def test_select_is_sent_as_accepted(accept: str | None, media_type: str, server: Server) -> None:
    got = server.sparql(SELECT, accept)
    assert (got.status, got.headers["content-type"].partition(";")[0]) == (200, media_type)


@pytest.mark.parametrize(("accept", "media_type"), [
    (None, "text/turtle"), ("*/*", "text/turtle"), ("text/*", "text/turtle"),
    ("application/n-triples", "application/n-triples"), ("application/ld+json",) * 2,
    ("application/json", "application/ld+json"), ("application/rdf+xml",) * 2,
    ("application/rdf+xml;q=0.5, application/n-triples;q=0.9", "application/n-triples"),
])
def test_construct_is_sent_as_accepted(accept: str | None, media_type: str, server: Server) -> None:
    got = server.sparql(CONSTRUCT, accept)
    assert (got.status, got.headers["content-type"].partition(";")[0]) == (200, media_type)
    kind = RdfFormat.from_media_type(media_type)
    assert kind is not None
    assert len(list(parse(got.body, kind))) >= 1


@pytest.mark.parametrize(("text", "accept"), [
    (SELECT, "image/png"), (SELECT, "text/csv;q=0"), (SELECT, "text/turtle"),
    (CONSTRUCT, "text/csv"), (ASK, "text/turtle"), (SELECT, "*/*;q=0")])
def test_what_is_not_there_is_406_with_what_is(text: str, accept: str, server: Server) -> None:
    got = server.sparql(text, accept)
    assert got.status == 406
    assert "text/turtle" in got.text or JSON in got.text


def test_the_four_formats_hold_the_same(server: Server) -> None:
    text = 'SELECT ?s ?t ?u WHERE { VALUES (?s ?t) { (thing:openai "a, \\"b\\"\\tc\\n\\u00e9") } }'
    plain = 'a, "b"\tc\n\u00e9'
    found = json.loads(server.sparql(text, JSON).body)
    assert found["head"]["vars"] == ["s", "t", "u"]
    assert found["results"]["bindings"] == [{
        "s": {"type": "uri", "value": "https://w3id.org/aikg/thing/openai"},
        "t": {"type": "literal", "value": plain}}]
    rows = list(csv.reader(io.StringIO(server.sparql(text, "text/csv").text, newline="")))
    assert rows == [["s", "t", "u"], ["https://w3id.org/aikg/thing/openai", plain, ""]]
    lines = server.sparql(text, "text/tab-separated-values").text.split("\n")
    assert lines[0] == "?s\t?t\t?u"
    assert lines[1].split("\t") == [
        "<https://w3id.org/aikg/thing/openai>", '"a, \\"b\\"\\tc\\n\u00e9"', ""]
    tree = ElementTree.fromstring(server.sparql(text, XML).body)
    assert plain in [element.text for element in tree.iter()]


@pytest.mark.parametrize(("accept", "says"), [
    (JSON, '"boolean": true'), (XML, "<boolean>true</boolean>"), ("text/csv", "true"),
    ("text/html", "true")])
def test_ask_is_a_boolean(accept: str, says: str, server: Server) -> None:
    assert says in server.sparql(ASK, accept).text


@pytest.mark.parametrize(("asked", "media_type"), [
    ("csv", "text/csv"), ("xml", XML), ("text/csv", "text/csv")])
def test_the_parameter_format_goes_before_accept(
    asked: str, media_type: str, server: Server,
) -> None:
    got = server.ask("/sparql", "text/html", query=SELECT, format=asked)
    assert got.headers["content-type"].partition(";")[0] == media_type
    assert server.ask("/sparql", query=SELECT, format="exe").status == 400


# What is wrong with a request.


@pytest.mark.parametrize(("status", "method", "target", "body", "headers"), [
    (400, "GET", "?" + urlencode([("query", ASK), ("query", SELECT)]), None, {}),
    (400, "GET", "?query=SELEKT", None, {}),
    (400, "GET", "?query=", None, {}),
    (400, "GET", "?query=%FF", None, {}),
    (400, "POST", "", *form(("query", ASK), ("query", ASK))),
    (400, "POST", "", *form(("wrong", ASK))),
    (400, "POST", "?" + urlencode({"query": ASK}), *form(("query", ASK))),
    (400, "POST", "?" + urlencode({"query": ASK}), *direct(ASK)),
    (400, "POST", "", b"ASK { ?s ?p '\xff' }", {"Content-Type": QUERY}),
    (400, "POST", "", *direct("")),
    (415, "POST", "", ASK, {"Content-Type": "text/plain"}),
    (415, "POST", "", ASK, {"Content-Type": "application/json"}),
    (415, "POST", "", ASK, {}),
    (415, "POST", "", ASK, {"Content-Type": QUERY + "; charset=utf-16"}),
    (415, "POST", "", ASK.encode("utf-16"), {"Content-Type": QUERY + '; Charset="UTF-16"'}),
    (415, "POST", "", ASK, {"Content-Type": QUERY + "; charset=utf-8; charset=utf-16"}),
    (415, "POST", "", ASK, {"Content-Type": QUERY + "; charset="}),
    (415, "POST", "", ASK, {"Content-Type": f"{QUERY}, text/plain"}),
    (415, "POST", "", ASK, {"Content-Type": QUERY, "Content-Encoding": "gzip"}),
    (400, "POST", "", ASK.encode("utf-16"), {"Content-Type": QUERY}),
    (400, "POST", "", *form(("query", ""))),
    (400, "GET", "?query=ASK%20%7B%7D%ZZ", None, {}),
    (400, "GET", "?query=ASK%20%7B%7D&x=%FF", None, {}),
    (400, "GET", "?query=ASK%20%7B%7D&version=1.1&version=1.2", None, {}),
    (400, "POST", "?default-graph-uri=urn:none", *form(("query", ASK))),
    (400, "POST", "?format=csv", *form(("query", ASK), ("format", "csv"))),
    (400, "POST", "", *form(("query", ASK), ("format", "exe"))),
    (415, "POST", "", b"--x--", {"Content-Type": "multipart/form-data; boundary=x"}),
    (403, "POST", "", "CLEAR ALL", {"Content-Type": "application/sparql-update"}),
    (403, "POST", "", *form(("update", "CLEAR ALL"))),
    (403, "POST", "", *direct("INSERT DATA { <urn:a> <urn:b> <urn:c> }")),
    (403, "GET", "?" + urlencode({"update": "CLEAR ALL"}), None, {}),
    (403, "POST", "?" + urlencode({"update": "CLEAR ALL"}), *form(("query", ASK))),
    (403, "POST", "?" + urlencode({"update": "CLEAR ALL"}), *direct(ASK)),
    (403, "POST", "?using-graph-uri=urn:x", "CLEAR ALL",
     {"Content-Type": "application/sparql-update; charset=utf-16"}),
    (403, "GET", "?" + urlencode({"query": "DROP ALL"}), None, {}),
    (405, "PUT", "", ASK, {"Content-Type": QUERY}),
    (405, "DELETE", "", None, {}),
    (405, "PATCH", "", ASK, {"Content-Type": QUERY}),
    (413, "POST", "", *direct("#" * 200_001)),
    (414, "GET", "?query=" + "x" * 16_385, None, {}),
])
def test_what_is_wrong_is_told_by_its_status(
    status: int, method: str, target: str, body: str | bytes | None, headers: Mapping[str, str],
    server: Server,
) -> None:
    got = server.ask("/sparql" + target, None, method, body, headers)
    assert got.status == status, got.text
    assert got.headers["content-type"] == "application/problem+json"
    content = json.loads(got.body)
    assert (content["status"], content["type"]) == (status, "about:blank")
    assert content["title"]
    assert content["detail"]


@pytest.mark.parametrize("said", [
    '; charset="UTF-8"', ";charset=us-ascii", " ; Charset=utf8", "; xcharset=utf-16",
    "; version=1.1"])
def test_parameters_of_the_type_may_be_said(said: str, server: Server) -> None:
    for kind, body in ((QUERY, ASK), (FORM, urlencode({"query": ASK}))):
        headers = {"Content-Type": kind + said}
        assert server.ask("/sparql", None, "POST", body, headers).status == 200


@pytest.mark.parametrize("way", ["get", "form", "direct"])
@pytest.mark.parametrize(("text", "status"), [
    ("\ufeff" + ASK, 200), ("ASK {\ufeff}", 400), ("", 400), (" \n# nothing", 400),
    ("CONSTRUCT { <s> <p> <#o> } WHERE {}", 200), ("ASK { FILTER(<x> = <y> || ?z) }", 200)])
def test_a_text_means_the_same_each_way(
    way: str, text: str, status: int, server: Server,
) -> None:
    if way == "get":
        got = server.sparql(text)
    else:
        body, headers = form(("query", text)) if way == "form" else direct(text)
        got = server.ask("/sparql", None, "POST", body.encode(), headers)
    assert got.status == status, got.text


def test_a_relative_iri_is_one_of_ours(server: Server) -> None:
    """SPARQL 1.1 Protocol, section 2.3: a service has a base of its own."""
    got = server.sparql("CONSTRUCT { <thing/openai> <p> <x:y> } WHERE {}", "application/n-triples")
    assert got.text == ("<https://w3id.org/aikg/thing/openai> <https://w3id.org/aikg/p> <x:y> .\n")
    assert json.loads(server.sparql(f"ASK FROM <graph/links> {HELD[4:]}").body)["boolean"] is True
    assert server.sparql("ASK FROM <graph/nothing> {}").status == 400


def test_a_form_may_say_its_format(server: Server) -> None:
    for target, pairs in (("?format=xml", ()), ("", (("format", "xml"),))):
        got = server.ask("/sparql" + target, "text/html", "POST", *form(("query", ASK), *pairs))
        assert (got.status, got.headers["content-type"]) == (200, XML)


@pytest.mark.parametrize(("lines", "media_type"), [
    (["image/png", "text/csv"], "text/csv"), (["text/csv;q=0.1", XML], XML),
    (["text/csv", "text/csv;q=0"], "text/csv"), (["", XML], XML)])
def test_accept_on_several_lines_is_one_list(
    lines: list[str], media_type: str, server: Server,
) -> None:
    """RFC 9110, section 5.3."""
    status, headers, _ = exchanged(server, "GET /sparql?query=ASK%7B%7D HTTP/1.1",
                                   [f"Accept: {line}" for line in lines])
    assert (status, headers["content-type"].partition(";")[0]) == (200, media_type)


@pytest.mark.parametrize(("status", "line", "fields"), [
    (200, "GET http://www.example/sparql?query=ASK%7B%7D", []),
    (200, "GET HTTP://www.example:80/sparql/?query=ASK%7B%7D", []),
    (200, "GET http://x", []), (404, "GET http://www.example/no", []),
    (404, "GET //sparql?query=ASK%7B%7D", []), (404, "GET *", []), (204, "OPTIONS *", []),
    (405, "CONNECT www.example:443", []),
    (415, "POST /sparql", [f"Content-Type: {QUERY}", "Content-Type: text/plain"]),
    (200, "POST /sparql", [f"Content-Type: {QUERY}", "Content-Length: 6", "If-None-Match: *"]),
    (304, "GET /sparql?query=ASK%7B%7D", ['If-None-Match: "x"', "If-None-Match: *"]),
])
def test_each_form_of_request_has_its_status(
    status: int, line: str, fields: list[str], server: Server,
) -> None:
    """RFC 9112, sections 3.2 and 6.3; RFC 9110, sections 8.3 and 13.1.2."""
    sent = "ASK {}" if "Content-Length: 6" in fields else ""
    found, headers, body = exchanged(server, f"{line} HTTP/1.1", fields, sent)
    assert found == status, body
    assert headers["access-control-allow-origin"] == "*"


def exchanged(
    server: Server, line: str, fields: Iterable[str], body: str = "",
) -> tuple[int, Mapping[str, str], bytes]:
    """Status, header fields and body of the answer to a request that is sent as it stands."""
    head = "\r\n".join((line, "Host: x", "Connection: close", *fields))
    with socket.create_connection(("127.0.0.1", server.port), 20) as client:
        client.sendall(f"{head}\r\n\r\n{body}".encode())
        response = http.client.HTTPResponse(client)
        response.begin()
        found = {name.lower(): value for name, value in response.getheaders()}
        return response.status, found, response.read()


def test_a_syntax_error_has_line_column_and_caret(server: Server) -> None:
    text = "SELECT ?s WHERE {\n  ?s aikg: é ?o\n}"
    content = json.loads(server.sparql(text).body)
    assert (content["line"], content["column"]) == (2, 13)
    assert content["excerpt"] == "  ?s aikg: é ?o\n            ^"
    plain = server.sparql(text, "text/csv, text/plain;q=0.5")
    assert (plain.status, plain.headers["content-type"]) == (400, "text/plain; charset=utf-8")
    assert plain.text.splitlines()[1:] == content["excerpt"].split("\n")
    page = server.sparql(text, "text/html")
    assert page.status == 400
    assert "            ^" in page.text


@pytest.mark.parametrize(("text", "line", "column", "shown"), [
    ("a\nbc", 2, 2, "bc\n ^"), ("", 1, 1, "\n^"), ("a\tb\x1b", 1, 3, "a b \n  ^"),
    ("x" * 1_000, 1, 900, "x" * 100 + "\n" + " " * 50 + "^"), ("a", 9, 1, "\n^")])
def test_an_excerpt_is_short(text: str, line: int, column: int, shown: str) -> None:
    from aikg.web.protocol import excerpt

    assert excerpt(text, line, column) == shown


def test_reading_needs_no_server() -> None:
    from aikg.web.protocol import read

    assert read(Call("/sparql", "")) is None
    found = read(Call("/sparql", urlencode({"query": ASK, "default-graph-uri": MAIN})))
    assert found is not None
    assert (found.text, found.default, found.named) == (ASK, (MAIN,), ())
    with pytest.raises(Problem):
        read(Call("/sparql", "query=a&query=b"))


# HEAD and OPTIONS.


def test_head_is_get_without_a_body(server: Server) -> None:
    target = "/sparql?" + urlencode({"query": SELECT})
    get, head = server.ask(target), server.ask(target, method="HEAD")
    assert head.body == b""
    gone = {"date"}
    assert {k: v for k, v in head.headers.items() if k not in gone} == {
        k: v for k, v in get.headers.items() if k not in gone}


def test_options_and_preflight(server: Server) -> None:
    got = server.ask("/sparql", method="OPTIONS", headers={
        "Origin": "https://example.org", "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type"})
    assert (got.status, got.body) == (204, b"")
    assert got.headers["allow"] == "GET, HEAD, OPTIONS, POST"
    assert "POST" in got.headers["access-control-allow-methods"]
    assert "Content-Type" in got.headers["access-control-allow-headers"]
    assert got.headers["access-control-allow-origin"] == "*"


# The data set.


@pytest.mark.parametrize(("default", "named", "text", "expected"), [
    ((), (), HELD, False),
    ((LINKS,), (), HELD, True),
    ((MAIN, LINKS), (), HELD, True),
    ((), (LINKS,), HELD, False),
    ((), (LINKS,), ASK, False),
    ((), (), f"ASK {{ GRAPH <{LINKS}> {{ ?s ?p ?o }} }}", True),
    ((), (), f"ASK {{ GRAPH <{MAIN}> {{ ?s ?p ?o }} }}", True),
    ((), (LINKS,), "ASK { GRAPH ?g { ?s ?p ?o } }", True),
    ((), (LINKS,), f"ASK {{ GRAPH <{MAIN}> {{ ?s ?p ?o }} }}", False),
    ((MAIN,), (), "ASK { GRAPH ?g { ?s ?p ?o } }", False),
    ((MAIN,), (LINKS,), ASK, True),
    ((), (), f"ASK FROM <{LINKS}> {{ ?s owl:sameAs ?o }}", True),
    ((), (), f"ASK FROM <{MAIN}> {{ ?s a aikg:Source }}", True),
    ((), (), f"ASK FROM NAMED <{LINKS}> {{ GRAPH ?g {{ ?s ?p ?o }} }}", True),
    ((MAIN,), (), f"ASK FROM <{LINKS}> {{ ?s owl:sameAs ?o }}", False),
])
@pytest.mark.parametrize("way", ["get", "form", "form beside", "direct"])
def test_the_data_set_is_chosen(
    default: tuple[str, ...], named: tuple[str, ...], text: str, expected: bool, way: str,
    server: Server,
) -> None:
    graphs = [*(("default-graph-uri", iri) for iri in default),
              *(("named-graph-uri", iri) for iri in named)]
    if way == "get":
        got = server.ask("/sparql?" + urlencode([("query", text), *graphs]))
    elif way == "form":
        got = server.ask("/sparql", None, "POST", *form(("query", text), *graphs))
    elif way == "form beside":  # as in the W3C's query_post_form
        got = server.ask("/sparql?" + urlencode(graphs), None, "POST", *form(("query", text)))
    else:
        got = server.ask("/sparql?" + urlencode(graphs), None, "POST", *direct(text))
    assert json.loads(got.body)["boolean"] is expected


@pytest.mark.parametrize("parameter", ["default-graph-uri", "named-graph-uri"])
def test_an_unknown_graph_is_refused(parameter: str, server: Server) -> None:
    got = server.ask("/sparql?" + urlencode({"query": ASK, parameter: "http://127.0.0.1:1/g"}))
    assert got.status == 400
    assert MAIN in json.loads(got.body)["candidates"]


# Limits.


def test_a_runaway_query_is_504_in_time(server: Server) -> None:
    begin = time.monotonic()
    assert server.sparql(RUNAWAY).status == 504
    assert time.monotonic() - begin < 6


@pytest.mark.parametrize("text", [
    "SELECT * { ?s ?p ?o }", "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"])
def test_rows_are_cut_and_it_says_so(text: str, server: Server) -> None:
    got = server.sparql(text)
    assert got.headers["x-sparql-maxrows"] == "500"
    if text.startswith("SELECT"):
        assert len(json.loads(got.body)["results"]["bindings"]) == 500
        assert "only the first 500" in server.sparql(text, "text/html").text
    whole = server.sparql(f"{text} LIMIT 500")
    assert "x-sparql-maxrows" not in whole.headers


@pytest.mark.parametrize("text", [
    "SELECT * WHERE " + "{" * 5_000 + "}" * 5_000,
    "SELECT ?x WHERE { BIND(" + "(" * 20_000 + "1" + ")" * 20_000 + " AS ?x) }",
    "SELECT * WHERE { ?a " + "<urn:p>/" * 20_000 + "<urn:p> ?b }",
    "SELECT * WHERE { ?a " + "(" * 5_000 + "<urn:p>" + ")*" * 5_000 + " ?b }",
    "SELECT * { FILTER(" + "!" * 50_000 + "true) }",
    "\x00" * 1_000, "\\u0041" * 10_000, "#" * 150_000, "PREFIX " * 20_000,
    "SELECT ?v9 WHERE { BIND('a' AS ?v0) " + " ".join(
        f"BIND(REPLACE(?v{n}, 'a', '{'a' * 40}') AS ?v{n + 1})" for n in range(9)) + " }",
    "SELECT (REGEX('" + "a" * 5_000 + "b', '^(a+)+$') AS ?r) {}",
    "SELECT (COUNT(*) AS ?n) { ?a (!<urn:x>)* ?b . ?b (!<urn:x>)* ?c }",
])
def test_what_would_break_an_engine_breaks_nothing(text: str, server: Server) -> None:
    got = server.ask("/sparql", None, "POST", *direct(text))
    assert got.status in (200, 400, 500, 504), got.text
    assert server.sparql(ASK).status == 200


def test_what_a_format_cannot_hold_is_told(server: Server) -> None:
    got = server.sparql("CONSTRUCT { ?s <urn:1> ?o } WHERE { ?s a ?o }", "application/rdf+xml")
    assert got.status in (200, 400)
    got = server.sparql("CONSTRUCT { <urn:a> <urn:b> <<( <urn:a> <urn:b> 1 )>> } WHERE {}",
                        "application/rdf+xml")
    assert got.status in (200, 400)


def test_a_runaway_query_delays_nobody() -> None:
    with serving("--limit", "5", "--concurrency", "2") as server:
        clients = [threading.Thread(target=server.sparql, args=(RUNAWAY,))]
        clients[0].start()
        time.sleep(0.3)
        begin = time.monotonic()
        assert server.sparql(ASK).status == 200
        assert server.ask("/query/competitors").status == 200
        assert time.monotonic() - begin < 2
        clients[0].join()


def test_who_goes_away_frees_the_place() -> None:
    with serving("--limit", "20", "--concurrency", "1") as server:
        with socket.create_connection(("127.0.0.1", server.port)) as client:
            target = "/sparql?" + urlencode({"query": RUNAWAY})
            client.sendall(f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            time.sleep(0.5)
        begin = time.monotonic()
        assert server.sparql(ASK).status == 200
        assert time.monotonic() - begin < 5


def test_too_many_queries_at_once_are_503() -> None:
    with serving("--limit", "1", "--concurrency", "1") as server:
        found: list[int] = []
        clients = [threading.Thread(target=lambda: found.append(server.sparql(RUNAWAY).status))
                   for _ in range(12)]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        assert set(found) == {503, 504}
        assert server.sparql(ASK).status == 200


# Nobody is called.


@pytest.mark.parametrize("text", [
    "SELECT * {{ SERVICE <{to}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICE SILENT <{to}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ S\\u0045RVICE <{to}> {{ ?s ?p ?o }} }}",
    'ASK {{ FILTER("\\u0022) #" != "x") SERVICE <{to}> {{?s ?p ?o}}\n }}',
    "SELECT * {{ BIND(<{to}> AS ?x) SERVICE ?x {{ ?s ?p ?o }} }}",
    "SELECT * {{ VALUES ?x {{ <{to}> }} SERVICE SILENT ?x {{ ?s ?p ?o }} }}",
    "SELECT * FROM <{to}> {{ ?s ?p ?o }}",
    "SELECT * FROM NAMED <{to}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "LOAD <{to}>", "LOAD SILENT <{to}> INTO GRAPH <urn:g>", "DESCRIBE <{to}>",
    "BASE <{to}> SELECT * FROM <x> {{ ?s ?p ?o }}",
    "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ SERVICE SILENT <{to}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ {{ SELECT * {{ SERVICE SILENT <{to}> {{ ?s ?p ?o }} }} }} }}",
    "ASK {{ FILTER EXISTS {{ SERVICE SILENT <{to}> {{ ?s ?p ?o }} }} }}",
])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_no_query_calls_anybody(
    text: str, host: str, server: Server, listener: socket.socket,
) -> None:
    to = f"http://{host}:{listener.getsockname()[1]}/"
    got = server.ask("/sparql", None, "POST", *direct(text.format(to=to)))
    assert got.status in (200, 400, 403), got.text


@pytest.mark.parametrize("parameter", ["default-graph-uri", "named-graph-uri", "using-graph-uri"])
def test_no_parameter_calls_anybody(
    parameter: str, server: Server, listener: socket.socket,
) -> None:
    to = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    server.ask("/sparql?" + urlencode({"query": ASK, parameter: to}))
