"""The direct layer of many claims: what `view.direct_layer` gives, in time that grows with them.

There each claim on a thing is compared with each other one; here only those that have a key in
common, such as the subject and the functional property of which both give a value.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, combinations, product
from typing import NamedTuple, TypeVar

from aikg.dispute import Vocabulary
from aikg.fact import TYPE, Fact
from aikg.view import Layer

Pair = tuple[str, str]
"""The IRIs of two claims."""
Key = TypeVar("Key", str, Fact)


class Said(NamedTuple):
    """A claim that somebody asserts, its terms as N-Triples text."""

    claim: str
    """IRI of the claim."""
    subject: str
    predicate: str
    object: str
    denied: bool
    firm: bool = True
    """Whether the source says it itself, and plainly or as a judgement."""

    @property
    def fact(self) -> Fact:
        """What it says, or denies."""
        return self.subject, self.predicate, self.object


def layer_of_many(
    said: Sequence[Said], vocabulary: Vocabulary, kinds: Callable[[str], Collection[str]],
    read: Iterable[Pair] = (),
) -> Layer:
    """The direct layer of asserted claims.

    `kinds` gives the primitive classes of a thing, both as IRIs; `read` the pairs of claims of
    which one says that it contradicts the other. See `view.direct_layer`.
    """
    opponents: dict[str, set[str]] = defaultdict(set)
    for one, other in chain(_Disputes(vocabulary, kinds).among(said), read):
        opponents[one].add(other)
        opponents[other].add(one)
    facts: dict[Fact, list[str]] = defaultdict(list)
    denials: dict[Fact, list[str]] = defaultdict(list)
    disputed: dict[Fact, list[str]] = defaultdict(list)
    for claim in said:
        if claim.claim in opponents:
            disputed[claim.fact].append(claim.claim)
        elif claim.firm:
            (denials if claim.denied else facts)[claim.fact].append(claim.claim)
    for fact in disputed.keys() & facts.keys():  # another claim says it too
        del disputed[fact]
    return Layer(_sorted(facts), _sorted(denials), _sorted(disputed), _sorted(opponents))


def _sorted(side: Mapping[Key, Iterable[str]]) -> dict[Key, tuple[str, ...]]:
    return {key: tuple(sorted(claims)) for key, claims in sorted(side.items())}


class _Disputes:
    """Finds the pairs of claims that contradict each other."""

    def __init__(
        self, vocabulary: Vocabulary, kinds: Callable[[str], Collection[str]],
    ) -> None:
        self.vocabulary = vocabulary
        self.kinds = kinds

    def among(self, said: Iterable[Said]) -> Iterator[Pair]:
        """The pairs, some of them more than once."""
        views = [view for one in said for view in self._views(one)]
        for one, other in chain(self._denied(views), self._twofold(views), self._disjoint(views)):
            if one != other:
                yield one, other

    def _views(self, one: Said) -> Iterator[Said]:
        """A claim, and what it says by the inverse of its property."""
        yield one
        inverse = self.vocabulary.inverses.get(one.predicate[1:-1])
        if inverse and one.object[0] == "<" and not self._is_class(one.object):
            yield one._replace(subject=one.object, predicate=f"<{inverse}>", object=one.subject)

    def _denied(self, views: Sequence[Said]) -> Iterator[Pair]:
        """Those that affirm what others deny, with these."""
        denials: dict[Fact, list[str]] = defaultdict(list)
        for one in views:
            if one.denied:
                denials[one.fact].append(one.claim)
        places = {fact[:2] for fact in denials}
        for one in views:
            above = [] if one.denied else [
                prop for prop in self._above(one.predicate) if (one.subject, prop) in places]
            for prop, target in product(above, self._ranges(one.object) if above else ()):
                for denial in denials.get((one.subject, prop, target), ()):
                    yield one.claim, denial

    def _ranges(self, target: str) -> set[str]:
        """All that an object falls under: itself, and the classes above it or its kinds."""
        if target[0] != "<":
            return {target}
        kinds = {target[1:-1], *self.kinds(target[1:-1])}
        return {f"<{above}>" for kind in kinds for above in self.vocabulary.above(kind)}

    def _twofold(self, views: Iterable[Said]) -> Iterator[Pair]:
        """Those that give a functional property another value than others do."""
        values: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(
            lambda: defaultdict(list))
        for one in views:
            if not one.denied and not self._is_class(one.object):
                for prop in self.vocabulary.above(one.predicate[1:-1]):
                    if prop in self.vocabulary.functional:
                        values[one.subject, prop][one.object].append(one.claim)
        for by_value in values.values():
            for left, right in combinations(by_value.values(), 2):
                yield from product(left, right)

    def _disjoint(self, views: Iterable[Said]) -> Iterator[Pair]:
        """Those that put a thing into disjoint classes."""
        types: dict[str, list[Said]] = defaultdict(list)
        for one in views:
            if one.predicate == TYPE and not one.denied:
                types[one.subject].append(one)
        for group in types.values():
            for left, right in combinations(group, 2):
                pairs = product(self._above(left.object), self._above(right.object))
                if any(frozenset({a[1:-1], b[1:-1]}) in self.vocabulary.disjoint
                       for a, b in pairs):
                    yield left.claim, right.claim

    def _above(self, term: str) -> list[str]:
        return [f"<{iri}>" for iri in self.vocabulary.above(term[1:-1])]

    def _is_class(self, term: str) -> bool:
        return term[0] == "<" and term[1:-1] in self.vocabulary.classes
