"""The closure: all that follows from facts by rules, each fact with the reason it was found for.

Semi-naive forward chaining: a fact is joined once with those found before it, so a reason rests on
earlier facts only and reasons never run in a circle. There is no equality: each name is another
thing, as the owl:AllDifferent of the graph says.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from operator import itemgetter

from aikg.fact import TYPE, Fact
from aikg.matching import FactIndex, fill, match
from aikg.names import OWL
from aikg.rules import HIDDEN, OWL_THING, UNNAMED, Pattern, Rule, some

_ON_PROPERTY, _SOME_VALUES_FROM = f"<{OWL}onProperty>", f"<{OWL}someValuesFrom>"
MEMBERSHIP_WORDS = frozenset({_ON_PROPERTY, _SOME_VALUES_FROM})
"""The predicates that make a blank node a class `p some C`."""
MEMBERSHIP = Rule("ObjectSomeValuesFrom: whoever is in `p some C` has a p that is a C", None, ())
"""The rule by which a membership gives a filler: no axiom of the ontology."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a fact holds: a rule, and the facts that its body matched."""

    rule: Rule
    premises: tuple[Fact, ...]
    """Facts of the closure; a filler without a name is replaced by the membership it is from."""
    through: tuple[Rule, ...] = ()
    """The rules that say more of such a filler, such as ConsumerPlatform SubClassOf Platform."""


class Closure(dict[Fact, Reason | None]):
    """Every fact with its reason, None where it was given; premises stand before conclusions."""

    def __init__(self, reasons: Mapping[Fact, Reason | None]) -> None:
        self.unnamed = {fact: reason for fact, reason in reasons.items()
                        if reason and is_hidden(fact)}
        """Facts about fillers without a name: not of the graph, but a clash may rest on them."""
        super().__init__((fact, reason and _named(reason, self.unnamed))
                         for fact, reason in reasons.items() if fact not in self.unnamed)


@dataclass(frozen=True, slots=True)
class Clash:
    """A contradiction: a clash rule, and the facts of the closure that it cannot have together."""

    rule: Rule
    facts: tuple[Fact, ...]
    through: tuple[Rule, ...] = ()
    """As in a Reason."""


@dataclass(frozen=True, eq=False)
class Proof:
    """A fact with its reason (None: given) and the proof of each premise."""

    fact: Fact
    reason: Reason | None
    premises: tuple[Proof, ...]


def close(facts: Iterable[Fact], rules: Iterable[Rule]) -> Closure:
    """All facts that follow by the rules, those given included.

    The same closure, with the same reasons, in whatever order facts and rules come. A membership in
    `p some C`, given as OWL 2 maps it to RDF (a blank node with owl:onProperty and
    owl:someValuesFrom), counts as a value of p without a name that is a C.
    """
    given = sorted(set(facts))
    engine = _Engine(rules)
    for fact in given:
        engine.add(fact, None)
    for fact, membership in witnesses(given).items():
        engine.add(fact, Reason(MEMBERSHIP, (membership,)))
    engine.run()
    return Closure(engine.reasons)


def clashes(closure: Closure, rules: Iterable[Rule]) -> list[Clash]:
    """Every way in which the closure contradicts a clash rule, sorted; none: it is consistent.

    `rules` are those it was closed with.
    """
    store = FactIndex()
    for fact in (*closure, *closure.unnamed):
        store.add(fact)
    found: dict[tuple[str, frozenset[Fact]], Clash] = {}
    for rule in rules:
        for binding in store.matches(rule.body, rule.conditions, {}) if not rule.head else ():
            facts = tuple(sorted(fill(pattern, binding) for pattern in rule.body))
            reason = _named(Reason(rule, facts), closure.unnamed)
            clash = Clash(rule, reason.premises, reason.through)
            found.setdefault((rule.axiom, frozenset(clash.facts)), clash)
    return sorted(found.values(), key=lambda clash: (clash.rule.axiom, clash.facts))


def proof(closure: Closure, fact: Fact) -> Proof:
    """The tree of reasons of a fact, down to given facts. Raises KeyError if it does not follow.

    A fact that is needed twice has one proof, which both places share.
    """
    proofs: dict[Fact, Proof] = {}
    todo = [fact]
    while todo:  # no recursion: a chain of reasons may be longer than Python's stack
        reason = closure[todo[-1]]
        missing = [one for one in (reason.premises if reason else ()) if one not in proofs]
        if missing:
            todo += missing
            continue
        done = todo.pop()
        premises = tuple(proofs[one] for one in (reason.premises if reason else ()))
        proofs[done] = Proof(done, reason, premises)
    return proofs[fact]


def witnesses(facts: Collection[Fact]) -> dict[Fact, Fact]:
    """What memberships in `p some C` say of their fillers: each fact, with the membership.

    The fillers are terms of our own that depend on subject, property and class alone; a prover that
    runs rules backwards adds these facts to those of the store.
    """
    kinds: dict[str, str] = {}
    parts = {(node, predicate): term for node, predicate, term in facts
             if predicate in MEMBERSHIP_WORDS}
    for node, predicate in parts:
        if predicate == _ON_PROPERTY and (node, _SOME_VALUES_FROM) in parts:
            kinds[node] = some(parts[node, _ON_PROPERTY], parts[node, _SOME_VALUES_FROM])
    return {fact: membership for membership in facts
            if membership[1] == TYPE and membership[2] in kinds
            for fact in filler(membership[0], kinds[membership[2]])}


