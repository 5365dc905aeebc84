"""A loaded store answers as the built graph does; what cannot be loaded changes nothing."""

from __future__ import annotations

import gzip
import os
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store, parse, serialize

import aikg
from aikg import build
from aikg.bulk import FORMATS
from aikg.disk import Disk
from aikg.errors import AikgError, GraphError, UsageError
from aikg.graph import open_graph
from aikg.loader import load
from aikg.names import AIKG, GRAPH, PREFIXES, THING

PREFIX = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
SMALL = PREFIX + """
thing:lab a aikg:Company ; rdfs:label "Zyphra Lab"@en ; skos:altLabel "zyphra"@en .
thing:fund a aikg:Company ; rdfs:label "Bigfund"@en .
thing:chip a aikg:Chip ; rdfs:label "Example Chip" .
source:s a aikg:Article ; rdfs:label "S" ; aikg:shortName "S" .
<https://w3id.org/aikg/source/s/p1> a aikg:Passage ; aikg:inSource source:s ;
    aikg:passageId "p1" ; aikg:passageKind "sentence" ; aikg:startOffset 0 .
""" + "".join(f"""claim:c{number} a aikg:Claim ; aikg:subject {subject} ;
    aikg:predicate {predicate} ; aikg:object {target} ; aikg:modality aikg:{modality} ;
    rdfs:comment "Claim {number}."@en ;
    aikg:statedIn <https://w3id.org/aikg/source/s/p1> {more}.
""" for number, (subject, predicate, target, modality, more) in enumerate([
    ("thing:fund", "aikg:investsIn", "thing:lab", "Stated", ""),
    ("thing:lab", "aikg:develops", "thing:chip", "Hedged", ""),
    ("thing:lab", "aikg:competesWith", "thing:fund", "Stated", "; aikg:denied true "),
    ("thing:lab", "aikg:owns", "aikg:DataCenter", "Stated", ""),
    ("thing:fund", "aikg:dependsOn", "thing:lab", "Stated", ""),
    ("thing:fund", "aikg:dependsOn", "thing:lab", "Stated", "; aikg:denied true "),
]))


@pytest.fixture(scope="module", autouse=True)
def _read_once() -> object:
    """The authored files, which each load reads, are read once for all tests."""
    with pytest.MonkeyPatch.context() as patch:
        read, sources = build.read_sources, build.read_sources()
        built = build.build_from(replace(sources, graph=(), claims=(), links=()))
        patch.setattr(build, "read_sources",
                      lambda *which, **how: read(*which, **how) if which or how else sources)
        patch.setattr(build, "build_from", lambda _: dict(built))
        yield


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("small")
    (folder / "small.ttl").write_text(SMALL, "utf-8")
    load([str(folder / "small.ttl")], str(folder / "store"))
    return str(folder / "store")


@pytest.mark.parametrize("sources", [None, pytest.param("all", marks=pytest.mark.deep)])
def test_a_dataset_that_was_built_gives_the_same_answers(
    sources: str | None, tmp_path: Path,
) -> None:
    graph = aikg.open(sources=sources)
    with open(tmp_path / "all.nq", "w", encoding="utf-8") as file:
        for name, built in (("main", "graph"), ("links", "links")):
            lines = (graph.built.read(f"{built}.nt") or b"").decode().splitlines()
            file.writelines(f"{line[:-2]} <{GRAPH}{name}> .\n" for line in lines)
    done = load([str(tmp_path / "all.nq")], str(tmp_path / "store"))
    assert done.inferred == 0, "it was closed"
    assert (done.disputed > 0) == graph.catalog.has_disputes == (sources == "all")
    stored = open_graph(store=str(tmp_path / "store"))
    for name, query in graph.catalog.queries.items():
        if "outside" not in query.graphs and not any(one.required for one in query.parameters):
            assert stored.run(name).rows == graph.run(name).rows, name
    for question in ("who supplies OpenAI's compute", "is Google a backer of Anthropic"):
        assert stored.ask(question).rows == graph.ask(question).rows


def test_claims_become_facts_and_what_follows_from_them(small: str) -> None:
    stored = open_graph(store=small)
    answer = stored.ask("who funds Zyphra Lab")
    assert [(row["investor"], row["grade"]) for row in answer] == [("Bigfund", "stated")]
    assert [item.comment for item in answer.rows[0].evidence] == ["Claim 0."]
    for fact, holds in {
        f"<{THING}fund> a <{AIKG}Investor>": True, f"<{THING}lab> a <{AIKG}DataCenterOwner>": True,
        f"<{THING}lab> <{AIKG}isFundedBy> <{THING}fund>": True,
        f"<{THING}lab> <{AIKG}competesWith> <{THING}fund>": False,
        f"<{THING}lab> <{AIKG}develops> <{THING}chip>": False,
        f"<{THING}fund> <{AIKG}dependsOn> <{THING}lab>": False,
        f"GRAPH <{GRAPH}disputed> {{ <{THING}fund> <{AIKG}dependsOn> <{THING}lab> }}": True,
    }.items():
        assert stored.engine.query(f"ASK {{ {fact} }}") is holds, fact


