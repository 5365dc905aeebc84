"""A statement says what its claim says."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode

import aikg
from aikg.build import Sources, read_sources
from aikg.names import CLAIM
from aikg.statement import Statement, read_statements


@pytest.fixture(scope="module")
def sources() -> Sources:
    return read_sources()


@pytest.fixture(scope="module")
def statements(sources: Sources) -> tuple[Statement, ...]:
    return read_statements(sources, aikg.open())


def test_every_claim_is_a_statement(sources: Sources, statements: tuple[Statement, ...]) -> None:
    assert [one.iri for one in statements] == [claim.iri for claim in sources.claims]
    assert all(one.evidence.passages and one.evidence.comment for one in statements)
    for one, claim in zip(statements, sources.claims, strict=True):
        assert one.terms["subject"] == (NamedNode(claim.subject),)
        assert one.terms["predicate"] == (NamedNode(claim.predicate),)
        assert ("condition" in one.terms) == (claim.condition is not None)
        assert one.evidence.denied == claim.denied


def test_labels_and_details(statements: tuple[Statement, ...]) -> None:
    named = {one.label: one for one in statements}
    assert [term.value for term in named["bitpush-001"].terms["reading"]] == [
        "The round of the opening is read as the latest round."]
    assert named["bitpush-010"].terms["condition"] == (NamedNode(CLAIM + "bitpush-009"),)
    assert named["bitpush-002"].terms.keys() == {"subject", "predicate", "value"}
