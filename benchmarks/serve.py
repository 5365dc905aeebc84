"""How quickly the server answers, beside other servers on the same data in the same run.

    python benchmarks/serve.py [--seconds 5] [--soak 0] [--triples 0]

Needs the extra `serve`, and for the comparison `oxigraph` and `rdflib-endpoint`: a server that is
not installed is left out. Every stored query without a required slot is asked in turn: of our
server by its name, with evidence (as it is made, and as it is kept), and of every server as the
SPARQL that stands behind it. Times are in milliseconds at the client; the clients are processes.
`--soak` asks our server for that many seconds more, and prints the memory on the way. `--triples`
asks twelve analysts' questions about one company of a made-up graph of that size (the graph of
`benchmarks/generate.py` and all that follows from it), which both servers read from disk.
"""

from __future__ import annotations

import argparse
import http.client
import multiprocessing
import os
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import generate
from pyoxigraph import DefaultGraph, NamedNode, RdfFormat

import aikg
from aikg.disk import Disk
from aikg.web.site import served

ROOT = Path(__file__).resolve().parent.parent
ACCEPT = {"Accept": "application/sparql-results+json"}
CLIENTS = (1, 8)
ANALYST = (
    "compute-suppliers", "chip-suppliers", "investors", "investments", "strategic-investors",
    "round-participants", "investor-suppliers", "shared-investors", "dependencies", "competitors",
    "models", "circular-deals",
)
ROUNDS = 30
"""How often each of these is asked, for its median."""


def main() -> None:
    """Start each server, measure it, end it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--soak", type=float, default=0.0)
    parser.add_argument("--triples", type=int, default=0)
    options = parser.parse_args()
    graph = aikg.open()
    if options.triples:
        larger(graph, options.triples, options.seconds)
        return
    queries = [query for query in served(graph) if not query.graphs
               and not any(slot.required for slot in query.parameters)]
    names = [f"/query/{query.name}.jsonl" for query in queries]
    texts = ["/sparql?" + urlencode({"query": query.bind_any({})}) for query in queries]
    print(f"{len(queries)} queries, {options.seconds:g} s each, {os.cpu_count()} processors")
    print(f"{'server':42}{'clients':>8}{'p50 ms':>9}{'p95 ms':>9}{'per s':>8}")
    with ours() as (port, process):
        measure("aikg, stored queries, kept", port, names, options.seconds)
        measure("aikg, stored queries, made each time", port, fresh(names), options.seconds)
        measure("aikg, ad-hoc SPARQL in a guarded child", port, texts, options.seconds)
        if options.soak:
            soak(port, process, [*fresh(names), *texts], options.soak)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "main.nt"
        data.write_bytes(graph.built.read("graph.nt") or b"")
        if shutil.which("oxigraph", path=str(Path(sys.executable).parent)):
            with oxigraph(data, folder) as port:
                paths = [text.replace("/sparql", "/query", 1) for text in texts]
                measure("Oxigraph's server", port, paths, options.seconds)
        if find_spec("rdflib_endpoint"):
            with rdflib_endpoint(data) as port:
                paths = [text.replace("/sparql", "/", 1) for text in texts]
                measure("rdflib-endpoint", port, paths, options.seconds)


def larger(graph: aikg.Graph, size: int, seconds: float) -> None:
    """Measure the servers on a made-up graph of so many triples, about one company of it."""
    company = NamedNode(generate.company(size)[0])
    texts = []
    for query in map(graph.catalog.query, ANALYST):
        slots = {query.parameters[0].name: [company]} if query.parameters else {}
        texts.append("/sparql?" + urlencode({"query": query.bind_any(slots)}))
    with tempfile.TemporaryDirectory() as folder:
        claims, store, data = (Path(folder) / name for name in ("claims.nt", "loaded", "main.nt"))
        generate.write(str(claims), size)
        subprocess.run([sys.executable, "-m", "aikg", "load", str(claims), "--store", str(store)],
                       cwd=ROOT, check=True, capture_output=True)
        Disk(str(store)).engine.oxigraph.dump(str(data), RdfFormat.N_TRIPLES,
                                              from_graph=DefaultGraph())
        print(f"{len(texts)} queries over {data.read_bytes().count(bytes([10])):,} triples")
        print(f"{'server':42}{'clients':>8}{'p50 ms':>9}{'p95 ms':>9}{'per s':>8}")
        with ours("--store", str(store)) as (port, _):
            measure("aikg, ad-hoc SPARQL over a store", port, texts, seconds)
            print(f"{'  geometric mean of the medians':50}{typical(port, texts):9.2f}")
        with oxigraph(data, folder) as port:
            paths = [text.replace("/sparql", "/query", 1) for text in texts]
            measure("Oxigraph's server", port, paths, seconds)
            print(f"{'  geometric mean of the medians':50}{typical(port, paths):9.2f}")


def typical(port: int, paths: Sequence[str]) -> float:
    """The geometric mean of each path's median, in milliseconds, at one client."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    medians = []
    for path in paths:
        times = []
        for _ in range(ROUNDS):
            begin = time.perf_counter()
            ask(connection, path)
            times.append((time.perf_counter() - begin) * 1_000)
        medians.append(statistics.median(times))
    return statistics.geometric_mean(medians)


