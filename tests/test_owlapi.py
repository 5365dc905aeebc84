"""The OWL API, the library under Protégé, finds nothing to complain about in the release.

tests/java/OwlCheck.java runs on the OWL API's jars: those of the class path in AIKG_OWLAPI, else
Debian's, else those that Maven has at hand. `.ci/run` sets AIKG_OWLAPI: there nothing is skipped.
A plain `pytest` loads the release once, which says whether its imports are found; the rest is deep.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

import aikg
from aikg.authored import Authored
from aikg.build import layer_of, read_sources
from aikg.comparison import changes
from aikg.edited import read_edited
from aikg.export import export
from aikg.names import AIKG, BASE
from aikg.release import catalog, release

JAVA = Path(__file__).parent / "java"
DEBIAN = Path("/usr/share/java")
FILES = ("aikg.ttl", "aikg.owl")
WRONG = ("unparsed triple", "undeclared entity", "illegal punning", "OWL 2 DL violation")
SYNTAXES = {"OWL Functional Syntax", "OWL/XML Syntax", "RDF/XML Syntax", "Turtle Syntax"}

Findings = dict[tuple[str, str], list[str]]
"""What the checker says, by the file that it looked at and what it counts."""


def class_path() -> str | None:
    """The OWL API and what it needs; None where it is not here."""
    if given := os.environ.get("AIKG_OWLAPI"):
        return given
    if all((DEBIAN / name).exists() for name in ("owlapi-api.jar", "jaxb-api.jar")):
        return str(DEBIAN / "*")  # Java's own wildcard
    return of_maven() if shutil.which("mvn") else None


def of_maven() -> str | None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "class-path")
        done = subprocess.run(
            ["mvn", "--offline", "--quiet", "--batch-mode", f"--file={JAVA / 'pom.xml'}",
             "dependency:build-classpath", f"-Dmdep.outputFile={file}"],
            capture_output=True, timeout=60, check=False, stdin=subprocess.DEVNULL)
        return file.read_text() if done.returncode == 0 else None


@cache
def command() -> tuple[str, ...]:
    """How to run the checker; skips where it cannot run and nobody said that it can."""
    path = class_path()
    if not os.environ.get("AIKG_OWLAPI"):
        if not shutil.which("javac"):
            pytest.skip("the OWL API needs a Java development kit")
        if path is None:
            pytest.skip("no OWL API here: set AIKG_OWLAPI, or install Debian's libowlapi-java "
                        "and libjaxb-api-java")
    # A proxy that no one serves: whoever opens a connection fails.
    return ("java", "-DsocksProxyHost=127.0.0.1", "-DsocksProxyPort=9", "-cp", path or "",
            str(JAVA / "OwlCheck.java"))


def run(*folders: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*command(), *map(str, folders)], capture_output=True, encoding="utf-8",
                          timeout=120, check=False, stdin=subprocess.DEVNULL)


def findings(*folders: Path) -> Findings:
    done = run(*folders)
    assert done.returncode == 0, done.stderr
    found: Findings = defaultdict(list)
    for line in done.stdout.splitlines():
        file, what, value = line.split("\t", 2)
        found[file, what].append(value)
    return found


def write(folder: Path) -> Path:
    folder.mkdir()
    for name, content in release().items():
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for what the OWL API saves of the release, as a tool on top of it would."""
    return tmp_path_factory.mktemp("saved")


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory, saved: Path) -> Findings:
    command()
    return findings(write(tmp_path_factory.mktemp("owlapi") / "release"), saved)


@pytest.mark.deep
@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("what", WRONG)
def test_nothing_is_wrong(checked: Findings, file: str, what: str) -> None:
    assert checked[file, what] == []


@pytest.mark.deep
@pytest.mark.parametrize("file", FILES)
def test_imports_are_closed_through_the_catalog(checked: Findings, file: str) -> None:
    documents = dict(line.split(" ", 1) for line in checked[file, "document"])
    modules = "agents capital compute evidence outlook products strategy".split()
    assert set(documents) == {BASE + "graph", BASE + "ontology",
                              *(f"{BASE}module/{name}" for name in modules)}
    assert {place.rpartition("/")[2] for place in documents.values()} == {
        file, "ontology.ttl", *(f"{name}.ttl" for name in modules)}
    assert all(place.startswith("file:") for place in documents.values())


