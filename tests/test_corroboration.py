"""Corroboration: each state, from a claim and a statement that lead to it."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest
from pyoxigraph import Literal, NamedNode

import aikg
from aikg.built import Built
from aikg.cli import main
from aikg.corroboration import compare
from aikg.errors import NoAnswer
from aikg.graph import Graph
from aikg.names import AIKG, PREFIXES, THING, XSD
from tests.wikidata import DAY, graph_with_snapshot

CLAIM = PREFIXES["claim"]
PASSAGE = "https://w3id.org/aikg/source/bitpush-openai-financing/I.p1.s1"
SNAPSHOT = f"outside-{DAY.date().isoformat()}.nt"
WD, P = PREFIXES["wd"], "http://www.wikidata.org/prop/"


def rows(graph: Graph) -> list[tuple[str, str, str, str, str]]:
    """Thing, relation, claimed, state and outside of each row."""
    answer, _ = compare(graph)
    return [(str(one["thing"]), str(one["relation"]), str(one["claimed"]), str(one["state"]),
             str(one["outside"])) for one in answer]


def test_the_article_beside_the_invented_snapshot() -> None:
    answer, unlinked = compare(graph_with_snapshot())
    assert unlinked > 0
    assert [(row["thing"], row["relation"], row["claimed"], row["state"], row["outside"],
             row["property"], row["since"]) for row in answer] == [
        ("Amazon", "invests strategically in", "Anthropic", "agrees", "Amazon", "investor",
         "1823-01-01T00:00:00Z"),
        ("Anthropic", "develops", "Claude", "silent", "", "wdt:P178", None),
        ("Google", "invests strategically in", "Anthropic", "silent", "Amazon", "investor",
         "1823-01-01T00:00:00Z"),
        ("Google", "is subsidiary of", "Alphabet Inc.", "agrees", "Alphabet Inc.",
         "parent organization", None),
        ("Meta Platforms", "develops", "LLaMA", "silent", "", "wdt:P178", None),
        ("Microsoft", "invests strategically in", "OpenAI", "agrees", "Microsoft", "investor",
         None),
        ("OpenAI", "founded in year", 2015, "agrees", "2015-12-11", "inception", None),
        ("OpenAI", "founded in year", 2015, "differs", "1815-12-11", "inception", None),
    ]
    assert all(row.evidence and row.grade == "stated" for row in answer.rows)
    assert {str(row["snapshot"]) for row in answer} == {"2000-01-01"}


@dataclass(frozen=True)
class Case:
    """A further claim on Nvidia, and a further statement on its item."""

    predicate: str
    target: NamedNode | Literal
    stated: str
    """Property and value of the statement, with its qualifiers; or nothing."""
    state: str
    denied: bool = False
    time: str = ""


def year(number: int) -> Literal:
    return Literal(str(number), datatype=NamedNode(XSD + "integer"))


def instant(text: str) -> str:
    return f'"{text}T00:00:00Z"^^<{XSD}dateTime>'


MICROSOFT, GOOGLE = NamedNode(THING + "microsoft"), f"<{WD}Q95>"
SINCE = f"; <{P}qualifier/P580>"
CASES = {
    "same year": Case("foundedInYear", year(1993), f"P571 {instant('1993-04-05')}", "agrees"),
    "another year": Case("foundedInYear", year(1993), f"P571 {instant('1994-04-05')}", "differs"),
    "no year": Case("foundedInYear", year(1993), "", "silent"),
    "year 10": Case("foundedInYear", year(199), f"P571 {instant('1993-04-05')}", "differs"),
    "a year as text": Case("foundedInYear", year(1993), 'P571 "1993"', "agrees"),
    "no date": Case("foundedInYear", year(1993), 'P571 "in spring"', "differs"),
    "denied, and not said": Case("foundedInYear", year(1993), f"P571 {instant('1994-04-05')}",
                                 "silent", denied=True),
    "denied, and said": Case("foundedInYear", year(1993), f"P571 {instant('1993-04-05')}",
                             "differs", denied=True),
    "same parent": Case("isSubsidiaryOf", MICROSOFT, f"P749 <{WD}Q2283>", "agrees"),
    "another parent beside": Case("isSubsidiaryOf", MICROSOFT, f"P749 {GOOGLE}", "silent"),
    "the other way round": Case("hasSubsidiary", MICROSOFT, f"P355 <{WD}Q2283>", "agrees"),
    "since later": Case(
        "foundedInYear", year(1993), f"P571 {instant('1994-04-05')} {SINCE} "
        f"{instant('2026-02-01')}", "newer", time="2025-01-01T00:00:00Z"),
    "since earlier": Case(
        "foundedInYear", year(1993), f"P571 {instant('1994-04-05')} {SINCE} "
        f"{instant('2024-02-01')}", "differs", time="2025-01-01T00:00:00Z"),
    "at a later time": Case(
        "foundedInYear", year(1993), f"P571 {instant('1994-04-05')} ; <{P}qualifier/P585> "
        f"{instant('2026-02-01')}", "newer", time="2025-01-01T00:00:00Z"),
}


def with_case(case: Case) -> Graph:
    base = graph_with_snapshot().built
    content = dict(base.content)
    lines = [
        ("a", f"<{AIKG}Claim>"), ("subject", f"<{THING}nvidia>"),
        ("predicate", f"<{AIKG}{case.predicate}>"), ("modality", f"<{AIKG}Stated>"),
        ("object" if isinstance(case.target, NamedNode) else "value", str(case.target)),
        ("statedIn", f"<{PASSAGE}>"), *([("denied", f'"true"^^<{XSD}boolean>')] * case.denied),
        *([("validFrom", f'"{case.time}"^^<{XSD}dateTime>')] * bool(case.time)),
    ]
    kind = f"<{PREFIXES['rdf']}type>"
    content["graph.nt"] += "".join(
        f"<{CLAIM}test-1> {kind if name == 'a' else f'<{AIKG}{name}>'} {value} .\n"
        for name, value in lines).encode()
    if case.stated:
        name, _, value = case.stated.partition(" ")
        parts = value.split(" ; ")
        node = f"<{WD}statement/Q182477-test>"
        content[SNAPSHOT] += "".join([
            f"<{WD}Q182477> <{P}{name}> {node} .\n", f"{node} <{P}statement/{name}> {parts[0]} .\n",
            *(f"{node} {part} .\n" for part in parts[1:])]).encode()
    return Graph(Built(None, content))


@pytest.mark.parametrize("name", CASES)
def test_states(name: str) -> None:
    graph = with_case(CASES[name])
    assert [state for thing, _, _, state, _ in rows(graph) if thing == "Nvidia"] == [
        CASES[name].state]


def test_a_claim_whose_end_is_not_linked_is_counted() -> None:
    _, before = compare(graph_with_snapshot())
    unlinked = Case("isSubsidiaryOf", NamedNode(THING + "companies"), "", "")
    answer, after = compare(with_case(unlinked))
    assert after == before + 1
    assert "Nvidia" not in {row["thing"] for row in answer}


def test_without_a_snapshot_there_is_nothing_to_compare(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(NoAnswer, match="no snapshot of what is said outside: run `aikg link ref"):
        compare(aikg.open())
    with pytest.raises(SystemExit) as caught:
        main(["link", "compare"])
    assert caught.value.code == 3
    assert capsys.readouterr().out == ""


def test_the_command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aikg.terminal.open_graph", graph_with_snapshot)
    with pytest.raises(SystemExit) as caught:
        main(["link", "compare", "-f", "jsonl"])
    shown = capsys.readouterr()
    found = [json.loads(line) for line in shown.out.splitlines()]
    assert caught.value.code == 0
    assert {row["state"] for row in found} == {"agrees", "differs", "silent"}
    assert all(row["evidence"][0]["passages"] for row in found)
    assert "more claims have a property outside" in shown.err
