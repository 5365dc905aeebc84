"""A view: a set of claims, and the direct layer that follows from it.

direct layer = f(view). Nothing in the direct layer is typed by hand: each firm claim that is
affirmed yields its plain fact, each denied one a negative fact, and what is in dispute stays out
(DESIGN, section 5). Facts are triples of N-Triples terms, as the rules and the closure read them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from aikg.claim import Claim
from aikg.dispute import Vocabulary, contradictions
from aikg.fact import TYPE, Fact
from aikg.names import OWL

__all__ = ["Layer", "Vocabulary", "direct_layer", "fact_of", "negative_facts", "plain_facts"]


@dataclass(frozen=True)
class Layer:
    """The direct layer of a view."""

    facts: Mapping[Fact, tuple[str, ...]]
    """Each plain fact, with the IRIs of the claims behind it. A fact whose object is a class means
    that there is some such thing."""
    denials: Mapping[Fact, tuple[str, ...]]
    """Each denied fact, in the same form."""
    disputed: Mapping[Fact, tuple[str, ...]]
    """What each side of a dispute says, affirmed or denied, with its claims."""
    opponents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """For each claim in dispute, those that it contradicts; all by their IRIs."""


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
    claims = list(claims)
    clashing: dict[str, list[str]] = defaultdict(list)
    for dispute in contradictions(claims, vocabulary, types):
        clashing[dispute.one.iri].append(dispute.other.iri)
        clashing[dispute.other.iri].append(dispute.one.iri)
    facts: dict[Fact, list[str]] = defaultdict(list)
    denials: dict[Fact, list[str]] = defaultdict(list)
    disputed: dict[Fact, list[str]] = defaultdict(list)
    for claim in claims:
        if claim.iri in clashing and claim.asserted:
            disputed[fact_of(claim)].append(claim.iri)
        elif claim.iri not in clashing and claim.firm:
            (denials if claim.denied else facts)[fact_of(claim)].append(claim.iri)
    for fact in facts:  # another claim, which nothing contradicts, says it too
        disputed.pop(fact, None)
    return Layer(_sorted(facts), _sorted(denials), _sorted(disputed),
                 {name: tuple(sorted(others)) for name, others in sorted(clashing.items())})


def _sorted(side: Mapping[Fact, list[str]]) -> dict[Fact, tuple[str, ...]]:
    return {fact: tuple(sorted(names)) for fact, names in sorted(side.items())}


def widened(layer: Layer, vocabulary: Vocabulary) -> dict[Fact, tuple[str, ...]]:
    """What is in dispute, also by super-properties and inverses, with the claims of both sides.

    No more than that follows from it; stored queries ask by such properties.
    """
    found: dict[Fact, list[str]] = defaultdict(list)
    for (subject, predicate, target), claims in layer.disputed.items():
        names = [one for claim in claims for one in (claim, *layer.opponents[claim])]
        if _is_class(target, vocabulary) and predicate != TYPE:
            found[subject, predicate, target] += names
            continue
        for above in sorted(vocabulary.above(predicate[1:-1]) | {predicate[1:-1]}):
            found[subject, f"<{above}>", target] += names
            inverse = vocabulary.inverses.get(above)
            if inverse and target.startswith("<"):
                found[target, f"<{inverse}>", subject] += names
    return {fact: tuple(sorted({*names})) for fact, names in sorted(found.items())}


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
