"""Verdicts: yes where it is firmly said, no where it is denied, and neither for everything else."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from aikg import Answer, Graph, Row
from aikg.answer import Evidence
from aikg.names import AIKG, CLAIM, RDFS, SKOS, compact
from aikg.silence import DENIED, HEDGED, NEVER
from aikg.verdict import verdict_of_rows
from tests.asking import verdict

ONTOLOGY = Path(__file__).parent.parent / "ontology"
CLAIMED = f"""
SELECT DISTINCT ?subject ?predicate ?object WHERE {{
  ?claim <{AIKG}subject> ?subject ; <{AIKG}predicate> ?predicate ; <{AIKG}object> ?object ;
         <{AIKG}modality> ?modality .
  FILTER(?modality IN (<{AIKG}Stated>, <{AIKG}Evaluated>))
  FILTER NOT EXISTS {{ ?claim <{AIKG}denied> true }}
}} ORDER BY ?subject ?predicate ?object"""
SYMMETRIC = ("aikg:competesWith", "aikg:differsFrom")


def yes(question: str, graph: Graph) -> bool:
    answer = verdict(question, graph)
    return answer is not None and answer.verdict is True


def bug(*case: object, reason: str) -> object:
    return pytest.param(*case, marks=pytest.mark.xfail(reason=reason))


@pytest.mark.parametrize(("question", "grade"), [
    ("does Microsoft supply OpenAI with compute", "stated"),
    ("is OpenAI supplied with compute by Microsoft", "stated"),
    ("does Microsoft fund OpenAI", "stated"), ("is OpenAI funded by Microsoft", "stated"),
    ("is Anthropic backed by Amazon", "stated"), ("did Nvidia invest in OpenAI", "inferred"),
    ("does Anthropic compete with OpenAI", "stated"), ("does OpenAI compete with Meta", "stated"),
    ("is Google owned by Alphabet", "stated"), ("does Alphabet own Google", "stated"),
    ("is Alphabet the parent of Google", "stated"),
    ("is Google a subsidiary of Alphabet", "stated"),
    ("is Claude made by Anthropic", "stated"), ("does Google develop TPUs", "stated"),
    ("does xAI depend on X Corp.", "stated"), ("was OpenAI founded in 2015", "stated"),
    ("does OpenAI earn from API services", "stated"), ("is Meta open source", "stated"),
    ("is OpenAI closed source", "evaluated"), ("does Google own data centers", "stated"),
    ("does Anthropic focus more on safety than OpenAI", "evaluated"),
    bug("is Anthropic more focused on safety than OpenAI", "evaluated",
        reason="`is more focused on` is no longer taken for the verb"),
    ("does Anthropic give more weight to stability than OpenAI", "evaluated"),
    ("is OpenAI more aggressive than Anthropic", "evaluated"),
    ("Microsoft funds OpenAI, right?", "stated"),
    ("is it true that Microsoft funds OpenAI", "stated"),
    ("is it OpenAI that Microsoft funds", "stated"), ("Alphabet owns Google, right?", "stated"),
    ("does OpenAI offer enterprise services", "stated"),
    ("is OpenAI able to expand fast", "evaluated"),
    ("does anthropic's Claude emphasize safety boundaries", "stated"),
])
def test_yes(question: str, grade: str, graph: Graph) -> None:
    answer = verdict(question, graph)
    assert answer is not None
    assert (answer.verdict, answer.rows[0].grade) == (True, grade)
    assert answer.evidence


@pytest.mark.parametrize(("question", "claim"), [
    ("does Google need outside money", "055"),
    ("does OpenAI own a consumer platform", "076"),
    ("does OpenAI have a consumer platform", "076"),
    ("does xAI own an enterprise ecosystem", "079"),
    ("does Meta depend on API services", "103"),
    ("does Meta live on API fees", "103"),
    ("is OpenAI just a model company", "037"),
    ("did idealism alone sustain research and development costs", "015"),
])
def test_no_because_denied(question: str, claim: str, graph: Graph) -> None:
    answer = verdict(question, graph)
    assert answer is not None
    assert answer.verdict is False
    assert [item.claim for item in answer.evidence if item.denied] == [f"{CLAIM}bitpush-{claim}"]


@pytest.mark.parametrize("question", [
    "is Google dependent on investors",  # it is an investor, which is not what is asked
    "is Amazon dependent on strategic investors",
    "is vertical integration Meta's strategy",
    "is an open source strategy xAI's strategy",
    "does OpenAI rent compute to Microsoft",
    "does OpenAI give Microsoft its compute",
    "is OpenAI the source of Microsoft's compute",
    "does xAI count X Corp. among its customers",
])
def test_what_is_not_asked_does_not_answer(
    question: str, graph: Graph,
) -> None:
    answer = verdict(question, graph)
    assert answer is not None
    assert answer.verdict is None


@pytest.mark.parametrize(("question", "expected"), [
    ("Google needs outside money to keep up its research, correct?", False),
    ("so OpenAI is just a model company?", False),
    ("would it be accurate to call Microsoft a strategic investor in OpenAI?", True),
    ("does the article count Meta among OpenAI's competitors?", True),
    ("would you call Meta a strategic investor in OpenAI?", None),
    ("does OpenAI rent compute from Microsoft", True),
    ("is Microsoft the source of OpenAI's compute", True),
    ("is vertical integration xAI's strategy", True),
    ("was OpenAI a non-profit research institution", True),
    ("is OpenAI still a non-profit research institution", None),
    ("are API fees what Meta counts on", False),
    ("is OpenAI a model company and nothing more", False),
    ("does xAI boast a broad enterprise ecosystem", False),
    ("Google needs outside money, doesn't it?", False),
    ("Fact check: Google needs outside money, yes?", False),
])
def test_yes_or_no_however_it_is_put(
    question: str, expected: bool | None, graph: Graph,
) -> None:
    assert graph.ask(question).verdict is expected


@pytest.mark.parametrize(("question", "diagnosis", "said"), [
    ("does Nvidia supply chips to OpenAI", HEDGED, "said only of the group"),
    ("does SoftBank supply compute to OpenAI", HEDGED, "said only of the group"),
    ("does OpenAI earn from advertising", HEDGED, "only hedged"),
    ("do export controls affect the competitive landscape", HEDGED, "only forecast"),
    ("does Meta aim at ecosystem influence", HEDGED, "only planned"),
    ("does OpenAI face equity dilution", HEDGED, "only conditional"),
    ("do lower computing costs strengthen OpenAI's scale advantage", HEDGED, "only conditional"),
    ("does Nvidia fund Meta", NEVER, "Nvidia and Meta Platforms"),
    ("does Microsoft fund Anthropic", NEVER, "Microsoft and Anthropic"),
    ("is OpenAI open source", NEVER, "OpenAI"), ("does OpenAI develop Claude", NEVER, "Claude"),
    ("was OpenAI founded in 2016", NEVER, "OpenAI"),
    ("does Amazon invest strategically in OpenAI", NEVER, "Amazon and OpenAI"),
    ("does Google compete with Meta", NEVER, "Google and Meta Platforms"),
])
def test_not_said(question: str, diagnosis: str, said: str, graph: Graph) -> None:
    answer = verdict(question, graph)
    assert answer is not None
    assert (answer.verdict, answer.diagnosis, answer.rows) == (None, diagnosis, ())
    assert answer.reason
    assert said in answer.reason


@pytest.mark.parametrize("question", [
    "does OpenAI fund Microsoft", "is Microsoft funded by OpenAI", "is Google funded by Anthropic",
    "does OpenAI supply Microsoft with compute", "does Google own Alphabet",
    "is Google the parent of Alphabet", "is Google Alphabet's parent",
    "does Anthropic develop OpenAI",
    "does X Corp. depend on xAI", "is OpenAI a supplier of Microsoft",
    "is Anthropic an investor in Amazon", "is Microsoft a customer of OpenAI",
    "does OpenAI have founders from Anthropic", "is Anthropic developed by Claude",
    "is Alphabet a subsidiary of Google",
    "is Alphabet Google's subsidiary",
    "does Google have a subsidiary Alphabet",
    "does Alphabet have a parent Google",
    "does OpenAI control its non-profit parent",
    "does xAI supply data to X Corp.", "is it Microsoft that OpenAI funds",
    "is it Anthropic that Amazon depends on", "Google owns Alphabet, right?",
    "does xAI feed data to X Corp.",
    "does interpretability emphasize Claude",
    "does the latest round take part in Amazon",
    "is Claude the developer of Anthropic",
])
def test_the_other_direction_is_not_said(question: str, graph: Graph) -> None:
    assert not yes(question, graph)


@pytest.mark.parametrize("question", [
    "did Microsoft sue OpenAI", "does Microsoft bake OpenAI", "does Google love Anthropic",
    "did Microsoft create OpenAI", "is Amazon larger than Anthropic",
    "does Microsoft need OpenAI",
    "does Microsoft like OpenAI",
    "did Amazon help Anthropic",
    "does Microsoft count on OpenAI",
    "is Google Anthropic",
    "is OpenAI Anthropic",
    "is Amazon the same as Anthropic",
    "is Microsoft different from OpenAI",
    "is OpenAI a mere model company",
])
def test_another_relation_is_not_said(question: str, graph: Graph) -> None:
    assert not yes(question, graph)


@pytest.mark.parametrize("question", [
    "does profit shortfall trigger valuation pressure",
    "does profit shortfall trigger listing pressure",
    "did Microsoft invest in OpenAI first", "did Microsoft stop investing in OpenAI",
    "is Microsoft OpenAI's only investor", "does only Microsoft supply compute to OpenAI",
    "does Microsoft no longer fund OpenAI", "will Microsoft fund Anthropic",
    "did all participants invest in OpenAI", "is Amazon the biggest investor in Anthropic",
])
def test_more_than_is_said_is_not_said(question: str, graph: Graph) -> None:
    assert not yes(question, graph)


@pytest.mark.parametrize("question", [
    "does OpenAI give more weight to safety than Anthropic",
    "does Anthropic give more weight to safety than Google",
    "does Anthropic give more weight to stability than Meta",
    "is Anthropic more aggressive than OpenAI", "is OpenAI more aggressive than Google",
    "does OpenAI have an advantage over Google", "is Anthropic safer than OpenAI",
    "is Anthropic bigger than OpenAI",
])
def test_than_is_held_against_whom_the_claim_compares(question: str, graph: Graph) -> None:
    assert not yes(question, graph)


@pytest.mark.parametrize(("question", "expected"), [
    ("does Google not need outside money", True), ("does Google need no outside money", True),
    ("doesn't Microsoft supply compute to OpenAI", False),
    ("does OpenAI not own a consumer platform", True),
    ("does OpenAI have no consumer platform", True),
    ("is OpenAI not only a model company", True), ("does Google have no data centers", False),
    ("does OpenAI lack a consumer platform", True), ("does xAI lack an enterprise ecosystem", True),
])
def test_a_negation_turns_the_answer(question: str, expected: bool, graph: Graph) -> None:
    answer = verdict(question, graph)
    assert answer is not None
    assert answer.verdict is expected


@pytest.mark.parametrize("question", [
    "is the lack of a broad enterprise-level ecosystem a disadvantage of xAI",
    "is the lack of an enterprise ecosystem a disadvantage of xAI",
    bug("does xAI have the disadvantage of lacking an enterprise ecosystem",
        reason="`lack` turns round what it is part of"),
    "does OpenAI have the ability to expand fast",
    "does Meta have an API service",
])
def test_what_is_said_is_not_denied(question: str, graph: Graph) -> None:
    answer = verdict(question, graph)
    assert answer is None or answer.verdict is not False


def wordings() -> dict[str, list[str]]:
    """The verb phrases by which each property is known."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(ONTOLOGY.glob("*.ttl")):
        for triple in parse(path=str(path), format=RdfFormat.TURTLE):
            if triple.predicate.value in (RDFS + "label", SKOS + "altLabel") and isinstance(
                    triple.subject, NamedNode):
                head = triple.object.value.split()[0]
                if head.endswith("s") or triple.predicate.value == RDFS + "label":
                    found[compact(triple.subject.value)].append(triple.object.value)
    return found


