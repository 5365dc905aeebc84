"""The pages: what each says, that hostile text stays text, and that the examples have answers."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from pyoxigraph import Literal, NamedNode

from aikg.answer import GRADES, Answer, Evidence, Row
from aikg.graph import Graph
from aikg.names import BASE, THING

pytest.importorskip("jinja2", reason="Jinja2, of the extra `serve`, is not installed")
pytest.importorskip("igraph", reason="igraph, of the extra `draw`, is not installed")

from aikg.web import pages
from aikg.web.adhoc import Outcome
from aikg.web.exchange import Problem
from aikg.web.grades import MEANINGS
from aikg.web.site import Limits
from aikg.web.view import Links, View

HOSTILE = ['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "{{ 7 * 7 }}", "</title>",
           "' onmouseover='x", "&lt;b&gt;", "\u202e\x07"]
LINKS = Links("/under")


@pytest.fixture(scope="module")
def view() -> View:
    return View()


class Text(HTMLParser):
    """The tags of a page, and all that it says."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.said = ""
        self.feed(page)
        self.said = " ".join(self.said.split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]

    def handle_data(self, data: str) -> None:
        self.said += data


def said(page: str) -> str:
    return Text(page).said


def safe(page: str) -> bool:
    text = Text(page)
    return "script" not in text.tags and "img" not in text.tags and not any(
        name.startswith("on") for name in text.attributes) and "49" not in text.said


@pytest.mark.parametrize("question", pages.EXAMPLES)
def test_every_example_has_an_answer(graph: Graph, question: str) -> None:
    answer = graph.ask(question)
    assert answer.rows or answer.verdict is not None


def test_every_grade_has_a_meaning() -> None:
    assert {*GRADES, "denied", "supposed"} == MEANINGS.keys()


def test_the_front_page_has_what_there_is(graph: Graph, view: View) -> None:
    text = said(pages.home(graph, view, LINKS))
    for part in ("Ask a question", "claims", "Who backs two rivals?", "Capital", "Rivalry"):
        assert part in text


def test_an_answer_shows_the_claims_it_rests_on(graph: Graph, view: View) -> None:
    question = "who supplies OpenAI's compute"
    page = pages.ask(graph, view, LINKS, question, graph.ask(question))
    text = said(page)
    for part in (question, "Understood as Who supplies computing power", "OpenAI", "Microsoft",
                 "stated", "Microsoft's early investment laid the base of OpenAI's computing.",
                 "Bitpush I.p3.s1", "group"):
        assert part in text
    assert 'href="/under/claim/bitpush-024"' in page
    assert 'href="/under/source/bitpush-openai-financing/I.p3.s1"' in page
    assert "<svg" in page


@pytest.mark.parametrize(("question", "verdict"), [
    ("does Google need outside capital", "No"), ("does Microsoft supply compute to OpenAI", "Yes"),
    ("does Amazon compete with OpenAI", "The sources do not say")])
def test_a_verdict_is_said_with_its_reason(
    graph: Graph, view: View, question: str, verdict: str,
) -> None:
    answer = graph.ask(question)
    text = said(pages.ask(graph, view, LINKS, question, answer))
    assert f"{question} {verdict}" in text or verdict in text
    assert answer.reason is None or answer.reason in text


def test_a_refusal_offers_the_nearest_questions(graph: Graph, view: View) -> None:
    summary = graph.catalog.query("shared-investors").summary
    problem = Problem(422, "not understood", candidates=[summary])
    page = pages.ask(graph, view, LINKS, "who bets on everyone", problem=problem)
    assert "Not answered not understood" in said(page)
    assert 'href="/under/query/shared-investors"' in page


