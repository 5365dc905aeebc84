"""Every kind of axiom says something of each term that it names."""

from __future__ import annotations

import pytest
from pyoxigraph import RdfFormat, parse

from aikg.axioms import _CHARACTERISTICS, _PAIRS, read_axioms
from aikg.expression import _PAIRS as HEADED
from aikg.expression import HEADINGS, relations
from aikg.names import AIKG, OWL, RDFS, XSD

HEAD = f"""
@prefix : <{AIKG}> .
@prefix owl: <{OWL}> .
@prefix rdfs: <{RDFS}> .
@prefix xsd: <{XSD}> .
:A a owl:Class . :B a owl:Class . :C a owl:Class . :i a owl:NamedIndividual .
:p a owl:ObjectProperty . :q a owl:ObjectProperty . :r a owl:ObjectProperty .
:d a owl:DatatypeProperty .
"""


def said(text: str) -> dict[str, dict[str, list[str]]]:
    """What the axioms of a text in Turtle say of each term, all by local names."""
    axioms = read_axioms(quad.triple for quad in parse(HEAD + text, RdfFormat.TURTLE))
    return {term.removeprefix(AIKG): {heading: [" ".join(piece.text for piece in one if piece.text)
                                                for one in expressions]
                                      for heading, expressions in found.items()}
            for term, found in relations(axioms).items()}


@pytest.mark.parametrize(("text", "expected"), [
    (":A rdfs:subClassOf :B .", {"A": {"Subclass of": ["B"]}, "B": {"Superclass of": ["A"]}}),
    (":A owl:disjointWith :B .", {"A": {"Disjoint with": ["B"]}, "B": {"Disjoint with": ["A"]}}),
    (":p rdfs:domain :A ; rdfs:range :B .", {
        "p": {"Domain": ["A"], "Range": ["B"]}, "A": {"Domain of": ["p"]},
        "B": {"Range of": ["p"]}}),
    (":d rdfs:range xsd:decimal .", {
        "d": {"Range": ["decimal"]}, XSD + "decimal": {"Range of": ["d"]}}),
    (":p a owl:SymmetricProperty, owl:IrreflexiveProperty . :d a owl:FunctionalProperty .", {
        "p": {"Characteristics": ["Irreflexive", "Symmetric"]},
        "d": {"Characteristics": ["Functional"]}}),
    (":p owl:inverseOf :q .", {"p": {"Inverse of": ["q"]}, "q": {"Inverse of": ["p"]}}),
    (":p owl:propertyChainAxiom ( :q :r :q ) .", {
        "p": {"Chain": ["q o r o q"]}, "q": {"Step of the chain of": ["p"]},
        "r": {"Step of the chain of": ["p"]}}),
    (""":A owl:equivalentClass [ owl:intersectionOf ( :B :C
          [ owl:onProperty :p ; owl:someValuesFrom :C ]
          [ owl:onProperty :d ; owl:hasValue 4 ] ) ] .""", {
        "A": {"Equivalent to": [f'B and C and ( p some C ) and ( d value "4"^^<{XSD}integer> )'],
              "Subclass of": ["B", "C"]},
        "B": {"Superclass of": ["A"]},
        "C": {"Superclass of": ["A"], "In the definition of": ["A"]},
        "p": {"In the definition of": ["A"]}, "d": {"In the definition of": ["A"]}}),
    (""":A owl:equivalentClass [ owl:onProperty :p ; owl:hasValue :i ] .""", {
        "A": {"Equivalent to": ["p value i"]}, "p": {"In the definition of": ["A"]},
        "i": {"In the definition of": ["A"]}}),
])
def test_what_axioms_say(text: str, expected: dict[str, dict[str, list[str]]]) -> None:
    assert said(text) == expected


def test_no_axiom_of_the_closed_list_is_passed_over() -> None:
    two, one = {name for name, _ in _PAIRS.values()}, set(_CHARACTERISTICS.values())
    assert two == set(HEADED)
    assert {heading for pair in HEADED.values() for heading in pair} <= set(HEADINGS)
    assert all(name.endswith("Property") for name in one)
