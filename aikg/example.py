"""An example: a call of a stored query that gives an answer, made from what the graph holds."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode

from aikg.errors import AikgError
from aikg.graph import Graph
from aikg.lexicon import Lexicon
from aikg.names import compact
from aikg.query import Parameter, Query


def example(query: Query, graph: Graph) -> str:
    """A command that runs the query: its required slots filled, or else its first.

    The values are those that occur most often where the slots are empty.
    """
    slots = [one for one in query.parameters if one.required] or query.parameters[:1]
    words = ["aikg", "run", query.name]
    for slot in slots:
        value = next(_values(query, slot, graph), None)
        if value is not None:
            words += [f"--{slot.name}", value]
    return shlex.join(words)


def _values(query: Query, slot: Parameter, graph: Graph) -> Iterator[str]:
    """Values for a slot that give rows, as a person writes them."""
    solutions = graph.engine.select(query.bind_any({}), query.graphs)
    if slot.name in solutions.variables:
        place = solutions.variables.index(slot.name)
        found = Counter(row[place] for row in solutions.rows if row[place] is not None)
        for term, _ in found.most_common():
            if isinstance(term, NamedNode):
                yield _name(term.value, slot, graph.lexicon)
            elif isinstance(term, Literal):
                yield term.value
    elif slot.type == "entity":
        yield from _tried(query, slot, graph)


def _tried(query: Query, slot: Parameter, graph: Graph) -> Iterator[str]:
    """Things that fit a slot whose variable is not among the results, tried one by one."""
    for curie in sorted(graph.lexicon.types):
        if curie.startswith("thing:") and graph.lexicon.fits(curie, slot.of):
            name = graph.lexicon.label(curie)
            try:
                answer = graph.run(query.name, **{slot.name: name})
            except AikgError:
                continue
            if answer.rows:
                yield name


def _name(iri: str, slot: Parameter, lexicon: Lexicon) -> str:
    """The label of a thing or class where that is enough to find it again, else its CURIE."""
    label = lexicon.label(iri)
    try:
        again = (lexicon.resolve_class(label) if slot.type == "class"
                 else lexicon.resolve(label, slot.of))
    except AikgError:
        return compact(iri)
    return label if again == iri else compact(iri)
