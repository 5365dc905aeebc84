"""The axioms of the closed list are read; every other axiom is refused, by name."""

from __future__ import annotations

import pytest

from aikg.axioms import Axiom, name, reach, read_axioms
from aikg.errors import OntologyError
from aikg.names import AIKG
from tests.owl import DECLARED, SOME, both, defined, on_p, triples


def test_definition_is_read_in_its_parts() -> None:
    a, b, p, x = (f"<{AIKG}{letter}>" for letter in "ABpx")
    turtle = DECLARED + defined(both("aikg:B", SOME, on_p("owl:hasValue aikg:x")))
    assert read_axioms(triples(turtle)) == (
        Axiom("EquivalentClasses", (a,), "aikg:A EquivalentTo aikg:B and (aikg:p some aikg:B)"
              " and (aikg:p value aikg:x)", ((b, "", ""), (p, "some", b), (p, "value", x))),)


def test_axioms_come_once_and_sorted() -> None:
    turtle = ("aikg:B rdfs:subClassOf aikg:C . aikg:A rdfs:subClassOf aikg:B ."
              "aikg:p owl:propertyChainAxiom ( aikg:q aikg:r ) .")
    axioms = read_axioms(triples(DECLARED + turtle) * 2)
    assert [axiom.text for axiom in axioms] == [
        "aikg:A SubClassOf aikg:B", "aikg:B SubClassOf aikg:C",
        "aikg:q o aikg:r SubPropertyOf aikg:p"]
    assert axioms[2].terms == tuple(f"<{AIKG}{letter}>" for letter in "pqr")


@pytest.mark.parametrize("turtle", [
    "<https://w3id.org/aikg/ontology> a owl:Ontology ; owl:versionInfo '1' ; aikg:note 'x' .",
    "aikg:A rdfs:label 'a'@en ; rdfs:comment 'b' ; aikg:note 'c' ; rdfs:isDefinedBy aikg:x .",
    "aikg:note rdfs:range aikg:A ; rdfs:subPropertyOf rdfs:label .",
    "aikg:x a aikg:A, owl:NamedIndividual ; aikg:p aikg:y ; aikg:d 3 .",
    "[] a owl:AllDifferent ; owl:distinctMembers ( aikg:x aikg:y ) .",
    "[] a owl:NegativePropertyAssertion ; owl:sourceIndividual aikg:x ; owl:targetValue 3 .",
    f"aikg:x a {SOME} .",
    f"aikg:x a [ a owl:Class ; owl:complementOf {SOME} ] .",
    "aikg:x a [ a owl:Class ; owl:complementOf aikg:A ] .",
])
def test_what_is_no_axiom_is_passed_over(turtle: str) -> None:
    assert read_axioms(triples(DECLARED + turtle)) == ()


