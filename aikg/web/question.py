"""Questions in words over HTTP: `/ask?q=`, which leads to a stored query and says how."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from aikg.answer import Answer
from aikg.errors import NoAnswer
from aikg.graph import Graph
from aikg.names import compact
from aikg.render import render
from aikg.web import pages
from aikg.web.exchange import Call, Problem, Reply, json_reply, refuse
from aikg.web.negotiation import CSV, HTML, JSON, JSON_LINES, MARKDOWN, RESULTS_XML, TSV, Form
from aikg.web.site import Site
from aikg.web.stored import reasons
from aikg.web.view import Links

ENVELOPE = (JSON, Form("srj", "application/sparql-results+json"), JSON_LINES, CSV, TSV,
            RESULTS_XML, MARKDOWN, HTML)
"""The forms of an answer to a question; JSON says how it was understood too."""


def ask(site: Site, call: Call) -> Reply:
    """The answer to the parameter `q`, a question in words, and how it was understood."""
    form = call.wants(ENVELOPE, call.names.get("suffix", ""))
    question = (call.one("q") or "").strip()
    links = Links(call.prefix)
    try:
        answer = _asked(site, question)
    except Problem as problem:
        if form != HTML:
            raise
        text = pages.ask(site.graph, site.view, links, question, problem=problem)
        return Reply(text.encode(), HTML, problem.status)
    if form == HTML:
        return Reply(pages.ask(site.graph, site.view, links, question, answer).encode(), HTML)
    headers = reasons(answer)
    if form == JSON:
        return json_reply(_envelope(question, answer, site.graph, call.base))
    fits = "json" if form.suffix == "srj" else form.suffix
    return Reply(render(answer, fits).encode("utf-8", "replace"), form, headers=headers)


def _asked(site: Site, question: str) -> Answer:
    """The answer. Raises Problem: 400 for no question, 422 for one that is not understood."""
    if not question:
        raise Problem(400, "no question: give it as the parameter q")
    if len(question) > site.limits.question:
        raise Problem(422, f"a question has at most {site.limits.question} characters")
    try:
        return site.graph.ask(question)
    except NoAnswer as error:
        refuse(error, 422)


def _envelope(question: str, answer: Answer, graph: Graph, base: str) -> dict[str, Any]:
    """An answer as JSON: rows as in jsonl, and how the question was understood."""
    rows = [json.loads(line) for line in render(answer, "jsonl").splitlines()]
    return {
        "question": question, "understood": _understood(answer, graph, base),
        "verdict": answer.verdict if answer.kind == "verdict" else None,
        "reason": answer.reason, "diagnosis": answer.diagnosis, "rows": rows,
    }


def _understood(answer: Answer, graph: Graph, base: str) -> dict[str, Any] | None:
    if not answer.query:
        return None
    values = {slot: [{"iri": text, "label": graph.lexicon.label(text)} if "://" in text else text
                     for text in texts] for slot, texts in answer.bindings.items()}
    written = [(slot, compact(text)) for slot, texts in answer.bindings.items() for text in texts]
    address = f"{base}/query/{answer.query}" + (f"?{urlencode(written)}" if written else "")
    return {"query": answer.query, "values": values, "url": address}
