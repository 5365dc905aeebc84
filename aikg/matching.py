"""Matching: the ways in which the patterns of a rule are facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator

from aikg.fact import Fact
from aikg.rules import Pattern, holds

Patterns = tuple[Pattern, ...]
Binding = dict[str, str]
"""The term of each variable, both as text."""


class FactIndex:
    """Facts, found by predicate alone or with subject or object."""

    def __init__(self) -> None:
        self.facts: dict[Fact, None] = {}
        self.by_predicate: dict[str, list[Fact]] = defaultdict(list)
        self.by_subject: dict[tuple[str, str], list[Fact]] = defaultdict(list)
        self.by_object: dict[tuple[str, str], list[Fact]] = defaultdict(list)

    def add(self, fact: Fact) -> None:
        """Make a fact, one that is not there yet, known to the patterns."""
        subject, predicate, object_ = fact
        self.facts[fact] = None
        self.by_predicate[predicate].append(fact)
        self.by_subject[predicate, subject].append(fact)
        self.by_object[predicate, object_].append(fact)

    def matches(self, patterns: Patterns, conditions: Patterns, bound: Binding
                ) -> Iterator[Binding]:
        """Every binding that extends `bound`, makes all patterns facts and all conditions hold."""
        if conditions and not _may_hold(conditions, bound):
            return
        if not patterns:
            yield bound
            return
        pattern, facts = self._fewest(patterns, bound)
        rest = tuple(one for one in patterns if one is not pattern) if facts else ()
        for fact in facts:
            extended = match(pattern, fact, bound)
            if extended is not None:
                yield from self.matches(rest, conditions, extended)

    def _fewest(self, patterns: Patterns, bound: Binding) -> tuple[Pattern, Collection[Fact]]:
        """The pattern with the fewest candidates, and these."""
        chosen, fewest = patterns[0], self._candidates(fill(patterns[0], bound))
        for pattern in patterns[1:]:
            if not fewest:
                break
            facts = self._candidates(fill(pattern, bound))
            if len(facts) < len(fewest):
                chosen, fewest = pattern, facts
        return chosen, fewest

    def _candidates(self, pattern: Pattern) -> Collection[Fact]:
        """The shortest list that holds all facts of the form of the pattern."""
        subject, predicate, object_ = pattern
        if predicate[0] == "?":
            return self.facts
        if subject[0] == "?" and object_[0] == "?":
            return self.by_predicate.get(predicate, ())
        if subject[0] == "?":
            return self.by_object.get((predicate, object_), ())
        if object_[0] == "?":
            return self.by_subject.get((predicate, subject), ())
        return (pattern,) if pattern in self.facts else ()


def fill(pattern: Pattern, binding: Binding) -> Fact:
    """The pattern with its variables replaced where they are bound."""
    subject, predicate, object_ = pattern
    return (binding.get(subject, subject), binding.get(predicate, predicate),
            binding.get(object_, object_))


def match(pattern: Pattern, fact: Fact, bound: Binding) -> Binding | None:
    """The binding under which the pattern is the fact, if it is one that extends `bound`."""
    binding = bound.copy()
    for term, value in zip(pattern, fact, strict=True):
        if (binding.setdefault(term, value) if term[0] == "?" else term) != value:
            return None
    return binding


def _may_hold(conditions: Patterns, bound: Binding) -> bool:
    """Whether all conditions hold whose variables are bound."""
    filled = (fill(condition, bound) for condition in conditions)
    return all(holds(one) for one in filled if "?" not in (one[0][0], one[2][0]))
