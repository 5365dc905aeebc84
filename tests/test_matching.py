"""The index finds every way in which patterns are facts, and no other."""

from __future__ import annotations

import pytest

from aikg.fact import Fact
from aikg.matching import FactIndex, fill, match
from aikg.rules import DIFFERENT, Pattern

FACTS = ["x p y", "y p z", "z p z", "x q y", "u q x"]


def pattern(text: str) -> Pattern:
    """Terms that are letters stand for IRIs."""
    subject, predicate, object_ = (
        word if word[0] == "?" or word == DIFFERENT else f"<{word}>" for word in text.split())
    return subject, predicate, object_


@pytest.mark.parametrize(("patterns", "conditions", "expected"), [
    ("x p y", "", [""]),
    ("x p z", "", []),
    ("?a p ?b", "", ["x y", "y z", "z z"]),
    ("x p ?a", "", ["y"]),
    ("?a p z", "", ["y", "z"]),
    ("?a p ?a", "", ["z"]),
    ("x ?a y", "", ["p", "q"]),
    ("?a p ?b; ?b p ?c", "", ["x y z", "y z z", "z z z"]),
    ("?a q ?b; ?b p ?c", "", ["u x y", "x y z"]),
    ("?a q ?b; ?a p ?b", "", ["x y"]),
    ("?a p ?b", "?a different ?b", ["x y", "y z"]),
    ("?a p ?b; ?b p ?c", "?b different ?c", ["x y z"]),
    ("?a r ?b", "", []),
])
def test_matches(patterns: str, conditions: str, expected: list[str]) -> None:
    index = FactIndex()
    for fact in FACTS:
        index.add(pattern(fact))
    body, tests = (tuple(pattern(text) for text in group.split(";") if text)
                   for group in (patterns, conditions))
    found = [" ".join(value for _, value in sorted(binding.items()))
             for binding in index.matches(body, tests, {})]
    assert sorted(found) == [" ".join(f"<{name}>" for name in row.split()) for row in expected]


@pytest.mark.parametrize(("text", "bound", "expected"), [
    ("?a p ?b", {}, {"?a": "<x>", "?b": "<y>"}),
    ("?a p ?b", {"?a": "<x>", "?c": "<z>"}, {"?a": "<x>", "?b": "<y>", "?c": "<z>"}),
    ("?a p ?b", {"?a": "<y>"}, None),
    ("?a p ?a", {}, None),
    ("x ?p y", {}, {"?p": "<p>"}),
    ("x q y", {}, None),
])
def test_match_extends_a_binding(
    text: str, bound: dict[str, str], expected: dict[str, str] | None,
) -> None:
    fact: Fact = pattern("x p y")
    before = dict(bound)
    assert match(pattern(text), fact, bound) == expected
    assert bound == before
    assert expected is None or fill(pattern(text), expected) == fact
