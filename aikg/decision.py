"""A decision: the answer to a yes/no question, by the claims on what it names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aikg.answer import Answer
from aikg.errors import UnknownQuestion
from aikg.reading import Understanding
from aikg.silence import NEVER
from aikg.verdict import Judge, both, verdict_of_rows

if TYPE_CHECKING:
    from aikg.graph import Graph


def decided(graph: Graph, question: str, understood: Understanding) -> Answer | None:
    """The verdict on a yes/no question; None where it is left to the stored query."""
    parts = map(graph.matcher.understand, graph.matcher.shortened(question))
    for part in parts:
        answer = _verdict(graph, part)
        if answer is not None and answer.verdict is False:
            return answer
    answer = _verdict(graph, understood)
    if answer is None or answer.verdict is None:
        of_both = _of_both(graph, question)
        answer = answer if of_both is None else of_both
    best = understood.best
    sure = best is not None and len(best.values) > 1
    return None if sure and answer is not None and answer.diagnosis == NEVER else answer


def as_verdict(answer: Answer, understood: Understanding) -> Answer:
    """The rows of a stored query as yes; none, or weak ones only, as not said."""
    return verdict_of_rows(answer, understood.phrasing.denies)


def _verdict(graph: Graph, understood: Understanding) -> Answer | None:
    """The verdict on a question that sets two things in relation."""
    judge = Judge(graph.engine, graph.prover, graph.lexicon, graph.matcher.describes)
    verdict = judge.decide(understood.kinds)
    if verdict is None or (verdict.silence and verdict.silence.kind == NEVER):
        verdict = judge.denied(understood.kinds) or verdict
    if verdict is None:
        return None
    best, silence = understood.best, verdict.silence
    rows = graph.dated((verdict.row,) if verdict.row else ())
    return Answer(("answer",), rows, {},
                  best.query if best else None, dict(best.values) if best else {},
                  kind="verdict", verdict=verdict.yes,
                  reason=silence.reason if silence else None,
                  diagnosis=silence.kind if silence else None,
                  named=graph.built.view is not None)


def _of_both(graph: Graph, question: str) -> Answer | None:
    """The verdict on a question of two names at once, where it is yes or no of each."""
    answers = []
    for half in graph.matcher.halves(question):
        try:
            answers.append(graph.ask(half))
        except UnknownQuestion:
            return None
    return both(answers) if answers else None
