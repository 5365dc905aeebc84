"""The canonical form: what is the same in OWL is the same here, and nothing else is."""

from __future__ import annotations

import pytest
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, parse

from aikg.canonical import LONGEST, canonical
from aikg.errors import GraphError
from aikg.names import RDF
from tests.owl import SOME, both, triples


def chain(*names: str) -> str:
    return f"aikg:p owl:propertyChainAxiom ( {' '.join(names)} ) ."


@pytest.mark.parametrize(("left", "right"), [
    ("thing:a a aikg:A, aikg:B .", "thing:a a aikg:B . thing:a a aikg:A, aikg:A ."),
    (f"aikg:A owl:equivalentClass {both('aikg:B', SOME)} .",
     f"aikg:A owl:equivalentClass {both(SOME, 'aikg:B')} ."),
    ("thing:a owl:sameAs thing:b .", "thing:b owl:sameAs thing:a ."),
    ("aikg:A owl:disjointWith aikg:B .", "aikg:B owl:disjointWith aikg:A ."),
    ("aikg:p owl:inverseOf aikg:q .", "aikg:q owl:inverseOf aikg:p ."),
    ("[] a owl:AllDifferent ; owl:distinctMembers ( thing:a thing:b ) .",
     "[] owl:distinctMembers ( thing:b thing:a ) ; a owl:AllDifferent ."),
    (f"thing:a a _:x . _:x owl:complementOf {SOME} .",
     f"thing:a a [ owl:complementOf {SOME} ] ."),
    ('thing:a rdfs:label "x"@en-GB .', 'thing:a rdfs:label "x"@en-gb .'),
    ('thing:a rdfs:label "x" .', 'thing:a rdfs:label "x"^^xsd:string .'),
])
def test_these_are_the_same(left: str, right: str) -> None:
    assert canonical(triples(left)) == canonical(triples(right))


@pytest.mark.parametrize(("left", "right"), [
    (chain("aikg:p", "aikg:q"), chain("aikg:q", "aikg:p")),
    (chain("aikg:p", "aikg:p"), chain("aikg:p")),
    ("thing:a rdfs:subClassOf thing:b .", "thing:b rdfs:subClassOf thing:a ."),
    (f"thing:a a {SOME} .", f"thing:a a [ owl:complementOf {SOME} ] ."),
    ('thing:a rdfs:label "x" .', 'thing:a rdfs:label "x"@en .'),
    ("thing:a aikg:e 1 .", "thing:a aikg:e 01 ."),
    ("[] a owl:AllDifferent ; owl:distinctMembers ( thing:a thing:b ) .",
     "[] a owl:AllDifferent ; owl:distinctMembers ( thing:a thing:c ) ."),
])
def test_these_are_not(left: str, right: str) -> None:
    assert canonical(triples(left)) != canonical(triples(right))


def test_a_long_list_is_known_by_its_digest() -> None:
    def listed(names: list[str]) -> str:
        return f"[] a owl:AllDifferent ; owl:distinctMembers ( {' '.join(names)} ) ."

    names = [f"thing:a{number}" for number in range(2000)]
    said = canonical(triples(listed(names)))
    assert said == canonical(triples(listed(names[::-1])))
    assert said != canonical(triples(listed([*names[:-1], "thing:b"])))
    assert sum(len(text) for axiom in said.axioms for pair in axiom for text in pair) < LONGEST


DEEP = "aikg:A rdfs:subClassOf " + "[ owl:complementOf " * 100 + "aikg:B" + " ]" * 100 + " ."
LAUGHS = "thing:a a _:b0 . " + " ".join(
    f"_:b{n} aikg:p{k} _:b{n + 1} ." for n in range(40) for k in range(10))


@pytest.mark.parametrize("text", [
    "_:a aikg:p _:b . _:b aikg:p _:a .", "thing:a aikg:p _:b . _:b aikg:p _:b .", DEEP,
    f"_:l <{RDF}first> thing:a ; <{RDF}rest> _:l .",
])
def test_what_no_ontology_has_is_an_error(text: str) -> None:
    with pytest.raises(GraphError, match="that is no OWL"):
        canonical(triples(text))


def test_shared_blank_nodes_take_no_more_than_they_are() -> None:
    assert len(canonical(triples(LAUGHS)).facts) == 1


def test_a_triple_as_an_object_is_an_error() -> None:
    inner = Triple(NamedNode("x:a"), NamedNode("x:b"), NamedNode("x:c"))
    with pytest.raises(GraphError, match=r"RDF 1\.2"):
        canonical([Triple(BlankNode(), NamedNode("x:p"), inner)])


def test_an_empty_list_and_a_broken_one_are_read() -> None:
    assert canonical(triples("thing:a aikg:p () ."))
    broken = f"thing:a aikg:p _:l . _:l <{RDF}first> thing:a, thing:b ; <{RDF}rest> () ."
    assert canonical(triples(broken)) == canonical(triples(broken))
    [quad] = parse("<x:a> <x:b> <x:c> .", RdfFormat.N_TRIPLES)
    assert canonical([quad.triple]).axioms == frozenset()
