"""A plan: how rules are run over relations of numbers; what waits for what, and in which order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from aikg.fact import TYPE
from aikg.rules import HIDDEN, UNNAMED, Pattern, Rule

Key = tuple[str, str]
"""What a relation is found by: a predicate and "", or rdf:type and a class. The types of what has
no name stand under (rdf:type, HIDDEN) as well; the pairs of a transitive property that it has by
other rules than this one under (property, STEP)."""
STEP = "step"


class Place(NamedTuple):
    """A pattern of a body: its relation, and what stands on each side, a variable or a number."""

    key: Key
    subject: str | int
    object: str | int


class Trigger(NamedTuple):
    """A rule that waits for what is new at one place of its body."""

    place: Place
    rest: tuple[Place, ...]
    head: Place
    unnamed: frozenset[str]
    """Variables whose values have no name."""


class Plan:
    """The rules of an ontology, ready to be run."""

    def __init__(self, rules: Iterable[Rule], number: Callable[[str], int]) -> None:
        """`number` gives the number of a term; clash rules conclude nothing and are left out."""
        self._number = number
        self.triggers: dict[Key, list[Trigger]] = defaultdict(list)
        concluding = [rule for rule in rules if rule.head]
        self.transitive = {rule.body[0][1] for rule in concluding if _is_transitive(rule)}
        for rule in concluding:
            for place in range(len(rule.body)):
                trigger = self._trigger(rule, place)
                self.triggers[trigger.place.key].append(trigger)
        for prop in self.transitive:
            step, whole = (Place((prop, kind), "?x", "?y") for kind in (STEP, ""))
            self.triggers[step.key].append(Trigger(step, (), whole, frozenset()))
        self.ranks = _ranks(self.triggers)
        """Of each relation how late it is taken up."""

    def _side(self, term: str) -> str | int:
        return term if term[0] == "?" else self._number(term)

    def _place(self, pattern: Pattern, unnamed: frozenset[str] = frozenset()) -> Place:
        subject, predicate, object_ = pattern
        kind = "" if predicate != TYPE else HIDDEN if object_[0] == "?" else object_
        assert kind != HIDDEN or not unnamed or subject in unnamed
        return Place((predicate, kind), self._side(subject), self._side(object_))

    def _trigger(self, rule: Rule, number: int) -> Trigger:
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
        return Trigger(place, _in_order(place, places), head, unnamed)


def _is_transitive(rule: Rule) -> bool:
    """Whether it says that what a property leads to it leads to in two steps too."""
    if not rule.head or rule.conditions or len(rule.body) != 2:
        return False
    [(x, one, y), (again, other, z)] = rule.body
    return (rule.head == (x, one, z) and y == again and one == other
            and one != TYPE and len({x, y, z}) == 3 and {x[0], y[0], z[0]} == {"?"})


def _in_order(first: Place, others: Sequence[Place]) -> tuple[Place, ...]:
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


def _variables(place: Place) -> set[str]:
    return {side for side in (place.subject, place.object) if isinstance(side, str)}


def _ranks(triggers: Mapping[Key, Sequence[Trigger]]) -> dict[Key, int]:
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
