"""Impact: what changes without a claim or a source."""

from __future__ import annotations

import pytest

import aikg
from aikg.errors import AmbiguousName, UnknownName
from aikg.impact import home_of, impact, target
from aikg.names import CLAIM, SOURCE
from aikg.selection import ALL

BITPUSH = SOURCE + "bitpush-openai-financing"


@pytest.mark.parametrize(("name", "iri", "sources"), [
    ("bitpush-007", CLAIM + "bitpush-007", ()), ("claim:ndt-012", CLAIM + "ndt-012", (ALL,)),
    (CLAIM + "ndt-012", CLAIM + "ndt-012", (ALL,)), ("Bitpush", BITPUSH, ()),
    (BITPUSH, BITPUSH, ()),
    ("axios", SOURCE + "axios-anthropic-amazon", (ALL,))])
def test_a_claim_or_source_and_the_view_it_is_looked_at_in(
    name: str, iri: str, sources: tuple[str, ...],
) -> None:
    found, record = target(name)
    assert (found, home_of(record).sources) == (iri, sources)


@pytest.mark.parametrize("name", ["nothing", "claim:bitpush-999", "OpenAI"])
def test_what_is_neither_is_told(name: str) -> None:
    with pytest.raises((UnknownName, AmbiguousName)):
        target(name)


def test_without_one_side_the_other_is_no_longer_in_dispute() -> None:
    """ndt-012 calls the agreement final, bsn-003 a letter of intent."""
    answer = impact(aikg.open(sources=ALL), CLAIM + "ndt-012")
    changes = {(row["query"], row["change"], row["was"], row["now"]) for row in answer
               if "bsn-003" in str(row["row"]) or "ndt-012" in str(row["row"])}
    assert changes >= {("claims-about", "lost", "disputed", ""),
                       ("claims-about", "regraded", "disputed", "stated")}
    assert "investors" not in {row["query"] for row in answer}  # nobody's money rests on it
