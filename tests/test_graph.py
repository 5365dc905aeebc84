"""The graph in Python: open, ask, run and sparql, what they take, and what they raise."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode

import aikg
from aikg import (
    AikgError,
    AmbiguousName,
    Answer,
    Evidence,
    Graph,
    NoAnswer,
    UnknownName,
    UnknownQuery,
    UnknownQuestion,
)
from aikg.built import Built
from aikg.errors import QueryError, StoreError, UnknownSlot
from aikg.names import AIKG, THING
from aikg.store import Result, Solutions


def first_column(answer: Answer) -> list[str]:
    return [answer.text(row.values[0]) for row in answer.rows]


def test_the_example_of_the_package_holds(graph: Graph) -> None:
    answer = graph.ask("who supplies OpenAI's compute")
    assert [(row["supplier"], row["grade"]) for row in answer] == [
        ("Microsoft", "stated"), ("Amazon", "group"), ("Nvidia", "group"), ("SoftBank", "group")]
    evidence = graph.run("investors", company="Anthropic").evidence
    assert {item.claim.rpartition("-")[2] for item in evidence} == {"085", "086"}
    assert all(isinstance(item, Evidence) for item in evidence)


def test_all_that_is_promised_can_be_imported() -> None:
    assert all(hasattr(aikg, name) for name in aikg.__all__)
    assert isinstance(aikg.open(), Graph)
    assert aikg.__version__


@pytest.mark.parametrize("customer", [
    "OpenAI", "open-ai", "thing:openai", THING + "openai", f"<{THING}openai>", ["OpenAI"],
    ("openai", "thing:openai"), iter(["OpenAI"]),
])
def test_a_slot_takes_names_and_iris_and_lists(customer: Any, graph: Graph) -> None:
    answer = graph.run("compute-suppliers", customer=customer)
    assert set(answer.bindings["customer"]) == {THING + "openai"}
    assert first_column(answer) == ["Microsoft", "Amazon", "Nvidia", "SoftBank"]


def test_several_values_mean_any_of_them(graph: Graph) -> None:
    single = [graph.run("investors", company=name) for name in ("OpenAI", "Anthropic")]
    both = graph.run("investors", company=["OpenAI", "Anthropic"])
    assert set(both.rows) == {row for answer in single for row in answer.rows}
    assert both.bindings["company"] == (THING + "openai", THING + "anthropic")


def test_slots_narrow_each_other(graph: Graph) -> None:
    everyone = graph.run("investments")
    some = graph.run("investments", investor="Google")
    one = graph.run("investments", investor="Google", company="Anthropic")
    assert set(one.rows) <= set(some.rows) < set(everyone.rows)
    assert graph.run("investments", investor=[]).rows == everyone.rows
    assert graph.run("investments", investor=[]).bindings == {}


@pytest.mark.parametrize(("year", "rows"), [(2015, True), ("2015", True), ([2014, 2015], True),
                                            (1999, False)])
def test_a_number_may_be_text(year: Any, rows: bool, graph: Graph) -> None:
    answer = graph.run("founding", company="OpenAI", year=year)
    assert bool(answer.rows) is rows


@pytest.mark.parametrize("type_", ["foundation model", "FoundationModel", "aikg:FoundationModel"])
def test_a_class_is_a_value_too(type_: str, graph: Graph) -> None:
    answer = graph.run("entities", type=type_)
    assert answer.bindings == {"type": (AIKG + "FoundationModel",)}
    assert {"Claude", "LLaMA"} <= set(first_column(answer)) | {
        answer.text(value) for row in answer.rows for value in row.values}


def test_the_name_of_a_query_is_positional_only(graph: Graph) -> None:
    parameter = inspect.signature(Graph.run).parameters["name"]
    assert parameter.kind is inspect.Parameter.POSITIONAL_ONLY
    with pytest.raises(UnknownSlot, match="has no slot 'name'"):
        graph.run("investors", name="OpenAI")


@pytest.mark.parametrize(("name", "slots", "error", "message", "candidates"), [
    ("compute-supplier", {}, UnknownQuery, "there is no stored query 'compute-supplier'",
     "compute-suppliers"),
    ("investors", {"owner": "OpenAI"}, UnknownSlot, "investors has no slot 'owner'", "company"),
    ("passage", {}, UnknownSlot, "passage needs --id", "id"),
    ("claims-about", {"entity": []}, UnknownSlot, "claims-about needs --entity", "entity"),
    ("investors", {"company": "Opnai"}, UnknownName, "nothing is named 'Opnai'", "OpenAI"),
    ("investors", {"company": "thing:nobody"}, UnknownName, "nothing bears the IRI", ""),
    ("investors", {"company": "Claude"}, UnknownName, "'Claude' is not", ""),
    ("entities", {"type": "path"}, AmbiguousName, "'path' may mean several things",
     "aikg:TechnicalRoute"),
    ("founding", {"year": "long ago"}, NoAnswer, "not a whole number", ""),
    ("passage", {"id": "\ud800"}, NoAnswer, "not a text", ""),
])
def test_errors(
    name: str, slots: dict[str, Any], error: type[AikgError], message: str, candidates: str,
    graph: Graph,
) -> None:
    with pytest.raises(error) as caught:
        graph.run(name, **slots)
    assert message in str(caught.value)
    assert candidates == "" or candidates in getattr(caught.value, "candidates", ())


def test_a_question_that_is_not_understood_is_an_error_with_candidates(graph: Graph) -> None:
    with pytest.raises(UnknownQuestion) as caught:
        graph.ask("who funds Zyzzyva")
    assert "zyzzyva" in str(caught.value)
    assert "Who funds an organization?" in caught.value.candidates
    assert isinstance(caught.value, NoAnswer)


def test_asking_is_running_what_was_understood(graph: Graph) -> None:
    asked, run = graph.ask("who funds Anthropic"), graph.run("investors", company="Anthropic")
    assert asked == run
    assert hash(asked) == hash(run)
    assert asked != graph.run("investors", company="OpenAI")
    assert asked.sparql.count("VALUES ?company") == 1
    assert "UNDEF" not in asked.sparql


@pytest.mark.parametrize(("question", "verdict", "diagnosis"), [
    ("does Microsoft fund OpenAI", True, None), ("does Google need outside money", False, None),
    ("does Amazon supply compute to OpenAI", None, "hedged"),
    ("does Nvidia fund Meta", None, "never-claimed"),
])
def test_a_yes_no_question_gives_a_verdict(
    question: str, verdict: bool | None, diagnosis: str | None, graph: Graph,
) -> None:
    answer = graph.ask(question)
    assert (answer.kind, answer.columns) == ("verdict", ("answer",))
    assert (answer.verdict, answer.diagnosis) == (verdict, diagnosis)
    assert bool(answer.reason) == (verdict is None) == (answer.rows == ())
    assert [row["answer"] for row in answer] == {True: ["yes"], False: ["no"], None: []}[verdict]


@pytest.mark.parametrize("question", [
    "does Google have its own chips", "is Nvidia a chip supplier",
])
def test_a_verdict_does_not_name_another_question(question: str, graph: Graph) -> None:
    answer = graph.ask(question)
    assert answer.query != "chip-suppliers" or "customer" not in answer.bindings


def test_labels_are_given_for_what_is_shown(graph: Graph) -> None:
    answer = graph.run("investments", investor="Google")
    shown = {term.value for row in answer.rows for term in row.values
             if isinstance(term, NamedNode)}
    assert set(answer.labels) == shown
    assert answer.labels[THING + "google"] == "Google"
    assert graph.labels([]) == {}


def test_sparql_gives_rows_without_evidence(graph: Graph) -> None:
    answer = graph.sparql(f"SELECT ?x ?n WHERE {{ VALUES (?x ?n) {{ (<{THING}meta> 1) }} }}")
    assert (answer.columns, list(answer)) == (("x", "n"), [{"x": "Meta Platforms", "n": 1}])
    assert (answer.query, answer.graded, answer.evidence) == (None, False, ())
    assert graph.sparql("ASK { ?s ?p ?o }").verdict is True
    assert graph.sparql("ASK { <x:x> ?p ?o }").kind == "boolean"
    triples = graph.sparql("CONSTRUCT { <x:a> <x:b> <x:c> } WHERE {}")
    assert (triples.kind, len(triples.triples)) == ("graph", 1)
    with pytest.raises(StoreError, match="not SPARQL"):
        graph.sparql("SELECT")


def test_sparql_sees_every_graph(graph: Graph) -> None:
    names = {str(row["g"]) for row in graph.sparql("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")}
    assert {"graph:links", "graph:ontology"} <= names


class Canned:
    """An engine that says the same to every SELECT, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, tuple[str, ...]]] = []

    def query(self, text: str, graphs: Any = ()) -> Result:
        self.asked.append((text, tuple(graphs)))
        return Solutions((), ()) if text.lstrip().startswith("SELECT") else False

    def select(self, text: str, graphs: Any = ()) -> Solutions:
        self.asked.append((text, tuple(graphs)))
        return Solutions(("entity", "relation", "identifier"), ())


def test_another_engine_may_answer(graph: Graph) -> None:
    engine = Canned()
    answer = Graph(graph.built, engine).run("external-links", entity="Nvidia")
    assert (answer.rows, answer.diagnosis) == ((), "broken")
    assert engine.asked[0] == (answer.sparql, ("links",))


def test_a_broken_query_does_not_run(graph: Graph) -> None:
    query = graph.catalog.query("investors")._replace(error="queries/investors.rq:3: no summary")
    with pytest.raises(QueryError, match=r"queries/investors\.rq:3: no summary"):
        graph.answer(query, {"company": [THING + "openai"]})


def test_a_graph_that_is_not_there_is_our_error(graph: Graph) -> None:
    held = {name: graph.built.read(name) for name in ("catalog.json", "lexicon.json")}
    partial = Built(None, {name: content for name, content in held.items() if content})
    with pytest.raises(AikgError):
        Graph(partial).run("investors")


def test_text_values_are_terms(graph: Graph) -> None:
    answer = graph.run("former-names", former="Twitter")
    assert answer.bindings == {"former": ("Twitter",)}
    assert [row["company"] for row in answer] == ["X Corp."]
    assert any(isinstance(value, Literal) for row in answer.rows for value in row.values)
