"""Silence: an empty answer says which of four kinds of empty it is, and by which claim."""

from __future__ import annotations

from typing import Any

import pytest
from pyoxigraph import RdfFormat, parse, serialize

from aikg import Graph
from aikg.answer import Evidence
from aikg.names import AIKG, CLAIM, PREFIXES, THING
from aikg.query import Parameter, Query
from aikg.silence import (
    BROKEN,
    DENIED,
    HEDGED,
    NEVER,
    claims_from_to,
    explain,
    firm,
    predicates_of,
    quoted,
    silence_of,
)
from aikg.store import Store

WORLD = """
source:s aikg:shortName "S" .
<https://w3id.org/aikg/source/s/p1>
    aikg:passageId "p1" ; aikg:inSource source:s ; aikg:startOffset 0 .
thing:group a aikg:Group ; aikg:hasMember thing:b .
thing:a a aikg:Lab . thing:c a aikg:Lab .
thing:a aikg:funds thing:c .
"""


def claim(number: int, subject: str, relation: str, target: str, **more: str) -> str:
    more = {"modality": "aikg:Stated", **more}
    extra = "".join(f"; aikg:{name} {text} " for name, text in more.items())
    return (f"claim:{number} a aikg:Claim ; aikg:subject thing:{subject} ; aikg:predicate "
            f"aikg:{relation} ; aikg:object {target} {extra}; rdfs:comment \"Claim {number}.\" ; "
            f"aikg:statedIn <https://w3id.org/aikg/source/s/p1> .\n")


CLAIMS = "".join([
    claim(1, "a", "funds", "thing:c"),
    claim(2, "b", "funds", "thing:c", denied="true"),
    claim(3, "c", "funds", "thing:a", modality="aikg:Hedged"),
    claim(4, "group", "sells", "thing:a"),
    claim(5, "d", "funds", "aikg:Lab", denied="true"),
    claim(6, "a", "likes", "thing:c", comparedWith="thing:b"),
    claim(7, "e", "funds", "thing:c", modality="aikg:Conditional"),
    claim(8, "e", "funds", "thing:c", denied="true"),
])
FUNDERS = Query(
    "funders", "Who funds whom?", """PREFIX aikg: <https://w3id.org/aikg/ontology/>
SELECT ?funder ?funded WHERE {
  VALUES ?funder { UNDEF }
  VALUES ?funded { UNDEF }
  ?funder aikg:funds ?funded .
}""", "queries/funders.rq", columns=("funder", "funded"),
    parameters=(Parameter("funder", "entity", "who"), Parameter("funded", "entity", "whom")),
    evidence=(("?funder", f"<{AIKG}funds>", "?funded"),))
SELLERS = FUNDERS._replace(
    name="sellers", text=FUNDERS.text.replace("funds", "sells"), file="queries/sellers.rq",
    evidence=(("?funder", f"<{AIKG}sells>", "?funded"),))


def store(turtle: str) -> Store:
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    triples = parse((prefixes + turtle).encode(), format=RdfFormat.TURTLE)
    content = serialize(triples, format=RdfFormat.N_TRIPLES)
    assert content is not None
    return Store(content, lambda _: None)


@pytest.fixture(scope="module")
def world() -> Store:
    return store(WORLD + CLAIMS)


