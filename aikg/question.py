"""A question in words: which stored query it asks, and with what values.

Deterministic and offline. Every content word of the question must be accounted for by the phrasing
it is matched with, in meaning and in direction, or the question is not understood: a refusal is
better than a wrong answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice, pairwise, permutations
from typing import TYPE_CHECKING

from aikg.anaphora import POSSESSIVES, PRONOUNS, resolved
from aikg.filling import Filling
from aikg.framing import as_is, unframed, untagged
from aikg.grammar import COUNT, DIRECT, KINDS, PERSONS, SUBJECT, WHEN, WHO, YES_NO, asks_for
from aikg.likeness import Stored, Table, kinds_agree, roles_agree, same_sense
from aikg.phrasing import Name, Phrasing, Word, plain, reduce
from aikg.query import Query
from aikg.reading import ENOUGH, MARGIN, NEARER, Reading, Understanding
from aikg.spotting import Spotter
from aikg.stranger import capitals
from aikg.turns import straightened
from aikg.words import AUXILIARIES, FILLERS, WH, stem

if TYPE_CHECKING:
    from aikg.catalog import Catalog
    from aikg.weighing import Weighing

SURE = 0.96
"""The likeness that a question of fillers only must reach."""
BONUS = 0.06
"""More than a reading can gain, for each name, over the agreement of its words."""
LEAST = 0.4
"""The likeness below which a reading is not even offered."""
PARTS = frozenset(",.:;!?-\u2013\u2014")
"""Signs that a question may have several parts."""
STRICT = frozenset({WHO, WHEN, COUNT, "where", "why"})
"""Kinds of question that only a query with a phrasing of the kind can answer."""
FORMERLY = "formerly"
"""A limit that says enough by itself: `was X formerly Y`, where both are names of one thing."""
MOST_NAMES = 8
"""A question that names more is not understood: the ways to put names into slots are too many."""
MOST_PURPOSES = 3
PURPOSE = re.compile(r"\s(?:to|in order|so as|for (?:its|their|\w+ing))\s")
CHOICE = re.compile(r",[^,]*\bor\b[^,]*$")
CLAUSES = re.compile(r"[:;!?]+\s+|\.\s+|\s+[-\u2013\u2014]\s+|,\s+")


class Matcher:
    """Understands questions, given a catalog."""

    def __init__(self, catalog: Catalog) -> None:
        self.lexicon = catalog.lexicon
        self.queries = catalog.queries
        self.table = Table(catalog.phrasings, self.lexicon.above)
        words, bare = (catalog.phrasings[name].split() for name in ("known", "bare"))
        self.filling = Filling(self.lexicon)
        self.spotter = Spotter(self.lexicon, words, bare, catalog.phrasings["stems"],
                               catalog.phrasings.get("named", ()))
        self.kinds: Mapping[str, Sequence[str]] = catalog.phrasings["kinds"]
        self.proper: Mapping[str, str] = catalog.phrasings.get("proper", {})

    def understand(self, text: str) -> Understanding:
        """The readings of a question, best first.

        A question wrapped in other sentences is read alone, if these name nothing and deny nothing.
        """
        names = text.strip().lower().startswith("the ")  # `the company that makes X: who funds it?`
        text = self._recast(straightened(self._unframed(text)))
        whole = self._understand(text)
        if sum(bool(asks_for(plain(part))) for part in text.split("?")) > 1:
            return whole._replace(readings=())  # two questions at once
        if whole.best:
            return whole
        if whole.phrasing.asks == YES_NO:
            return self._weighed(whole) or whole
        part = self._only_part(text, names)
        return part or self._weighed(whole) or whole

    def _only_part(self, text: str, names: bool) -> Understanding | None:
        """The one sentence of several that is understood, where the others change nothing.

        `names` says that the first may only name what the next is about.
        """
        parts = [part for part in CLAUSES.split(text) if len(part.split()) > 2]
        if len(parts) < 2:
            return None
        read = [self._understand(part) for part in parts]
        taken = [part for part in read if part.best]
        rest = [part.phrasing for part in read if not part.best]
        if len(taken) != 1:
            return None
        asks = taken[0].phrasing.asks
        harmless = not any(part.negated or part.limits or part.names or part.asks == YES_NO
                           or (part.asks and asks in ("", YES_NO)) for part in rest)
        if taken[0].phrasing.pronouns and any(part.unknown for part in read if not part.best):
            harmless = False  # `it` may be what has a name that nobody knows
        if names and any(part.asks and part.pronouns for part in rest):
            harmless = False
        return taken[0] if harmless else None

    def _weighed(self, whole: Understanding) -> Understanding | None:
        """The reading that the words of a question speak for, where that is plain."""
        from aikg.weighing import Weighing

        asked = whole.phrasing
        if whole.unknown or whole.foreign or len(asked.names) > MOST_NAMES:
            return None
        weighing = Weighing(self.table)
        leader = weighing.leader(asked)
        if leader is None:
            return None
        near = whole.near(*leader)
        if near is None and not self._is_spoken_for(asked, weighing, *leader):
            return None
        reading = self._spoken(asked, weighing, leader[0])
        if not reading and near and near.score >= NEARER and near.holds(
                name for name in asked.names if name.role in (SUBJECT, DIRECT)):
            reading = near
        return reading and whole._replace(readings=(reading._replace(score=ENOUGH),))

    def _is_spoken_for(
        self, asked: Phrasing, weighing: Weighing, name: str, lead: float,
    ) -> bool:
        """Whether the words alone decide for a query."""
        from aikg.weighing import weighable

        return weighable(asked) and weighing.is_plain(asked, name, lead) and (
            name not in self._of_classes
            and (asked.asks not in STRICT or asked.asks in self.kinds[name]))

    def _spoken(self, asked: Phrasing, weighing: Weighing, name: str) -> Reading | None:
        """The reading of a query that the words speak for; None where a name has no clear slot."""
        query = self.queries[name]
        slots = self._slots(query, asked.names, weighing)
        values = self.filling.values(query, list(slots), list(slots.values())) if slots else {}
        if slots is None or values is None:
            return None
        return Reading(name, values, ENOUGH, asked.asks == YES_NO)

    def _slots(
        self, query: Query, names: Sequence[Name], weighing: Weighing,
    ) -> dict[str, Name] | None:
        """The name for each slot; None where that is not clear, or one that acts has no slot."""
        fitting, acts = [], False
        for name in {name.things: name for name in names}.values():
            slots = [parameter.name for parameter in query.parameters
                     if len(self.filling.fitting(parameter, name)) == 1]
            if slots or name.proper:
                fitting.append((name, slots))
            acts |= name.role in (SUBJECT, DIRECT) and not slots
        if acts and not fitting:
            return None
        chosen = weighing.slots(query.name, fitting)
        return None if chosen is None else {
            slot: name for slot, (name, _) in zip(chosen, fitting, strict=True)}

    def _unframed(self, text: str) -> str:
        """A question without what was put before it, unless that names something."""
        rest = unframed(text)
        if rest == text:
            return text
        spans = self.spotter.spot(plain(text.strip().removesuffix(rest)))
        meant = any(span.proper for span in spans) or (
            bool(spans) and not (PRONOUNS | POSSESSIVES).isdisjoint(plain(rest)))
        return text if meant else rest

    def _recast(self, text: str) -> str:
        """A question of several parts as one of a single part."""
        if not PARTS.intersection(text[:-1]) and not (KINDS & set(text.lower().split())):
            return text
        from aikg.recasting import recast

        return recast(text, self._proper)

    def _proper(self, text: str) -> list[str]:
        """The proper names in a text; where it has none, the one other name of several words."""
        words = self.spotter.corrected(plain(text))
        spans = self.spotter.spot(words)
        proper = [" ".join(words[span.start:span.end]) for span in spans if span.proper]
        if not proper and len(spans) == 1 and spans[0].end - spans[0].start > 1:
            proper = [" ".join(words[spans[0].start:spans[0].end])]
        return list(dict.fromkeys(proper))

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

    def halves(self, question: str) -> list[str]:
        """A yes/no question of two names joined by `and`, and of a third, as one of each.

        Of two alone much may be asked that is not true of either: `do X and Y compete`.
        """
        words = self.spotter.corrected(plain(straightened(question)))
        spans = [span for span in self.spotter.spot(words) if span.proper]
        for one, other in pairwise(spans):
            if words[one.end:other.start] == ["and"] and len(spans) == 3:
                both = one.start - 1 if words[one.start - 1:one.start] == ["both"] else one.start
                return [" ".join([*words[:both], *words[kept.start:kept.end], *words[other.end:]])
                        for kept in (one, other)]
        return []

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
        states = self._states(words) and not _has_several(bare)
        tagged = (bare != text or states) and not WH.keys() & set(words)
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
        foreign = self._foreign(text, phrasing)
        known = [reading for reading in found if all(
            reading.query in self.proper.get(name, "").split() for name in foreign)]
        return Understanding(tuple((known or found)[:6]), phrasing, kinds,
                             unknown or (() if known else foreign), bool(foreign and not known))

    def _foreign(self, text: str, phrasing: Phrasing) -> tuple[str, ...]:
        """The stems of the names in a text that are nobody's here."""
        rest = {word.stem for word in phrasing.words if not word.meanings}
        return tuple(name for word in capitals(text) if (name := stem(word.lower())) in rest)

    def _states(self, words: Sequence[str]) -> bool:
        """Whether the tokens are a statement, to be confirmed: `so OpenAI is …`."""
        first = next((span for span in self.spotter.spot(words) if span.proper), None)
        before = words[:first.start] if first else ()
        return (first is not None and all(word in FILLERS for word in before)
                and not ("that" in before and PERSONS.intersection(map(stem, before)))
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
        tells = tells or FORMERLY in stored.limits & asked.limits
        if not tells and (asked.asks == YES_NO or (not stored.words and len(stored.slots) > 1)):
            return
        if not kind or not same_sense(stored, asked) or (
                asked.asks in STRICT and asked.asks not in self.kinds[stored.query]):
            return
        query, slots = self.queries[stored.query], [slot for slot, _ in stored.slots]
        narrow = self.filling.narrowness(query, slots) - 2 * (query.name in self._of_classes)
        for chosen in permutations(asked.names, len(stored.slots)):
            values = self.filling.values(query, slots, chosen)
            left = [name for name in asked.names if name not in chosen]
            roles = roles_agree(stored.slots, chosen, asked.asks)
            if values is None or not roles or any(name.proper for name in left):
                continue
            words = [*asked.words, *(word for name in left for word in name.words)]
            score = self.table.agreement(stored, words, asked.asks != YES_NO) * kind * roles
            score *= 1.0 if asked.has == stored.has else 0.95
            score += 0.01 * len(chosen) + 0.02 * narrow  # one of any class yields
            if score > LEAST:
                yield Reading(stored.query, values, score, asked.asks == YES_NO)


def _has_several(text: str) -> bool:
    """Whether a text has several sentences."""
    if not {".", "!", "?"}.intersection(text.strip(" .!?")):
        return False
    from aikg.recasting import sentences

    return len(sentences(text)) > 1
