"""A stored query is bound by terms: whatever a value holds, it stays one value."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode
from rdflib import URIRef
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from aikg import Graph
from aikg.errors import QueryError, UnknownSlot
from aikg.names import THING
from aikg.query import SLOT, Parameter, Query, query_from_json
from aikg.store import Store

TEXT = """PREFIX aikg: <https://w3id.org/aikg/ontology/>

SELECT ?company ?name
WHERE {
  VALUES ?company { UNDEF }
  VALUES ?name { UNDEF }
  ?company aikg:formerName ?name .
  OPTIONAL { ?company aikg:isSubsidiaryOf ?parent }
}
ORDER BY ?company ?name
"""
COMPANY = Parameter("company", "entity", "the organization", "aikg:Organization", required=True)
NAME = Parameter("name", "text", "the earlier name")
QUERY = Query("names", "Who was called what?", TEXT, "names.rq", parameters=(COMPANY, NAME))
OPENAI = NamedNode(THING + "openai")
META = NamedNode(THING + "meta")
HOSTILE = (
    '"', "'", "\\", '\\"', "'''", '"""', "<", ">", "\n", "\r", "\t", "\0", "{", "}", "#", "?name",
    "UNDEF", "$name", "@en", '"^^<x>', "\x7f", "\x85", "\u2028", "\ufffe", "\U0001f600", "",
    '" } ?s ?p ?o . { "', '"@en } #', "x' } UNION { ?s ?p ?o } #", "> } ; DROP ALL #",
    "VALUES ?name { UNDEF }", "\\g<0>", "\\1", "{0}",
)
# What a parser that replaces \u before it reads anything else takes for a quote, and so on.
ESCAPES = ("\\u0022", "\\U00000022", "\\\\u0022", "\\u005C", "\\u000A", "\\u005C\\u0022 } #")
TEXTS = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=8), max_size=4).map("".join)


def parsed(text: str) -> tuple[object, list[list[dict[str, str]]]]:
    """A query as another parser than the engine's reads it, without its tables; and these."""
    tables: list[list[dict[str, str]]] = []

    def shape(part: Any) -> object:
        if isinstance(part, CompValue):
            if part.name == "values":
                tables.append([{str(name): str(term) for name, term in row.items()}
                               for row in part.res])
                return "VALUES"
            return part.name, sorted((name, shape(value)) for name, value in part.items()
                                     if name != "_vars")
        if isinstance(part, list | tuple):
            return [shape(one) for one in part]
        return sorted(map(repr, part)) if isinstance(part, set | frozenset) else repr(part)

    return shape(translateQuery(parseQuery(text)).algebra), tables


def tables_of_engine(text: str) -> list[str]:
    """The values of ?name when the embedded engine reads the tables alone."""
    [line] = [line for line in text.split("\n  ") if line.startswith("VALUES ?name")]
    solutions = Store(b"", lambda _: None).select("SELECT ?name WHERE { " + line + " }")
    return [term.value for [term] in solutions.rows if isinstance(term, Literal)]


HARMLESS = parsed(QUERY.bind({"company": [OPENAI], "name": [Literal("harmless")]}))[0]


def names(*texts: str) -> dict[str, list[NamedNode | Literal]]:
    return {"company": [OPENAI], "name": [Literal(text) for text in texts]}


@given(st.lists(TEXTS, min_size=1, max_size=3))
@settings(max_examples=150, deadline=None, database=None)
def test_a_text_stays_one_value(texts: list[str]) -> None:
    bound = QUERY.bind(names(*texts))
    shape, tables = parsed(bound)
    assert tables == [[{"company": OPENAI.value}], [{"name": text} for text in texts]]
    assert shape == HARMLESS


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_stays_one_value(text: str) -> None:
    bound = QUERY.bind(names(text))
    assert parsed(bound) == (HARMLESS, [[{"company": OPENAI.value}], [{"name": text}]])


@pytest.mark.parametrize("text", [*HOSTILE[:20], *ESCAPES])
def test_the_engine_reads_back_what_was_bound(text: str) -> None:
    assert tables_of_engine(QUERY.bind(names(text))) == [text]


@pytest.mark.parametrize("text", ESCAPES)
def test_an_escape_in_a_text_is_text_to_every_parser(text: str) -> None:
    shape, tables = parsed(QUERY.bind(names(text)))
    assert shape == HARMLESS
    assert tables[1] == [{"name": text}]


