"""Ad-hoc SPARQL as a job: what the guarded child makes of it."""

from __future__ import annotations

import json

import pytest

from aikg.errors import StoreError, UnknownFormat, UsageError
from aikg.graph import Graph
from aikg.names import GRAPH
from aikg.web.adhoc import Dataset, Job, dataset_of, read_outcome

LINKS = GRAPH + "links"


@pytest.fixture(scope="module")
def dataset(graph: Graph) -> Dataset:
    return Dataset(graph.built)


@pytest.mark.parametrize(("text", "expected"), [
    ("SELECT * FROM <urn:a> FROM NAMED <urn:b> { ?s ?p ?o }", ["urn:a", "urn:b"]),
    ("SELECT * from named <urn:a> {}", ["urn:a"]), ("SELECT * FROM<urn:a>{}", ["urn:a"]),
    ("SELECT * # FROM <urn:a>\nFROM # x\n <urn:b> {}", ["urn:b"]),
    ("SELECT * { ?FROM <urn:a> 'FROM <urn:b>' , \"\"\"FROM <urn:c>\"\"\" }", []),
    ("SELECT * { ?x ex:FROM <urn:a> }", []), ("SELECT * FROM ex:g FROM <graph/links> {}", [LINKS]),
    ("SELECT * FROM <//[> FROM <> FROM <urn:a#> {}", ["//[", "https://w3id.org/aikg/", "urn:a#"]),
    ("BASE <http://a.example/b/> BASE <c/> SELECT * FROM <d> {}", ["http://a.example/b/c/d"]),
    ("SELECT * FROM <urn:a> { ?BASE <urn:b> 'BASE <urn:c>' }", ["urn:a"]),
    ("SELECT * { FILTER(?a<?b && ?c>?d) FROM", []), ("FROM", []), ("", []), ("\x00'", []),
])
def test_the_graphs_that_a_text_asks_for(text: str, expected: list[str]) -> None:
    assert dataset_of(text) == expected


def test_main_is_the_default_graph_and_has_a_name(graph: Graph, dataset: Dataset) -> None:
    assert graph.built.graphs == ("main", "disputed", "links", "ontology")
    counts = []
    for text in ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
                 "SELECT (COUNT(*) AS ?n) { GRAPH graph:main { ?s ?p ?o } }",
                 "SELECT (COUNT(*) AS ?n) FROM graph:main { ?s ?p ?o }"):
        outcome = read_outcome(dataset.work(Job(text, "text/csv", None, 9).written()))
        counts.append(outcome.body.split()[1])
    assert len(set(counts)) == 1


@pytest.mark.parametrize(("text", "kind"), [
    ("SELECT * FROM <urn:a> { ?s ?p ?o }", StoreError), ("SELECT", StoreError),
    ("CLEAR ALL", UsageError), ("CONSTRUCT WHERE { ?s ?p ?o }", UnknownFormat)])
def test_what_cannot_be_done_is_raised(
    text: str, kind: type[Exception], dataset: Dataset,
) -> None:
    with pytest.raises(kind):
        dataset.work(Job(text, "text/csv", None, 9).written())


def test_rows_are_cut_and_told(dataset: Dataset) -> None:
    job = Job("SELECT ?s { ?s ?p ?o }", "application/sparql-results+json", None, 7)
    outcome = read_outcome(dataset.work(job.written()))
    assert (outcome.kind, outcome.cut) == ("table", True)
    assert len(json.loads(outcome.body)["results"]["bindings"]) == 7
    whole = Job("SELECT ?s { ?s ?p ?o } LIMIT 7", job.table, None, 7)
    assert not read_outcome(dataset.work(whole.written())).cut


def test_few_rows_may_not_be_large(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aikg.web.adhoc.LARGEST", 2 << 20)
    text = "SELECT ?b { BIND(REPLACE('" + "a" * 1_000 + "', 'a', '" + "b" * 3_000 + "') AS ?b) }"
    with pytest.raises(StoreError, match="more than 2 MB"):
        dataset.work(Job(text, "text/csv", None, 9).written())


def test_a_data_set_given_beside_takes_the_place_of_that_in_the_text(dataset: Dataset) -> None:
    text = "ASK { ?s a aikg:Claim }"
    found = [json.loads(read_outcome(dataset.work(Job(
        text, "application/sparql-results+json", None, 9, default).written())).body)["boolean"]
        for default in (None, (GRAPH + "main",), (LINKS,), ())]
    assert found == [True, True, False, False]
