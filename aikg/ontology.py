"""The ontology: its terms, what the views must know of them, and the rules of its axioms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from pyoxigraph import BlankNode, NamedNode, Triple

from aikg.names import AIKG, OWL, RDF, RDFS
from aikg.rules import Rule, compile_rules
from aikg.view import Vocabulary


@dataclass(frozen=True)
class Ontology:
    """The merged modules of the ontology."""

    triples: tuple[Triple, ...]
    rules: tuple[Rule, ...]
    vocabulary: Vocabulary
    properties: frozenset[str]
    """IRIs of the object and datatype properties."""
    individuals: tuple[Triple, ...]
    """Types of the individuals that the ontology itself names, such as the modalities."""


def read_ontology(triples: Iterable[Triple]) -> Ontology:
    """The ontology of the triples of its modules.

    Raises OntologyError for an axiom outside the closed list of DESIGN, section 6.
    """
    merged = tuple(triples)
    properties = _of_type(merged, "ObjectProperty") | _of_type(merged, "DatatypeProperty")
    classes = _of_type(merged, "Class")
    individuals = tuple(
        triple for triple in merged
        if triple.predicate.value == RDF + "type" and isinstance(triple.object, NamedNode)
        and triple.object.value in classes)
    vocabulary = Vocabulary(
        classes, _of_type(merged, "FunctionalProperty"),
        _ancestors(merged), _disjoint(merged))
    return Ontology(merged, compile_rules(merged), vocabulary, properties, individuals)


def _of_type(triples: Iterable[Triple], name: str) -> frozenset[str]:
    return frozenset(
        triple.subject.value for triple in triples
        if triple.predicate.value == RDF + "type" and triple.object == NamedNode(OWL + name)
        and isinstance(triple.subject, NamedNode) and triple.subject.value.startswith(AIKG))


def _ancestors(triples: Iterable[Triple]) -> Mapping[str, frozenset[str]]:
    """Each class and property with itself and all above it; a definition lies below its parts."""
    above: dict[str, set[str]] = defaultdict(set)
    content = list(triples)
    for triple in content:
        if triple.predicate.value in (RDFS + "subClassOf", RDFS + "subPropertyOf") and isinstance(
                triple.subject, NamedNode) and isinstance(triple.object, NamedNode):
            above[triple.subject.value].add(triple.object.value)
    for name, parts in _definitions(content).items():
        above[name] |= parts
    return {iri: frozenset(_reach(iri, above)) for iri in list(above)}


def _definitions(triples: list[Triple]) -> Mapping[str, set[str]]:
    """For each class defined by an intersection, the named classes among its parts."""
    by_subject: dict[str, dict[str, list[NamedNode | BlankNode]]] = defaultdict(
        lambda: defaultdict(list))
    for triple in triples:
        by_subject[str(triple.subject)][triple.predicate.value].append(triple.object)
    found: dict[str, set[str]] = {}
    for triple in triples:
        if triple.predicate.value == OWL + "equivalentClass":
            found[triple.subject.value] = {
                part.value for node in by_subject[str(triple.object)][OWL + "intersectionOf"]
                for part in _members(node, by_subject) if isinstance(part, NamedNode)}
    return found


def _members(
    node: NamedNode | BlankNode,
    by_subject: Mapping[str, Mapping[str, list[NamedNode | BlankNode]]],
) -> list[NamedNode | BlankNode]:
    """The members of an RDF list."""
    members = []
    while str(node) in by_subject and by_subject[str(node)][RDF + "first"]:
        members.append(by_subject[str(node)][RDF + "first"][0])
        node = by_subject[str(node)][RDF + "rest"][0]
    return members


def _disjoint(triples: Iterable[Triple]) -> frozenset[frozenset[str]]:
    content = list(triples)
    pairs = {frozenset({triple.subject.value, triple.object.value}) for triple in content
             if triple.predicate.value == OWL + "disjointWith"}
    by_subject: dict[str, dict[str, list[NamedNode | BlankNode]]] = defaultdict(
        lambda: defaultdict(list))
    for triple in content:
        by_subject[str(triple.subject)][triple.predicate.value].append(triple.object)
    for triple in content:
        if triple.predicate.value == OWL + "members":
            names = [part.value for part in _members(triple.object, by_subject)]
            pairs |= {frozenset(pair) for pair in combinations(names, 2)}
    return frozenset(pairs)


def _reach(start: str, above: Mapping[str, set[str]]) -> set[str]:
    found, frontier = {start}, [start]
    while frontier:
        new = above.get(frontier.pop(), set()) - found
        found |= new
        frontier += new
    return found
