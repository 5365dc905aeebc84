"""Names: the base IRIs never change, and a CURIE and its IRI lead to each other."""

from __future__ import annotations

import pytest
import rdflib.namespace
from hypothesis import given, settings
from hypothesis import strategies as st

from aikg import names
from aikg.names import AIKG, PREFIXES, SOURCE, THING, compact, expand

# DESIGN, section 4: never changed once released.
CONTRACT = {
    "BASE": "https://w3id.org/aikg/",
    "AIKG": "https://w3id.org/aikg/ontology/",
    "THING": "https://w3id.org/aikg/thing/",
    "CLAIM": "https://w3id.org/aikg/claim/",
    "SOURCE": "https://w3id.org/aikg/source/",
    "GRAPH": "https://w3id.org/aikg/graph/",
    "ONTOLOGY": "https://w3id.org/aikg/ontology",
    "MAIN_GRAPH": "https://w3id.org/aikg/graph/main",
}
OWN = {"aikg": "AIKG", "thing": "THING", "claim": "CLAIM", "source": "SOURCE", "graph": "GRAPH"}
FOREIGN = {
    **{prefix: str(getattr(rdflib.namespace, prefix.upper())) for prefix in (
        "rdf", "rdfs", "owl", "xsd", "skos", "dcterms", "prov", "org", "vann")},
    "schema": str(rdflib.namespace.SDO),
    "dbo": "http://dbpedia.org/ontology/",
    "dbr": "http://dbpedia.org/resource/",
    "oa": "http://www.w3.org/ns/oa#",
    "wd": "http://www.wikidata.org/entity/",
    "wdt": "http://www.wikidata.org/prop/direct/",
}
NESTED = {"a": "http://x/", "b": "http://x/y/", "c": "http://z/"}


@pytest.mark.parametrize("name", CONTRACT)
def test_base_iris_are_those_of_the_contract(name: str) -> None:
    assert getattr(names, name) == CONTRACT[name]


def test_each_prefix_means_what_it_means_elsewhere() -> None:
    own = {prefix: CONTRACT[name] for prefix, name in OWN.items()}
    assert dict(PREFIXES) == {**own, **FOREIGN}


def test_no_namespace_lies_within_another() -> None:
    """Else an IRI would have two CURIEs."""
    nested = [(one, other) for one in PREFIXES for other in PREFIXES
              if one != other and PREFIXES[one].startswith(PREFIXES[other])]
    assert nested == []


@pytest.mark.parametrize(("curie", "iri"), [
    ("thing:openai", THING + "openai"),
    ("thing:", THING),
    ("source:bitpush/I.p1.s1", SOURCE + "bitpush/I.p1.s1"),
    ("rdf:type", FOREIGN["rdf"] + "type"),
    ("thing:a:b", THING + "a:b"),
    ("thing", None),
    ("", None),
    (":openai", None),
    ("Thing:openai", None),
    ("https://w3id.org/aikg/thing/openai", None),
    ("urn:isbn:1", None),
])
def test_expand(curie: str, iri: str | None) -> None:
    assert expand(curie) == iri


@pytest.mark.parametrize(("iri", "curie"), [
    (THING + "openai", "thing:openai"),
    (AIKG, "aikg:"),
    (names.ONTOLOGY, names.ONTOLOGY),
    (names.BASE, names.BASE),
    ("http://x/a", "http://x/a"),
    ("", ""),
])
def test_compact(iri: str, curie: str) -> None:
    assert compact(iri) == curie


@pytest.mark.parametrize(("iri", "curie"), [
    ("http://x/n", "a:n"),
    ("http://x/y/n", "b:n"),
    ("http://x/y", "a:y"),
    ("http://z/", "c:"),
    ("http://y/n", "http://y/n"),
])
def test_compact_takes_the_longest_namespace(iri: str, curie: str) -> None:
    assert compact(iri, NESTED) == curie
    assert (expand(curie, NESTED) or curie) == iri


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(PREFIXES)), st.text())
def test_curie_and_iri_lead_to_each_other(prefix: str, local: str) -> None:
    iri = expand(f"{prefix}:{local}")
    assert iri == PREFIXES[prefix] + local
    assert compact(iri) == f"{prefix}:{local}"
