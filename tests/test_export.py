"""Exports: each format, read by a tool that did not write it, holds what the graph holds.

What needs a library of the extra `test-all`, raptor or seconds is skipped without that extra;
`.ci/run` has it all.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import rdflib
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

import aikg
from aikg.canonical import canonical
from aikg.errors import UnknownFormat
from aikg.export import FORMATS, export
from aikg.names import AIKG, GRAPH
from aikg.release import release

ROOT = Path(__file__).resolve().parent.parent
EXTRA = {"functional": "pyhornedowl", "parquet": "pyarrow"}
RDF = {"ttl": "turtle", "rdfxml": "xml", "ntriples": "nt", "nquads": "nquads", "trig": "trig",
       "jsonld": "json-ld"}
DOCUMENTS = ("ttl", "rdfxml", "ntriples")

slow = pytest.mark.skipif(find_spec("nanopub") is None,
                          reason="takes seconds: run with the extra `test-all`")


@cache
def files(name: str) -> dict[str, bytes]:
    """What an export writes, by name; the format's own name for a single file."""
    if name in EXTRA:
        pytest.importorskip(EXTRA[name], reason="of the extra `test-all`")
    content = export(name, aikg.open())
    return {name: content} if isinstance(content, bytes) else dict(content)


def content(name: str) -> bytes:
    return files(name)[name]


def built(name: str) -> set[Triple]:
    data = (ROOT / "aikg" / "built" / name).read_bytes()
    return {quad.triple for quad in parse(data, RdfFormat.N_TRIPLES)}


# The OWL document


@slow
def test_every_writing_of_the_document_says_the_same() -> None:
    forms = (RdfFormat.TURTLE, RdfFormat.RDF_XML, RdfFormat.N_TRIPLES)
    said = [canonical(quad.triple for quad in parse(content(name), form))
            for name, form in zip(DOCUMENTS, forms, strict=True)]
    assert said[0] == said[1] == said[2]


@slow
def test_the_document_holds_release_and_ontology_and_imports_nothing() -> None:
    whole = canonical(quad.triple for quad in parse(content("ttl"), RdfFormat.TURTLE))
    parts = [canonical(quad.triple for quad in parse(data, RdfFormat.TURTLE))
             for name, data in release().items() if name.endswith(".ttl")]
    facts = {fact for part in parts for fact in part.facts}
    headers = {fact[0] for fact in facts if fact[2].endswith("owl#Ontology>")}
    assert len(headers) == 9
    assert {fact for fact in facts if fact[0] not in headers} == {
        fact for fact in whole.facts if fact[0] not in headers}
    assert {fact[1].rpartition("#")[2] for fact in whole.facts if fact[0] in headers} >= {
        "type>", "versionInfo>"}
    assert whole.axioms == {axiom for part in parts for axiom in part.axioms}
    assert not any(word in content("ttl") for word in (b"owl:imports", b"owl:versionIRI"))


@slow
@pytest.mark.parametrize("name", ["ttl", "rdfxml"])
def test_rdflib_reads_the_document(name: str) -> None:
    graph = rdflib.Graph().parse(data=content(name), format=RDF[name])
    assert len(graph) == len(content("ntriples").splitlines())


# The built graphs


def test_the_quads_are_the_built_graphs_under_their_names() -> None:
    graphs: dict[str, set[Triple]] = {}
    for quad in parse(content("nquads"), RdfFormat.N_QUADS):
        assert isinstance(quad.graph_name, NamedNode)
        graphs.setdefault(quad.graph_name.value.removeprefix(GRAPH), set()).add(quad.triple)
    held = {"main": built("graph.nt"), "links": built("links.nt"),
            "disputed": built("disputed.nt"), "ontology": built("ontology.nt")}
    for name in ("main", "links", "disputed"):
        assert graphs.get(name, set()) == held[name]
    assert len(graphs["ontology"]) == len(held["ontology"])
    assert len(canonical(graphs["ontology"]).axioms) == len(canonical(held["ontology"]).axioms)


def test_trig_and_nquads_are_one_dataset() -> None:
    nquads, trig = (Counter(quad.graph_name for quad in parse(content(name), form))
                    for name, form in (("nquads", RdfFormat.N_QUADS), ("trig", RdfFormat.TRIG)))
    assert nquads == trig
    assert len(nquads) == sum(bool(built(f"{name}.nt")) for name in (
        "graph", "links", "disputed", "ontology"))


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # by rdflib's own reader
def test_two_readers_of_json_ld_find_the_main_graph() -> None:
    read = {quad.triple for quad in parse(content("jsonld"), RdfFormat.JSON_LD)}
    assert read == built("graph.nt")
    other = rdflib.Graph().parse(data=content("jsonld"), format="json-ld")
    assert set(other) == set(rdflib.Graph().parse(
        data=(ROOT / "aikg/built/graph.nt").read_bytes(), format="nt"))


