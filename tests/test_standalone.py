"""One OWL document: sorted N-Triples whose blank nodes keep their labels."""

from __future__ import annotations

from pyoxigraph import RdfFormat, parse

from aikg.canonical import canonical
from aikg.standalone import ntriples
from tests.owl import triples

LISTED = """
[] a owl:AllDifferent ; owl:distinctMembers ( thing:b thing:a ) .
thing:a a [ a owl:Restriction ; owl:onProperty aikg:p ; owl:someValuesFrom aikg:B ] .
"""


def test_the_same_triples_give_the_same_lines() -> None:
    first, second = triples(LISTED), triples(LISTED)
    assert first != second, "blank nodes are labelled anew at each reading"
    assert ntriples(first) == ntriples(reversed(second))


def test_the_lines_are_sorted_and_say_the_same() -> None:
    lines = ntriples(triples(LISTED)).splitlines()
    assert lines == sorted(lines)
    assert len(lines) == 10
    assert canonical(quad.triple for quad in parse(b"\n".join(lines), RdfFormat.N_TRIPLES)) == (
        canonical(triples(LISTED)))


def test_without_blank_nodes_there_is_nothing_to_label() -> None:
    assert ntriples(triples("thing:a aikg:p thing:b .")).count(b"\n") == 1
