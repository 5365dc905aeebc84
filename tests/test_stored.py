"""Stored queries over HTTP: one query, one answer, every form of it the same; paging; questions."""

from __future__ import annotations

import csv
import io
import json
from urllib.parse import urlencode

import pytest

from aikg.graph import Graph
from aikg.render import render
from aikg.web.site import served
from tests.serving import LACKING, REASON, Server

if LACKING:
    pytest.skip(REASON, allow_module_level=True)

SUPPLIERS = "/query/compute-suppliers"


def test_every_query_is_served_in_every_form(graph: Graph, server: Server) -> None:
    listed = json.loads(server.ask("/query").body)
    assert [one["name"] for one in listed] == [query.name for query in served(graph)]
    for one in listed:
        if any(slot["required"] for slot in one["parameters"]):
            continue
        name = one["name"]
        answer = graph.run(name)
        for suffix in ("json", "jsonl", "csv", "tsv", "xml", "md"):
            got = server.ask(f"/query/{name}.{suffix}")
            assert (got.status, got.text) == (200, render(answer, suffix)), name
        assert server.ask(f"/query/{name}.ttl").status == 200
        assert server.ask(f"/query/{name}", "text/html").status == 200


def test_parameters_are_names_iris_and_lists(server: Server) -> None:
    expected = server.ask(SUPPLIERS + ".csv", customer="OpenAI").body
    assert b"Microsoft" in expected
    for value in ("openai", "thing:openai", "https://w3id.org/aikg/thing/openai"):
        assert server.ask(SUPPLIERS + ".csv", customer=value).body == expected
    both = server.ask(f"{SUPPLIERS}.csv?supplier=Microsoft&supplier=Nvidia").text
    assert "Microsoft" in both
    assert "Nvidia" in both
    assert "Amazon" not in both
    assert server.ask(SUPPLIERS + ".csv?customer=&supplier=").body == server.ask(
        SUPPLIERS + ".csv").body


@pytest.mark.parametrize(("status", "path", "says"), [
    (400, SUPPLIERS + "?company=OpenAI", "has no parameter 'company': it has customer, supplier, "),
    (422, SUPPLIERS + "?customer=OpenAy", "OpenAI"),
    (422, SUPPLIERS + "?customer=urn:x", ""),
    (400, "/query/passage", "needs id"),
    (404, "/query/compute-supliers", "compute-suppliers"),
    (400, SUPPLIERS + "?limit=0", "limit"), (400, SUPPLIERS + "?limit=x", "limit"),
    (400, SUPPLIERS + "?page=-1", "page"), (400, SUPPLIERS + "?page=1&page=2", "2 times"),
    (400, SUPPLIERS + "?format=exe", "choose json"), (404, SUPPLIERS + ".exe", "choose json"),
    (400, "/ask", "no question"), (422, "/ask?q=" + "who+" * 60, "at most 200"),
    (422, "/ask?q=airspeed+of+a+swallow", "not understood"),
    (422, "/ask?q=%00", ""),
])
def test_what_is_wrong_is_told_with_what_is_right(
    status: int, path: str, says: str, server: Server,
) -> None:
    got = server.ask(path)
    assert got.status == status
    content = json.loads(got.body)
    assert says in content["detail"] + " ".join(content.get("candidates", []))


@pytest.mark.parametrize("value", [
    '"', "\\", ">", "\n", "}", "\\u0022", "} SERVICE <http://127.0.0.1:1/> { ?s ?p ?o", "thing:x>",
    "https://w3id.org/aikg/thing/openai> ?p ?o . }", "\u202e", "' OR 1=1 --", "x" * 5_000])
def test_a_value_is_never_syntax(value: str, server: Server) -> None:
    for name, slot in (("compute-suppliers", "customer"), ("passage", "id")):
        got = server.ask(f"/query/{name}.json?" + urlencode({slot: value}))
        assert got.status in (200, 400, 422), got.text


def test_a_form_is_filled_and_offers_what_there_is(server: Server) -> None:
    page = server.ask(SUPPLIERS, "text/html", customer="OpenAI").text
    assert 'value="OpenAI"' in page
    for choice in ("Amazon", "Microsoft", "Nvidia", "SoftBank"):
        assert f'value="{choice}"' in page
    empty = server.ask("/query/passage", "text/html")
    assert (empty.status, "required" in empty.text) == (200, True)
    candidates = json.loads(server.ask("/query/passage").body)["candidates"]
    assert "I.p3.s1" in candidates


