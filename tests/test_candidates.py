"""Candidates: what the API's schema allows is answered, all else refused, and nothing guessed."""

from __future__ import annotations

import time
from typing import Any

import pytest

from aikg.graph import Graph
from tests.serving import LACKING, REASON

if LACKING:
    pytest.skip(REASON, allow_module_level=True)

from aikg.web.candidates import candidates, read_query
from aikg.web.exchange import Problem

COMPETES = {"pid": "competesWith", "v": "Anthropic"}


VALUES: list[Any] = ["", 1, 1.5, True, [], ["a", 2, {"id": "b"}], {"id": ""},
                     {"id": "a", "name": "b"}, {"id": "a", "more": None}]
WRONG: dict[str, list[Any]] = {
    "type": [1, None, [1], ["a", None], {}], "type_strict": ["some", None, []],
    "limit": [0, -1, "1", None, True, float("nan")],
    "properties": [{}, None, ["a"], [{}], [{"pid": "a"}], [{"v": "a"}], [{"pid": 1, "v": "a"}],
                   [COMPETES] * 60 + [{}]]}
WRONG_VALUES: list[Any] = [None, {}, {"name": "b"}, {"id": 1}, {"id": "a", "name": 1}, [None],
                           [["b"]]]


def found(graph: Graph, **query: Any) -> list[dict[str, Any]]:
    return candidates(read_query(query), graph)


@pytest.mark.parametrize("query", [
    {"query": ""}, {"query": "x", "type": []}, {"query": "x", "type": ["a", "b"]},
    {"query": "x", "limit": 2.5}, {"query": "x", "properties": []}, {"properties": [COMPETES]},
    *({"query": "x", "type_strict": word} for word in ("any", "should", "all")),
    *({"query": "x", "properties": [{"pid": "", "v": value}]} for value in VALUES),
])
def test_what_the_schema_allows_is_a_query(query: dict[str, Any]) -> None:
    assert read_query(query).limit >= 1


@pytest.mark.parametrize(("query", "says"), [
    ("x", "is an object"), (None, "is an object"), ({"query": "x", "more": 1}, "is an object"),
    ({}, "at least one"), ({"limit": 3}, "at least one"), ({"properties": []}, "at least one"),
    ({"query": None}, "`query`"), ({"query": 1}, "`query`"), ({"query": "x" * 201}, "`query`"),
    *(({"query": "x", name: value}, f"`{name}`") for name, values in WRONG.items()
      for value in values),
    *(({"query": "x", "properties": [{"pid": "a", "v": value}]}, "`properties`")
      for value in WRONG_VALUES),
])
def test_what_the_schema_does_not_allow_is_400(query: Any, says: str) -> None:
    with pytest.raises(Problem) as problem:
        read_query(query)
    assert problem.value.status == 400
    assert says in problem.value.detail


@pytest.mark.parametrize("text", [
    "thing:openai", "https://w3id.org/aikg/thing/openai", " thing:openai "])
def test_an_identifier_finds_its_thing(text: str, graph: Graph) -> None:
    first = found(graph, query=text)[0]
    assert (first["id"], first["score"], first["match"]) == ("openai", 100.0, True)


def test_a_bare_identifier_finds_its_thing_and_is_a_match_only_as_its_name(graph: Graph) -> None:
    ids = [curie.removeprefix("thing:") for curie in graph.lexicon.types if "thing:" in curie]
    firsts = {one: found(graph, query=one)[0] for one in ids}
    assert [one for one, first in firsts.items() if first["id"] != one] == []
    assert {first["score"] for first in firsts.values()} == {99.0, 100.0}
    assert {first["match"] for first in firsts.values() if first["score"] == 99.0} == {False}


def test_properties_alone_find_what_has_them(graph: Graph) -> None:
    one = found(graph, properties=[COMPETES], limit=50)
    two = found(graph, properties=[COMPETES, {"pid": "develops", "v": ["Claude", "GPT"]}], limit=50)
    assert "openai" in [result["id"] for result in one]
    assert {result["score"] for result in one} == {20.0}
    assert not any(result["match"] for result in (*one, *two))
    assert [feature["id"] for feature in one[0]["features"]] == ["properties"]
    scores = [result["score"] for result in two]
    assert scores == sorted(scores, reverse=True)
    assert {result["id"] for result in one} <= {result["id"] for result in two}
    assert found(graph, properties=[COMPETES], type="Model") == []
    assert found(graph, properties=[{"pid": "no such<>", "v": 1}]) == []


@pytest.mark.parametrize("text", ["closed source", "about", "reported", "aikg:ClosedSource"])
def test_what_has_no_identifier_here_is_no_candidate(text: str, graph: Graph) -> None:
    """Terms of the ontology have names too, but no page under the view of the manifest."""
    assert not {"ClosedSource", "About", "Reported"} & {
        result["id"] for result in found(graph, query=text, limit=50)}


def test_a_query_of_many_properties_takes_no_time(graph: Graph) -> None:
    names = ("rdf:type", "rdfs:label", "competesWith", "ultimatelyDependsOn")
    begin = time.perf_counter()
    found(graph, properties=[{"pid": name, "v": "x"} for name in names] * 12)
    assert time.perf_counter() - begin < 1