def claimed(graph: Graph) -> list[tuple[str, str, str]]:
    return [(compact(subject.value), compact(predicate.value), compact(target.value))
            for subject, predicate, target in graph.engine.select(CLAIMED).rows
            if isinstance(subject, NamedNode) and isinstance(predicate, NamedNode)
            and isinstance(target, NamedNode)]


def test_what_is_claimed_is_affirmed_in_the_words_of_the_ontology(graph: Graph) -> None:
    label, words = graph.lexicon.label, wordings()
    asked = [f"is it true that {label(subject)} {words[predicate][0]} {label(target)}?"
             for subject, predicate, target in claimed(graph) if predicate in words]
    found = [verdict(question, graph) for question in asked]
    denied = [question for question, answer in zip(asked, found, strict=True)
              if answer is not None and answer.verdict is False]
    affirmed = sum(answer is not None and answer.verdict is True for answer in found)
    assert len(asked) > 100
    assert affirmed >= 0.9 * len(asked)
    assert len(denied) <= 3, denied  # a name that holds `lack` or `ability` turns its claim round


REVERSED = {
    "aikg:controls": "a noun behind the verb (`keeps control of`) holds both ways",
    "aikg:dependsOn": "the passive of a verb with a particle (`propped up by`) holds both ways",
}


