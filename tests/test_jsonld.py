"""JSON-LD: short keys, and every value comes back as the term that it was."""

from __future__ import annotations

import json

import pytest
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, parse

from aikg.jsonld import context, document
from aikg.names import AIKG, PREFIXES
from tests.owl import triples

ONTOLOGY = triples("""
aikg:A a owl:Class . aikg:p a owl:ObjectProperty .
aikg:year a owl:DatatypeProperty ; rdfs:range xsd:integer .
aikg:flag a owl:DatatypeProperty ; rdfs:range xsd:boolean .
aikg:size a owl:DatatypeProperty ; rdfs:range xsd:decimal .
aikg:text a owl:DatatypeProperty ; rdfs:range xsd:string .
""")
TERMS = context(ONTOLOGY)


def node(turtle: str) -> dict[str, object]:
    [found] = json.loads(document(triples(turtle), TERMS))["@graph"]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(("turtle", "key", "value"), [
    ("thing:a a aikg:A, aikg:Other .", "type", ["A", "aikg:Other"]),
    ("thing:a aikg:p thing:b .", "p", "thing:b"),
    ("thing:a aikg:p thing:b, thing:c .", "p", ["thing:b", "thing:c"]),
    ('thing:a rdfs:label "A"@en .', "label", "A"),
    ('thing:a rdfs:label "A"@de .', "label", {"@value": "A", "@language": "de"}),
    ('thing:a rdfs:label "A" .', "label", {"@value": "A"}),
    ("thing:a aikg:year 2015 .", "year", 2015),
    ('thing:a aikg:year "02015"^^xsd:integer .', "year", "02015"),
    ("thing:a aikg:year 12345678901234567890 .", "year", "12345678901234567890"),
    ('thing:a aikg:year "2015" .', "year", {"@value": "2015"}),
    ("thing:a aikg:flag true .", "flag", True),
    ('thing:a aikg:flag "1"^^xsd:boolean .', "flag", "1"),
    ("thing:a aikg:size 1.50 .", "size", "1.50"),
    ('thing:a aikg:text "x\\n\\"y\\"" .', "text", 'x\n"y"'),
    ('thing:a aikg:text "thing:b" .', "text", "thing:b"),
    ("thing:a aikg:unknown thing:b .", "aikg:unknown", {"id": "thing:b"}),
    ("thing:a aikg:p <https://w3id.org/aikg/source/s/I.p1.s1> .", "p",
     "https://w3id.org/aikg/source/s/I.p1.s1"),
    ("thing:a aikg:p <https://w3id.org/aikg/thing///x> .", "p",
     "https://w3id.org/aikg/thing///x"),
    ("thing:a aikg:p <mailto:x@y> .", "p", "mailto:x@y"),
])
def test_a_value_is_short_and_comes_back(turtle: str, key: str, value: object) -> None:
    assert node(turtle)[key] == value
    said = triples(turtle)
    read = [quad.triple for quad in parse(document(said, TERMS), RdfFormat.JSON_LD)]
    assert set(read) == set(said)


def test_a_blank_node_has_no_name_that_stays() -> None:
    with pytest.raises(ValueError, match="no name to write"):
        document([Triple(BlankNode(), NamedNode(AIKG + "p"), NamedNode("x:y"))], TERMS)


def test_no_term_hides_a_prefix_or_a_keyword() -> None:
    assert all(TERMS[name] == iri for name, iri in PREFIXES.items())
    assert (TERMS["id"], TERMS["type"]) == ("@id", "@type")