@pytest.mark.parametrize(("iri", "parts"), [
    ("thing/openai", ["company", "Also called: OAI", "competes with 4", "Facts",
                      "gets compute from", "Relations that lead to it", "Hedged", "Conditional",
                      "24 of 60", "close match"]),
    ("claim/bitpush-024", ["claim bitpush-024", "A source says it plainly", "How the passage was",
                           "Microsoft supplies compute to OpenAI", "aikg verify FILE"]),
    ("source/bitpush-openai-financing/I.p3.s1", ["characters 1255 to 1449", "I.p4.s1 →", "SHA-256",
                                                 "What it is read to say", "Stated 3"]),
    ("source/bitpush-openai-financing", ["Coverage", "sentence6060", "boilerplate3left out"]),
    ("ontology/ComputeSupplier", ["class", "EquivalentTo", "Members 1", "Microsoft inferred"]),
    ("ontology/suppliesComputeTo", ["object property", "Facts 2", "Microsoft supplies compute to"]),
    ("ontology/Hedged", ["modality", "Claims"]),
    ("ontology", ["Classes", "Properties", "compute supplier", "supplies compute to"]),
])
def test_a_resource_tells_what_is_known(
    graph: Graph, view: View, iri: str, parts: list[str],
) -> None:
    text = said(pages.resource(graph, view, LINKS, BASE + iri))
    assert [part for part in parts if part not in text] == []


def test_every_denied_claim_says_so(graph: Graph, view: View) -> None:
    claims = {item.claim for row in graph.run("denied").rows for item in row.evidence}
    assert claims
    for claim in claims:
        assert "A source says that it is not so." in said(
            pages.resource(graph, view, LINKS, claim))


@pytest.mark.parametrize(("text", "claim"), [
    ("BASE  of OpenAI's computing", "bitpush-024"), ('"', None), ("\\u0041", None), ("  ", None)])
def test_a_search_finds_what_claims_say(
    graph: Graph, view: View, text: str, claim: str | None,
) -> None:
    page = pages.search(graph, view, LINKS, text, [])
    assert ("/under/claim/" in page) == (claim is not None)
    assert claim is None or f"/under/claim/{claim}" in page


def test_a_query_has_a_form_its_answer_and_its_other_forms(graph: Graph, view: View) -> None:
    query = graph.catalog.query("compute-suppliers")
    answer = graph.run("compute-suppliers", customer="OpenAI")
    page = pages.query(graph, view, LINKS, query, {"customer": ["OpenAI"]},
                       {"customer": ["OpenAI"], "supplier": []}, answer, "/next?page=2")
    assert 'value="OpenAI"' in page
    assert 'href="/under/query/compute-suppliers.csv?customer=OpenAI"' in page
    assert 'rel="next" href="/next?page=2"' in page
    assert "4 rows" in said(page)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(graph: Graph, view: View, text: str) -> None:
    item = Evidence("https://example.org/c", text, "https://example.org/s", text, (text,), "stated",
                    True, "group", None)
    answer = Answer((text,), (Row((Literal(text),), "stated", (item,)), Row((None,), "inferred"),
                              Row((NamedNode("javascript:alert(1)"),), "group")),
                    query="investors", bindings={"company": (text,)})
    query = graph.catalog.query("investors")._replace(summary=text, description=text, text=text)
    made = [
        pages.ask(graph, view, LINKS, text, answer),
        pages.ask(graph, view, LINKS, text, problem=Problem(422, text, candidates=[text])),
        pages.search(graph, view, LINKS, text, []),
        pages.problem(view, LINKS, Problem(404, text, candidates=[text], excerpt=text)),
        pages.query(graph, view, LINKS, query, {"company": [text]}, {
            parameter.name: [text] for parameter in query.parameters}, answer),
        pages.sparql(view, LINKS, Limits(), text, problem=Problem(400, text, excerpt=text)),
        pages.sparql(view, LINKS, Limits(), text, Outcome(
            "graph", "text/turtle", True, text.encode())),
    ]
    for page in made:
        assert safe(page)
        assert 'href="javascript:' not in page


def test_without_a_library_for_pictures_a_page_has_none(
    graph: Graph, view: View, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "igraph", None)
    page = pages.resource(graph, view, LINKS, THING + "xai")
    assert "<svg" not in page
    assert "Facts" in said(page)
