"""Reconciliation Service API 0.2 at `/reconcile`: names of others matched with things of the graph.

OpenRefine and others ask so. A candidate is a match only where it alone bears that very name;
everything else is for a person to judge.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from aikg.graph import Graph
from aikg.lexicon import Lexicon
from aikg.names import AIKG, THING, compact, expand
from aikg.web import pages
from aikg.web.exchange import Call, Problem, Reply, fields, json_reply, only
from aikg.web.extension import TOP, extended, id_of, iri_of, thing_of, values_of
from aikg.web.negotiation import HTML
from aikg.web.search import EXACT, Match, matches, property_names, things_named
from aikg.web.site import Site
from aikg.web.view import Links

BATCH = 50
"""Queries of one request."""
LONGEST = 200
"""Characters of a name that is looked for."""
SHOWN, MOST = 5, 50
"""Candidates of a query: where it does not say, and at most."""
SUGGESTED = 20
FIELDS = frozenset({"query", "type", "limit", "properties", "type_strict"})
PREVIEW = {"width": 400, "height": 200}
AGREEING = 20.0
"""What of the score the properties of a query can decide."""
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
    if len(prefix) > LONGEST or not start.isdecimal():
        raise Problem(400, f"prefix has at most {LONGEST} characters, cursor is a number")
    lexicon = site.graph.lexicon
    names = {"entity": things_named(lexicon, prefix), "type": lexicon.classes,
             "property": property_names(lexicon)}.get(call.names["kind"])
    if names is None:
        raise Problem(404, "there are suggestions of entity, type and property")
    found = matches(prefix, names, lexicon.label) if prefix.strip() else []
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
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Problem(400, f"{name} is not JSON") from error
    if not isinstance(content, dict):
        raise Problem(400, f"{name} must be a JSON object")
    return content


def _batch(queries: Mapping[str, Any], graph: Graph) -> dict[str, Any]:
    """The candidates of each query. Source: section 4 of the API."""
    if len(queries) > BATCH:
        raise Problem(413, f"a batch has at most {BATCH} queries")
    return {key: {"result": _candidates(_checked(one), graph)} for key, one in queries.items()}


class Query(NamedTuple):
    """One query of a batch."""

    text: str
    kinds: tuple[str, ...]
    """IRIs or ids of the types of which a candidate must have one."""
    every: bool
    """Whether it must have all of them."""
    given: tuple[Mapping[str, Any], ...]
    """Properties, each with `pid` and `v`."""
    limit: int


def _checked(query: Any) -> Query:
    """The query, if it is one. Raises Problem."""
    if not isinstance(query, dict) or not {*query} <= FIELDS:
        raise Problem(400, f"a query is an object with some of {', '.join(sorted(FIELDS))}")
    text, kinds = query.get("query", ""), query.get("type", [])
    given, limit = query.get("properties", []), query.get("limit", SHOWN)
    if not isinstance(text, str) or len(text) > LONGEST:
        raise Problem(400, f"`query` is a text of up to {LONGEST} characters")
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if not isinstance(kinds, list) or not all(isinstance(kind, str) for kind in kinds[:BATCH]):
        raise Problem(400, "`type` is an id or a list of ids")
    if not isinstance(given, list) or not all(
            isinstance(one, dict) and isinstance(one.get("pid"), str) for one in given[:BATCH]):
        raise Problem(400, "each of `properties` is an object with `pid` and `v`")
    if isinstance(limit, bool) or not isinstance(limit, int | float) or not 1 <= limit < 1e9:
        raise Problem(400, "`limit` is a number above 0")
    return Query(text, tuple(kinds[:BATCH]), query.get("type_strict") == "all",
                 tuple(given[:BATCH]), min(int(limit), MOST))


def _candidates(query: Query, graph: Graph) -> list[dict[str, Any]]:
    lexicon = graph.lexicon
    if not query.text.strip():
        return []
    kinds = [compact(iri_of(kind) or kind) for kind in query.kinds]
    found = [one for one in matches(query.text, things_named(lexicon, query.text), lexicon.label)
             if not kinds or _fits(one.curie, kinds, query.every, lexicon)][:MOST]
    alone = sum(one.score == EXACT for one in found) == 1
    agreement = _agreement(found, query.given, graph)
    results = [_candidate(one, lexicon, alone, agreement.get(one.curie)) for one in found]
    results.sort(key=lambda result: -result["score"])
    return results[:query.limit]


def _fits(curie: str, kinds: Sequence[str], every: bool, lexicon: Lexicon) -> bool:
    return (all if every else any)(kind in lexicon.types.get(curie, ()) for kind in kinds)


def _candidate(
    match: Match, lexicon: Lexicon, alone: bool, agreement: float | None,
) -> dict[str, Any]:
    """One candidate, and of what its score is made."""
    features = [{"id": "name", "value": match.score}]
    score = match.score
    if agreement is not None:
        features.append({"id": "properties", "value": round(agreement, 2)})
        score = round(score * (1 - AGREEING / 100) + AGREEING * agreement, 1)
    return {
        "id": id_of(match.curie), "name": match.label, "score": score,
        "match": alone and match.score == EXACT and agreement in (None, 1.0),
        "type": _types(match.curie, lexicon), "features": features,
    }


def _agreement(
    found: Sequence[Match], given: Sequence[Mapping[str, Any]], graph: Graph,
) -> dict[str, float]:
    """For each candidate the share of the given properties that have the given value."""
    wanted = [(iri, _texts(one.get("v"))) for one in given if (iri := iri_of(one["pid"]))]
    if not wanted or not found:
        return {}
    values = values_of([one.curie for one in found], [iri for iri, _ in wanted], graph)
    names = {key: {name.casefold() for value, label in pairs
                   for name in (id_of(compact(value.value)), label or "") if name}
             for key, pairs in values.items()}
    return {one.curie: sum(bool(texts & names.get((one.curie, iri), set()))
                           for iri, texts in wanted) / len(wanted) for one in found}


def _texts(value: Any) -> set[str]:
    """What a value may be called: a text, a number, an entity with an id, or a list of them."""
    if isinstance(value, list):
        return {text for one in value[:BATCH] for text in _texts(one)}
    if isinstance(value, dict):
        return {str(value[key]).casefold() for key in ("id", "name") if key in value}
    return set() if value is None else {str(value).casefold()}


def _suggestion(match: Match, lexicon: Lexicon) -> dict[str, Any]:
    kinds = [kind["name"] for kind in _types(match.curie, lexicon)]
    suggestion: dict[str, Any] = {"id": id_of(match.curie), "name": match.label}
    if kinds:
        suggestion["notable"] = [kind["id"] for kind in _types(match.curie, lexicon)]
        suggestion["description"] = ", ".join(kinds)
    return suggestion


def _types(curie: str, lexicon: Lexicon) -> list[dict[str, str]]:
    kinds = lexicon.kinds.get(curie, ())
    return [{"id": id_of(kind), "name": lexicon.label(kind)} for kind in kinds]
