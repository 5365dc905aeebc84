"""What larger graphs cost: loading, closure, each stored query, memory and disk, beside others.

    python benchmarks/scale.py [SIZE ...] [--json FILE] [--also FILE] [--results]

SIZE is a number of triples (default 10000 100000 1000000). Every measurement is a process of its
own, so that its peak of memory is its own; beside aikg stand, where they are installed, Oxigraph's
command line, Virtuoso, Jena's TDB2 loader, rdflib, and `reasonable` for the closure. `--also` adds
the sizes that an earlier run on this machine wrote with `--json`; `--results` writes
benchmarks/RESULTS.md, with the machine. Milliseconds of a busy machine say little: its load stands
there too, and processor time beside wall time.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from importlib import metadata
from pathlib import Path
from typing import Any

import generate

ROOT = Path(__file__).resolve().parent.parent
RESULTS = Path(__file__).with_name("RESULTS.md")
VIRTUOSO = Path(__file__).with_name("virtuoso.py")
RUNS = 5
START = f"import json, sys, time; sys.path.insert(0, {str(ROOT)!r})\n"

LOAD = START + """
from aikg.loader import load
done = load([sys.argv[1]], sys.argv[2])
print(json.dumps({"triples": done.triples, "read": done.seconds, "rest": done.more_seconds,
                  "inferred": done.inferred}))
"""
FACTS = START + """
from aikg.build import read_sources
ontology = read_sources().ontology
wanted = {f"<{iri}>" for iri in ontology.properties}
wanted.add("<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>")
def facts():
    with open(sys.argv[1], encoding="utf-8") as file:
        for line in file:
            fact = tuple(line[:-3].split(" ", 2))
            if fact[1] in wanted:
                yield fact
begin = time.perf_counter()
"""
SATURATE = FACTS + """
from aikg.saturation import saturate
found = sum(1 for _ in saturate(facts(), ontology.rules))
print(json.dumps({"seconds": time.perf_counter() - begin, "inferred": found}))
"""
CLOSE = FACTS + """
from aikg.closure import close
found = sum(1 for reason in close(facts(), ontology.rules).values() if reason)
print(json.dumps({"seconds": time.perf_counter() - begin, "inferred": found}))
"""
REASONABLE = START + """
import glob, reasonable
engine = reasonable.PyReasoner()
for path in glob.glob(sys.argv[2] + "/ontology/*.ttl"):
    engine.load_file(path)
engine.load_file(sys.argv[1])
begin = time.perf_counter()
found = len(engine.reason())
print(json.dumps({"seconds": time.perf_counter() - begin, "triples": found}))
"""
RDFLIB = """
import sys, rdflib
rdflib.Graph().parse(sys.argv[1], format="nt")
"""
QUERIES = START + """
from aikg.graph import open_graph
from aikg.errors import AikgError
graph = open_graph(store=sys.argv[1])
MIDDLE = {"aikg:Deal": "thing:fundinground-3", "aikg:FundingRound": "thing:fundinground-3",
          "aikg:Modality": "aikg:Planned", "aikg:Risk": "thing:risk-1",
          "aikg:TechnicalRoute": "thing:technicalroute-1"}
OTHERS = {"class": "aikg:ChipDeveloper", "text": "p7", "integer": "2015"}
MIDDLE |= dict.fromkeys([None, "aikg:Organization", "aikg:Agent"], sys.argv[3])
def slots(query):
    things = {one.name: MIDDLE[one.of] for one in query.parameters
              if one.type == "entity" and one.of in MIDDLE}
    others = {one.name: OTHERS[one.type] for one in query.parameters if one.type in OTHERS}
    return dict([*things.items(), *others.items()][:1])
