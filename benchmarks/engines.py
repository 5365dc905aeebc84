"""How long the stored queries take on SPARQL servers, against the engine of the package.

    python benchmarks/engines.py NAME=URL... [RUNS]

Each server holds the dataset (`aikg push`). Every query without a required slot is run on each
engine in turn, RUNS times (default 5), once as its SPARQL alone and once as the whole answer, with
the evidence of each row. Printed are the median and the slowest over the queries, of the median of
each, and the ratio to the embedded engine in the same run; the ratios count, not the milliseconds.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import aikg  # noqa: E402 - this checkout, whatever is installed
from aikg.query import Query  # noqa: E402


def main() -> None:
    """Measure all engines and print the table."""
    urls = dict(one.split("=", 1) for one in sys.argv[1:] if "=" in one)
    runs = next((int(one) for one in sys.argv[1:] if one.isdecimal()), 5)
    here = aikg.open()
    engines = {"embedded": here, **{name: here.at(url) for name, url in urls.items()}}
    queries = [query for query in here.catalog.queries.values()
               if not any(parameter.required for parameter in query.parameters)]
    print(f"{len(queries)} stored queries, {runs} runs each, Python {sys.version.split()[0]}, "
          f"{os.cpu_count()} cores")
    works: Mapping[str, Callable[[aikg.Graph, Query], object]] = {
        "SPARQL": lambda graph, query: graph.engine.select(query.bind_any({}), query.graphs),
        "answer": lambda graph, query: graph.run(query.name)}
    for what, work in works.items():
        report(what, {name: [measure(lambda: work(graph, query), runs)  # noqa: B023 - called now
                             for query in queries] for name, graph in engines.items()})


def measure(work: Callable[[], object], runs: int) -> float:
    """The median of some runs, in seconds, after one that does not count."""
    work()
    seconds = []
    for _ in range(runs):
        begin = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begin)
    return statistics.median(seconds)


def report(what: str, figures: Mapping[str, list[float]]) -> None:
    """Print median and slowest of each engine, and the ratios to the first."""
    print(f"{what:10}{'median ms':>11}{'x':>8}{'slowest ms':>12}{'x':>8}")
    floor = figures["embedded"]
    for name, seconds in figures.items():
        middle, most = statistics.median(seconds), max(seconds)
        print(f"{name:10}{middle * 1e3:11.2f}{middle / statistics.median(floor):8.1f}"
              f"{most * 1e3:12.1f}{most / max(floor):8.1f}")


if __name__ == "__main__":
    main()
