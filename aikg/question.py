"""A question in words: which stored query it asks, and with what values.

Deterministic and offline. Every content word of the question must be accounted for by the phrasing
it is matched with, in meaning and in direction, or the question is not understood: a refusal is
better than a wrong answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice, permutations
from typing import TYPE_CHECKING, NamedTuple

from aikg.anaphora import resolved
from aikg.framing import as_is, unframed, untagged
from aikg.grammar import COUNT, WHEN, WHO, YES_NO, asks_for
from aikg.likeness import Stored, Table, kinds_agree, roles_agree, same_sense
from aikg.names import expand
from aikg.phrasing import Name, Phrasing, Word, plain, reduce
from aikg.query import Parameter, Query
from aikg.spotting import Spotter
from aikg.words import AUXILIARIES, FILLERS, WH

if TYPE_CHECKING:
    from aikg.catalog import Catalog

ENOUGH = 0.74
"""The likeness (0 to 1) from which on a phrasing is taken."""
MARGIN = 0.02
"""How much better than any other reading the best must be."""
SURE = 0.96
"""The likeness that a question of fillers only must reach."""
BONUS = 0.06
"""More than a reading can gain, for each name, over the agreement of its words."""
LEAST = 0.4
"""The likeness below which a reading is not even offered."""
STRICT = frozenset({WHO, WHEN, COUNT, "where", "why"})
"""Kinds of question that only a query with a phrasing of the kind can answer."""
MOST_NAMES = 8
"""A question that names more is not understood: the ways to put names into slots are too many."""
MOST_PURPOSES = 3
SYMMETRIC = frozenset({"compare", "competitors", "shared-investors"})
PURPOSE = re.compile(r"\s(?:to|in order|so as|for (?:its|their))\s")
CHOICE = re.compile(r",[^,]*\bor\b[^,]*$")
CLAUSES = re.compile(r"[:;!?]+\s+|\.\s+|\s+[-\u2013\u2014]\s+|,\s+")

Values = dict[str, tuple[str, ...]]


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

    @property
    def best(self) -> Reading | None:
        """The reading to take; None where none is good enough or two are equally good."""
        if not self.readings or self.readings[0].score < ENOUGH:
            return None
        first, *others = self.readings
        tied = any(first.score - other.score < MARGIN and not first.same_as(other)
                   for other in others)
        return None if tied else first


class Matcher:
    """Understands questions, given a catalog."""

    def __init__(self, catalog: Catalog) -> None:
        self.lexicon = catalog.lexicon
        self.queries = catalog.queries
        self.table = Table(catalog.phrasings, self.lexicon.above)
        words, bare = (catalog.phrasings[name].split() for name in ("known", "bare"))
        self.spotter = Spotter(self.lexicon, words, bare, catalog.phrasings["stems"],
                               catalog.phrasings.get("named", ()))
        self.kinds: Mapping[str, Sequence[str]] = catalog.phrasings["kinds"]

    def understand(self, text: str) -> Understanding:
        """The readings of a question, best first.

        A question wrapped in other sentences is read alone, if these name nothing and deny nothing.
        """
        text = self._unframed(text)
        whole = self._understand(text)
        if sum(bool(asks_for(plain(part))) for part in text.split("?")) > 1:
            return whole._replace(readings=())  # two questions at once
        parts = [part for part in CLAUSES.split(text) if len(part.split()) > 2]
        if whole.best or whole.phrasing.asks == YES_NO or len(parts) < 2:
            return whole
        read = [self._understand(part) for part in parts]
        taken = [part for part in read if part.best]
        rest = [part.phrasing for part in read if not part.best]
        if len(taken) != 1:
            return whole
        harmless = not any(part.negated or part.limits or part.names or part.asks == YES_NO
                           or (part.asks and not taken[0].phrasing.asks) for part in rest)
        return taken[0] if harmless else whole

    def _unframed(self, text: str) -> str:
        """A question without what was put before it, unless that names something."""
        rest = unframed(text)
        before = text.strip().removesuffix(rest)
        if rest == text or any(span.proper for span in self.spotter.spot(plain(before))):
            return text
        return rest

    def describes(self, word: Word) -> bool:
        """Whether a word is at least part of some name, so that it may only describe."""
        return self.table.knows(word) or self.spotter.knows(word.stem)

    def shortened(self, question: str) -> list[str]:
        """A yes/no question without its purpose: `… need outside money to keep up its research`.

        The shortest comes first. A purpose that names something is never left out.
        """
        bare = untagged(question.strip())
        tag = ", right?" if bare != question.strip() else ""
        question = bare
        spans = self.spotter.spot(plain(question), kinds=True)
        parts = []
        for match in islice(PURPOSE.finditer(question), MOST_PURPOSES):
            head, tail = question[:match.start()], question[match.start():]
            cut = len(plain(head))
            if not any(span.proper for span in self.spotter.spot(plain(tail))) and not any(
                    span.start < cut < span.end for span in spans):
                parts.append(head + tag)
        return parts

    def nearest(self, understanding: Understanding, count: int = 3) -> list[str]:
        """The questions nearest to one that was not understood."""
        names = dict.fromkeys(reading.query for reading in understanding.readings)
        return [self.queries[name].summary for name in names][:count]

    def _understand(self, text: str) -> Understanding:
        """The readings of one sentence."""
        text = as_is(text.strip())
        bare = untagged(text)
        words = self.spotter.corrected(plain(bare))
        words = resolved(words, self.spotter.spot(words))
        tagged = (bare != text or self._states(words)) and not WH.keys() & set(words)
        choice = CHOICE.search(bare) is not None
        phrasing = reduce(words, self.spotter.spot(words), self.lexicon.forms, tagged, choice)
        says_little = not phrasing.names and all(word.light for word in phrasing.words)
        found = self._readings(phrasing, False)
        if says_little:
            found = [reading for reading in found
                     if len(phrasing.words) > 1 and reading.score > SURE]
        kinds = phrasing
        if phrasing.asks == YES_NO or not any(reading.score >= 1 for reading in found):
            spans = self.spotter.spot(words, kinds=True, persons=says_little)
            kinds = reduce(words, spans, self.lexicon.forms, tagged, choice)
            found += self._readings(kinds, True) if kinds.names else []
        found.sort(key=lambda reading: (-reading.score, reading.query))
        unknown = tuple(word.stem for word in phrasing.words if not self.table.knows(word))
        return Understanding(tuple(found[:6]), phrasing, kinds, unknown)

    def _states(self, words: Sequence[str]) -> bool:
        """Whether the tokens are a statement, to be confirmed: `so OpenAI is …`."""
        first = next((span for span in self.spotter.spot(words) if span.proper), None)
        return (first is not None and all(word in FILLERS for word in words[:first.start])
                and not AUXILIARIES.isdisjoint(words[first.end:first.end + 1]))

    def _readings(self, asked: Phrasing, kinds: bool) -> list[Reading]:
        """The readings of a reduced question; of queries that ask for a class if `kinds`."""
        if len(asked.names) > MOST_NAMES:
            return []
        best: dict[tuple[str, tuple[tuple[str, tuple[str, ...]], ...]], Reading] = {}
        bonus = BONUS * len(asked.names)
        top = 0.0
        for bound, stored in self.table.candidates(asked, LEAST - bonus):
            if top >= ENOUGH and bound + bonus < top - MARGIN:
                break  # none that follows can be as good
            if (stored.query in self._of_classes) != kinds:
                continue
            for reading in self._match(stored, asked):
                key = (reading.query, tuple(sorted(reading.values.items())))
                if key not in best or reading.score > best[key].score:
                    best[key] = reading
                top = max(top, reading.score)
        return list(best.values())

    @cached_property
    def _of_classes(self) -> frozenset[str]:
        """The stored queries that ask for a class."""
        return frozenset(name for name, query in self.queries.items()
                         if any(parameter.type == "class" for parameter in query.parameters))

    def _match(self, stored: Stored, asked: Phrasing) -> Iterator[Reading]:
        """The readings by one stored phrasing: each way to put the names into its slots."""
        kind = kinds_agree(stored.asks, asked.asks)
        tells = self.table.tells(stored.words)
        if not tells and (asked.asks == YES_NO or (not stored.words and len(stored.slots) > 1)):
            return
        if not kind or not same_sense(stored, asked) or (
                asked.asks in STRICT and asked.asks not in self.kinds[stored.query]):
            return
        query = self.queries[stored.query]
        for chosen in permutations(asked.names, len(stored.slots)):
            values = self._values(query, stored.slots, chosen)
            left = [name for name in asked.names if name not in chosen]
            roles = roles_agree(stored.slots, chosen, asked.asks)
            if values is None or not roles or any(name.proper for name in left):
                continue
            words = [*asked.words, *(word for name in left for word in name.words)]
            score = self.table.agreement(stored, words, asked.asks != YES_NO) * kind * roles
            score *= 1.0 if asked.has == stored.has else 0.95
            score += 0.01 * len(chosen) + 0.02 * self._narrowness(query, stored.slots)
            if score > LEAST:
                yield Reading(stored.query, values, score, asked.asks == YES_NO)

    def _narrowness(self, query: Query, slots: Sequence[tuple[str, str]]) -> int:
        """How narrow the classes of the filled slots are: the narrower, the better the fit.

        A query that takes any class yields to one that is made for the class.
        """
        widest = -2 if query.name in self._of_classes else 0
        return widest + sum(1 + len(self.lexicon.above.get(of, ()))
                            for slot, _ in slots if (of := query.parameter(slot).of))

    def _values(
        self, query: Query, slots: Sequence[tuple[str, str]], chosen: Sequence[Name],
    ) -> Values | None:
        """The values of the slots, or None where a name does not fit its slot."""
        values: Values = {}
        for (slot, _), name in zip(slots, chosen, strict=True):
            fitting = self._fitting(query.parameter(slot), name)
            if len(fitting) != 1:
                return None
            values[slot] = tuple(fitting)
        return values

    def _fitting(self, parameter: Parameter, name: Name) -> list[str]:
        """What a slot can take of what a name may stand for."""
        types = self.lexicon.types
        if parameter.type == "entity":
            return [expand(thing) or thing for thing in name.things
                    if thing in types and self.lexicon.fits(thing, parameter.of)
                    and (parameter.of or thing.startswith("thing:"))]
        if parameter.type == "class":
            return [expand(thing) or thing for thing in name.things
                    if thing not in types and thing.startswith("aikg:")]
        return [thing.partition(":")[2] for thing in name.things
                if thing.startswith(parameter.type + ":")]


def why_not(understood: Understanding) -> str:
    """Why a question was not taken, in one line."""
    if understood.unknown:
        words = ", ".join(f"'{word}'" for word in understood.unknown[:4])
        return f"not understood: nothing in the graph is called {words}"
    if understood.readings and understood.readings[0].score >= ENOUGH:
        return "ambiguous: it could be any of these questions"
    return "not understood: no stored question asks this"
