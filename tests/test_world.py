"""The graph in owlready2: objects in a world of their own, and nothing left behind."""

from __future__ import annotations

import builtins
import doctest
import inspect
from functools import cache
from typing import Any

import owlready2
import pytest

import aikg
from aikg.errors import AikgError
from aikg.graph import Graph
from aikg.names import THING, expand


@cache
def owl() -> Any:
    return aikg.open().owl()


def test_the_example_of_its_docstring_holds() -> None:
    text = inspect.getdoc(Graph.owl) or ""
    example = doctest.DocTestParser().get_doctest(text, {}, "Graph.owl", None, 0)
    assert len(example.examples) == 4
    assert doctest.DocTestRunner().run(example).failed == 0


def test_classes_and_individuals_are_those_of_the_graph() -> None:
    vocabulary = aikg.open().catalog.lexicon
    assert {one.iri for one in owl().classes()} == iris(vocabulary.classes)
    named = {one.iri for one in owl().individuals() if one.iri.startswith(THING)}
    assert named == {one for one in iris(vocabulary.names) if one.startswith(THING)}


def iris(names: Any) -> set[str]:
    return {expand(curie) or "" for curies in names.values() for curie in curies}


def test_evidence_is_on_the_facts() -> None:
    openai = owl().world[THING + "openai"]
    fact = openai, owl().competesWith, owl().world[THING + "anthropic"]
    [claim] = owl().evidence[fact]
    assert claim.name.startswith("bitpush-")


def test_it_is_found_by_label_and_nothing_is_imported() -> None:
    assert owl().search_one(label="Anthropic", type=owl().Company).iri == THING + "anthropic"
    assert list(owl().imported_ontologies) == []


def test_worlds_are_private() -> None:
    other = aikg.open().owl()
    assert other.world is not owl().world
    assert owlready2.default_world[THING + "openai"] is None
    with other:
        other.Company("https://example.org/new")
    assert owl().world["https://example.org/new"] is None


def test_without_owlready2_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name == "owlready2":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(AikgError, match="pip install owlready2"):
        aikg.open().owl()
