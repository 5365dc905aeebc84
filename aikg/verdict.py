"""A verdict: yes, no or neither, on a question such as "does X rely on Y".

Yes where a firm claim, or the closure of firm claims, says so; no only where a claim denies it.
Everything else is silence: the article does not say.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aikg.answer import Answer, Evidence, Row
from aikg.evidence import evidence_of, firmest, grade_of, weakest
from aikg.fact import TYPE, Fact
from aikg.grammar import AGENT, DIRECT, OBJECT, OWNER, SUBJECT
from aikg.lexicon import Lexicon
from aikg.names import expand
from aikg.phrasing import Name, Phrasing, Word
from aikg.proof import Prover
from aikg.silence import (
    DISPUTED,
    HEDGED,
    NEVER,
    Silence,
    claims_from_to,
    firm,
    manner,
    quoted,
    silence_of,
)
from aikg.store import Engine
from aikg.words import PREPOSITIONS, stem

Relations = frozenset[tuple[str, bool]]
"""Relations as (IRI, whether from the first thing to the second)."""
IS_LABELS = ("has ", "is characterized as", "pursues strategy", "adopted form")
WAS_LABELS = (*IS_LABELS, "started as")
HAS_LABELS = ("has ", "owns", "offers", "pursues strategy")
"""How the labels of relations begin that `is`, `was` or `has` alone can mean."""
HAS_NAMED = (*HAS_LABELS, "develops")
"""Likewise for `has` before a proper name."""
QUANTIFIERS = frozenset("mere merely just solely purely all every only sole most exclusively "
                        "should formerly previously initially originally besides".split())
"""Claims do not say `all` or `only`, so a question that does is left to the stored phrasings."""
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
    knows: Callable[[Word], bool]
    """Whether a word is accounted for by the lexicon or a stored phrasing."""

    def decide(self, asked: Phrasing) -> Verdict | None:
        """The verdict on a yes/no question; None where it does not name two things."""
        if asked.limits & QUANTIFIERS:
            return None
        silent: Verdict | None = None
        for subject, target in self._pairs(asked.names, asked.copula):
            words = self._relation_words(asked, subject, target)
            lacks = not asked.copula and any(word.stem == "lack" for word in words)
            words = [word for word in words if not (lacks and word.stem == "lack")]
            than = next((_iri(name.things[0]) for name in asked.names if name.than), None)
            having = asked._replace(has=asked.has or lacks)
            verdict = self._on_pair(subject, target, words, having, than)
            if verdict and verdict.yes is not None:
                return self._turned(verdict, asked.negated != lacks)
            silent = silent or verdict
        return silent

    def denied(self, asked: Phrasing) -> Verdict | None:
        """No, where a claim denies what is asked in words of its own; else None."""
        from aikg.denial import denial

        found = denial(asked, self.engine, self.lexicon)
        return Verdict(False, _row(found)) if found else None

    def _pairs(self, names: Sequence[Name], copula: bool) -> list[tuple[Name, Name]]:
        """Which two names the question sets in relation: the subject first.

        `is A the B of C` is about A and C.
        """
        proper = [name for name in names if name.proper]
        others = [name for name in names if not name.proper]
        if len(proper) == 2 and others and proper[1].than:
            return [(proper[0], other) for other in others]
        if len(proper) == 2:
            first, second = proper
            return [(second, first) if self._turns(first, second) else (first, second)]
        if len(proper) == 1:
            acting = [name for name in others if name.role == SUBJECT]
            if acting and proper[0].role in (OBJECT, DIRECT, AGENT):
                return [(acting[0], proper[0])]
            if acting and copula and proper[0].role == OWNER:
                return [(proper[0], acting[0])]
            soft = [(name, other) for name in acting for other in others if name is not other]
            return [*((proper[0], other) for other in others), *soft]
        return [(names[0], other) for other in names[1:]] if not proper and names else []

    @staticmethod
    def _turns(first: Name, second: Name) -> bool:
        """Whether the second name is the one that acts: `is X funded by Y`."""
        return second.role == AGENT and first.role != AGENT

    @staticmethod
    def _relation_words(asked: Phrasing, subject: Name, target: Name) -> list[Word]:
        """The content words that say how the two are related."""
        spare = [name for name in asked.names
                 if name not in (subject, target) and not name.than]
        words = [*asked.words, *(word for name in spare for word in name.words)]
        return [word for word in words if not word.light or any(map(_is_property, word.meanings))]

    def _on_pair(
        self, subject: Name, target: Name, words: Sequence[Word], asked: Phrasing,
        than: str | None,
    ) -> Verdict | None:
        """The verdict on two names and the words between them; None if these are no relation."""
        has = asked.has or not asked.copula or subject.role == OWNER
        relations = self._relations(words, has, target)
        if relations is None:
            return None
        copula = asked.copula and not any(_is_property(m) for word in words for m in word.meanings)
        if not relations:
            if not (asked.has or (asked.copula and not target.proper)):
                return None
            is_labels = WAS_LABELS if asked.past else IS_LABELS
            has_labels = HAS_NAMED if target.proper else HAS_LABELS
            relations = self._possible(is_labels if asked.copula else has_labels)
        for left in subject.things:
            for right in target.things:
                verdict = self._on_things(_iri(left), _iri(right), relations, than, copula)
                if verdict.yes is not None or (
                        verdict.silence and verdict.silence.kind != NEVER):
                    return verdict
        things = [_iri(name.things[0]) for name in (subject, target)]
        return Verdict(None, None, silence_of([], things, self.lexicon))

    def _relations(self, words: Sequence[Word], has: bool, target: Name) -> Relations | None:
        """The relations that all words together can mean; empty for any, None for none known.

        Words that mean no relation may describe a target that is no proper name, and a noun what a
        target owns: `depends on the investment of X`.

        A verb decides the direction. Where there is none a noun does: `X is the parent of Y` says
        that Y has a parent, `X has a parent Y` that X has.
        """
        if not all(map(self.knows, words)):
            return None
        free = not target.proper
        telling = [word for word in words if any(map(_is_property, word.meanings))]
        if not telling:
            return frozenset() if free or not words else None
        if not free and len(telling) < len(words):
            return None
        verbs = [word for word in telling if any(
            _is_property(meaning) and not meaning.endswith("!") for meaning in word.meanings)]
        found = self._meant(telling, has, bool(verbs))
        if not found and target.role == OWNER:
            found = self._meant(verbs, has, True)
        return self._towards(found, target) or None

    def _towards(self, relations: Relations, target: Name) -> Relations:
        """None of the relations where one comes from a target that something goes to."""
        against = target.towards and any(
            same and self.lexicon.label(iri).endswith((" from", " by")) for iri, same in relations)
        return frozenset() if against else relations

    def _meant(self, words: Sequence[Word], has: bool, verbs: bool) -> Relations:
        found: Relations | None = None
        for word in words:
            used = [meaning for meaning in word.meanings
                    if _is_property(meaning) and (verbs or not self._is_carried(word, meaning))]
            acting = [meaning for meaning in used if not meaning.endswith("!")]
            meant: set[tuple[str, bool]] = set()
            for meaning in (acting if verbs and acting else used):
                directed = self.lexicon.directed(meaning.rstrip("!"))
                noun = meaning.endswith("!")
                if not noun or has or verbs:
                    meant |= directed
                if noun and (not has or verbs):
                    meant |= {(iri, not same) for iri, same in directed}
            found = frozenset(meant) if found is None else found & meant
        return found or frozenset()

    def _is_carried(self, word: Word, meaning: str) -> bool:
        """Whether a noun names what goes from one to the other: the chips of `supplies chips to`.

        It does not say which way.
        """
        label = self.lexicon.label(meaning.rstrip("!")).split()
        return (meaning.endswith("!") and label[-1] in PREPOSITIONS
                and not {stem(part) for part in label}.isdisjoint(word.stem.split()))

    def _possible(self, labels: tuple[str, ...]) -> Relations:
        """The relations whose labels begin so, which `is`, `was` or `has` alone can mean."""
        return frozenset((_iri(curie), True) for curie, label in self.lexicon.labels.items()
                         if _is_property(curie) and curie.startswith("aikg:")
                         and label.startswith(labels))

    def _on_things(
        self, left: str, right: str, relations: Relations, than: str | None, copula: bool,
    ) -> Verdict:
        forward = {iri for iri, same in relations if same}
        backward = {iri for iri, same in relations if not same}
        found: list[Evidence] = []
        if forward or not relations:
            found += claims_from_to(self.engine, left, forward, right, than, copula)
        if backward:
            found += claims_from_to(self.engine, right, backward, left, than)
        denied = [item for item in found if item.denied]
        affirmed = [item for item in found if firm(item)]
        if denied and affirmed:
            sides = f"in dispute: {quoted(affirmed[0])}; {quoted(denied[0])}"
            return Verdict(None, None, Silence(DISPUTED, sides, (*affirmed, *denied)))
        if denied:
            return Verdict(False, _row(denied))
        if affirmed:
            return Verdict(True, _row(affirmed))
        proved = None if than else self._proved(left, right, relations, copula)
        if proved:
            return Verdict(True, proved)
        return Verdict(None, None, silence_of(found, [left, right], self.lexicon))

    def _proved(
        self, left: str, right: str, relations: Relations, copula: bool,
    ) -> Row | None:
        """The row of a fact that holds between the two by the rules of the ontology."""
        one, other = f"<{left}>", f"<{right}>"
        facts: list[Fact] = [
            (one, f"<{iri}>", other) if same else (other, f"<{iri}>", one)
            for iri, same in sorted(relations)]
        if copula:
            facts.insert(0, (one, TYPE, other))
        for fact, proof in self.prover.prove(
                fact for fact in facts if self._holds(fact)).items():
            leaves = proof.leaves()
            if leaves:
                known = evidence_of(leaves, self.engine)
                items = tuple(known[name] for name in leaves)
                grades = [grade_of(item) for item in items]
                return Row((), weakest(["inferred", *grades]) if proof.rule else firmest(grades),
                           items)
            if fact[1] == TYPE:
                return Row((), "not-claimed")
        return None

    def _holds(self, fact: Fact) -> bool:
        if "://" not in fact[0] or "://" not in fact[2]:
            return False
        return self.engine.query(f"ASK {{ {' '.join(fact)} }}") is True

    @staticmethod
    def _turned(verdict: Verdict, negated: bool) -> Verdict:
        """The verdict on the question as put: `does X not rely on Y`."""
        if not negated or verdict.yes is None:
            return verdict
        return Verdict(not verdict.yes, verdict.row, verdict.silence)


def _is_property(name: str) -> bool:
    """Whether a CURIE names a property, as its lower case says."""
    return name.partition(":")[2][:1].islower()


def _row(items: Sequence[Evidence]) -> Row:
    return Row((), firmest(map(grade_of, items)), tuple(items))


def _iri(name: str) -> str:
    """The IRI of a CURIE, or the text of a literal that is written `integer:2015`."""
    return expand(name) or name.partition(":")[2]


def both(answers: Sequence[Answer]) -> Answer | None:
    """What holds of two things at once: yes if it does of each, no if of one it does not."""
    denied = [answer for answer in answers if answer.verdict is False]
    told = denied or [answer for answer in answers if answer.verdict]
    if not denied and len(told) < len(answers):
        return None
    rows = [row for answer in told for row in answer.rows]
    row = Row((), weakest([row.grade or "not-claimed" for row in rows]),
              tuple(item for row in rows for item in row.evidence))
    return told[0].replace(rows=(row,), verdict=not denied)


def verdict_of_rows(answer: Answer, lacking: bool = False) -> Answer:
    """The rows of a stored query as a verdict: yes if one is firm, else the article does not say.

    A query with a column `denied` shows what holds and what does not; `lacking` says that the
    question asks whether something does not hold.
    """
    firm_rows = [row for row in answer.rows if row.grade in FIRM_GRADES]
    denied = [row for row in firm_rows if _says_denied(answer.columns, row)]
    best = denied or firm_rows
    turned = lacking and "denied" in answer.columns
    if best:
        return answer.replace(columns=("answer",), rows=(best[0]._replace(values=()),),
                       kind="verdict", verdict=not denied if not turned else bool(denied))
    reason, diagnosis = answer.reason, answer.diagnosis
    if answer.rows:
        row = answer.rows[0]
        weak = next((item for item in row.evidence if not firm(item)), None)
        reason = f"{manner(weak)}: {quoted(weak)}" if weak else f"only {row.grade}"
        diagnosis = HEDGED
    return answer.replace(columns=("answer",), rows=(), kind="verdict", verdict=None,
                   reason=reason, diagnosis=diagnosis)


def _says_denied(columns: Sequence[str], row: Row) -> bool:
    """Whether a row shows what does not hold, as its column `denied` says."""
    cells = dict(zip(columns, row.values, strict=True))
    return str(cells.get("denied")).startswith('"true"')