def test_proofs_end_in_claims(small: str) -> None:
    stored = open_graph(store=small)
    fact = (f"<{THING}fund>", f"<{PREFIXES['rdf']}type>", f"<{AIKG}Investor>")
    assert stored.prover.prove([fact])[fact].leaves() == ("https://w3id.org/aikg/claim/c0",)


def test_without_numpy_the_same_follows(
    small: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "aikg.saturation", None)
    path = str(Path(small).with_name("small.ttl"))
    load([path], str(tmp_path / "store"))
    assert dump(str(tmp_path / "store")) == dump(small)


def dump(folder: str) -> list[str]:
    """The statements of a store but those of blank nodes, sorted."""
    graph = Store.read_only(os.path.join(Disk(folder).generation, "graph"))
    return sorted(line for line in str(graph).splitlines() if "_:" not in line)


def test_every_format_says_its_part(small: str, tmp_path: Path) -> None:
    triples = [quad.triple for quad in parse(SMALL, RdfFormat.TURTLE)]
    formats = {**FORMATS, ".nt.gz": RdfFormat.N_TRIPLES, ".owl.gz": RdfFormat.RDF_XML}
    paths, size = [], 0
    for number, (ending, format_) in enumerate(formats.items()):
        content = serialize(triples[number::len(formats)], format=format_)
        assert content
        content = gzip.compress(content) if ending.endswith(".gz") else content
        paths.append(str(tmp_path / f"part{ending}"))
        Path(paths[-1]).write_bytes(content)
        size += len(content)
    read: list[int] = []
    load(paths, str(tmp_path / "store"), read.append)
    assert dump(str(tmp_path / "store")) == dump(small)
    assert sum(read) == size


@pytest.mark.parametrize(("name", "content", "error", "says"), [
    ("bad.nt", b"<http://x.example/a> <http://x.example/b> .\n", GraphError, "bad.nt:1"),
    ("bad.ttl", b"\n\nthing:a thing:b thing:c .", GraphError, "bad.ttl:3"),
    ("bad.nt", b"\xff\xfe", GraphError, "bad.nt"),
    ("relative.ttl", b"<a> <b> <c> .", GraphError, "relative.ttl:1"),
    ("torn.nt.gz", gzip.compress(bytes(range(256)) * 9, mtime=0)[:40] + b"\xff" * 99, GraphError,
     "gzip"),
    ("cut.nt.gz", gzip.compress(b"<x:a> <x:b> <x:c> .\n" * 9, mtime=0)[:-9], GraphError, "gzip"),
    ("no.nt.gz", b"not gzip", GraphError, "gzip"),
    ("data.csv", b"a,b", UsageError, "known are"),
    ("data", b"", UsageError, "known are"),
    ("two.ttl", SMALL.encode() + b"claim:c0 aikg:subject thing:chip .", GraphError, "claim/c0"),
    ("literal.ttl", SMALL.replace("subject thing:fund", 'subject "x"').encode(), GraphError,
     "needs IRIs"),
    ("blank.ttl", SMALL.replace("object thing:lab", "object [ ]").encode(), GraphError,
     "needs IRIs"),
])
def test_what_cannot_be_loaded_leaves_the_store_as_it_was(
    name: str, content: bytes, error: type[AikgError], says: str, small: str, tmp_path: Path,
) -> None:
    (tmp_path / name).write_bytes(content)
    before = sorted(os.listdir(small))
    with pytest.raises(error, match=says):
        load([str(tmp_path / name)], small)
    assert sorted(os.listdir(small)) == before
    assert open_graph(store=small).run("investors", company="Zyphra Lab").rows


@pytest.mark.parametrize("name", ["missing.nt", "folder.nt"])
def test_a_file_that_cannot_be_read_is_told(name: str, tmp_path: Path) -> None:
    (tmp_path / "folder.nt").mkdir()
    with pytest.raises(AikgError, match="cannot read"):
        load([str(tmp_path / name)], str(tmp_path / "store"))
    assert os.listdir(tmp_path / "store") == [".lock"]


def test_what_is_no_thing_is_no_subject(tmp_path: Path) -> None:
    path = tmp_path / "odd.nt"
    path.write_text("".join(f"<{THING}a> <{AIKG}investsIn> {odd} .\n" for odd in (
        '"text"', "_:b", "<<( <x:a> <x:b> <x:c> )>>")), "utf-8")
    load([str(path)], str(tmp_path / "store"))
    assert f'<{THING}a> <{AIKG}funds> "text" .' in dump(str(tmp_path / "store"))


def test_graphs_that_are_made_here_are_not_taken_from_files(tmp_path: Path) -> None:
    path = tmp_path / "all.nq"
    path.write_text("".join(f"<x:a> <x:b> <x:c> <{GRAPH}{name}> .\n" for name in (
        "main", "names", "ontology", "links")), "utf-8")
    done = load([str(path)], str(tmp_path / "store"))
    assert done.triples == 2
    held = [line for line in dump(str(tmp_path / "store")) if line.startswith("<x:a>")]
    assert held == ["<x:a> <x:b> <x:c> .", f"<x:a> <x:b> <x:c> <{GRAPH}links> ."]
