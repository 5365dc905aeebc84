"""Likeness: how far a question and a phrasing of a stored query ask the same, 0 to 1.

The share of content words, by weight, that have a counterpart of one meaning on the other side;
less where kinds of question or places of names agree only roughly, none where they exclude each
other. Weights and factors were set on tests/questions, so that refusals come before wrong answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from aikg.grammar import (
    AGENT,
    COUNT,
    DIRECT,
    NONE,
    OBJECT,
    OWNER,
    SUBJECT,
    WHAT,
    WHEN,
    WHO,
    YES_NO,
)
from aikg.phrasing import Name, Phrasing, Word

LIGHT, UNKNOWN = 0.25, 1.6
"""Weights of a filler, and of a word that nothing accounts for; others weigh up to 1."""
AKIN = 0.6
"""How far a word is accounted for that other phrasings of the same query use."""
NO_WORDS = 0.8
"""Likeness where neither side has a content word."""
UNLIMITED = frozenset("all every only mere merely just solely purely".split())
"""Quantifiers that do not narrow a question for a list."""
GOES = frozenset({">to", ">from"})
"""Which way what is asked for lies; not both ways."""
ROLES = {
    frozenset({DIRECT, OBJECT}): 0.98,
    frozenset({SUBJECT, OWNER}): 0.9, frozenset({OBJECT, OWNER}): 0.9,
    frozenset({SUBJECT, AGENT}): 0.97,
}


class Stored(NamedTuple):
    """A reduced phrasing of a stored query, as the catalog holds it."""

    query: str
    asks: str
    negated: bool
    has: bool
    limits: frozenset[str]
    pronouns: frozenset[str]
    slots: Sequence[tuple[str, str]]
    """Name and place of each slot."""
    words: Sequence[int]
    """Its content words, by their place in the table."""


class Table:
    """All stored phrasings, with each of their words once, read as far as a question needs them."""

    def __init__(self, entries: Mapping[str, Any], above: Mapping[str, Sequence[str]]) -> None:
        """`entries` is phrasings.json; `above` the hierarchy of classes and properties."""
        self.entries = entries
        self.above = above
        self.weights: Mapping[str, float] = entries["weights"]
        self._words: dict[int, Word] = {}
        self._phrasings: dict[int, Stored] = {}
        self._same: dict[tuple[Word, int], float] = {}
        self._akin: dict[tuple[Word, str], float] = {}

    def candidates(self, asked: Phrasing, least: float) -> Iterator[tuple[float, Stored]]:
        """The phrasings of a question's sense that may agree with it by `least` (0 to 1).

        Each comes with the most that its agreement can be, the highest first. What they share in
        sense is its negation, and names enough for their slots.
        """
        bounds = self._bounds(asked)
        for number in sorted(bounds, key=lambda number: (-bounds[number], number)):
            if bounds[number] < least:
                return
            one = self._stored(number)
            if (len(one.slots) <= len(asked.names) and one.negated == asked.negated
                    and kinds_agree(one.asks, asked.asks)):
                yield bounds[number], one

    def _bounds(self, asked: Phrasing) -> dict[int, float]:
        """The most that agreement with each phrasing can be, by the weights of words alone.

        What is shared counts in full, and so do the words of names, which a slot may take.
        """
        named = [word for name in asked.names for word in name.words if self.knows(word)]
        users: Sequence[str] = self.entries["users"]
        shared = dict.fromkeys(map(int, users[-1].split()), 0.0)
        seen: set[int] = set()
        for word in (*asked.words, *named):
            places = self._places(word)
            weight = (1 - AKIN) * self._weight(word)  # the rest counts wherever the word is known
            for number in {number for place in places for number in map(int, users[place].split())}:
                shared[number] = shared.get(number, 0.0) + weight
            for place in places - seen:
                weight = self._weight(self._word(place))
                for number in map(int, users[place].split()):
                    shared[number] += weight
            seen |= places
        extra = sum(map(self._weight, named))
        total = sum(map(self._weight, asked.words)) + extra
        known = AKIN * sum(self._weight(word) for word in asked.words if self.knows(word)) + extra
        loads: str = self.entries["loads"]
        return {number: (known + weight) / whole if (whole := total + load_of(loads[number]))
                else NO_WORDS for number, weight in shared.items()}

    def _places(self, word: Word) -> set[int]:
        """The places in the table of words with a stem or a meaning in common with one."""
        keys = {word.stem, *(name.rstrip("!") for name in (*word.meanings, *self._above(word)))}
        places: Mapping[str, str] = self.entries["places"]
        return {int(place) for key in keys for place in places.get(key, "").split()}

    def knows(self, word: Word) -> bool:
        """Whether the lexicon or a stored phrasing accounts for a word."""
        return bool(word.meanings) or word.light or word.stem in self.weights

    def tells(self, words: Sequence[int]) -> bool:
        """Whether any of a phrasing's words is more than a filler."""
        return any(not self._word(place).light for place in words)

    def agreement(self, stored: Stored, asked: Sequence[Word], akin: bool = True) -> float:
        """The share of content words, by weight, that have a counterpart on the other side.

        Where `akin`, other phrasings of the same query may account for a word in part.
        """
        total = matched = 0.0
        for word in asked:
            weight = self._weight(word)
            total += weight
            found = max((self._likeness(word, place) for place in stored.words), default=0.0)
            if akin and not found and not _is_verb(word):
                found = self._is_akin(word, stored.query)
            matched += weight * found
        for place in stored.words:
            weight = self._weight(self._word(place))
            total += weight
            matched += weight * max((self._likeness(word, place) for word in asked), default=0.0)
        return matched / total if total else NO_WORDS

    def _is_akin(self, word: Word, query: str) -> float:
        """AKIN times how near a word comes to one that any phrasing of the query uses."""
        key = (word, query)
        if key not in self._akin:
            places = self.entries["vocabulary"][query].split()
            self._akin[key] = AKIN * max(
                (self._likeness(word, int(place)) for place in places), default=0.0)
        return self._akin[key]

    def _stored(self, number: int) -> Stored:
        if number not in self._phrasings:
            query, asks, flags, limits, pronouns, slots, words = (
                self.entries["list"][number].split(";"))
            named = tuple(slot.partition("/")[::2] for slot in slots.split())
            self._phrasings[number] = Stored(
                self.entries["queries"][int(query)], asks, flags in "13", flags in "23",
                frozenset(limits.split()), frozenset(pronouns.split()), named,
                tuple(map(int, words.split())))
        return self._phrasings[number]

    def _word(self, place: int) -> Word:
        if place not in self._words:
            stem, meanings, light = self.entries["words"][place].split(";")
            self._words[place] = Word(stem, frozenset(meanings.split()), light == "1")
        return self._words[place]

    def _weight(self, word: Word) -> float:
        if word.light:
            return LIGHT
        return self.weights.get(word.stem, 1.0) if self.knows(word) else UNKNOWN

    def _likeness(self, asked: Word, place: int) -> float:
        key = (asked, place)
        if key not in self._same:
            self._same[key] = self._compare(asked, self._word(place))
        return self._same[key]

    def _compare(self, asked: Word, stored: Word) -> float:
        """How far a word of the question means the same as one of a phrasing, 0 to 1."""
        if asked.stem == stored.stem:
            return 1.0
        if asked.meanings & stored.meanings:
            return 0.96
        if {name.rstrip("!") for name in asked.meanings} & {
                name.rstrip("!") for name in stored.meanings}:
            return 0.9
        if self._above(asked) & stored.meanings:
            return 0.85
        return 0.8 if self._above(stored) & asked.meanings else 0.0

    def _above(self, word: Word) -> set[str]:
        """The properties above those that a word means; a class above is another thing."""
        return {upper for meaning in word.meanings if meaning.partition(":")[2][:1].islower()
                for upper in self.above.get(meaning, ())}


