"""A relation: pairs of numbers in a sorted array, which a join searches by either side.

A pair is one number, the subject in the upper half and the object in the lower, so that sorting,
merging and searching each are one call of numpy.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]

HALF = 32
LOWER = (1 << HALF) - 1
ROWS = 1 << 22
"""The most rows that a join makes at once, which bounds the memory it takes."""
NOTHING: Numbers = np.empty(0, np.int64)


class Relation:
    """The pairs of one predicate, and those that wait to be taken in.

    They are kept in runs, each at least twice as long as the next: what is new is merged with runs
    of its own size only, so that taking in little never costs a copy of all.
    """

    def __init__(self) -> None:
        self.given = NOTHING
        """The pairs taken in first: what was not concluded."""
        self._runs: list[_Run] = []
        self._waiting: list[Numbers] = []
        self._waits = 0

    def add(self, subjects: Numbers, objects: Numbers) -> None:
        """Let pairs wait, as two arrays of one length; some may be there already."""
        self.add_pairs(pair(subjects, objects))

    def add_pairs(self, pairs: Numbers) -> None:
        """Let pairs wait; some may be there already."""
        self._waiting.append(pairs)
        self._waits += len(pairs)
        if self._waits > 2 * ROWS and len(self._waiting) > 1:
            self._waiting = [self._new()]
            self._waits = len(self._waiting[0]) // 2

    def take(self) -> Numbers:
        """Take in what waits; the pairs that are new, sorted."""
        new = self._new()
        self._waiting, self._waits = [], 0
        run = new
        while self._runs and len(self._runs[-1].pairs) < 2 * len(run):
            run = _merged(self._runs.pop().pairs, run)
        if len(run):
            self._runs.append(_Run(run))
        return new

    def concluded(self) -> Numbers:
        """The pairs that were not given."""
        pairs = np.concatenate([NOTHING, *(run.pairs for run in self._runs)])
        return pairs[~_among(pairs, self.given)]

    def holds(self, subjects: Numbers, objects: Numbers) -> Mask:
        """Of which of the pairs, row by row, the relation holds."""
        return self._among(pair(subjects, objects))

    def joined(self, known: Numbers, turned: bool = False) -> Iterator[tuple[Numbers, Numbers]]:
        """What stands on the other side of each of some subjects; of some objects, if `turned`.

        Parts of at most ROWS rows, unless one term alone has more: for each row the place of the
        term in `known`, and what stands on the other side.
        """
        for run in tuple(self._runs):
            yield from _joined(known, run.turned if turned else run.pairs)

    def _new(self) -> Numbers:
        if not self._waiting:
            return NOTHING
        waiting = unique(np.concatenate(self._waiting))
        return waiting[~self._among(waiting)]

    def _among(self, pairs: Numbers) -> Mask:
        found = np.zeros(len(pairs), np.bool_)
        for run in self._runs:
            found |= _among(pairs, run.pairs)
        return found


class _Run:
    """Some pairs of a relation, sorted by subject, and by object when that is first asked for."""

    def __init__(self, pairs: Numbers) -> None:
        self.pairs = pairs

    @cached_property
    def turned(self) -> Numbers:
        return np.sort(pair(self.pairs & LOWER, self.pairs >> HALF))


def pair(subjects: Numbers, objects: Numbers) -> Numbers:
    """Two arrays of numbers below 2 ** 31 as one of pairs."""
    return (subjects << HALF) | objects


def unique(numbers: Numbers) -> Numbers:
    """The numbers sorted, each once."""
    ordered = np.sort(numbers)
    return ordered[np.append(True, ordered[1:] != ordered[:-1])] if len(ordered) else ordered


def _among(numbers: Numbers, known: Numbers) -> Mask:
    """Which of the numbers are in a sorted array."""
    if not len(known):
        return np.zeros(len(numbers), np.bool_)
    places = np.minimum(np.searchsorted(known, numbers), len(known) - 1)
    found: Mask = known[places] == numbers
    return found


def _merged(one: Numbers, other: Numbers) -> Numbers:
    # Two sorted runs are what a stable sort merges in one pass.
    return np.sort(np.concatenate((one, other)), kind="stable")


def _joined(known: Numbers, pairs: Numbers) -> Iterator[tuple[Numbers, Numbers]]:
    start = np.searchsorted(pairs, known << HALF)
    counts = np.searchsorted(pairs, (known + 1) << HALF) - start
    ends = np.cumsum(counts)
    place = 0
    while place < len(known):
        before = int(ends[place - 1]) if place else 0
        stop = max(place + 1, int(np.searchsorted(ends, before + ROWS, side="right")))
        part = counts[place:stop]
        rows = np.repeat(np.arange(place, stop), part)
        within = np.arange(len(rows)) - np.repeat(ends[place:stop] - part - before, part)
        yield rows, pairs[start[rows] + within] & LOWER
        place = stop
