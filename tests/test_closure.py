"""The closure holds what follows and nothing else, with reasons that lead back to given facts."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse

from aikg.closure import Closure, Proof, clashes, close, is_hidden, proof, witnesses
from aikg.fact import TYPE, Fact
from aikg.names import AIKG, OWL, PREFIXES
from aikg.rules import HIDDEN, Rule, compile_rules
from aikg.rules import some as hidden_class

KINDS = {"Class": "ABCDEK", "ObjectProperty": "pqrstu", "DatatypeProperty": "de"}


def rules(turtle: str) -> tuple[Rule, ...]:
    """The rules of axioms over the names in KINDS."""
    lines = [f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items()]
    lines.append(f"@prefix : <{AIKG}> .\n")
    for kind, names in KINDS.items():
        lines += [f":{name} a owl:{kind} .\n" for name in names]
    return compile_rules(quad.triple for quad in parse("".join([*lines, turtle]), RdfFormat.TURTLE))


def term(word: str) -> str:
    if word == "a":
        return TYPE
    if word.isdigit():
        return f'"{word}"^^<{PREFIXES["xsd"]}integer>'
    if ":" in word:
        prefix, _, local = word.partition(":")
        return f"<{PREFIXES[prefix]}{local}>" if prefix in PREFIXES else word
    return f"<{AIKG}{word}>"


def facts(text: str) -> list[Fact]:
    """Facts from lines such as `x p y`, divided by semicolons."""
    found: list[Fact] = []
    for line in filter(str.strip, text.split(";")):
        s, p, o = map(term, line.split())
        found.append((s, p, o))
    return found


def some(member: str, prop: str, filler: str, node: str = "_:r") -> str:
    return (f"{member} a {node}; {node} a owl:Restriction;"
            f"{node} owl:onProperty {prop}; {node} owl:someValuesFrom {filler}")


def denied(member: str, prop: str, target: str, node: str = "_:n") -> str:
    kind = "Value" if target.isdigit() else "Individual"
    return (f"{node} a owl:NegativePropertyAssertion; {node} owl:sourceIndividual {member};"
            f"{node} owl:assertionProperty {prop}; {node} owl:target{kind} {target}")


def exists(name: str, prop: str, filler: str) -> str:
    return (f":{name} owl:equivalentClass [ a owl:Restriction ; owl:onProperty :{prop} ;"
            f" owl:someValuesFrom :{filler} ] . ")


INVESTOR = """:K owl:equivalentClass [ a owl:Class ; owl:intersectionOf (
    :A [ a owl:Restriction ; owl:onProperty :p ; owl:someValuesFrom :B ] ) ] . """
HAS_VALUE = ":K owl:equivalentClass [ a owl:Restriction ; owl:onProperty :p ; owl:hasValue :v ] . "
C_UNDER_B = ":C rdfs:subClassOf :B . "
C_HAS_VALUE = HAS_VALUE.replace(":K", ":C").replace(":p", ":q")
NOT_SOME_B = ("x a _:n; _:n owl:complementOf _:r; _:r owl:onProperty p;"
              "_:r owl:someValuesFrom B")


@pytest.mark.parametrize(("axioms", "given_facts", "derived"), [
    (":A rdfs:subClassOf :B . :B rdfs:subClassOf :C .", "x a A", "x a B; x a C"),
    (":p rdfs:domain :A ; rdfs:range :B .", "x p y", "x a A; y a B"),
    (":d rdfs:domain :A ; rdfs:range xsd:integer .", "x d 3", "x a A"),
    (":p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :r .", "x p y", "x q y; x r y"),
    (":d rdfs:subPropertyOf :e .", "x d 3", "x e 3"),
    (":p owl:inverseOf :q .", "x p y; u q w", "y q x; w p u"),
    (":p a owl:SymmetricProperty .", "x p y", "y p x"),
    (":p a owl:TransitiveProperty .", "x p y; y p z; z p w", "x p z; y p w; x p w"),
    (":p a owl:TransitiveProperty .", "x p y; y p x", "x p x; y p y"),
    (":p owl:propertyChainAxiom ( :q :r ) .", "x q y; y r z; u r x", "x p z"),
    (":p owl:propertyChainAxiom ( :q :r :s ) .", "x q y; y r z; z s w", "x p w"),
    (":p owl:propertyChainAxiom ( :q :q ) .", "x q x", "x p x"),
    (INVESTOR, "x a A; x p y; y a B", "x a K"),
    (INVESTOR, "x a A; x p y; y a C; u p y; y a B", "x a K"),
    (INVESTOR, "x a A; x p y", ""),
    (INVESTOR, "x a K", "x a A"),
    (HAS_VALUE, "x p v; y p w", "x a K"),
    (HAS_VALUE, "x a K", "x p v"),
    # Memberships: whoever has some p that is a C
    (INVESTOR + C_UNDER_B, "x a A;" + some("x", "p", "C"), "x a K"),
    (INVESTOR, "x a A;" + some("x", "p", "C"), ""),
    (INVESTOR, "y a A;" + some("x", "p", "B"), ""),
    (":p rdfs:domain :A ; rdfs:range :B .", some("x", "p", "C"), "x a A"),
    (":p rdfs:subPropertyOf :q . :q rdfs:domain :D .", some("x", "p", "C"), "x a D"),
    (":p owl:inverseOf :q . :q rdfs:range :D .", some("x", "p", "C"), "x a D"),
    (":r owl:propertyChainAxiom ( :q :p ) . :r rdfs:domain :D .",
     "u q x;" + some("x", "p", "C"), "u a D"),
    # What the class of a filler means leads back to names
    (C_HAS_VALUE + ":r owl:propertyChainAxiom ( :p :q ) .", some("x", "p", "C"), "x r v"),
    (INVESTOR + ":r owl:propertyChainAxiom ( :q :p ) . :r rdfs:domain :D .",
     some("x", "q", "K"), "x a D"),
    (exists("E", "p", "D") + exists("D", "q", "C") + ":q rdfs:domain :E ."
     ":p a owl:FunctionalProperty, owl:SymmetricProperty .",
     "x q y", "x a E; x a D"),
    # The value of a functional property is its one value: the filler has a name after all
    (":p a owl:FunctionalProperty .", "x p y;" + some("x", "p", "C"), "y a C"),
    (":p a owl:FunctionalProperty . :q rdfs:subPropertyOf :p .",
     "x p y;" + some("x", "q", "C"), "x q y; y a C"),
])
def test_what_follows(axioms: str, given_facts: str, derived: str) -> None:
    start = facts(given_facts)
    closure = close(start, rules(axioms))
    assert set(closure) - set(start) == set(facts(derived))
    assert [fact for fact, reason in closure.items() if reason is None] == sorted(set(start))


def test_member_with_a_named_filler_gets_no_other() -> None:
    closure = close(facts("x a A; x p y; y a B; u a K"), rules(INVESTOR))
    fillers = {s for s, _, o in closure.unnamed if s.startswith(HIDDEN)}
    assert fillers == {hidden_class(term("u"), hidden_class(term("p"), term("B")))}


def test_a_rule_may_repeat_a_variable_or_name_a_subject() -> None:
    [loop, named] = (Rule("", (head, TYPE, term("A")), ((subject, term("p"), "?x"),))
                     for head, subject in (("?x", "?x"), ("?x", term("y"))))
    start = facts("x p y; z p z; y p w")
    assert set(close(start, [loop])) - set(start) == set(facts("z a A"))
    assert set(close(start, [named])) - set(start) == set(facts("w a A"))


def test_definitions_that_call_for_each_other_end() -> None:
    circle = rules(exists("A", "p", "B") + exists("B", "p", "A"))
    assert set(close(facts("x a A"), circle)) == set(facts("x a A"))


@pytest.mark.parametrize(("axioms", "given_facts", "axiom", "clashing"), [
    (":A owl:disjointWith :B .", "x a A; x a B; y a A", "A DisjointWith B", "x a A; x a B"),
    (":A owl:complementOf :B .", "x a A; x a B", "A ComplementOf B", "x a A; x a B"),
    (":p a owl:IrreflexiveProperty .", "x p x; x p y", "p Characteristics Irreflexive", "x p x"),
    (":p a owl:AsymmetricProperty .", "x p y; y p x; y p z",
     "p Characteristics Asymmetric", "x p y; y p x"),
    (":p a owl:FunctionalProperty .", "x p y; x p z; u p y",
     "p Characteristics Functional", "x p y; x p z"),
    (":d a owl:FunctionalProperty .", "x d 1; x d 2; y d 1",
     "d Characteristics Functional", "x d 1; x d 2"),
    (":p owl:propertyDisjointWith :q .", "x p y; x q y; x q z",
     "p PropertyDisjointWith q", "x p y; x q y"),
    (":d rdfs:range xsd:string .", "x d 1", "d Range xsd:string", "x d 1"),
    ("", "x p y; z p y;" + denied("x", "p", "y"), "NegativeObjectPropertyAssertion",
     "x p y;" + denied("x", "p", "y").partition(";")[2]),
    ("", "x d 1; x d 2;" + denied("x", "d", "01"), "NegativeDataPropertyAssertion",
     "x d 1;" + denied("x", "d", "01").partition(";")[2]),
    ("", "x a A; y a A; x a _:n; _:n owl:complementOf A", "not C",
     "x a A; x a _:n; _:n owl:complementOf A"),
    ("", "x p y; y a B;" + NOT_SOME_B, "not (p some C)", "x p y; y a B;" + NOT_SOME_B),
    # Through a filler without a name: the membership stands for what is said of it
    (C_UNDER_B, NOT_SOME_B + ";" + some("x", "p", "C", "_:m"), "not (p some C)",
     "x a _:m;" + NOT_SOME_B),
    (":p rdfs:range :A . :A owl:disjointWith :B .", some("x", "p", "B"),
     "A DisjointWith B", "x a _:r"),
])
def test_clash(axioms: str, given_facts: str, axiom: str, clashing: str) -> None:
    compiled = rules(axioms)
    [clash] = clashes(close(facts(given_facts), compiled), compiled)
    assert clash.rule.axiom.replace("aikg:", "") == axiom
    assert set(clash.facts) == set(facts(clashing))


@pytest.mark.parametrize(("axioms", "given_facts"), [
    (":A owl:disjointWith :B .", "x a A; y a B"),
    (":p a owl:IrreflexiveProperty .", some("x", "p", "A")),
    (":p a owl:FunctionalProperty .", "x p y; x p y;" + some("x", "p", "A")),
    (":p a owl:FunctionalProperty .", some("x", "p", "A") + ";" + some("x", "p", "B", "_:s")),
    (":d a owl:FunctionalProperty .", "x d 1; x d 01"),
    ("", "x p y;" + denied("y", "p", "x")),
    ("", "x p y; y a A;" + NOT_SOME_B),
    ("", "x q y; y a B;" + NOT_SOME_B),
    ("", "u p y; y a B;" + NOT_SOME_B),
])
def test_no_clash(axioms: str, given_facts: str) -> None:
    compiled = rules(axioms)
    assert clashes(close(facts(given_facts), compiled), compiled) == []


def test_two_fillers_of_a_functional_property_are_one() -> None:
    compiled = rules(":p a owl:FunctionalProperty . :A owl:disjointWith :B .")
    memberships = facts(some("x", "p", "A") + ";" + some("x", "p", "B", "_:s"))
    [clash, *_] = clashes(close(memberships, compiled), compiled)
    assert set(clash.facts) == set(facts("x a _:r; x a _:s"))


def test_reason_through_a_filler_names_membership_and_rules() -> None:
    closure = close(facts("x a A;" + some("x", "p", "C")), rules(INVESTOR + C_UNDER_B))
    [member] = facts("x a K")
    reason = closure[member]
    assert reason
    assert reason.rule.axiom == "aikg:K EquivalentTo aikg:A and (aikg:p some aikg:B)"
    assert reason.premises == tuple(facts("x a A; x a _:r"))
    assert [rule.axiom for rule in reason.through] == ["aikg:C SubClassOf aikg:B"]
    assert closure.unnamed
    assert not any(map(is_hidden, closure))


def test_witnesses_say_what_a_membership_means() -> None:
    [member] = facts("x a _:r")
    found = witnesses(facts(some("x", "p", "C") + "; y a D"))
    [(subject, prop, filler), (again, kind, klass)] = found
    assert (subject, prop, kind, klass) == (*map(term, ("x", "p", "a")), term("C"))
    assert filler == again
    assert set(found.values()) == {member}
    assert witnesses(facts(some("x", "p", "owl:Thing"))).keys() == {
        (subject, prop, filler.replace(term("C"), f"<{OWL}Thing>"))}


def leaves(tree: Proof) -> Iterator[Fact]:
    if tree.reason is None:
        yield tree.fact
    for premise in tree.premises:
        yield from leaves(premise)


def test_proof_leads_down_to_given_facts() -> None:
    start = facts("x p y; y r z; x a A; z a C")
    closure = close(start, rules(":s owl:propertyChainAxiom ( :p :r ) . :s rdfs:subPropertyOf :q ."
                                 ":q rdfs:range :B ."))
    [goal] = facts("z a B")
    tree = proof(closure, goal)
    assert list(leaves(tree)) == facts("x p y; y r z")
    [step] = tree.premises
    assert step.fact == facts("x q z")[0]
    with pytest.raises(KeyError):
        proof(closure, facts("z a A")[0])


def test_proof_of_a_long_chain_needs_no_deep_stack() -> None:
    length = 3000
    start = facts(";".join(f"x{n} p x{n + 1}" for n in range(length)) + "; x0 q x0")
    closure = close(start, rules(":q owl:propertyChainAxiom ( :q :p ) ."))
    tree, depth = proof(closure, facts(f"x0 q x{length}")[0]), 0
    while tree.premises:
        tree, depth = tree.premises[0], depth + 1
    assert depth == length


AXIOMS = rules(
    INVESTOR + C_UNDER_B + ":p rdfs:subPropertyOf :q ; owl:inverseOf :r ."
    ":t rdfs:subPropertyOf :q . :q a owl:TransitiveProperty ; rdfs:domain :D ."
    ":s a owl:SymmetricProperty ; rdfs:range :A ."
    ":t owl:propertyChainAxiom ( :s :p ) . :u a owl:FunctionalProperty ; rdfs:range :E .")
NAMES = st.sampled_from(["x", "y", "z", "v"])
KLASSES, PROPERTIES = (st.sampled_from(KINDS[kind]) for kind in ("Class", "ObjectProperty"))
FACT = st.one_of(
    st.builds("{} {} {}".format, NAMES, PROPERTIES, NAMES),
    st.builds("{} a {}".format, NAMES, KLASSES),
    st.builds(lambda x, p, c: some(x, p, c, f"_:{p}{c}"), NAMES, PROPERTIES, KLASSES))


@settings(deadline=None)
@given(st.lists(FACT, max_size=12), st.integers())
def test_closure_is_closed_well_founded_and_the_same_in_any_order(
    lines: list[str], seed: int,
) -> None:
    start = facts(";".join(lines))
    closure = close(start, AXIOMS)
    shuffled, shuffled_rules = [*start, *start], list(AXIOMS)
    random.Random(seed).shuffle(shuffled)
    random.Random(seed).shuffle(shuffled_rules)
    again = close(shuffled, shuffled_rules)
    assert list(again.items()) == list(closure.items())
    assert set(close(closure, AXIOMS)) == set(closure)
    assert_well_founded(closure, start)


def assert_well_founded(closure: Closure, start: list[Fact]) -> None:
    seen: set[Fact] = set()
    for fact, reason in closure.items():
        assert (reason is None) == (fact in start)
        assert reason is None or set(reason.premises) <= seen
        seen.add(fact)


@settings(deadline=None)
@given(st.lists(FACT, max_size=8), FACT)
def test_more_facts_never_lose_a_conclusion(lines: list[str], more: str) -> None:
    before, after = (close(facts(";".join(text)), AXIOMS) for text in (lines, [*lines, more]))
    assert set(before) <= set(after)