@pytest.mark.parametrize("text", ["\\\0", "\\\x1f", "\\\\\x7f", "a\\\0b"])
def test_a_backslash_before_a_control_character_is_text(text: str) -> None:
    assert tables_of_engine(QUERY.bind(names(text))) == [text]


@given(st.text(max_size=20).map("https://example.org/{}".format))
@settings(max_examples=150, deadline=None, database=None)
def test_an_iri_stays_one_value_or_is_none(iri: str) -> None:
    try:
        node = NamedNode(iri)
    except ValueError:
        return
    shape, tables = parsed(QUERY.bind({"company": [node], "name": [Literal("harmless")]}))
    assert shape == HARMLESS
    assert tables[0] == [{"company": str(URIRef(iri))}]


def test_a_megabyte_of_text_is_bound() -> None:
    text = '"}>\\\n' * 200_000
    bound = QUERY.bind(names(text))
    assert tables_of_engine(bound) == [text]


def test_hostile_values_find_nothing_in_any_stored_query(graph: Graph) -> None:
    slots = 0
    for query in graph.catalog.queries.values():
        for parameter in query.parameters:
            values = {one.name: [OPENAI] for one in query.parameters if one.required}
            hostile = [Literal(text) for text in (*HOSTILE, *ESCAPES)]
            bound = query.bind({**values, parameter.name: hostile})
            assert graph.engine.select(bound, query.graphs).rows == (), (query.name, parameter.name)
            slots += 1
    assert slots > 60


@pytest.mark.parametrize(("values", "company", "name"), [
    ({"company": [OPENAI]}, f"VALUES ?company {{ {OPENAI} }}", ""),
    ({"company": [OPENAI, META]}, f"VALUES ?company {{ {OPENAI} {META} }}", ""),
    ({"company": [OPENAI], "name": []}, f"VALUES ?company {{ {OPENAI} }}", ""),
    ({"company": [OPENAI], "name": [Literal("a"), Literal("b")]},
     f"VALUES ?company {{ {OPENAI} }}", 'VALUES ?name { "a" "b" }'),
])
def test_slots_are_filled_or_taken_out(
    values: dict[str, list[NamedNode | Literal]], company: str, name: str,
) -> None:
    expected = TEXT.replace("VALUES ?company { UNDEF }", company).replace(
        "VALUES ?name { UNDEF }", name)
    assert QUERY.bind(values) == expected
    assert QUERY.text == TEXT


def test_required_slots_too_are_taken_out_for_anyone() -> None:
    assert "VALUES" not in QUERY.bind_any({})
    assert SLOT.findall(QUERY.text) == ["company", "name"]


@pytest.mark.parametrize(("query", "values", "message", "candidates"), [
    (QUERY, {"owner": [OPENAI]}, "names has no slot 'owner': it has company, name",
     ("company", "name")),
    (QUERY._replace(parameters=()), {"owner": [OPENAI]}, "names has no slot 'owner': it has none",
     ()),
    (QUERY, {}, "names needs --company (the organization)", ("company",)),
    (QUERY, {"company": []}, "names needs --company (the organization)", ("company",)),
    (QUERY, {"name": [Literal("Twitter")]}, "names needs --company (the organization)",
     ("company",)),
])
def test_an_unknown_or_empty_slot_is_named(
    query: Query, values: dict[str, list[NamedNode | Literal]], message: str,
    candidates: tuple[str, ...],
) -> None:
    with pytest.raises(UnknownSlot) as caught:
        query.bind(values)
    assert str(caught.value) == message
    assert caught.value.candidates == candidates


def test_a_parameter_is_found_by_its_name() -> None:
    assert QUERY.parameter("name") == NAME
    with pytest.raises(UnknownSlot, match="it has company, name"):
        QUERY.parameter("Name")


def test_a_broken_query_says_what_is_wrong_with_its_file() -> None:
    broken = QUERY._replace(error="queries/names.rq:3: unknown key 'sumary'")
    with pytest.raises(QueryError, match=r"queries/names\.rq:3: unknown key 'sumary'"):
        broken.bind({"company": [OPENAI]})


def test_a_query_survives_the_catalog() -> None:
    query = QUERY._replace(
        description="More.", tags=("company",), columns=("company",), graphs=("links",),
        evidence=(("?company", "<p>", "?name"), ("claim", "?claim")))
    entry = query._asdict()
    entry["params"] = [parameter._asdict() for parameter in entry.pop("parameters")]
    assert query_from_json("names", json.loads(json.dumps(entry))) == query
