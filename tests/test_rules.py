"""Each axiom gives its rules, which survive JSON."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import Triple

from aikg.names import OWL, XSD
from aikg.rules import (
    CONDITIONS,
    DIFFERENT,
    OUTSIDE,
    SAME,
    UNNAMED,
    Rule,
    compile_rules,
    holds,
    rules_from_json,
    rules_to_json,
    some,
)
from aikg.turtle import read
from tests.owl import DECLARED, SOME, both, defined, on_p, triples

ONTOLOGY = sorted((Path(__file__).parent.parent / "ontology").glob("*.ttl"))

FUNCTIONAL = "p Characteristics Functional"
SEVEN = f'"7"^^<{XSD}integer>'


def real() -> list[Triple]:
    return [triple for path in ONTOLOGY for triple in read(str(path))]


def compiled(turtle: str) -> list[str]:
    """The rules of an ontology, beyond those that every ontology has, as `axiom: head <- body`."""
    always = set(compile_rules([]))
    rules = [rule for rule in compile_rules(triples(DECLARED + turtle)) if rule not in always]
    return [text(rule) for rule in rules]


def text(rule: Rule) -> str:
    [[axiom, head, *patterns]] = rules_to_json([rule])
    body = ", ".join(" ".join(pattern) for pattern in patterns)
    return f"{axiom}: {' '.join([*(head or []), '<-'])} {body}".replace("aikg:", "")


@pytest.mark.parametrize(("turtle", "expected"), [
    ("aikg:A rdfs:subClassOf aikg:B .",
     ["A SubClassOf B: ?x rdf:type B <- ?x rdf:type A"]),
    ("aikg:A rdfs:subClassOf owl:Thing .", []),
    ("aikg:A owl:disjointWith aikg:B .",
     ["A DisjointWith B: <- ?x rdf:type A, ?x rdf:type B"]),
    ("[] a owl:AllDisjointClasses ; owl:members ( aikg:C aikg:A aikg:B ) .",
     ["A DisjointWith B: <- ?x rdf:type A, ?x rdf:type B",
      "A DisjointWith C: <- ?x rdf:type A, ?x rdf:type C",
      "B DisjointWith C: <- ?x rdf:type B, ?x rdf:type C"]),
    ("aikg:A owl:complementOf aikg:B .",
     ["A ComplementOf B: <- ?x rdf:type A, ?x rdf:type B"]),
    ("aikg:p rdfs:domain aikg:A .", ["p Domain A: ?x rdf:type A <- ?x p ?y"]),
    ("aikg:d rdfs:domain aikg:A .", ["d Domain A: ?x rdf:type A <- ?x d ?y"]),
    ("aikg:p rdfs:range aikg:A .", ["p Range A: ?y rdf:type A <- ?x p ?y"]),
    ("aikg:d rdfs:range xsd:integer .",
     ["d Range xsd:integer: <- ?x d ?y, ?y outside xsd:integer"]),
    ("aikg:p rdfs:subPropertyOf aikg:q .", ["p SubPropertyOf q: ?x q ?y <- ?x p ?y"]),
    ("aikg:d rdfs:subPropertyOf aikg:e .", ["d SubPropertyOf e: ?x e ?y <- ?x d ?y"]),
    ("aikg:p owl:inverseOf aikg:q .",
     ["p InverseOf q: ?y q ?x <- ?x p ?y", "p InverseOf q: ?y p ?x <- ?x q ?y"]),
    ("aikg:p a owl:SymmetricProperty .", ["p Characteristics Symmetric: ?y p ?x <- ?x p ?y"]),
    ("aikg:p a owl:TransitiveProperty .",
     ["p Characteristics Transitive: ?x p ?z <- ?x p ?y, ?y p ?z"]),
    ("aikg:p owl:propertyChainAxiom ( aikg:q aikg:r ) .",
     ["q o r SubPropertyOf p: ?x0 p ?x2 <- ?x0 q ?x1, ?x1 r ?x2"]),
    ("aikg:p owl:propertyChainAxiom ( aikg:q aikg:p aikg:r ) .",
     ["q o p o r SubPropertyOf p: ?x0 p ?x3 <- ?x0 q ?x1, ?x1 p ?x2, ?x2 r ?x3"]),
    ("aikg:p a owl:IrreflexiveProperty .", ["p Characteristics Irreflexive: <- ?x p ?x"]),
    ("aikg:p a owl:AsymmetricProperty .", ["p Characteristics Asymmetric: <- ?x p ?y, ?y p ?x"]),
    ("aikg:d a owl:FunctionalProperty .",
     ["d Characteristics Functional: <- ?x d ?y, ?x d ?z, ?y different ?z"]),
    ("aikg:p a owl:FunctionalProperty . aikg:q rdfs:subPropertyOf aikg:p .",
     [f"{FUNCTIONAL}: <- ?x p ?y, ?x p ?z, ?y different ?z",
      f"{FUNCTIONAL}: ?y rdf:type ?c <- ?x p ?y, ?x p ?z, ?z rdf:type ?c, ?z unnamed ?z",
      "q SubPropertyOf p: ?x p ?y <- ?x q ?y",
      f"{FUNCTIONAL}: ?x q ?y <- ?x p ?y, ?x q ?z, ?z unnamed ?z"]),
    ("aikg:p owl:propertyDisjointWith aikg:q .",
     ["p PropertyDisjointWith q: <- ?x p ?y, ?x q ?y"]),
    ("aikg:d owl:propertyDisjointWith aikg:e .",
     ["d PropertyDisjointWith e: <- ?x d ?y, ?x e ?z, ?y same ?z"]),
    (defined(SOME),
     ["A EquivalentTo (p some B): ?x rdf:type ∃p B <- ?x rdf:type A",
      "A EquivalentTo (p some B): ?x rdf:type A <- ?x p ?y0, ?y0 rdf:type B"]),
    (defined(both("aikg:C", on_p("owl:someValuesFrom owl:Thing"), on_p("owl:hasValue thing:x"),
                  "[ a owl:Restriction ; owl:onProperty aikg:d ; owl:hasValue 7 ]")),
     [f"A EquivalentTo C and (p some owl:Thing) and (p value thing:x) and (d value {SEVEN}): {rule}"
      for rule in ("?x rdf:type C <- ?x rdf:type A",
                   "?x rdf:type ∃p Thing <- ?x rdf:type A",
                   "?x p thing:x <- ?x rdf:type A",
                   f"?x d {SEVEN} <- ?x rdf:type A",
                   f"?x rdf:type A <- ?x rdf:type C, ?x p ?y1, ?x p thing:x, ?x d {SEVEN}")]),
])
def test_axiom_gives_its_rules(turtle: str, expected: list[str]) -> None:
    hidden = re.compile("∃<[^>]*/(p)><[^>]*[/#]([A-Za-z]+)>")
    assert [hidden.sub(r"∃\1 \2", line) for line in compiled(turtle)] == expected


def test_order_of_triples_does_not_matter() -> None:
    rules, shuffled = compile_rules(real()), real()
    random.Random(1).shuffle(shuffled)
    assert compile_rules(shuffled) == rules
    assert compile_rules(triples("".join(f"{triple} .\n" for triple in shuffled))) == rules


def test_rules_survive_json() -> None:
    rules = compile_rules(real())
    back = rules_from_json(json.loads(json.dumps(rules_to_json(rules))))
    assert back == rules
    assert {word for rule in back for _, word, _ in rule.conditions} <= set(CONDITIONS)


@pytest.mark.parametrize(("axiom", "rule"), [
    ("participatesIn o isRoundOf SubPropertyOf funds",
     "?x0 funds ?x2 <- ?x0 participatesIn ?x1, ?x1 isRoundOf ?x2"),
    ("Investor EquivalentTo Organization and (funds some Organization)",
     "?x rdf:type Investor <- ?x rdf:type Organization, ?x funds ?y1, ?y1 rdf:type Organization"),
])
def test_real_ontology_means_what_it_defines(axiom: str, rule: str) -> None:
    assert f"{axiom}: {rule}" in {text(rule) for rule in compile_rules(real())}


def number(value: str, kind: str = "integer") -> str:
    return f'"{value}"^^<{XSD}{kind}>'


HIDDEN_FILLER = some("<s>", some("<p>", "<C>"))


@pytest.mark.parametrize(("one", "word", "other", "expected"), [
    ("<a>", DIFFERENT, "<b>", True),
    ("<a>", DIFFERENT, "<a>", False),
    ("<a>", DIFFERENT, "_:b", False),
    ("<a>", DIFFERENT, HIDDEN_FILLER, False),
    (number("1"), DIFFERENT, number("2"), True),
    (number("1"), DIFFERENT, number("01"), False),
    (number("1"), DIFFERENT, number("1.0", "decimal"), False),
    ('"1"', DIFFERENT, number("1"), True),
    ('"a"@en', DIFFERENT, '"a"', True),
    ('"a"@en', DIFFERENT, '"a"@de', True),
    (number("true", "boolean"), DIFFERENT, number("1", "boolean"), False),
    (number("2024-01-01T12:00:00Z", "dateTime"), SAME,
     number("2024-01-01T13:00:00+01:00", "dateTime"), True),
    (number("1"), SAME, number("1.5", "decimal"), False),
    ("<a>", SAME, "<a>", True),
    (number("1"), OUTSIDE, f"<{XSD}decimal>", False),
    (number("2.0", "decimal"), OUTSIDE, f"<{XSD}integer>", False),
    (number("2.5", "decimal"), OUTSIDE, f"<{XSD}integer>", True),
    (number("two"), OUTSIDE, f"<{XSD}integer>", True),
    ('"2"', OUTSIDE, f"<{XSD}integer>", True),
    ('"2"', OUTSIDE, f"<{XSD}string>", False),
    ('"2"@en', OUTSIDE, f"<{XSD}string>", True),
    (number("yes", "boolean"), OUTSIDE, f"<{XSD}boolean>", True),
    (number("2024", "dateTime"), OUTSIDE, f"<{XSD}dateTime>", True),
    (HIDDEN_FILLER, UNNAMED, HIDDEN_FILLER, True),
    ("<a>", UNNAMED, "<a>", False),
])
def test_conditions_compare_values(one: str, word: str, other: str, expected: bool) -> None:
    assert holds((one, word, other)) is expected


def test_negations_have_rules_in_every_ontology() -> None:
    assert {rule.axiom for rule in compile_rules([])} == {
        "not C", "not (p some C)", "NegativeObjectPropertyAssertion",
        "NegativeDataPropertyAssertion"}
    assert all(rule.head is None for rule in compile_rules([]))
    predicates = {predicate for rule in compile_rules([]) for _, predicate, _ in rule.body}
    assert f"<{OWL}complementOf>" in predicates


def test_loading_rules_reads_no_ontology() -> None:
    code = ("import sys, aikg.rules as r; r.rules_from_json([['x', None, ['?x', 'aikg:p', '?x']]]);"
            "print({'aikg.axioms', 'owlready2', 'rdflib'} & set(sys.modules))")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True,
                          cwd=Path(__file__).parent.parent)
    assert done.stdout.strip() == "set()"
