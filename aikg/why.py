"""Why: the proof of a fact down to claims and passages, or the reason why it does not hold."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode

from aikg.answer import Answer, Evidence, Row
from aikg.evidence import evidence_of, firmest, grade_of, weakest
from aikg.fact import TYPE, Fact
from aikg.graph import Graph
from aikg.lexicon import Lexicon
from aikg.names import AIKG, compact, expand
from aikg.proof import Proof, match, substitute
from aikg.render import render
from aikg.silence import DENIED, HEDGED, NEVER, Silence, firm, quoted

IDENTIFIES = "identification: it says what the thing is, and needs no claim"
CLAIMS = """
SELECT DISTINCT ?claim ?subject ?predicate ?object ?denied WHERE {{
  VALUES ?predicate {{ {predicates} }}
  ?claim <{aikg}predicate> ?predicate ; <{aikg}subject> ?subject .
  {{ ?claim <{aikg}object> ?object }} UNION {{ ?claim <{aikg}value> ?object }}
  OPTIONAL {{ ?claim <{aikg}denied> ?denied }}
}} ORDER BY ?claim"""
MEMBERS = f"SELECT ?group ?member WHERE {{ ?group <{AIKG}hasMember> ?member }}"


@dataclass(frozen=True)
class Explanation:
    """Why a fact holds: its proof, and what is to be known of each claim in it."""

    proof: Proof
    items: Mapping[str, Evidence]
    lexicon: Lexicon


def explain(fact: Fact, graph: Graph) -> Explanation | Silence:
    """Why a fact holds, or why it does not.

    The terms are N-Triples; a class as the object of a relation means "some such thing".
    """
    proof = None if _in_dispute(fact, graph) else graph.prover.prove([fact]).get(fact)
    if proof is None:
        return _Reason(fact, graph).silence()
    return Explanation(proof, evidence_of(proof.leaves(), graph.engine), graph.lexicon)


def row_of(proof: Proof | None, items: Mapping[str, Evidence]) -> Row:
    """Grade and evidence of a proof, as a row without columns; no grade for an identification."""
    found = tuple(items[leaf] for leaf in proof.leaves()) if proof else ()
    grades = [grade_of(item) for item in found]
    if proof is not None and proof.rule:
        return Row((), weakest(["inferred", *grades]), found)
    return Row((), firmest(grades) if grades else None, found)


def proof_text(explanation: Explanation) -> str:
    """The proof as a tree to read: each step with its axiom, each leaf with its claims."""
    return "\n".join(_tree(explanation.proof, explanation, "", "")) + "\n"


def proof_json(explanation: Explanation) -> str:
    """The proof as JSON: fact, grade, evidence, axiom and premises, which are such proofs again."""
    content = _nested(explanation.proof, explanation)
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def sentence(fact: Fact, lexicon: Lexicon) -> str:
    """A fact in words."""
    subject, predicate, target = (_words(term, lexicon) for term in fact)
    if fact[1] != TYPE:
        return f"{subject} {predicate} {target}"
    return f"{subject} is {'an' if target[:1].lower() in 'aeiou' else 'a'} {target}"


def _tree(proof: Proof, whole: Explanation, first: str, rest: str) -> Iterator[str]:
    """The lines of a proof; `first` stands before its fact, `rest` before all other lines."""
    yield first + sentence(proof.fact, whole.lexicon)
    for claim in proof.claims:
        item = whole.items[claim]
        yield f"{rest}  {grade_of(item)}: {quoted(item)}"
    if proof.rule:
        yield f"{rest}  because {proof.rule.axiom}"
    elif not proof.claims:
        yield f"{rest}  {IDENTIFIES}"
    for number, premise in enumerate(proof.premises, 1):
        last = number == len(proof.premises)
        branch, below = ("└─ ", "   ") if last else ("├─ ", "│  ")
        yield from _tree(premise, whole, rest + branch, rest + below)


def _nested(proof: Proof, whole: Explanation) -> dict[str, Any]:
    names = ("subject", "predicate", "object")
    row = row_of(proof, whole.items)
    evidence = tuple(whole.items[claim] for claim in proof.claims)
    [shown] = render(Answer((), (Row((), row.grade, evidence),), query="why"), "jsonl").splitlines()
    return {
        "fact": {name: _json_term(term, whole.lexicon)
                 for name, term in zip(names, proof.fact, strict=True)},
        "sentence": sentence(proof.fact, whole.lexicon),
        "axiom": proof.rule.axiom if proof.rule else None,
        "identification": not proof.rule and not proof.claims,
        **json.loads(shown),
        "premises": [_nested(premise, whole) for premise in proof.premises],
    }


def _json_term(term: str, lexicon: Lexicon) -> object:
    if not term.startswith("<"):
        return _words(term, lexicon)
    return {"iri": term[1:-1], "label": _words(term, lexicon)}


def _words(term: str, lexicon: Lexicon) -> str:
    """A term in words: the label of an IRI, the text of a literal."""
    if term == TYPE:
        return "type"
    return lexicon.label(term[1:-1]) if term.startswith("<") else term[1:].rpartition('"')[0]


def _in_dispute(fact: Fact, graph: Graph) -> bool:
    return graph.engine.query(
        f"ASK {{ GRAPH <https://w3id.org/aikg/graph/disputed> {{ {' '.join(fact)} }} }}",
        ("disputed",)) is True


class _Reason:
    """Finds why one fact does not hold, among the claims that come near to it."""

    def __init__(self, fact: Fact, graph: Graph) -> None:
        self.fact = fact
        self.graph = graph
        self.lexicon = graph.lexicon
        self.members = {(str(group), str(member))
                        for group, member in graph.engine.select(MEMBERS).rows}

    def silence(self) -> Silence:
        """The nearest kind: denied, in dispute, hedged, said of a group, or never claimed."""
        denied = self._claims(self._stronger(), denied=True)
        if denied:
            kind = "in dispute" if _in_dispute(self.fact, self.graph) else "denied"
            return Silence(DENIED, f"{kind}: {quoted(denied[0])}", tuple(denied))
        ways = self._ways()
        hedged = self._claims(ways, denied=False)
        if hedged:
            return Silence(HEDGED, f"{_manner(hedged[0])}: {quoted(hedged[0])}", tuple(hedged))
        against = self._claims(ways, denied=True)
        if against:
            return Silence(DENIED, f"not claimed; denied is: {quoted(against[0])}", tuple(against))
        return Silence(NEVER, f"never claimed: that {sentence(self.fact, self.lexicon)}")

    def _stronger(self) -> list[Fact]:
        """The fact, what follows from it by super-properties or super-classes, and the inverses.

        Whoever denies one of these denies the fact.
        """
        subject, predicate, target = self.fact
        if predicate == TYPE:
            return [(subject, TYPE, kind) for kind in self._above(target)]
        facts = [(subject, name, target) for name in self._above(predicate)]
        return [*facts, *(one for fact in facts for one in self._turned(fact))]

    def _above(self, term: str) -> list[str]:
        above = self.lexicon.above.get(compact(term[1:-1]), ())
        return [term, *(f"<{expand(curie)}>" for curie in above)]

    def _turned(self, fact: Fact) -> list[Fact]:
        return [premise for premise in self._premises(fact)
                if (premise[0], premise[2]) == (fact[2], fact[0])]

    def _ways(self) -> list[Fact]:
        """The fact, and patterns of what would give it by one premise, none of which holds."""
        ways = [self.fact]
        for pattern in ways:  # grows while it is read
            for premise in self._premises(pattern):
                if premise not in ways and not self._holds(premise):
                    ways.append(premise)
        return ways

    def _premises(self, pattern: Fact) -> Iterator[Fact]:
        """Premises that speak of all that the pattern speaks of; for a class, of the thing."""
        prover = self.graph.prover
        for rule in prover.rules.get((pattern[1], pattern[2] if pattern[1] == TYPE else ""), ()):
            binding = match(rule.head, pattern) if rule.head else None
            for premise in (substitute(part, binding) for part in rule.body) if binding else ():
                kept = {pattern[0]} if pattern[1] == TYPE else {pattern[0], pattern[2]}
                if kept <= {premise[0], premise[2]} and "∃" not in "".join(premise):
                    yield premise

    def _holds(self, pattern: Fact) -> bool:
        return self.graph.engine.query(f"ASK {{ {' '.join(pattern)} }}") is True

    def _claims(self, patterns: Sequence[Fact], denied: bool) -> list[Evidence]:
        """The claims that match one of the patterns and are denied, or are not."""
        predicates = " ".join(dict.fromkeys(pattern[1] for pattern in patterns))
        solutions = self.graph.engine.select(CLAIMS.format(aikg=AIKG, predicates=predicates))
        found: dict[str, None] = {}
        for claim, subject, predicate, target, denial in solutions.rows:
            said = (str(subject), str(predicate), str(target))
            if isinstance(claim, NamedNode) and (denial is not None) == denied and any(
                    self._covers(said, pattern) for pattern in patterns):
                found[claim.value] = None
        items = evidence_of(found, self.graph.engine)
        return [items[claim] for claim in found]

    def _covers(self, said: Fact, pattern: Fact) -> bool:
        """Whether what is said speaks of the pattern; a class or group stands for its members."""
        return said[1] == pattern[1] and all(
            wanted.startswith("?") or wanted == one or self._falls_under(wanted, one)
            for one, wanted in ((said[0], pattern[0]), (said[2], pattern[2])))

    def _falls_under(self, wanted: str, one: str) -> bool:
        if not wanted.startswith("<"):
            return wanted[1:].rpartition('"')[0] == one[1:].rpartition('"')[0]
        thing, kind = compact(wanted[1:-1]), compact(one[1:-1])
        return ((one, wanted) in self.members or kind in self.lexicon.types.get(thing, ())
                or kind in self.lexicon.above.get(thing, ()))


def _manner(item: Evidence) -> str:
    if item.said_of == "group":
        return "said only of the group"
    if item.attributed_to:
        return f"said only by {compact(item.attributed_to)}"
    return "said only of some such thing" if firm(item) else f"only {item.modality}"
