"""Reconciliation: what OpenRefine sends is answered as the API's schemas say, and nothing guessed.

The schemas are written here from the Reconciliation Service API 0.2; its own were run beside them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.serving import LACKING, REASON, Got, Server

if LACKING:
    pytest.skip(REASON, allow_module_level=True)

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TEXT, NUMBER, FLAG = (str,), (int, float), (bool,)
TYPES = [{"id": TEXT, "name?": TEXT}]
RESULT = {"id": TEXT, "name": TEXT, "score": NUMBER, "match": FLAG, "type": TYPES,
          "features": [{"id": TEXT, "value": NUMBER}], "description?": TEXT}
SUGGESTION = {"id": TEXT, "name": TEXT, "description?": TEXT, "notable?": [TEXT]}
SERVICE = {"service_url": TEXT, "service_path": TEXT}
MANIFEST = {
    "versions": [TEXT], "name": TEXT, "identifierSpace": TEXT, "schemaSpace": TEXT,
    "documentation": TEXT, "defaultTypes": TYPES, "view": {"url": TEXT}, "batchSize": NUMBER,
    "preview": {"url": TEXT, "width": (int,), "height": (int,)},
    "suggest": dict.fromkeys(("entity", "type", "property"), SERVICE),
    "extend": {"propose_properties": SERVICE, "property_settings": [TEXT]},
}


PROPOSAL = {"type": TEXT, "limit?": (int,), "properties": [{"id": TEXT, "name": TEXT}]}
CELLS = ({"id": TEXT, "name": TEXT, "description?": TEXT}, {"str": TEXT}, {"float": NUMBER},
         {"int": (int,)}, {"date": TEXT})


def conforms(value: Any, shape: Any) -> bool:
    """Whether a value has the shape: kinds, a list of a shape, or members (`?`: may be missing)."""
    if isinstance(shape, tuple):
        return isinstance(value, shape) and (bool in shape or not isinstance(value, bool))
    if isinstance(shape, list):
        return isinstance(value, list) and all(conforms(one, shape[0]) for one in value)
    required = {name for name in shape if not name.endswith("?")}
    named = {name.rstrip("?"): part for name, part in shape.items()}
    return isinstance(value, dict) and required <= set(value) <= set(named) and all(
        conforms(part, named[name]) for name, part in value.items())


def post(server: Server, **content: Any) -> Got:
    body = urlencode({name: json.dumps(part) for name, part in content.items()})
    return server.ask("/reconcile", None, "POST", body, FORM)


def candidates(server: Server, query: Mapping[str, Any]) -> list[dict[str, Any]]:
    got = post(server, queries={"q0": query})
    assert got.status == 200, got.text
    found = json.loads(got.body)
    assert list(found) == ["q0"]
    assert list(found["q0"]) == ["result"]
    result: list[dict[str, Any]] = found["q0"]["result"]
    assert conforms(result, [RESULT])
    assert [one["score"] for one in result] == sorted(
        (one["score"] for one in result), reverse=True)
    assert sum(one["match"] for one in result) <= 1
    return result


def test_the_manifest_says_what_there_is(server: Server) -> None:
    manifest = json.loads(server.ask("/reconcile").body)
    assert conforms(manifest, MANIFEST)
    assert manifest["versions"] == ["0.2"]
    for address in (manifest["view"]["url"], manifest["preview"]["url"]):
        path = address.partition(str(server.port))[2].replace("{{id}}", "openai")
        assert server.ask(path, "text/html").status == 200
    for kind, service in manifest["suggest"].items():
        address = service["service_url"] + service["service_path"]
        path = address.partition(str(server.port))[2]
        assert server.ask(path, prefix="a").status == 200, kind


@pytest.mark.parametrize(("query", "best", "match"), [
    ({"query": "OpenAI"}, "openai", True), ({"query": "open ai"}, "openai", True),
    ({"query": "OPENAI", "type": "Agent"}, "openai", True),
    ({"query": "OpenAI", "type": ["Agent", "Model"], "type_strict": "any"}, "openai", True),
    ({"query": "OpenAy"}, "openai", False), ({"query": "Open"}, "openai", False),
    ({"query": "Microsft"}, "microsoft", False),
    ({"query": "OpenAI", "properties": [
        {"pid": "competesWith", "v": {"id": "anthropic", "name": "Anthropic"}}]}, "openai", True),
    ({"query": "OpenAI", "properties": [{"pid": "competesWith", "v": "nobody"}]}, "openai", False),
    ({"query": "OpenAI", "limit": 1.0}, "openai", True),
])
def test_a_name_finds_its_thing(
    query: Mapping[str, Any], best: str, match: bool, server: Server,
) -> None:
    found = candidates(server, query)
    assert (found[0]["id"], found[0]["match"]) == (best, match)
    assert found[0]["features"][0]["id"] == "name"


@pytest.mark.parametrize("query", [
    {"query": ""}, {"query": "???"}, {"query": "zzzzzz"},
    {"query": "OpenAI", "type": "NoSuchType"},
    {"query": "OpenAI", "type": "Model", "type_strict": "all"}, {"query": "\u0000"},
    {"properties": [{"pid": "competesWith", "v": "x"}]}])
def test_what_nothing_is_like_has_no_candidates(query: Mapping[str, Any], server: Server) -> None:
    assert candidates(server, query) == []


def test_batches_by_get_and_post_are_the_same(server: Server) -> None:
    queries = {f"q{n}": {"query": name, "limit": 3}
               for n, name in enumerate(("OpenAI", "Nvidia", "xyz"))}
    got = server.ask("/reconcile", queries=json.dumps(queries))
    assert got.body == post(server, queries=queries).body
    assert list(json.loads(got.body)) == list(queries)


@pytest.mark.parametrize(("status", "content"), [
    (400, {"queries": []}), (400, {"queries": {"q": "OpenAI"}}), (400, {"queries": {"q": {}}}),
    (400, {"queries": {"good": {"query": "OpenAI"}, "bad": {"query": 1}}}),
    (400, {"queries": {"q": {"query": "x", "limit": float("nan")}}}),
    (413, {"queries": {f"q{n}": {"query": "x"} for n in range(51)}}),
    (400, {"extend": {"ids": "x", "properties": []}}), (400, {"extend": {"ids": []}}),
    (400, {"extend": {"ids": [], "properties": ["x"]}}),
    (400, {"extend": {"ids": [1], "properties": []}}),
    (400, {"extend": {"ids": [], "properties": [{"id": "type", "settings": []}]}}),
    (413, {"extend": {"ids": ["x"] * 2_501, "properties": [{"id": "type"}]}}),
])
def test_what_is_wrong_is_refused(status: int, content: dict[str, Any], server: Server) -> None:
    assert post(server, **content).status == status


@pytest.mark.parametrize("body", [b"queries=%FF", b"queries={", b"queries=" + b"[" * 50_000,
                                  b"\xff", b"queries={}&queries={}",
                                  b'queries={"q%5Cud800":{"query":"OpenAI"}}',
                                  b'extend={"ids":["%5Cud800"],"properties":[]}'])
def test_what_is_no_form_or_no_json_is_400(body: bytes, server: Server) -> None:
    assert server.ask("/reconcile", None, "POST", body, FORM).status == 400


def test_another_type_of_body_is_415(server: Server) -> None:
    got = server.ask("/reconcile", None, "POST", b"{}", {"Content-Type": "text/plain"})
    assert got.status == 415


@pytest.mark.parametrize(("kind", "prefix", "first"), [
    ("entity", "Ope", "openai"), ("type", "clai", "Claim"), ("property", "compet", "competesWith"),
    ("entity", "", None), ("entity", "zzzz", None), ("entity", "thing:openai", "openai"),
    ("entity", "https://w3id.org/aikg/thing/openai", "openai"), ("type", "Agent", "Agent"),
    ("property", "competesWith", "competesWith"), ("property", "aikg:controls", "controls"),
    ("type", "ComputeSupplier", "ComputeSupplier"),
    ("entity", "closed source", "closed-source-commercialization")])
def test_suggestions_go_on_as_the_text_begins(
    kind: str, prefix: str, first: str | None, server: Server,
) -> None:
    found = json.loads(server.ask(f"/reconcile/suggest/{kind}", prefix=prefix).body)["result"]
    assert conforms(found, [SUGGESTION])
    assert len({one["id"] for one in found}) == len(found)
    assert (found[0]["id"] if found else None) == first
    if len(found) == 20:
        more = server.ask(f"/reconcile/suggest/{kind}", prefix=prefix, cursor="20")
        assert found[0] not in json.loads(more.body)["result"]


@pytest.mark.parametrize("cursor", ["-1", "x", "\u0663", "\u00b2"])
def test_a_cursor_is_a_number(cursor: str, server: Server) -> None:
    assert server.ask("/reconcile/suggest/type", prefix="a", cursor=cursor).status == 400
    assert server.ask("/reconcile/properties", limit=cursor).status == 400


def test_every_value_of_every_property_has_a_kind_of_the_api(server: Server) -> None:
    proposed = json.loads(server.ask("/reconcile/properties", limit="500").body)
    assert conforms(proposed, PROPOSAL)
    names = ["rdf:type", "rdfs:label", *(one["id"] for one in proposed["properties"])]
    ids = [one["id"] for one in json.loads(
        server.ask("/reconcile/suggest/entity", prefix="o").body)["result"]]
    content = json.loads(post(server, extend={
        "ids": ids, "properties": [{"id": name, "settings": {}} for name in names]}).body)
    assert conforms(content["meta"], [{"id": TEXT, "name": TEXT}])
    assert [*content["rows"]] == ids
    cells = [cell for row in content["rows"].values() for cells in row.values() for cell in cells]
    assert all(sum(conforms(cell, shape) for shape in CELLS) == 1 for cell in cells)
    for thing in {cell["id"] for cell in cells if "id" in cell}:
        assert server.ask(f"/thing/{thing}").status == 200, "an id is in the identifier space"
    assert {"str": "company"} in content["rows"]["openai"]["rdf:type"]


def test_columns_are_extended_with_values(server: Server) -> None:
    proposed = server.ask("/reconcile/properties", type="Organization", limit="500")
    names = [one["id"] for one in json.loads(proposed.body)["properties"]]
    assert {"competesWith", "develops"} <= set(names)
    got = post(server, extend={"ids": ["openai", "no-such"], "properties": [
        {"id": "competesWith"}, {"id": "no such>"}, {"id": "foundedInYear"}]})
    assert got.status == 200, got.text
    content = json.loads(got.body)
    assert [one["id"] for one in content["meta"]] == ["competesWith", "no such>", "foundedInYear"]
    assert content["rows"]["no-such"] == {"competesWith": [], "no such>": [], "foundedInYear": []}
    cells = content["rows"]["openai"]["competesWith"]
    assert {"id": "anthropic", "name": "Anthropic"} in cells


def test_a_preview_may_be_framed_and_does_nothing(server: Server) -> None:
    got = server.ask("/reconcile/preview", id="openai")
    assert (got.status, got.headers["content-type"]) == (200, "text/html; charset=utf-8")
    policy = got.headers["content-security-policy"]
    assert "frame-ancestors *" in policy
    assert "script" not in policy
    assert "OpenAI" in got.text
    assert server.ask("/reconcile/preview", id="no-such").status == 404