found = {}
for name, query in sorted(graph.catalog.queries.items()):
    if "outside" in query.graphs:  # they read a snapshot, and none is made here
        continue
    times = []
    for _ in range(int(sys.argv[2])):
        begin = time.perf_counter()
        try:
            rows = len(graph.run(name, **slots(query)).rows)
        except AikgError as error:
            rows = str(error)
        times.append(time.perf_counter() - begin)
        if sum(times) > 20:
            break
    times.sort()
    found[name] = {"rows": rows, "p50": times[len(times) // 2],
                   "p95": times[min(len(times) - 1, round(len(times) * 0.95))]}
print(json.dumps(found))
"""


def main() -> None:
    """Measure each size and print, or write, the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sizes", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--json", metavar="FILE", help="write all figures there")
    parser.add_argument("--also", metavar="FILE", help="add the sizes of an earlier --json")
    parser.add_argument("--results", action="store_true", help="write benchmarks/RESULTS.md")
    given = parser.parse_args()
    before = os.getloadavg()
    figures = {size: measure_all(size) for size in given.sizes}
    if given.also:
        earlier = json.loads(Path(given.also).read_text("utf-8"))["sizes"]
        figures = {int(size): found for size, found in earlier.items()} | figures
        figures = dict(sorted(figures.items()))
    report = table(figures, before)
    print(report)
    if given.json:
        Path(given.json).write_text(json.dumps({"machine": machine(), "sizes": figures}, indent=1),
                                    "utf-8")
    if given.results:
        RESULTS.write_text(report, "utf-8")


def measure_all(size: int) -> dict[str, Any]:
    """All figures of one size, by name."""
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        claims, facts, store = (f"{folder}/{name}" for name in ("claims.nt", "facts.ttl", "store"))
        generate.write(claims, size)
        iri, name = generate.company(size)
        found["aikg load"] = process(python(LOAD, claims, store))
        found["aikg load"]["disk"] = disk(store)
        found["queries"] = process(python(QUERIES, store, RUNS, iri))
        found["aikg ask"] = best(cli("ask", f"what is claimed about {name}", "--store", store))
        found["aikg ask, shipped graph"] = best(cli("ask", "what is claimed about Anthropic"))
        found |= others(size, claims, folder)
        generate.write(facts, size, facts=True)
        found["closure"] = process(python(SATURATE, facts))
        if size <= 100_000:
            found["closure with reasons"] = process(python(CLOSE, facts))
        if size <= 1_000_000 and installed("reasonable"):
            found["reasonable"] = process(python(REASONABLE, facts, ROOT))
    return found


def others(size: int, path: str, folder: str) -> dict[str, Any]:
    """What loading the same file costs other stores."""
    found = {}
    for name, command in {
        "oxigraph load": [tool("oxigraph"), "load", "--location", f"{folder}/oxigraph",
                          "--file", path],
        "tdb2.tdbloader": [tool("tdb2.tdbloader"), "--loc", f"{folder}/tdb2", path],
    }.items():
        if command[0]:
            found[name] = process([part for part in command if part])
            found[name]["disk"] = disk(str(command[command.index(path) - 1]
                                           if name.startswith("tdb2") else command[3]))
    if tool("virtuoso-t"):
        place = f"{folder}/virtuoso"
        found["Virtuoso"] = process([sys.executable, str(VIRTUOSO), path, place])
        found["Virtuoso"]["disk"] = disk(place)
    if size <= 1_000_000:
        found["rdflib"] = process(python(RDFLIB, path))
    return found


def tool(name: str) -> str | None:
    """The command of another store: beside this Python, or on the path."""
    return shutil.which(name, path=os.path.dirname(sys.executable)) or shutil.which(name)


def installed(name: str) -> bool:
    """Whether a package of that name is there."""
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def python(script: str, *arguments: object) -> list[str]:
    """The command that runs a script of this file."""
    return [sys.executable, "-c", script, *map(str, arguments)]


def cli(*arguments: str) -> list[str]:
    """The command line of this checkout."""
    return python(START + "from aikg.cli import main\nmain()", *arguments)


