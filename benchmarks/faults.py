"""Random kills: what is left behind always answers, and the next command goes on.

    python benchmarks/faults.py [KILLS] [--seed N]

Half of the kills (default 100) hit `aikg load` into one store, of one graph and another in turn;
after each the store holds the one or the other, whole. Half hit `aikg build` in a copy of the
checkout whose sources were changed; after each `aikg ask` answers. Exits 1 at the first that does
not hold, and prints where the kills fell.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

import generate

ROOT = Path(__file__).resolve().parent.parent
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?claim a aikg:Claim }"
ALIAS = '"AI field"@en'
QUESTION = "who supplies OpenAI's compute"


def main() -> None:
    """Kill, look, and go on."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kills", type=int, nargs="?", default=100)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    random = Random(given.seed)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["AIKG_CACHE"] = f"{folder}/cache"
        report("load", loads(Path(folder), given.kills // 2, random))
        report("build", builds(Path(folder), given.kills - given.kills // 2, random))


def loads(folder: Path, kills: int, random: Random) -> Counter[str]:
    """Kill loads of two graphs in turn; count how each ended."""
    store, counts = folder / "store", {}
    for name, size in (("one", 20_000), ("two", 30_000)):
        generate.write(str(folder / f"{name}.nt"), size)
        run(ROOT, "load", str(folder / f"{name}.nt"), "--store", str(store))
        counts[name] = claims(store)
    whole = duration(ROOT, "load", str(folder / "two.nt"), "--store", str(store))
    ended: Counter[str] = Counter()
    held = "two"
    for number in range(kills):
        name = ("one", "two")[number % 2]
        was_killed = kill(ROOT, random.uniform(0, whole), "load", str(folder / f"{name}.nt"),
                          "--store", str(store))
        found = next((one for one, count in counts.items() if count == claims(store)), "neither")
        if found not in (held, name) or (not was_killed and found != name):
            raise SystemExit(f"kill {number}: held {held}, loaded {name}, found {found}")
        ended["old store" if found == held != name else "new store"] += 1
        held = found
    run(ROOT, "load", str(folder / "one.nt"), "--store", str(store))
    left = [path.name for path in store.glob("generation-*")]
    if len(left) != 1:
        raise SystemExit(f"left behind: {left}")
    return ended


def builds(folder: Path, kills: int, random: Random) -> Counter[str]:
    """Kill builds of a checkout whose sources change each time."""
    copy = folder / "checkout"
    for part in ("aikg", "ontology", "graph", "queries"):
        shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    source = copy / "graph" / "entities.ttl"
    text = source.read_text("utf-8")
    whole = duration(copy, "build")
    ended: Counter[str] = Counter()
    for number in range(kills):
        source.write_text(text.replace(ALIAS, f'{ALIAS},\n        "AI field {number}"@en', 1)
                          if number % 2 else text, "utf-8")
        killed = kill(copy, random.uniform(0, whole), "build")
        if "Microsoft" not in run(copy, "ask", QUESTION):
            raise SystemExit(f"kill {number}: no answer after a build that was killed")
        ended["killed" if killed else "done before"] += 1
    run(copy, "build")
    left = list((copy / "aikg").glob(".draft-*"))
    if left:
        raise SystemExit(f"left behind: {left}")
    return ended


def command(checkout: Path, *arguments: str) -> list[str]:
    """The command line of a checkout."""
    start = f"import sys; sys.path.insert(0, {str(checkout)!r}); from aikg.cli import main; main()"
    return [sys.executable, "-c", start, *arguments]


def run(checkout: Path, *arguments: str) -> str:
    """What a command prints; it must succeed."""
    done = subprocess.run(command(checkout, *arguments), capture_output=True, text=True,
                          timeout=300)
    if done.returncode:
        raise SystemExit(f"aikg {' '.join(arguments)}: exit {done.returncode}: {done.stderr}")
    return done.stdout


def duration(checkout: Path, *arguments: str) -> float:
    """Seconds that a command takes when nobody disturbs it."""
    begin = time.monotonic()
    run(checkout, *arguments)
    return time.monotonic() - begin


def kill(checkout: Path, after: float, *arguments: str) -> bool:
    """Run a command and kill it after some seconds; whether it was still running."""
    process = subprocess.Popen(command(checkout, *arguments), stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        process.kill()
    return process.wait() == -signal.SIGKILL


def claims(store: Path) -> int:
    """How many claims a store holds."""
    return int(run(ROOT, "sparql", COUNT, "--store", str(store), "-f", "tsv").split()[-1])


def report(what: str, ended: Counter[str]) -> None:
    """One line for one kind of work."""
    print(f"{what}: {sum(ended.values())} kills, " + ", ".join(
        f"{number} {how}" for how, number in sorted(ended.items())), flush=True)


if __name__ == "__main__":
    main()
