"""OWL functional syntax and OWL/XML, by py-horned-owl, which no other module imports.

Its reader of RDF drops negative assertions and n-ary disjointness without a word (seen in 2.0.0,
against the OWL API), so those are added here as axioms. Its writers of RDF and of Manchester syntax
lose more, and are not used.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from aikg.component import component_triples
from aikg.document import Document
from aikg.errors import AikgError, GraphError
from aikg.names import OWL, RDF, XSD
from aikg.turtle import Node, iri

NEGATIVE, DISJOINT = OWL + "NegativePropertyAssertion", OWL + "AllDisjointClasses"
KEPT = {OWL + name for name in ("Axiom", "AllDifferent", "Class", "Restriction")}
"""Types of blank nodes that its reader of RDF understands."""

About = Mapping[Node, Mapping[str, list[Node]]]
"""What is said of each blank node: objects by predicate."""


def write(whole: Document) -> bytes:
    """A document, with nothing to import, as OWL functional syntax; the same bytes for the same.

    Raises AikgError without py-horned-owl, and for a kind of axiom that would be lost.
    Source: OWL 2 Structural Specification and Functional-Style Syntax.
    """
    ontology = _library().open_ontology_from_string(whole.rdfxml().decode(), "rdf")
    about = _about(whole.triples)
    for node, said in about.items():
        kind = next(map(iri, said[RDF + "type"]), "")
        if kind == NEGATIVE:
            ontology.add_axiom(_negative(said, ontology), _annotations(said, ontology))
        elif kind == DISJOINT:
            ontology.add_axiom(_disjoint(said, about, ontology), _annotations(said, ontology))
        elif kind and kind not in KEPT:
            raise AikgError(f"py-horned-owl would lose an axiom ({kind}, {node}): convert the ttl "
                            "with the OWL API or ROBOT")
    text: str = ontology.save_to_string("ofn")
    return text.encode()


def read(text: str, form: str) -> list[Triple]:
    """The triples of an ontology in functional syntax (`ofn`) or OWL/XML (`owx`).

    Raises AikgError without py-horned-owl, and GraphError for what is neither, or holds an axiom
    that no ontology of ours may hold.
    """
    library = _library()
    try:
        ontology = library.open_ontology_from_string(text, form)
    except ValueError as error:
        name = "functional syntax" if form == "ofn" else "OWL/XML"
        raise GraphError(f"is not {name}: {_complaint(str(error))}") from error
    return list(component_triples(ontology.get_components()))


def _complaint(message: str) -> str:
    """What is wrong, and where, from a message that prints the parser's inner state."""
    if place := re.search(r"line_col: Pos\(\((\d+), (\d+)\)\)", message):
        return f"error at line {place[1]}, column {place[2]}"
    if place := re.search(r'"([^"]*)", BytePosition\((\d+)\)', message):
        return f"{place[1]} at byte {place[2]}"
    return message[:200]


def _library() -> Any:
    try:
        import pyhornedowl
        import pyhornedowl.model
    except ImportError:
        raise AikgError("functional syntax and OWL/XML need py-horned-owl: "
                        "pip install 'aikg[export]'") from None
    return pyhornedowl


def _about(triples: Iterable[Triple]) -> About:
    found: dict[Node, dict[str, list[Node]]] = defaultdict(lambda: defaultdict(list))
    for one in triples:
        if isinstance(one.subject, BlankNode):
            found[one.subject][one.predicate.value].append(one.object)
    return found


def _negative(said: Mapping[str, list[Node]], ontology: Any) -> Any:
    """The axiom of an owl:NegativePropertyAssertion."""
    model = _library().model
    [source], [prop] = said[OWL + "sourceIndividual"], said[OWL + "assertionProperty"]
    subject = ontology.named_individual(iri(source))
    if said[OWL + "targetValue"]:
        [value] = said[OWL + "targetValue"]
        return model.NegativeDataPropertyAssertion(
            ontology.data_property(iri(prop)), subject, _value(value, ontology))
    [target] = said[OWL + "targetIndividual"]
    return model.NegativeObjectPropertyAssertion(
        ontology.object_property(iri(prop)), subject, ontology.named_individual(iri(target)))


def _disjoint(said: Mapping[str, list[Node]], about: About, ontology: Any) -> Any:
    """The axiom of an owl:AllDisjointClasses of named classes."""
    model = _library().model
    [members] = said[OWL + "members"]
    return model.DisjointClasses([ontology.class_(iri(one)) for one in _items(members, about)])


def _items(node: Node, about: About) -> Iterator[Node]:
    while iri(node) != RDF + "nil":
        [first], [node] = about[node][RDF + "first"], about[node][RDF + "rest"]
        yield first


def _annotations(said: Mapping[str, list[Node]], ontology: Any) -> list[Any]:
    model = _library().model
    return [model.Annotation(ontology.annotation_property(name), _value(value, ontology))
            for name, values in said.items() if not name.startswith((OWL, RDF))
            for value in values]


def _value(node: Node, ontology: Any) -> Any:
    """A literal, or an IRI that an annotation points to."""
    model = _library().model
    if isinstance(node, NamedNode):
        return ontology.named_individual(node.value).first
    assert isinstance(node, Literal)
    if node.language:
        return model.LanguageLiteral(node.value, node.language)
    if node.datatype.value == XSD + "string":
        return model.SimpleLiteral(node.value)
    return model.DatatypeLiteral(node.value, ontology.class_(node.datatype.value).first)
