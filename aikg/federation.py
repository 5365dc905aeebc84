"""Federation: a stored query that asks servers outside, each asked politely and by us.

The embedded engine would follow SERVICE itself (SPARQL 1.1 Federated Query), but without a limit,
without a name that a server's owner could write to, and believing whatever comes back. So each
SERVICE block is sent through aikg.patience, and what it gives takes its place as VALUES.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from pyoxigraph import BlankNode

from aikg import patience
from aikg.answer import Answer
from aikg.errors import EndpointError, QueryError
from aikg.graph import Graph
from aikg.query import FEDERATED, Query
from aikg.store import Engine, Solutions

DEADLINE = 120.0
"""Seconds for one block, pauses included."""
MOST = 10_000
"""Rows of one block that are taken."""
_SERVICE = re.compile(r"\bSERVICE\s+<([^<>\s]+)>\s*\{")
_PREFIX = re.compile(r"^PREFIX\s+[^\n]+$", re.MULTILINE)
_INERT = re.compile(r'''<[^<>"{}|^`\\\s]*>|"(?:[^"\\\n]|\\.)*"|\#[^\n]*''')


def run_online(
    graph: Graph, query: Query, slots: Mapping[str, Sequence[str]], service: str | None,
    told: Callable[[str], None],
) -> Answer:
    """The answer of a stored query that asks servers outside, or `service` in the place of each.

    `told` is told of pauses. Raises as Graph.run, ask_outside and aikg.patience.patient do.
    """
    values = graph.resolve(query, slots)

    def connect(named: str) -> Engine:
        return patience.patient(service or named, DEADLINE, told)

    return graph.answer(ask_outside(query, connect), values)


def ask_outside(query: Query, connect: Callable[[str], Engine]) -> Query:
    """The query with what the servers said in the place of each SERVICE; it asks no one any more.

    `connect` gives an engine for the IRI of an endpoint. Raises EndpointError for a server that
    fails or says what it was not asked, QueryError for a block that does not end.
    """
    text = query.text
    prefixes = "\n".join(_PREFIX.findall(text))
    while service := _SERVICE.search(text):
        end = _end(text, service.end())
        block = text[service.end():end - 1]
        solutions = connect(service[1]).select(f"{prefixes}\nSELECT * WHERE {{{block}}}")
        text = text[:service.start()] + _values(solutions, block) + text[end:]
    return query._replace(text=text, tags=tuple(tag for tag in query.tags if tag != FEDERATED))


def _end(text: str, start: int) -> int:
    """Where the group ends that is open at `start`, its bracket included."""
    code = _INERT.sub(lambda match: " " * len(match[0]), text)
    depth = 1
    for place in range(start, len(code)):
        depth += {"{": 1, "}": -1}.get(code[place], 0)
        if not depth:
            return place + 1
    raise QueryError("a SERVICE block does not end")


def _values(solutions: Solutions, block: str) -> str:
    """The solutions as a VALUES block; rows with blank nodes, which no one else knows, are left."""
    known = set(re.findall(r"[?$](\w+)", block))
    if not {*solutions.variables} <= known:
        raise EndpointError("the endpoint answers with what was not asked for")
    if len(solutions.rows) > MOST:
        raise EndpointError(f"the endpoint sends {len(solutions.rows)} rows: at most {MOST}")
    names = " ".join(f"?{name}" for name in solutions.variables)
    rows = ("(" + " ".join("UNDEF" if term is None else str(term) for term in row) + ")"
            for row in solutions.rows if not any(isinstance(term, BlankNode) for term in row))
    return f"VALUES ({names}) {{ {' '.join(rows)} }}"
