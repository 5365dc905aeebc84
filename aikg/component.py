"""The axioms of py-horned-owl as triples: what its writer of RDF would say, without its losses.

Source: OWL 2 Web Ontology Language, Mapping to RDF Graphs, section 2. Only what an ontology of ours
may hold is known here; any other axiom is an error, never skipped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from aikg.errors import GraphError
from aikg.names import OWL, RDF, RDFS

TYPE = NamedNode(RDF + "type")
DECLARED = {"DeclareClass": "Class", "DeclareObjectProperty": "ObjectProperty",
            "DeclareDataProperty": "DatatypeProperty", "DeclareDatatype": "Datatype",
            "DeclareAnnotationProperty": "AnnotationProperty",
            "DeclareNamedIndividual": "NamedIndividual"}
KINDS = {f"{kind}{part}": f"{kind}Property" for kind in (
    "Functional", "InverseFunctional", "Symmetric", "Asymmetric", "Transitive", "Reflexive",
    "Irreflexive") for part in ("ObjectProperty", "DataProperty")}
PLAIN = {
    "SubClassOf": ("sub", RDFS + "subClassOf", "sup"),
    "SubDataPropertyOf": ("sub", RDFS + "subPropertyOf", "sup"),
    "SubAnnotationPropertyOf": ("sub", RDFS + "subPropertyOf", "sup"),
    "InverseObjectProperties": ("first", OWL + "inverseOf", "second"),
    "ObjectPropertyDomain": ("ope", RDFS + "domain", "ce"),
    "ObjectPropertyRange": ("ope", RDFS + "range", "ce"),
    "DataPropertyDomain": ("dp", RDFS + "domain", "ce"),
    "DataPropertyRange": ("dp", RDFS + "range", "dr"),
    "AnnotationPropertyDomain": ("ap", RDFS + "domain", "iri"),
    "AnnotationPropertyRange": ("ap", RDFS + "range", "iri"),
    "ClassAssertion": ("i", RDF + "type", "ce"),
}
SETS = {"EquivalentClasses": "equivalentClass", "EquivalentObjectProperties": "equivalentProperty",
        "EquivalentDataProperties": "equivalentProperty", "SameIndividual": "sameAs"}
DIFFERING = {"DisjointClasses": ("disjointWith", "AllDisjointClasses", "members"),
             "DisjointObjectProperties": (
                 "propertyDisjointWith", "AllDisjointProperties", "members"),
             "DisjointDataProperties": ("propertyDisjointWith", "AllDisjointProperties", "members"),
             "DifferentIndividuals": ("differentFrom", "AllDifferent", "distinctMembers")}
RESTRICTIONS = {"ObjectSomeValuesFrom": ("ope", "someValuesFrom", "bce"),
                "ObjectAllValuesFrom": ("ope", "allValuesFrom", "bce"),
                "ObjectHasValue": ("ope", "hasValue", "i"),
                "DataSomeValuesFrom": ("dp", "someValuesFrom", "dr"),
                "DataAllValuesFrom": ("dp", "allValuesFrom", "dr"),
                "DataHasValue": ("dp", "hasValue", "l")}
BOOLEAN = {"ObjectIntersectionOf": "intersectionOf", "ObjectUnionOf": "unionOf",
           "ObjectComplementOf": "complementOf", "ObjectOneOf": "oneOf"}
NAMED = {"Class", "ObjectProperty", "DataProperty", "AnnotationProperty", "NamedIndividual",
         "Datatype"}

Node = NamedNode | BlankNode | Literal


def component_triples(components: Iterable[Any]) -> Iterator[Triple]:
    """The triples of the annotated components of an ontology, its ID among them.

    Raises GraphError for an axiom or a class expression of another kind.
    """
    mapping = _Mapping()
    found = list(components)
    for one in found:
        if type(one.component).__name__ == "OntologyID":
            mapping.document = NamedNode(str(one.component.iri or "urn:aikg:nameless"))
    for one in found:
        mapping.add(one.component, one.ann)
    yield from mapping.triples


class _Mapping:
    def __init__(self) -> None:
        self.triples: list[Triple] = []
        self.document = NamedNode("urn:aikg:nameless")

    def say(self, subject: Node, predicate: str, target: Node) -> Triple:
        assert not isinstance(subject, Literal)
        triple = Triple(subject, NamedNode(predicate), target)
        self.triples.append(triple)
        return triple

    def add(self, axiom: Any, annotations: Iterable[Any]) -> None:
        """An axiom with its annotations, each on every triple that the axiom is mapped to."""
        said = list(self.of_axiom(axiom, type(axiom).__name__))
        for main in said if annotations else ():
            if isinstance(main, Triple):
                node = BlankNode()
                self.say(node, TYPE.value, NamedNode(OWL + "Axiom"))
                for part, term in zip(("Source", "Property", "Target"), (
                        main.subject, main.predicate, main.object), strict=True):
                    assert not isinstance(term, Triple)
                    self.say(node, f"{OWL}annotated{part}", term)
            else:
                node = main
            for one in annotations:
                self.say(node, str(one.ap.first), self.node(one.av))

    def of_axiom(self, axiom: Any, kind: str) -> Iterator[Triple | BlankNode]:
        """What annotations of the axiom are put on: its triple, or the node that stands for it."""
        if kind == "OntologyID":
            self.say(self.document, TYPE.value, NamedNode(OWL + "Ontology"))
            if axiom.viri:
                self.say(self.document, OWL + "versionIRI", NamedNode(str(axiom.viri)))
        elif kind == "Import":
            self.say(self.document, OWL + "imports", NamedNode(str(axiom.first)))
        elif kind == "OntologyAnnotation":
            self.say(self.document, str(axiom.first.ap.first), self.node(axiom.first.av))
        elif kind == "AnnotationAssertion":
            yield self.say(self.node(axiom.subject), str(axiom.ann.ap.first),
                           self.node(axiom.ann.av))
        elif kind in DECLARED or kind in KINDS:
            yield self.say(self.node(axiom.first), TYPE.value,
                           NamedNode(OWL + (DECLARED.get(kind) or KINDS[kind])))
        elif kind in PLAIN:
            source, predicate, target = PLAIN[kind]
            yield self.say(self.node(getattr(axiom, source)), predicate,
                           self.node(getattr(axiom, target)))
        else:
            yield from self.of_several(axiom, kind)

    def of_several(self, axiom: Any, kind: str) -> Iterator[Triple | BlankNode]:
        """An axiom about several terms, or a property with two ends."""
        if kind in ("ObjectPropertyAssertion", "DataPropertyAssertion"):
            yield self.say(self.node(axiom.source), self.property(axiom), self.node(axiom.target))
        elif kind in ("NegativeObjectPropertyAssertion", "NegativeDataPropertyAssertion"):
            yield self.denial(axiom, "Value" if "Data" in kind else "Individual")
        elif kind == "SubObjectPropertyOf" and isinstance(axiom.sub, list):
            yield self.say(self.node(axiom.sup), OWL + "propertyChainAxiom",
                           self.collection(axiom.sub))
        elif kind == "SubObjectPropertyOf":
            yield self.say(self.node(axiom.sub), RDFS + "subPropertyOf", self.node(axiom.sup))
        elif kind in SETS:
            nodes = map(self.node, axiom.first)
            for left, right in pairwise(sorted(nodes, key=lambda one: isinstance(one, BlankNode))):
                yield self.say(left, OWL + SETS[kind], right)
        elif kind in DIFFERING:
            yield self.difference(axiom.first, *DIFFERING[kind])
        else:
            raise GraphError(f"holds an axiom that cannot be compared here ({kind}): save it as "
                             "Turtle or RDF/XML")

    def denial(self, axiom: Any, aim: str) -> BlankNode:
        """The node of a negative assertion."""
        node = BlankNode()
        self.say(node, TYPE.value, NamedNode(OWL + "NegativePropertyAssertion"))
        self.say(node, OWL + "sourceIndividual", self.node(axiom.source))
        self.say(node, OWL + "assertionProperty", NamedNode(self.property(axiom)))
        self.say(node, OWL + "target" + aim, self.node(axiom.target))
        return node

    def difference(
        self, terms: list[Any], predicate: str, name: str, members: str,
    ) -> Triple | BlankNode:
        """The triple that sets two terms apart, or the node that sets several apart."""
        if len(terms) == 2:
            return self.say(self.node(terms[0]), OWL + predicate, self.node(terms[1]))
        node = BlankNode()
        self.say(node, TYPE.value, NamedNode(OWL + name))
        self.say(node, OWL + members, self.collection(terms))
        return node

    def property(self, axiom: Any) -> str:
        """IRI of the property of an assertion."""
        node = self.node(axiom.dp if hasattr(axiom, "dp") else axiom.ope)
        if not isinstance(node, NamedNode):
            raise GraphError("holds an assertion of an inverse property: save it as Turtle or "
                             "RDF/XML")
        return node.value

    def collection(self, members: Iterable[Any]) -> Node:
        """The node of a list of terms."""
        node: Node = NamedNode(RDF + "nil")
        for one in reversed([*members]):
            cell = BlankNode()
            self.say(cell, RDF + "first", self.node(one))
            self.say(cell, RDF + "rest", node)
            node = cell
        return node

    def node(self, term: Any) -> Node:
        """The node of a name, a literal or a class expression."""
        kind = type(term).__name__
        if kind in NAMED:
            return NamedNode(str(term.first))
        if kind == "IRI":
            return NamedNode(str(term))
        if kind == "SimpleLiteral":
            return Literal(term.literal)
        if kind == "LanguageLiteral":
            return Literal(term.literal, language=term.lang)
        if kind == "DatatypeLiteral":
            return Literal(term.literal, datatype=NamedNode(str(term.datatype_iri)))
        return self.expression(term, kind)

    def expression(self, term: Any, kind: str) -> Node:
        node = BlankNode()
        if kind in RESTRICTIONS:
            prop, predicate, filler = RESTRICTIONS[kind]
            self.say(node, TYPE.value, NamedNode(OWL + "Restriction"))
            self.say(node, OWL + "onProperty", self.node(getattr(term, prop)))
            self.say(node, OWL + predicate, self.node(getattr(term, filler)))
        elif kind in BOOLEAN:
            one = term.first
            self.say(node, TYPE.value, NamedNode(OWL + "Class"))
            self.say(node, OWL + BOOLEAN[kind],
                     self.collection(one) if isinstance(one, list) else self.node(one))
        elif kind == "InverseObjectProperty":
            self.say(node, OWL + "inverseOf", self.node(term.first))
        else:
            raise GraphError(f"holds an expression that cannot be compared here ({kind}): save it "
                             "as Turtle or RDF/XML")
        return node
