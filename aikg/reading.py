"""Readings: the ways to understand a question, and which of them to take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from aikg.grammar import DIRECT, SUBJECT, YES_NO
from aikg.names import compact
from aikg.phrasing import Name, Phrasing

ENOUGH = 0.74
"""The likeness (0 to 1) from which on a phrasing is taken."""
MARGIN = 0.02
"""How much better than any other reading the best must be."""
EQUAL = 0.006
"""How much worse a reading may be that is as good as the best."""
NEAR, LEADING = 0.55, 3.0
"""The likeness that will do where the words too speak for the query, leading by so much."""
NEARER = 0.65
"""The same, where the phrasing has to say which name has which slot."""
IT = "it"
SYMMETRIC = frozenset({"compare", "competitors", "shared-investors"})
"""The queries whose slots may be swapped."""


class Reading(NamedTuple):
    """One way to understand a question."""

    query: str
    """Name of the stored query."""
    values: Mapping[str, tuple[str, ...]]
    """The values of its slots: IRIs, or texts for slots of that type."""
    score: float
    """How well the words agree, about 0 to 1."""
    yes_no: bool = False
    """Whether the question wants yes or no."""

    def holds(self, names: Iterable[Name]) -> bool:
        """Whether each of some names is in one of its slots."""
        held = {compact(value) for values in self.values.values() for value in values}
        return all(not held.isdisjoint(name.things) for name in names)

    def same_as(self, other: Reading) -> bool:
        """Whether two readings ask the same of the same things, with the slots swapped."""
        return (self.query == other.query and self.query in SYMMETRIC
                and sorted(self.values.values()) == sorted(other.values.values()))


class Understanding(NamedTuple):
    """What became of a question."""

    readings: tuple[Reading, ...]
    """The readings, best first."""
    phrasing: Phrasing
    """The question reduced, with the names of things in it."""
    kinds: Phrasing
    """The same with the names of classes taken for names too."""
    unknown: tuple[str, ...] = ()
    """Words that nothing in the lexicon or the phrasings accounts for."""
    foreign: bool = False
    """Whether it names what nobody here is called."""

    @property
    def best(self) -> Reading | None:
        """The reading to take; None where none is good enough or two are equally good."""
        if self.foreign or not self.readings or self.readings[0].score < ENOUGH:
            return None
        first, *others = self.readings
        tied = any(first.score - other.score < MARGIN and not first.same_as(other)
                   for other in others)
        return None if tied else first

    @property
    def tied(self) -> tuple[Reading, ...]:
        """The readings that are equally good, each of another query, that pass over no name."""
        if self.foreign or self.best or self.phrasing.asks == YES_NO:
            return ()
        tied = [reading for reading in self.readings if reading.score >= ENOUGH
                and self.readings[0].score - reading.score <= EQUAL]
        acting = [name for name in self.phrasing.names if name.role in (SUBJECT, DIRECT)]
        different = len({one.query for one in tied}) == len(tied)
        return tuple(tied) if different and all(one.holds(acting) for one in tied) else ()

    def near(self, query: str, lead: float) -> Reading | None:
        """The reading of the query that the words speak for, leading by so much, if none is nearer.

        What is to be confirmed must be plain, and so must be whom a pronoun stands for.
        """
        asked = self.phrasing
        named = any(name.proper for name in asked.names)
        if lead < LEADING or asked.asks == YES_NO or (IT in asked.pronouns and not named):
            return None
        return next((reading for reading in self.readings
                     if reading.query == query and reading.score >= NEAR
                     and self.readings[0].score - reading.score < MARGIN), None)


def why_not(understood: Understanding) -> str:
    """Why a question was not taken, in one line."""
    if understood.unknown:
        words = ", ".join(f"'{word}'" for word in understood.unknown[:4])
        return f"not understood: nothing in the graph is called {words}"
    if understood.readings and understood.readings[0].score >= ENOUGH:
        return "ambiguous: it could be any of these questions"
    return "not understood: no stored question asks this"
