"""Namespaces and the two ways to write a name: `aikg:Claim` (a CURIE) and its IRI.

The base IRIs are contracts of the project: once released they never change.
"""

from __future__ import annotations

from collections.abc import Mapping

BASE = "https://w3id.org/aikg/"
AIKG = BASE + "ontology/"
THING = BASE + "thing/"
CLAIM = BASE + "claim/"
SOURCE = BASE + "source/"
GRAPH = BASE + "graph/"
ONTOLOGY = BASE + "ontology"
MAIN_GRAPH = GRAPH + "main"
UNFINISHED = GRAPH + "unfinished"
"""What a graph elsewhere says of itself while it is being loaded."""
SKOLEM = "https://w3id.org/.well-known/genid/aikg/"
"""Of IRIs for what is a blank node in the built files (RDF 1.1 Concepts, section 3.5)."""

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCTERMS = "http://purl.org/dc/terms/"
PROV = "http://www.w3.org/ns/prov#"

PREFIXES: Mapping[str, str] = {
    "aikg": AIKG,
    "thing": THING,
    "claim": CLAIM,
    "source": SOURCE,
    "graph": GRAPH,
    "rdf": RDF,
    "rdfs": RDFS,
    "owl": OWL,
    "xsd": XSD,
    "skos": SKOS,
    "dcterms": DCTERMS,
    "prov": PROV,
    "schema": "https://schema.org/",
    "org": "http://www.w3.org/ns/org#",
    "dbo": "http://dbpedia.org/ontology/",
    "dbr": "http://dbpedia.org/resource/",
    "oa": "http://www.w3.org/ns/oa#",
    "vann": "http://purl.org/vocab/vann/",
    "wd": "http://www.wikidata.org/entity/",
    "wdt": "http://www.wikidata.org/prop/direct/",
}


def expand(curie: str, prefixes: Mapping[str, str] = PREFIXES) -> str | None:
    """The IRI of a CURIE such as `thing:openai`; None where its prefix is not one of ours."""
    prefix, colon, local = curie.partition(":")
    return prefixes[prefix] + local if colon and prefix in prefixes else None


def compact(iri: str, prefixes: Mapping[str, str] = PREFIXES) -> str:
    """The CURIE of an IRI by the longest namespace that fits, or the IRI itself."""
    fits = [name for name, namespace in prefixes.items() if iri.startswith(namespace)]
    if not fits:
        return iri
    name = max(fits, key=lambda prefix: len(prefixes[prefix]))
    return f"{name}:{iri[len(prefixes[name]):]}"


def graph_beside(main: str, name: str) -> str:
    """The IRI of a further graph of the dataset, or of the view, whose main graph has an IRI."""
    return GRAPH + name if main == MAIN_GRAPH else f"{main}/{name}"
