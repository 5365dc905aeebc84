"""Axioms: what the ontology says to a reasoner, read from its triples.

Read is the closed list of DESIGN section 6, by the mapping of OWL 2 from RDF (section 3.2); what is
not on it is an error, never skipped. Terms are N-Triples text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, TypeVar

from aikg.errors import OntologyError
from aikg.names import OWL, RDF, RDFS, XSD, compact

if TYPE_CHECKING:
    from pyoxigraph import Triple

Term = TypeVar("Term")
Part = tuple[str, str, str]
"""A conjunct of a definition: (class, "", ""), (property, "some", class) or (…, "value", term)."""

CLASS, DATATYPE = "class", "datatype"
OBJECT, DATA, ANNOTATION = "object property", "data property", "annotation property"

TYPE = f"<{RDF}type>"
OWL_THING = f"<{OWL}Thing>"
ON, SOME, HAS = f"<{OWL}onProperty>", f"<{OWL}someValuesFrom>", f"<{OWL}hasValue>"
COMPLEMENT, INTERSECTION = f"<{OWL}complementOf>", f"<{OWL}intersectionOf>"
CHAIN, EQUIVALENT = f"<{OWL}propertyChainAxiom>", f"<{OWL}equivalentClass>"
FIRST, REST, NIL = (f"<{RDF}{name}>" for name in ("first", "rest", "nil"))

_KINDS = {
    f"<{OWL}Class>": CLASS,
    f"<{OWL}ObjectProperty>": OBJECT,
    f"<{OWL}DatatypeProperty>": DATA,
    f"<{OWL}AnnotationProperty>": ANNOTATION,
}
_BUILT_IN = {
    OWL_THING: CLASS,
    **{f"<{XSD}{name}>": DATATYPE for name in (
        "anyURI", "boolean", "dateTime", "decimal", "integer", "string")},
    **{f"<{RDFS}{name}>": ANNOTATION for name in ("comment", "isDefinedBy", "label", "seeAlso")},
    **{f"<{OWL}{name}>": ANNOTATION for name in (
        "backwardCompatibleWith", "deprecated", "imports", "incompatibleWith", "priorVersion",
        "versionIRI", "versionInfo")},
}
_SILENT_TYPES = {*_KINDS, f"<{OWL}NamedIndividual>", f"<{OWL}Ontology>"}
"""Types that tell a reasoner nothing."""
_SILENT_NODES = {f"<{OWL}AllDifferent>", f"<{OWL}NegativePropertyAssertion>"}
"""Blank nodes that hold facts: facts come to the closure by another way."""

# (predicate, kind of the subject): the axiom's name in OWL 2, and the kind of its object
_PAIRS = {
    (f"<{RDFS}subClassOf>", CLASS): ("SubClassOf", CLASS),
    (f"<{OWL}disjointWith>", CLASS): ("DisjointClasses", CLASS),
    (COMPLEMENT, CLASS): ("ObjectComplementOf", CLASS),
    (f"<{RDFS}domain>", OBJECT): ("ObjectPropertyDomain", CLASS),
    (f"<{RDFS}domain>", DATA): ("DataPropertyDomain", CLASS),
    (f"<{RDFS}range>", OBJECT): ("ObjectPropertyRange", CLASS),
    (f"<{RDFS}range>", DATA): ("DataPropertyRange", DATATYPE),
    (f"<{RDFS}subPropertyOf>", OBJECT): ("SubObjectPropertyOf", OBJECT),
    (f"<{RDFS}subPropertyOf>", DATA): ("SubDataPropertyOf", DATA),
    (f"<{OWL}inverseOf>", OBJECT): ("InverseObjectProperties", OBJECT),
    (f"<{OWL}propertyDisjointWith>", OBJECT): ("DisjointObjectProperties", OBJECT),
    (f"<{OWL}propertyDisjointWith>", DATA): ("DisjointDataProperties", DATA),
}
_CHARACTERISTICS = {
    (f"<{OWL}{name}Property>", kind): f"{name}{suffix}"
    for kind, suffix, names in (
        (OBJECT, "ObjectProperty",
         ("Asymmetric", "Functional", "Irreflexive", "Symmetric", "Transitive")),
        (DATA, "DataProperty", ("Functional",)))
    for name in names
}
_ONLY_SIMPLE = {"AsymmetricObjectProperty", "DisjointObjectProperties", "FunctionalObjectProperty",
                "IrreflexiveObjectProperty"}


@dataclass(frozen=True)
class Axiom:
    """One axiom: its name in the OWL 2 Structural Specification, its terms, and how it reads."""

    name: str
    terms: tuple[str, ...]
    """N-Triples text; of a chain the property above first, then the steps."""
    text: str
    """One line in Manchester words, with CURIEs."""
    parts: tuple[Part, ...] = ()
    """Of EquivalentClasses: what the class, its one term, is the intersection of."""


def read_axioms(triples: Iterable[Triple]) -> tuple[Axiom, ...]:
    """The logical axioms among the triples of an ontology, its imports merged, sorted by text.

    Annotations, declarations, headers and facts about individuals are passed over.
    Raises OntologyError, which names the subject and what was met, for an axiom outside the closed
    list, a term without the declaration that its place needs, and a property that has to be simple
    but is transitive or made by a chain (OWL 2 Structural Specification, section 11).
    """
    axioms = set(_Reader(triples).axioms())
    _check_simple(axioms)
    return tuple(sorted(axioms, key=lambda axiom: (axiom.text, axiom.name)))


def name(term: str) -> str:
    """How a term reads: a CURIE where its IRI has one, else its N-Triples text."""
    curie = compact(term[1:-1]) if term[0] == "<" else term
    return term if curie == term[1:-1] else curie


class _Reader:
    """One ontology being read: its triples by subject, and what each term is declared as."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.nodes: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for s, p, o in sorted({(str(t.subject), str(t.predicate), str(t.object)) for t in triples}):
            self.nodes[s][p].append(o)
        self.kinds = dict(_BUILT_IN)
        for subject, node in self.nodes.items():
            for kind in node.get(TYPE, ()) if subject[0] == "<" else ():
                if kind in _KINDS and self.kinds.setdefault(subject, _KINDS[kind]) != _KINDS[kind]:
                    raise self._refusal(subject, f"a second declaration, {name(kind)},")
        self.unread = {subject for subject in self.nodes if subject[0] == "_"}

    def axioms(self) -> Iterator[Axiom]:
        for subject, node in list(self.nodes.items()):
            if subject[0] == "_":
                yield from self._nameless(subject)
                continue
            for predicate, terms in node.items():
                for term in terms:
                    yield from self._statement(subject, predicate, term)
        if self.unread:
            raise self._refusal("a blank node", min(map(self._met, self.unread)))

    def _statement(self, subject: str, predicate: str, term: str) -> Iterator[Axiom]:
        kind = self.kinds.get(subject, "")
        if self.kinds.get(predicate) in (ANNOTATION, OBJECT, DATA):
            return  # a note, or a fact about an individual
        if kind == ANNOTATION and predicate != TYPE:
            return  # places an annotation property, which tells a reasoner nothing
        if predicate == TYPE:
            yield from self._type(subject, kind, term)
        elif (predicate, kind) in _PAIRS:
            axiom, wanted = _PAIRS[predicate, kind]
            self._check(subject, term, wanted, name(predicate))
            if subject == term and axiom.startswith("Disjoint"):
                raise self._refusal(subject, f"{name(predicate)} itself")
            word = name(predicate).partition(":")[2]
            yield Axiom(axiom, (subject, term), _line(subject, word[0].upper() + word[1:], term))
        elif (predicate, kind) == (EQUIVALENT, CLASS):
            yield self._definition(subject, term)
        elif (predicate, kind) == (CHAIN, OBJECT):
            yield self._chain(subject, term)
        else:
            undeclared = "" if kind else ", said of what is not declared,"
            raise self._refusal(subject, f"{name(predicate)} {self._met(term)}{undeclared}")

    def _type(self, subject: str, kind: str, term: str) -> Iterator[Axiom]:
        if (term, kind) in _CHARACTERISTICS:
            word = name(term).removeprefix("owl:").removesuffix("Property")
            yield Axiom(_CHARACTERISTICS[term, kind], (subject,),
                        _line(subject, "Characteristics", word))
        elif term[0] == "_":
            self._membership(subject, term)
        elif term not in _SILENT_TYPES and self.kinds.get(term) != CLASS:
            raise self._refusal(subject, f"rdf:type {name(term)}")

    def _nameless(self, node: str) -> Iterator[Axiom]:
        kinds = set(self.nodes[node].get(TYPE, ()))
        if kinds == {f"<{OWL}AllDisjointClasses>"}:
            members = self._values(node).get(f"<{OWL}members>", NIL)
            listed = sorted(self._list("owl:AllDisjointClasses", members))
            self.unread.discard(node)
            for one, other in combinations(listed, 2):
                for term in (one, other):
                    self._check("owl:AllDisjointClasses", term, CLASS, "owl:members")
                yield Axiom("DisjointClasses", (one, other), _line(one, "DisjointWith", other))
        elif kinds and kinds <= _SILENT_NODES:
            self.unread.discard(node)
            for predicate in (f"<{OWL}distinctMembers>", f"<{OWL}members>"):
                self._list("owl:AllDifferent", self._values(node).get(predicate, NIL))

    def _definition(self, subject: str, node: str) -> Axiom:
        values = self._values(node) if node[0] == "_" else {}
        members = [node]
        if set(values) == {INTERSECTION}:
            self.unread.discard(node)
            members = self._list(subject, values[INTERSECTION])
        elif node[0] == "<":
            raise self._refusal(subject, f"owl:equivalentClass {name(node)}")
        parts = tuple(self._part(subject, member) for member in members)
        text = " and ".join(
            f"({name(term)} {word} {name(value)})" if word else name(term)
            for term, word, value in parts)
        return Axiom("EquivalentClasses", (subject,), f"{name(subject)} EquivalentTo {text}", parts)

    def _part(self, subject: str, node: str) -> Part:
        if node[0] == "<":
            self._check(subject, node, CLASS, "owl:intersectionOf")
            return node, "", ""
        values = self._values(node)
        if set(values) == {ON, SOME}:
            self._check(subject, values[ON], OBJECT, "owl:onProperty")
            self._check(subject, values[SOME], CLASS, "owl:someValuesFrom")
            part = (values[ON], "some", values[SOME])
        elif set(values) == {ON, HAS}:
            kind = DATA if values[HAS][0] == '"' else OBJECT
            self._check(subject, values[ON], kind, "owl:onProperty")
            part = (values[ON], "value", values[HAS])
        else:
            raise self._refusal(subject, self._met(node))
        self.unread.discard(node)
        return part

    def _membership(self, subject: str, node: str) -> None:
        """A fact of the kinds that a class as object makes: p some C, not C, not (p some C)."""
        values = self._values(node)
        if set(values) == {COMPLEMENT}:
            self.unread.discard(node)
            node = values[COMPLEMENT]
        if self._part(subject, node)[1] == "value":
            raise self._refusal(subject, "rdf:type owl:hasValue")

    def _chain(self, subject: str, head: str) -> Axiom:
        steps = self._list(subject, head)
        if len(steps) < 2:
            raise self._refusal(subject, "owl:propertyChainAxiom of fewer than two properties")
        for step in steps:
            self._check(subject, step, OBJECT, "owl:propertyChainAxiom")
        text = f"{' o '.join(map(name, steps))} SubPropertyOf {name(subject)}"
        return Axiom("ObjectPropertyChain", (subject, *steps), text)

    def _values(self, node: str) -> dict[str, str]:
        """What a blank node says beside its type; a predicate said twice counts as none known."""
        return {predicate: terms[0] if len(terms) == 1 else "_:several"
                for predicate, terms in self.nodes[node].items() if predicate != TYPE}

    def _list(self, subject: str, head: str) -> list[str]:
        items = []
        while head != NIL:
            values = self._values(head) if head in self.unread else {}
            if set(values) != {FIRST, REST}:
                raise self._refusal(subject, "a broken or shared rdf:List")
            self.unread.discard(head)
            items.append(values[FIRST])
            head = values[REST]
        return items

    def _check(self, subject: str, term: str, kind: str, place: str) -> None:
        if self.kinds.get(term) != kind:
            raise self._refusal(
                subject, f"{place} {self._met(term)}, which is not declared as {kind},")

    def _met(self, term: str) -> str:
        """What to call a term in an error: its name, or what makes a blank node what it is."""
        if term[0] != "_":
            return name(term)
        words = [name(p) for p in self.nodes.get(term, {}) if p not in (TYPE, ON)]
        return " ".join(sorted(words)) or "an empty blank node"

    @staticmethod
    def _refusal(subject: str, met: str) -> OntologyError:
        return OntologyError(f"{name(subject)}: {met} is none of the axioms that the rules know; "
                             "say it with those, or not at all")


