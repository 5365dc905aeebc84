"""Pushing the dataset to a store: each of our graphs is replaced, and no other one is touched.

Either by the SPARQL 1.1 Graph Store HTTP Protocol (section 5.3, PUT: one request for each graph) or
by SPARQL 1.1 Update, in batches, which every store has. Done twice it leaves the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote
from urllib.request import Request

from pyoxigraph import Literal

from aikg.endpoint import AGENT, TIMEOUT, Endpoint
from aikg.errors import EndpointError
from aikg.names import UNFINISHED
from aikg.transport import Courier

BATCH = 500
"""Statements in a request of SPARQL Update; Virtuoso compiles each, and gives up on large ones."""
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"

Graphs = Mapping[str, Sequence[str]]
"""The statements of each graph by its IRI, as aikg.dataset.graphs gives them."""


@dataclass(frozen=True)
class Step:
    """One request: what it does, and how many statements it brings."""

    summary: str
    statements: int
    request: Request
    missing_is_fine: bool = False
    """Whether HTTP 404 is as good: there was nothing to remove."""


@dataclass(frozen=True)
class Held:
    """What a server holds of a graph, beside what was sent."""

    graph: str
    sent: int
    held: int


def update_steps(graphs: Graphs, url: str) -> Iterator[Step]:
    """The requests that replace the graphs by SPARQL Update at `url`.

    Until the last of them is done the first graph, which is main, says of itself that it is not all
    there: what is broken off is not taken for the whole by those who ask (Graph.at).
    """
    first = next(iter(graphs), "")
    mark = f"DATA {{ GRAPH <{first}> {{ <{first}> <{UNFINISHED}> true }} }}"
    for graph, statements in graphs.items():
        yield Step(f"drop <{graph}>", 0, _update(url, f"DROP SILENT GRAPH <{graph}>"))
        if graph == first:
            yield Step(f"begin <{graph}>", 0, _update(url, f"INSERT {mark}"))
        for start in range(0, len(statements), BATCH):
            batch = statements[start:start + BATCH]
            text = " .\n".join(batch)
            yield Step(f"insert {len(batch)} into <{graph}>", len(batch), _update(
                url, f"INSERT DATA {{ GRAPH <{graph}> {{\n{text} .\n}} }}"))
    yield Step(f"finish <{first}>", 0, _update(url, f"DELETE {mark}"))


def store_steps(graphs: Graphs, url: str) -> Iterator[Step]:
    """The requests that replace the graphs by the Graph Store Protocol at `url`.

    The smallest comes first: a server that asks for credentials may not hear a large one out.
    """
    for graph, statements in sorted(graphs.items(), key=lambda item: len(item[1])):
        target = f"{url}{'&' if '?' in url else '?'}graph={quote(graph, safe='')}"
        if statements:
            body = "".join(f"{statement} .\n" for statement in statements).encode()
            yield Step(f"put {len(statements)} into <{graph}>", len(statements), Request(
                target, body, _headers("application/n-triples"), method="PUT"))
        else:  # whether an empty graph exists differs from store to store
            yield Step(f"delete <{graph}>", 0, Request(target, headers=_headers(), method="DELETE"),
                       missing_is_fine=True)


def send(
    steps: Sequence[Step], url: str, credentials: tuple[str, str] | None = None,
    done: Callable[[Step], None] = lambda step: None, timeout: float = TIMEOUT,
) -> None:
    """Send all steps to the server of `url`, one after the other; `done` hears of each.

    `timeout` is in seconds for each request. Raises EndpointError at the first that fails: what was
    sent before stays, and pushing again mends it.
    """
    courier = Courier(url, credentials)
    for step in steps:
        try:
            courier.send(step.request, timeout)
        except EndpointError as error:
            if not (step.missing_is_fine and error.status == 404):
                raise EndpointError(f"could not {step.summary}: {error}", error.status,
                                    error.retry_after) from error
        done(step)


def held(
    graphs: Graphs, url: str, credentials: tuple[str, str] | None = None, timeout: float = TIMEOUT,
) -> list[Held]:
    """What the endpoint at `url` holds of each graph, counted there. Raises EndpointError."""
    found = []
    for graph, statements in graphs.items():
        engine = Endpoint(url, default_graph=graph, credentials=credentials, timeout=timeout)
        [[count]] = engine.select(COUNT).rows or ((None,),)
        if not isinstance(count, Literal) or not count.value.isdecimal():
            raise EndpointError(f"{engine.name}: does not count")
        found.append(Held(graph, len(statements), int(count.value)))
    return found


def _update(url: str, text: str) -> Request:
    return Request(url, text.encode(), _headers("application/sparql-update"), method="POST")


def _headers(content_type: str | None = None) -> dict[str, str]:
    named = {"Content-Type": content_type} if content_type else {}
    return {"User-Agent": AGENT, "Accept": "*/*", **named}
