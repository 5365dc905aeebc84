"""Search: the things and terms whose names are like a text, with a score that can be explained."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from aikg.lexicon import Lexicon
from aikg.names import expand
from aikg.reference import is_property
from aikg.words import normal

EXACT, BEGINS, WITHIN = 100.0, 80.0, 60.0
LEAST = 30.0
"""The score below which a likeness is none."""


class Match(NamedTuple):
    """A thing or term that bears a name like the text."""

    curie: str
    label: str
    """What it is called for people."""
    name: str
    """The name that is like the text, in normal form: the label or an alias."""
    score: float
    """100 for the same name, 80 and up for one that begins so, 60 and up for one that holds the
    text, below 60 by the share of letter pairs in common (Dice)."""

    @property
    def iri(self) -> str:
        """Its IRI."""
        return expand(self.curie) or self.curie


def names_of(lexicon: Lexicon, text: str) -> dict[str, list[str]]:
    """Every name in normal form and what bears it, as CURIEs: things, classes, properties.

    Of a store on disk, whose names are not all read, the very name that the text is.
    """
    names: dict[str, list[str]] = {}
    for source in (things_named(lexicon, text), lexicon.classes, property_names(lexicon)):
        for name, curies in source.items():
            names.setdefault(name, []).extend(curies)
    return names


def things_named(lexicon: Lexicon, text: str) -> Mapping[str, Sequence[str]]:
    """The names of things, and that which the text is, where it is only looked up."""
    wanted = normal(text)
    return {**lexicon.names, **{name: lexicon.names[name] for name in (wanted,)
                                if name in lexicon.names}}


def property_names(lexicon: Lexicon) -> dict[str, list[str]]:
    """The labels of the properties in normal form."""
    names: dict[str, list[str]] = {}
    for curie, label in lexicon.labels.items():
        if is_property(curie):
            names.setdefault(normal(label), []).append(curie)
    return names


def matches(
    text: str, names: Mapping[str, Sequence[str]], label: Callable[[str], str],
) -> list[Match]:
    """What bears a name like the text, each thing once by its best name, best first.

    Of names that begin with the text or hold it, the one that a thing goes by comes before aliases.
    """
    best: dict[str, Match] = {}
    for name, score in _scored(normal(text), names):
        for curie in names[name]:
            if curie not in best or score > best[curie].score:
                best[curie] = Match(curie, label(curie), name, score)
    return sorted(best.values(), key=_rank)


def _rank(match: Match) -> tuple[float, bool, float, str, str]:
    tier = match.score // (BEGINS - WITHIN) if match.score >= WITHIN else 0.0
    alias = tier > 0 and match.name != normal(match.label)
    return -tier, alias, -match.score, match.label, match.curie


def _scored(wanted: str, names: Iterable[str]) -> Iterator[tuple[str, float]]:
    pairs = _pairs(wanted)
    for name in names if wanted else ():  # a text of marks only is none
        score = _score(wanted, pairs, name)
        if score >= LEAST:
            yield name, score


def _score(wanted: str, pairs: frozenset[str], name: str) -> float:
    if name == wanted:
        return EXACT
    likeness = _likeness(pairs, _pairs(name))
    if name.startswith(wanted):
        return round(BEGINS + 19 * likeness, 1)
    if f" {wanted}" in f" {name}":
        return round(WITHIN + 19 * likeness, 1)
    return round(59 * likeness, 1)


@lru_cache(20_000)
def _pairs(name: str) -> frozenset[str]:
    """The pairs of letters in a name; a blank before and behind marks its ends."""
    padded = f" {name} "
    return frozenset(padded[at:at + 2] for at in range(len(padded) - 1))


def _likeness(left: frozenset[str], right: frozenset[str]) -> float:
    return 2 * len(left & right) / (len(left) + len(right))
