"""The direct layer of many claims: what `view.direct_layer` gives, in time that grows with them.

There each claim on a thing is compared with each other one; here only those that have a key in
common, such as the subject and the functional property of which both give a value.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import combinations, product
from typing import NamedTuple

from aikg.fact import TYPE, Fact
from aikg.view import Layer, Vocabulary


class Said(NamedTuple):
    """A firm claim, its terms as N-Triples text."""

    claim: str
    """IRI of the claim."""
    subject: str
    predicate: str
    object: str
    denied: bool

    @property
    def fact(self) -> Fact:
        """What it says, or denies."""
        return self.subject, self.predicate, self.object


def layer_of_many(
    said: Sequence[Said], vocabulary: Vocabulary, kinds: Callable[[str], Collection[str]],
) -> Layer:
    """The direct layer of firm claims.

    `kinds` gives the primitive classes of a thing, both as IRIs; see `view.direct_layer`.
    """
    clashing = _Disputes(vocabulary, kinds).among(said)
    facts: dict[Fact, list[str]] = defaultdict(list)
    denials: dict[Fact, list[str]] = defaultdict(list)
    disputed: dict[Fact, list[str]] = defaultdict(list)
    for one in said:
        side = disputed if one.claim in clashing else denials if one.denied else facts
        side[one.fact].append(one.claim)
    return Layer(*({fact: tuple(sorted(claims)) for fact, claims in sorted(side.items())}
                   for side in (facts, denials, disputed)))


class _Disputes:
    """Finds the claims that contradict another."""

    def __init__(
        self, vocabulary: Vocabulary, kinds: Callable[[str], Collection[str]],
    ) -> None:
        self.vocabulary = vocabulary
        self.kinds = kinds

    def among(self, said: Iterable[Said]) -> set[str]:
        """IRIs of the claims in dispute: both sides of each contradiction."""
        views = [view for one in said for view in self._views(one)]
        return {*self._denied(views), *self._twofold(views), *self._disjoint(views)}

    def _views(self, one: Said) -> Iterator[Said]:
        """A claim, and what it says by the inverse of its property."""
        yield one
        inverse = self.vocabulary.inverses.get(one.predicate[1:-1])
        if inverse and one.object[0] == "<" and not self._is_class(one.object):
            yield one._replace(subject=one.object, predicate=f"<{inverse}>", object=one.subject)

    def _denied(self, views: Sequence[Said]) -> Iterator[str]:
        """Those that affirm what others deny, and these."""
        denials: dict[Fact, list[str]] = defaultdict(list)
        for one in views:
            if one.denied:
                denials[one.fact].append(one.claim)
        places = {fact[:2] for fact in denials}
        for one in views:
            above = [] if one.denied else [
                prop for prop in self._above(one.predicate) if (one.subject, prop) in places]
            for prop, target in product(above, self._ranges(one.object) if above else ()):
                found = denials.get((one.subject, prop, target))
                if found:
                    yield one.claim
                    yield from found

    def _ranges(self, target: str) -> set[str]:
        """All that an object falls under: itself, and the classes above it or its kinds."""
        if target[0] != "<":
            return {target}
        kinds = {target[1:-1], *self.kinds(target[1:-1])}
        return {f"<{above}>" for kind in kinds for above in self.vocabulary.above(kind)}

    def _twofold(self, views: Iterable[Said]) -> Iterator[str]:
        """Those that give a functional property another value than others do."""
        values: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(
            lambda: defaultdict(list))
        for one in views:
            if not one.denied and not self._is_class(one.object):
                for prop in self.vocabulary.above(one.predicate[1:-1]):
                    if prop in self.vocabulary.functional:
                        values[one.subject, prop][one.object].append(one.claim)
        for by_value in values.values():
            if len(by_value) > 1:
                yield from (claim for claims in by_value.values() for claim in claims)

    def _disjoint(self, views: Iterable[Said]) -> Iterator[str]:
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
                    yield from (left.claim, right.claim)

    def _above(self, term: str) -> list[str]:
        return [f"<{iri}>" for iri in self.vocabulary.above(term[1:-1])]

    def _is_class(self, term: str) -> bool:
        return term[0] == "<" and term[1:-1] in self.vocabulary.classes
