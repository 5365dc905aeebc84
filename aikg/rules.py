"""Rules: the ontology's axioms as Horn rules, which an engine runs forwards or backwards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from aikg.fact import TYPE
from aikg.names import OWL, XSD, compact, expand

if TYPE_CHECKING:
    from pyoxigraph import Triple

    from aikg.axioms import Axiom

Pattern = tuple[str, str, str]
"""A fact in which a term may be a variable, `?x`; or a condition, with one of the words below."""

# A condition asks something of bound terms: (term, word, term).
DIFFERENT = "different"
"""Two names, or two literals of different value. What has no name may be anything."""
SAME = "same"
"""One term, or two literals of the same value, such as 1 and 1.0."""
OUTSIDE = "outside"
"""A literal whose value does not lie in the datatype."""
UNNAMED = "unnamed"
"""Something that exists by a membership in `p some C` and has no name; said of itself."""
CONDITIONS = (DIFFERENT, SAME, OUTSIDE, UNNAMED)

HIDDEN = "∃"
"""First letter of terms that are no node of the graph: the class `p some C`, and its fillers."""

OWL_THING = f"<{OWL}Thing>"


@dataclass(frozen=True)
class Rule:
    """What follows where all patterns of the body match facts and all conditions hold.

    A prover that runs rules backwards over named things needs those with a head of named terms and
    without conditions: the others are clash rules, or speak of fillers without a name.
    """

    axiom: str
    """The axiom in one readable line, with CURIEs."""
    head: Pattern | None
    """The conclusion; None in a clash rule, whose body is a contradiction."""
    body: tuple[Pattern, ...]
    conditions: tuple[Pattern, ...] = ()


def some(prop: str, filler: str) -> str:
    """The term for the class `prop some filler`, in the head of a rule."""
    return f"{HIDDEN}{prop}{filler}"


def rules_to_json(rules: Iterable[Rule]) -> list[Any]:
    """The rules as lists of texts: axiom, head or null, then the body and the conditions."""
    return [[rule.axiom, rule.head and _short(rule.head),
             *map(_short, (*rule.body, *rule.conditions))] for rule in rules]


def rules_from_json(rows: Iterable[Sequence[Any]]) -> tuple[Rule, ...]:
    """The rules that `rules_to_json` wrote."""
    terms: dict[str, str] = {}
    rules = []
    for axiom, head, *rest in rows:
        patterns = [_long(pattern, terms) for pattern in rest]
        body = tuple(pattern for pattern in patterns if pattern[1] not in CONDITIONS)
        rules.append(Rule(axiom, head and _long(head, terms), body, tuple(patterns[len(body):])))
    return tuple(rules)


def _short(pattern: Pattern) -> list[str]:
    return [compact(term[1:-1]) if term[0] == "<" else term for term in pattern]


def _long(pattern: Sequence[str], terms: dict[str, str]) -> Pattern:
    for term in pattern:
        if term not in terms:
            terms[term] = _term(term)
    subject, predicate, object_ = pattern
    return terms[subject], terms[predicate], terms[object_]


def _term(text: str) -> str:
    """A CURIE or bare IRI as `<iri>`; variables, literals, hidden terms and words stay."""
    if text[0] in '?"_' + HIDDEN or text in CONDITIONS:
        return text
    return f"<{expand(text) or text}>"


def holds(condition: Pattern) -> bool:
    """Whether a condition, its variables replaced by terms, holds."""
    one, word, other = condition
    if word == UNNAMED:
        return one[0] == HIDDEN
    if word == OUTSIDE:
        return not _lies_in(one, other)
    if word == SAME:
        return _value(one) == _value(other)
    return one[0] in '<"' and other[0] in '<"' and _value(one) != _value(other)


def _lies_in(literal: str, datatype: str) -> bool:
    kind, value = _value(literal)
    wanted = datatype[1:-1].removeprefix(XSD)
    if wanted == "integer":
        return isinstance(value, Decimal) and value == value.to_integral_value()
    return kind == wanted


def _value(term: str) -> tuple[str, object]:
    """The value space and the value of a literal; terms that denote one thing have one value."""
    if term[0] != '"':
        return "", term
    text, _, tag = term[1:].rpartition('"')
    kind = tag.removeprefix(f"^^<{XSD}").removesuffix(">") or "string"
    try:
        if kind in ("integer", "decimal"):
            return "decimal", Decimal(text)
        if kind == "boolean":
            return kind, {"true": True, "1": True, "false": False, "0": False}[text]
        return kind, datetime.fromisoformat(text) if kind == "dateTime" else text
    except (ArithmeticError, LookupError, ValueError):
        return "ill-typed", term


def compile_rules(triples: Iterable[Triple]) -> tuple[Rule, ...]:
    """The rules of an ontology, given all its triples, those of its imports included.

    The same rules in the same order, in whatever order the triples come. The rules for negative
    assertions and memberships, which the direct layer uses, are always among them.
    Raises OntologyError as `axioms.read_axioms` does: no axiom is skipped.
    """
    from aikg.axioms import read_axioms

    axioms = read_axioms(triples)
    rules = [rule for axiom in axioms for rule in _rules(axiom)]
    return tuple(dict.fromkeys([*rules, *_merges(axioms), *_negations()]))


# `A` and `B` are the axiom's terms, `a` is rdf:type; a rule without a head is a clash.
_TEMPLATES = {
    "SubClassOf": ("?x a B <- ?x a A",),
    "DisjointClasses": ("<- ?x a A, ?x a B",),
    "ObjectComplementOf": ("<- ?x a A, ?x a B",),
    "ObjectPropertyDomain": ("?x a B <- ?x A ?y",),
    "DataPropertyDomain": ("?x a B <- ?x A ?y",),
    "ObjectPropertyRange": ("?y a B <- ?x A ?y",),
    "DataPropertyRange": ("<- ?x A ?y, ?y outside B",),
    "SubObjectPropertyOf": ("?x B ?y <- ?x A ?y",),
    "SubDataPropertyOf": ("?x B ?y <- ?x A ?y",),
    "InverseObjectProperties": ("?y B ?x <- ?x A ?y", "?y A ?x <- ?x B ?y"),
    "SymmetricObjectProperty": ("?y A ?x <- ?x A ?y",),
    "TransitiveObjectProperty": ("?x A ?z <- ?x A ?y, ?y A ?z",),
    "IrreflexiveObjectProperty": ("<- ?x A ?x",),
    "AsymmetricObjectProperty": ("<- ?x A ?y, ?y A ?x",),
    # The second: the one value of the property is all that is known of a value without a name.
    "FunctionalObjectProperty": (
        "<- ?x A ?y, ?x A ?z, ?y different ?z",
        "?y a ?c <- ?x A ?y, ?x A ?z, ?z a ?c, ?z unnamed ?z"),
    "FunctionalDataProperty": ("<- ?x A ?y, ?x A ?z, ?y different ?z",),
    "DisjointObjectProperties": ("<- ?x A ?y, ?x B ?y",),
    "DisjointDataProperties": ("<- ?x A ?y, ?x B ?z, ?y same ?z",),
}
_NEGATIONS = {
    "not C": "<- ?x a ?n, ?n owl:complementOf ?c, ?x a ?c",
    "not (p some C)": "<- ?x a ?n, ?n owl:complementOf ?r, ?r owl:onProperty ?p,"
                      " ?r owl:someValuesFrom ?c, ?x ?p ?y, ?y a ?c",
    "NegativeObjectPropertyAssertion": "<- ?n owl:sourceIndividual ?x, ?n owl:assertionProperty ?p,"
                                       " ?n owl:targetIndividual ?y, ?x ?p ?y",
    "NegativeDataPropertyAssertion": "<- ?n owl:sourceIndividual ?x, ?n owl:assertionProperty ?p,"
                                     " ?n owl:targetValue ?y, ?x ?p ?z, ?y same ?z",
}


def _rules(axiom: Axiom) -> Iterator[Rule]:
    if axiom.name == "EquivalentClasses":
        rules = _definition(axiom)
    elif axiom.name == "ObjectPropertyChain":
        steps = [(f"?x{number}", step, f"?x{number + 1}")
                 for number, step in enumerate(axiom.terms[1:])]
        rules = iter([Rule(axiom.text, ("?x0", axiom.terms[0], steps[-1][2]), tuple(steps))])
    else:
        rules = (_fill(axiom.text, template, *axiom.terms) for template in _TEMPLATES[axiom.name])
    yield from (rule for rule in rules if not (rule.head and rule.head[1:] == (TYPE, OWL_THING)))


def _fill(axiom: str, template: str, a: str = "", b: str = "") -> Rule:
    words = {"A": a, "B": b, "a": TYPE}

    def pattern(text: str) -> Pattern:
        subject, predicate, object_ = (words.get(word) or _term(word) for word in text.split())
        return subject, predicate, object_

    head, _, rest = template.partition("<-")
    patterns = [pattern(text) for text in rest.split(",")]
    body = tuple(one for one in patterns if one[1] not in CONDITIONS)
    return Rule(axiom, pattern(head) if head else None, body, tuple(patterns[len(body):]))


def _definition(axiom: Axiom) -> Iterator[Rule]:
    """Whoever has all parts is a member, and a member has each part."""
    [defined] = axiom.terms
    body: list[Pattern] = []
    for number, (term, word, value) in enumerate(axiom.parts):
        filler = f"?y{number}"
        if word == "some":
            body += [("?x", term, filler)] + [(filler, TYPE, value)] * (value != OWL_THING)
            part = ("?x", TYPE, some(term, value))
        else:
            part = ("?x", term, value) if word else ("?x", TYPE, term)
            body.append(part)
        yield Rule(axiom.text, part, (("?x", TYPE, defined),))
    yield Rule(axiom.text, ("?x", TYPE, defined), tuple(body))


def _merges(axioms: Iterable[Axiom]) -> Iterator[Rule]:
    """The value of a functional property is also what a property below relates to."""
    from aikg.axioms import reach

    below: dict[str, list[str]] = defaultdict(list)
    for axiom in axioms:
        if axiom.name == "SubObjectPropertyOf":
            below[axiom.terms[1]].append(axiom.terms[0])
    for axiom in axioms:
        if axiom.name == "FunctionalObjectProperty":
            [prop] = axiom.terms
            for lower in sorted(reach([prop], below) - {prop}):
                yield _fill(axiom.text, "?x B ?y <- ?x A ?y, ?x B ?z, ?z unnamed ?z", prop, lower)


def _negations() -> Iterator[Rule]:
    yield from (_fill(text, template) for text, template in _NEGATIONS.items())
