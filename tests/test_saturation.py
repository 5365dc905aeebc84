"""Saturation finds what the closure finds: the same facts, without their reasons."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aikg.build import asserted_facts, layer_of, read_sources
from aikg.closure import close
from aikg.fact import Fact
from aikg.rules import Rule
from tests.test_closure import (
    AXIOMS,
    C_HAS_VALUE,
    C_UNDER_B,
    FACT,
    HAS_VALUE,
    INVESTOR,
    exists,
    facts,
    rules,
    some,
)

pytest.importorskip("numpy", reason="the extra scale is not installed")

from aikg.saturation import saturate

AXIOM = st.sampled_from([
    ":A rdfs:subClassOf :B . ", C_UNDER_B, ":B rdfs:subClassOf :A . ", INVESTOR, HAS_VALUE,
    C_HAS_VALUE, ":p rdfs:domain :A ; rdfs:range :B . ", ":p rdfs:subPropertyOf :q . ",
    ":q rdfs:subPropertyOf :p . ", ":q a owl:TransitiveProperty . ",
    ":r a owl:TransitiveProperty . ", ":p owl:inverseOf :r . ", ":q a owl:SymmetricProperty . ",
    ":s owl:propertyChainAxiom ( :p :q ) . ", ":t owl:propertyChainAxiom ( :p :p :s ) . ",
    ":q owl:propertyChainAxiom ( :q :s ) . ", ":u a owl:FunctionalProperty . ",
    exists("E", "u", "D"), exists("D", "u", "E"), ":s rdfs:subPropertyOf :r . ",
])


def derived(given_facts: list[Fact], with_rules: tuple[Rule, ...]) -> list[Fact]:
    return sorted(fact for fact, reason in close(given_facts, with_rules).items() if reason)


@settings(max_examples=60)
@given(st.lists(FACT, max_size=12), st.sets(AXIOM, max_size=7))
def test_it_is_the_closure(lines: list[str], axioms: set[str]) -> None:
    start, compiled = facts(";".join(lines)), rules("".join(sorted(axioms)))
    assert sorted(saturate(start, compiled)) == derived(start, compiled)


@settings(max_examples=30)
@given(st.lists(FACT, max_size=12))
def test_it_is_the_closure_of_all_axioms_at_once(lines: list[str]) -> None:
    start = facts(";".join(lines))
    assert sorted(saturate(start, AXIOMS)) == derived(start, AXIOMS)


def test_it_is_the_closure_of_the_graph() -> None:
    sources = read_sources()
    start = asserted_facts(sources, layer_of(sources))
    assert sorted(saturate(start, sources.ontology.rules)) == derived(
        start, sources.ontology.rules)


@pytest.mark.parametrize("start", ["", "x p y", some("x", "u", "D"), "x a A; x p 3"])
def test_nothing_comes_twice(start: str) -> None:
    found = list(saturate(facts(start) * 2, AXIOMS))
    assert len(found) == len(set(found))


def test_a_long_way_is_gone_step_by_step() -> None:
    length = 300
    start = facts(";".join(f"x{n} q x{n + 1}" for n in range(length)))
    found = list(saturate(start, rules(":q a owl:TransitiveProperty .")))
    assert len(found) == len(set(found)) == length * (length - 1) // 2