@pytest.mark.parametrize("predicate", [
    "aikg:investsStrategicallyIn", "aikg:suppliesComputeTo", "aikg:suppliesChipsTo",
    "aikg:investsIn", "aikg:dependsOnCapitalOf", "aikg:hasSomeFoundersFrom", "aikg:develops",
    "aikg:reshapes", "aikg:isSubsidiaryOf", "aikg:suppliesDataTo",
    *(bug(name, reason=reason) for name, reason in REVERSED.items()),
])
def test_what_is_claimed_is_not_affirmed_the_other_way_round(predicate: str, graph: Graph) -> None:
    label, words = graph.lexicon.label, wordings()
    facts = [fact for fact in claimed(graph) if fact[1] == predicate]
    asked = [f"is it true that {label(target)} {wording} {label(subject)}?"
             for subject, _, target in facts for wording in words[predicate]]
    assert asked
    assert [question for question in asked if yes(question, graph)] == []


@pytest.mark.parametrize("predicate", SYMMETRIC)
def test_what_holds_both_ways_is_affirmed_both_ways(predicate: str, graph: Graph) -> None:
    label, words = graph.lexicon.label, wordings()
    for subject, _, target in (fact for fact in claimed(graph) if fact[1] == predicate):
        for left, right in ((subject, target), (target, subject)):
            question = f"is it true that {label(left)} {words[predicate][0]} {label(right)}?"
            assert yes(question, graph), question


