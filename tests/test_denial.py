"""Denial: no, where all that is asked is in a claim that denies it; otherwise nothing."""

from __future__ import annotations

import pytest

from aikg import Graph, UnknownQuestion


@pytest.mark.parametrize(("question", "claim"), [
    ("Could idealism alone pay for OpenAI's research?", "bitpush-015"),
    ("Idealism on its own could have paid for all that research, couldn't it?", "bitpush-015"),
    ("Could OpenAI cover its R&D costs with idealism alone?", "bitpush-015"),
    ("May I describe OpenAI as a pure model company, nothing else?", None),
    ("xAI commands a broad enterprise ecosystem, true or false?", None),
    ("Is a broad enterprise ecosystem one of xAI's strengths?", None),
    ("A wide enterprise-level ecosystem is something xAI has, isn't it?", None),
    ("google has to raise outside money for its models doesnt it", None),
    ("Does OpenAI run a consumer platform of its own?", None),
])
def test_what_is_denied_in_other_words_is_denied(
    question: str, claim: str | None, graph: Graph,
) -> None:
    answer = graph.ask(question)
    assert answer.verdict is False
    item = answer.rows[0].evidence[0]
    assert item.denied
    assert claim is None or item.claim.endswith(claim)


@pytest.mark.parametrize("question", [
    "does Meta have an API service", "does Meta sell API services",
    "Was Microsoft in OpenAI's latest round?", "Does xAI plan a broad enterprise ecosystem?",
    "Did Google once take external financing?", "Does OpenAI have a platform?",
    "Does Anthropic own a consumer platform?", "does xAI lack a broad enterprise ecosystem",
    "Does OpenAI lack a consumer platform of its own?", "Does Google reject external financing?",
])
def test_what_no_claim_denies_is_not_denied(question: str, graph: Graph) -> None:
    try:
        answer = graph.ask(question)
    except UnknownQuestion:
        return
    assert answer.verdict is not False
