"""Faults: who is killed, finds no room or meets another writer leaves what was committed.

Each fault happens in a process of its own, and is followed by what a person would do next.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Store

from aikg import build, built, files
from aikg.disk import Disk
from aikg.graph import HOLDS
from aikg.names import AIKG, GRAPH, MAIN_GRAPH
from aikg.push import BATCH
from tests.loopback import Request, reply, serving

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are those of POSIX")

ONTOLOGY = """
@prefix aikg: <https://w3id.org/aikg/ontology/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
aikg:A a owl:Class ; rdfs:label "a"@en .
aikg:B a owl:Class ; rdfs:subClassOf aikg:A ; rdfs:label "b"@en .
"""
GRAPHS = {
    MAIN_GRAPH: [f"<https://w3id.org/aikg/claim/c{n}> a <{AIKG}Claim>" for n in range(BATCH + 1)],
    GRAPH + "links": ["<https://x.example/a> <https://x.example/b> <https://x.example/c>"],
}
# Forks for each line: the work, the point to be killed at, and the arguments of the work.
WORKER = """
import json, os, resource, signal, sys
sys.path.insert(0, sys.argv[1])
from aikg import build, built, errors, files, loader
from aikg.push import send, update_steps
from aikg.snapshot import write_snapshot
GRAPHS = json.loads(sys.argv[3])
REPLACE = os.replace
sources = build.read_sources(sys.argv[2])
build.read_sources = lambda: sources

def load(point, path, store):
    loader.load([path], store, lambda size: point == "reading" and die(),
                lambda name: point == name and die())

def load_into_little(point, path, store):
    little()
    load(point, path, store)

def little():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

def write_into_little(point, folder):
    little()
    content, files._HERE = files.read_folder(folder), os.path.dirname(folder)
    built.store_built({**content, "graph.nt": b"x" * 30_000})

def push(point, url):
    steps = list(update_steps(GRAPHS, url))
    send(steps, url, done=lambda step: steps.index(step) + 1 == int(point) and die())

def refresh(point, folder):
    from tests.wikidata import DAY, gathered
    armed = os.replace
    if "batch" not in point:
        os.replace = REPLACE
    found = gathered()
    os.replace = armed
    write_snapshot(found, DAY, folder)

def write(point, folder):
    if point == "writing":
        files._swap = die
    files.write_folder(folder, {**files.read_folder(folder), "graph.nt": b"new"})

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

def deadly(function, point):
    def wrapped(*given):
        point.endswith("replace before") and die()
        function(*given)
        point.endswith("replace after") and die()
    return wrapped

def child(work, point, *arguments):
    os.replace = deadly(os.replace, point)
    try:
        globals()[work](point, *arguments)
    except errors.AikgError as error:
        return str(error)

for line in sys.stdin:
    for work, *arguments in json.loads(line):
        if os.fork() == 0:
            failed = child(work, *arguments)
            failed and os.write(2, failed.encode())
            os._exit(bool(failed))
    codes = [os.waitstatus_to_exitcode(os.wait()[1]) for _ in json.loads(line)]
    print(json.dumps(sorted(codes)), flush=True)
"""


class Worker:
    """A process that does work in forks of its own, and opens no store itself."""

    def __init__(self, sources: Path, errors: Path) -> None:
        self.errors = errors
        with open(errors, "wb") as stream:
            self.process = subprocess.Popen(
                [sys.executable, "-c", WORKER, str(ROOT), str(sources), json.dumps(GRAPHS)],
                text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stream,
                env={**os.environ, "no_proxy": "*", "AIKG_CACHE": str(sources / "cache")})

    def run(self, *works: tuple[object, ...]) -> list[int]:
        """The exit codes of works done at once, minus the signals that ended them, sorted."""
        assert self.process.stdin
        assert self.process.stdout
        print(json.dumps([list(map(str, work)) for work in works]), file=self.process.stdin,
              flush=True)
        codes: list[int] = json.loads(self.process.stdout.readline())
        return codes


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of authored files, small enough to be read at once."""
    folder = tmp_path_factory.mktemp("sources")
    (folder / "ontology").mkdir()
    (folder / "ontology" / "aikg.ttl").write_text(ONTOLOGY, "utf-8")
    for name, kind in (("old.nt", "A"), ("new.nt", "B")):
        (folder / name).write_text("<https://x.example/x> "
            "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
            f"<https://w3id.org/aikg/ontology/{kind}> .\n", "utf-8")
    return folder


