"""The difference between two releases, in terms of claims, stored queries and answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from aikg import Graph
from aikg.built import Built
from aikg.catalog import NAME
from aikg.difference import difference
from tests.test_cli import call
from tests.test_published import wheel

CLAIM = b"<https://w3id.org/aikg/claim/bitpush-085>"  # Amazon invests strategically in Anthropic


@pytest.fixture(scope="module")
def content(graph: Graph) -> dict[str, bytes]:
    names = (NAME, *graph.catalog.content["files"])
    return {name: graph.built.read(name) or b"" for name in names}


def without_claim(content: dict[str, bytes]) -> dict[str, bytes]:
    lines = content["graph.nt"].splitlines(keepends=True)
    return {**content, "graph.nt": b"".join(line for line in lines if CLAIM not in line)}


def with_other_comment(content: dict[str, bytes]) -> dict[str, bytes]:
    comment = CLAIM + b" <http://www.w3.org/2000/01/rdf-schema#comment> "
    return {**content, "graph.nt": b"".join(
        comment + b'"Reworded."@en .\n' if line.startswith(comment) else line
        for line in content["graph.nt"].splitlines(keepends=True))}


def with_queries(content: dict[str, bytes], **changed: object) -> dict[str, bytes]:
    catalog = json.loads(content[NAME])
    catalog["queries"].update(changed)
    for name, entry in changed.items():
        if entry is None:
            del catalog["queries"][name]
    return {**content, NAME: json.dumps(catalog).encode()}


def graph_with(
    content: dict[str, bytes], edit: Callable[[dict[str, bytes]], dict[str, bytes]] = dict,
) -> Graph:
    return Graph(Built(None, edit(content)))


def found(old: Graph, new: Graph) -> list[tuple[str, ...]]:
    answer = difference(old, new)
    return [tuple(str(row[column]) for column in answer.columns) for row in answer]


def test_a_release_does_not_differ_from_itself(content: dict[str, bytes]) -> None:
    assert found(graph_with(content), graph_with(content)) == []


def test_a_claim_that_is_gone_takes_its_rows_along(content: dict[str, bytes]) -> None:
    whole, part = graph_with(content), graph_with(content, without_claim)
    changes = found(whole, part)
    assert [one[:3] for one in changes if one[0] == "claim"] == [
        ("claim", "bitpush-085", "removed")]
    lost = [one for one in changes if one[:3] == ("answer", "strategic-investors", "lost")]
    assert lost == []  # the fact is in the graph still: only what says it is gone
    assert [one[1:3] for one in changes if one[0] == "answer"]
    back = found(part, whole)
    assert [one[:3] for one in back if one[0] == "claim"] == [("claim", "bitpush-085", "added")]


def test_a_claim_that_says_it_otherwise_is_changed(content: dict[str, bytes]) -> None:
    changes = found(graph_with(content), graph_with(content, with_other_comment))
    [change] = [one for one in changes if one[0] == "claim"]
    assert change[:4] == ("claim", "bitpush-085", "changed", "rdfs:comment")
    assert change[5] == "Reworded."
    assert change[4] not in ("", "Reworded.")


def test_queries_that_come_go_and_change(content: dict[str, bytes]) -> None:
    entry = json.loads(content[NAME])["queries"]["investors"]
    new = with_queries(content, investors=None, backers=entry,
                       risks={**json.loads(content[NAME])["queries"]["risks"], "summary": "Why?"})
    changes = found(graph_with(content), graph_with(new))
    assert [one[:4] for one in changes] == [
        ("query", "backers", "added", ""), ("query", "investors", "removed", ""),
        ("query", "risks", "changed", "summary")]
    assert changes[2][5] == "Why?"


def test_the_command_reads_releases(content: dict[str, bytes], tmp_path: Path) -> None:
    old = wheel(tmp_path / "old.whl", with_other_comment(content))
    outcome = call("diff", str(old), "-f", "jsonl")
    assert outcome.code == 0
    first, *others = map(json.loads, outcome.out.splitlines())
    assert (first["part"], first["name"], first["was"]) == ("claim", "bitpush-085", "Reworded.")
    assert {(one["part"], "Reworded." in one["what"]) for one in others
            if one["change"] == "lost"} == {("answer", True)}
    assert "1 in claims, 0 in queries, " in outcome.err
    same = call("diff", str(old), str(old))
    assert (same.code, same.out.count("\n")) == (0, 1)
    assert call("diff", str(tmp_path / "none.whl")).code == 2
