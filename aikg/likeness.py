"""Likeness: how far a question and a phrasing of a stored query ask the same, 0 to 1.

The share of content words, by weight, that have a counterpart of one meaning on the other side;
less where kinds of question or places of names agree only roughly, none where they exclude each
other. Weights and factors were set on tests/questions, so that refusals come before wrong answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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

    def candidates(self, words: Sequence[Word], asked: Phrasing) -> list[Stored]:
        """The phrasings that share a word or a meaning with some words, and a question's sense.

        What they share in sense is its negation, and names enough for their slots.
        """
        near = [self._stored(number) for number in sorted(self._near(words))]
        return [one for one in near if len(one.slots) <= len(asked.names)
                and one.negated == asked.negated and kinds_agree(one.asks, asked.asks)]

    def _near(self, words: Sequence[Word]) -> set[int]:
        """The phrasings with a stem or a meaning in common with some words, or with no words."""
        meanings = {name for word in words for name in (*word.meanings, *self._above(word))}
        keys = {word.stem for word in words} | {name.rstrip("!") for name in meanings}
        places: Mapping[str, str] = self.entries["places"]
        users: Sequence[str] = self.entries["users"]
        using = {users[int(place)] for key in keys for place in places.get(key, "").split()}
        return {int(number) for text in (*using, users[-1]) for number in text.split()}

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


def _is_verb(word: Word) -> bool:
    """Whether a word names a relation from one side, so that it has a direction."""
    return any(name.partition(":")[2][:1].islower() and not name.endswith("!")
               for name in word.meanings)


def same_sense(stored: Stored, asked: Phrasing) -> bool:
    """Whether negation, superlatives and pronouns stand on both sides or on neither."""
    if stored.negated != asked.negated:
        return False
    limits = asked.limits if asked.asks == YES_NO else asked.limits - UNLIMITED
    if not limits <= stored.limits:
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