def is_hidden(fact: Fact) -> bool:
    """Whether a fact is about a filler without a name or a class `p some C`."""
    return fact[0][0] == HIDDEN or fact[2][0] == HIDDEN


def filler(subject: str, kind: str) -> list[Fact]:
    """The facts about the unnamed filler of a member of the class `p some C`."""
    prop, _, rest = kind.removeprefix(HIDDEN).partition(">")
    prop, value = prop + ">", some(subject, kind)
    return [(subject, prop, value)] + [(value, TYPE, rest)] * (rest != OWL_THING)


def _named(reason: Reason, unnamed: Mapping[Fact, Reason]) -> Reason:
    """The reason with each premise about an unnamed filler replaced by what that rests on."""
    if not any(map(is_hidden, reason.premises)):
        return reason
    premises: dict[Fact, None] = {}
    through: dict[Rule, None] = {}
    todo, seen = list(reversed(reason.premises)), set()
    while todo:
        fact = todo.pop()
        inner = unnamed.get(fact)
        if inner is None:
            premises[fact] = None
        elif fact not in seen:
            seen.add(fact)
            through[inner.rule] = None
            todo += reversed(inner.premises)
    through.pop(MEMBERSHIP, None)
    return Reason(reason.rule, tuple(premises), tuple(through))


class _Trigger:
    """A rule that waits for a fact at one place of its body."""

    def __init__(self, rule: Rule, number: int) -> None:
        self.rule = rule
        self.head = rule.head or ("", "", "")
        self.pattern = rule.body[number]
        self.rest = rule.body[:number] + rule.body[number + 1:]
        self.project = None if self.rest or rule.conditions else _projection(
            self.pattern, self.head)

    @property
    def key(self) -> tuple[str, str]:
        """What to find it by: predicate and object of the fact, or no object where any will do."""
        if any(word == UNNAMED and term in self.pattern for term, word, _ in self.rule.conditions):
            return self.pattern[1], HIDDEN
        return self.pattern[1], "" if self.pattern[2][0] == "?" else self.pattern[2]


def _projection(pattern: Pattern, head: Pattern) -> Callable[[tuple[str, ...]], Fact] | None:
    """From the terms of a fact and of the head, in a row, to the conclusion.

    For the rules that make up most of a closure, those of one pattern; None where matching the
    fact has to compare terms beyond what the trigger's key has compared.
    """
    subject, _, object_ = pattern
    if subject[0] != "?" or subject == object_:
        return None
    places = (pattern.index(term) if term[0] == "?" else 3 + number
              for number, term in enumerate(head))
    return itemgetter(*places)


class _Engine:
    """The closure in the making."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.reasons: dict[Fact, Reason | None] = {}
        self.store = FactIndex()
        self.queue: deque[Fact] = deque()
        self.memberships: list[Fact] = []
        self.triggers: dict[tuple[str, str], list[_Trigger]] = defaultdict(list)
        for rule in sorted({rule for rule in rules if rule.head}, key=_rule_key):
            for number in range(len(rule.body)):
                trigger = _Trigger(rule, number)
                self.triggers[trigger.key].append(trigger)

    def add(self, fact: Fact, reason: Reason | None) -> None:
        """Take in a new fact."""
        self.reasons[fact] = reason
        self.queue.append(fact)

    def run(self) -> None:
        """Conclude until nothing new follows."""
        while self.queue:
            while self.queue:
                self._join(self.queue.popleft())
            self._expand()

    def _join(self, fact: Fact) -> None:
        """All that follows from a fact together with those joined before it."""
        _, predicate, object_ = fact
        if object_[0] == HIDDEN and predicate == TYPE:
            self.memberships.append(fact)
            return
        self.store.add(fact)
        self._fire((predicate, ""), fact)
        self._fire((predicate, object_), fact)
        if is_hidden(fact):
            self._fire((predicate, HIDDEN), fact)

    def _fire(self, key: tuple[str, str], fact: Fact) -> None:
        for trigger in self.triggers.get(key, ()):
            rule = trigger.rule
            if trigger.project:
                head = trigger.project((*fact, *trigger.head))
                if head not in self.reasons:
                    self.add(head, Reason(rule, (fact,)))
                continue
            start = match(trigger.pattern, fact, {})
            if start is None:
                continue
            for binding in self.store.matches(trigger.rest, rule.conditions, start):
                head = fill(trigger.head, binding)
                if head not in self.reasons:
                    self.add(head, Reason(rule, tuple(fill(one, binding) for one in rule.body)))

    def _expand(self) -> None:
        """Fillers for members of a defined class that have none, as its definition demands."""
        for membership in self.memberships:
            member, _, kind = membership
            # Definitions may call for each other without end. The second filler of a kind within
            # another may still turn out to be its neighbour with a name; a third says nothing new.
            if member.count(kind) < 2 and not self._has_filler(member, kind):
                for fact in filler(member, kind):
                    self.add(fact, Reason(MEMBERSHIP, (membership,)))
        self.memberships.clear()

    def _has_filler(self, member: str, kind: str) -> bool:
        [(_, prop, _), *types] = filler(member, kind)
        values = [value for _, _, value in self.store.by_subject.get((prop, member), ())]
        return any(not types or (value, TYPE, types[0][2]) in self.store.facts for value in values)


def _rule_key(rule: Rule) -> tuple[object, ...]:
    return rule.axiom, rule.head or (), rule.body, rule.conditions
