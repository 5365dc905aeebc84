"""A copy of the checkout that tests may damage: it has one collection and few stored queries.

What takes long in a build is their phrasings, and no test of damage depends on how many there are.
"""

from __future__ import annotations

import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
QUERIES = ("capital/investors.rq", "company/founding.rq", "evidence/passage.rq",
           "supply/compute-suppliers.rq")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "collections", "outside", "release")


def copy_checkout(folder: Path) -> None:
    """Copy the package and what it is built from; nothing is built yet."""
    for part in ("aikg", "graph", "ontology"):
        shutil.copytree(ROOT / part, folder / part, ignore=LEFT_OUT)
    for name in QUERIES:
        (folder / "queries" / name).parent.mkdir(parents=True)
        shutil.copy(ROOT / "queries" / name, folder / "queries" / name)
    shutil.copytree(ROOT / "queries" / "check", folder / "queries" / "check")
