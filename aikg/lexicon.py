"""The lexicon: names of things and words for relations, as the ontology and the graph give them.

Names come from `rdfs:label` and `skos:altLabel`; a new wording is a line of Turtle, not code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from pyoxigraph import NamedNode

from aikg.errors import AmbiguousName, UnknownName
from aikg.names import AIKG, BASE, compact, expand
from aikg.words import distance, normal, stem, tokens

NEAR = 2
"""Edits within which another name is offered as what was meant."""


class Lexicon(NamedTuple):
    """Names and words of one graph. IRIs are written as CURIEs throughout."""

    labels: Mapping[str, str]
    """The label of each thing, class and property."""
    names: Mapping[str, Sequence[str]]
    """Normalised name or alias to the things that bear it."""
    classes: Mapping[str, Sequence[str]]
    """Normalised name to the classes that bear it."""
    kinds: Mapping[str, Sequence[str]]
    """The authored classes of each thing."""
    types: Mapping[str, Sequence[str]]
    """All classes of each thing, inferred ones included."""
    above: Mapping[str, Sequence[str]]
    """All classes or properties above a class or property."""
    forms: Mapping[str, Sequence[str]]
    """Stems, joined by blanks, to the classes and properties that they can mean; a property with
    `!` behind it where the words are a noun for what stands on its far side (`investor`)."""
    inverse: Mapping[str, str]
    """The inverse of each property that has one; a symmetric property is its own."""

    def label(self, iri: str) -> str:
        """The label of a thing or term, else its CURIE. Takes an IRI or a CURIE."""
        curie = compact(iri)
        return self.labels.get(curie, curie)

    def resolve(self, text: str, of: str | None = None) -> str:
        """The IRI of the thing that a name, alias, CURIE or IRI stands for.

        `of` is the CURIE of a class that it must belong to, or None. Raises UnknownName with the
        nearest names, AmbiguousName with the candidates.
        """
        given = self._written(text)
        if given is not None:
            if compact(given) in self.labels and not self.fits(compact(given), of):
                raise UnknownName(f"{shown(text)} is not {self.label(of or '')}")
            return given
        found = [curie for curie in self.names.get(normal(text), ()) if self.fits(curie, of)]
        return self._only(text, found, self.names, of)

    def resolve_class(self, text: str) -> str:
        """The IRI of the class that a name, alias, CURIE or IRI stands for; raises as `resolve`."""
        given = self._written(text)
        if given is not None:
            if compact(given) in self.types:
                raise UnknownName(f"{shown(text)} is a thing, not a class")
            return given
        found = list(self.classes.get(normal(text), ())) or list(
            self.classes.get(singular(text), ()))
        if not found and AIKG + text in map(expand, self.labels):
            found = ["aikg:" + text]
        return self._only(text, found, self.classes, None)

    def fits(self, curie: str, of: str | None) -> bool:
        """Whether a thing belongs to a class, both given as CURIEs."""
        return of is None or of in self.types.get(curie, ())

    def directed(self, iri: str) -> frozenset[tuple[str, bool]]:
        """The relations by which a property may be claimed: (IRI, whether in the same direction).

        They are the property, all below it, and the inverses of these.
        """
        curie = compact(iri)
        found = {(name, True) for name in self._below(curie)}
        opposite = self.inverse.get(curie)
        found |= {(name, False) for name in self._below(opposite)} if opposite else set()
        found |= {(self.inverse[name], not same) for name, same in found if name in self.inverse}
        return frozenset((expand(name) or name, same) for name, same in found)

    def _below(self, curie: str) -> set[str]:
        return {curie} | {name for name, uppers in self.above.items() if curie in uppers}

    def near(self, text: str, names: Iterable[str], limit: int = NEAR) -> list[str]:
        """The names nearest to a text in spelling, nearest first, at most five."""
        wanted = normal(text)
        scored = sorted((distance(wanted, name, limit), name) for name in names
                        if abs(len(name) - len(wanted)) <= limit)
        return [name for edits, name in scored if edits <= limit][:5]

    def _written(self, text: str) -> str | None:
        """The IRI of a CURIE or IRI of ours or of others; None for a name."""
        iri = text[1:-1] if text.startswith("<") and text.endswith(">") else text
        iri = expand(iri) or iri
        if "://" not in iri:
            return None
        try:
            NamedNode(iri)
        except ValueError as error:
            raise UnknownName(f"not an IRI: {shown(text)}") from error
        if iri.startswith(BASE) and compact(iri) not in self.labels:
            raise UnknownName(f"nothing bears the IRI {shown(text)}")
        return iri

    def _only(
        self, text: str, found: Sequence[str], names: Mapping[str, Sequence[str]], of: str | None,
    ) -> str:
        if len(found) == 1:
            return expand(found[0]) or found[0]
        if found:
            raise AmbiguousName(f"{shown(text)} may mean several things", found)
        near = [self.labels[curie] for name in self.near(text, names)
                for curie in names[name] if self.fits(curie, of)]
        unfit = [self.labels[curie] for curie in names.get(normal(text), ())]
        reason = (f"{shown(text)} is not {self.label(of)}" if unfit and of
                  else f"nothing is named {shown(text)}")
        raise UnknownName(reason, tuple(dict.fromkeys(near)))


def singular(text: str) -> str:
    """A normalised name with its last word in the singular, as stems go."""
    words = normal(text).split()
    return " ".join([*words[:-1], stem(words[-1])]) if words else ""


def shown(text: str, width: int = 60) -> str:
    """A value as a message shows it: on one line, in quotes, cut to `width` characters."""
    flat = "".join(character if character.isprintable() else " " for character in text)
    return f"'{flat[:width]}…'" if len(flat) > width else f"'{flat}'"


def stems(text: str) -> list[str]:
    """The stems of a text's words."""
    return [stem(token) for token in tokens(text.replace("-", " "))]

