"""A question in words: which stored query it asks, and with what values.

Deterministic and offline. Every content word of the question must be accounted for by the phrasing
it is matched with, in meaning and in direction, or the question is not understood: a refusal is
better than a wrong answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations
from typing import NamedTuple

from aikg.catalog import Catalog
from aikg.lexicon import Lexicon
from aikg.names import expand
from aikg.phrasing import (
    AGENT,
    NONE,
    OBJECT,
    ORIGIN,
    OWNER,
    SUBJECT,
    Name,
    Phrasing,
    Spotted,
    Word,
    longest_form,
    only_who,
    phrasing_from_json,
    plain,
    reduce,
)
from aikg.query import Parameter, Query
from aikg.words import (
    AUXILIARIES,
    FILLERS,
    NEGATIONS,
    PREPOSITIONS,
    WH,
    distance,
    stem,
    stem_key,
    yes_no_tags,
)

ENOUGH = 0.74
"""The share of words that must agree (0 to 1) for a phrasing to be taken."""
MARGIN = 0.02
"""How much better than any other reading the best must be."""
LIGHT = 0.25
UNKNOWN = 1.6
LONGEST_NAME = 8
GRAMMAR = FILLERS | WH.keys() | AUXILIARIES | PREPOSITIONS | NEGATIONS
PASSAGE = re.compile(r"(?:[0civx]+)(?:\.\d+)*\.(?:p\d+|0)(?:\.s\d+)?")
UNLIMITED = frozenset({"all", "every", "only"})
"""Quantifiers that do not narrow a question for a list."""
STRICT = frozenset({"who", "when", "where", "why", "count"})
"""Kinds of question that only a query with a phrasing of the kind can answer."""
PURPOSE = re.compile(r"\s(?:to|for|in order|so as)\s")
CLAUSES = re.compile(r"[:;!?]+\s+|\.\s+|\s+[-–—]\s+|,\s+")
SYMMETRIC = frozenset({"compare", "competitors", "shared-investors"})
PROPER = frozenset({"aikg:Agent", "aikg:FoundationModel", "aikg:Chip", "aikg:DataCenter"})


class Reading(NamedTuple):
    """One way to understand a question."""

    query: str
    """Name of the stored query."""
    values: Mapping[str, tuple[str, ...]]
    """The values of its slots: IRIs, or texts for slots of that type."""
    score: float
    """How well the words agree, 0 to 1."""
    yes_no: bool = False
    """Whether the question wants yes or no."""

    def same_as(self, other: Reading) -> bool:
        """Whether two readings ask the same query of the same things, be it in other slots."""
        return self.query == other.query and sorted(self.values.values()) == sorted(
            other.values.values()) and self.query in SYMMETRIC


class Understanding(NamedTuple):
    """What became of a question."""

    readings: tuple[Reading, ...]
    """The readings, best first; those beyond the first lie within the margin or are rivals."""
    phrasing: Phrasing
    """The question reduced, with the names of things in it."""
    kinds: Phrasing
    """The same with the names of classes taken for names too."""
    unknown: tuple[str, ...] = ()
    """Words that nothing in the lexicon or the phrasings accounts for."""

    @property
    def best(self) -> Reading | None:
        """The reading to take; None where none is good enough or two are equally good."""
        if not self.readings or self.readings[0].score < ENOUGH:
            return None
        first, *others = self.readings
        rivals = [other for other in others if first.score - other.score < MARGIN
                  and not first.same_as(other)]
        return None if rivals else first


@dataclass
class Matcher:
    """Understands questions, given the lexicon and the phrasings of the stored queries."""

    lexicon: Lexicon
    queries: Mapping[str, Query]
    phrasings: Sequence[tuple[str, Sequence[object]]]
    """The name of a stored query and a reduced phrasing of it, as the catalog holds them."""
    weights: Mapping[str, float]
    """How telling each stem is: rare ones near 1, those of many queries less."""
    index: Mapping[str, Sequence[int]]
    """The places in `phrasings` by stem and meaning."""
    kinds: Mapping[str, Sequence[str]]
    """The kinds of question that each stored query answers, by its phrasings."""
    words: Sequence[str]
    """Every word of a name or label."""
    stems: Mapping[str, Sequence[str]]
    """The stems of each name of several words, to the things that bear it."""

    def understand(self, text: str) -> Understanding:
        """The readings of a question, best first.

        A question wrapped in other sentences is read alone, if these name nothing and deny nothing.
        """
        whole = self._understand(text)
        parts = [part for part in CLAUSES.split(text) if len(part.split()) > 2]
        if whole.best or whole.phrasing.asks == "yes-no" or len(parts) < 2:
            return whole
        read = [self._understand(part) for part in parts]
        taken = [part for part in read if part.best]
        rest = [part.phrasing for part in read if not part.best]
        harmless = not any(part.negated or part.limits or any(name.proper for name in part.names)
                           for part in rest)
        return taken[0] if len(taken) == 1 and harmless else whole

    def _understand(self, text: str) -> Understanding:
        """The readings of one sentence."""
        bare = yes_no_tags().sub(" ", text.strip())
        words = self._corrected(plain(bare))
        tagged = bare != text.strip() and not WH.keys() & set(words)
        phrasing, kinds = (
            reduce("", self.lexicon.forms, self._spot(words, spot_kinds), words, tagged)
            for spot_kinds in (False, True))
        empty = not phrasing.names and all(word.light for word in phrasing.words)
        found = [] if empty else [*self._readings(phrasing, False), *self._readings(kinds, True)]
        found.sort(key=lambda reading: (-reading.score, reading.query))
        unknown = tuple(word.stem for word in phrasing.words if not self.knows(word))
        return Understanding(tuple(found[:6]), phrasing, kinds, unknown)

    def knows(self, word: Word) -> bool:
        """Whether the lexicon or a stored phrasing accounts for a word."""
        return bool(word.meanings) or word.light or word.stem in self.weights

    def describes(self, word: Word) -> bool:
        """Whether a word is at least part of some name, so that it may only describe."""
        return self.knows(word) or word.stem in self._known

    def shortened(self, question: str) -> list[str]:
        """A yes/no question without its purpose: `… need outside money to keep up its research`.

        A purpose that names something is never left out.
        """
        places = [match.start() for match in PURPOSE.finditer(question)]
        return [question[:place] for place in reversed(places)
                if place > 10 and not any(
                    span.proper for span in self._spot(plain(question[place:]), False))]

    def nearest(self, understanding: Understanding, count: int = 3) -> list[str]:
        """The questions nearest to one that was not understood."""
        names = dict.fromkeys(reading.query for reading in understanding.readings)
        return [self.queries[name].summary for name in names][:count]

    def _readings(self, asked: Phrasing, kinds: bool) -> list[Reading]:
        """The readings of a reduced question; of queries that ask for a class if `kinds`."""
        best: dict[tuple[str, tuple[tuple[str, tuple[str, ...]], ...]], Reading] = {}
        for number in self._candidates(asked):
            query, entry = self.phrasings[number]
            if (query in self._class_queries) != kinds or not _may_match(entry, asked):
                continue
            stored = phrasing_from_json(entry)
            for reading in self._match(query, stored, asked):
                key = (reading.query, tuple(sorted(reading.values.items())))
                if key not in best or reading.score > best[key].score:
                    best[key] = reading
        return list(best.values())

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.words)

    def _candidates(self, asked: Phrasing) -> list[int]:
        """The places of the phrasings that share a word or a meaning with the question."""
        words = [*asked.words, *(word for name in asked.names for word in name.words)]
        keys = {""}
        for word in words:
            names = {name.rstrip("!") for name in word.meanings}
            keys |= {word.stem, *names}
            keys.update(upper for name in names for upper in self.lexicon.above.get(name, ()))
        return sorted({number for key in keys for number in self.index.get(key, ())})

    @cached_property
    def _class_queries(self) -> frozenset[str]:
        """The stored queries that ask for a class."""
        return frozenset(name for name, query in self.queries.items()
                         if any(parameter.type == "class" for parameter in query.parameters))

    def _match(self, query: str, stored: Phrasing, asked: Phrasing) -> Iterator[Reading]:
        if asked.asks in STRICT and asked.asks not in self.kinds[query]:
            return
        kind = _kind_agrees(stored.asks, asked.asks)
        if kind is None or not _same_sense(stored, asked):
            return
        for chosen in _assignments(stored.names, asked.names):
            values = self._values(self.queries[query], stored.names, chosen)
            if values is None:
                continue
            roles = [_role_agrees(slot.role, name.role)
                     for slot, name in zip(stored.names, chosen, strict=True)]
            left = [name for name in asked.names if name not in chosen]
            if None in roles or any(name.proper for name in left):
                continue
            words = [*asked.words, *(word for name in left for word in name.words)]
            score = self._agreement(stored.words, words) * kind
            score *= 1.0 if asked.has == stored.has else 0.95
            for role in roles:
                score *= role or 0.0
            score += 0.01 * len(chosen) + 0.02 * self._specific(self.queries[query], stored)
            if score > 0.4:
                yield Reading(query, values, score, asked.asks == "yes-no")

    def _specific(self, query: Query, stored: Phrasing) -> int:
        """How narrow the classes of the filled slots are: the narrower, the better the fit."""
        return sum(len(self.lexicon.above.get(of, ()))
                   for name in stored.names if (of := query.parameter(name.slot).of))

    def _values(
        self, query: Query, slots: Sequence[Name], chosen: Sequence[Name],
    ) -> dict[str, tuple[str, ...]] | None:
        """The values of the slots, or None where a name does not fit its slot."""
        values: dict[str, tuple[str, ...]] = {}
        for slot, name in zip(slots, chosen, strict=True):
            fitting = self._fitting(query.parameter(slot.slot), name)
            if len(fitting) != 1:
                return None
            values[slot.slot] = tuple(fitting)
        return values

    def _fitting(self, parameter: Parameter, name: Name) -> list[str]:
        if parameter.type == "entity":
            return [expand(thing) or thing for thing in name.things
                    if thing in self.lexicon.types and self.lexicon.fits(thing, parameter.of)
                    and (parameter.of or thing.startswith("thing:"))]
        if parameter.type == "class":
            return [expand(thing) or thing for thing in name.things
                    if thing not in self.lexicon.types and thing.startswith("aikg:")]
        return [thing.partition(":")[2] for thing in name.things
                if thing.startswith(parameter.type + ":")]

    def _agreement(self, stored: Sequence[Word], asked: Sequence[Word]) -> float:
        """The share of content words, by weight, that have a counterpart on the other side."""
        total = matched = 0.0
        for word in asked:
            weight = self._weight(word)
            total += weight
            matched += weight * max((self._same(word, other) for other in stored), default=0.0)
        for word in stored:
            weight = self._weight(word)
            total += weight
            matched += weight * max((self._same(other, word) for other in asked), default=0.0)
        return matched / total if total else 0.8

    def _weight(self, word: Word) -> float:
        if word.light:
            return LIGHT
        known = word.meanings or word.stem in self.weights
        return self.weights.get(word.stem, 1.0) if known else UNKNOWN

    def _same(self, asked: Word, stored: Word) -> float:
        """How far a word of the question means the same as one of a phrasing, 0 to 1."""
        if asked.stem == stored.stem:
            return 1.0
        if asked.meanings & stored.meanings:
            return 0.96
        if {name.rstrip("!") for name in asked.meanings} & {
                name.rstrip("!") for name in stored.meanings}:
            return 0.9
        if any(upper in stored.meanings for meaning in asked.meanings
               for upper in self.lexicon.above.get(meaning, ())):
            return 0.85
        if any(upper in asked.meanings for meaning in stored.meanings
               for upper in self.lexicon.above.get(meaning, ())):
            return 0.8
        return 0.0

    def _corrected(self, words: Sequence[str]) -> list[str]:
        """The words, with those nobody knows replaced by the one known word they are near to."""
        known = self._known
        return [self._nearest_word(word, known) if self._strange(word, known) else word
                for word in words]

    def _strange(self, word: str, known: frozenset[str]) -> bool:
        return (len(word) > 3 and word.isalpha() and not word.endswith("est") and word not in known and stem(word) not in known
                and word not in GRAMMAR and stem(word) not in self.weights)

    def _nearest_word(self, word: str, known: frozenset[str]) -> str:
        limit = 1 if len(word) < 7 else 2
        found = {other for other in known if len(other) > 3 and other.isalpha()
                 and other[0] == word[0] and distance(word, other, limit) <= limit}
        return found.pop() if len(found) == 1 else word

    def _spot(self, words: Sequence[str], kinds: bool) -> list[Spotted]:
        """The names in a question, from the left, the longest first; of classes too if `kinds`."""
        spans: list[Spotted] = []
        place = 0
        while place < len(words):
            span = self._name_at(words, place, kinds)
            form = longest_form(words, place, self.lexicon.forms)
            if form and (span is None or (span.end - place < form and not span.proper)):
                place += form
                continue
            if span:
                spans.append(span)
            place = span.end if span else place + 1
        return spans

    def _name_at(self, words: Sequence[str], place: int, kinds: bool) -> Spotted | None:
        for length in range(min(LONGEST_NAME, len(words) - place), 0, -1):
            part = words[place:place + length]
            text = " ".join(part)
            things = [*self._called(text), *(self._classes_at(part) if kinds else ())]
            if things and not (length == 1 and text in GRAMMAR):
                if things[0] in self.lexicon.types or not self._says_who(words, place):
                    return Spotted(place, place + length, tuple(things), self._proper(things))
        return self._literal_at(words, place)

    def _called(self, text: str) -> list[str]:
        """The things of a name, be it a possessive without its apostrophe (`openais`)."""
        bare = text[:-1] if text.endswith("s") and len(text) > 4 else text
        return [*(self.lexicon.names.get(text) or self.stems.get(stem_key(text)) or (
            thing for thing in self.lexicon.names.get(bare, ()) if self._proper([thing])))]

    @staticmethod
    def _says_who(words: Sequence[str], place: int) -> bool:
        """Whether a word only says what kind of answer is wanted: `which company`."""
        return only_who(words, place)

    def _classes_at(self, part: Sequence[str]) -> list[str]:
        text = " ".join([*part[:-1], part[-1]])
        bare = " ".join([*part[:-1], stem(part[-1])])
        return [*self.lexicon.classes.get(text, self.lexicon.classes.get(bare, ()))]

    def _literal_at(self, words: Sequence[str], place: int) -> Spotted | None:
        word = words[place]
        if word.isdigit() and len(word) == 4:
            return Spotted(place, place + 1, ("integer:" + word,), True)
        if PASSAGE.fullmatch(word):
            section, dot, rest = word.partition(".")
            return Spotted(place, place + 1, (f"text:{section.upper()}{dot}{rest}",), True)
        return None

    def _proper(self, things: Iterable[str]) -> bool:
        return any(kind in PROPER for thing in things for kind in self.lexicon.types.get(thing, ()))


def _assignments(
    slots: Sequence[Name], names: Sequence[Name],
) -> Iterator[tuple[Name, ...]]:
    """Each way to fill the slots with different names."""
    yield from permutations(names, len(slots))


def _same_sense(stored: Phrasing, asked: Phrasing) -> bool:
    """Whether negation, superlatives and pronouns stand on both sides or on neither."""
    limits = asked.limits if asked.asks == "yes-no" else asked.limits - UNLIMITED
    named = any(thing.startswith("thing:") for name in asked.names for thing in name.things)
    return (stored.negated == asked.negated and limits <= stored.limits
            and (named or asked.pronouns <= stored.pronouns))


def _kind_agrees(stored: str, asked: str) -> float | None:
    """How far the kinds of answer agree, 0 to 1; None where they exclude each other."""
    if stored == asked:
        return 1.0
    if {stored, asked} & {"count", "when", "why"} and stored and asked:
        return None
    if "yes-no" in (stored, asked):
        return 0.9 if "" in (stored, asked) else None
    if "" in (stored, asked):
        return 0.97
    if {stored, asked} == {"who", "what"}:
        return 0.95
    return 0.86


def _role_agrees(stored: str, asked: str) -> float | None:
    """How far two places in the sentence agree, 0 to 1; None where they exclude each other."""
    if stored == asked:
        return 1.0
    if NONE in (stored, asked):
        return 0.95
    if {stored, asked} == {SUBJECT, OWNER}:
        return 0.9
    if {stored, asked} == {OBJECT, OWNER}:
        return 0.9
    if {stored, asked} == {SUBJECT, AGENT}:
        return 0.97
    if ORIGIN in (stored, asked) and {SUBJECT, OWNER} & {stored, asked}:
        return 0.8
    return None




def matcher_from_catalog(catalog: Catalog) -> Matcher:
    """The matcher of a catalog."""
    entries = catalog.phrasings
    return Matcher(catalog.lexicon, catalog.queries, entries["list"], entries["weights"],
                   entries["index"], entries["kinds"], entries["words"], entries["stems"])


def _may_match(entry: Sequence[object], asked: Phrasing) -> bool:
    """Whether a stored phrasing is worth a closer look: as many names at most, the same sense."""
    negated, slots = entry[1], entry[5]
    return bool(negated) == asked.negated and isinstance(slots, list) and (
        len(slots) <= len(asked.names))


def why_not(understood: Understanding, question: str) -> str:
    """Why a question was not taken, in one line."""
    if understood.unknown:
        words = ", ".join(f"'{word}'" for word in understood.unknown[:4])
        return f"not understood: nothing in the graph is called {words}"
    if understood.readings and understood.readings[0].score >= ENOUGH:
        return "ambiguous: it could be any of these questions"
    return "not understood: no stored question asks this"
