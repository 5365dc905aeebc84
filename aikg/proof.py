"""A proof: why a fact holds, down to the claims it rests on.

The rules of the ontology are run backwards over the query interface, so it works on any SPARQL
engine that holds the closure. First the cone of everything that could support the fact is gathered,
each fact once; then proofs grow upwards from its leaves. So no fact ever proves itself, however the
rules circle (symmetric, inverse and transitive properties do).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import permutations
from typing import TYPE_CHECKING, NamedTuple

from aikg.fact import TYPE, Fact
from aikg.names import AIKG, RDFS, compact
from aikg.store import Engine

if TYPE_CHECKING:
    from aikg.rules import Rule

    Instance = tuple[Rule, tuple[Fact, ...]]

CLAIMED = """
SELECT ?s ?p ?o ?claim WHERE {{
  VALUES (?s ?p ?o) {{ {rows} }}
  ?claim <{aikg}subject> ?s ; <{aikg}predicate> ?p ; <{aikg}modality> ?modality .
  {{ ?claim <{aikg}object> ?o }} UNION {{ ?claim <{aikg}value> ?o }}
  FILTER(?modality IN (<{aikg}Stated>, <{aikg}Evaluated>))
  FILTER NOT EXISTS {{ ?claim <{aikg}denied> true }}
  FILTER NOT EXISTS {{ ?claim <{aikg}attributedTo>|<{aikg}condition> ?other }}
}} ORDER BY ?claim"""
OF_CLASS = """
SELECT DISTINCT ?predicate ?kind WHERE {{
  ?claim <{aikg}subject> {subject} ; <{aikg}predicate> ?predicate ; <{aikg}object> ?kind .
  ?predicate <{rdfs}subPropertyOf>* {predicate} .
  ?kind <{rdfs}subClassOf>* {kind} ; a <http://www.w3.org/2002/07/owl#Class> .
}} ORDER BY ?predicate ?kind"""


class Proof(NamedTuple):
    """A fact with what it rests on: claims, or a rule and proofs of its premises.

    With neither, the fact only identifies something (its kind, its name) and needs no claim.
    """

    fact: Fact
    claims: tuple[str, ...] = ()
    """IRIs of the claims that say it."""
    rule: Rule | None = None
    premises: tuple[Proof, ...] = ()

    def leaves(self) -> tuple[str, ...]:
        """The claims at the leaves, each once, in the order of the proof."""
        return tuple(dict.fromkeys(self._leaves()))

    def _leaves(self) -> Iterator[str]:
        yield from self.claims
        for premise in self.premises:
            yield from premise._leaves()




class Prover:
    """Proves facts over one engine."""

    def __init__(
        self, engine: Engine, rules: Callable[[], Iterable[Rule]],
        kinds: Callable[[], Mapping[str, Sequence[str]]],
    ) -> None:
        """`rules` gives those of the ontology, `kinds` the authored classes of each thing.

        Both are called only when a fact has no claim of its own.
        """
        self.engine = engine
        self._load_rules = rules
        self._load_kinds = kinds

    @cached_property
    def kinds(self) -> Mapping[str, Sequence[str]]:
        """The authored classes of each thing, as CURIEs."""
        return self._load_kinds()

    @cached_property
    def rules(self) -> Mapping[tuple[str, str], Sequence[Rule]]:
        """The rules that give facts, by what they give."""
        found: dict[tuple[str, str], list[Rule]] = {}
        for rule in self._load_rules():
            if rule.head and not rule.conditions:
                found.setdefault(_key(rule.head), []).append(rule)
        return found

    def prove(self, facts: Iterable[Fact]) -> dict[Fact, Proof]:
        """A proof of each fact that holds; those that do not are left out."""
        wanted = list(dict.fromkeys(facts))
        proofs: dict[Fact, Proof] = {}
        for claims, instances in self._cones(wanted):
            proofs = {fact: Proof(fact, names) for fact, names in claims.items()
                      if names or self._identifies(fact)}
            grown = True
            while grown and not all(fact in proofs for fact in wanted):
                found = {fact: proof for fact, choices in instances.items() if fact not in proofs
                         if (proof := _first(fact, choices, proofs))}
                proofs.update(found)
                grown = bool(found)
            if all(fact in proofs for fact in wanted):
                break
        return {fact: proofs[fact] for fact in wanted if fact in proofs}

    def claimed(self, facts: Iterable[Fact]) -> dict[Fact, tuple[str, ...]]:
        """For each fact the firm claims that affirm it, looked up in one query."""
        result: dict[Fact, tuple[str, ...]] = dict.fromkeys(facts, ())
        if result:
            rows = " ".join(f"({' '.join(fact)})" for fact in result)
            for *terms, claim in self.engine.select(CLAIMED.format(rows=rows, aikg=AIKG)).rows:
                fact = _fact(map(str, terms))
                if fact in result and claim is not None:
                    result[fact] = (*result[fact], claim.value)
        return result

    def _cones(
        self, wanted: Sequence[Fact],
    ) -> Iterator[tuple[dict[Fact, tuple[str, ...]], dict[Fact, list[Instance]]]]:
        """What could support the wanted facts, one step further each time, until it is everything.

        The claims of each fact, and the rule instances that give it. A proof of a few steps lies
        within as many, so the rest, which may be a good part of a large graph, is not gathered.
        """
        instances: dict[Fact, list[Instance]] = {}
        frontier = list(wanted)
        claims = self.claimed(frontier)
        while frontier:
            yield claims, instances
            open_facts = [fact for fact in frontier
                          if not claims[fact] and not self._identifies(fact)]
            instances.update({fact: list(self._instances(fact)) for fact in open_facts})
            frontier = sorted({premise for fact in open_facts for _, body in instances[fact]
                               for premise in body} - claims.keys())
            claims.update(self.claimed(frontier))
        yield claims, instances

    def _identifies(self, fact: Fact) -> bool:
        subject, predicate, target = fact
        return predicate == TYPE and compact(target[1:-1]) in self.kinds.get(
            compact(subject[1:-1]), ())

    def _instances(self, fact: Fact) -> Iterator[Instance]:
        """Each rule that gives the fact, with each choice of premises that hold."""
        for rule in self.rules.get(_key(fact), ()):
            binding = match(rule.head, fact) if rule.head else None
            if binding is None:
                continue
            body = [substitute(pattern, binding) for pattern in rule.body]
            yield from ((rule, premises) for premises in self._solve(body))
            yield from ((rule, premises) for premises in self._by_class(body))

    def _solve(self, body: Sequence[Fact]) -> Iterator[tuple[Fact, ...]]:
        """The ways in which all patterns of a body hold at once."""
        names = sorted({term for pattern in body for term in pattern if term.startswith("?")})
        patterns = " . ".join(" ".join(pattern) for pattern in body)
        if not body:
            yield ()
            return
        if not names:
            if self.engine.query(f"ASK {{ {patterns} }}") is True:
                yield tuple(body)
            return
        listed = " ".join(names)
        query = f"SELECT DISTINCT {listed} WHERE {{ {patterns} }} ORDER BY {listed}"
        for row in self.engine.select(query).rows:
            binding = dict(zip(names, map(str, row), strict=True))
            yield tuple(substitute(pattern, binding) for pattern in body)


    def _by_class(self, body: Sequence[Fact]) -> Iterator[tuple[Fact, ...]]:
        """The ways in which a claim that has a class as its object stands for two premises.

        That x owns some platform says `x owns ?y` and `?y a Platform` of a thing without a name.
        """
        for one, other in permutations(body, 2):
            subject, predicate, filler = one
            if (filler, TYPE) == other[:2] and filler[0] == "?" and "?" not in subject[0]:
                rest = [pattern for pattern in body if pattern not in (one, other)]
                query = OF_CLASS.format(aikg=AIKG, rdfs=RDFS, subject=subject, predicate=predicate,
                                        kind=other[2])
                for named, kind in self.engine.select(query).rows:
                    for premises in self._solve(rest):
                        yield (*premises, _fact((subject, str(named), str(kind))))


def _first(
    fact: Fact, choices: Iterable[Instance], proofs: Mapping[Fact, Proof],
) -> Proof | None:
    """The first rule instance whose premises are all proved."""
    for rule, body in choices:
        if all(premise in proofs for premise in body):
            return Proof(fact, (), rule, tuple(proofs[premise] for premise in body))
    return None


def _key(pattern: Fact) -> tuple[str, str]:
    """Rules are found by predicate, those for a type also by the class."""
    return (pattern[1], pattern[2] if pattern[1] == TYPE else "")


def match(pattern: Fact, fact: Fact) -> dict[str, str] | None:
    """The values of a pattern's variables that make it the fact; None if none do."""
    binding: dict[str, str] = {}
    for term, value in zip(pattern, fact, strict=True):
        if term.startswith("?"):
            if binding.setdefault(term, value) != value:
                return None
        elif term != value:
            return None
    return binding


def substitute(pattern: Fact, binding: Mapping[str, str]) -> Fact:
    """A pattern with its variables replaced where they have a value."""
    return _fact(binding.get(term, term) for term in pattern)


def _fact(terms: Iterable[str]) -> Fact:
    subject, predicate, target = terms
    return (subject, predicate, target)
