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
from aikg.lexicon import shown
from aikg.names import BASE, PREFIXES

PROLOGUE = " ".join((f"BASE <{BASE}>", *(f"PREFIX {name}: <{iri}>"
                                           for name, iri in PREFIXES.items())))
# Possessive, or a text of many # would take for ever.
BEGINNING = re.compile(
    r"((?:\s|#[^\n]*+|PREFIX\s+\S*\s*<[^>]*>|BASE\s*<[^>]*>)*+)(\w+)", re.IGNORECASE)
FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
UPDATES = frozenset("INSERT DELETE LOAD CLEAR DROP CREATE ADD MOVE COPY WITH".split())
ERROR = re.compile(r"not SPARQL: error at (\d+):(\d+): (?:expected )?(?:one of )?(.*)", re.DOTALL)
OFFLINE = "a limited query reaches no network: SERVICE takes --online"
NO_GUARD = ("this system cannot put limits on a query (that takes Linux with /proc): "
            "--online runs it without limits")


def answer_sparql(graph: Graph, text: str) -> Answer:
    """The answer to a SELECT, ASK, CONSTRUCT or DESCRIBE, in this process and without limits.

    The prefixes of aikg.names need no declaration, and relative IRIs are resolved against its BASE;
    what is declared wins. Raises UsageError for an update, StoreError with line and column (both
    from 1) for what is not SPARQL.
    """
    try:
        return graph.sparql(with_prefixes(text))
    except StoreError as error:
        raise explained(error, text) from error


def with_prefixes(text: str) -> str:
    """The text with base and prefixes of aikg.names declared, in one line before it.

    A service has a base IRI of its own (SPARQL 1.1 Protocol, section 2.3). That of the endpoint
    would make the same query mean something else on each server.
    """
    return f"{PROLOGUE}\n{text}"


def explained(error: StoreError, text: str, offline: str = OFFLINE) -> StoreError | UsageError:
    """An error of the engine over with_prefixes(text), as the person who wrote the text reads it.

    `offline` says why SERVICE reached nobody.
    """
    return _unknown_form(text) or StoreError(_readable(str(error), offline))


def run_limited(
    graph: Graph, text: str, finish: Callable[[Answer], bytes], timeout: float,
) -> bytes:
    """What `finish` makes of the answer, made in a child that opens nothing and can be stopped.

    `timeout` is in seconds; `finish` must not import anything. Raises as answer_sparql does, and
    TimeLimit; UsageError where this system has no such child.
    """
    on_disk = graph.built.path is not None
    if not guard_available(on_disk):
        raise UsageError(NO_GUARD)
    if not on_disk:  # a store on disk is opened in the child: an open one does not outlive a fork
        answer_sparql(graph, "ASK {}")  # so that all graphs are loaded before the child is made
    return run_guarded(lambda: finish(answer_sparql(graph, text)), timeout,
                       prepare=(lambda: graph.engine) if on_disk else None)


def _unknown_form(text: str) -> UsageError | StoreError | None:
    """What is wrong with the word that a query begins with; None if it is one of FORMS."""
    found = BEGINNING.match(text)
    word = found[2].upper() if found else ""
    if word in UPDATES:
        return UsageError("updates are refused: this only reads")
    if not found or word in (*FORMS, "PREFIX", "BASE"):
        return None
    line, column = found[1].count("\n") + 1, len(found[1].rpartition("\n")[2]) + 1
    return StoreError(f"not SPARQL: line {line}, column {column}: "
                      f"{shown(found[2])} is none of {', '.join(FORMS)}")


def _readable(message: str, offline: str) -> str:
    """The engine's message with the line in the person's text, without its character classes."""
    found = ERROR.match(message)
    if not found:
        return f"{message} ({offline})" if "Too many open files" in message else message
    expected = [part for part in re.split(r",\s+", " ".join(found[3].split()))
                if not part.startswith("[")]
    prose = [part for part in expected if re.match(r"\w+ \w", part)]
    what = (prose[0] if prose else "expected " + ", ".join(expected[:8]) if expected
            else "what stands or ends here cannot")
    return f"not SPARQL: line {int(found[1]) - 1}, column {found[2]}: {what}"