@pytest.fixture(scope="module")
def worker(sources: Path) -> Iterator[Worker]:
    worker = Worker(sources, sources / "errors")
    yield worker
    worker.process.communicate(timeout=60)


@pytest.fixture(scope="module")
def loaded(sources: Path, worker: Worker, tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("loaded") / "store"
    assert worker.run(("load", "never", sources / "old.nt", store)) == [0]
    return store


@pytest.fixture
def store(loaded: Path, tmp_path: Path) -> Path:
    shutil.copytree(loaded, tmp_path / "store")
    return tmp_path / "store"


def kinds(store: Path) -> str:
    """The classes of the one thing that the store holds; nothing stays open behind it."""
    rows = Disk(str(store)).engine.select("SELECT ?k { <https://x.example/x> a ?k } ORDER BY ?k")
    gc.collect()
    return "".join(str(kind)[-2:-1] for (kind,) in rows.rows)


@pytest.mark.parametrize(("point", "found"), [
    ("replace before", "A"), ("replace after", "AB"),
    *(pytest.param(point, "A", marks=pytest.mark.deep) for point in (
        "reading", "the direct layer of the claims", "the index of names", "the closure",
        "the order on disk")),
])
def test_a_load_that_is_killed(
    point: str, found: str, store: Path, sources: Path, worker: Worker,
) -> None:
    assert worker.run(("load", point, sources / "new.nt", store)) == [-signal.SIGKILL]
    assert kinds(store) == found
    assert worker.run(("load", "never", sources / "new.nt", store)) == [0]
    assert kinds(store) == "AB"
    assert len(list(store.glob("generation-*"))) == 1, "what was left behind is swept"


def test_two_loads_at_once(store: Path, sources: Path, worker: Worker) -> None:
    codes = worker.run(*[("load", "never", sources / "new.nt", store)] * 2)
    assert codes in ([0, 0], [0, 1])
    assert codes == [0, 0] or "another `aikg load` writes" in worker.errors.read_text("utf-8")
    assert kinds(store) == "AB"


def test_a_load_that_finds_no_room(store: Path, worker: Worker, tmp_path: Path) -> None:
    many = tmp_path / "many.nt"
    many.write_text("".join(f"<https://x.example/{n}> <https://x.example/p> "
                            f'"{n * 7919}" .\n' for n in range(9_000)), "utf-8")
    assert worker.run(("load_into_little", "never", many, store)) == [1]
    assert "cannot write the store" in worker.errors.read_text("utf-8")
    assert kinds(store) == "A"
    assert len(list(store.glob("generation-*"))) == 1


def test_a_build_that_finds_no_room(tmp_path: Path, worker: Worker) -> None:
    folder = tmp_path / "aikg" / "built"
    shutil.copytree(ROOT / "aikg" / "built", folder)
    for part in files.SOURCES:  # it is a checkout
        (tmp_path / part).mkdir()
    content = files.read_folder(str(folder))
    assert worker.run(("write_into_little", "never", folder)) == [1]
    assert f"cannot write {folder}" in worker.errors.read_text("utf-8")
    assert files.read_folder(str(folder)) == content
    assert [path.name for path in folder.parent.iterdir()] == ["built"]


@pytest.mark.parametrize("point", range(1, 8))
def test_a_push_that_is_killed(point: int, worker: Worker) -> None:
    """A kill behind each request: what came through is not taken for the whole."""
    server = Store()

    def answer(request: Request, _: object) -> bytes:
        server.update(request.body.decode())
        return reply("")

    def is_held() -> bool:
        return bool(server.query(HOLDS, default_graph=[NamedNode(MAIN_GRAPH)]))

    server.update("INSERT DATA { GRAPH <https://x.example/other> { <x:a> <x:b> <x:c> } }")
    with serving(answer) as running:
        assert worker.run(("push", 0, running.url)) == [0]
        whole = sorted(map(str, server))
        assert is_held()
        assert worker.run(("push", point, running.url)) == [-signal.SIGKILL]
        assert is_held() == (point == 7)
        assert worker.run(("push", 0, running.url)) == [0]
    assert sorted(map(str, server)) == whole
    assert is_held()


@pytest.mark.parametrize(("point", "found"), [
    ("batch replace before", []), ("batch replace after", []), ("replace before", []),
    ("replace after", ["2000-01-01.ttl"]),
])
def test_a_refresh_that_is_killed(
    point: str, found: list[str], tmp_path: Path, worker: Worker,
) -> None:
    shutil.copytree(ROOT / "tests" / "bad" / "check" / "sound", tmp_path / "project")
    outside = tmp_path / "project" / "graph" / "outside"
    assert worker.run(("refresh", point, tmp_path / "project")) == [-signal.SIGKILL]
    assert [path.name for path in outside.glob("*.ttl")] == found
    assert build.read_sources(str(tmp_path / "project")).snapshot == (
        "2000-01-01" if found else None)
    assert worker.run(("refresh", "never", tmp_path / "project")) == [0]
    assert build.read_sources(str(tmp_path / "project")).snapshot == "2000-01-01"


@pytest.mark.parametrize("point", ["writing", "replace before", "replace after"])
def test_a_build_that_is_killed(
    point: str, tmp_path: Path, worker: Worker, monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = tmp_path / "aikg" / "built"
    shutil.copytree(ROOT / "aikg" / "built", folder)
    monkeypatch.setattr(files, "_HERE", str(tmp_path / "aikg"))
    content = files.read_folder(str(folder))
    assert worker.run(("write", point, folder)) == [-signal.SIGKILL]
    assert list(folder.parent.glob(".draft-*"))
    now = files.read_folder(str(folder))
    assert now["catalog.json"] == content["catalog.json"], "it is put there last"
    files.write_folder(str(folder), content)
    assert files.read_folder(str(folder)) == content
    assert [path.name for path in folder.parent.iterdir()] == ["built"]


def test_a_half_written_build_is_not_taken_for_whole(tmp_path: Path, worker: Worker) -> None:
    folder = tmp_path / "built"
    shutil.copytree(ROOT / "aikg" / "built", folder)
    assert worker.run(("write", "replace after", folder)) == [-signal.SIGKILL]
    names = [name for name, size in built.Built(str(folder)).catalog.content["files"].items()
             if os.path.getsize(folder / name) != size]
    assert (built._open(str(folder)) is None) == bool(names)


def test_a_draft_of_a_living_process_stays(tmp_path: Path) -> None:
    draft = tmp_path / f".draft-{os.getpid()}-x"
    draft.mkdir()
    files.write_folder(str(tmp_path / "built"), {"a": b""})
    assert draft.exists()


def test_a_clock_set_back_hides_no_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What ships was built in what is now the future; then a file changed, its size did not."""
    for part in (*files.SOURCES, "aikg"):
        shutil.copytree(ROOT / part, tmp_path / part,
                        ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(files, "_HERE", str(tmp_path / "aikg"))
    shipped = built._open(str(tmp_path / "aikg" / "built"))
    if shipped is None or not built._is_fresh(shipped):
        pytest.skip("aikg/built is not up to date")
    future = time.time_ns() + 10**14
    os.utime(tmp_path / "aikg" / "built" / "catalog.json", ns=(future, future))
    source = tmp_path / "graph" / "entities.ttl"
    source.write_bytes(source.read_bytes().replace(b"OpenAI", b"0penAI", 1))
    os.utime(source, ns=(future - 10**15, future - 10**15))
    assert not built._is_fresh(shipped)


def test_a_clock_set_back_does_not_throw_away_what_was_just_built(tmp_path: Path) -> None:
    for age, name in enumerate(["new", "a", "b", "c"]):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (1_000 + age, 1_000 + age))
    files.prune_cache(str(tmp_path), "new")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b", "c", "new"]
