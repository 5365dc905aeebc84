"""OWL as RDF in a canonical form, so that two writings of the same can be compared.

Order, prefixes and the labels of blank nodes do not count: a nameless class expression or list is
written out where it stands, and so is a nameless axiom. Where OWL 2 knows no order (the two sides
of a symmetric axiom, the members of a set) there is none here either.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from aikg.errors import GraphError
from aikg.fact import Fact
from aikg.names import OWL, RDF
from aikg.turtle import Node

SYMMETRIC = frozenset(f"<{OWL}{name}>" for name in (
    "sameAs", "differentFrom", "disjointWith", "propertyDisjointWith", "equivalentClass",
    "equivalentProperty", "inverseOf"))
ORDERED = frozenset({OWL + "propertyChainAxiom"})
"""Properties whose list has an order (OWL 2 Mapping to RDF Graphs, section 2.1)."""
DEEPEST = 50
"""Blank nodes within blank nodes: no ontology has more."""
LONGEST = 10_000
"""Characters of a blank node written out; a longer one is known by its digest."""

Axiom = frozenset[tuple[str, str]]
"""What is said of a nameless axiom: predicates and objects."""


class Canonical(NamedTuple):
    """What a document says. Terms are N-Triples; `[ … ]` and `( … )` are nameless."""

    facts: frozenset[Fact]
    """Triples with a named subject."""
    axioms: frozenset[Axiom]
    """Blank nodes that nothing points to, such as an owl:Axiom or a negative assertion."""


def canonical(triples: Iterable[Triple]) -> Canonical:
    """The canonical form of the triples of an OWL document.

    Raises GraphError for blank nodes that no OWL document has: in a cycle, or nested too deeply.
    """
    return _Reader(triples).document()


class _Reader:
    def __init__(self, triples: Iterable[Triple]) -> None:
        self.about: dict[BlankNode, list[tuple[str, Node]]] = defaultdict(list)
        self.named: list[Triple] = []
        self.texts: dict[tuple[BlankNode, bool], str] = {}
        self.used: set[BlankNode] = set()
        self.seen: set[BlankNode] = set()
        for one in dict.fromkeys(triples):
            if isinstance(one.subject, BlankNode):
                self.about[one.subject].append((one.predicate.value, one.object))
            else:
                self.named.append(one)
            if isinstance(one.object, BlankNode):
                self.used.add(one.object)

    def document(self) -> Canonical:
        facts = set()
        for one in self.named:
            predicate = str(one.predicate)
            ends = str(one.subject), self.text(one.object, one.predicate.value, 0)
            if predicate in SYMMETRIC and ends[1] < ends[0] and ends[1][0] == "<":
                ends = ends[1], ends[0]
            facts.add((ends[0], predicate, ends[1]))
        axioms = {frozenset(self.pairs(node, 0)) for node in [*self.about] if node not in self.used}
        if len(self.seen) < len(self.about):
            raise GraphError("blank nodes in a cycle: that is no OWL")
        return Canonical(frozenset(facts), frozenset(axioms))

    def pairs(self, node: BlankNode, depth: int) -> set[tuple[str, str]]:
        self.seen.add(node)
        return {(f"<{name}>", self.text(value, name, depth)) for name, value in self.about[node]}

    def text(self, node: Node, predicate: str, depth: int) -> str:
        """A term, or what a blank node stands for, as the object of a predicate."""
        if not isinstance(node, BlankNode):
            return _term(node)
        ordered = predicate in ORDERED
        if (node, ordered) not in self.texts:
            if depth == DEEPEST:
                raise GraphError("blank nodes in a cycle, or nested too deeply: that is no OWL")
            text = self.collection(node, ordered, depth) or "[ {} ]".format(" ; ".join(
                sorted(" ".join(pair) for pair in self.pairs(node, depth + 1))))
            if len(text) > LONGEST:
                text = f"{text[0]} {hashlib.sha256(text.encode()).hexdigest()} {text[-1]}"
            self.texts[node, ordered] = text
        return self.texts[node, ordered]

    def collection(self, node: Node, ordered: bool, depth: int) -> str | None:
        """The members of a list; None for another blank node."""
        members: dict[BlankNode, Node] = {}
        while isinstance(node, BlankNode):
            cell = dict(self.about[node]) if node in self.about else {}
            if cell.keys() - {RDF + "type"} != {RDF + "first", RDF + "rest"} or node in members:
                return None
            members[node] = cell[RDF + "first"]
            node = cell[RDF + "rest"]
        self.seen.update(members)
        texts = [self.text(one, "", depth + 1) for one in members.values()]
        return f"( {' '.join(texts if ordered else sorted(texts))} )"


def described(axiom: Axiom) -> Mapping[str, list[str]]:
    """What is said of a nameless axiom: objects by predicate, as N-Triples."""
    found: dict[str, list[str]] = defaultdict(list)
    for predicate, target in sorted(axiom):
        found[predicate].append(target)
    return found


def _term(node: Node) -> str:
    """A name or a literal; language tags are the same in either case (RDF 1.1 Concepts, 3.3)."""
    if isinstance(node, Literal) and node.language:
        return str(Literal(node.value, language=node.language.lower()))
    if not isinstance(node, NamedNode | Literal):
        raise GraphError("a triple as an object (RDF 1.2): that is no OWL")
    return str(node)
