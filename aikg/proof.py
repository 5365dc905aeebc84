"""A proof: why a fact holds, down to the claims it rests on.

The rules of the ontology are run backwards over the query interface, so it works on any SPARQL
engine that holds the closure. First the cone of everything that could support the fact is gathered,
each fact once; then proofs grow upwards from its leaves. So no fact ever proves itself, however the
rules circle (symmetric, inverse and transitive properties do).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import permutations
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import Literal

from aikg.fact import TYPE, Fact
from aikg.names import AIKG, RDFS, compact
from aikg.store import Engine, batches

if TYPE_CHECKING:
    from aikg.rules import Rule

    Binding = Mapping[str, str]
    Premises = tuple[Fact, ...]
    Instance = tuple[Rule, Premises]

TOGETHER = 50
"""Patterns in one query. More would be fewer requests; but Oxigraph's time grows as the square."""
VARIABLE = re.compile(r"\?[A-Za-z]\w*")
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
  [] <{aikg}subject> {subject} ; <{aikg}predicate> ?predicate ; <{aikg}object> ?kind .
  ?predicate <{rdfs}subPropertyOf>* {predicate} .
  ?kind <{rdfs}subClassOf>* {kind} ; a <http://www.w3.org/2002/07/owl#Class> ."""


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
        """For each fact the firm claims that affirm it, many looked up in one query."""
        result: dict[Fact, tuple[str, ...]] = dict.fromkeys(facts, ())
        for part in batches(tuple(result)):
            rows = " ".join(f"({' '.join(fact)})" for fact in part)
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
            instances.update(self._instances(open_facts))
            frontier = sorted({premise for fact in open_facts for _, body in instances[fact]
                               for premise in body} - claims.keys())
            claims.update(self.claimed(frontier))
        yield claims, instances

    def _identifies(self, fact: Fact) -> bool:
        subject, predicate, target = fact
        return predicate == TYPE and compact(target[1:-1]) in self.kinds.get(
            compact(subject[1:-1]), ())

    def _instances(self, facts: Iterable[Fact]) -> dict[Fact, list[Instance]]:
        """For each fact each rule that gives it, with each choice of premises that hold."""
        found: dict[Fact, list[Instance]] = {fact: [] for fact in facts}
        ways = [(fact, rule, [substitute(pattern, binding) for pattern in rule.body])
                for fact in found for rule in self.rules.get(_key(fact), ()) if rule.head
                and (binding := match(rule.head, fact)) is not None]
        bodies = [body for _, _, body in ways]
        for (fact, rule, _), choices in zip(ways, self._premises(bodies), strict=True):
            found[fact] += [(rule, premises) for premises in choices]
        return found

    def _premises(self, bodies: Sequence[Sequence[Fact]]) -> list[list[Premises]]:
        """For each body the ways in which all its patterns hold at once.

        A claim that has a class as its object may stand for two of them: that x owns some platform
        says `x owns ?y` and `?y a Platform` of a thing without a name.
        """
        pairs = [(number, one, other) for number, body in enumerate(bodies)
                 for one, other in permutations(body, 2)
                 if (one[2], TYPE) == other[:2] and one[2][0] == "?" and "?" not in one[0][0]]
        matched = self._match([*map(_pattern, bodies),
                               *(_of_class(one, other) for _, one, other in pairs)])
        found = [[_filled(body, binding) for binding in bindings]
                 for body, bindings in zip(bodies, matched, strict=False)]
        claims = [(number, (one[0], row["?predicate"], row["?kind"]),
                   [pattern for pattern in bodies[number] if pattern not in (one, other)])
                  for (number, one, other), rows in zip(pairs, matched[len(bodies):], strict=True)
                  for row in rows]
        rests = self._match([_pattern(rest) for _, _, rest in claims])
        for (number, claim, rest), bindings in zip(claims, rests, strict=True):
            found[number] += [(*_filled(rest, binding), claim) for binding in bindings]
        return found

    def _match(self, patterns: Sequence[str]) -> list[list[Binding]]:
        """For each pattern the values of its variables, in order; many in one query."""
        found: list[list[Binding]] = []
        for start in range(0, len(patterns), TOGETHER):
            found += self._matched(patterns[start:start + TOGETHER])
        return found

    def _matched(self, patterns: Sequence[str]) -> list[list[Binding]]:
        branches = " UNION ".join(f"{{ {pattern} BIND({number} AS ?branch) }}"
                                  for number, pattern in enumerate(patterns))
        names = sorted({name for pattern in patterns for name in VARIABLE.findall(pattern)})
        listed = " ".join(names)
        solutions = self.engine.select(
            f"SELECT DISTINCT ?branch {listed} WHERE {{ {branches} }}")
        found: dict[str, list[Binding]] = {str(number): [] for number in range(len(patterns))}
        for branch, *terms in solutions.rows:
            if isinstance(branch, Literal) and branch.value in found:
                found[branch.value].append(
                    {name: str(term) for name, term in zip(names, terms, strict=True) if term})
        # Oxigraph gives up on ORDER BY where numbers stand among texts, as they may here.
        return [sorted(bindings, key=_order) for bindings in found.values()]


def _order(binding: Binding) -> list[tuple[str, bool, str]]:
    """IRIs before literals, as SPARQL orders them."""
    return [(name, term.startswith('"'), term.rstrip(">")) for name, term in binding.items()]


def _filled(body: Sequence[Fact], binding: Binding) -> Premises:
    return tuple(substitute(pattern, binding) for pattern in body)


def _pattern(body: Sequence[Fact]) -> str:
    return " . ".join(map(" ".join, body))


def _of_class(one: Fact, other: Fact) -> str:
    return OF_CLASS.format(aikg=AIKG, rdfs=RDFS, subject=one[0], predicate=one[1], kind=other[2])


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
