"""The API in the words of OpenAPI 3.1, at `/openapi.json`: an operation for each stored query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aikg import __version__
from aikg.query import Parameter, Query
from aikg.web.description import limits_in_words
from aikg.web.exchange import Call, Reply, json_reply
from aikg.web.negotiation import GRAPHS, TABLES, Form
from aikg.web.question import ENVELOPE
from aikg.web.site import Site, served
from aikg.web.stored import FORMS, choices_of

PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
SCHEMAS = {
    "Problem": {
        "type": "object", "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string"}, "title": {"type": "string"},
            "status": {"type": "integer"}, "detail": {"type": "string"},
            "candidates": {"type": "array", "items": {"type": "string"},
                           "description": "What might have been meant."}},
    },
}


def openapi(site: Site, call: Call) -> Reply:
    """The document."""
    return json_reply(document(site, call.base))


def document(site: Site, base: str) -> dict[str, Any]:
    """The API of a site that is reached at `base`. Source: OpenAPI Specification 3.1."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "aikg", "version": __version__,
            "summary": "What sources claim of the AI industry, each row with its evidence.",
            "description": limits_in_words(site),
            "license": {"name": "CC BY 4.0", "identifier": "CC-BY-4.0"},
        },
        "servers": [{"url": base}],
        "paths": {
            **{f"/query/{query.name}": {"get": _query(query, site)}
               for query in served(site.graph)},
            **_others(site),
        },
        "components": {"schemas": SCHEMAS},
    }


def _query(query: Query, site: Site) -> dict[str, Any]:
    choices = choices_of(site.graph, query.name)
    slots = [_slot(one, choices[one.name]) for one in query.parameters]
    return {
        "operationId": query.name, "summary": query.summary, "description": query.description,
        "tags": list(query.tags), "parameters": [*slots, *_own(FORMS, site.limits.rows)],
        "responses": _responses(FORMS),
    }


def _slot(slot: Parameter, choices: Sequence[str]) -> dict[str, Any]:
    kind = "integer" if slot.type == "integer" else "string"
    values: dict[str, Any] = {"type": kind}
    if choices:
        shown = [int(one) for one in choices] if kind == "integer" else list(choices)
        values["examples"] = shown
    return {"name": slot.name, "in": "query", "required": slot.required, "explode": True,
            "description": slot.label, "schema": {"type": "array", "items": values}}


def _own(forms: Sequence[Form], rows: int) -> list[dict[str, Any]]:
    suffixes = list(dict.fromkeys(form.suffix for form in forms))
    return [
        _parameter("format", "How the answer is written; else Accept says it.",
                   {"type": "string", "enum": suffixes}),
        _parameter("limit", "Rows of a page.", {"type": "integer", "minimum": 1, "maximum": rows}),
        _parameter("page", "Which page.", {"type": "integer", "minimum": 1}),
    ]


def _parameter(
    name: str, description: str, schema: Mapping[str, Any], required: bool = False,
) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": required, "description": description,
            "schema": schema}


def _responses(forms: Sequence[Form]) -> dict[str, Any]:
    return {
        "200": {"description": "The answer.", "content": {
            form.media_type: {"schema": {} if "json" in form.media_type else {"type": "string"}}
            for form in forms}},
        "default": {"description": "What went wrong.", "content": PROBLEM},
    }


def _others(site: Site) -> dict[str, Any]:
    """The operations that are no stored query."""
    text = {"type": "string"}
    return {
        "/ask": {"get": {
            "operationId": "ask", "summary": "Answer a question in words.",
            "parameters": [_parameter("q", "The question.", {
                **text, "maxLength": site.limits.question}, True)],
            "responses": _responses(ENVELOPE)}},
        "/search": {"get": {
            "operationId": "search", "summary": "Find things and terms by their names.",
            "parameters": [_parameter("q", "A name or part of one.", text, True)],
            "responses": _responses([ENVELOPE[0]])}},
        "/sparql": {"get": {
            "operationId": "sparql", "summary": "Run SPARQL 1.1 (no update).",
            "description": limits_in_words(site),
            "parameters": [_parameter("query", "The query.", text, True)],
            "responses": _responses((*TABLES, *GRAPHS))}},
    }
