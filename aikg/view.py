"""A view: a set of claims, and the direct layer that follows from it.

direct layer = f(view). Nothing in the direct layer is typed by hand: each firm claim that is
affirmed yields its plain fact, each denied one a negative fact, and what is in dispute stays out
(DESIGN, section 5). Facts are triples of N-Triples terms, as the rules and the closure read them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from aikg.claim import Claim
from aikg.fact import TYPE, Fact
from aikg.names import OWL, RDF


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
class Layer:
    """The direct layer of a view."""

    facts: Mapping[Fact, tuple[str, ...]]
    """Each plain fact, with the IRIs of the claims behind it. A fact whose object is a class means
    that there is some such thing."""
    denials: Mapping[Fact, tuple[str, ...]]
    """Each denied fact, in the same form."""
    disputed: Mapping[Fact, tuple[str, ...]]
    """Facts in dispute, affirmed or denied, with the claims of both sides."""


def fact_of(claim: Claim) -> Fact:
    """What a claim says, as a plain fact."""
    target = f"<{claim.object}>" if claim.object else str(claim.value)
    return (f"<{claim.subject}>", f"<{claim.predicate}>", target)


def direct_layer(
    claims: Iterable[Claim], vocabulary: Vocabulary, types: Mapping[str, frozenset[str]],
) -> Layer:
    """The direct layer of the claims.

    `types` gives the primitive classes of each individual, by IRI: an affirmed fact about a thing
    contradicts a denied one about a class of such things.
    """
    firm = [claim for claim in claims if claim.firm]
    clashing = _in_dispute(firm, vocabulary, types)
    facts: dict[Fact, list[str]] = defaultdict(list)
    denials: dict[Fact, list[str]] = defaultdict(list)
    disputed: dict[Fact, list[str]] = defaultdict(list)
    for claim in firm:
        side = disputed if claim.iri in clashing else denials if claim.denied else facts
        side[fact_of(claim)].append(claim.iri)
    return Layer(*({fact: tuple(sorted(names)) for fact, names in sorted(side.items())}
                   for side in (facts, denials, disputed)))


def _in_dispute(
    claims: list[Claim], vocabulary: Vocabulary, types: Mapping[str, frozenset[str]],
) -> set[str]:
    """IRIs of the claims that contradict another: both sides of each contradiction."""
    by_subject: dict[str, list[Claim]] = defaultdict(list)
    for claim in (*claims, *_turned_round(claims, vocabulary)):
        by_subject[claim.subject].append(claim)
    clashing: set[str] = set()
    for group in by_subject.values():
        for index, left in enumerate(group):
            for right in group[index + 1:]:
                if _contradict(left, right, vocabulary, types):
                    clashing |= {left.iri, right.iri}
    return clashing


def _turned_round(claims: list[Claim], vocabulary: Vocabulary) -> list[Claim]:
    """What claims say by the inverses of their properties: of `x funds y`, `y is funded by x`."""
    return [replace(claim, subject=claim.object, object=claim.subject,
                    predicate=vocabulary.inverses[claim.predicate])
            for claim in claims
            if claim.object and claim.object not in vocabulary.classes
            and claim.predicate in vocabulary.inverses]


def _contradict(
    left: Claim, right: Claim, vocabulary: Vocabulary, types: Mapping[str, frozenset[str]],
) -> bool:
    """Whether two claims on one subject cannot both hold."""
    if left.denied and right.denied:
        return False
    if left.denied or right.denied:
        affirmed, denied = (right, left) if left.denied else (left, right)
        return denied.predicate in vocabulary.above(affirmed.predicate) and _within(
            affirmed, denied, vocabulary, types)
    if left.predicate == right.predicate == RDF + "type":
        return _disjoint(str(left.object), str(right.object), vocabulary)
    shared = vocabulary.above(left.predicate) & vocabulary.above(right.predicate)
    if {left.object, right.object} & vocabulary.classes:
        return False  # some such thing may well be the one that is named
    return bool(shared & vocabulary.functional) and (left.object, left.value) != (
        right.object, right.value)


def _within(
    affirmed: Claim, denied: Claim, vocabulary: Vocabulary, types: Mapping[str, frozenset[str]],
) -> bool:
    """Whether what is affirmed falls under what is denied."""
    if denied.object is None or affirmed.object is None:
        return (affirmed.object, affirmed.value) == (denied.object, denied.value)
    kinds = {affirmed.object} | types.get(affirmed.object, frozenset())
    return any(denied.object in vocabulary.above(kind) for kind in kinds)


def _disjoint(left: str, right: str, vocabulary: Vocabulary) -> bool:
    return any(frozenset({above, other}) in vocabulary.disjoint
               for above in vocabulary.above(left) for other in vocabulary.above(right))


def plain_facts(layer: Layer, vocabulary: Vocabulary) -> list[Fact]:
    """The direct layer as triples: a class as object becomes membership in `some p.C`."""
    facts: list[Fact] = []
    for subject, predicate, target in layer.facts:
        if _is_class(target, vocabulary) and predicate != TYPE:
            restriction = _restriction(predicate, target)
            facts += [(subject, TYPE, restriction[0][0]), *restriction]
        else:
            facts.append((subject, predicate, target))
    return sorted(set(facts))


def negative_facts(layer: Layer, vocabulary: Vocabulary) -> list[Fact]:
    """The denied facts as OWL 2 says them (Structural Specification, section 9.6.5 and 8.1.3)."""
    facts: list[Fact] = []
    for number, (subject, predicate, target) in enumerate(layer.denials):
        if not _is_class(target, vocabulary):
            facts += _negative_assertion(f"_:denied{number}", subject, predicate, target)
            continue
        restriction = [] if predicate == TYPE else _restriction(predicate, target)
        negated = f"_:not{number}"
        facts += [(subject, TYPE, negated), (negated, TYPE, f"<{OWL}Class>"),
                  (negated, f"<{OWL}complementOf>", restriction[0][0] if restriction else target),
                  *restriction]
    return sorted(set(facts))


def _is_class(target: str, vocabulary: Vocabulary) -> bool:
    return target.startswith("<") and target[1:-1] in vocabulary.classes


def _restriction(predicate: str, target: str) -> list[Fact]:
    """`some p.C` under a blank node named by p and C, so that the same one is written once."""
    node = f"_:some-{_local(predicate)}-{_local(target)}"
    return [(node, TYPE, f"<{OWL}Restriction>"), (node, f"<{OWL}onProperty>", predicate),
            (node, f"<{OWL}someValuesFrom>", target)]


def _negative_assertion(node: str, subject: str, predicate: str, target: str) -> list[Fact]:
    aim = "targetIndividual" if target.startswith("<") else "targetValue"
    return [(node, TYPE, f"<{OWL}NegativePropertyAssertion>"),
            (node, f"<{OWL}sourceIndividual>", subject),
            (node, f"<{OWL}assertionProperty>", predicate), (node, f"<{OWL}{aim}>", target)]


def _local(term: str) -> str:
    return term.strip("<>").rpartition("/")[2].rpartition("#")[2]
