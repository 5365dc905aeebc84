"""What is to blame: the few axioms and facts, among many, that contradict each other."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from pyoxigraph import BlankNode, NamedNode, Triple

from aikg.names import DCTERMS, OWL, RDF, RDFS, SKOS
from aikg.turtle import Node, iri

MINUTE = 60.0
Unit = tuple[Triple, ...]
"""One axiom or fact: the triples that stand or fall together."""
Part = TypeVar("Part")
SILENT = (SKOS, DCTERMS, RDFS + "label", RDFS + "comment", RDFS + "isDefinedBy", RDFS + "seeAlso",
          OWL + "imports", OWL + "version")
"""How predicates begin that tell a reasoner nothing."""
DECLARED = {OWL + name for name in (
    "Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty", "NamedIndividual",
    "Ontology", "AllDifferent")}
"""Types that stay: without a declaration a reasoner does not know what it reads."""


def narrow(
    parts: Sequence[Part], contradict: Callable[[list[Part], float], bool],
    seconds: float = MINUTE, clock: Callable[[], float] = time.monotonic,
) -> tuple[list[Part], bool]:
    """The parts that contradict each other, none of them to spare, by leaving others out.

    `contradict` tells whether some parts still do, and is given the seconds that are left; it may
    raise TimeoutError. The second value is False where time ran out first: then there may be parts
    to spare. Larger pieces are tried first, down to single parts (as Zeller's ddmin does).
    """
    kept, size, end = list(parts), max(1, len(parts) // 2), clock() + seconds
    try:
        while True:
            start = 0
            while start < len(kept):
                left = end - clock()
                if left <= 0:
                    return kept, False
                rest = kept[:start] + kept[start + size:]
                if contradict(rest, left):
                    kept = rest
                else:
                    start += size
            if size == 1:
                return kept, True
            size = max(1, min(size, len(kept)) // 2)
    except TimeoutError:
        return kept, False


def units(triples: Iterable[Triple]) -> tuple[list[Triple], list[Unit]]:
    """The axioms and facts among triples, each with the blank nodes that it holds.

    The first list is what always stays: declarations, and that things are different.
    """
    kept = [triple for triple in triples if not triple.predicate.value.startswith(SILENT)]
    about: dict[Node, list[Triple]] = defaultdict(list)
    for triple in kept:
        about[triple.subject].append(triple)
    inner = {triple.object for triple in kept if isinstance(triple.object, BlankNode)}
    ground: list[Triple] = []
    found: dict[Unit, None] = {}
    for subject, said in about.items():
        if isinstance(subject, NamedNode):
            groups = [[triple] for triple in said]
        else:
            groups = [] if subject in inner else [said]
        for group in groups:
            whole = _whole(group, about)
            if any(_declares(triple) for triple in group):
                ground += whole
            else:
                found[whole] = None
    return ground, list(found)


def _declares(triple: Triple) -> bool:
    return triple.predicate.value == RDF + "type" and iri(triple.object) in DECLARED


def _whole(group: Sequence[Triple], about: dict[Node, list[Triple]]) -> Unit:
    """The triples, and those of the blank nodes within."""
    found = dict.fromkeys(group)
    todo = list(group)
    while todo:
        node = todo.pop().object
        for triple in about.get(node, ()) if isinstance(node, BlankNode) else ():
            if triple not in found:
                found[triple] = None
                todo.append(triple)
    return tuple(found)