def process(command: list[str]) -> dict[str, Any]:
    """Wall and processor seconds, peak memory in MB, and what the process printed as JSON.

    The peak is taken from the system's own measure, through a parent that is small.
    """
    small = ("import json, os, sys\n"
             "pid = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=["
             "(os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)])\n"
             "_, status, usage = os.wait4(pid, 0)\n"
             "print(json.dumps([status, usage.ru_utime + usage.ru_stime, usage.ru_maxrss]))")
    begin = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", small, *command], capture_output=True, text=True,
                          check=True, cwd=tempfile.gettempdir())
    wall = time.perf_counter() - begin
    *printed, last = done.stdout.splitlines()
    status, cpu, peak = json.loads(last)
    if os.waitstatus_to_exitcode(status) not in (0, 3):  # 3: nothing is said of it
        raise SystemExit(f"exit {os.waitstatus_to_exitcode(status)} of {' '.join(command)[:200]}")
    scale = 2**20 if sys.platform == "darwin" else 2**10
    said = json.loads(printed[-1]) if printed and printed[-1].startswith("{") else {}
    return {"wall": wall, "cpu": cpu, "peak": peak / scale, **({"said": said} if said else {})}


def best(command: list[str]) -> dict[str, Any]:
    """The quickest of some runs: how long a start takes."""
    return min((process(command) for _ in range(RUNS)), key=lambda run: float(run["wall"]))


def disk(folder: str) -> float:
    """MB that the files of a folder take."""
    return sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file()) / 2**20


def machine() -> str:
    """The machine and the versions, in one line."""
    model = next((line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo")
                  if line.startswith("model name")), platform.processor() or "unknown")
    memory = next((int(line.split()[1]) / 2**20 for line in _lines("/proc/meminfo")
                   if line.startswith("MemTotal")), 0)
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in (
        "pyoxigraph", "numpy", "rdflib", "oxigraph", "reasonable") if installed(name))
    return (f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} "
            f"{platform.release()}, Python {platform.python_version()}, {versions}")


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text("utf-8").splitlines()
    except OSError:
        return []


def table(figures: dict[int, dict[str, Any]], before: tuple[float, float, float]) -> str:
    """The report, in Markdown."""
    after = os.getloadavg()
    origin = ("Written by `python benchmarks/scale.py --results`; the graphs are those of "
              "`benchmarks/generate.py`, seed 1.")
    lines = ["# What larger graphs cost", "", origin, "", f"Machine: {machine()}.",
             f"Load average before and after: {before[0]:.1f}, {after[0]:.1f}.", "",
             "## Loading and closure", "",
             "| triples | what | wall s | processor s | peak MB | disk MB | more |",
             "|---:|---|---:|---:|---:|---:|---|"]
    for size, found in figures.items():
        lines += [_row(size, name, run) for name, run in found.items() if name != "queries"]
    how = (f"Milliseconds, of {RUNS} runs in one process, with evidence; one slot filled with a "
           "thing of some degree where there is one.")
    lines += ["", "## Stored queries", "", how, ""]
    return "\n".join([*lines, *_query_rows(figures), ""])


def _row(size: int, name: str, run: dict[str, Any]) -> str:
    said = run.get("said", {})
    more = [f"{key} {value:,.2f} s" if isinstance(value, float) else f"{key} {value:,}"
            for key, value in said.items()]
    if said.get("read"):
        more.append(f"{said['triples'] / said['read']:,.0f} triples/s read")
    disk_used = f"{run['disk']:.0f}" if "disk" in run else ""
    return (f"| {size:,} | {name} | {run['wall']:.2f} | {run['cpu']:.2f} | {run['peak']:.0f} "
            f"| {disk_used} | {', '.join(more)} |")


def _query_rows(figures: dict[int, dict[str, Any]]) -> list[str]:
    sizes = list(figures)
    lines = ["| query | " + " | ".join(f"{size:,}: rows | p50 | p95" for size in sizes) + " |",
             "|---|" + "---:|---:|---:|" * len(sizes)]
    for name in figures[sizes[0]]["queries"]["said"]:
        cells = [f"{one['rows']} | {one['p50'] * 1e3:.1f} | {one['p95'] * 1e3:.1f}"
                 for one in (found["queries"]["said"][name] for found in figures.values())]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


if __name__ == "__main__":
    main()
