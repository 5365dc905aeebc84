"""Functional syntax and OWL/XML: nothing is lost on the way out or in, and rubbish is a line.

That the OWL API reads what is written, axiom for axiom the same, is in test_owlapi.py.
"""

from __future__ import annotations

import builtins
from typing import Any

import pytest
from pyoxigraph import Triple

from aikg.build import read_sources
from aikg.canonical import canonical
from aikg.document import Document
from aikg.errors import AikgError, GraphError
from aikg.functional import read, write
from aikg.names import PREFIXES
from aikg.standalone import standalone
from tests.owl import DECLARED, SOME, both, on_p, triples

AXIOMS = [
    "aikg:A rdfs:subClassOf aikg:B .", f"aikg:A owl:equivalentClass {both('aikg:B', SOME)} .",
    "aikg:A owl:disjointWith aikg:B .",
    "[] a owl:AllDisjointClasses ; owl:members ( aikg:A aikg:B aikg:C ) .",
    "aikg:p rdfs:subPropertyOf aikg:q .", "aikg:d rdfs:subPropertyOf aikg:e .",
    "aikg:p owl:propertyChainAxiom ( aikg:q aikg:r ) .", "aikg:p owl:inverseOf aikg:q .",
    "aikg:p a owl:TransitiveProperty .", "aikg:q a owl:SymmetricProperty .",
    "aikg:d a owl:FunctionalProperty .", "aikg:p rdfs:domain aikg:A ; rdfs:range aikg:B .",
    "aikg:d rdfs:domain aikg:A ; rdfs:range xsd:integer .",
    "thing:a a aikg:A ; aikg:p thing:b ; aikg:d 3 ; aikg:e \"x\\n\\\"y\\\"\" .",
    "thing:a owl:sameAs thing:b .", "thing:a rdfs:label \"A\"@en ; aikg:note thing:b, \"n\" .",
    "[] a owl:AllDifferent ; owl:distinctMembers ( thing:a thing:b thing:c ) .",
    f"thing:a a {on_p('owl:hasValue thing:b')}, [ a owl:Class ; owl:complementOf aikg:B ] .",
    """thing:b aikg:p thing:c . [] a owl:Axiom ; owl:annotatedSource thing:b ;
        owl:annotatedProperty aikg:p ; owl:annotatedTarget thing:c ; aikg:note "why", thing:a .""",
    """[] a owl:NegativePropertyAssertion ; owl:sourceIndividual thing:a ;
        owl:assertionProperty aikg:q ; owl:targetIndividual thing:b ;
        aikg:note thing:c, "x"@en, 1 .""",
    """[] a owl:NegativePropertyAssertion ; owl:sourceIndividual thing:a ;
        owl:assertionProperty aikg:d ; owl:targetValue 4 .""",
]
HEADER = """<x:o> a owl:Ontology ; owl:versionIRI <x:o/1> ; rdfs:comment "c"@en .
thing:a a owl:NamedIndividual . thing:b a owl:NamedIndividual . thing:c a owl:NamedIndividual ."""


@pytest.fixture(autouse=True)
def _library() -> None:
    pytest.importorskip("pyhornedowl", reason="of the extra `export`")


def document(said: list[Triple]) -> Document:
    return Document(tuple(said), PREFIXES, frozenset())


@pytest.mark.parametrize("axiom", AXIOMS)
def test_each_kind_of_axiom_comes_back(axiom: str) -> None:
    said = triples(HEADER + DECLARED + axiom)
    text = write(document(said)).decode()
    assert canonical(read(text, "ofn")) == canonical(said)


def test_the_whole_document_comes_back() -> None:
    whole = standalone(read_sources())
    text = write(whole)
    assert text == write(standalone(read_sources()))
    assert canonical(read(text.decode(), "ofn")) == canonical(whole.triples)


def test_an_axiom_that_would_be_lost_is_refused() -> None:
    said = "[] a owl:AllDisjointProperties ; owl:members ( aikg:p aikg:q aikg:r ) ."
    with pytest.raises(AikgError, match="would lose an axiom"):
        write(document(triples(HEADER + DECLARED + said)))


OWL_XML = '<?xml version="1.0"?><Ontology xmlns="http://www.w3.org/2002/07/owl#">{}</Ontology>'


@pytest.mark.parametrize(("form", "text", "says"), [
    ("ofn", "Ontology(", "not functional syntax: error at line 1, column 10"),
    ("ofn", "Ontology(<x:o>\n  Bad(<x:a>))", "not functional syntax: error at line 2"),
    ("ofn", "Ontology(<x:o> SubClassOf(ObjectMinCardinality(2 <x:p>) <x:a>))",
     "cannot be compared here .ObjectMinCardinality"),
    ("ofn", "Ontology(<x:o> HasKey(<x:a> (<x:p>) ()))", "cannot be compared here .HasKey"),
    ("ofn", "Ontology(<x:o> ObjectPropertyAssertion(ObjectInverseOf(<x:p>) <x:a> <x:b>))",
     "an assertion of an inverse property"),
    ("owx", OWL_XML.format("<Bad/>"), "not OWL/XML"),
    ("owx", "no XML", "not OWL/XML"),
])
def test_what_cannot_be_read_is_a_line(form: str, text: str, says: str) -> None:
    with pytest.raises(GraphError, match=says) as refused:
        read(text, form)
    assert "\n" not in str(refused.value)


def test_without_the_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name.startswith("pyhornedowl"):
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(AikgError, match=r"pip install 'aikg\[export\]'"):
        read("Ontology()", "ofn")
