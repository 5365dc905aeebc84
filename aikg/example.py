"""An example: a call of a stored query that gives an answer, made from what the graph holds."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode

from aikg.answer import Term
from aikg.catalog import OUTSIDE
from aikg.errors import AikgError
from aikg.graph import Graph
from aikg.lexicon import Lexicon
from aikg.names import AIKG, compact, expand
from aikg.query import FEDERATED, Parameter, Query
from aikg.selection import ALL

TEXTS = f"""
SELECT DISTINCT ?text WHERE {{
  ?thing ?property ?text .
  FILTER(ISLITERAL(?text) && STRSTARTS(STR(?property), "{AIKG}"))
}} ORDER BY STR(?text)"""


def example(query: Query, graph: Graph) -> str:
    """A command that runs the query: its required slots filled, or else its first.

    The values are those that occur most often where the slots are empty; none for a query that asks
    servers outside, or reads a snapshot where there is none.
    """
    if FEDERATED in query.tags:
        return shlex.join(["aikg", "run", query.name, "--online"])
    if OUTSIDE not in query.graphs and not graph.built.view and not _rows(query, graph):
        return shlex.join(["aikg", "run", query.name, "--sources", ALL])  # others may have some
    slots = [one for one in query.parameters if one.required] or query.parameters[:1]
    words = ["aikg", "run", query.name]
    for slot in slots:
        value = next(choices(query, slot, graph), None)
        if value is not None:
            words += [f"--{slot.name}", value]
    return shlex.join(words)


def _rows(query: Query, graph: Graph) -> int:
    return len(graph.engine.select(query.bind_any({}), query.graphs).rows)


def choices(query: Query, slot: Parameter, graph: Graph) -> Iterator[str]:
    """Values for a slot that give rows, as a person writes them, the commonest first."""
    if OUTSIDE in query.graphs:  # there is no snapshot
        return
    solutions = graph.engine.select(query.bind_any({}), query.graphs)
    places = [place for place, name in enumerate(solutions.variables) if name == slot.name]
    found = Counter(row[place] for place in places for row in solutions.rows)
    terms = [term for term, _ in found.most_common()] or _tried(query, slot, graph)
    for term in terms:
        if isinstance(term, NamedNode):
            yield _name(term.value, slot, graph.lexicon)
        elif isinstance(term, Literal):
            yield term.value


def _tried(query: Query, slot: Parameter, graph: Graph) -> Iterator[Term]:
    """Terms that give rows, for a slot whose variable is not among the results: by trial."""
    if slot.type == "entity":
        fitting = (curie for curie in sorted(graph.lexicon.types)
                   if graph.lexicon.fits(curie, slot.of))
        terms: Iterable[Term | None] = (NamedNode(expand(curie) or curie) for curie in fitting)
    else:
        terms = (row[0] for row in graph.engine.select(TEXTS).rows)
    for term in terms:
        if isinstance(term, NamedNode | Literal) and graph.engine.select(
                query.bind_any({slot.name: [term]}), query.graphs).rows:
            yield term


def _name(iri: str, slot: Parameter, lexicon: Lexicon) -> str:
    """The label of a thing or class where that is enough to find it again, else its CURIE."""
    label = lexicon.label(iri)
    try:
        again = (lexicon.resolve_class(label) if slot.type == "class"
                 else lexicon.resolve(label, slot.of))
    except AikgError:
        return compact(iri)
    return label if again == iri else compact(iri)
