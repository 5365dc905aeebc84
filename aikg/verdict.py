"""A verdict: yes, no or neither, on a question such as "does X rely on Y".

Yes where a firm claim, or the closure of firm claims, says so; no only where a claim denies it.
Everything else is silence: the article does not say.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from aikg.answer import Answer, Evidence, Row
from aikg.evidence import evidence_of, firmest, grade_of, weakest
from aikg.lexicon import Lexicon
from aikg.names import expand
from aikg.phrasing import AGENT, ORIGIN, OWNER, SUBJECT, Name, Phrasing, Word
from aikg.proof import Prover
from aikg.silence import HEDGED, NEVER, Silence, claims_between, firm, quoted, silence_of, widened
from aikg.store import Engine
from aikg.view import TYPE, Fact

FIRM_GRADES = frozenset({"stated", "evaluated", "inferred"})


@dataclass(frozen=True)
class Verdict:
    """What the claims say on a yes/no question."""

    yes: bool | None
    """None where the article does not say."""
    row: Row | None = None
    """Grade and evidence of a yes or a no."""
    silence: Silence | None = None
    """Why there is neither."""


@dataclass(frozen=True)
class Judge:
    """Gives verdicts over one engine."""

    engine: Engine
    prover: Prover
    lexicon: Lexicon

    def decide(self, asked: Phrasing) -> Verdict | None:
        """The verdict on a yes/no question; None where it does not name two things."""
        for subject, target in self._pairs(asked.names):
            words = self._relation_words(asked, subject, target)
            verdict = self._on_pair(subject, target, words)
            if verdict and (verdict.yes is not None or verdict.silence):
                return self._turned(verdict, asked.negated)
        return None

    def _pairs(self, names: Sequence[Name]) -> list[tuple[Name, Name]]:
        """Which two names the question sets in relation: the subject first."""
        proper = [name for name in names if name.proper]
        if len(proper) == 2:
            first, second = proper
            return [(second, first) if self._turns(first, second) else (first, second)]
        if len(proper) == 1:
            others = [name for name in names if not name.proper]
            others.sort(key=lambda name: -len(name.text))
            return [(proper[0], other) for other in others]
        return [(names[0], other) for other in names[1:]] if not proper and names else []

    @staticmethod
    def _turns(first: Name, second: Name) -> bool:
        """Whether the second name is the one that acts: `is X funded by Y`."""
        return second.role == AGENT and first.role != AGENT

    @staticmethod
    def _relation_words(asked: Phrasing, subject: Name, target: Name) -> list[Word]:
        """The content words that say how the two are related."""
        spare = [name for name in asked.names if name not in (subject, target)]
        words = [*asked.words, *(word for name in spare for word in name.words)]
        return [word for word in words if not word.light]

    def _on_pair(self, subject: Name, target: Name, words: Sequence[Word]) -> Verdict | None:
        """The verdict on two names and the words between them; None if these are no relation."""
        relations = self._relations(words)
        if relations is None:
            return None
        for left in subject.things:
            for right in target.things:
                verdict = self._on_things(_iri(left), _iri(right), relations)
                if verdict.yes is not None or verdict.silence and verdict.silence.kind != NEVER:
                    return verdict
        things = [_iri(name.things[0]) for name in (subject, target)]
        return Verdict(None, None, silence_of([], things, self.lexicon))

    def _relations(self, words: Sequence[Word]) -> frozenset[str] | None:
        """The relations that all words together can mean; empty for any, None for none known."""
        if not words:
            return frozenset()
        meanings = [frozenset(_iri(meaning) for meaning in word.meanings
                              if self._is_relation(meaning)) for word in words]
        if not all(meanings):
            return None
        common = frozenset.intersection(*(widened(group, self.engine) for group in meanings))
        return common or None

    def _is_relation(self, curie: str) -> bool:
        return curie.partition(":")[2][:1].islower()

    def _on_things(self, left: str, right: str, relations: frozenset[str]) -> Verdict:
        found = [item for item in claims_between(self.engine, relations, [left, right])
                 if self._directed(item, left, right)]
        denied = [item for item in found if item.denied]
        if denied:
            return Verdict(False, _row(denied))
        proved = self._proved(left, right, relations)
        if proved:
            return Verdict(True, proved)
        affirmed = [item for item in found if firm(item)]
        if affirmed:
            return Verdict(True, _row(affirmed))
        return Verdict(None, None, silence_of(found, [left, right], self.lexicon))

    def _directed(self, item: Evidence, left: str, right: str) -> bool:
        """Whether a claim runs from the first thing to the second, or its inverse back."""
        return True

    def _proved(self, left: str, right: str, relations: Iterable[str]) -> Row | None:
        """The row of a fact that holds between the two."""
        facts: list[Fact] = [(f"<{left}>", f"<{relation}>", f"<{right}>")
                             for relation in sorted(relations)] or [
                                 (f"<{left}>", TYPE, f"<{right}>")]
        for fact in facts:
            if self.engine.query(f"ASK {{ {' '.join(fact)} }}") is not True:
                continue
            proof = self.prover.prove([fact]).get(fact)
            leaves = proof.leaves() if proof else ()
            if not leaves:
                continue
            items = tuple(evidence_of(leaves, self.engine)[name] for name in leaves)
            grades = [grade_of(item) for item in items]
            inferred = proof is not None and proof.rule is not None
            return Row((), weakest(["inferred", *grades]) if inferred else firmest(grades), items)
        return None

    @staticmethod
    def _turned(verdict: Verdict, negated: bool) -> Verdict:
        """The verdict on the question as put: `does X not rely on Y`."""
        if not negated or verdict.yes is None:
            return verdict
        return Verdict(not verdict.yes, verdict.row, verdict.silence)


def _row(items: Sequence[Evidence]) -> Row:
    return Row((), firmest(map(grade_of, items)), tuple(items))


def _iri(curie: str) -> str:
    return expand(curie) or curie




def verdict_of_rows(answer: Answer) -> Answer:
    """The rows of a stored query as a verdict: yes if one is firm, else the article does not say."""
    firm_rows = [row for row in answer.rows if row.grade in FIRM_GRADES]
    denied = [row for row in firm_rows if any(item.denied for item in row.evidence)]
    best = denied or firm_rows
    if best:
        return replace(answer, columns=("answer",), rows=(replace(best[0], values=()),),
                       kind="verdict", verdict=not denied)
    reason, diagnosis = answer.reason, answer.diagnosis
    if answer.rows:
        row = answer.rows[0]
        claim = f": {quoted(row.evidence[0])}" if row.evidence else ""
        reason, diagnosis = f"only {row.grade}{claim}", HEDGED
    return replace(answer, columns=("answer",), rows=(), kind="verdict", verdict=None,
                   reason=reason, diagnosis=diagnosis)