def _line(subject: str, word: str, term: str) -> str:
    return f"{name(subject)} {word} {name(term)}"


def _check_simple(axioms: Iterable[Axiom]) -> None:
    """What must be simple is not transitive, made by a chain, or above such a property."""
    above: dict[str, set[str]] = defaultdict(set)
    composite: set[str] = set()
    for axiom in axioms:
        if axiom.name in ("TransitiveObjectProperty", "ObjectPropertyChain"):
            composite.add(axiom.terms[0])
        elif axiom.name in ("SubObjectPropertyOf", "InverseObjectProperties"):
            above[axiom.terms[0]].add(axiom.terms[1])
            if axiom.name == "InverseObjectProperties":
                above[axiom.terms[1]].add(axiom.terms[0])
    composite = reach(composite, above)
    for axiom in sorted(axioms, key=lambda axiom: axiom.text):
        if axiom.name in _ONLY_SIMPLE and composite & set(axiom.terms):
            raise OntologyError(
                f"{name(axiom.terms[0])}: “{axiom.text}” on a property that is transitive or made "
                "by a chain, or is above one; put it on a simple property below")


def reach(start: Iterable[Term], steps: Mapping[Term, Iterable[Term]]) -> set[Term]:
    """All that can be reached from the start by the steps, the start included."""
    found, todo = set(start), list(start)
    while todo:
        for term in steps.get(todo.pop(), ()):
            if term not in found:
                found.add(term)
                todo.append(term)
    return found
