"""An expression: what an axiom says of a term, in Manchester words, each name with its IRI.

Source of the words: OWL 2 Manchester Syntax, section 2.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from aikg.axioms import Axiom, Part

DEFINED = "Equivalent to"
ABOVE, BELOW = "Subclass of", "Superclass of"
CHARACTERISTICS = "Characteristics"
WORDS = ("and", "some", "value", "o")
"""What stands between names; anything else without an IRI is a literal or a bracket."""


class Piece(NamedTuple):
    """A word of an expression, or a name if it has an IRI."""

    text: str
    iri: str | None = None


Expression = tuple[Piece, ...]
Relations = Mapping[str, tuple[Expression, ...]]
"""What is said of one term: a heading, such as `Domain of`, and the expressions under it."""

# What an axiom of two terms says of the first, and of the second.
_PAIRS: Mapping[str, tuple[str, str]] = {
    "SubClassOf": (ABOVE, BELOW),
    "DisjointClasses": ("Disjoint with", "Disjoint with"),
    "ObjectComplementOf": ("Complement of", "Complement of"),
    "ObjectPropertyDomain": ("Domain", "Domain of"),
    "DataPropertyDomain": ("Domain", "Domain of"),
    "ObjectPropertyRange": ("Range", "Range of"),
    "DataPropertyRange": ("Range", "Range of"),
    "SubObjectPropertyOf": ("Subproperty of", "Superproperty of"),
    "SubDataPropertyOf": ("Subproperty of", "Superproperty of"),
    "InverseObjectProperties": ("Inverse of", "Inverse of"),
    "DisjointObjectProperties": ("Disjoint with", "Disjoint with"),
    "DisjointDataProperties": ("Disjoint with", "Disjoint with"),
}
HEADINGS = (
    DEFINED, ABOVE, BELOW, CHARACTERISTICS, "Domain", "Range", "Inverse of", "Subproperty of",
    "Superproperty of", "Chain", "Step of the chain of", "Domain of", "Range of",
    "In the definition of", "Complement of", "Disjoint with",
)
"""Every heading, in the order in which a reader wants them."""


def relations(axioms: Iterable[Axiom]) -> dict[str, Relations]:
    """What the axioms say of each term, by its IRI; headings and expressions in a fixed order."""
    found: dict[str, dict[str, set[Expression]]] = defaultdict(lambda: defaultdict(set))
    for axiom in axioms:
        for term, heading, expression in _said(axiom):
            found[term][heading].add(expression)
    return {term: {heading: tuple(sorted(said[heading], key=_text))
                   for heading in HEADINGS if heading in said}
            for term, said in sorted(found.items())}


def _said(axiom: Axiom) -> Iterator[tuple[str, str, Expression]]:
    """What one axiom says: (IRI of a term, heading, expression)."""
    one, *others = map(_piece, axiom.terms)
    if axiom.name in _PAIRS:
        for left, right, heading in zip(
                (one, *others), (*others, one), _PAIRS[axiom.name], strict=True):
            yield str(left.iri), heading, (right,)
    elif axiom.name == "EquivalentClasses":
        yield str(one.iri), DEFINED, tuple(_definition(axiom.parts))
        yield from _parts(one, axiom.parts)
    elif axiom.name == "ObjectPropertyChain":
        yield str(one.iri), "Chain", tuple(_between(others, "o"))
        yield from ((str(step.iri), "Step of the chain of", (one,)) for step in others)
    else:
        word = axiom.name.removesuffix("ObjectProperty").removesuffix("DataProperty")
        yield str(one.iri), CHARACTERISTICS, (Piece(word),)


def _parts(defined: Piece, parts: Iterable[Part]) -> Iterator[tuple[str, str, Expression]]:
    """What a definition says of what it names: a class that it names whole lies above it."""
    for part in parts:
        for name in (_piece(term) for term in (part[0], part[2]) if term):
            if name.iri and part[1]:
                yield name.iri, "In the definition of", (defined,)
            elif name.iri:
                yield name.iri, BELOW, (defined,)
                yield str(defined.iri), ABOVE, (name,)


def _definition(parts: Iterable[Part]) -> Iterator[Piece]:
    for number, (term, word, filler) in enumerate(parts):
        if number:
            yield Piece("and")
        if not word:
            yield _piece(term)
            continue
        opening, closing = ("(", ")") if len(tuple(parts)) > 1 else ("", "")
        yield from (Piece(opening), _piece(term), Piece(word), _piece(filler), Piece(closing))


def _between(pieces: Iterable[Piece], word: str) -> Iterator[Piece]:
    for number, piece in enumerate(pieces):
        if number:
            yield Piece(word)
        yield piece


def _piece(term: str) -> Piece:
    """The name of a term in N-Triples: the last part of its IRI; a literal as it is."""
    if not term.startswith("<"):
        return Piece(term)
    iri = term[1:-1]
    return Piece(iri.replace("#", "/").rpartition("/")[2], iri)


def _text(expression: Expression) -> str:
    return " ".join(piece.text for piece in expression)
