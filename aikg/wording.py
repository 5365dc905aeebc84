"""Contradictions in words: each side with its proof, down to the claims that a person can mend."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from aikg.authored import Authored, short
from aikg.closure import Clash, Proof, proof
from aikg.fact import TYPE, Fact
from aikg.names import OWL, RDFS
from aikg.turtle import iri
from aikg.why import IDENTIFIES, sentence

Meaning = tuple[Fact, bool]
"""A plain fact, in which a class as object means "some such thing"; and whether it is denied."""


class Wording:
    """How the facts of a closure read, and which claims say them."""

    def __init__(self, authored: Authored) -> None:
        self.authored = authored
        self.nodes: dict[str, dict[str, str]] = {}
        for subject, predicate, target in authored.facts:
            if subject[0] == "_":
                self.nodes.setdefault(subject, {})[predicate] = target

    def meaning(self, fact: Fact) -> Meaning | None:
        """What a fact says; None where it only holds a part of another."""
        subject, predicate, target = fact
        if subject[0] == "_":
            parts = self.nodes.get(subject, {})
            if _SOURCE not in parts:
                return None
            goal = parts.get(_INDIVIDUAL) or parts[_VALUE]
            return (parts[_SOURCE], parts[_PROPERTY], goal), True
        denied = False
        if target[0] == "_" and _COMPLEMENT in self.nodes.get(target, {}):
            denied, target = True, self.nodes[target][_COMPLEMENT]
        parts = self.nodes.get(target, {}) if target[0] == "_" else {}
        if _ON in parts:
            predicate, target = parts[_ON], parts[_SOME]
        return (subject, predicate, target), denied

    def sentence(self, fact: Fact) -> str:
        """A fact in words."""
        meaning = self.meaning(fact)
        if meaning is None:
            return " ".join(fact)
        plain, denied = meaning
        kind = plain[1] != TYPE and plain[2][1:-1] in self._classes
        words = sentence(plain, self.authored.lexicon) + " (some such thing)" * kind
        return f"it is denied that {words}" if denied else words

    def claims(self, fact: Fact) -> tuple[str, ...]:
        """IRIs of the claims that say a fact, affirmed or denied."""
        meaning = self.meaning(fact)
        if meaning is None:
            return ()
        layer = self.authored.layer
        return (layer.denials if meaning[1] else layer.facts).get(meaning[0], ())

    def clash(self, clash: Clash) -> tuple[str, ...]:
        """The facts that cannot hold together, each with its proof, as lines."""
        shown: dict[object, Fact] = {}
        for fact in clash.facts:
            meaning = self.meaning(fact)
            if meaning is not None:
                shown.setdefault(meaning, fact)
        return tuple(line for fact in shown.values()
                     for line in self._lines(proof(self.authored.closure, fact), ""))

    def leaves(self, fact: Fact) -> tuple[str, ...]:
        """IRIs of the claims on which a fact of the closure rests, each once."""
        found: dict[str, None] = {}
        todo = [proof(self.authored.closure, fact)]
        while todo:
            step = todo.pop()
            found |= dict.fromkeys(self.claims(step.fact))
            todo += reversed(step.premises)
        return tuple(found)

    def _lines(self, step: Proof, margin: str) -> Iterator[str]:
        yield margin + self.sentence(step.fact)
        margin += "  "
        claims = self.claims(step.fact)
        for claim in claims:
            yield f"{margin}{short(claim)}: {self._comment(claim)}"
        if step.reason:
            axioms = (step.reason.rule.axiom, *(rule.axiom for rule in step.reason.through))
            yield f"{margin}because {'; '.join(axioms)}"
        elif not claims and self.meaning(step.fact):
            yield f"{margin}{IDENTIFIES}"
        for premise in step.premises:
            if self.meaning(premise.fact):
                yield from self._lines(premise, margin)

    def _comment(self, claim: str) -> str:
        texts = self.authored.described.get(claim, {}).get(RDFS + "comment", [])
        passages = self.authored.described.get(claim, {}).get(_STATED_IN, [])
        where = " ".join(iri(one).rpartition("/")[2] for one in passages)
        return f"{' '.join(str(getattr(text, 'value', '')) for text in texts)} [{where}]"

    @cached_property
    def _classes(self) -> frozenset[str]:
        return self.authored.sources.ontology.vocabulary.classes


_SOURCE, _PROPERTY = f"<{OWL}sourceIndividual>", f"<{OWL}assertionProperty>"
_INDIVIDUAL, _VALUE = f"<{OWL}targetIndividual>", f"<{OWL}targetValue>"
_COMPLEMENT, _ON, _SOME = (
    f"<{OWL}{name}>" for name in ("complementOf", "onProperty", "someValuesFrom"))
_STATED_IN = "https://w3id.org/aikg/ontology/statedIn"
