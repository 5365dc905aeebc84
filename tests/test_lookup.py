"""The catalog of a store on disk looks up what a lexicon would hold."""

from __future__ import annotations

import pytest

from aikg.fact import Fact
from aikg.lookup import ContestedClaims, DisputedFacts, Lookup, Names

FACT: Fact = ("<x:a>", "<x:b>", "<x:c>")


class Sides:
    """An index in which one fact is in dispute."""

    def sides(self, fact: Fact) -> tuple[str, ...]:
        return ("x:one", "x:other") if fact == FACT else ()

    def is_contested(self, claim: str) -> bool:
        return claim in self.sides(FACT)


def test_what_is_held_and_what_is_looked_up() -> None:
    found = Lookup({"a": 1}, {"a": 2, "b": 3}.get)
    assert (found["a"], found["b"], found.get("c"), "b" in found) == (1, 3, None, True)
    assert list(found) == ["a"]
    both = Names({"a": ["x"]}, {"a": ["y"], "b": ["z"]}.get)
    assert (both["a"], both["b"], both.get("c", ())) == (["x", "y"], ["z"], ())


def test_facts_in_dispute_are_looked_up() -> None:
    found = DisputedFacts(Sides())  # type: ignore[arg-type]
    assert found[FACT] == ("x:one", "x:other")
    assert FACT in found
    assert found.get(("<x:c>", *FACT[1:])) is None
    for function in (len, list):
        with pytest.raises(TypeError, match="looked up"):
            function(found)
    claims = ContestedClaims(Sides())  # type: ignore[arg-type]
    assert ["x:one" in claims, "x:two" in claims] == [True, False]
