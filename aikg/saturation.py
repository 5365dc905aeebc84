"""Saturation: the closure of many facts, without reasons, over numbers in place of terms.

What `close` finds, for graphs that are too large for it. Semi-naive: what is new of one relation is
joined with all that is known of the others, and a relation is taken up when those it follows from
are done, as far as they do not follow from each other. The reason of a fact is found when it is
asked for, by running the rules backwards (aikg.proof).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from aikg.closure import MEMBERSHIP_WORDS, filler, witnesses
from aikg.fact import TYPE, Fact
from aikg.pairs import HALF, LOWER, NOTHING, Mask, Numbers, Relation
from aikg.plan import STEP, Key, Place, Plan
from aikg.rules import HIDDEN, Rule

Table = dict[str, Numbers]
"""The values of each variable, row by row."""
CHUNK = 100_000
"""Facts that are numbered at once."""


def saturate(facts: Iterable[Fact], rules: Iterable[Rule]) -> Iterator[Fact]:
    """The facts that follow from the given ones by the rules, but for those given.

    The facts of `close` that have a reason, relation by relation; memory holds the terms once and
    16 bytes for a fact.
    """
    engine = _Engine(rules)
    engine.read(facts)
    engine.run()
    return engine.concluded()


class _Engine:
    """The saturation in the making."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.terms: list[str] = []
        self.numbers: dict[str, int] = {}
        self.hidden = NOTHING
        self.relations: dict[Key, Relation] = defaultdict(Relation)
        self.pending: set[Key] = set()
        self.members: dict[Key, list[Numbers]] = defaultdict(list)
        """Of classes `p some C`, who joined since fillers were last looked for."""
        self.plan = Plan(rules, self._number)

    def read(self, facts: Iterable[Fact]) -> None:
        """Take in the given facts, and what memberships among them say of their fillers."""
        buffers: dict[Key, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        telling = []
        number = self._number
        for subject, predicate, object_ in facts:
            key = (predicate, object_ if predicate == TYPE else "")
            subjects, objects = buffers[key]
            subjects.append(number(subject))
            objects.append(number(object_))
            if predicate in MEMBERSHIP_WORDS or (predicate == TYPE and object_[0] == "_"):
                telling.append((subject, predicate, object_))
            if len(subjects) >= CHUNK:
                self._add(key, *map(np.array, buffers.pop(key)))
        for key, (subjects, objects) in buffers.items():
            self._add(key, np.array(subjects), np.array(objects))
        for key in self.pending:
            relation = self.relations[key]
            relation.given = relation.take()
        for prop in self.plan.transitive:
            self.relations[prop, STEP].add_pairs(self.relations[prop, ""].given)
            self.pending.add((prop, STEP))
        self._add_facts(witnesses(telling))

    def run(self) -> None:
        """Conclude until nothing new follows."""
        first = {key: relation.given for key, relation in self.relations.items()
                 if len(relation.given)}
        while self.pending or first:
            key = min(self.pending | first.keys(), key=self._rank)
            self.pending.discard(key)
            new = self.relations[key].take()
            self._spread(key, np.concatenate((first.pop(key, NOTHING), new)))
            if not self.pending and not first:
                self._expand()

    def concluded(self) -> Iterator[Fact]:
        """The facts that were concluded, those about fillers without a name left out."""
        terms = self.terms
        for (predicate, kind), relation in sorted(self.relations.items()):
            if kind == STEP:
                continue
            pairs = relation.concluded()
            subjects, objects = pairs >> HALF, pairs & LOWER
            named = ~(np.isin(subjects, self.hidden) | np.isin(objects, self.hidden))
            for subject, object_ in zip(subjects[named].tolist(), objects[named].tolist(),
                                        strict=True):
                yield terms[subject], predicate, terms[object_]

    def _rank(self, key: Key) -> tuple[int, Key]:
        return self.plan.ranks.get(key, 0), key

    def _number(self, term: str) -> int:
        number = self.numbers.get(term)
        if number is None:
            number = self.numbers[term] = len(self.terms)
            self.terms.append(term)
            if term[0] == HIDDEN:
                self.hidden = np.append(self.hidden, number)
        return number

    def _add(self, key: Key, subjects: Numbers, objects: Numbers) -> None:
        if len(subjects):
            self.relations[key].add(subjects, objects)
            self.pending.add(key)

    def _add_facts(self, facts: Iterable[Fact]) -> None:
        transitive = self.plan.transitive
        for subject, predicate, object_ in facts:
            kind = object_ if predicate == TYPE else STEP if predicate in transitive else ""
            self._add((predicate, kind),
                      np.array([self._number(subject)]), np.array([self._number(object_)]))

    def _spread(self, key: Key, new: Numbers) -> None:
        """All that follows from what is new of a relation."""
        predicate, kind = key
        subjects, objects = new >> HALF, new & LOWER
        if predicate == TYPE and kind[0] == HIDDEN and kind != HIDDEN:
            self.members[key].append(subjects)
            return
        if predicate == TYPE and kind != HIDDEN and len(self.hidden):
            unnamed = np.isin(subjects, self.hidden)
            self._add((TYPE, HIDDEN), subjects[unnamed], objects[unnamed])
        for trigger in self.plan.triggers.get(key, ()):
            if trigger.unnamed and not len(self.hidden):
                continue
            table = _table(trigger.place, subjects, objects)
            for found in self._solve(self._fitting(table, trigger.unnamed), trigger.rest,
                                     trigger.unnamed):
                self._conclude(trigger.head, found)

    def _fitting(self, table: Table, unnamed: frozenset[str]) -> Table:
        """The rows in which what must have no name has none."""
        for name in unnamed & table.keys():
            keep = np.isin(table[name], self.hidden)
            table = {other: column[keep] for other, column in table.items()}
        return table

    def _solve(
        self, table: Table, places: Sequence[Place], unnamed: frozenset[str],
    ) -> Iterator[Table]:
        """The table joined with the relations of all places, part by part."""
        if not _height(table):
            return
        if not places:
            yield table
            return
        for joined in self._join(table, places[0]):
            yield from self._solve(self._fitting(joined, unnamed), places[1:], unnamed)

    def _join(self, table: Table, place: Place) -> Iterator[Table]:
        relation = self.relations[place.key]
        subjects, objects = (_column(table, side) for side in (place.subject, place.object))
        if subjects is not None and objects is not None:
            keep = relation.holds(subjects, objects)
            yield {name: column[keep] for name, column in table.items()}
            return
        turned = subjects is None
        known, other = (objects, place.subject) if turned else (subjects, place.object)
        assert known is not None
        assert isinstance(other, str)
        for rows, found in relation.joined(known, turned):
            yield {**{name: column[rows] for name, column in table.items()}, other: found}

    def _conclude(self, head: Place, table: Table) -> None:
        subjects, objects = (_column(table, side) for side in (head.subject, head.object))
        assert subjects is not None
        assert objects is not None
        if head.key != (TYPE, HIDDEN):
            self._add(head.key, subjects, objects)
            return
        for kind in np.unique(objects).tolist():
            same = objects == kind
            self._add((TYPE, self.terms[kind]), subjects[same], objects[same])

    def _expand(self) -> None:
        """Fillers for members of a defined class that have none, as its definition demands."""
        members, self.members = self.members, defaultdict(list)
        for (_, kind), parts in members.items():
            found = np.concatenate(parts)
            for number in found[~self._have_filler(found, kind)].tolist():
                member = self.terms[number]
                # As in the closure: a third filler of a kind within another says nothing new.
                if member.count(kind) < 2:
                    self._add_facts(filler(member, kind))

    def _have_filler(self, members: Numbers, kind: str) -> Mask:
        [(_, prop, _), *types] = filler("", kind)
        have = np.zeros(len(members), np.bool_)
        for rows, values in self.relations[prop, ""].joined(members):
            if types:
                klass = types[0][2]
                number = np.full(len(values), self._number(klass))
                rows = rows[self.relations[TYPE, klass].holds(values, number)]
            have[rows] = True
        return have


def _table(place: Place, subjects: Numbers, objects: Numbers) -> Table:
    """The pairs as a table of the variables of a pattern."""
    keep = np.ones(len(subjects), np.bool_)
    for side, column in ((place.subject, subjects), (place.object, objects)):
        if isinstance(side, int):
            keep &= column == side
    if place.subject == place.object:
        keep &= subjects == objects
    return {side: column[keep] for side, column in
            ((place.subject, subjects), (place.object, objects)) if isinstance(side, str)}


def _column(table: Table, side: str | int) -> Numbers | None:
    """The values of a variable, or a number in each row; None for a variable without values."""
    return table.get(side) if isinstance(side, str) else np.full(_height(table), side)


def _height(table: Table) -> int:
    return len(next(iter(table.values()), NOTHING))
