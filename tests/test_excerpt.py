"""An excerpt: what a selection leaves of the graph, and what follows from that alone."""

from __future__ import annotations

import pytest
from pyoxigraph import RdfFormat, Triple, parse

from aikg.excerpt import excerpt
from aikg.names import AIKG, CLAIM, PREFIXES
from aikg.selection import selection
from aikg.turtle import iri

HEAD = "".join(f"@prefix {name}: <{space}> .\n" for name, space in PREFIXES.items())
SOURCE = """
source:{id} a aikg:Article ; rdfs:label "{id}"@en ; aikg:shortName "{id}" {issued} .
<https://w3id.org/aikg/source/{id}/1> a aikg:Passage ; aikg:inSource source:{id} ;
    aikg:passageId "1" ; aikg:passageKind "sentence" .
"""
STATEMENT = """
claim:{id} a aikg:Claim ; aikg:subject thing:a ; aikg:predicate aikg:owns ; aikg:object thing:b ;
    aikg:modality aikg:Stated ; aikg:statedIn {passages} {more} .
"""
DATED = '; dcterms:issued "2026-02-01T00:00:00Z"^^xsd:dateTime'
YEAR = ('; aikg:validFrom "2025-01-01T00:00:00Z"^^xsd:dateTime'
        ' ; aikg:validUntil "2026-01-01T00:00:00Z"^^xsd:dateTime')


def source(name: str, issued: str = "") -> str:
    return SOURCE.format(id=name, issued=issued)


def claim(name: str, *sources: str, more: str = "") -> str:
    passages = ", ".join(f"<https://w3id.org/aikg/source/{one}/1>" for one in sources)
    return STATEMENT.format(id=name, passages=passages, more=more)


FILES = {
    "graph/entities.ttl": 'thing:a a aikg:Company ; rdfs:label "A"@en .',
    "graph/sources/one.ttl": source("one"),
    "graph/claims/one.ttl": claim("one-1", "one") + claim(
        "one-2", "one", more="; aikg:condition claim:one-3") + claim("one-3", "one", more=YEAR),
    "graph/collections/trade/entities.ttl": 'thing:c a aikg:Company ; rdfs:label "C"@en .',
    "graph/collections/trade/sources/two.ttl": source("two", DATED) + source("three"),
    "graph/collections/trade/claims/two.ttl":
        claim("two-1", "two", more=YEAR) + claim("two-2", "two", "one") + claim("three-1", "three"),
}


def triples() -> dict[str, list[Triple]]:
    return {name: [quad.triple for quad in parse((HEAD + text).encode(), RdfFormat.TURTLE)]
            for name, text in FILES.items()}


def left(**given: str) -> list[str]:
    """The claims that are left, and the other things, by their last names."""
    names = {iri(one.subject).rpartition("/")[2] if iri(one.subject).startswith(CLAIM) else
             iri(one.subject).removeprefix("https://w3id.org/aikg/")
             for one in excerpt(triples(), selection(**given))}
    return sorted(names)


def claims_left(**given: str) -> str:
    return " ".join(name for name in left(**given) if "/" not in name)


@pytest.mark.parametrize(("given", "expected"), [
    ({}, "one-1 one-2 one-3"),
    ({"sources": "all"}, "one-1 one-2 one-3 three-1 two-1 two-2"),
    ({"sources": "two"}, "two-1 two-2"),
    ({"sources": "three"}, "three-1"),
    ({"sources": "one,two"}, "one-1 one-2 one-3 two-1 two-2"),
    ({"sources": "all", "published_by": "2026-02-01"}, "two-1 two-2"),
    # Half-open: the first day is in, the last is out; a condition stays with its claim.
    ({"sources": "all", "as_of": "2025-01-01"}, "one-1 one-2 one-3 three-1 two-1 two-2"),
    ({"sources": "all", "as_of": "2025-12-31"}, "one-1 one-2 one-3 three-1 two-1 two-2"),
    ({"sources": "all", "as_of": "2026-01-01"}, "one-1 one-2 one-3 three-1 two-2"),
    ({"sources": "two", "as_of": "2024-12-31"}, "two-2"),
])
def test_claims_of_a_selection(given: dict[str, str], expected: str) -> None:
    assert claims_left(**given) == expected


def test_entities_are_those_of_the_collections_that_are_asked() -> None:
    assert "thing/c" not in left()
    assert {"thing/a", "thing/c"} <= {*left(sources="two")}


def test_nothing_points_to_a_passage_that_is_gone() -> None:
    kept = [iri(one.object) for one in excerpt(triples(), selection("two"))
            if one.predicate.value == AIKG + "statedIn"]
    assert kept == ["https://w3id.org/aikg/source/two/1"] * 2
