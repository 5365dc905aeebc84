"""The release document: what the sources say as OWL 2 DL, with the evidence on each fact.

Each fact of the direct layer has one owl:Axiom that annotates it, and each denial of a fact is one
owl:NegativePropertyAssertion, annotated itself (OWL 2 Mapping to RDF Graphs, sections 2.2 and
2.3). The OWL API drops an object property there without a word, so evidence has annotation
properties of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from aikg import __version__, rdfxml, turtle
from aikg.build import Sources, layer_of
from aikg.claim import Claim
from aikg.evidence import firmest, weakest
from aikg.fact import TYPE, Fact
from aikg.names import AIKG, BASE, DCTERMS, ONTOLOGY, OWL, PREFIXES, RDF, RDFS, THING
from aikg.turtle import iri
from aikg.view import Layer

RELEASE = BASE + "graph"
"""IRI of the document."""
BUILT_IN = (RDF, RDFS, OWL)
PROPERTIES = {OWL + kind for kind in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")}
HEADER = f"""
<{RELEASE}> a <{OWL}Ontology> ; <{OWL}imports> <{ONTOLOGY}> ;
  <{OWL}versionIRI> <{RELEASE}/{__version__}> ; <{OWL}versionInfo> "{__version__}" ;
  <{DCTERMS}title> "aikg: the graph of the AI industry"@en ;
  <{DCTERMS}creator> "The aikg authors" ;
  <{DCTERMS}description>
    "What sources claim of the AI industry, each fact with its evidence."@en ;
  <{DCTERMS}license> <https://creativecommons.org/licenses/by/4.0/> ."""


@dataclass(frozen=True)
class Document:
    """A graph to be written: its triples, and how names and shared nodes are written."""

    triples: tuple[Triple, ...]
    prefixes: Mapping[str, str]
    shared: frozenset[BlankNode]
    """Class expressions, which a fact and its owl:Axiom both name; they keep their labels."""

    def turtle(self) -> bytes:
        """The document in the normal form of Turtle."""
        return turtle.write(self.triples, self.prefixes, self.shared).encode()

    def rdfxml(self) -> bytes:
        """The document in RDF/XML, triple for triple the same."""
        return rdfxml.write(self.triples, self.prefixes).encode()


def document(sources: Sources) -> Document:
    """The release document: all that the sources say, with the facts that follow from claims."""
    layer = layer_of(sources)
    facts = "".join(f"{' '.join(fact)} .\n" for fact in _annotated(layer, sources))
    links = (one for one in sources.links if not iri(one.subject).startswith(BUILT_IN))
    triples = [*_parsed(HEADER), *sources.graph, *links, *_labels(sources), *_parsed(facts)]
    whole = tuple(dict.fromkeys([*triples, *_declarations(triples, sources), *_different(triples)]))
    shared = frozenset(one.object for one in whole if isinstance(one.object, BlankNode)
                       and one.predicate.value == OWL + "annotatedTarget")
    return Document(whole, {**PREFIXES, **_source_prefixes(sources)}, shared)


def _annotated(layer: Layer, sources: Sources) -> Iterator[Fact]:
    """The facts and denials of a layer, each with its evidence."""
    claims = {claim.iri: claim for claim in sources.claims}
    groups = {iri(triple.subject) for triple in sources.graph if triple.object == _GROUP}
    classes = sources.ontology.vocabulary.classes
    for sign, side in (("", layer.facts), ("not", layer.denials)):
        for number, (fact, names) in enumerate(side.items()):
            evidence = _evidence([claims[name] for name in names], groups)
            node = f"_:{sign or 'fact'}{number}"
            if fact[2][1:-1] in classes:
                yield from _membership(node, fact, bool(sign), evidence)
            elif sign:
                yield from _about(node, _negative(fact), evidence)
            else:
                yield from (fact, *_about(node, _reified(fact), evidence))


def _membership(
    node: str, fact: Fact, denied: bool, evidence: Iterable[tuple[str, str]],
) -> Iterator[Fact]:
    """A fact whose object is a class: membership in `some p.C`, or in C itself for rdf:type.

    The class expression is labelled by what it says. No two facts share one: in OWL 2 DL a blank
    node stands in one axiom.
    """
    subject, predicate, target = fact
    label = "_:" + "-".join(re.sub(r"[^A-Za-z0-9]+", "-", _local(term)) for term in fact)
    if predicate != TYPE:
        some = f"{label}-some"
        yield from ((some, TYPE, f"<{OWL}Restriction>"), (some, f"<{OWL}onProperty>", predicate),
                    (some, f"<{OWL}someValuesFrom>", target))
        target = some
    if denied:
        negated = f"{label}-not"
        yield from ((negated, TYPE, f"<{OWL}Class>"), (negated, f"<{OWL}complementOf>", target))
        target = negated
    yield (subject, TYPE, target)
    yield from _about(node, _reified((subject, TYPE, target)), evidence)


