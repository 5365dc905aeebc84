"""Stored queries over HTTP: `/query` and `/query/NAME`.

They are trusted, and so run in this process; what a client sends is only the values of their slots.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from pyoxigraph import NamedNode

from aikg.answer import Answer
from aikg.errors import NoAnswer, QueryError
from aikg.example import choices
from aikg.graph import Graph
from aikg.query import Query
from aikg.render import render
from aikg.web import pages
from aikg.web.exchange import Call, Problem, Reply, json_reply, refuse
from aikg.web.negotiation import (
    CSV,
    HTML,
    JSON,
    JSON_LINES,
    MARKDOWN,
    QUERY,
    RESULTS_JSON,
    RESULTS_XML,
    TSV,
    TURTLE,
    Form,
)
from aikg.web.resource import described
from aikg.web.site import Site, is_federated, served
from aikg.web.view import Links

FORMS = (RESULTS_JSON, JSON_LINES, CSV, TSV, RESULTS_XML, MARKDOWN, TURTLE, QUERY, HTML)
"""The forms of an answer, the first for a client that does not mind."""
OWN = ("format", "limit", "page")
"""Parameters that are no slots: none of them can be the name of one."""
REASON = 300
"""Characters of a reason that a header holds."""
Values = Mapping[str, Sequence[str]]


def queries(site: Site, call: Call) -> Reply:
    """The stored queries that are served."""
    form = call.wants((JSON, HTML), call.names.get("suffix", ""))
    if form == HTML:
        return Reply(pages.queries(site.graph, site.view, Links(call.prefix)).encode(), HTML)
    return json_reply([_summary(query, call.base) for query in served(site.graph)])


def query(site: Site, call: Call) -> Reply:
    """The answer of a stored query to the values in the address, or the form to give them."""
    name, _, suffix = call.names["name"].partition(".")
    stored = _served(site.graph, name)
    form = call.wants(FORMS, suffix)
    values = _values(stored, call)
    if form == QUERY:
        return Reply(_text(site.graph, stored, values), QUERY)
    lacking = [one.name for one in stored.parameters if one.required and one.name not in values]
    if lacking and form != HTML:
        slot = stored.parameter(lacking[0])
        raise Problem(400, f"{name} needs {slot.name} ({slot.label})",
                      candidates=choices_of(site.graph, name)[slot.name])
    bare = site.graph.wants_value and bool(stored.parameters) and not values and form == HTML
    answer = None if lacking or bare else _run(site.graph, stored, values)
    return _reply(site, call, form, stored, values, answer)


def _reply(
    site: Site, call: Call, form: Form, query: Query, values: Values, answer: Answer | None,
) -> Reply:
    headers = {}
    following = ""
    if answer is not None:
        headers = reasons(answer)
        answer, following = _paged(answer, call, site.limits.rows)
        if following:
            headers["link"] = f'<{following}>; rel="next"'
    if form == HTML:
        others = ", ".join(f'<{_address(call, query, other)}>; rel="alternate"; '
                           f'type="{other.media_type}"' for other in FORMS[:-1])
        headers["link"] = f"{headers['link']}, {others}" if following else others
        text = pages.query(site.graph, site.view, Links(call.prefix), query, values,
                           choices_of(site.graph, query.name), answer, following)
        return Reply(text.encode(), HTML, headers=headers)
    assert answer is not None
    if form == TURTLE:
        claims = [NamedNode(item.claim) for item in answer.evidence]
        return Reply(described(claims, site.graph, TURTLE), TURTLE, headers=headers)
    return Reply(render(answer, form.suffix).encode("utf-8", "replace"), form, headers=headers)


def _served(graph: Graph, name: str) -> Query:
    """The stored query of that name. Raises UnknownQuery, QueryError, Problem."""
    found = graph.catalog.query(name)
    if is_federated(found):
        raise Problem(403, f"{name} asks other servers, and so is not served: `aikg run {name}`")
    return found


def _values(query: Query, call: Call) -> dict[str, list[str]]:
    """The texts given for each slot; an empty one means any. Raises Problem for what is no slot."""
    slots = [parameter.name for parameter in query.parameters]
    given = call.parameters
    for name in given:
        if name not in (*slots, *OWN):
            raise Problem(400, f"{query.name} has no parameter {name[:40]!r}: "
                               f"it has {', '.join((*slots, *OWN))}", candidates=slots)
    filled = {slot: [text for text in given.get(slot, ()) if text.strip()] for slot in slots}
    return {slot: texts for slot, texts in filled.items() if texts}


def _run(graph: Graph, query: Query, values: Values) -> Answer:
    try:
        answer = graph.run(query.name, **values)
    except NoAnswer as error:
        refuse(error, 422)
    if answer.diagnosis == "broken":
        raise QueryError(answer.reason or "the query matches nothing")
    return answer


def _text(graph: Graph, query: Query, values: Values) -> bytes:
    """The query as it is sent, with its slots filled."""
    resolved = _run(graph, query, values).sparql if values else query.bind_any({})
    return resolved.encode("utf-8", "replace")


def _paged(answer: Answer, call: Call, most: int) -> tuple[Answer, str]:
    """The rows of the page asked for; the address of the next if a further row was seen."""
    limit = min(_number(call, "limit", most), most)
    page = _number(call, "page", 1)
    rows = answer.rows[(page - 1) * limit:page * limit + 1]
    rest = [(name, value) for name, values in call.parameters.items() for value in values
            if name != "page"]
    further = f"{call.base}{call.path}?{urlencode([*rest, ('page', str(page + 1))])}"
    return answer.replace(rows=rows[:limit]), further if len(rows) > limit else ""


def _number(call: Call, name: str, default: int) -> int:
    given = call.one(name)
    if not given:
        return default
    if not given.isdecimal() or not 0 < int(given[:9]) < 100_000_000:
        raise Problem(400, f"{name} takes a whole number above 0")
    return int(given[:9])


def _address(call: Call, query: Query, form: Form) -> str:
    rest = f"?{call.query}".replace(">", "%3E") if call.query else ""
    return f"{call.base}/query/{query.name}.{form.suffix}{rest}"


def reasons(answer: Answer) -> dict[str, str]:
    """Why there are no rows, for a client whose format has no place for it."""
    if answer.rows or not answer.reason:
        return {}
    flat = "".join(c if c.isascii() and c.isprintable() else "?" for c in answer.reason)
    return {"aikg-diagnosis": answer.diagnosis or "", "aikg-reason": flat[:REASON]}


def _summary(query: Query, base: str) -> dict[str, Any]:
    return {
        "name": query.name, "summary": query.summary, "description": query.description,
        "url": f"{base}/query/{query.name}", "tags": query.tags, "columns": query.columns,
        "parameters": [{"name": one.name, "label": one.label, "type": one.type,
                        "class": one.of, "required": one.required} for one in query.parameters],
    }


@lru_cache(256)
def choices_of(graph: Graph, name: str) -> dict[str, list[str]]:
    """For each slot of a query what it may be filled with, so that there are rows; sorted.

    Of a store on disk none: there may be millions.
    """
    query = graph.catalog.query(name)
    if graph.built.path is not None:
        return {one.name: [] for one in query.parameters}
    return {one.name: sorted(set(choices(query, one, graph)), key=str.casefold)
            for one in query.parameters}
