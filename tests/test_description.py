"""What the server says of itself: service description, VoID, examples, OpenAPI."""

from __future__ import annotations

import json
from importlib.util import find_spec

import pytest
from pyoxigraph import Literal, NamedNode, QuerySolutions, RdfFormat, Store

from aikg.graph import Graph
from aikg.names import GRAPH
from aikg.web.site import served
from tests.serving import LACKING, REASON, Server, needs_guard

if LACKING:
    pytest.skip(REASON, allow_module_level=True)

SD = "PREFIX sd: <http://www.w3.org/ns/sparql-service-description#> "
VOID = "PREFIX void: <http://rdfs.org/ns/void#> PREFIX dcterms: <http://purl.org/dc/terms/> "
SH = "PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX schema: <https://schema.org/> "


def asked(server: Server, path: str, text: str) -> list[tuple[str, ...]]:
    """The rows of a query over the document at a path."""
    got = server.ask(path, "text/turtle")
    assert got.status == 200
    store = Store()
    store.load(got.body, RdfFormat.TURTLE)
    found = store.query(text)
    assert isinstance(found, QuerySolutions)
    return [tuple(term.value for term in row if isinstance(term, NamedNode | Literal))
            for row in found]


def test_the_service_description_holds_its_parts_and_its_limits(server: Server) -> None:
    [[endpoint, limits]] = asked(server, "/sparql", SD + """SELECT ?e ?l {
        ?s a sd:Service ; sd:endpoint ?e ; sd:supportedLanguage sd:SPARQL11Query ;
           <http://purl.org/dc/terms/description> ?l }""")
    assert endpoint == f"http://127.0.0.1:{server.port}/sparql"
    for part in ("2 s", "500 rows", "200000 bytes", "4 queries"):
        assert part in limits
    graphs = asked(server, "/sparql", SD + """SELECT ?g { ?s sd:defaultDataset/sd:namedGraph/sd:name
        ?g } ORDER BY ?g""")
    assert graphs == [(GRAPH + name,) for name in ("disputed", "links", "main", "ontology")]
    assert len(asked(server, "/sparql", SD + "SELECT ?f { ?s sd:resultFormat ?f }")) == 8


def test_void_counts_what_there_is_and_says_where(server: Server) -> None:
    [[licence, endpoint, triples]] = asked(server, "/.well-known/void", VOID + """SELECT ?l ?e ?n {
        ?d a void:Dataset ; dcterms:license ?l ; void:sparqlEndpoint ?e ; void:triples ?n }""")
    assert licence == "https://creativecommons.org/licenses/by/4.0/"
    assert endpoint.endswith("/sparql")
    dumps = asked(server, "/.well-known/void", VOID + """SELECT ?dump ?n {
        ?d void:subset ?g . ?g void:dataDump ?dump ; void:triples ?n }""")
    assert int(triples) == sum(int(count) for _, count in dumps)
    for address, count in dumps:
        got = server.ask(address.partition(str(server.port))[2])
        assert got.body.count(b"\n") == int(count)


@needs_guard
def test_every_example_runs_and_gives_what_the_query_gives(graph: Graph, server: Server) -> None:
    path = "/.well-known/sparql-examples"
    found = asked(server, path, SH + """SELECT ?q ?text ?comment { ?q a sh:SPARQLExecutable,
        sh:SPARQLSelectExecutable ; sh:select ?text ; schema:target ?t ; sh:prefixes ?p ;
        <http://www.w3.org/2000/01/rdf-schema#comment> ?comment } ORDER BY ?q""")
    assert [iri.rpartition("/")[2] for iri, *_ in found] == [query.name for query in served(graph)]
    for iri, text, comment in found[::7]:
        query = graph.catalog.query(iri.rpartition("/")[2])
        assert comment == query.summary
        rows = json.loads(server.sparql(text).body)["results"]["bindings"]
        assert len(rows) == len(graph.engine.select(query.bind_any({}), query.graphs).rows)
    declared = asked(server, path, SH + "SELECT ?p ?n { ?d sh:prefix ?p ; sh:namespace ?n }")
    assert ("aikg", "https://w3id.org/aikg/ontology/") in declared


def test_openapi_names_each_query_and_its_slots(graph: Graph, server: Server) -> None:
    document = json.loads(server.ask("/openapi.json").body)
    paths = document["paths"]
    assert {path.rpartition("/")[2] for path in paths if path.startswith("/query/")} == {
        *(query.name for query in served(graph))}
    slots = {one["name"]: one for one in paths["/query/compute-suppliers"]["get"]["parameters"]}
    assert list(slots) == ["customer", "supplier", "format", "limit", "page"]
    assert "OpenAI" in slots["customer"]["schema"]["items"]["examples"]
    [required] = [one for one in paths["/query/passage"]["get"]["parameters"] if one["required"]]
    assert required["name"] == "id"
    for path, operations in paths.items():
        filled = {one["name"]: one["schema"].get("items", {}).get("examples", ["x"])[0]
                  for one in operations["get"]["parameters"] if one["required"]}
        assert server.ask(path, **filled).status in (200, 400, 422), path


@pytest.mark.skipif(find_spec("openapi_spec_validator") is None,
                    reason="openapi-spec-validator, of the extra `test-all`, is not installed")
def test_openapi_is_valid(server: Server) -> None:
    from openapi_spec_validator import validate

    validate(json.loads(server.ask("/openapi.json").body))
