"""Weighing: which stored query the words of a question speak for, where no phrasing is near enough.

Each word speaks for the queries whose phrasings use it, or a word of its meaning, more often than
others do: naive Bayes with smoothing (Manning, Raghavan, Schütze: Introduction to Information
Retrieval, section 13.2). It is asked only after the phrasings, and taken only where it is plain:
all words but one at most must be in the query's phrasings, and the next query far behind. Less will
do for the query whose phrasing is nearest anyway.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import permutations
from math import log

from aikg.grammar import COUNT, SUBJECT, WHEN, YES_NO
from aikg.likeness import UNLIMITED, Table
from aikg.phrasing import Name, Phrasing, Word

SMOOTH = 1.5
"""Phrasings that each query is thought to have beside its own, with words as all have them."""
PRIOR, FORM, LIGHT = 0.3, 0.5, 0.5
"""How much counts: how many phrasings a query has; the form of a question; a filler."""
LEAD, LEAD_ALONE = 3.0, 8.0
"""How far (natural logarithm) the best query must lead: with a name in its slots, and without."""
ODD = 1.5
"""How much more for a word that no phrasing of the query uses."""
REFLEXIVE = frozenset({"itself"})
CLEAR = 1.5
"""How far the best way to put names into slots must lead."""

Told = tuple[float, Counter[str], int]
"""Of a stem or a meaning in a question its weight, the phrasings of each query that have it, and of
all."""


def weighable(asked: Phrasing) -> bool:
    """Whether the words of a question may decide: nothing in it turns or narrows what they say."""
    named = sum(name.proper for name in asked.names)
    if asked.asks in (WHEN, COUNT, "why") or asked.negated or (asked.pronouns and not named):
        return False
    if asked.asks == YES_NO:  # of one name alone too much is left open
        acts = all(name.proper for name in asked.names if name.role == SUBJECT)
        return not asked.limits and len(asked.names) > 1 and bool(named) and acts
    return asked.limits <= (UNLIMITED | REFLEXIVE if named else UNLIMITED)


class Weighing:
    """What the words of all phrasings tell, counted when first needed."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._counted: dict[str, Counter[str]] = {}

    def leader(self, asked: Phrasing) -> tuple[str, float] | None:
        """The query that a question's words speak for most, and its lead over the next."""
        told = list(self._told(asked))
        scores = sorted(((self._score(query, asked, told), query) for query in self._sizes),
                        reverse=True)
        if len(scores) < 2:
            return None
        (first, query), (second, _) = scores[:2]
        return query, first - second

    def is_plain(self, asked: Phrasing, query: str, lead: float) -> bool:
        """Whether the words alone decide for a query that leads."""
        named = any(name.proper for name in asked.names)
        telling = sum(not word.light for word in _words(asked))
        odd = self._odd(query, asked.words)
        if not telling or (odd and (odd > 1 or telling < 3 or asked.asks == YES_NO)):
            return False
        return lead >= (LEAD if named else LEAD_ALONE) + ODD * odd

    def slots(
        self, query: str, fitting: Sequence[tuple[Name, Sequence[str]]],
    ) -> tuple[str, ...] | None:
        """The slot of each name, of those it fits; None where that is not clear.

        By the places in the sentence that the names of each slot have in the query's phrasings.
        """
        slots = sorted({slot for _, some in fitting for slot in some})
        ways = sorted(((sum(self._place(query, slot, name.role)
                            for slot, (name, _) in zip(way, fitting, strict=True)), way)
                       for way in permutations(slots, len(fitting))
                       if all(slot in some for slot, (_, some) in zip(way, fitting, strict=True))),
                      reverse=True)
        if not ways or (len(ways) > 1 and ways[0][0] - ways[1][0] < CLEAR):
            return None
        return ways[0][1]

    @cached_property
    def _queries(self) -> tuple[str, ...]:
        """The query of each phrasing."""
        names = self.table.entries["queries"]
        return tuple(names[int(text[:text.index(";")])] for text in self.table.entries["list"])

    @cached_property
    def _sizes(self) -> Counter[str]:
        """How many phrasings each query has."""
        return Counter(self._queries)

    @cached_property
    def _forms(self) -> Counter[tuple[str, str | int]]:
        """How many phrasings of a query ask for a kind of answer, or have so many slots."""
        counts: Counter[tuple[str, str | int]] = Counter()
        for query, text in zip(self._queries, self.table.entries["list"], strict=True):
            _, asks, _, _, _, slots, _ = text.split(";")
            counts[query, asks] += 1
            counts[query, len(slots.split())] += 1
        return counts

    @cached_property
    def _places(self) -> Counter[tuple[str, str, str]]:
        """How often a slot of a query has a place in the sentence."""
        texts = self.table.entries["list"]
        return Counter((query, *slot.partition("/")[::2])
                       for query, text in zip(self._queries, texts, strict=True)
                       for slot in text.split(";")[5].split())

    def _score(self, query: str, asked: Phrasing, told: Sequence[Told]) -> float:
        """How much likelier a question is of a query than of all: a logarithm, up to a constant."""
        size, whole = self._sizes[query], len(self._queries)
        named = sum(name.proper for name in asked.names)
        score = PRIOR * log(size / whole)
        score += FORM * log((self._forms[query, asked.asks] + 0.5) / (size + 5))
        score += FORM * log((self._forms[query, named] + 0.2) / (size + 1))
        for weight, counts, every in told:
            likely = (counts[query] + SMOOTH * every / whole) / (size + SMOOTH)
            score += weight * log(likely / ((every + 1) / (whole + 1)))
        return score

    def _told(self, asked: Phrasing) -> Iterator[Told]:
        for word in _words(asked):
            for key in _keys(word):
                counts = self._counts(key)
                if counts:
                    weight = LIGHT if word.light and key == word.stem else 1.0
                    yield weight, counts, counts.total()

    def _counts(self, key: str) -> Counter[str]:
        """The phrasings of each query that have a stem or a meaning."""
        if key not in self._counted:
            entries = self.table.entries
            places = map(int, entries["places"].get(key, "").split())
            self._counted[key] = Counter(self._queries[number] for number in {
                int(number) for place in places for number in entries["users"][place].split()})
        return self._counted[key]

    def _odd(self, query: str, words: Sequence[Word]) -> int:
        """How many words that tell something no phrasing of a query uses."""
        return sum(not any(self._counts(key)[query] for key in _keys(word))
                   for word in words if not word.light)

    def _place(self, query: str, slot: str, role: str) -> float:
        """The logarithm of how likely a name in a place of the sentence is one of a slot."""
        return log(self._places[query, slot, role] + 0.3)


def _words(asked: Phrasing) -> list[Word]:
    """The content words of a question, those of names in plain language too."""
    return [*asked.words, *(word for name in asked.names if not name.proper for word in name.words)]


def _keys(word: Word) -> list[str]:
    """The stem and the meanings of a word."""
    return [word.stem, *sorted({meaning.rstrip("!") for meaning in word.meanings})]
