"""OWL functional syntax, written by py-horned-owl, the only module that imports it.

Its reader of RDF drops negative assertions and n-ary disjointness without a word (seen in 2.0.0,
against the OWL API), so those are added here as axioms. Its writers of RDF and of Manchester syntax
lose more, and are not used.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from aikg.document import Document
from aikg.errors import AikgError
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
    try:
        from pyhornedowl import open_ontology_from_string
    except ImportError:
        raise AikgError(
            "functional syntax needs py-horned-owl: pip install 'aikg[export]'") from None
    ontology = open_ontology_from_string(whole.rdfxml().decode(), "rdf")
    about = _about(whole.triples)
    for node, said in about.items():
        kind = next(map(iri, said[RDF + "type"]), "")
        if kind == NEGATIVE:
            ontology.add_axiom(_negative(said, ontology), _annotations(said, ontology))
        elif kind == DISJOINT:
            ontology.add_axiom(_disjoint(said, about, ontology))
        elif kind and kind not in KEPT:
            raise AikgError(f"py-horned-owl would lose an axiom ({kind}, {node}): convert the ttl "
                            "with the OWL API or ROBOT")
    return ontology.save_to_string("ofn").encode()


def _about(triples: Iterable[Triple]) -> About:
    found: dict[Node, dict[str, list[Node]]] = defaultdict(lambda: defaultdict(list))
    for one in triples:
        if isinstance(one.subject, BlankNode):
            found[one.subject][one.predicate.value].append(one.object)
    return found


def _negative(said: Mapping[str, list[Node]], ontology: Any) -> Any:
    """The axiom of an owl:NegativePropertyAssertion."""
    from pyhornedowl import model

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
    from pyhornedowl import model

    [members] = said[OWL + "members"]
    return model.DisjointClasses([ontology.class_(iri(one)) for one in _items(members, about)])


def _items(node: Node, about: About) -> Iterator[Node]:
    while iri(node) != RDF + "nil":
        [first], [node] = about[node][RDF + "first"], about[node][RDF + "rest"]
        yield first


def _annotations(said: Mapping[str, list[Node]], ontology: Any) -> list[Any]:
    from pyhornedowl import model

    return [model.Annotation(ontology.annotation_property(name), _value(value, ontology))
            for name, values in said.items() if not name.startswith((OWL, RDF))
            for value in values]


def _value(node: Node, ontology: Any) -> Any:
    """A literal, or an IRI that an annotation points to."""
    from pyhornedowl import model

    if isinstance(node, NamedNode):
        return ontology.named_individual(node.value).first
    assert isinstance(node, Literal)
    if node.language:
        return model.LanguageLiteral(node.value, node.language)
    if node.datatype.value == XSD + "string":
        return model.SimpleLiteral(node.value)
    return model.DatatypeLiteral(node.value, ontology.class_(node.datatype.value).first)
