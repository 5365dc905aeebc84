"""What this server says of itself in RDF: service description, VoID, its queries as examples."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Triple

from aikg import __version__
from aikg.names import BASE, DCTERMS, GRAPH, ONTOLOGY, PREFIXES, RDF, RDFS, THING, XSD
from aikg.web.exchange import Call, Reply
from aikg.web.negotiation import GRAPHS
from aikg.web.results import graph
from aikg.web.site import Site, served

SD = "http://www.w3.org/ns/sparql-service-description#"
VOID = "http://rdfs.org/ns/void#"
FORMATS = "http://www.w3.org/ns/formats/"
SH = "http://www.w3.org/ns/shacl#"
SCHEMA = "https://schema.org/"
FOAF = "http://xmlns.com/foaf/0.1/"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
RESULT_FORMATS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV",
                  "SPARQL_Results_TSV", "Turtle", "N-Triples", "JSON-LD", "RDF_XML")
COUNTS = """
SELECT (COUNT(DISTINCT ?thing) AS ?things) (COUNT(DISTINCT ?class) AS ?classes) WHERE {{
  ?thing a ?class . FILTER(STRSTARTS(STR(?thing), "{base}"))
}}"""


def void(site: Site, call: Call) -> Reply:
    """The data set, at `/.well-known/void`. Source: Describing Linked Datasets with VoID."""
    form = call.wants(GRAPHS)
    return Reply(graph(_void(site, call.base), form), form)


def examples(site: Site, call: Call) -> Reply:
    """The stored queries as SHACL SPARQL executables, at `/.well-known/sparql-examples`."""
    form = call.wants(GRAPHS)
    return Reply(graph(_examples(site, call.base), form), form)


def service_description(site: Site, base: str) -> list[Triple]:
    """What the endpoint can do, and what it limits.

    Source: SPARQL 1.1 Service Description.
    """
    return list(_service(site, base))


def limits_in_words(site: Site) -> str:
    """The limits on an ad-hoc query, in a sentence."""
    limits = site.limits
    return (f"A query is stopped after {limits.seconds:g} s and sends at most {limits.rows} rows "
            f"or triples (the header X-SPARQL-MaxRows says where there were more); a request has "
            f"at most {limits.body} bytes; {limits.concurrency} queries run at once. Updates and "
            "SERVICE are refused.")


def _service(site: Site, base: str) -> Iterator[Triple]:
    service, dataset = f"{base}/sparql", f"{base}/sparql#dataset"
    yield _link(service, RDF + "type", SD + "Service")
    yield _link(service, SD + "endpoint", service)
    yield _link(service, SD + "supportedLanguage", SD + "SPARQL11Query")
    yield _text(service, DCTERMS + "description", limits_in_words(site))
    for name in RESULT_FORMATS:
        yield _link(service, SD + "resultFormat", FORMATS + name)
    yield _link(service, SD + "defaultDataset", dataset)
    yield _link(dataset, RDF + "type", SD + "Dataset")
    yield _link(dataset, SD + "defaultGraph", GRAPH + "main")
    for iri, triples in site.graphs.items():
        name = f"{dataset}-{iri.removeprefix(GRAPH)}"
        yield _link(dataset, SD + "namedGraph", name)
        yield _link(name, RDF + "type", SD + "NamedGraph")
        yield _link(name, SD + "name", iri)
        yield _link(name, SD + "graph", iri)
        yield _link(iri, RDF + "type", SD + "Graph")
        yield _number(iri, VOID + "triples", triples)


def _void(site: Site, base: str) -> Iterator[Triple]:
    whole = BASE + "graph"
    yield _link(whole, RDF + "type", VOID + "Dataset")
    yield _text(whole, DCTERMS + "title", "aikg")
    yield _text(whole, DCTERMS + "description",
                "What sources claim of the AI industry: who funds, supplies, competes with and "
                "depends on whom, and who says so.")
    yield _link(whole, DCTERMS + "license", LICENCE)
    yield Triple(NamedNode(whole), NamedNode("http://www.w3.org/2002/07/owl#versionInfo"),
                 Literal(__version__))
    yield _link(whole, VOID + "sparqlEndpoint", f"{base}/sparql")
    yield _link(whole, FOAF + "homepage", f"{base}/")
    yield _link(whole, VOID + "vocabulary", ONTOLOGY)
    yield Triple(NamedNode(whole), NamedNode(VOID + "uriSpace"), Literal(BASE))
    for form in GRAPHS:
        yield _link(whole, VOID + "feature", FORMATS + {
            "ttl": "Turtle", "nt": "N-Triples", "jsonld": "JSON-LD", "rdf": "RDF_XML"}[form.suffix])
    for name, number in _things(site):
        yield _number(whole, VOID + name, number)
    yield _number(whole, VOID + "triples", sum(site.graphs.values()))
    for iri, triples in site.graphs.items():
        yield _link(whole, VOID + "subset", iri)
        yield _link(iri, RDF + "type", VOID + "Dataset")
        yield _number(iri, VOID + "triples", triples)
        if site.graph.built.path is None:  # those of a store on disk are not sent whole
            yield _link(iri, VOID + "dataDump", f"{base}/{iri.removeprefix(BASE)}.nt")


def _things(site: Site) -> Iterator[tuple[str, int]]:
    """How many things there are, and of how many classes, as far as that is quickly known."""
    if site.graph.built.counts:
        yield "entities", site.graph.built.counts["things"]
        return
    solution = site.graph.engine.select(COUNTS.format(base=THING)).rows[0]
    for name, value in zip(("entities", "classes"), solution, strict=True):
        if isinstance(value, Literal):
            yield name, int(value.value)


def _examples(site: Site, base: str) -> Iterator[Triple]:
    prefixes = f"{base}/.well-known/sparql-examples#prefixes"
    for name, namespace in PREFIXES.items():
        one = f"{prefixes}-{name}"
        yield _link(prefixes, SH + "declare", one)
        yield Triple(NamedNode(one), NamedNode(SH + "prefix"), Literal(name))
        yield Triple(NamedNode(one), NamedNode(SH + "namespace"),
                     Literal(namespace, datatype=NamedNode(XSD + "anyURI")))
    for query in served(site.graph):
        one = f"{base}/query/{query.name}"
        yield _link(one, RDF + "type", SH + "SPARQLExecutable")
        yield _link(one, RDF + "type", SH + "SPARQLSelectExecutable")
        yield _text(one, RDFS + "comment", query.summary)
        yield _link(one, SH + "prefixes", prefixes)
        yield Triple(NamedNode(one), NamedNode(SH + "select"), Literal(query.bind_any({})))
        yield _link(one, SCHEMA + "target", f"{base}/sparql")
        for tag in query.tags:
            yield Triple(NamedNode(one), NamedNode(SCHEMA + "keywords"), Literal(tag))


def _link(subject: str, predicate: str, target: str) -> Triple:
    return Triple(NamedNode(subject), NamedNode(predicate), NamedNode(target))


def _text(subject: str, predicate: str, text: str) -> Triple:
    return Triple(NamedNode(subject), NamedNode(predicate), Literal(text, language="en"))


def _number(subject: str, predicate: str, number: int) -> Triple:
    return Triple(NamedNode(subject), NamedNode(predicate), Literal(number))