@pytest.mark.parametrize(("turtle", "subject", "met"), [
    (defined(on_p("owl:minCardinality 2")), "aikg:A", "owl:minCardinality"),
    (defined(on_p("owl:onClass aikg:B ; owl:qualifiedCardinality 1")),
     "aikg:A", "owl:qualifiedCardinality"),
    (defined(on_p("owl:allValuesFrom aikg:B")), "aikg:A", "owl:allValuesFrom"),
    (defined("[ a owl:Class ; owl:unionOf ( aikg:B aikg:C ) ]"), "aikg:A", "owl:unionOf"),
    (defined("aikg:B"), "aikg:A", "owl:equivalentClass aikg:B"),
    (defined(both("aikg:B", "[ a owl:Class ; owl:complementOf aikg:C ]")),
     "aikg:A", "owl:complementOf"),
    (defined(both("aikg:B", both("aikg:C", SOME))), "aikg:A", "owl:intersectionOf"),
    (defined(on_p("owl:someValuesFrom [ a owl:Class ; owl:oneOf ( aikg:x ) ]")),
     "aikg:A", "owl:oneOf"),
    (defined("[ a owl:Restriction ; owl:onProperty [ owl:inverseOf aikg:p ] ;"
             " owl:someValuesFrom aikg:B ]"), "aikg:A", "owl:inverseOf"),
    (defined(on_p("owl:onProperty aikg:q ; owl:someValuesFrom aikg:B")),
     "aikg:A", "owl:onProperty"),
    (f"aikg:A rdfs:subClassOf {SOME} .", "aikg:A", "owl:someValuesFrom"),
    (f"{SOME} rdfs:subClassOf aikg:A .", "a blank node", "rdfs:subClassOf"),
    ("aikg:A owl:hasKey ( aikg:d ) .", "aikg:A", "owl:hasKey"),
    ("aikg:A owl:disjointUnionOf ( aikg:B aikg:C ) .", "aikg:A", "owl:disjointUnionOf"),
    ("aikg:A owl:disjointWith aikg:A .", "aikg:A", "owl:disjointWith"),
    ("aikg:A rdfs:subClassOf aikg:Unheard .", "aikg:A", "aikg:Unheard"),
    ("aikg:Unheard rdfs:subClassOf aikg:A .", "aikg:Unheard", "not declared"),
    ("aikg:p rdfs:domain [ a owl:Class ; owl:unionOf ( aikg:A aikg:B ) ] .",
     "aikg:p", "owl:unionOf"),
    ("aikg:d rdfs:range xsd:date .", "aikg:d", "xsd:date"),
    ("aikg:p a owl:InverseFunctionalProperty .", "aikg:p", "owl:InverseFunctionalProperty"),
    ("aikg:p a owl:ReflexiveProperty .", "aikg:p", "owl:ReflexiveProperty"),
    ("aikg:d a owl:SymmetricProperty .", "aikg:d", "owl:SymmetricProperty"),
    ("aikg:p owl:inverseOf [ owl:inverseOf aikg:q ] .", "aikg:p", "owl:inverseOf"),
    ("[ owl:inverseOf aikg:p ] rdfs:subPropertyOf aikg:q .", "a blank node", "owl:inverseOf"),
    ("aikg:p owl:equivalentProperty aikg:q .", "aikg:p", "owl:equivalentProperty"),
    ("aikg:p rdfs:subPropertyOf aikg:d .", "aikg:p", "aikg:d"),
    ("aikg:p rdfs:subPropertyOf aikg:note .", "aikg:p", "aikg:note"),
    ("aikg:p owl:propertyChainAxiom ( aikg:q ) .", "aikg:p", "fewer than two"),
    ("aikg:p owl:propertyChainAxiom ( aikg:q [ owl:inverseOf aikg:r ] ) .",
     "aikg:p", "owl:inverseOf"),
    ("aikg:A a owl:ObjectProperty .", "aikg:A", "second declaration"),
    ("aikg:x a aikg:Unheard .", "aikg:x", "aikg:Unheard"),
    ("aikg:x aikg:unheard aikg:y .", "aikg:x", "aikg:unheard"),
    ("aikg:x owl:sameAs aikg:y .", "aikg:x", "owl:sameAs"),
    ("[] a owl:AllDisjointProperties ; owl:members ( aikg:p aikg:q ) .",
     "a blank node", "owl:members"),
    ("aikg:p a owl:TransitiveProperty, owl:IrreflexiveProperty .", "aikg:p", "Irreflexive"),
    ("aikg:p a owl:TransitiveProperty ; owl:inverseOf aikg:q . aikg:q a owl:AsymmetricProperty .",
     "aikg:q", "Asymmetric"),
    ("aikg:p a owl:TransitiveProperty . aikg:q a owl:AsymmetricProperty ; owl:inverseOf aikg:p .",
     "aikg:q", "Asymmetric"),
    (("aikg:p a owl:FunctionalProperty ."
      " aikg:q a owl:TransitiveProperty ; rdfs:subPropertyOf aikg:p ."), "aikg:p", "Functional"),
    ("aikg:p a owl:IrreflexiveProperty ; owl:propertyChainAxiom ( aikg:q aikg:r ) .",
     "aikg:p", "Irreflexive"),
    ("aikg:p a owl:TransitiveProperty . aikg:q owl:propertyDisjointWith aikg:p .",
     "aikg:q", "PropertyDisjointWith"),
])
def test_any_other_axiom_is_refused(turtle: str, subject: str, met: str) -> None:
    with pytest.raises(OntologyError) as error:
        read_axioms(triples(DECLARED + turtle))
    assert str(error.value).startswith(subject + ":")
    assert met in str(error.value)


def test_names_read_as_curies_where_they_can() -> None:
    assert [name(term) for term in (f"<{AIKG}A>", "<urn:x>", '"a"@en')] == [
        "aikg:A", "<urn:x>", '"a"@en']


def test_reach_goes_round_a_circle_once() -> None:
    assert reach("a", {"a": "b", "b": "ca", "d": "a"}) == {"a", "b", "c"}