@pytest.mark.deep
@pytest.mark.parametrize("file", FILES)
def test_each_fact_and_each_denial_shows_its_evidence(checked: Findings, file: str) -> None:
    sources = read_sources()
    layer = layer_of(sources)
    classes = sources.ontology.vocabulary.classes
    of_class = [fact for fact in layer.denials if fact[2][1:-1] in classes]
    axioms = [line.split("\t") for line in checked[file, "annotated axiom"]]
    negative = [line.split("\t") for line in checked[file, "annotated negative assertion"]]
    assert len(layer.facts) > 100
    assert len(axioms) == len(layer.facts) + len(of_class)
    assert len(negative) == len(layer.denials) - len(of_class)
    assert sum("ObjectComplementOf(ObjectSomeValuesFrom" in axiom for axiom, _ in axioms) == len(
        of_class)
    shown = sorted(sorted(word.removeprefix("evidence=") for word in notes.split()
                          if word.startswith("evidence=")) for _, notes in (*axioms, *negative))
    assert shown == sorted(sorted(names) for side in (layer.facts, layer.denials)
                           for names in side.values())
    assert all("evidencePassage=" in notes and "grade=" in notes
               for _, notes in (*axioms, *negative))


@pytest.mark.deep
@pytest.mark.parametrize("file", FILES)
def test_saved_and_reloaded_it_says_the_same(checked: Findings, file: str) -> None:
    assert set(checked[file, "reloaded"]) == SYNTAXES
    differences = {what: lines for (name, what), lines in checked.items()
                   if name == file and what.startswith(("lost", "gained"))}
    assert differences == {}


@pytest.mark.deep
def test_both_files_say_the_same_axiom_for_axiom(checked: Findings) -> None:
    assert checked["aikg.owl", "lost against aikg.ttl"] == []
    assert checked["aikg.owl", "more than aikg.ttl"] == []
    assert checked["aikg.owl", "same header"] == ["true"]
    assert checked["aikg.owl", "axioms"] == checked["aikg.ttl", "axioms"]


# What it saves can be brought back, and it reads what is exported


@pytest.mark.deep
@pytest.mark.parametrize("syntax", sorted(SYNTAXES))
@pytest.mark.parametrize("file", FILES)
def test_a_saved_release_has_no_differences(
    checked: Findings, saved: Path, syntax: str, file: str,
) -> None:
    assert checked[file, "reloaded"]
    if syntax.startswith("OWL"):
        pytest.importorskip("pyhornedowl", reason="of the extra `export`")
    path = saved / f"{syntax.replace('/', '-')} {file}"
    authored = Authored()
    edited = read_edited(str(path), authored)
    assert len(edited.after.facts) > 4000
    assert changes(edited, authored) == []


@pytest.mark.deep
def test_the_exported_documents_say_the_same_axiom_for_axiom(
    tmp_path: Path, checked: Findings,
) -> None:
    pytest.importorskip("pyhornedowl", reason="of the extra `export`")
    graph = aikg.open()
    for file, name in (("aikg.ttl", "ttl"), ("aikg.owl", "functional")):
        content = export(name, graph)
        assert isinstance(content, bytes)
        (tmp_path / file).write_bytes(content)
    (tmp_path / "catalog-v001.xml").write_text(catalog({}))
    found = findings(tmp_path)
    assert found["aikg.owl", "lost against aikg.ttl"] == []
    assert found["aikg.owl", "more than aikg.ttl"] == []
    assert found["aikg.owl", "same header"] == ["true"]
    assert [found["aikg.ttl", what] for what in WRONG] == [[]] * len(WRONG)
    assert int(found["aikg.ttl", "logical axioms"][0]) > int(
        checked["aikg.ttl", "logical axioms"][0])


# What is wrong is seen

FAULTS = f"""
<{AIKG}developsNot> a <http://www.w3.org/2002/07/owl#ObjectProperty>,
    <http://www.w3.org/2002/07/owl#DatatypeProperty> .
<{BASE}thing/openai> <{AIKG}developsNot> <{BASE}thing/none> ; a <{AIKG}NoClass> .
<{AIKG}dependsOn> a <http://www.w3.org/2002/07/owl#TransitiveProperty>,
    <http://www.w3.org/2002/07/owl#AsymmetricProperty> .
[] a <http://www.w3.org/2002/07/owl#AllDifferent> .
"""


@pytest.mark.deep
def test_faults_are_seen(tmp_path: Path, checked: Findings) -> None:
    folder = write(tmp_path / "release")
    text = (folder / "aikg.ttl").read_text("utf-8")
    (folder / "aikg.ttl").write_text(
        text.replace("aikg:evidence claim", "aikg:statedIn claim", 3) + FAULTS, "utf-8")
    found = findings(folder)
    for what in WRONG:
        assert found["aikg.ttl", what], what
    assert len(found["aikg.ttl", "annotated axiom"]) == len(
        checked["aikg.ttl", "annotated axiom"]) - 3
    assert found["aikg.owl", "more than aikg.ttl"]


def test_a_document_that_the_catalog_lacks_is_seen(tmp_path: Path) -> None:
    folder = write(tmp_path / "release")
    catalog = (folder / "catalog-v001.xml").read_text("utf-8")
    (folder / "catalog-v001.xml").write_text(catalog.replace("module/capital\"", "module/x\""))
    done = run(folder)
    assert done.returncode != 0
    assert "module/capital" in done.stderr