def row(grade: str, denied: bool | None = None) -> Row:
    item = Evidence("claim:1", "X pays.", "source:a", "a", ("p1",), "hedged", False, "entity", None)
    flag = None if denied is None else Literal(denied)
    return Row((NamedNode("x:x"), flag), grade, (item,))


@pytest.mark.parametrize(("rows", "lacking", "expected"), [
    ((), False, None),
    ((row("stated"),), False, True), ((row("evaluated"),), False, True),
    ((row("inferred"),), False, True),
    ((row("hedged"),), False, None), ((row("group"),), False, None),
    ((row("conditional"), row("stated")), False, True),
    ((row("stated", denied=True),), False, False), ((row("stated", denied=False),), False, True),
    ((row("stated", denied=True), row("stated", denied=False)), False, False),
    ((row("stated", denied=True),), True, True), ((row("stated", denied=False),), True, False),
    ((row("hedged", denied=True),), True, None),
])
def test_rows_as_a_verdict(rows: tuple[Row, ...], lacking: bool, expected: bool | None) -> None:
    given = Answer(("who", "denied"), rows, reason="none", diagnosis=NEVER)
    answer = verdict_of_rows(given, lacking)
    assert (answer.kind, answer.columns, answer.verdict) == ("verdict", ("answer",), expected)
    assert len(answer.rows) == (expected is not None)
    assert all(found.values == () and found.evidence for found in answer.rows)


def test_weak_rows_say_how_weak() -> None:
    answer = verdict_of_rows(Answer(("who", "x"), (row("hedged"),)))
    assert answer.diagnosis == HEDGED
    assert answer.reason == "only hedged: X pays. (claim:1, p1)"
    empty = verdict_of_rows(Answer(("who",), (), reason="denied: X", diagnosis=DENIED))
    assert (empty.reason, empty.diagnosis) == ("denied: X", DENIED)


@pytest.mark.parametrize("question", [
    "does Google close data centers", "does Google rent data centers",
    "does OpenAI miss a consumer platform", "did xAI abandon vertical integration",
])
def test_a_verb_that_means_no_relation_is_not_to_have(question: str, graph: Graph) -> None:
    answer = verdict(question, graph)
    assert answer is None or answer.verdict is None