@pytest.mark.parametrize(("slots", "kind", "reason"), [
    ({"funder": "b"}, DENIED, "denied: Claim 2. (claim:2, p1)"),
    ({"funder": "b", "funded": "c"}, DENIED, "denied: Claim 2. (claim:2, p1)"),
    ({"funder": "d", "funded": "a"}, DENIED, "denied: Claim 5. (claim:5, p1)"),
    ({"funder": "c"}, HEDGED, "only hedged: Claim 3. (claim:3, p1)"),
    ({"funder": "e"}, DENIED, "denied: Claim 8. (claim:8, p1)"),
    ({"funder": "a", "funded": "b"}, NEVER,
     "nothing of the kind is claimed of thing:a and thing:b"),
    ({"funded": "b"}, NEVER, "nothing of the kind is claimed of thing:b"),
    ({"funder": "x"}, NEVER, "nothing of the kind is claimed of thing:x"),
])
def test_kinds_of_silence(
    slots: dict[str, str], kind: str, reason: str, world: Store, graph: Graph,
) -> None:
    values = {slot: [THING + name] for slot, name in slots.items()}
    silence = explain(FUNDERS, values, world, graph.lexicon)
    assert (silence.kind, silence.reason) == (kind, reason)
    assert (kind == NEVER) == (silence.evidence == ())


def test_a_query_that_matches_nothing_for_anyone_is_broken(world: Store, graph: Graph) -> None:
    for values in ({}, {"funder": [THING + "b"]}):
        silence = explain(SELLERS, values, world, graph.lexicon)
        assert silence.kind == BROKEN
        assert "sellers" in silence.reason
        assert "queries/sellers.rq" in silence.reason


def test_what_is_said_of_the_group_is_told_of_its_member(world: Store, graph: Graph) -> None:
    somewhere = store(WORLD + CLAIMS + "thing:y aikg:sells thing:z .")
    silence = explain(SELLERS, {"funder": [THING + "b"]}, somewhere, graph.lexicon)
    assert (silence.kind, silence.reason) == (
        HEDGED, "said only of the group: Claim 4. (claim:4, p1)")
    assert explain(SELLERS, {"funder": [THING + "a"]}, somewhere, graph.lexicon).kind == NEVER


def test_one_value_of_several_is_enough(world: Store, graph: Graph) -> None:
    values = {"funder": [THING + "b", THING + "x"]}
    assert explain(FUNDERS, values, world, graph.lexicon).kind == DENIED


@pytest.mark.parametrize("text", ["://", "https://w3id.org/aikg/thing/openai> ?p", "a://b c"])
def test_a_text_that_looks_like_an_iri(text: str, graph: Graph) -> None:
    assert graph.run("passage", id=text).diagnosis == NEVER


@pytest.mark.parametrize(("query", "slots", "kind", "said"), [
    ("dependencies", {"company": "Meta"}, DENIED, "claim:bitpush-103"),
    ("dependencies", {"company": "Meta", "dependency": "API services"}, DENIED,
     "claim:bitpush-103"),
    ("assets", {"owner": "xAI", "asset": "thing:openai-enterprise-ecosystem"}, DENIED,
     "claim:bitpush-079"),
    ("founding", {"company": "OpenAI", "year": 1999}, NEVER, "OpenAI"),
    ("investors", {"company": "Nvidia"}, NEVER, "Nvidia"),
    ("investments", {"investor": "Anthropic"}, NEVER, "Anthropic"),
    ("compute-suppliers", {"customer": "Microsoft"}, NEVER, "Microsoft"),
    ("competitors", {"company": "Google", "competitor": "Meta"}, NEVER,
     "Google and Meta Platforms"),
    ("passage", {"id": "no such"}, NEVER, "nothing"),
    pytest.param("compute-suppliers", {"supplier": "OpenAI"}, NEVER, "OpenAI",
                 marks=pytest.mark.xfail(reason="said of the group is who supplies OpenAI")),
    pytest.param("self-sufficient", {"company": "OpenAI"}, NEVER, "OpenAI",
                 marks=pytest.mark.xfail(reason="denied is only that it owns a consumer platform")),
])
def test_run_says_why_it_is_empty(
    query: str, slots: dict[str, Any], kind: str, said: str, graph: Graph,
) -> None:
    answer = graph.run(query, **slots)
    assert (answer.rows, answer.diagnosis) == ((), kind)
    assert answer.reason
    assert said in answer.reason


