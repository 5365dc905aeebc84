"""Asking: what tests of questions hear back."""

from __future__ import annotations

from aikg import Answer, Graph
from aikg.errors import AikgError


def verdict(question: str, graph: Graph) -> Answer | None:
    """The answer to a yes/no question, which must be a verdict; None where it is refused."""
    try:
        answer = graph.ask(question)
    except AikgError:
        return None
    assert answer.kind == "verdict"
    return answer
