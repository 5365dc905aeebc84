"""The ontology: its terms, what the views must know of them, and the rules of its axioms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode, Triple

from aikg.axioms import Axiom, reach, read_axioms
from aikg.names import AIKG, OWL, RDF
from aikg.rules import Rule, compile_rules
from aikg.view import Vocabulary

UPWARDS = frozenset({"SubClassOf", "SubObjectPropertyOf", "SubDataPropertyOf"})
FUNCTIONAL = frozenset({"FunctionalObjectProperty", "FunctionalDataProperty"})


@dataclass(frozen=True)
class Ontology:
    """The merged modules of the ontology."""

    triples: tuple[Triple, ...]
    rules: tuple[Rule, ...]
    vocabulary: Vocabulary
    properties: frozenset[str]
    """IRIs of the object and datatype properties."""
    individuals: tuple[tuple[str, str], ...]
    """The individuals that the ontology itself names, such as the modalities: IRI and class."""


def read_ontology(triples: Iterable[Triple]) -> Ontology:
    """The ontology of the triples of its modules.

    Raises OntologyError for an axiom outside the closed list of DESIGN, section 6.
    """
    merged = tuple(triples)
    axioms = read_axioms(merged)
    classes = _of_type(merged, "Class")
    properties = _of_type(merged, "ObjectProperty") | _of_type(merged, "DatatypeProperty")
    individuals = tuple(
        (triple.subject.value, triple.object.value) for triple in merged
        if triple.predicate.value == RDF + "type" and isinstance(triple.subject, NamedNode)
        and isinstance(triple.object, NamedNode) and triple.object.value in classes)
    vocabulary = _vocabulary(axioms, classes)
    return Ontology(merged, compile_rules(merged), vocabulary, properties, individuals)


def _vocabulary(axioms: Iterable[Axiom], classes: frozenset[str]) -> Vocabulary:
    """What a view must know, from the axioms; a definition lies below its named parts."""
    above: dict[str, set[str]] = defaultdict(set)
    functional: set[str] = set()
    disjoint: set[frozenset[str]] = set()
    for axiom in axioms:
        terms = [_iri(term) for term in axiom.terms]
        if axiom.name in UPWARDS:
            above[terms[0]].add(terms[1])
        elif axiom.name == "EquivalentClasses":
            above[terms[0]] |= {_iri(part[0]) for part in axiom.parts if not part[1]}
        elif axiom.name in FUNCTIONAL:
            functional.add(terms[0])
        elif axiom.name == "DisjointClasses":
            disjoint.add(frozenset(terms))
    ancestors = {iri: frozenset({iri} | reach([iri], above)) for iri in sorted(above)}
    return Vocabulary(classes, frozenset(functional), ancestors, frozenset(disjoint),
                      _inverses(axioms))


def _inverses(axioms: Iterable[Axiom]) -> dict[str, str]:
    found: dict[str, str] = {}
    for axiom in axioms:
        terms = [_iri(term) for term in axiom.terms]
        if axiom.name == "InverseObjectProperties":
            found |= {terms[0]: terms[1], terms[1]: terms[0]}
        elif axiom.name == "SymmetricObjectProperty":
            found[terms[0]] = terms[0]
    return found


def _of_type(triples: Iterable[Triple], name: str) -> frozenset[str]:
    """IRIs of our terms of an OWL type."""
    return frozenset(
        triple.subject.value for triple in triples
        if triple.predicate.value == RDF + "type" and triple.object == NamedNode(OWL + name)
        and isinstance(triple.subject, NamedNode) and triple.subject.value.startswith(AIKG))


def _iri(term: str) -> str:
    """The IRI of a term in angle brackets."""
    return term[1:-1]
