"""A dispute: two claims that cannot both hold, or, softer, that put the same thing differently.

A contradiction takes what both sides say out of the direct layer (DESIGN, section 5). Only what is
asserted contradicts: stated, judged or reported, by the source or by someone whom it quotes, and
under no condition. What no axiom sees, a claim may say itself, by `aikg:contradicts`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import combinations

from aikg.claim import Claim
from aikg.names import AIKG, RDF

DENIAL, VALUES, TYPES, READ = "affirmed and denied", "two values", "disjoint types", "as read"
AMOUNT, DATE, DEFINITION = "amount", "date", "definition"
SOFTER = frozenset({AMOUNT, DATE, DEFINITION})

Types = Mapping[str, frozenset[str]]
"""The primitive classes of each individual, by IRI."""


@dataclass(frozen=True)
class Vocabulary:
    """What a view must know of the ontology: its classes, its functional and super-properties."""

    classes: frozenset[str]
    """IRIs of all classes."""
    functional: frozenset[str]
    """IRIs of the functional properties."""
    ancestors: Mapping[str, frozenset[str]]
    """For a class or property, itself and all above it by subClassOf or subPropertyOf."""
    disjoint: frozenset[frozenset[str]]
    """Pairs of disjoint classes, as declared."""
    inverses: Mapping[str, str] = field(default_factory=dict)
    """The inverse of each property that has one; a symmetric property is its own."""

    def above(self, iri: str) -> frozenset[str]:
        """A class or property and all above it."""
        return self.ancestors.get(iri, frozenset({iri}))


@dataclass(frozen=True)
class Dispute:
    """Two claims on one matter."""

    kind: str
    """`affirmed and denied`, `two values` (of a functional property), `disjoint types`, `as read`
    (a claim says that it contradicts the other); or softer: `amount`, `date`, `definition`."""
    one: Claim
    other: Claim

    @property
    def softer(self) -> bool:
        """Whether both might hold after all."""
        return self.kind in SOFTER


def contradictions(
    claims: Iterable[Claim], vocabulary: Vocabulary, types: Types,
) -> list[Dispute]:
    """The pairs of claims that cannot both hold, each once, sorted by the claims' IRIs."""
    claims = sorted(claims, key=lambda claim: claim.iri)
    asserted = [claim for claim in claims if claim.asserted]
    by_subject: dict[str, list[Claim]] = defaultdict(list)
    for claim in (*asserted, *_turned_round(asserted, vocabulary)):
        by_subject[claim.subject].append(claim)
    found = {(one.iri, other.iri): kind for group in by_subject.values()
             for left, right in combinations(group, 2)
             if (kind := _contradiction(left, right, vocabulary, types))
             for one, other in [sorted((left, right), key=lambda claim: claim.iri)]}
    named = {claim.iri: claim for claim in claims}
    for claim in claims:
        for other_name in claim.contradicts:
            if other_name in named:
                found.setdefault((min(claim.iri, other_name), max(claim.iri, other_name)), READ)
    return [Dispute(kind, named[one], named[other]) for (one, other), kind in sorted(found.items())]


def differences(claims: Iterable[Claim]) -> Iterator[Dispute]:
    """The pairs of claims that say the same of the same, but with other figures.

    Another amount, though unit and object are the same; the same without an amount, from another
    day on; or the same amount and unit for another thing, as two bases of one valuation have it.
    """
    groups: dict[tuple[object, ...], list[Claim]] = defaultdict(list)
    for claim in sorted(claims, key=lambda claim: claim.iri):
        if not claim.denied and claim.modality != AIKG + "Supposed":
            groups[claim.subject, claim.predicate, claim.unit].append(claim)
    for group in groups.values():
        for one, other in combinations(group, 2):
            kind = _difference(one, other)
            if kind and set(one.passages) != set(other.passages):
                yield Dispute(kind, one, other)


def _difference(one: Claim, other: Claim) -> str | None:
    same = (one.object, one.value) == (other.object, other.value)
    if one.amount is not None and other.amount is not None:
        if same:
            figures = [(claim.amount, claim.bound) for claim in (one, other)]
            return AMOUNT if figures[0] != figures[1] else None
        return DEFINITION
    starts = {one.valid_from, other.valid_from}
    return DATE if same and one.amount is other.amount and len(starts) == 2 else None


def _turned_round(claims: Iterable[Claim], vocabulary: Vocabulary) -> list[Claim]:
    """What claims say by the inverses of their properties: of `x funds y`, `y is funded by x`."""
    return [replace(claim, subject=claim.object, object=claim.subject,
                    predicate=vocabulary.inverses[claim.predicate])
            for claim in claims
            if claim.object and claim.object not in vocabulary.classes
            and claim.predicate in vocabulary.inverses]


def _contradiction(
    left: Claim, right: Claim, vocabulary: Vocabulary, types: Types,
) -> str | None:
    """How two claims on one subject exclude each other; None if they do not."""
    if left.iri == right.iri or (left.denied and right.denied):
        return None
    if left.denied or right.denied:
        affirmed, denied = (right, left) if left.denied else (left, right)
        return DENIAL if denied.predicate in vocabulary.above(affirmed.predicate) and _within(
            affirmed, denied, vocabulary, types) else None
    if left.predicate == right.predicate == RDF + "type":
        return TYPES if _disjoint(str(left.object), str(right.object), vocabulary) else None
    shared = vocabulary.above(left.predicate) & vocabulary.above(right.predicate)
    if {left.object, right.object} & vocabulary.classes:
        return None  # some such thing may well be the one that is named
    differ = (left.object, left.value) != (right.object, right.value)
    return VALUES if shared & vocabulary.functional and differ else None


def _within(
    affirmed: Claim, denied: Claim, vocabulary: Vocabulary, types: Types,
) -> bool:
    """Whether what is affirmed falls under what is denied."""
    if denied.object is None or affirmed.object is None:
        return (affirmed.object, affirmed.value) == (denied.object, denied.value)
    kinds = {affirmed.object} | types.get(affirmed.object, frozenset())
    return any(denied.object in vocabulary.above(kind) for kind in kinds)


def _disjoint(left: str, right: str, vocabulary: Vocabulary) -> bool:
    return any(frozenset({above, other}) in vocabulary.disjoint
               for above in vocabulary.above(left) for other in vocabulary.above(right))
