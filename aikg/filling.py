"""Filling: which names of a question fit which slots of a stored query, and how narrowly."""

from __future__ import annotations

from collections.abc import Sequence

from aikg.lexicon import Lexicon
from aikg.names import expand
from aikg.phrasing import Name
from aikg.query import Parameter, Query

Values = dict[str, tuple[str, ...]]
"""The values of slots: IRIs, or texts for slots of that type."""


class Filling:
    """What fits where, by the classes of the lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon

    def values(
        self, query: Query, slots: Sequence[str], chosen: Sequence[Name],
    ) -> Values | None:
        """The values of the slots, or None where a name does not fit its slot."""
        values: Values = {}
        for slot, name in zip(slots, chosen, strict=True):
            fitting = self.fitting(query.parameter(slot), name)
            if len(fitting) != 1:
                return None
            values[slot] = tuple(fitting)
        return values

    def fitting(self, parameter: Parameter, name: Name) -> list[str]:
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

    def narrowness(self, query: Query, slots: Sequence[str]) -> int:
        """How narrow the classes of the filled slots are: the narrower, the better the fit."""
        return sum(1 + len(self.lexicon.above.get(of, ()))
                   for slot in slots if (of := query.parameter(slot).of))
