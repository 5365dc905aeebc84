"""An entry of the reference: one term or thing, with all that a reader wants to know of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from aikg.axioms import read_axioms
from aikg.build import Sources
from aikg.card import Card, Line, card_of
from aikg.evidence import RANK
from aikg.expression import DEFINED, Relations, relations
from aikg.graph import Graph
from aikg.module import Module
from aikg.names import AIKG, BASE, RDF, RDFS, SKOS, THING, compact
from aikg.turtle import iri

NOTES = {
    SKOS + "scopeNote": "Note", SKOS + "example": "Example", RDFS + "comment": "Comment",
    RDFS + "seeAlso": "See also",
}
"""Texts about a term beside its definition, and how a reader meets them."""
COUNTS = f"""
SELECT ?p (COUNT(*) AS ?count) WHERE {{
  ?s ?p ?o FILTER(STRSTARTS(STR(?p), "{AIKG}"))
}} GROUP BY ?p ORDER BY ?p"""


@dataclass(frozen=True)
class Entry:
    """One term or thing."""

    iri: str
    kind: str
    """One of the kinds of module.KINDS, or `entity`."""
    module: str
    """Title of the module that declares it; empty for an entity."""
    notes: tuple[tuple[str, str], ...]
    """Heading and text."""
    relations: Relations
    mappings: tuple[tuple[str, str], ...]
    """What a foreign vocabulary has beside it: relation as a CURIE, and IRI."""
    facts: int
    """For a property, the statements of the graph that use it; else 0."""
    claims: int
    """For a property, the claims that use it; else 0."""
    card: Card

    @property
    def id(self) -> str:
        """The fragment under which it stands in the reference."""
        return fragment(self.iri)

    @property
    def label(self) -> str:
        """What it is called."""
        return self.card.label

    @property
    def defined(self) -> bool:
        """Whether it is a class that a reasoner fills."""
        return DEFINED in self.relations

    def lines(self, section: str) -> list[Line]:
        """The lines of a section of its card."""
        return [line for line in self.card.lines if line.section == section]

    @property
    def members(self) -> list[Line]:
        """The members of a class that claims make members."""
        return [line for line in self.lines("members") if line.evidence]

    @property
    def identified(self) -> list[Line]:
        """The members of a class that only their identification makes members."""
        return [line for line in self.lines("members") if not line.evidence]

    @property
    def example(self) -> Line | None:
        """The firmest fact that uses the property; None where no claim gives one."""
        lines = [line for line in self.lines("facts") if line.evidence and line.grade]
        return min(lines, key=lambda line: (RANK[line.grade or ""], str(line.subject),
                                            str(line.value)), default=None)


def fragment(iri: str) -> str:
    """The fragment of the reference that describes one of our IRIs.

    That of a term is its local name, so that the IRI of a term can lead there; of all else the
    path behind the base, such as `thing/openai`. It is empty for what is not ours.
    """
    if iri.startswith(AIKG):
        return iri.removeprefix(AIKG)
    return iri.removeprefix(BASE) if iri.startswith(BASE) else ""


def read_entries(
    sources: Sources, modules: Iterable[Module], graph: Graph,
) -> tuple[Entry, ...]:
    """The entries of all terms and entities, sorted by kind, then by label."""
    found = _Reader(sources, graph)
    terms = [found.entry(term, kind, module.title) for module in modules
             for term, kind in module.terms]
    things = sorted({iri(one.subject) for one in sources.graph
                     if one.predicate.value == RDF + "type"
                     and iri(one.subject).startswith(THING)})
    entries = [*terms, *(found.entry(thing, "entity", "") for thing in things)]
    return tuple(sorted(entries, key=lambda one: (one.kind, one.label.casefold(), one.iri)))


class _Reader:
    """What the entries are made of, read once."""

    def __init__(self, sources: Sources, graph: Graph) -> None:
        self.graph = graph
        self.relations = relations(read_axioms(sources.ontology.triples))
        self.notes = _texts((*sources.ontology.triples, *sources.graph))
        self.mappings = _mappings(sources.alignments)
        self.claims = Counter(claim.predicate for claim in sources.claims)
        self.facts = {str(p)[1:-1]: int(count.value) for p, count in graph.engine.select(
            COUNTS).rows if isinstance(count, Literal)}

    def entry(self, name: str, kind: str, module: str) -> Entry:
        return Entry(
            name, kind, module, tuple(self.notes.get(name, ())), self.relations.get(name, {}),
            tuple(self.mappings.get(name, ())), self.facts.get(name, 0), self.claims[name],
            card_of(name, self.graph))


def _texts(triples: Iterable[Triple]) -> Mapping[str, Sequence[tuple[str, str]]]:
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for one in triples:
        if one.predicate.value in NOTES and isinstance(one.object, Literal | NamedNode):
            found[iri(one.subject)].add((NOTES[one.predicate.value], one.object.value))
    return {subject: sorted(texts) for subject, texts in found.items()}


def _mappings(triples: Iterable[Triple]) -> Mapping[str, Sequence[tuple[str, str]]]:
    """What the alignments say of each of our terms."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for one in triples:
        ours, theirs = iri(one.subject), iri(one.object)
        if ours.startswith(AIKG) and theirs and not theirs.startswith(AIKG):
            found[ours].add((compact(one.predicate.value), theirs))
    return {term: sorted(pairs) for term, pairs in found.items()}
