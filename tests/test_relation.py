"""Relations: what a picture shows of a thing and of an answer, with the grade of each."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode

from aikg.card import card_of
from aikg.graph import Graph
from aikg.names import AIKG, RDF, THING
from aikg.reference import find
from aikg.relation import Relation, around, behind, distinct

Told = tuple[str, str, str, str | None]


def told(relations: tuple[Relation, ...], graph: Graph) -> set[Told]:
    def name(term: object) -> str:
        return graph.lexicon.label(term.value) if isinstance(term, NamedNode) else str(term)

    return {(name(one.subject), graph.lexicon.label(one.predicate), name(one.object), one.grade)
            for one in relations}


def near(graph: Graph, name: str) -> set[Told]:
    return told(around(card_of(find(name, graph.lexicon, graph.engine), graph), graph), graph)


def test_a_thing_has_its_facts_and_what_is_not_firm(graph: Graph) -> None:
    found = near(graph, "OpenAI")
    assert found >= {
        ("Microsoft", "supplies compute to", "OpenAI", "stated"),
        ("Amazon", "funds", "OpenAI", "inferred"),
        ("participants of OpenAI's latest financing round", "invests in", "OpenAI", "group"),
        ("OpenAI", "earns from", "advertising", "hedged")}
    assert all(grade for *_, grade in found)


def test_what_is_denied_is_marked(graph: Graph) -> None:
    denied = [one for one in around(card_of(THING + "google", graph), graph) if one.denied]
    assert denied
    assert not any(one.denied for one in around(card_of(THING + "microsoft", graph), graph))


def test_a_class_has_its_members(graph: Graph) -> None:
    one = NamedNode(AIKG + "ComputeSupplier")
    member = Relation(NamedNode(THING + "microsoft"), RDF + "type", one, "inferred")
    assert member in around(card_of(one.value, graph), graph)


@pytest.mark.parametrize("name", ["claim:bitpush-024", "I.p3.s1"])
def test_a_claim_and_a_passage_have_what_they_say(graph: Graph, name: str) -> None:
    assert ("Microsoft", "supplies compute to", "OpenAI", "stated") in near(graph, name)


@pytest.mark.parametrize(("query", "slots", "expected"), [
    ("compute-suppliers", {"customer": "OpenAI"}, {
        ("Microsoft", "supplies compute to", "OpenAI", "stated"),
        ("participants of OpenAI's latest financing round", "supplies compute to", "OpenAI",
         "group")}),
    ("shared-investors", {}, {("Amazon", "funds", "OpenAI", "inferred"),
                              ("OpenAI", "competes with", "Anthropic", "stated")}),
    ("what-if", {}, {("OpenAI's profit", "evolves into",
                      "profit grows more slowly than capital expects", "conditional")}),
])
def test_an_answer_shows_what_its_rows_rest_on(
    graph: Graph, query: str, slots: dict[str, str], expected: set[Told],
) -> None:
    assert told(behind(graph.run(query, **slots), graph), graph) >= expected


def test_a_verdict_shows_the_claims_behind_it(graph: Graph) -> None:
    answer = graph.ask("does Microsoft supply compute to OpenAI")
    assert ("Microsoft", "supplies compute to", "OpenAI", "stated") in told(
        behind(answer, graph), graph)


def test_a_relation_is_told_once_by_its_firmest_grade() -> None:
    one = NamedNode(AIKG + "x")
    weak, firm = (Relation(one, AIKG + "p", one, grade) for grade in ("hedged", "stated"))
    assert distinct([weak, firm, weak]) == (firm,)
    assert len(distinct([firm, firm._replace(denied=True)])) == 2
