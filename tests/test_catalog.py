"""The catalog gives what it holds, reads only what is asked for, and tells what is damaged."""

from __future__ import annotations

import json
from typing import Any

import pytest

from aikg.catalog import NAME, VERSION, Catalog
from aikg.errors import GraphError, QueryError, UnknownQuery
from aikg.lexicon import Lexicon
from aikg.query import Parameter, Query
from aikg.rules import Rule, rules_to_json

ENTRY = {
    "summary": "Who funds an organization?", "description": "By any means.", "text": "SELECT …",
    "file": "queries/capital/investors.rq", "tags": ["capital"],
    "params": [{"name": "company", "type": "entity", "label": "whom", "of": "aikg:Organization",
                "required": True}],
    "evidence": [["?a", "<x:p>", "?b"], ["claim", "?c"]], "columns": ["investor"], "graphs": [],
}
BROKEN = {**ENTRY, "file": "queries/capital/investments.rq", "params": [],
          "error": "queries/capital/investments.rq:3: unknown key 'aks'"}
RULE = Rule("aikg:A SubClassOf aikg:B", ("?x", "<x:type>", "<x:B>"), (("?x", "<x:type>", "<x:A>"),))
CONTENT: dict[str, Any] = {
    NAME: {"version": VERSION, "files": {"graph.nt": 3}, "sources": {"graph/a.ttl": [4, "ab"]},
           "queries": {"investors": ENTRY, "investments": BROKEN}},
    "lexicon.json": {name: {} for name in Lexicon._fields} | {"labels": {"thing:x": "X"}},
    "phrasings.json": {"queries": ["investors"], "list": []},
    "rules.json": rules_to_json([RULE]),
}


class Shelf:
    """Built files, and the names of those that were read."""

    def __init__(self, content: dict[str, bytes | None]) -> None:
        self.content = content
        self.read: list[str] = []

    def __call__(self, name: str) -> bytes | None:
        self.read.append(name)
        return self.content.get(name)


def shelf(**changes: bytes | None) -> Shelf:
    """The files of CONTENT; a keyword replaces the file of that stem, or takes it out by None."""
    content: dict[str, bytes | None] = {
        name: json.dumps(value).encode() for name, value in CONTENT.items()}
    return Shelf(content | {f"{stem}.json": data for stem, data in changes.items()})


def test_a_query_is_as_it_was_built() -> None:
    catalog = Catalog(shelf())
    query = Query(
        "investors", "Who funds an organization?", "SELECT …", "queries/capital/investors.rq",
        "By any means.", ("capital",), (),
        (Parameter("company", "entity", "whom", "aikg:Organization", True),),
        (("?a", "<x:p>", "?b"), ("claim", "?c")), ("investor",), ())
    assert catalog.query("investors") == catalog.queries["investors"] == query


def test_a_broken_query_is_listed_and_tells_its_error() -> None:
    catalog = Catalog(shelf())
    assert sorted(catalog.queries) == ["investments", "investors"]
    assert catalog.queries["investments"].error == BROKEN["error"]
    assert catalog.queries["investors"].error is None
    with pytest.raises(QueryError) as caught:
        catalog.query("investments")
    assert str(caught.value) == BROKEN["error"]


@pytest.mark.parametrize(("name", "near"), [
    ("investor", ("investors", "investments")), ("Investors", ("investors", "investments")),
    ("platforms", ()), ("", ()), ("../investors", ("investors",)), ("x" * 10_000, ()),
])
def test_an_unknown_query_is_told_with_the_nearest(name: str, near: tuple[str, ...]) -> None:
    with pytest.raises(UnknownQuery) as caught:
        Catalog(shelf()).query(name)
    assert caught.value.candidates[:len(near)] == near
    assert bool(caught.value.candidates) == bool(near)
    assert f"'{name}'" in str(caught.value)


def test_what_else_it_holds() -> None:
    catalog = Catalog(shelf())
    assert catalog.sources == {"graph/a.ttl": [4, "ab"]}
    assert catalog.lexicon.label("thing:x") == "X"
    assert catalog.phrasings["queries"] == ["investors"]
    assert catalog.rules == (RULE,)


@pytest.mark.parametrize(("part", "name"), [
    ("lexicon", "lexicon.json"), ("phrasings", "phrasings.json"), ("rules", "rules.json")])
def test_each_file_is_read_when_it_is_asked_for_and_once(part: str, name: str) -> None:
    files = shelf()
    catalog = Catalog(files)
    catalog.query("investors")
    assert files.read == [NAME]
    for _ in range(2):
        getattr(catalog, part)
    assert files.read == [NAME, name]


DAMAGED: dict[str, bytes | None] = {
    "missing": None, "empty": b"", "cut": b'{"version": 4, ', "not UTF-8": b'{"a": "\xff"}',
    "a list": b"[]", "a text": b'"catalog"', "nothing": b"null",
    "of another version": b'{"version": 3}', "of no version": b"{}",
}


@pytest.mark.parametrize("case", DAMAGED)
def test_a_damaged_catalog_is_told(case: str) -> None:
    with pytest.raises(GraphError, match=r"catalog"):
        Catalog(shelf(catalog=DAMAGED[case]))


@pytest.mark.parametrize("part", ["lexicon", "phrasings", "rules"])
@pytest.mark.parametrize("case", ["missing", "empty", "cut", "not UTF-8"])
def test_another_damaged_file_is_told_when_it_is_read(case: str, part: str) -> None:
    catalog = Catalog(shelf(**{part: DAMAGED[case]}))
    assert catalog.query("investors").name == "investors"
    with pytest.raises(GraphError, match=f"{part}.json"):
        getattr(catalog, part)