def load_sign(weight: float) -> str:
    """The weight of a phrasing's words, rounded down to tenths, as one printable character."""
    return chr(min(ord("#") + int(weight * 10), ord("~")))


def load_of(sign: str) -> float:
    """The weight of a phrasing's words, from its sign."""
    return (ord(sign) - ord("#")) / 10


def _is_verb(word: Word) -> bool:
    """Whether a word names a relation from one side, so that it has a direction."""
    return any(name.partition(":")[2][:1].islower() and not name.endswith("!")
               for name in word.meanings)


def same_sense(stored: Stored, asked: Phrasing) -> bool:
    """Whether negation, superlatives and pronouns stand on both sides or on neither."""
    if stored.negated != asked.negated:
        return False
    limits = asked.limits if asked.asks == YES_NO else asked.limits - UNLIMITED
    if not limits - GOES <= stored.limits or (asked.limits | stored.limits) >= GOES:
        return False
    clear = not asked.pronouns or (
        asked.pronouns <= stored.pronouns and stored.asks == asked.asks)
    return clear or any(
        thing.startswith("thing:") for name in asked.names for thing in name.things)


def kinds_agree(stored: str, asked: str) -> float:
    """How far two kinds of answer agree, 0 to 1."""
    if stored == asked:
        return 1.0
    if stored and asked and {stored, asked} & {COUNT, WHEN, "why"}:
        return 0.0
    if YES_NO in (stored, asked):
        return 0.9 if "" in (stored, asked) else 0.0
    if "" in (stored, asked):
        return 0.97
    return 0.95 if {stored, asked} == {WHO, WHAT} else 0.86


def roles_agree(
    slots: Sequence[tuple[str, str]], names: Sequence[Name], asks: str = WHAT,
) -> float:
    """How far the places of names agree with those of the slots they fill, 0 to 1.

    In keywords (`asks` is empty) a name behind a noun may be its owner: `compute supplier OpenAI`.
    Where yes or no is asked an owner is not taken for one who acts or undergoes.
    """
    factor = 1.0
    for (_, stored), name in zip(slots, names, strict=True):
        if stored != name.role:
            pair = frozenset({stored, name.role})
            if asks == YES_NO and OWNER in pair and NONE not in pair:
                return 0.0
            unclear = NONE in pair or (not asks and pair == {DIRECT, OWNER})
            factor *= 0.95 if unclear else ROLES.get(pair, 0.0)
    return factor
