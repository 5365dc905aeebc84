"""Contents: what the page of a thing, a claim, a passage, a source or a term tells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from pyoxigraph import Literal, NamedNode

from aikg.answer import Evidence, Term
from aikg.card import Card, Line
from aikg.evidence import evidence_of
from aikg.graph import Graph
from aikg.lexicon import Lexicon
from aikg.names import AIKG, CLAIM, RDF, RDFS, SKOS, SOURCE, THING, compact
from aikg.passage import Passage, passages_of
from aikg.reference import is_property

RESTING = """
SELECT ?passage (COUNT(DISTINCT ?claim) AS ?claims) WHERE {{
  ?passage <{aikg}inSource> {source} . ?claim <{aikg}statedIn> ?passage .
}} GROUP BY ?passage ORDER BY ?passage"""
COUNTS = f"""
SELECT (COUNT(DISTINCT ?claim) AS ?claims) (COUNT(DISTINCT ?passage) AS ?passages)
       (COUNT(DISTINCT ?source) AS ?sources) WHERE {{
  {{ ?claim a <{AIKG}Claim> }} UNION {{ ?passage a <{AIKG}Passage> }}
  UNION {{ ?source a <{AIKG}Source> }}
}}"""
SAYING = """
SELECT ?claim WHERE {{
  ?claim a <{aikg}Claim> ; <{rdfs}comment> ?said .
  FILTER(CONTAINS(LCASE(STR(?said)), {text}))
}} ORDER BY ?claim LIMIT {most}"""
MOST = 20
"""Claims that a search gives."""
DEFINITION = "SELECT ?text WHERE {{ GRAPH ?graph {{ {one} <{skos}definition> ?text }} }}"


@dataclass(frozen=True)
class Told:
    """What is told by one property: of the thing itself, or of others in relation to it."""

    property: str
    """IRI."""
    heading: str
    lines: tuple[Line, ...]
    inverse: bool
    """Whether the thing is the object, so that the subjects are what is told."""


def kind_of(iri: str, lexicon: Lexicon) -> str:
    """What an IRI stands for: thing, claim, passage, source, term, or `other`."""
    if iri.startswith(CLAIM):
        return "claim"
    if iri.startswith(SOURCE):
        return "passage" if "/" in iri.removeprefix(SOURCE) else "source"
    if iri.startswith(THING) or compact(iri) in lexicon.types:
        return "thing"
    return "term" if iri.startswith(AIKG) else "other"


def told(card: Card, lexicon: Lexicon) -> list[Told]:
    """The facts of a card by property: those of the thing itself first."""
    found = []
    facts = [line for line in card.lines if line.section == "facts"]
    for inverse in (False, True):
        chosen = [line for line in facts if (line.subject != NamedNode(card.iri)) == inverse]
        chosen.sort(key=lambda line: line.property.value)
        for name, lines in groupby(chosen, key=lambda line: line.property.value):
            found.append(Told(name, _heading(name, inverse, lexicon), tuple(lines), inverse))
    return found


def _heading(name: str, inverse: bool, lexicon: Lexicon) -> str:
    """The label of a property, read from its other end where there is a word for that."""
    curie = compact(name)
    turned = lexicon.inverse.get(curie)
    if inverse and turned:
        return lexicon.label(turned)
    return f"… {lexicon.label(curie)} this" if inverse else lexicon.label(curie)


def by_modality(card: Card) -> dict[str, list[Line]]:
    """The claims of a card by modality, in the order of the card."""
    found: dict[str, list[Line]] = {}
    for line in card.lines:
        if line.section == "claims":
            found.setdefault(line.evidence[0].modality, []).append(line)
    return found


def said(card: Card) -> dict[str, list[Term]]:
    """What is stated of the thing: values by the local name of the property."""
    found: dict[str, list[Term]] = {}
    for line in card.lines:
        if line.section == "statements":
            name = "type" if line.property.value == RDF + "type" else compact(line.property.value)
            found.setdefault(name.removeprefix("aikg:"), []).append(line.value)
    return found


def definition(iri: str, graph: Graph) -> str:
    """The definition of a term; empty where it has none."""
    query = DEFINITION.format(one=NamedNode(iri), skos=SKOS)
    rows = graph.engine.select(query, ("ontology",)).rows
    return next((row[0].value for row in rows if isinstance(row[0], Literal)), "")


def saying(text: str, graph: Graph) -> list[Evidence]:
    """The claims whose sentence holds a text, in capitals or not; none for a text of blanks."""
    wanted = " ".join(text.split()).lower()
    if not wanted:
        return []
    query = SAYING.format(aikg=AIKG, rdfs=RDFS, text=Literal(wanted), most=MOST)
    rows = graph.engine.select(query).rows
    found = evidence_of((row[0].value for row in rows if isinstance(row[0], NamedNode)),
                        graph.engine)
    return list(found.values())


def resting(source: str, graph: Graph) -> dict[str, int]:
    """How many claims rest on each passage of a source, by the passage's IRI."""
    query = RESTING.format(aikg=AIKG, source=NamedNode(source))
    return {passage.value: int(count.value) for passage, count in graph.engine.select(query).rows
            if isinstance(passage, NamedNode) and isinstance(count, Literal)}


def beside(iri: str, graph: Graph) -> tuple[Passage | None, Passage | None]:
    """The passages before and after a passage, within its source."""
    source, _, name = iri.rpartition("/")
    passages = passages_of(source, graph.engine)
    place = next((place for place, one in enumerate(passages) if one.id == name), None)
    if place is None:
        return None, None
    before = passages[place - 1] if place else None
    return before, next(iter(passages[place + 1:]), None)


def counts(graph: Graph) -> dict[str, int]:
    """How much the graph knows: claims, passages, sources, things."""
    if graph.built.counts:  # by the load of a store on disk
        return dict(graph.built.counts)
    solutions = graph.engine.select(COUNTS)
    [row] = solutions.rows
    found = {name: int(term.value) for name, term in zip(solutions.variables, row, strict=True)
             if isinstance(term, Literal)}
    return {**found, "things": len(things(graph.lexicon))}


def things(lexicon: Lexicon) -> list[str]:
    """The CURIEs of all things, by label."""
    found = (curie for curie in lexicon.types if curie.startswith("thing:"))
    return sorted(found, key=lambda curie: lexicon.label(curie).casefold())


def index(lexicon: Lexicon) -> dict[str, list[str]]:
    """All things by the label of the class that they were given."""
    found: dict[str, list[str]] = {}
    for curie in things(lexicon):
        for kind in lexicon.kinds.get(curie, ())[:1]:
            found.setdefault(lexicon.label(kind), []).append(curie)
    return dict(sorted(found.items()))


def terms(lexicon: Lexicon) -> dict[str, list[str]]:
    """The CURIEs of all classes and all properties, by label."""
    found: dict[str, list[str]] = {"classes": [], "properties": []}
    ours = (curie for curie in lexicon.labels
            if curie.startswith("aikg:") and curie not in lexicon.types)
    for curie in sorted(ours, key=lambda curie: lexicon.label(curie).casefold()):
        found["properties" if is_property(curie) else "classes"].append(curie)
    return found


def by_kind(passages: Iterable[Passage]) -> Mapping[str, Sequence[int]]:
    """How many passages of each kind there are, and how many of them are covered."""
    found: dict[str, list[int]] = {}
    for one in passages:
        numbers = found.setdefault(one.kind, [0, 0])
        numbers[0] += 1
        numbers[1] += one.covered
    return found
