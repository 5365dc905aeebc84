"""An edited file: its text tells its syntax, and what is none of ours is refused in a line."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest

from aikg import rdfxml, turtle
from aikg.authored import Authored
from aikg.document import RELEASE
from aikg.edited import LARGEST, read_edited
from aikg.errors import AikgError, GraphError
from aikg.names import BASE, ONTOLOGY
from aikg.standalone import ntriples
from tests.owl import triples

ROOT = Path(__file__).resolve().parent.parent
HEADER = f"<{RELEASE}> a owl:Ontology ; owl:imports <{ONTOLOGY}> ."


@cache
def authored() -> Authored:
    return Authored()


def write(folder: Path, content: str | bytes, name: str = "edited") -> str:
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(file)


@pytest.mark.parametrize(("name", "iri"), [
    ("graph/release/aikg.ttl", RELEASE), ("graph/release/aikg.owl", RELEASE),
    ("graph/release/agents.ttl", BASE + "module/agents"), ("ontology/aikg.ttl", ONTOLOGY),
])
def test_what_is_unchanged_is_the_same(name: str, iri: str) -> None:
    edited = read_edited(str(ROOT / name), authored())
    assert edited.iri == iri
    assert edited.before == edited.after


def test_the_syntax_is_that_of_the_text_whatever_the_name(tmp_path: Path) -> None:
    said = triples(HEADER)
    texts = (turtle.write(said), rdfxml.write(said),
             "\ufeff<!-- of an editor -->\n" + rdfxml.write(said).partition("?>")[2],
             "# one\n# two\n" + ntriples(said).decode())
    read = [read_edited(write(tmp_path, text, f"{number}.owx"), authored())
            for number, text in enumerate(texts)]
    assert all(one.after == read[0].after for one in read)
    assert len(read[0].before.facts) > 3000


def test_without_imports_it_is_beside_the_whole_document(tmp_path: Path) -> None:
    alone = read_edited(write(tmp_path, turtle.write(triples(HEADER)[:1])), authored())
    beside = read_edited(write(tmp_path, turtle.write(triples(HEADER))), authored())
    assert len(alone.before.facts) > len(beside.before.facts)


def test_imports_are_not_fetched(tmp_path: Path) -> None:
    header = HEADER.replace(ONTOLOGY, "http://127.0.0.1:9/nobody")
    assert read_edited(write(tmp_path, turtle.write(triples(header))), authored())


TURTLE = "@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix aikg: <x:> . " + HEADER
DEEP = "Not(" * 5000 + ")" * 5000


@pytest.mark.parametrize(("content", "says"), [
    ("", "names 0 ontologies"),
    ("not RDF", "is not Turtle: Parser error at line 1"),
    ("<rdf:RDF", "is not RDF/XML|is not XML|is not Turtle"),
    (b"\xff\xfe\x00", "not UTF-8 at byte 0"),
    ("<a:b> <a:c> <a:d> .", "names 0 ontologies"),
    (TURTLE.replace(RELEASE, "https://example.org/other"), "is the ontology <https://example.org/"),
    (TURTLE.replace(RELEASE, BASE + "module/none"), "no such document here"),
    (TURTLE + " aikg:X a owl:Ontology .", "names 2 ontologies"),
    ("Prefix: : <http://x/>\nOntology: <http://x>", "is in Manchester syntax"),
    ("# a\nOntology: <http://x>", "is in Manchester syntax"),
    (f"Ontology(<http://x> {DEEP})", "deeper than 200"),
    ('<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "x"><!ENTITY b "&a;">]><rdf:RDF/>',
     "within each other"),
    (TURTLE + " _:a aikg:p _:b . _:b aikg:p _:a .", "in a cycle"),
])
def test_what_is_none_of_ours_is_refused(content: str | bytes, says: str, tmp_path: Path) -> None:
    file = write(tmp_path, content)
    with pytest.raises(AikgError, match=says) as refused:
        read_edited(file, authored())
    assert file in str(refused.value)
    assert "\n" not in str(refused.value)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name, says in (("pipe", "not a file"), (".", "not a file"), ("none", "No such file")):
        with pytest.raises(AikgError, match=says):
            read_edited(str(tmp_path / name), authored())
    with open(tmp_path / "large", "wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(AikgError, match="larger than 50 MB"):
        read_edited(str(tmp_path / "large"), authored())


def test_a_broken_file_of_ours_is_named_itself(tmp_path: Path) -> None:
    (tmp_path / "ontology").mkdir()
    (tmp_path / "queries").mkdir()
    (tmp_path / "ontology" / "a.ttl").write_text("broken")
    file = write(tmp_path, turtle.write(triples(HEADER)))
    with pytest.raises(GraphError) as refused:
        read_edited(file, Authored(str(tmp_path)))
    assert (refused.value.file or "").endswith("a.ttl")