def test_pages_of_rows_lead_from_one_to_the_next(server: Server) -> None:
    whole = rows(server, "/query/external-links.csv")
    found: list[list[str]] = []
    address = "/query/external-links.csv?limit=40"
    count = 0
    while address:
        got = server.ask(address)
        found += rows(server, address)
        link = got.headers.get("link", "")
        assert ('rel="next"' in link) == bool(link)
        address = link[1:].partition(">")[0].partition(str(server.port))[2]
        count += 1
    assert found == whole
    assert count == -(-len(whole) // 40)
    exact = server.ask(f"/query/external-links.csv?limit={len(whole)}")
    assert "link" not in exact.headers, "a next page is only told where a further row was seen"
    assert rows(server, "/query/external-links.csv?page=99") == []


def rows(server: Server, path: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(server.ask(path).text, newline="")))[1:]


def test_an_empty_answer_says_why(graph: Graph, server: Server) -> None:
    got = server.ask(SUPPLIERS, customer="Nvidia")
    assert (got.status, json.loads(got.body)["results"]["bindings"]) == (200, [])
    answer = graph.run("compute-suppliers", customer="Nvidia")
    assert got.headers["aikg-diagnosis"] == answer.diagnosis
    assert got.headers["aikg-reason"][:20] == (answer.reason or "")[:20]
    assert "aikg-reason" not in server.ask(SUPPLIERS).headers


def test_the_query_itself_runs_elsewhere(graph: Graph, server: Server) -> None:
    text = server.ask(SUPPLIERS + ".rq", customer="OpenAI")
    assert text.headers["content-type"] == "application/sparql-query"
    assert "thing/openai>" in text.text
    assert "UNDEF" not in server.ask(SUPPLIERS + ".rq").text
    ours = json.loads(server.ask(SUPPLIERS + ".json", customer="OpenAI").body)
    there = json.loads(server.sparql(text.text).body)
    assert len(there["results"]["bindings"]) == len(ours["results"]["bindings"])


def test_turtle_is_the_evidence(server: Server) -> None:
    text = server.ask(SUPPLIERS + ".ttl", customer="OpenAI").text
    assert "a aikg:Claim" in text
    assert "aikg:statedIn" in text


def test_a_page_names_its_other_forms(server: Server) -> None:
    link = server.ask(SUPPLIERS, "text/html", customer="OpenAI").headers["link"]
    for suffix, kind in (("csv", "text/csv"), ("jsonl", "application/jsonl")):
        assert f'{SUPPLIERS}.{suffix}?customer=OpenAI>; rel="alternate"; type="{kind}"' in link


# Questions.


def test_a_question_says_how_it_was_understood(graph: Graph, server: Server) -> None:
    question = "who funds Anthropic"
    got = json.loads(server.ask("/ask", "application/json", q=question).body)
    assert got["understood"]["query"] == "investors"
    assert got["understood"]["values"]["company"][0]["label"] == "Anthropic"
    answer = graph.ask(question)
    assert got["rows"] == [json.loads(line) for line in render(answer, "jsonl").splitlines()]
    assert all(row["evidence"] for row in got["rows"])
    address = got["understood"]["url"].partition(str(server.port))[2]
    assert server.ask(address, "text/csv").text == render(answer, "csv")
    for suffix in ("csv", "jsonl", "md"):
        assert server.ask(f"/ask.{suffix}", q=question).text == render(answer, suffix)
    results = server.ask("/ask", "application/sparql-results+json", q=question)
    assert results.text == render(answer, "json")


@pytest.mark.parametrize("question", [
    "does Google need outside capital", "does Microsoft supply compute to OpenAI"])
def test_a_verdict_has_its_evidence(question: str, graph: Graph, server: Server) -> None:
    got = json.loads(server.ask("/ask", q=question).body)
    assert got["verdict"] is graph.ask(question).verdict
    assert got["rows"][0]["evidence"]


def test_a_question_that_is_not_understood_leads_on(server: Server) -> None:
    page = server.ask("/ask?" + urlencode({"q": "who funds the moon"}), "text/html")
    assert page.status == 422
    assert "/query/" in page.text
