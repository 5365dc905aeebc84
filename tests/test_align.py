"""The alignments: our terms exist, foreign terms are confirmed, and the kinds of both agree."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import ORG, PROV, SDO, SKOS
from rdflib.term import Node

from aikg import names
from aikg.names import AIKG, BASE, DCTERMS, ONTOLOGY, OWL, PREFIXES, RDF, RDFS

ROOT = Path(__file__).resolve().parent.parent
FILES = {path.stem: path for path in sorted((ROOT / "ontology" / "align").glob("*.ttl"))}
REFERENCE = ROOT.parent / "shared" / "reference" / "identifiers.tsv"

MATCHES = {f"{names.SKOS}{kind}Match" for kind in ("exact", "close", "broad", "narrow", "related")}
PLACEMENTS = {RDFS + "subClassOf": "class", RDFS + "subPropertyOf": "property"}
KINDS = {
    OWL + "Class": "class",
    OWL + "ObjectProperty": "property",
    OWL + "DatatypeProperty": "property",
    OWL + "AnnotationProperty": "property",
}
NAMESPACES = {
    "dbpedia": (PREFIXES["dbo"],),
    "fibo": ("https://spec.edmcouncil.org/fibo/ontology/",),
    "oa": (PREFIXES["oa"],),
    "org": (PREFIXES["org"],),
    "prov": (PREFIXES["prov"],),
    "schema": (PREFIXES["schema"],),
    "skos": (PREFIXES["skos"],),
    "wikidata": (PREFIXES["wd"], PREFIXES["wdt"]),
}
# Web Annotation Vocabulary, W3C Recommendation of 23 February 2017, sections 3.1 and 3.2.
WEB_ANNOTATION = {PREFIXES["oa"] + name for name in (
    "Annotation", "ResourceSelection", "SpecificResource", "TextPositionSelector", "end",
    "hasSource", "hasTarget", "start")}
LISTED = sorted(set(FILES) - {"oa", "skos"})


def triples(path: Path) -> list[tuple[str, str, Node]]:
    """Subject, predicate and object of each triple; blank subjects are left out."""
    return [(str(s), str(p), o) for s, p, o in Graph().parse(path) if isinstance(s, URIRef)]


def mappings(name: str) -> list[tuple[str, str, str]]:
    """Our term, predicate and foreign term of each mapping, as IRIs."""
    return [(s, p, str(o)) for s, p, o in triples(FILES[name]) if p in MATCHES | set(PLACEMENTS)]


def types(paths: list[Path]) -> dict[str, set[str]]:
    """The types of each term that has any."""
    found: dict[str, set[str]] = {}
    for subject, predicate, target in (triple for path in paths for triple in triples(path)):
        if predicate == RDF + "type":
            found.setdefault(subject, set()).add(str(target))
    return found


@pytest.fixture(scope="module")
def ours() -> dict[str, set[str]]:
    found = types(sorted((ROOT / "ontology").glob("*.ttl")))
    return {iri: kinds for iri, kinds in found.items() if iri.startswith(AIKG)}


def kind(declared: set[str]) -> str:
    (found,) = {KINDS[name] for name in declared if name in KINDS}
    return found


def foreign_kind(iri: str) -> str:
    """Class or property, by the custom of every vocabulary here: classes begin with a capital."""
    if iri.startswith((PREFIXES["wd"], PREFIXES["wdt"])):
        return {"Q": "class", "P": "property"}[iri.rsplit("/", 1)[1][0]]
    local = iri.rsplit("#", 1)[-1].rsplit("/", 1)[-1]
    return "class" if local[0].isupper() else "property"


def test_each_vocabulary_has_its_file() -> None:
    assert set(FILES) == set(NAMESPACES)


@pytest.mark.parametrize("name", FILES)
def test_header(name: str) -> None:
    iri = f"{BASE}align/{name}"
    about = {(p, o) for s, p, o in triples(FILES[name]) if s == iri}
    assert {
        (RDF + "type", URIRef(OWL + "Ontology")),
        (OWL + "versionIRI", URIRef(iri + "/0.1.0")),
        (DCTERMS + "license", URIRef("https://creativecommons.org/licenses/by/4.0/")),
    } <= about
    assert [str(o) for p, o in about if p == OWL + "imports"] == [ONTOLOGY]
    for predicate in ("title", "description"):
        (text,) = (o for p, o in about if p == DCTERMS + predicate)
        assert isinstance(text, Literal)
        assert text.language == "en"


@pytest.mark.parametrize("name", FILES)
def test_the_rest_is_mappings_and_declarations(name: str) -> None:
    rest = [(s, p, str(o)) for s, p, o in triples(FILES[name])
            if s != f"{BASE}align/{name}" and p not in MATCHES | set(PLACEMENTS)]
    assert [t for t in rest if t[1] != RDF + "type" or t[2] not in KINDS] == []


@pytest.mark.parametrize("name", FILES)
def test_ours_below_theirs_and_each_pair_once(name: str, ours: dict[str, set[str]]) -> None:
    rows = mappings(name)
    pairs = [(subject, target) for subject, _, target in rows]
    assert rows
    assert [subject for subject, _, _ in rows if subject not in ours] == []
    assert [target for _, _, target in rows if not target.startswith(NAMESPACES[name])] == []
    assert len(pairs) == len(set(pairs))


@pytest.mark.parametrize("name", FILES)
def test_a_class_meets_a_class_and_a_property_a_property(
    name: str, ours: dict[str, set[str]]
) -> None:
    rows = mappings(name)
    assert [(s, t) for s, _, t in rows if kind(ours[s]) != foreign_kind(t)] == []
    assert [(s, p) for s, p, _ in rows if PLACEMENTS.get(p, kind(ours[s])) != kind(ours[s])] == []


@pytest.mark.parametrize("name", FILES)
def test_each_term_of_an_axiom_is_declared_with_the_kind_of_ours(
    name: str, ours: dict[str, set[str]]
) -> None:
    """OWL 2 Structural Specification, section 5.8: one kind, declared."""
    declared = types([FILES[name]])
    axioms = [(s, t) for s, p, t in mappings(name) if p in PLACEMENTS]
    assert [(s, t) for s, t in axioms if declared.get(t, set()) != ours[s] & set(KINDS)] == []
    needed = {t for _, t in axioms} | {p for _, p, _ in mappings(name) if p in MATCHES}
    needed |= {DCTERMS + term for term in ("title", "description", "license")}
    assert set(declared) - {f"{BASE}align/{name}"} == needed


@pytest.mark.parametrize("name", LISTED)
def test_foreign_terms_are_confirmed(name: str) -> None:
    if not REFERENCE.exists():
        pytest.skip("the list of identifiers lies outside this checkout")
    with REFERENCE.open(encoding="utf-8", newline="") as file:
        confirmed = {row["iri"] for row in csv.DictReader(file, delimiter="\t")
                     if row["status"] == "confirmed"}
    listed = {iri.replace(PREFIXES["wdt"], PREFIXES["wd"]) for _, _, iri in mappings(name)}
    assert listed - confirmed == set()


@pytest.mark.parametrize("name", ["org", "prov", "schema", "skos"])
def test_foreign_terms_are_in_the_copy_that_rdflib_holds(name: str) -> None:
    vocabulary = {"org": ORG, "prov": PROV, "schema": SDO, "skos": SKOS}[name]
    later = {PREFIXES["schema"] + term for term in ("appearance", "owner")}
    terms = {iri for _, _, iri in mappings(name)} - later
    assert [iri for iri in terms if iri not in vocabulary] == []


def test_terms_of_web_annotation_are_in_the_recommendation() -> None:
    assert {iri for _, _, iri in mappings("oa")} == WEB_ANNOTATION
