"""The release: one folder that opens offline, always of the same bytes."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import NamedNode, QuerySolutions, RdfFormat, Store, Triple, parse

import aikg
from aikg import files
from aikg.cli import main
from aikg.errors import AikgError, GraphError
from aikg.names import BASE, OWL, RDFS
from aikg.release import CATALOG, catalog, differing, release, store_release, vanished
from aikg.turtle import iri

ROOT = Path(__file__).resolve().parent.parent
MODULES = {"agents", "capital", "compute", "evidence", "outlook", "products", "strategy"}


@cache
def content() -> dict[str, bytes]:
    return release()


def triples(data: bytes) -> list[Triple]:
    return [quad.triple for quad in parse(data, RdfFormat.TURTLE)]


def mapped(data: bytes) -> dict[str, str]:
    space = "{urn:oasis:names:tc:entity:xmlns:xml:catalog}"
    return {node.attrib["name"]: node.attrib["uri"]
            for node in ElementTree.fromstring(data).iter(f"{space}uri")}


def test_it_holds_what_protege_needs_and_no_more() -> None:
    modules = {f"{name}.ttl" for name in MODULES}
    assert set(content()) == {"aikg.ttl", "aikg.owl", "ontology.ttl", CATALOG, *modules}


def test_the_ontology_is_as_authored() -> None:
    authored = {"ontology.ttl": "aikg.ttl", **{f"{name}.ttl": f"{name}.ttl" for name in MODULES}}
    for name, file in authored.items():
        assert content()[name] == (ROOT / "ontology" / file).read_bytes()


def test_catalog_maps_each_document_to_its_file() -> None:
    places = mapped(content()[CATALOG])
    for name, data in content().items():
        if name.endswith(".ttl"):
            [version] = [one for one in triples(data) if one.predicate.value == OWL + "versionIRI"]
            assert {places.pop(iri(version.subject)), places.pop(iri(version.object))} == {name}
    assert places == {}
    assert b"Auto-Update=false" in content()[CATALOG]


def test_every_import_is_in_the_catalog() -> None:
    imports = {iri(one.object) for name, data in content().items() if name.endswith(".ttl")
               for one in triples(data) if one.predicate.value == OWL + "imports"}
    assert len(imports) == len(MODULES) + 1
    assert imports <= set(mapped(content()[CATALOG]))


def test_catalog_is_xml_whatever_the_names() -> None:
    odd = {'http://x/a&b"c': "a <b>.ttl"}
    assert mapped(catalog(odd).encode()) == odd


def test_bytes_do_not_depend_on_the_run() -> None:
    script = ("from aikg.release import release; import hashlib;"
              "print({n: hashlib.sha256(d).hexdigest() for n, d in release().items()})")
    here = str({name: hashlib.sha256(data).hexdigest() for name, data in content().items()})
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True,
                          env=environment, check=True)
    assert done.stdout.strip() == here


def test_modules_of_one_name_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "ontology"
    folder.mkdir()
    (tmp_path / "queries").mkdir()
    for number, name in enumerate(("module/x", "other/x")):
        (folder / f"{number}.ttl").write_text(
            f"<{BASE}{name}> a <{OWL}Ontology> ; <{OWL}versionIRI> <{BASE}{name}/1> .")
    with pytest.raises(GraphError, match=r"ontology/1\.ttl: the release has another x\.ttl"):
        release(str(tmp_path))
    (folder / "1.ttl").write_text(f"<{BASE}a> a <{OWL}Class> .")
    with pytest.raises(GraphError, match="no owl:Ontology"):
        release(str(tmp_path))


# Kept in a checkout


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("aikg", "queries", "graph"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(files, "_HERE", str(tmp_path / "aikg"))
    return tmp_path


def test_what_differs_is_named_and_then_stored(checkout: Path) -> None:
    folder = checkout / "graph" / "release"
    made = {"a.ttl": b"1", "b.ttl": b"2"}
    assert differing(made) == ["a.ttl", "b.ttl"]
    assert store_release(made) == [str(folder / "a.ttl"), str(folder / "b.ttl")]
    assert differing(made) == []
    assert store_release(made) == []
    (folder / "a.ttl").write_bytes(b"edited")
    (folder / "old.ttl").write_bytes(b"left over")
    assert differing(made) == ["a.ttl", "old.ttl"]
    store_release(made)
    assert files.read_folder(str(folder)) == made


@pytest.fixture
def copy(checkout: Path) -> Path:
    """A checkout with the authored files."""
    for name in ("ontology", "graph", "queries"):
        shutil.copytree(ROOT / name, checkout / name, dirs_exist_ok=True,
                        ignore=shutil.ignore_patterns("release"))
    return checkout


def test_the_command_writes_it_and_tells_when_it_is_stale(copy: Path) -> None:
    run, command = CliRunner(), ["build", "--release"]
    stale = run.invoke(main, [*command, "--check"])
    assert (stale.exit_code, stale.stdout) == (1, "")
    assert "differs: graph/release/aikg.owl (run `aikg build --release`)\n" in stale.stderr
    assert not (copy / "graph" / "release").exists()
    written = run.invoke(main, command)
    assert written.exit_code == 0
    assert str(copy / "graph" / "release" / "aikg.ttl") in written.stdout.splitlines()
    assert files.read_folder(str(copy / "graph" / "release")) == content()
    fresh = run.invoke(main, [*command, "--check"])
    assert (fresh.exit_code, fresh.stdout, fresh.stderr) == (0, "", "")
    claims = copy / "graph" / "claims" / "bitpush.ttl"
    claims.write_text(claims.read_text("utf-8").replace("aikg:Stated", "aikg:Hedged", 1), "utf-8")
    assert run.invoke(main, [*command, "--check"]).exit_code == 1


def test_an_installed_package_keeps_none(checkout: Path) -> None:
    (checkout / "queries").rename(checkout / "aikg" / "queries")
    with pytest.raises(AikgError, match="in a checkout"):
        store_release({"a.ttl": b"1"})


# From one release to the next


def test_an_iri_that_is_no_longer_described_has_vanished() -> None:
    label, text = NamedNode(RDFS + "label"), NamedNode("http://x/text")
    kept, gone, foreign = (NamedNode(name) for name in (
        BASE + "thing/kept", BASE + "thing/gone", "http://x/foreign"))
    before = [Triple(one, label, text) for one in (kept, gone, foreign)]
    after = [Triple(kept, NamedNode(OWL + "deprecated"), gone)]
    assert vanished(before, after) == [gone.value]


def git(*words: str) -> str | None:
    try:
        done = subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True,
                              encoding="utf-8", check=False)
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None


def test_no_iri_of_the_last_release_has_vanished() -> None:
    tag = (git("describe", "--tags", "--abbrev=0", "--match", "v[0-9]*") or "").strip()
    if not tag:
        pytest.skip("no release is tagged here")
    names = (git("ls-tree", "--name-only", tag, "graph/release/") or "").split()
    before = [one for name in names if name.endswith(".ttl")
              for one in triples((git("show", f"{tag}:{name}") or "").encode())]
    after = [one for name, data in content().items() if name.endswith(".ttl")
             for one in triples(data)]
    assert vanished(before, after) == []


@pytest.mark.parametrize("name", sorted(
    name for name, query in aikg.open().catalog.queries.items() if "asserted" in query.tags))
def test_a_query_tagged_asserted_needs_no_closure(name: str, graph: aikg.Graph) -> None:
    """Protégé's SPARQL tab sees what the release asserts, and nothing that follows from it."""
    asserted = Store()
    for path in sorted((ROOT / "graph" / "release").glob("*.ttl")):
        asserted.load(path=str(path), format=RdfFormat.TURTLE)
    sparql = graph.catalog.query(name).bind_any({})
    found = asserted.query(sparql)
    assert isinstance(found, QuerySolutions)
    rows = {tuple(solution) for solution in found}
    assert rows == set(graph.engine.select(sparql).rows)
    assert rows
