"""Reconciliation Service API 0.2 at `/reconcile`: names of others matched with things of the graph.

OpenRefine and others ask so. A candidate is a match only where it alone bears that very name;
everything else is for a person to judge.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from aikg.graph import Graph
from aikg.lexicon import Lexicon
from aikg.names import AIKG, THING, compact, expand
from aikg.web import pages
from aikg.web.candidates import LONGEST, candidates, read_query, types_of
from aikg.web.exchange import Call, Problem, Reply, fields, json_reply, only
from aikg.web.extension import TOP, extended, id_of, is_thing, thing_of
from aikg.web.negotiation import HTML
from aikg.web.search import EXACT, Match, matches, property_names, things_named
from aikg.web.site import Site
from aikg.web.view import Links

BATCH = 50
"""Queries of one request."""
SUGGESTED = 20
PREVIEW = {"width": 400, "height": 200}
FRAMED = {"content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
                                     "base-uri 'none'; form-action 'none'; frame-ancestors *"}
"""A preview is shown within the pages of others, and so holds nothing to act on."""


def reconcile(site: Site, call: Call) -> Reply:
    """The manifest; or, where there are `queries` or `extend`, what they ask for."""
    found = dict(call.parameters)
    if call.method == "POST":
        found |= fields(_text(call))
    batch, extension = only(found, "queries"), only(found, "extend")
    if batch is not None:
        return json_reply(_batch(_object(batch, "queries"), site.graph))
    if extension is not None:
        return json_reply(extended(_object(extension, "extend"), site.graph))
    return json_reply(manifest(call.base))


def manifest(base: str) -> dict[str, Any]:
    """What the service can do. Source: Reconciliation Service API 0.2, section 3."""
    service = {"service_url": f"{base}/reconcile"}
    return {
        "versions": ["0.2"],
        "name": "aikg: the AI industry",
        "identifierSpace": THING,
        "schemaSpace": AIKG,
        "documentation": f"{base}/",
        "defaultTypes": [{"id": TOP, "name": TOP.lower()}],
        "view": {"url": f"{base}/thing/{{{{id}}}}"},
        "preview": {"url": f"{base}/reconcile/preview?id={{{{id}}}}", **PREVIEW},
        "suggest": {kind: {**service, "service_path": f"/suggest/{kind}"}
                    for kind in ("entity", "type", "property")},
        "extend": {"propose_properties": {**service, "service_path": "/properties"},
                   "property_settings": []},
        "batchSize": BATCH,
    }


def suggest(site: Site, call: Call) -> Reply:
    """Things, classes or properties whose names go on as `prefix` begins."""
    prefix = call.one("prefix") or ""
    start = call.one("cursor") or "0"
    if len(prefix) > LONGEST or not (start.isascii() and start.isdecimal()):
        raise Problem(400, f"prefix has at most {LONGEST} characters, cursor is a number")
    lexicon = site.graph.lexicon
    names = {"entity": things_named(lexicon, prefix), "type": lexicon.classes,
             "property": property_names(lexicon)}.get(call.names["kind"])
    if names is None:
        raise Problem(404, "there are suggestions of entity, type and property")
    found = _suggested(prefix.strip(), names, lexicon)
    if call.names["kind"] == "entity":
        found = [match for match in found if is_thing(match.curie)]
    place = int(start[:6])
    return json_reply({"result": [
        _suggestion(match, lexicon) for match in found[place:place + SUGGESTED]]})


def preview(site: Site, call: Call) -> Reply:
    """A small page about one thing, to be shown within the client's own."""
    curie = thing_of(call.one("id") or "", site.graph.lexicon)
    if curie is None:
        raise Problem(404, "nothing has this id")
    text = pages.preview(site.graph, site.view, Links(call.prefix), expand(curie) or curie)
    return Reply(text.encode(), HTML, headers=FRAMED)


def _text(call: Call) -> str:
    if call.content_type.partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        raise Problem(415, "queries are sent as application/x-www-form-urlencoded",
                      {"accept-post": "application/x-www-form-urlencoded"})
    try:
        return call.body.decode()
    except UnicodeDecodeError as error:
        raise Problem(400, "the body is not UTF-8") from error


def _object(text: str, name: str) -> Mapping[str, Any]:
    try:
        content = json.loads(text, parse_constant=_no_number)
        json.dumps(content, ensure_ascii=False).encode()  # half a character can be no part of it
    except (ValueError, RecursionError) as error:
        raise Problem(400, f"{name} is not JSON") from error
    if not isinstance(content, dict):
        raise Problem(400, f"{name} must be a JSON object")
    return content


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no number of JSON")


def _batch(queries: Mapping[str, Any], graph: Graph) -> dict[str, Any]:
    """The candidates of each query. Source: section 4 of the API."""
    if len(queries) > BATCH:
        raise Problem(413, f"a batch has at most {BATCH} queries")
    asked = {key: read_query(one) for key, one in queries.items()}
    return {key: {"result": candidates(one, graph)} for key, one in asked.items()}


def _suggested(
    prefix: str, names: Mapping[str, Sequence[str]], lexicon: Lexicon,
) -> list[Match]:
    """What is named like the prefix, behind that which has it as its identifier."""
    wanted = id_of(compact(prefix))
    same = {curie for curies in names.values() for curie in curies if id_of(curie) == wanted}
    if not prefix:
        return []
    return [*(Match(curie, lexicon.label(curie), prefix, EXACT) for curie in sorted(same)),
            *(one for one in matches(prefix, names, lexicon.label) if one.curie not in same)]


def _suggestion(match: Match, lexicon: Lexicon) -> dict[str, Any]:
    kinds = types_of(match.curie, lexicon)
    suggestion: dict[str, Any] = {"id": id_of(match.curie), "name": match.label}
    if kinds:
        suggestion["notable"] = [kind["id"] for kind in kinds]
        suggestion["description"] = ", ".join(kind["name"] for kind in kinds)
    return suggestion
