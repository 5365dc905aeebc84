"""A card: all that is known of one thing, term, claim, passage or source, with its evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from aikg.answer import GRADES, Evidence, Term
from aikg.evidence import evidence_of, grade_of
from aikg.fact import Fact
from aikg.graph import Graph
from aikg.names import AIKG, GRAPH, RDF, RDFS, SKOLEM, SKOS, compact, expand
from aikg.reference import is_property
from aikg.why import row_of

GRAPHS = ("links", "ontology")
TYPE = RDF + "type"
NAMING = (RDFS + "label", SKOS + "altLabel", SKOS + "definition")
FACTS = """
SELECT DISTINCT ?s ?p ?o WHERE {{
  {{ VALUES ?s {{ {one} }} ?s ?p ?o }}
  UNION {{ VALUES ?o {{ {one} }} ?s ?p ?o }}
  UNION {{ VALUES ?p {{ {one} }} ?s ?p ?o }}
  FILTER(STRSTARTS(STR(?p), "{aikg}"))
  FILTER NOT EXISTS {{ ?s a ?kind . FILTER(?kind IN (<{aikg}Claim>, <{aikg}Passage>)) }}
}} ORDER BY ?p ?s ?o"""
STATEMENTS = """
SELECT DISTINCT ?p ?o WHERE {{
  {{ {one} ?p ?o }} UNION {{ GRAPH <{graph}ontology> {{ {one} ?p ?o }} }}
  FILTER(!ISBLANK(?o) && !STRSTARTS(STR(?o), "{skolem}"))
}} ORDER BY ?p ?o"""
CLAIMS = """
SELECT DISTINCT ?claim WHERE {{
  ?claim a <{aikg}Claim> .
  {{ ?claim ?role {one} }} UNION {{ ?claim <{aikg}statedIn>/<{aikg}inSource> {one} }}
  UNION {{ ?group <{aikg}hasMember> {one} . ?claim <{aikg}subject>|<{aikg}object> ?group }}
}} ORDER BY ?claim"""
LINKS = """
SELECT DISTINCT ?s ?p ?o WHERE {{
  GRAPH <{graph}links> {{
    {{ VALUES ?s {{ {one} }} ?s ?p ?o }} UNION {{ VALUES ?o {{ {one} }} ?s ?p ?o }}
    FILTER(?p != <{rdfs}label>)
  }}
}} ORDER BY ?p ?s ?o"""
LABELS = """
SELECT ?one ?label WHERE {{
  VALUES ?one {{ {all} }}
  {{ ?one <{rdfs}label>|<{aikg}passageId> ?label }}
  UNION {{ GRAPH ?graph {{ ?one <{rdfs}label> ?label }} }}
}} ORDER BY DESC(?label)"""


@dataclass(frozen=True)
class Line:
    """One line of a card: something said, with its grade and evidence where it rests on claims."""

    section: str
    """`types`, `axioms`, `members`, `facts`, `statements`, `claims` or `links`."""
    subject: Term
    property: Term
    value: Term
    grade: str | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Card:
    """All that is known of one IRI."""

    iri: str
    label: str
    aliases: tuple[str, ...]
    definition: str | None
    lines: tuple[Line, ...]
    labels: Mapping[str, str]
    """Label of each IRI in the lines that has one."""


def card_of(iri: str, graph: Graph) -> Card:
    """The card of an IRI that the graph, the ontology or the links hold."""
    lines = tuple(_Maker(iri, graph).lines())
    named = _statements(iri, graph)
    texts = {name: [o.value for p, o in named if p.value == name and isinstance(o, Literal)]
             for name in NAMING}
    labels = _labels({iri, *_iris(lines)}, graph)
    labels |= {item.claim: item.comment for line in lines for item in line.evidence
               if line.section == "claims"}
    label, aliases, definition = texts.values()
    return Card(iri, labels.get(iri) or next(iter(label), compact(iri)), tuple(aliases),
                next(iter(definition), None), lines, {**labels, TYPE: "type"})


class _Maker:
    """Collects the lines of one card."""

    def __init__(self, iri: str, graph: Graph) -> None:
        self.one = NamedNode(iri)
        self.curie = compact(iri)
        self.graph = graph
        self.lexicon = graph.lexicon

    def lines(self) -> Iterator[Line]:
        if self.curie in self.lexicon.types:
            yield from self._types()
            yield from self._facts()
        else:
            yield from self._axioms()
            yield from self._members()
            yield from self._facts() if is_property(self.curie) else ()
            yield from self._statements()
        yield from self._claims()
        solutions = self.graph.engine.select(
            LINKS.format(one=self.one, graph=GRAPH, rdfs=RDFS), GRAPHS)
        yield from (Line("links", s, p, o) for s, p, o in solutions.rows if s and p and o)

    def _types(self) -> Iterator[Line]:
        authored = self.lexicon.kinds.get(self.curie, ())
        kinds = [*authored, *(kind for kind in self.lexicon.types[self.curie]
                              if kind not in authored)]
        yield from self._graded("types", [
            (str(self.one), f"<{TYPE}>", f"<{expand(kind)}>") for kind in kinds])

    def _axioms(self) -> Iterator[Line]:
        found = dict.fromkeys(rule.axiom for rule in self.graph.catalog.rules
                              if rule.axiom.startswith(self.curie + " "))
        yield from (Line("axioms", self.one, NamedNode(RDFS + "comment"), Literal(axiom))
                    for axiom in found)

    def _members(self) -> Iterator[Line]:
        members = [curie for curie, kinds in self.lexicon.types.items() if self.curie in kinds]
        yield from self._graded("members", [
            (f"<{expand(curie)}>", f"<{TYPE}>", str(self.one)) for curie in members])

    def _statements(self) -> Iterator[Line]:
        yield from (Line("statements", self.one, p, o)
                    for p, o in _statements(self.one.value, self.graph) if p.value not in NAMING)

    def _claims(self) -> Iterator[Line]:
        found = self.graph.engine.select(CLAIMS.format(aikg=AIKG, one=self.one))
        names = [row[0].value for row in found.rows if isinstance(row[0], NamedNode)]
        items = evidence_of(names, self.graph.engine).values()
        for item in sorted(items, key=lambda item: (_rank(item.modality), item.claim)):
            modality = NamedNode(AIKG + item.modality.capitalize())
            yield Line("claims", self.one, modality, NamedNode(item.claim), grade_of(item), (item,))

    def _facts(self) -> Iterator[Line]:
        found = self.graph.engine.select(FACTS.format(one=self.one, aikg=AIKG))
        facts = [(str(s), str(p), str(o)) for s, p, o in found.rows]
        yield from self._graded("facts", self._plainest(facts))

    def _plainest(self, facts: Sequence[Fact]) -> list[Fact]:
        """The facts without those that say less, and one of each two that say the same."""
        turned = {fact: self._turned(fact) for fact in facts}
        less = {fact for fact in facts if self._says_less(fact, facts)}
        claimed = self.graph.prover.claimed(facts)
        kept: list[Fact] = []
        for fact in facts:
            twin = turned[fact]
            better = twin in turned and (
                twin in kept or bool(claimed[twin]) > bool(claimed[fact]))
            if fact not in less and twin not in less and not better:
                kept.append(fact)
        return kept

    def _says_less(self, fact: Fact, facts: Iterable[Fact]) -> bool:
        above = compact(fact[1][1:-1])
        return any((s, o) == (fact[0], fact[2]) and
                   above in self.lexicon.above.get(compact(p[1:-1]), ()) for s, p, o in facts)

    def _turned(self, fact: Fact) -> Fact | None:
        """The same fact told from its object, where there is a word for it."""
        subject, predicate, target = fact
        word = self.lexicon.inverse.get(compact(predicate[1:-1]))
        return (target, f"<{expand(word)}>", subject) if word else None

    def _graded(self, section: str, facts: Sequence[Fact]) -> Iterator[Line]:
        """Lines of facts, with the evidence of each that rests on claims."""
        proofs = self.graph.prover.prove(facts)
        items = evidence_of((leaf for proof in proofs.values() for leaf in proof.leaves()),
                            self.graph.engine)
        for fact in facts:
            row = row_of(proofs.get(fact), items)
            subject, predicate, target = map(_term, fact)
            yield Line(section, subject, predicate, target, row.grade, row.evidence)


def _statements(iri: str, graph: Graph) -> list[tuple[NamedNode, Term]]:
    solutions = graph.engine.select(
        STATEMENTS.format(one=NamedNode(iri), graph=GRAPH, skolem=SKOLEM), GRAPHS)
    return [(p, o) for p, o in solutions.rows if isinstance(p, NamedNode) and o is not None]


def _labels(iris: Iterable[str], graph: Graph) -> dict[str, str]:
    every = " ".join(str(NamedNode(iri)) for iri in sorted(iris))
    solutions = graph.engine.select(LABELS.format(all=every, rdfs=RDFS, aikg=AIKG), GRAPHS)
    return {one.value: label.value for one, label in solutions.rows
            if isinstance(one, NamedNode) and isinstance(label, Literal)}


def _iris(lines: Iterable[Line]) -> Iterator[str]:
    for line in lines:
        for term in (line.subject, line.property, line.value):
            if isinstance(term, NamedNode):
                yield term.value


def _rank(modality: str) -> int:
    return GRADES.index(modality) if modality in GRADES else len(GRADES)


def _term(text: str) -> Term:
    """The term of an N-Triples text."""
    from pyoxigraph import RdfFormat, parse

    if text.startswith("<"):
        return NamedNode(text[1:-1])
    [quad] = parse(f"<x:s> <x:p> {text} .", RdfFormat.N_TRIPLES)
    term: Term = quad.object
    return term
