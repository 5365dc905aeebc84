"""Evidence: each row names the claims behind it, and is graded by the weakest that it needs."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse, serialize

from aikg import Graph
from aikg.answer import GRADES, Evidence, Row
from aikg.evidence import evidence_of, firmest, grade_of, rows_with_evidence, weakest
from aikg.names import AIKG, CLAIM, PREFIXES, SOURCE, THING
from aikg.proof import Prover
from aikg.query import Query
from aikg.rules import Rule
from aikg.store import Store

PASSAGES = """
source:s aikg:shortName "Essay" .
<https://w3id.org/aikg/source/s/p1>
    aikg:passageId "p1" ; aikg:inSource source:s ; aikg:startOffset 900 .
<https://w3id.org/aikg/source/s/p2>
    aikg:passageId "p2" ; aikg:inSource source:s ; aikg:startOffset 20 .
thing:group a aikg:Group .
"""
RULE = Rule("aikg:sells below aikg:supplies", ("?x", f"<{AIKG}supplies>", "?y"),
            (("?x", f"<{AIKG}sells>", "?y"),))
BOTH = Rule("chain", ("?x", f"<{AIKG}linked>", "?z"),
            (("?x", f"<{AIKG}sells>", "?y"), ("?y", f"<{AIKG}funds>", "?z")))


def claim(number: int, triple: str, modality: str = "Stated", more: str = "") -> str:
    """A claim, and its plain fact."""
    subject, predicate, target = triple.split()
    return (f"claim:{number} a aikg:Claim ; aikg:subject {subject} ; aikg:predicate {predicate} ; "
            f'aikg:object {target} ; aikg:modality aikg:{modality} {more}; '
            f'rdfs:comment "C{number}." ; '
            f"aikg:statedIn <{SOURCE}s/p1>, <{SOURCE}s/p2> . {triple} .\n")


CLAIMS = "".join([
    claim(1, "thing:a aikg:sells thing:b"),
    claim(2, "thing:a aikg:sells thing:b", "Evaluated"),
    claim(3, "thing:b aikg:funds thing:c", "Evaluated"),
    claim(4, "thing:group aikg:sells thing:c"),
    claim(5, "thing:a aikg:likes thing:c", "Hedged"),
    claim(6, "thing:a aikg:likes thing:b", "Supposed"),
    claim(7, "thing:group aikg:likes thing:b", "Forecast"),
    claim(8, "thing:c aikg:sells thing:a", "Stated", "; aikg:attributedTo thing:b "),
    claim(9, "thing:c aikg:funds thing:a", "Stated", "; aikg:denied true "),
]) + """
thing:a aikg:supplies thing:b . thing:group aikg:supplies thing:c . thing:a aikg:linked thing:c .
thing:a a aikg:Lab . thing:x aikg:knows thing:y .
"""


@pytest.fixture(scope="module")
def world() -> Store:
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    triples = parse((prefixes + PASSAGES + CLAIMS).encode(), format=RdfFormat.TURTLE)
    content = serialize(triples, format=RdfFormat.N_TRIPLES)
    assert content is not None
    return Store(content, lambda _: None)


def rows(
    world: Store, select: str, evidence: Sequence[tuple[str, ...]], columns: tuple[str, ...],
) -> list[Row]:
    text = f"PREFIX aikg: <{AIKG}> PREFIX claim: <{CLAIM}> PREFIX thing: <{THING}> {select}"
    query = Query("q", "Q?", text, "q.rq", columns=columns, evidence=tuple(evidence))
    prover = Prover(world, lambda: (RULE, BOTH), lambda: {"thing:a": ["aikg:Lab"]})
    return list(rows_with_evidence(query, world.select(text), world, prover))


def claims(row: Row) -> str:
    return " ".join(item.claim.removeprefix(CLAIM) for item in row.evidence)


def pattern(relation: str) -> tuple[str, ...]:
    return ("?s", f"<{AIKG}{relation}>", "?o")


@pytest.mark.parametrize(("values", "relation", "grade", "expected"), [
    ("thing:a thing:b", "sells", "stated", "1 2"),
    ("thing:b thing:c", "funds", "evaluated", "3"),
    ("thing:group thing:c", "sells", "group", "4"),
    ("thing:a thing:b", "supplies", "inferred", "1 2"),
    ("thing:group thing:c", "supplies", "inferred", "4"),
    ("thing:a thing:c", "linked", "inferred", "1 2 3"),
    ("thing:c thing:a", "sells", "not-claimed", ""),
    ("thing:c thing:a", "funds", "not-claimed", ""),
    ("thing:a thing:c", "likes", "not-claimed", ""),
    ("thing:x thing:y", "knows", "not-claimed", ""),
])
def test_a_fact_rests_on_its_firm_claims_or_on_a_rule(
    values: str, relation: str, grade: str, expected: str, world: Store,
) -> None:
    select = f"SELECT ?s ?o WHERE {{ VALUES (?s ?o) {{ ({values}) }} ?s aikg:{relation} ?o }}"
    [row] = rows(world, select, [pattern(relation)], ("s", "o"))
    assert (row.grade, claims(row)) == (grade, expected)


@pytest.mark.parametrize(("number", "grade"), [
    (1, "stated"), (2, "evaluated"), (5, "hedged"), (6, "conditional"), (4, "group"), (7, "group"),
])
def test_a_claim_gives_its_own_grade(number: int, grade: str, world: Store) -> None:
    [row] = rows(world, f"SELECT ?c WHERE {{ VALUES ?c {{ claim:{number} }} }}",
                 [("claim", "?c")], ("c",))
    assert (row.grade, claims(row)) == (grade, str(number))


@pytest.mark.parametrize(("evidence", "grade", "expected"), [
    ([pattern("sells"), ("claim", "?c")], "hedged", "5 1 2"),
    ([("?o", f"<{AIKG}funds>", f"<{THING}c>"), pattern("sells")], "evaluated", "3 1 2"),
    ([pattern("supplies"), pattern("sells")], "inferred", "1 2"),
    ([pattern("sells"), ("?s", f"<{AIKG}knows>", "?o")], "stated", "1 2"),
    ([pattern("sells"), ("?s", f"<{AIKG}sells>", "?gap")], "stated", "1 2"),
    ([], "not-claimed", ""),
])
def test_a_row_is_as_firm_as_its_weakest_link(
    evidence: list[tuple[str, ...]], grade: str, expected: str, world: Store,
) -> None:
    select = ("SELECT ?s ?o ?c ?gap WHERE { VALUES (?s ?o ?c ?gap) "
              "{ (thing:a thing:b claim:5 UNDEF) } }")
    [row] = rows(world, select, evidence, ("s", "o"))
    assert (row.grade, claims(row)) == (grade, expected)


def test_rows_that_show_the_same_are_one_with_the_union_and_the_firmest_grade(world: Store) -> None:
    select = ("SELECT ?s ?c WHERE { VALUES (?s ?c) { (thing:a claim:5) (thing:b claim:3) "
              "(thing:a claim:2) (thing:a claim:5) } }")
    first, second = rows(world, select, [("claim", "?c")], ("s",))
    assert [str(value) for value in first.values] == [f"<{THING}a>"]
    assert (first.grade, claims(first)) == ("evaluated", "5 2")
    assert (second.grade, claims(second)) == ("evaluated", "3")
    assert len(rows(world, select, [("claim", "?c")], ("s", "c"))) == 3


def test_what_is_known_of_a_claim(world: Store) -> None:
    found = evidence_of([CLAIM + "9", CLAIM + "8", CLAIM + "nothing", CLAIM + "4"], world)
    assert found[CLAIM + "9"] == Evidence(
        CLAIM + "9", "C9.", SOURCE + "s", "Essay", ("p2", "p1"), "stated", True, "entity", None)
    assert found[CLAIM + "8"].attributed_to == THING + "b"
    assert found[CLAIM + "4"].said_of == "group"
    assert set(found) == {CLAIM + name for name in "489"}
    assert evidence_of([], world) == {}


ITEM = Evidence("claim:1", "", "source:a", "A", ("p1",), "stated", False, "entity", None)


@pytest.mark.parametrize(("modality", "said_of", "grade"), [
    ("stated", "entity", "stated"), ("evaluated", "entity", "evaluated"),
    ("supposed", "entity", "conditional"), ("asked", "entity", "asked"),
    ("stated", "group", "group"), ("hedged", "group", "group"), ("supposed", "group", "group"),
])
def test_grade_of_a_claim(modality: str, said_of: str, grade: str) -> None:
    assert grade_of(ITEM._replace(modality=modality, said_of=said_of)) == grade


@pytest.mark.parametrize(("grades", "firm", "weak"), [
    (["stated", "hedged", "evaluated"], "stated", "hedged"), (["group"], "group", "group"),
    (["inferred", "disputed", "asked"], "asked", "inferred"), ([], "not-claimed", "not-claimed"),
    ([*GRADES], "stated", "not-claimed"), ([*reversed(GRADES)], "stated", "not-claimed"),
])
def test_firmest_and_weakest(grades: list[str], firm: str, weak: str) -> None:
    assert (firmest(grades), weakest(grades)) == (firm, weak)


def test_the_round_participants_are_graded_as_a_group(graph: Graph) -> None:
    answer = graph.run("compute-suppliers", customer="OpenAI")
    assert {(answer.text(row.values[0]), row.grade) for row in answer.rows} == {
        ("Microsoft", "stated"), ("Amazon", "group"), ("Nvidia", "group"), ("SoftBank", "group")}
    assert all(row.evidence for row in answer.rows)
    assert {item.said_of for row in answer.rows if row.grade == "group" for item in row.evidence
            if item.claim.endswith("033")} == {"group"}


def test_a_literal_is_a_fact_too(graph: Graph) -> None:
    answer = graph.run("founding", company="OpenAI", year=2015)
    [row] = [row for row in answer.rows if any(isinstance(term, Literal) and term.value == "2015"
                                               for term in row.values)]
    assert NamedNode(THING + "openai") in row.values
    assert (row.grade, claims(row)) == ("stated", "bitpush-011")