def _reified(fact: Fact) -> list[tuple[str, str]]:
    """What an owl:Axiom says of the triple that it annotates."""
    words = ("annotatedSource", "annotatedProperty", "annotatedTarget")
    return [(TYPE, f"<{OWL}Axiom>"),
            *((f"<{OWL}{word}>", term) for word, term in zip(words, fact, strict=True))]


def _negative(fact: Fact) -> list[tuple[str, str]]:
    """What an owl:NegativePropertyAssertion says."""
    aim = "targetIndividual" if fact[2].startswith("<") else "targetValue"
    words = ("sourceIndividual", "assertionProperty", aim)
    return [(TYPE, f"<{OWL}NegativePropertyAssertion>"),
            *((f"<{OWL}{word}>", term) for word, term in zip(words, fact, strict=True))]


def _evidence(claims: Sequence[Claim], groups: set[str]) -> list[tuple[str, str]]:
    """The annotations that claims give: the claims, their passages, the firmest of their grades."""
    grades = (weakest([claim.modality.removeprefix(AIKG).lower(),
                       *["group"] * (claim.subject in groups)]) for claim in claims)
    passages = sorted({passage for claim in claims for passage in claim.passages})
    return [*((f"<{AIKG}evidence>", f"<{claim.iri}>") for claim in claims),
            *((f"<{AIKG}evidencePassage>", f"<{passage}>") for passage in passages),
            (f"<{AIKG}grade>", f'"{firmest(grades)}"')]


def _about(node: str, *parts: Iterable[tuple[str, str]]) -> Iterator[Fact]:
    return ((node, predicate, target) for part in parts for predicate, target in part)


def _labels(sources: Sources) -> Iterator[Triple]:
    """A label for each claim and passage, so that a tree of names shows what they are."""
    shorts = {iri(one.subject): one.object.value for one in sources.graph
              if one.predicate.value == AIKG + "shortName" and isinstance(one.object, Literal)}
    texts = {claim.iri: f"claim {_local(claim.iri)}" for claim in sources.claims}
    for triple in sources.graph:
        if triple.predicate.value == AIKG + "inSource":
            passage = iri(triple.subject)
            texts[passage] = f"{shorts.get(iri(triple.object), 'passage')} {_local(passage)}"
    label = NamedNode(RDFS + "label")
    return (Triple(NamedNode(name), label, Literal(text, language="en"))
            for name, text in texts.items())


def _declarations(triples: Iterable[Triple], sources: Sources) -> Iterator[Triple]:
    """That what has a type is an individual, and what is used undeclared an annotation property."""
    known = {iri(one.subject) for one in (*sources.ontology.triples, *sources.graph)
             if iri(one.object) in PROPERTIES}
    classes = sources.ontology.vocabulary.classes
    for triple in triples:
        predicate = triple.predicate.value
        if predicate == RDF + "type" and iri(triple.object) in classes:
            yield _typed(triple.subject, "NamedIndividual")
        elif predicate == OWL + "sameAs":
            yield _typed(triple.object, "NamedIndividual")
        elif predicate not in known and not predicate.startswith(BUILT_IN):
            yield _typed(triple.predicate, "AnnotationProperty")


def _different(triples: Iterable[Triple]) -> list[Triple]:
    """One owl:AllDifferent over the entities: over all individuals it would take HermiT minutes."""
    names = sorted({iri(one.subject) for one in triples if iri(one.subject).startswith(THING)},
                   key=turtle.natural)
    listed = " ".join(f"<{name}>" for name in names)
    return _parsed(f"[] a <{OWL}AllDifferent> ; <{OWL}distinctMembers> ( {listed} ) .")


def _source_prefixes(sources: Sources) -> dict[str, str]:
    """A prefix for the passages of each source: its short name."""
    prefixes: dict[str, str] = {}
    for one in sources.graph:
        if one.predicate.value == AIKG + "shortName" and isinstance(one.object, Literal):
            name = re.sub(r"[^a-z0-9]+", "-", one.object.value.lower()).strip("-")
            if re.match("[a-z]", name) and name not in {*PREFIXES, *prefixes}:
                prefixes[name] = iri(one.subject) + "/"
    return prefixes


def _parsed(text: str) -> list[Triple]:
    """The triples of a text in Turtle without prefixes, blank nodes by their labels."""
    return [quad.triple for quad in parse(text, RdfFormat.TURTLE)]


def _typed(node: object, kind: str) -> Triple:
    assert isinstance(node, NamedNode)
    return Triple(node, NamedNode(RDF + "type"), NamedNode(OWL + kind))


def _local(term: str) -> str:
    return re.split(r"[/#]", term.strip("<>"))[-1]


_GROUP = NamedNode(AIKG + "Group")
