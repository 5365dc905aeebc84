"""Saturation: the closure of many facts, without reasons, over numbers in place of terms.

What `close` finds, for graphs that are too large for it. Semi-naive: what is new of one relation is
joined with all that is known of the others, and a relation is taken up when those it follows from
are done, as far as they do not follow from each other. The reason of a fact is found when it is
asked for, by running the rules backwards (aikg.proof).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from aikg.closure import MEMBERSHIP_WORDS, filler, witnesses
from aikg.fact import TYPE, Fact
from aikg.relation import HALF, LOWER, NOTHING, Mask, Numbers, Relation
from aikg.rules import HIDDEN, UNNAMED, Pattern, Rule

Key = tuple[str, str]
"""What a relation is found by: a predicate and "", or rdf:type and a class. The types of what has
no name stand under (rdf:type, HIDDEN) as well; the pairs of a transitive property that it has by
other rules than this one under (property, STEP)."""
STEP = "step"
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


class _Place(NamedTuple):
    """A pattern of a body: its relation, and what stands on each side, a variable or a number."""

    key: Key
    subject: str | int
    object: str | int


class _Trigger(NamedTuple):
    """A rule that waits for what is new at one place of its body."""

    place: _Place
    rest: tuple[_Place, ...]
    head: _Place
    unnamed: frozenset[str]
    """Variables whose values have no name."""


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
        self.triggers: dict[Key, list[_Trigger]] = defaultdict(list)
        rules = [rule for rule in rules if rule.head]
        self.transitive = {rule.body[0][1] for rule in rules if _is_transitive(rule)}
        for rule in rules:
            for number in range(len(rule.body)):
                trigger = self._trigger(rule, number)
                self.triggers[trigger.place.key].append(trigger)
        for prop in self.transitive:
            step, whole = (_Place((prop, kind), "?x", "?y") for kind in (STEP, ""))
            self.triggers[step.key].append(_Trigger(step, (), whole, frozenset()))
        self.ranks = _ranks(self.triggers)

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
        for prop in self.transitive:
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
        return self.ranks.get(key, 0), key

    def _number(self, term: str) -> int:
        number = self.numbers.get(term)
        if number is None:
            number = self.numbers[term] = len(self.terms)
            self.terms.append(term)
            if term[0] == HIDDEN:
                self.hidden = np.append(self.hidden, number)
        return number

    def _side(self, term: str) -> str | int:
        return term if term[0] == "?" else self._number(term)

    def _place(self, pattern: Pattern, unnamed: frozenset[str] = frozenset()) -> _Place:
        subject, predicate, object_ = pattern
        kind = "" if predicate != TYPE else HIDDEN if object_[0] == "?" else object_
        assert kind != HIDDEN or not unnamed or subject in unnamed
        return _Place((predicate, kind), self._side(subject), self._side(object_))

    def _trigger(self, rule: Rule, number: int) -> _Trigger:
        assert rule.head
        assert all(word == UNNAMED for _, word, _ in rule.conditions)
        unnamed = frozenset(term for term, _, _ in rule.conditions)
        places = [self._place(pattern, unnamed) for pattern in rule.body]
        head = self._place(rule.head)
        if head.key[0] in self.transitive and not _is_transitive(rule):
            head = head._replace(key=(head.key[0], STEP))
        elif _is_transitive(rule):  # all, and one step more: what a long way has found once
            places[1] = places[1]._replace(key=(head.key[0], STEP))
        place = places.pop(number)
        return _Trigger(place, _in_order(place, places), head, unnamed)

    def _add(self, key: Key, subjects: Numbers, objects: Numbers) -> None:
        if len(subjects):
            self.relations[key].add(subjects, objects)
            self.pending.add(key)

    def _add_facts(self, facts: Iterable[Fact]) -> None:
        for subject, predicate, object_ in facts:
            kind = object_ if predicate == TYPE else STEP if predicate in self.transitive else ""
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
        for trigger in self.triggers.get(key, ()):
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
        self, table: Table, places: Sequence[_Place], unnamed: frozenset[str],
    ) -> Iterator[Table]:
        """The table joined with the relations of all places, part by part."""
        if not _height(table):
            return
        if not places:
            yield table
            return
        for joined in self._join(table, places[0]):
            yield from self._solve(self._fitting(joined, unnamed), places[1:], unnamed)

    def _join(self, table: Table, place: _Place) -> Iterator[Table]:
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

    def _conclude(self, head: _Place, table: Table) -> None:
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


def _is_transitive(rule: Rule) -> bool:
    """Whether it says that what a property leads to it leads to in two steps too."""
    if not rule.head or rule.conditions or len(rule.body) != 2:
        return False
    [(x, one, y), (again, other, z)] = rule.body
    return (rule.head == (x, one, z) and y == again and one == other
            and one != TYPE and len({x, y, z}) == 3 and {x[0], y[0], z[0]} == {"?"})


def _table(place: _Place, subjects: Numbers, objects: Numbers) -> Table:
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


def _in_order(first: _Place, others: Sequence[_Place]) -> tuple[_Place, ...]:
    """The places in an order in which each has a side that is known, both if possible."""
    known = _variables(first)
    left, ordered = list(others), []
    while left:
        best = max(left, key=lambda place: [
            any(map(known.__contains__, _variables(place))),
            all(map(known.__contains__, _variables(place)))])
        left.remove(best)
        ordered.append(best)
        known |= _variables(best)
    return tuple(ordered)


def _variables(place: _Place) -> set[str]:
    return {side for side in (place.subject, place.object) if isinstance(side, str)}


def _ranks(triggers: dict[Key, list[_Trigger]]) -> dict[Key, int]:
    """An order of the relations in which each stands behind those it follows from.

    Relations that follow from each other stand together: it is the order in which a depth-first
    search leaves them, reversed.
    """
    left: dict[Key, None] = {}
    entered: set[Key] = set()
    for root in sorted(triggers):
        todo = [(root, False)]
        while todo:
            key, done = todo.pop()
            if done:
                left[key] = None
            elif key not in entered:
                entered.add(key)
                todo.append((key, True))
                todo += [(trigger.head.key, False) for trigger in triggers.get(key, ())]
    return {key: -number for number, key in enumerate(left)}
