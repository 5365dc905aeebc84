"""The form of a query and what it projects, read from its text."""

from __future__ import annotations

import pytest

from aikg.form import form_of, names_dataset, projected
from aikg.graph import Graph


@pytest.mark.parametrize(("text", "form"), [
    ("SELECT * { ?s ?p ?o }", "SELECT"),
    ("ask{}", "ASK"),
    ("PREFIX a: <http://x/#> # drop\nBASE <x:y>\nPREFIX : <x:z>\nselect ?s {}", "SELECT"),
    ("# LOAD\n# INSERT\nCONSTRUCT WHERE {}", "CONSTRUCT"),
    ("PREFIX add: <x:drop>DESCRIBE <x:a>", "DESCRIBE"),
    ("PREFIX # why\n a: <x:y> ASK {}", "ASK"),
    ("SELECT ?s { ?s ?p '\\u0022' }", "SELECT"),
    ("INSERT DATA { <x:a> <x:b> <x:c> }", None),
    ("PREFIX a: <x:y> # SELECT\nDROP ALL", None),
    ("PREFIX SELECT: <x:y> CLEAR ALL", None),
    ("WITH <x:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", None),
    ("DEFINE input:inference 'x' SELECT ?s {}", None),
    ("# \\u000a DROP ALL #\nSELECT * {}", None),
    ("#\\U0000000DCLEAR ALL#\nASK {}", None),
    ("SELECTED ?s {}", None),
    ("", None),
    ("# SELECT", None),
    ("#" * 100_000, None),
    ("PREFIX " * 20_000, None),
])
def test_form(text: str, form: str | None) -> None:
    assert form_of(text) == form


@pytest.mark.parametrize(("text", "names"), [
    ("SELECT ?a $b WHERE { ?a ?c ?b }", ("a", "b")),
    ("SELECT DISTINCT ?a { ?a ?b ?c }", ("a",)),
    ("SELECT (COUNT(?x) AS ?n) ?a FROM <x:g> { ?a ?b ?x }", ("n", "a")),
    ("SELECT ?a (CONCAT('?b){', \"\\\"\", STR(?a)) AS ?c) # ?d\n {}", ("a", "c")),
    ("SELECT (<x:?d>(?a) AS ?e) {}", ("e",)),
    ("SELECT (COUNT(*) AS ?n) {}", ("n",)),
    ("SELECT * {}", None), ("SELECT REDUCED*{}", None), ("ASK {}", None), ("", None),
])
def test_projected(text: str, names: tuple[str, ...] | None) -> None:
    assert projected(text) == names


@pytest.mark.parametrize(("text", "names"), [
    ("SELECT * FROM <x:g> { ?s ?p ?o }", True),
    ("CONSTRUCT { ?s ?p ?o } from named <x:g> WHERE { ?s ?p ?o }", True),
    ("ASK # FROM <x:g>\n{ ?from <x:FROM> 'FROM <x:g>' }", False),
    ("PREFIX from: <x:y> ASK { ?s from:a a:from }", False),
])
def test_a_dataset_of_its_own(text: str, names: bool) -> None:
    assert names_dataset(text) == names


def test_both_hold_for_all_stored_queries(graph: Graph) -> None:
    for query in graph.catalog.queries.values():
        text = query.bind_any({})
        assert form_of(text) == "SELECT"
        assert projected(text) == graph.engine.select(text, query.graphs).variables
