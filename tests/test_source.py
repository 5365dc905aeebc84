"""A source has its passages in order, each with what rests on it."""

from __future__ import annotations

import aikg
from aikg.build import read_sources
from aikg.names import CLAIM, SOURCE
from aikg.source import sources_of
from aikg.statement import read_statements


def test_passages_stand_in_the_order_of_the_text() -> None:
    sources = read_sources()
    statements = read_statements(sources, aikg.open())
    [source] = sources_of(sources, statements, aikg.open())
    assert source.iri == SOURCE + "bitpush-openai-financing"
    assert source.label == "Bitpush article on OpenAI's financing round"
    starts = [passage.start for passage, _ in source.passages]
    assert starts == sorted(starts)
    resting = {passage.id: claims for passage, claims in source.passages}
    assert CLAIM + "bitpush-001" in resting["0.p1.s1"]
    assert {claim for claims in resting.values() for claim in claims} == {
        one.iri for one in statements}
