"""Ad-hoc SPARQL: a text from a person, with our prefixes at hand, run within limits.

The engine itself has neither a time limit nor a switch for SERVICE, so it runs in a guarded child.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from aikg.answer import Answer
from aikg.errors import StoreError, UsageError
from aikg.graph import Graph
from aikg.guard import guard_available, run_guarded
from aikg.names import PREFIXES

PROLOGUE = " ".join(f"PREFIX {name}: <{iri}>" for name, iri in PREFIXES.items())
# Possessive, or a text of many # would take for ever.
UPDATE = re.compile(
    r"(?:\s|#[^\n]*+|PREFIX\s+\S*\s*<[^>]*>|BASE\s*<[^>]*>)*+"
    r"(?:INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY|WITH)\b", re.IGNORECASE)
ERROR = re.compile(r"not SPARQL: error at (\d+):(\d+): (?:expected )?(?:one of )?(.*)", re.DOTALL)
OFFLINE = "a limited query reaches no network: SERVICE takes --online"
NO_GUARD = ("this system cannot put limits on a query (that takes Linux with /proc): "
            "--online runs it without limits")


def answer_sparql(graph: Graph, text: str) -> Answer:
    """The answer to a SELECT, ASK, CONSTRUCT or DESCRIBE, in this process and without limits.

    The prefixes of aikg.names need no declaration; one that is declared wins. Raises UsageError for
    an update, StoreError with line and column (both from 1) for what is not SPARQL.
    """
    try:
        return graph.sparql(f"{PROLOGUE}\n{text}")
    except StoreError as error:
        if UPDATE.match(text):
            raise UsageError("updates are refused: this command only reads") from error
        raise StoreError(_readable(str(error))) from error


def run_limited(
    graph: Graph, text: str, finish: Callable[[Answer], bytes], timeout: float,
) -> bytes:
    """What `finish` makes of the answer, made in a child that opens nothing and can be stopped.

    `timeout` is in seconds; `finish` must not import anything. Raises as answer_sparql does, and
    TimeLimit; UsageError where this system has no such child.
    """
    if not guard_available():
        raise UsageError(NO_GUARD)
    answer_sparql(graph, "ASK {}")  # so that all graphs are loaded before the child is made
    return run_guarded(lambda: finish(answer_sparql(graph, text)), timeout)


def _readable(message: str) -> str:
    """The engine's message with the line in the person's text, without its character classes."""
    found = ERROR.match(message)
    if not found:
        return f"{message} ({OFFLINE})" if "Too many open files" in message else message
    expected = [part for part in re.split(r",\s+", " ".join(found[3].split()))
                if not part.startswith("[")]
    prose = [part for part in expected if re.match(r"\w+ \w", part)]
    what = prose[0] if prose else "expected " + ", ".join(expected[:8]) if expected else "misspelt"
    return f"not SPARQL: line {int(found[1]) - 1}, column {found[2]}: {what}"
