"""Proofs: every inferred fact goes back to claims, no fact proves itself, none is made up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse, serialize

from aikg import Graph
from aikg.closure import close
from aikg.fact import TYPE, Fact
from aikg.names import AIKG, CLAIM, PREFIXES, THING, compact
from aikg.proof import Proof, Prover, match, substitute
from aikg.rules import Rule
from aikg.store import Store

FACTS = f"""
SELECT ?s ?p ?o WHERE {{
  ?s ?p ?o . FILTER(STRSTARTS(STR(?s), "{THING}") && STRSTARTS(STR(?p), "{AIKG}"))
  FILTER(isLiteral(?o) || STRSTARTS(STR(?o), "{THING}") || STRSTARTS(STR(?o), "{AIKG}"))
}} ORDER BY ?s ?p ?o"""
TYPES = f"""
SELECT ?s ?o WHERE {{
  ?s a ?o . FILTER(STRSTARTS(STR(?s), "{THING}") && STRSTARTS(STR(?o), "{AIKG}"))
}} ORDER BY ?s ?o"""


def iri(name: str) -> str:
    """A thing of one letter, or a term; a variable stays."""
    return name if name.startswith("?") else f"<{THING if len(name) == 1 else AIKG}{name}>"


def fact(text: str) -> Fact:
    """`a funds b` as a fact; `a is Lab` says a type; capitals are classes."""
    subject, predicate, target = text.split()
    return iri(subject), TYPE if predicate == "is" else iri(predicate), iri(target)


def rule(head: str, *body: str) -> Rule:
    return Rule(f"{head} if {' and '.join(body)}", fact(head), tuple(map(fact, body)))


RULES = (
    rule("?x meets ?y", "?y meets ?x"),                       # symmetric
    rule("?x precedes ?z", "?x precedes ?y", "?y precedes ?z"),  # transitive
    rule("?x follows ?y", "?y precedes ?x"), rule("?x precedes ?y", "?y follows ?x"),  # inverse
    rule("?x knows ?y", "?x meets ?y"),
    rule("?x is Known", "?y knows ?x", "?y is Lab"),
    rule("?x is Agent", "?x is Lab"),
)


def claim(number: int, said: Fact, modality: str = "Stated", more: str = "") -> str:
    subject, predicate, target = said
    return (f"claim:{number} aikg:subject {subject} ; aikg:predicate {predicate} ; "
            f"aikg:object {target} ; aikg:modality aikg:{modality} {more}.\n")


def world(claims: Mapping[int, Fact], more: str = "", typed: Sequence[str] = ()) -> Prover:
    """A prover over some claims and all that follows from them and the types of some things."""
    given = [*claims.values(), *((iri(name), TYPE, iri("Lab")) for name in typed)]
    closed = close(given, RULES)
    turtle = ("".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
              + "".join(claim(number, said) for number, said in claims.items()) + more
              + "".join(" ".join(one) + " .\n" for one in closed))
    content = serialize(parse(turtle.encode(), format=RdfFormat.TURTLE), format=RdfFormat.N_TRIPLES)
    assert content is not None
    return Prover(Store(content, lambda _: None), lambda: RULES,
                  lambda: {f"thing:{name}": ["aikg:Lab"] for name in typed})


def nodes(proof: Proof) -> Iterator[Proof]:
    yield proof
    for premise in proof.premises:
        yield from nodes(premise)


def circles(proof: Proof, above: tuple[Fact, ...] = ()) -> bool:
    return proof.fact in above or any(
        circles(premise, (*above, proof.fact)) for premise in proof.premises)


def is_sound(proof: Proof) -> bool:
    """Whether each step is an instance of its rule, and each leaf a claim or an identification."""
    if proof.rule is None or proof.rule.head is None:
        return not proof.premises and (bool(proof.claims) or proof.fact[1] == TYPE)
    binding = match(proof.rule.head, proof.fact)
    for pattern, premise in zip(proof.rule.body, proof.premises, strict=True):
        if binding is None:
            return False
        found = match(substitute(pattern, binding), premise.fact)
        binding = None if found is None else {**binding, **found}
    return binding is not None and not proof.claims and all(map(is_sound, proof.premises))


@pytest.mark.parametrize(("wanted", "leaves"), [
    ("a meets b", "1"), ("b meets a", "1"), ("b knows a", "1"),
    ("c precedes d", "2"), ("d follows c", "2"), ("c precedes e", "2 3"), ("e follows c", "2 3"),
    ("b is Known", "1"), ("a is Agent", ""), ("a is Lab", ""),
])
def test_a_fact_is_proved_down_to_its_claims(wanted: str, leaves: str) -> None:
    prover = world({1: fact("a meets b"), 2: fact("c precedes d"), 3: fact("d precedes e")},
                   typed="a")
    proof = prover.prove([fact(wanted)])[fact(wanted)]
    assert [leaf.removeprefix(CLAIM) for leaf in proof.leaves()] == leaves.split()
    assert is_sound(proof)
    assert not circles(proof)


@pytest.mark.parametrize("wanted", [
    "a meets c", "a knows d", "d precedes c", "a is Known", "z is Lab", "z meets z", "z odd z",
])
def test_a_fact_that_does_not_hold_is_left_out(wanted: str) -> None:
    prover = world({1: fact("a meets b"), 2: fact("c precedes d")}, typed="b")
    both = prover.prove([fact(wanted), fact("b meets a")])
    assert list(both) == ([fact("b meets a")] if wanted != "a is Known" else [
        fact("a is Known"), fact("b meets a")])


def test_the_flattest_proof_is_taken() -> None:
    prover = world({1: fact("a precedes b"), 2: fact("b precedes c"), 3: fact("c precedes d"),
                    4: fact("d follows a")})
    proof = prover.prove([fact("a precedes d")])[fact("a precedes d")]
    assert proof.leaves() == (CLAIM + "4",)


def test_a_claim_of_the_fact_itself_comes_first() -> None:
    prover = world({1: fact("a meets b"), 2: fact("b meets a"), 3: fact("a meets b")})
    assert prover.prove([fact("a meets b")])[fact("a meets b")] == Proof(
        fact("a meets b"), (CLAIM + "1", CLAIM + "3"))


@pytest.mark.parametrize(("modality", "more", "counts"), [
    ("Stated", "", True), ("Evaluated", "", True), ("Hedged", "", False), ("Forecast", "", False),
    ("Figurative", "", False), ("Supposed", "", False), ("Stated", "; aikg:denied true ", False),
    ("Stated", "; aikg:attributedTo thing:x ", False),
    ("Stated", "; aikg:condition claim:1 ", False),
    ("Stated", "; aikg:comparedWith thing:x ", True),
])
def test_only_a_firm_claim_in_the_source_s_own_voice_counts(
    modality: str, more: str, counts: bool,
) -> None:
    said = fact("a odd b")
    prover = world({}, claim(7, said, modality, more) + "<x:a> <x:p> <x:o> .")
    assert prover.claimed([said]) == {said: (CLAIM + "7",) if counts else ()}
    assert (said in prover.prove([said])) == counts


def test_identification_is_a_leaf_without_claims() -> None:
    prover = world({}, "<x:a> <x:p> <x:o> .", typed="a")
    assert prover.prove([fact("a is Lab")]) == {fact("a is Lab"): Proof(fact("a is Lab"))}
    agent = prover.prove([fact("a is Agent")])[fact("a is Agent")]
    assert agent.premises == (Proof(fact("a is Lab")),)
    assert agent.leaves() == ()


def test_nothing_is_loaded_for_facts_that_are_claimed() -> None:
    held = world({1: fact("a meets b")}).engine
    prover = Prover(held, lambda: pytest.fail("rules"), lambda: pytest.fail("kinds"))
    assert prover.prove([fact("a meets b")])
    assert prover.prove([]) == {}


LINKS = st.sampled_from([f"{left} {relation} {right}" for left in "abcd" for right in "abcd"
                         for relation in ("meets", "precedes", "follows")])


@given(st.lists(LINKS, min_size=1, max_size=7, unique=True), st.sets(st.sampled_from("abcd")))
@settings(max_examples=25, deadline=None, database=None)
def test_what_follows_has_a_sound_proof_and_nothing_else_has(
    links: list[str], labs: set[str],
) -> None:
    claims = {number: fact(link) for number, link in enumerate(links)}
    prover = world(claims, typed=sorted(labs))
    held = set(close([*claims.values(), *((iri(name), TYPE, iri("Lab")) for name in labs)], RULES))
    proofs = prover.prove([*held, *(fact(f"{name} knows e") for name in "abcd")])
    assert set(proofs) == held
    assert all(is_sound(proof) and not circles(proof) for proof in proofs.values())
    assert all(proof.fact == one for one, proof in proofs.items())


@pytest.fixture(scope="module")
def proofs(graph: Graph) -> dict[Fact, Proof]:
    """A proof of every fact between things in the real graph, all inferred ones included."""
    facts: list[Fact] = [(str(s), str(p), str(o)) for s, p, o in graph.engine.select(FACTS).rows]
    facts += [(str(s), TYPE, str(o)) for s, o in graph.engine.select(TYPES).rows]
    facts = [one for one in facts if one[1] not in NOTES]
    assert len(facts) > 400
    found = graph.prover.prove(facts)
    assert [one for one in facts if one not in found] == []
    return found


NOTES = {f"<{AIKG}{name}>" for name in ("heading", "precision")}


def test_every_fact_of_the_graph_is_proved(proofs: dict[Fact, Proof]) -> None:
    assert all(is_sound(proof) and not circles(proof) for proof in proofs.values())
    inferred = [proof for proof in proofs.values() if proof.rule]
    assert len(inferred) > 100
    assert max(len([*nodes(proof)]) for proof in inferred) < 40


def test_every_inferred_relation_and_defined_type_ends_in_claims(
    proofs: dict[Fact, Proof], graph: Graph,
) -> None:
    bare = {(compact(proof.fact[0][1:-1]), compact(proof.fact[2][1:-1]))
            for proof in proofs.values() if not proof.leaves()}
    assert {one for one in bare if not one[1].startswith("aikg:")} == set()
    kinds, above = graph.lexicon.kinds, graph.lexicon.above
    identified = {(thing, upper) for thing, of in kinds.items() for kind in of
                  for upper in (kind, *above.get(kind, ()))}
    assert bare <= identified


@pytest.mark.parametrize(("pattern", "one", "binding"), [
    ("?x meets ?y", "a meets b", {"?x": "a", "?y": "b"}), ("?x meets ?x", "a meets b", None),
    ("?x meets ?x", "a meets a", {"?x": "a"}), ("?x knows ?y", "a meets b", None),
    ("a meets b", "a meets b", {}),
])
def test_match_and_substitute(pattern: str, one: str, binding: dict[str, str] | None) -> None:
    expected = binding and {name: iri(value) for name, value in binding.items()}
    found = match(fact(pattern), fact(one))
    assert found == (expected if binding else binding)
    assert found is None or substitute(fact(pattern), found) == fact(one)
