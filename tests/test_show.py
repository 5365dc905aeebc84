"""Cards: all that is known of a thing; terms, claims, passages and sources have one too."""

from __future__ import annotations

import json

import pytest
from pyoxigraph import Literal, NamedNode

from aikg.answer import GRADES
from aikg.card import Card, card_of
from aikg.graph import Graph
from aikg.names import AIKG, RDF, expand
from aikg.reference import find
from aikg.render import render
from aikg.show import COLUMNS, SHOWN, card_answer, card_json, card_text


def card(graph: Graph, name: str) -> Card:
    return card_of(find(name, graph.lexicon, graph.engine), graph)


def told(card: Card, section: str) -> set[tuple[str, str, str]]:
    """The lines of a section, by their labels."""
    answer = card_answer(card)
    return {(answer.text(line.subject), answer.text(line.property), answer.text(line.value))
            for line in card.lines if line.section == section}


def test_the_card_of_a_thing(graph: Graph) -> None:
    shown = card(graph, "MSFT")
    assert (shown.label, shown.iri) == ("Microsoft", expand("thing:microsoft"))
    assert "MSFT" in shown.aliases
    grades = {line.value.value: line.grade for line in shown.lines
              if line.section == "types" and isinstance(line.value, NamedNode)}
    assert grades[AIKG + "Company"] is None
    assert grades[AIKG + "StrategicInvestor"] == grades[AIKG + "ComputeSupplier"] == "inferred"
    assert told(shown, "facts") >= {
        ("Microsoft", "invests strategically in", "OpenAI"),
        ("Microsoft", "supplies compute to", "OpenAI")}
    assert NamedNode(str(expand("wd:Q2283"))) in {line.value for line in shown.lines
                                                  if line.section == "links"}


def test_a_fact_is_told_once_and_by_its_narrowest_word(graph: Graph) -> None:
    facts = told(card(graph, "OpenAI"), "facts")
    assert ("Microsoft", "supplies compute to", "OpenAI") in facts
    wider = {("OpenAI", "gets compute from", "Microsoft"), ("Microsoft", "supplies to", "OpenAI"),
             ("OpenAI", "is supplied by", "Microsoft"), ("Microsoft", "funds", "OpenAI")}
    assert wider & facts == set()
    rivals = [fact for fact in facts if "competes with" in fact and "Google" in fact]
    assert len(rivals) == 1


@pytest.mark.parametrize("name", ["OpenAI", "Google", "aikg:ComputeSupplier", "competesWith"])
def test_every_fact_has_evidence(graph: Graph, name: str) -> None:
    lines = card(graph, name).lines
    facts = [line for line in lines if line.section in ("facts", "members")]
    assert facts
    assert [line for line in facts if line.grade and not line.evidence] == []
    structure = {AIKG + "hasMember"}
    assert {line.property.value for line in facts if not line.grade} <= structure | {RDF + "type"}


def test_claims_come_by_modality_and_those_of_the_group_are_graded_so(graph: Graph) -> None:
    claims = [line for line in card(graph, "OpenAI").lines if line.section == "claims"]
    order = [GRADES.index(line.evidence[0].modality) for line in claims]
    assert len(set(order)) > 3
    assert order == sorted(order)
    group = [line for line in claims if line.evidence[0].said_of == "group"]
    assert group
    assert {line.grade for line in group} == {"group"}
    assert all(line.value == NamedNode(line.evidence[0].claim) for line in claims)


def test_the_card_of_a_class_has_its_definition_and_members(graph: Graph) -> None:
    shown = card(graph, "compute supplier")
    assert shown.iri == AIKG + "ComputeSupplier"
    assert shown.definition
    assert [line.subject for line in shown.lines if line.section == "members"] == [
        NamedNode(str(expand("thing:microsoft")))]
    [axiom] = [line.value for line in shown.lines if line.section == "axioms"]
    assert "suppliesComputeTo some" in axiom.value


def test_the_card_of_a_property_has_its_facts(graph: Graph) -> None:
    shown = card(graph, "supplies compute to")
    assert shown.iri == AIKG + "suppliesComputeTo"
    assert ("Microsoft", "supplies compute to", "OpenAI") in told(shown, "facts")
    assert shown.definition


def test_the_card_of_a_claim(graph: Graph) -> None:
    name = "claim:bitpush-001"
    said = {(predicate, value) for _, predicate, value in told(card(graph, name), "statements")}
    assert ("type", "claim") in said
    assert {"subject", "predicate", "object", "modality", "stated in"} <= {name for name, _ in said}


def test_the_card_of_a_passage_has_the_claims_that_rest_on_it(graph: Graph) -> None:
    shown = card(graph, "I.p3.s1")
    claims = [line for line in shown.lines if line.section == "claims"]
    assert claims
    assert all("I.p3.s1" in line.evidence[0].passages for line in claims)
    assert any(value == "I.p3.s1" for _, _, value in told(shown, "statements"))


def test_the_card_of_a_source_and_of_a_foreign_name(graph: Graph) -> None:
    assert card(graph, "Bitpush").iri.endswith("/source/bitpush-openai-financing")
    [link] = [line for line in card(graph, "wd:Q2283").lines if line.section == "links"]
    assert link.subject == NamedNode(str(expand("thing:microsoft")))


@pytest.mark.parametrize("name", ["OpenAI", "aikg:Claim", "claim:bitpush-001", "stated"])
def test_the_json_holds_all_lines_by_section(graph: Graph, name: str) -> None:
    shown = card(graph, name)
    content = json.loads(card_json(shown))
    assert (content["iri"], content["label"]) == (shown.iri, shown.label)
    sections = {key: len(value) for key, value in content.items() if key in SHOWN}
    assert sum(sections.values()) == len(shown.lines)
    for section in sections:
        for line in content[section]:
            assert set(line) == {"subject", "property", "value", "grade", "evidence"}


@pytest.mark.parametrize(("name", "header"), [("csv", 1), ("tsv", 1), ("md", 2), ("jsonl", 0)])
def test_a_card_is_a_table_too(graph: Graph, name: str, header: int) -> None:
    shown = card(graph, "xAI")
    text = render(card_answer(shown), name)
    assert len(text.splitlines()) == len(shown.lines) + header
    assert all(word in text.splitlines()[0] for word in (*COLUMNS, "grade", "evidence"))


def test_the_text_says_what_the_lines_say(graph: Graph) -> None:
    shown = card(graph, "OpenAI")
    text = card_text(shown)
    assert text.startswith("OpenAI\nthing:openai\nalso: ")
    for line in shown.lines:
        for term in (line.property, line.value):
            if isinstance(term, Literal) or line.section == "facts":
                assert card_answer(shown).text(term) in text
    tables = card_text(shown, 80).partition("types\n")[2]
    assert max(map(len, tables.splitlines())) <= 80
    assert "thing/microsoft" in card_text(shown, iris=True)
