"""Copies of the checkout for tests to damage: all that a command needs, and few stored queries.

A build takes as long as there are phrasings; what is tested on a copy does not depend on them.
"""

from __future__ import annotations

import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
QUERIES = ("capital/investors.rq", "company/founding.rq", "evidence/passage.rq",
           "supply/compute-suppliers.rq")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "collections", "outside", "release")


def copy_checkout(folder: Path) -> None:
    """Copy the checkout, as it was before its other queries and sources were added."""
    for part in ("aikg", "graph", "ontology"):
        shutil.copytree(ROOT / part, folder / part, ignore=LEFT_OUT)
    for name in QUERIES:
        (folder / "queries" / name).parent.mkdir(parents=True)
        shutil.copy(ROOT / "queries" / name, folder / "queries" / name)
    shutil.copytree(ROOT / "queries" / "check", folder / "queries" / "check")
