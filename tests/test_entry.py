"""An entry holds what the files say of its term, under the name that the page has for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

import aikg
from aikg.build import Sources, read_sources
from aikg.entry import Entry, fragment, read_entries
from aikg.module import read_modules
from aikg.names import AIKG, CLAIM, SOURCE, THING


@pytest.fixture(scope="module")
def sources() -> Sources:
    return read_sources()


@pytest.fixture(scope="module")
def entries(sources: Sources) -> dict[str, Entry]:
    modules = [module for module in read_modules()
               if module.title in ("Agents", "Capital", "Compute", "Evidence")]
    found = read_entries(replace(sources, graph=()), modules, aikg.open())
    assert len({entry.id for entry in found}) == len(found)
    assert list(found) == sorted(found, key=lambda one: (one.kind, one.label.casefold(), one.iri))
    return {entry.id: entry for entry in found}


@pytest.mark.parametrize(("iri", "expected"), [
    (AIKG + "StrategicInvestor", "StrategicInvestor"),
    (THING + "openai", "thing/openai"),
    (CLAIM + "bitpush-001", "claim/bitpush-001"),
    (SOURCE + "bitpush-openai-financing/0.p1.s1", "source/bitpush-openai-financing/0.p1.s1"),
    ("http://www.wikidata.org/entity/Q5", ""),
])
def test_fragment(iri: str, expected: str) -> None:
    assert fragment(iri) == expected


def test_members_by_evidence_and_by_identification(entries: dict[str, Entry]) -> None:
    investor = entries["StrategicInvestor"]
    assert investor.defined
    assert investor.notes == (
        ("Note", "Taking part in a round alone does not make a strategic investor."),)
    assert [(line.subject.value, line.grade, [item.passages for item in line.evidence])
            for line in investor.members] == [
        (THING + "amazon", "inferred", [("II.3.p2.s1",)]),
        (THING + "google", "inferred", [("II.3.p2.s1",)]),
        (THING + "microsoft", "inferred", [("I.p3.s1",)])]
    assert investor.identified == []
    company = entries["Company"]
    assert not company.defined
    assert THING + "openai" in {line.subject.value for line in company.identified}


def test_the_example_is_the_firmest_fact(entries: dict[str, Entry]) -> None:
    line = entries["suppliesComputeTo"].example
    assert line is not None
    assert (line.grade, line.subject.value, line.value.value) == (
        "stated", THING + "microsoft", THING + "openai")
    assert entries["amount"].example is None, "it speaks of claims, not of things"


def test_use(entries: dict[str, Entry], sources: Sources) -> None:
    claims = sources.claims
    assert entries["statedIn"].facts >= len(claims)
    name = AIKG + "investsStrategicallyIn"
    assert entries["investsStrategicallyIn"].claims == sum(
        claim.predicate == name for claim in claims) > 0
    assert (entries["Company"].facts, entries["Company"].claims) == (0, 0)
