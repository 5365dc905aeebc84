"""The SPARQL 1.1 Protocol at `/sparql`, for queries; updates are refused.

The text is not looked at here: even parsing it is the guarded child's (aikg.web.adhoc).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from aikg.errors import AikgError, TimeLimit, UnknownFormat, UsageError
from aikg.warden import Busy
from aikg.web import pages, results
from aikg.web.adhoc import BY_TYPE, OFFLINE, Job, Outcome, read_outcome
from aikg.web.description import service_description
from aikg.web.exchange import Call, Problem, Reply, fields, listed, only, status_of
from aikg.web.negotiation import GRAPHS, HTML, TABLES, Form, choose
from aikg.web.site import Site
from aikg.web.view import Links

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
CHARSET = re.compile(r';\s*charset\s*=\s*"?([^";\s]*)', re.IGNORECASE)
CHARSETS = ("utf-8", "utf8", "us-ascii")
PLACE = re.compile(r"line (\d+), column (\d+)")
NO_WARDEN = ("this system cannot put limits on a query (that takes Linux with /proc), so no ad-hoc "
             "SPARQL is run: stored queries are at /query")
SHOWN = 1_000
"""Rows that a page shows; all that the limits allow are in the other forms."""
EXCERPT = 100
"""Characters of a line that a message shows."""


@dataclass(frozen=True)
class Request:
    """A query as the protocol brings it."""

    text: str
    default: tuple[str, ...] = ()
    """IRIs of default-graph-uri."""
    named: tuple[str, ...] = ()
    """IRIs of named-graph-uri."""
    format: str | None = None
    """Suffix or media type to send the result in, whatever Accept says."""


async def sparql(site: Site, call: Call) -> Reply:
    """The result of a query; without one the service description, or the page to write one.

    Source: SPARQL 1.1 Protocol, section 2.1; SPARQL 1.1 Service Description, section 2.
    """
    request = read(call)
    if request is None:
        return _without_query(site, call)
    forms = (*TABLES, *GRAPHS, HTML)
    if request.format is None and choose(call.accept, forms) == HTML:
        return await _page(request, call, site)
    table, graph = _forms(call, request.format)
    outcome = await _outcome(request, site, table, graph, site.limits.rows)
    return Reply(outcome.body, BY_TYPE[outcome.media_type],
                 headers=_cut(outcome, site.limits.rows))


def _without_query(site: Site, call: Call) -> Reply:
    form = call.wants((*GRAPHS, HTML))
    if form == HTML:
        return Reply(pages.sparql(site.view, Links(call.prefix), site.limits).encode(), HTML)
    return Reply(results.graph(service_description(site, call.base), form), form)


async def _page(request: Request, call: Call, site: Site) -> Reply:
    """The page with the query and its result, or with what is wrong with it.

    It is made in a thread of its own: a large one would make all others wait.
    """
    limits = replace(site.limits, rows=min(site.limits.rows, SHOWN))
    outcome = problem = None
    try:
        outcome = await _outcome(request, site, TABLES[0], GRAPHS[0], limits.rows)
    except Problem as error:
        problem = error
    text = await asyncio.to_thread(pages.sparql, site.view, Links(call.prefix), limits,
                                   request.text, outcome, problem)
    headers = _cut(outcome, limits.rows) if outcome else problem.headers if problem else {}
    return Reply(text.encode(), HTML, problem.status if problem else 200, headers)


def _cut(outcome: Outcome, rows: int) -> dict[str, str]:
    """The header by which Virtuoso says too that there were more rows than these."""
    return {"x-sparql-maxrows": str(rows)} if outcome.cut else {}


def read(call: Call) -> Request | None:
    """The query of a call; None where there is none. Raises Problem for what is not one."""
    if call.method == "POST":
        return _posted(call)
    found = fields(call.query)
    _refuse_update(found)
    text = only(found, "query")
    return None if text is None else _request(text, found)


def _posted(call: Call) -> Request:
    """The query of a POST; what stands in the address counts beside a form as beside a query."""
    kind, *_ = call.content_type.split(";", 1)
    kind = kind.strip().lower()
    if kind == UPDATE:
        raise Problem(403, "updates are refused: this endpoint only reads")
    if kind not in (FORM, QUERY):
        raise Problem(415, f"a query is sent as {FORM} or {QUERY}",
                      {"accept-post": f"{FORM}, {QUERY}"})
    if any(one.lower() not in CHARSETS for one in CHARSET.findall(call.content_type)):
        raise Problem(415, "a query is sent in UTF-8")
    try:
        body = call.body.decode()
    except UnicodeDecodeError as error:
        raise Problem(400, f"the query is not UTF-8 at byte {error.start}") from error
    beside = fields(call.query)
    _refuse_update(beside)
    if kind == QUERY:
        if "query" in beside:
            raise Problem(400, "the query is given twice: in the address and in the body")
        return _request(body, beside)
    found = fields(body)
    _refuse_update(found)
    if "query" in beside or "query" not in found:
        raise Problem(400, "the body of a form holds the query in the field `query`, once")
    both = {name: [*beside.get(name, ()), *found.get(name, ())] for name in {*beside, *found}}
    return _request(only(both, "query") or "", both)


def _refuse_update(found: Mapping[str, Sequence[str]]) -> None:
    if "update" in found:
        raise Problem(403, "updates are refused: this endpoint only reads")


def _request(text: str, found: Mapping[str, Sequence[str]]) -> Request:
    only(found, "version")  # SPARQL 1.2 Protocol, section 2.2: at most one; here it says nothing
    text = text.removeprefix("\ufeff")  # some editors mark a file so
    return Request(text, tuple(found.get("default-graph-uri", ())),
                   tuple(found.get("named-graph-uri", ())), only(found, "format") or None)


async def _outcome(
    request: Request, site: Site, table: Form | None, graph: Form | None, rows: int,
) -> Outcome:
    """What the warden makes of the query. Raises Problem."""
    for iri in (*request.default, *request.named):
        if iri not in site.graphs:
            raise Problem(400, f"there is no graph <{iri[:200]}> here, and none is fetched",
                          candidates=list(site.graphs))
    if site.warden is None:
        raise Problem(503, NO_WARDEN)
    chosen = bool(request.default or request.named)
    job = Job(request.text, table.media_type if table else None,
              graph.media_type if graph else None, rows,
              request.default if chosen else None, request.named if chosen else None)
    try:
        return read_outcome(await site.warden.run(job.written()))
    except AikgError as error:
        raise _problem(error, request.text) from error


def _forms(call: Call, asked: str | None) -> tuple[Form | None, Form | None]:
    """The forms in which the client takes a table, and a graph. Raises Problem for neither."""
    if asked:
        table, graph = (next((form for form in forms if asked in (form.suffix, form.media_type)),
                             None) for forms in (TABLES, GRAPHS))
        if table is None and graph is None:
            raise Problem(400, f"there is no {asked[:20]!r} here: "
                               f"choose {listed((*TABLES, *GRAPHS))}")
    else:
        table, graph = choose(call.accept, TABLES), choose(call.accept, GRAPHS)
        if table is None and graph is None:
            call.accepted((*TABLES, *GRAPHS))
    return table, graph


def _problem(error: AikgError, text: str) -> Problem:
    """An error of the query as the client reads it."""
    message = str(error)
    if isinstance(error, Busy):
        return Problem(503, message, {"retry-after": "1"})
    if re.search(r"\bSERVICE\b", text, re.IGNORECASE) and OFFLINE not in message and (
            message.startswith(("the query failed", "the engine ended"))):
        message = f"{message}: {OFFLINE}"
    place = PLACE.search(message)
    if place and message.startswith("not SPARQL"):
        line, column = int(place[1]), int(place[2])
        return Problem(400, message, line=line, column=column,
                       excerpt=excerpt(text, line, column))
    if isinstance(error, UsageError):
        status = 406 if isinstance(error, UnknownFormat) else 403
        return Problem(status, message)
    # What is left is the doing of the query, unless the time or the memory ran out.
    ours = isinstance(error, TimeLimit) or "memory" in message or "is gone" in message
    return Problem(status_of(error) if ours else 400, message)


def excerpt(text: str, line: int, column: int) -> str:
    """The line of a text, and under it a caret at the column; both count from 1."""
    lines = text.split("\n")
    whole = lines[line - 1] if line <= len(lines) else ""
    begin = max(0, column - 1 - EXCERPT // 2)
    part = whole[begin:begin + EXCERPT]
    flat = "".join(character if character.isprintable() else " " for character in part)
    return f"{flat}\n{' ' * (column - 1 - begin)}^"
