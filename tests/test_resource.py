"""Linked data: each IRI of ours has a document at its path, in every form the same."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pytest
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Store, Triple, parse

from aikg.graph import Graph
from aikg.names import AIKG, BASE, RDF, THING
from tests.serving import LACKING, REASON, Server

if LACKING:
    pytest.skip(REASON, allow_module_level=True)

FORMATS = {"ttl": RdfFormat.TURTLE, "nt": RdfFormat.N_TRIPLES, "jsonld": RdfFormat.JSON_LD,
           "rdf": RdfFormat.RDF_XML}
PATHS = ["/thing/openai", "/claim/bitpush-001", "/ontology/Claim", "/ontology/competesWith",
         "/ontology/Advantage", "/ontology", "/source/bitpush-openai-financing",
         "/source/bitpush-openai-financing/I.p3.s1"]


def triples_of(content: bytes, kind: RdfFormat) -> list[Triple]:
    return [quad.triple for quad in parse(content, kind)]


def plain(triples: Iterable[Triple]) -> set[str]:
    """The triples without blank nodes, to compare."""
    return {str(t) for t in triples
            if not isinstance(t.subject, BlankNode) and not isinstance(t.object, BlankNode)}


@pytest.mark.parametrize("path", PATHS)
def test_every_form_says_the_same(path: str, server: Server) -> None:
    found = {}
    for suffix, kind in FORMATS.items():
        by_suffix = server.ask(f"{path}.{suffix}")
        by_accept = server.ask(path, kind.media_type)
        assert (by_suffix.status, by_suffix.body) == (200, by_accept.body)
        assert by_accept.headers["content-location"] == f"{path}.{suffix}"
        assert f'<{BASE}{path[1:]}>; rel="describes"' in by_accept.headers["link"]
        found[suffix] = triples_of(by_suffix.body, kind)
    first = plain(found["ttl"])
    assert [plain(triples) for triples in found.values()] == [first] * 4
    assert len({len(triples) for triples in found.values()}) == 1
    assert any(text.startswith(f"<{BASE}{path[1:]}> ") for text in first), "the data keeps its IRIs"


def test_a_thing_is_described_both_ways_and_all_is_named(graph: Graph, server: Server) -> None:
    triples = triples_of(server.ask("/thing/openai.nt").body, RdfFormat.N_TRIPLES)
    openai = NamedNode(THING + "openai")
    assert {t.predicate.value for t in triples if t.subject == openai} > {RDF + "type"}
    claims = {t.subject for t in triples if t.object == openai and t.predicate == NamedNode(
        AIKG + "subject")}
    expected = graph.engine.select(f"SELECT ?c {{ ?c <{AIKG}subject> <{THING}openai> }}").rows
    assert claims == {row[0] for row in expected}
    assert any("closeMatch" in t.predicate.value for t in triples), "the links are there too"


def test_a_class_comes_with_its_expressions_whole(server: Server) -> None:
    triples = triples_of(server.ask("/ontology/Advantage.nt").body, RdfFormat.N_TRIPLES)
    subjects = {t.subject for t in triples}
    ends = {t.object for t in triples if isinstance(t.object, BlankNode)}
    assert ends
    assert ends <= subjects


def test_a_browser_gets_the_page_and_its_links_stay_here(server: Server) -> None:
    got = server.ask("/thing/openai", "text/html,application/xml;q=0.9,*/*;q=0.8")
    assert got.headers["content-type"] == "text/html; charset=utf-8"
    assert got.headers["content-location"] == "/thing/openai.html"
    page = server.ask("/query/compute-suppliers", "text/html").text
    assert 'href="/thing/microsoft"' in page
    assert 'href="/claim/bitpush-' in page


def test_no_document_is_found_for_what_nothing_says(server: Server) -> None:
    got = json.loads(server.ask("/thing/openay").body)
    assert (got["status"], got["candidates"]) == (404, ["OpenAI"])


def test_graphs_are_had_whole(server: Server) -> None:
    store = Store()
    for name in ("main", "links", "ontology", "disputed"):
        got = server.ask(f"/graph/{name}.nt")
        assert (got.status, got.headers["content-type"]) == (200, "application/n-triples")
        store.bulk_load(got.body, RdfFormat.N_TRIPLES, to_graph=NamedNode(f"{BASE}graph/{name}"))
    [row] = server.sparql("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "text/csv").text.split()[1:]
    main = store.quads_for_pattern(None, None, None, NamedNode(BASE + "graph/main"))
    assert int(row) == len(list(main))
    assert server.ask("/graph/main", "text/turtle").status == 406


def test_search_finds_by_any_name(server: Server) -> None:
    got = json.loads(server.ask("/search", q="open a").body)["result"]
    assert got[0]["iri"] == THING + "openai"
    assert "/thing/openai" in server.ask("/search", "text/html", q="open a").text
    assert json.loads(server.ask("/search").body)["result"] == []
    assert server.ask("/search", q="x" * 201).status == 422