@pytest.mark.parametrize(("question", "kind", "said"), [
    ("what does Meta depend on", DENIED, "claim:bitpush-103"),
    ("who supplies Microsoft", NEVER, "Microsoft"), ("who funds Amazon", NEVER, "Amazon"),
    pytest.param("what does valuation pressure trigger", NEVER, "valuation pressure",
                 marks=pytest.mark.xfail(reason="the claim says what triggers it")),
    ("does Amazon supply compute to OpenAI", HEDGED, "said only of the group"),
    ("does OpenAI face equity dilution", HEDGED, "claim:bitpush-158"),
    ("does Nvidia fund Meta", NEVER, "Nvidia and Meta Platforms"),
])
def test_ask_says_why_it_is_empty(question: str, kind: str, said: str, graph: Graph) -> None:
    answer = graph.ask(question)
    assert (answer.rows, answer.verdict, answer.diagnosis) == ((), None, kind)
    assert answer.reason
    assert said in answer.reason


def test_an_answer_with_rows_has_no_reason(graph: Graph) -> None:
    answer = graph.run("investors", company="Anthropic")
    assert (answer.reason, answer.diagnosis) == (None, None)


@pytest.mark.parametrize(("left", "predicates", "right", "than", "claims"), [
    ("a", {"funds"}, "c", None, "1"), ("c", {"funds"}, "a", None, "3"),
    ("a", set(), "c", None, "1 6"), ("a", {"likes"}, "c", "b", "6"), ("a", {"likes"}, "c", "d", ""),
    ("a", {"funds"}, "c", "b", ""), ("b", {"sells"}, "a", None, "4"),
    ("a", {"sells"}, "b", None, ""),
    ("d", {"funds"}, "c", None, "5"), ("d", {"funds"}, "b", None, ""),
])
def test_claims_from_one_thing_to_another(
    left: str, predicates: set[str], right: str, than: str | None, claims: str, world: Store,
) -> None:
    found = claims_from_to(world, THING + left, {AIKG + name for name in predicates},
                           THING + right, THING + than if than else None)
    assert [item.claim.removeprefix(CLAIM) for item in found] == claims.split()


def test_a_query_asks_for_its_relations_and_all_below(graph: Graph) -> None:
    relations = predicates_of(graph.catalog.query("investors"), graph.lexicon)
    assert {AIKG + "funds", AIKG + "investsStrategicallyIn"} <= relations
    assert AIKG + "competesWith" not in relations
    assert not {AIKG + "subject", AIKG + "hasMember"} & predicates_of(
        graph.catalog.query("chip-suppliers"), graph.lexicon)


ITEM = Evidence(
    CLAIM + "1", "X pays.", "source:a", "A", ("p1", "p2"), "stated", False, "entity", None)


@pytest.mark.parametrize(("item", "expected"), [
    (ITEM, True), (ITEM._replace(modality="evaluated"), True),
    (ITEM._replace(modality="hedged"), False), (ITEM._replace(modality="figurative"), False),
    (ITEM._replace(denied=True), False), (ITEM._replace(said_of="group"), False),
    (ITEM._replace(attributed_to="thing:x"), False),
])
def test_firm(item: Evidence, expected: bool) -> None:
    assert firm(item) is expected


def test_a_denial_comes_before_a_hedge(graph: Graph) -> None:
    hedged, denied = ITEM._replace(modality="hedged"), ITEM._replace(comment="No.", denied=True)
    silence = silence_of([hedged, denied], [THING + "openai"], graph.lexicon)
    assert (silence.kind, silence.evidence) == (DENIED, (denied,))
    assert silence_of([hedged], [], graph.lexicon).evidence == (hedged,)
    assert silence_of([], [THING + "openai", AIKG + "Chip"], graph.lexicon).reason == (
        "nothing of the kind is claimed of OpenAI and chip")


def test_a_claim_is_quoted_with_its_passages() -> None:
    assert quoted(ITEM) == "X pays. (claim:1, p1 p2)"