def fresh(paths: Sequence[str]) -> list[str]:
    """The paths, each in many spellings, so that no reply can be one that was kept."""
    return [f"{path}?limit={limit}" for limit in range(1_000, 9_000) for path in paths]


def measure(name: str, port: int, paths: Sequence[str], seconds: float) -> None:
    """Print how quickly one server answers."""
    for path in paths[:100]:
        ask(http.client.HTTPConnection("127.0.0.1", port, timeout=60), path)
    for count in CLIENTS:
        with multiprocessing.Pool(count) as pool:
            jobs = [(port, paths, seconds, number) for number in range(count)]
            times = sorted(one for part in pool.starmap(client, jobs) for one in part)
        p50, p95 = statistics.median(times), times[int(len(times) * 0.95)]
        print(f"{name:42}{count:8}{p50:9.2f}{p95:9.2f}{len(times) / seconds:8.0f}", flush=True)


def client(port: int, paths: Sequence[str], seconds: float, number: int) -> list[float]:
    """The times of one client's requests over one connection, in milliseconds."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    at = random.Random(number).randrange(len(paths))
    times = []
    end = time.perf_counter() + seconds
    while (begin := time.perf_counter()) < end:
        ask(connection, paths[at % len(paths)])
        times.append((time.perf_counter() - begin) * 1_000)
        at += 1
    return times


def ask(connection: http.client.HTTPConnection, path: str) -> None:
    """One request, which must be answered."""
    connection.request("GET", path, headers=ACCEPT if "query=" in path else {})
    response = connection.getresponse()
    content = response.read()
    if response.status != 200:
        sys.exit(f"{path[:200]}: {response.status}: {content[:300].decode()}")


def soak(port: int, process: subprocess.Popen[str], paths: Sequence[str], seconds: float) -> None:
    """Print what a long time under load does to the memory of the server and its helpers."""
    mixed = random.Random(0).sample(paths, len(paths))
    for part in range(1, 6):
        with multiprocessing.Pool(8) as pool:
            jobs = [(port, mixed, seconds / 5, number) for number in range(8)]
            count = sum(map(len, pool.starmap(client, jobs)))
        own, helpers = memory(process.pid)
        print(f"soak, part {part} of 5: {count} requests; the server has {own:.1f} MB, its "
              f"helpers {helpers:.1f} MB", flush=True)


def memory(process: int) -> tuple[float, float]:
    """Private memory of the server, and of its helpers, in MB."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    sizes = [sum(int(line.split()[1]) for line in Path(f"/proc/{one}/smaps_rollup").read_text(
        ).splitlines() if line.startswith("Private_")) / 1_024 for one in (process, *children)]
    return sizes[0], sum(sizes[1:])


@contextmanager
def ours(*options: str) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """Our server; gives its port and process."""
    command = [sys.executable, "-m", "aikg", "serve", "--port", "0", *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline().rstrip("/\n").rpartition(":")[2]), process
        finally:
            process.terminate()


@contextmanager
def other(command: Sequence[str], port: int) -> Iterator[int]:
    """A server that somebody else wrote, when it listens."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        end = time.monotonic() + 30
        while time.monotonic() < end:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                time.sleep(0.1)
        try:
            yield port
        finally:
            process.terminate()


@contextmanager
def oxigraph(data: Path, folder: str) -> Iterator[int]:
    """Oxigraph's server over the data, on disk as it wants it."""
    program, store, port = str(Path(sys.executable).parent / "oxigraph"), f"{folder}/store", free()
    subprocess.run([program, "load", "--location", store, "--file", str(data)], check=True,
                   capture_output=True)
    with other([program, "serve-read-only", "--location", store, "--bind",
                f"127.0.0.1:{port}"], port) as running:
        yield running


@contextmanager
def rdflib_endpoint(data: Path) -> Iterator[int]:
    """rdflib-endpoint over the data, in memory."""
    port = free()
    program = str(Path(sys.executable).parent / "rdflib-endpoint")
    with other([program, "serve", "--host", "127.0.0.1", "--port", str(port), str(data)],
               port) as running:
        yield running


def free() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


if __name__ == "__main__":
    main()
