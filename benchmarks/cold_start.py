"""How long one question takes from nothing: the whole process, against the least it could be.

    python benchmarks/cold_start.py [RUNS]

The floor is the same Python importing click and pyoxigraph, loading the shipped graph and running
the same SPARQL. Everything is run in turn, RUNS times (default 20), so that all see the same
machine; the ratios of one run count, not the milliseconds. Beside them stand rdflib and, where they
are installed, roqet (Rasqal) and arq (Jena), on the same file and query.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GRAPH = ROOT / "aikg" / "built" / "graph.nt"
QUERY = "compute-suppliers"
CUSTOMER = "<https://w3id.org/aikg/thing/openai>"

FLOOR = """
import sys, click, pyoxigraph
graph, query = sys.argv[1:]
store = pyoxigraph.Store()
store.bulk_load(path=graph, format=pyoxigraph.RdfFormat.N_TRIPLES, lenient=True)
for row in store.query(open(query, encoding="utf-8").read()):
    print(*row, sep="\\t")
"""
RDFLIB = """
import sys, rdflib
graph, query = sys.argv[1:]
store = rdflib.Graph().parse(graph, format="nt")
for row in store.query(open(query, encoding="utf-8").read()):
    print(*row, sep="\\t")
"""


def main() -> None:
    """Run every contestant in turn and print the table."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    with tempfile.TemporaryDirectory() as folder:
        query = Path(folder) / "query.rq"
        query.write_text(bound_query(), "utf-8")
        contestants = commands(query)
        for command in contestants.values():  # once for the file cache and the byte code
            measure(command)
        figures: dict[str, list[tuple[float, int]]] = {name: [] for name in contestants}
        for _ in range(runs):
            for name, command in contestants.items():
                figures[name].append(measure(command))
    report(figures, runs)


def aikg() -> list[str]:
    """The installed command of this Python, or the package of this checkout."""
    script = Path(sys.executable).with_name("aikg")
    start = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from aikg.cli import main; main()"
    return [str(script)] if script.exists() else [sys.executable, "-c", start]


def bound_query() -> str:
    """The stored query with its customer filled in and its other slots taken out."""
    text = subprocess.run([*aikg(), "queries", QUERY], check=True, capture_output=True,
                          encoding="utf-8").stdout
    filled = re.sub(r"VALUES \?customer \{ UNDEF \}", f"VALUES ?customer {{ {CUSTOMER} }}", text)
    if filled == text:
        raise SystemExit(f"{QUERY} has no slot for the customer")
    return re.sub(r"VALUES \?\w+ \{ UNDEF \}", "", filled)


def commands(query: Path) -> dict[str, list[str]]:
    """The contestants by name; the floor comes first."""
    python = [sys.executable, "-c"]
    everyone = {
        "floor": [*python, FLOOR, str(GRAPH), str(query)],
        "aikg ask": [*aikg(), "ask", "who supplies OpenAI's compute"],
        "aikg run": [*aikg(), "run", QUERY, "--customer", "OpenAI"],
        "rdflib": [*python, RDFLIB, str(GRAPH), str(query)],
        "roqet": ["roqet", "-q", "-i", "sparql", "-F", "ntriples", "-D", str(GRAPH), str(query)],
        "arq": ["arq", f"--data={GRAPH}", f"--query={query}"],
    }
    return {name: command for name, command in everyone.items() if shutil.which(command[0])}


def measure(command: list[str]) -> tuple[float, int]:
    """Wall-clock seconds and peak memory in bytes of one process, start to end.

    The kernel counts a child's peak from the size of its parent at the fork, so this module stays
    smaller than any of its children.
    """
    begin = time.perf_counter()
    quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
             (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)]
    process = os.posix_spawnp(command[0], command, os.environ, file_actions=quiet)
    _, status, usage = os.wait4(process, 0)
    seconds = time.perf_counter() - begin
    if status:
        raise SystemExit(f"exit {os.waitstatus_to_exitcode(status)} of {' '.join(command)}")
    return seconds, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def report(figures: dict[str, list[tuple[float, int]]], runs: int) -> None:
    """Print best, median and peak of each, and its ratio to the floor."""
    times = {name: [seconds for seconds, _ in pairs] for name, pairs in figures.items()}
    floor = min(times["floor"]), statistics.median(times["floor"])
    print(f"{QUERY}, {sum(1 for _ in GRAPH.open('rb'))} triples, {runs} runs each, "
          f"Python {sys.version.split()[0]}, {os.cpu_count()} cores")
    print(f"{'':10}{'best ms':>9}{'x floor':>9}{'median ms':>11}{'x floor':>9}{'peak MB':>9}")
    for name, seconds in times.items():
        best, median = min(seconds), statistics.median(seconds)
        peak = max(size for _, size in figures[name]) / 2**20
        print(f"{name:10}{best * 1e3:9.1f}{best / floor[0]:9.2f}{median * 1e3:11.1f}"
              f"{median / floor[1]:9.2f}{peak:9.1f}")


if __name__ == "__main__":
    main()