@slow
@pytest.mark.parametrize(("name", "form"), [
    ("ttl", "turtle"), ("rdfxml", "rdfxml"), ("ntriples", "ntriples"), ("nquads", "nquads"),
    ("trig", "trig"),
])
def test_raptor_counts_the_same(name: str, form: str, tmp_path: Path) -> None:
    if not shutil.which("rapper"):
        pytest.skip("no rapper here: install Debian's raptor2-utils")
    file = tmp_path / name
    file.write_bytes(content(name))
    done = subprocess.run(["rapper", "--quiet", "--input", form, "--output", "ntriples", file],
                          capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")
    formats = {"ttl": RdfFormat.TURTLE, "rdfxml": RdfFormat.RDF_XML, "trig": RdfFormat.TRIG,
               "ntriples": RdfFormat.N_TRIPLES, "nquads": RdfFormat.N_QUADS}
    triples = [quad.triple for quad in parse(done.stdout, RdfFormat.N_TRIPLES)]
    ours = [quad.triple for quad in parse(content(name), formats[name])]
    assert len(triples) == len(ours)
    assert canonical(triples) == canonical(ours)


# The tables


def test_the_tables_as_csv() -> None:
    facts, claims = (list(csv.DictReader(io.StringIO(files("csv")[f"{name}.csv"].decode(),
                                                     newline=""))) for name in ("facts", "claims"))
    assert len(claims) == sum(one.predicate.value == AIKG + "modality"
                              for one in built("graph.nt"))
    assert [row["claim"] for row in claims] == sorted(row["claim"] for row in claims)
    [founded] = [row for row in facts if row["predicate_label"] == "founded in year"]
    assert (founded["subject_label"], founded["object"], founded["datatype"], founded["grade"],
            founded["claims"].rpartition("/")[2]) == (
        "OpenAI", "2015", "xsd:integer", "stated", "bitpush-011")


@slow
def test_pandas_reads_the_same_from_both_tables() -> None:
    pandas = pytest.importorskip("pandas", reason="of the extra `test-all`")
    for name in ("facts", "claims"):
        text = pandas.read_csv(io.BytesIO(files("csv")[f"{name}.csv"]), dtype=str,
                               keep_default_na=False)
        typed = pandas.read_parquet(io.BytesIO(files("parquet")[f"{name}.parquet"]))
        assert list(text.columns) == list(typed.columns)
        assert len(text) == len(typed) > 100
        for column in text.columns:
            assert list(text[column]) == [_as_text(cell) for cell in typed[column]], column


def _as_text(cell: Any) -> str:
    """A cell of a data frame as the CSV has it."""
    kind = type(cell).__name__
    if kind in ("bool", "bool_"):
        return str(cell).lower()
    if kind == "Decimal":
        return f"{cell.normalize():f}"
    if kind == "ndarray":
        return " ".join(cell)
    return cell if isinstance(cell, str) else ""


# All


def test_the_published_context_is_the_one_of_the_ontology() -> None:
    assert (ROOT / "ontology" / "context.jsonld").read_bytes() == content("context"), (
        "run `aikg export context -o ontology/context.jsonld`")
    assert json.loads(content("jsonld"))["@context"] == json.loads(content("context"))["@context"]


SCRIPT = """
import hashlib, sys, aikg
from aikg.export import export
graph = aikg.open()
for name in sys.argv[1:]:
    content = export(name, graph)
    files = {name: content} if isinstance(content, bytes) else content
    for file, data in files.items():
        print(file, hashlib.sha256(data).hexdigest())
"""


@slow
def test_bytes_do_not_depend_on_the_run() -> None:
    seed = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *FORMATS], capture_output=True, text=True, timeout=120,
        check=True, env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed})
    here = [f"{file} {hashlib.sha256(data).hexdigest()}" for name in FORMATS
            for file, data in files(name).items()]
    assert done.stdout.splitlines() == here


@pytest.mark.parametrize(("name", "says"), [
    ("manchester", "no Python library writes Manchester syntax without loss"),
    ("turtle", "no format 'turtle': choose one of ttl, rdfxml"),
])
def test_what_is_not_written_is_refused(name: str, says: str, graph: aikg.Graph) -> None:
    with pytest.raises(UnknownFormat, match=says):
        export(name, graph)
