"""A claim: what one source says of one subject, with how firmly and where it says it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from pyoxigraph import Literal, NamedNode, Triple

from aikg.errors import GraphError
from aikg.names import AIKG, RDF, compact
from aikg.turtle import iri

FIRM = frozenset({AIKG + "Stated", AIKG + "Evaluated"})
"""The modalities whose claims yield plain facts (DESIGN, section 5)."""
ASSERTED = FIRM | {AIKG + "Reported"}
ONCE = ("subject", "predicate", "modality")
THINGS = (*ONCE, "object", "statedIn", "condition", "attributedTo", "contradicts")
"""Properties whose values are things, not literals."""


@dataclass(frozen=True)
class Claim:
    """One claim, as authored.

    Exactly one of `object` (IRI of an individual or a class) and `value` (a literal) is set.
    """

    iri: str
    subject: str
    predicate: str
    object: str | None
    value: Literal | None
    modality: str
    passages: tuple[str, ...]
    denied: bool = False
    condition: str | None = None
    attributed_to: str | None = None
    valid_from: str | None = None
    valid_until: str | None = None
    amount: Decimal | None = None
    bound: str | None = None
    """IRI of how the amount limits what is meant."""
    unit: str | None = None
    contradicts: tuple[str, ...] = ()
    """IRIs of claims that it is read as contradicting."""

    @property
    def asserted(self) -> bool:
        """Whether somebody says that it is so: the source, or one whom it quotes or reports."""
        return self.modality in ASSERTED and self.condition is None

    @property
    def firm(self) -> bool:
        """Whether the source says it plainly, or as a judgement, in its own voice."""
        return self.modality in FIRM and self.attributed_to is None and self.condition is None


def read_claims(triples: Iterable[Triple]) -> tuple[Claim, ...]:
    """The claims among the triples, sorted by IRI.

    Raises GraphError for a claim without exactly one subject, predicate and modality, without a
    passage, or without exactly one of object and value.
    """
    by_subject: dict[str, dict[str, list[NamedNode | Literal]]] = defaultdict(
        lambda: defaultdict(list))
    for triple in triples:
        if isinstance(triple.object, NamedNode | Literal):
            by_subject[iri(triple.subject)][triple.predicate.value].append(triple.object)
    claim_type = NamedNode(AIKG + "Claim")
    return tuple(_claim(name, properties) for name, properties in sorted(by_subject.items())
                 if claim_type in properties[RDF + "type"])


def _claim(iri: str, properties: dict[str, list[NamedNode | Literal]]) -> Claim:
    def texts(name: str) -> list[str]:
        return [term.value for term in properties.get(AIKG + name, [])]

    def first(name: str) -> str | None:
        return next(iter(texts(name)), None)

    _check(iri, properties)
    values = [term for term in properties.get(AIKG + "value", []) if isinstance(term, Literal)]
    if len(texts("object")) + len(values) != 1:
        raise GraphError(f"{compact(iri)} needs exactly one aikg:object or one aikg:value")
    if not texts("statedIn"):
        raise GraphError(f"{compact(iri)} names no passage: add aikg:statedIn")
    return Claim(
        iri, texts("subject")[0], texts("predicate")[0], first("object"),
        values[0] if values else None, texts("modality")[0], tuple(sorted(texts("statedIn"))),
        first("denied") in ("true", "1"), first("condition"), first("attributedTo"),
        first("validFrom"), first("validUntil"), _amount(iri, first("amount")), first("bound"),
        first("unit"), tuple(sorted(texts("contradicts"))))


def _amount(iri: str, text: str | None) -> Decimal | None:
    try:
        return None if text is None else Decimal(text)
    except InvalidOperation as error:
        raise GraphError(f"{compact(iri)} has an amount that is no number: {text!r}") from error


def _check(iri: str, properties: dict[str, list[NamedNode | Literal]]) -> None:
    """That a claim has what each claim has once, and things where things belong."""
    for name in ONCE:
        count = len(properties.get(AIKG + name, []))
        if count != 1:
            raise GraphError(f"{compact(iri)} has {count} aikg:{name}, not one")
    for name in THINGS:
        if any(isinstance(term, Literal) for term in properties.get(AIKG + name, [])):
            raise GraphError(f"{compact(iri)} has a literal as its aikg:{name}: name the thing")
