"""Why: proofs end in claims, and what does not hold is told apart by its reason."""

from __future__ import annotations

import json
from typing import Any

import pytest

import aikg
from aikg.fact import TYPE, Fact
from aikg.graph import Graph
from aikg.names import AIKG, RDF, THING
from aikg.proof import Proof
from aikg.reference import find, find_object, find_property
from aikg.silence import Silence
from aikg.why import Explanation, explain, proof_json, proof_text, row_of, sentence


def fact_of(graph: Graph, text: str) -> Fact:
    """A fact written as subject | predicate | object."""
    subject, predicate, target = (part.strip() for part in text.split("|"))
    prop = find_property(predicate, graph.lexicon)
    return (f"<{find(subject, graph.lexicon, graph.engine)}>", f"<{prop}>",
            find_object(target, prop, graph.lexicon, graph.engine))


def ends(proof: Proof) -> list[Proof]:
    """The leaves of a proof."""
    return [leaf for premise in proof.premises for leaf in ends(premise)] or [proof]


PROVED = [
    "Microsoft | type | StrategicInvestor",
    "MSFT | a | compute supplier",
    "microsoft | bankrolls | Open AI",
    "Microsoft | supplies compute to | OpenAI",
    "thing:microsoft | aikg:suppliesComputeTo | thing:openai",
    "OpenAI | investor | Microsoft",
    "Amazon | funds | OpenAI",
    "OpenAI | competes with | Google",
    "Google | competes with | OpenAI",
    "OpenAI | founded in year | 2015",
    "Anthropic | has founders from | OpenAI",
]


@pytest.mark.parametrize("text", PROVED)
def test_a_proof_ends_in_claims_and_identifications(graph: Graph, text: str) -> None:
    found = explain(fact_of(graph, text), graph)
    assert isinstance(found, Explanation)
    assert found.proof.leaves()
    assert set(found.items) == set(found.proof.leaves())
    assert all(item.passages for item in found.items.values())
    for leaf in ends(found.proof):
        assert leaf.claims or leaf.fact[1] == TYPE
        assert leaf.rule is None


def test_every_type_and_relation_of_a_thing_has_a_proof(graph: Graph) -> None:
    found = graph.engine.select(
        f"SELECT ?s ?p ?o WHERE {{ ?s ?p ?o FILTER(STRSTARTS(STR(?s), '{THING}')) "
        f"FILTER(?p = <{RDF}type> || STRSTARTS(STR(?p), '{AIKG}')) }}")
    facts = [(str(s), str(p), str(o)) for s, p, o in found.rows]
    assert len(facts) > 300
    proofs = graph.prover.prove(facts)
    assert [sentence(fact, graph.lexicon) for fact in facts if fact not in proofs] == []


SILENT = [
    ("Google | needs for model work | capital from outside", "denied", "denied: "),
    ("OpenAI | is characterized as | only a model company", "denied", "denied: "),
    ("OpenAI | owns | ConsumerPlatform", "denied", "denied: "),
    ("aikg:ConsumerPlatform | is owned by | OpenAI", "denied", "denied: "),
    ("OpenAI | earns from | advertising", "hedged", "only hedged: "),
    ("SoftBank | supplies chips to | OpenAI", "hedged", "said only of the group: "),
    ("OpenAI | gets chips from | SoftBank", "hedged", "said only of the group: "),
    ("SoftBank | type | ComputeSupplier", "hedged", "said only of the group: "),
    ("OpenAI | supplies compute to | Microsoft", "never-claimed", "never claimed: that OpenAI "),
    ("Nvidia | type | StrategicInvestor", "never-claimed", "never claimed: that Nvidia is a "),
    ("Google | invests in | OpenAI", "never-claimed", "never claimed: "),
    ("OpenAI | founded in year | 2016", "never-claimed", "never claimed: "),
    ("Microsoft | competes with | OpenAI", "never-claimed", "never claimed: "),
]


@pytest.mark.parametrize(("text", "kind", "begins"), SILENT)
def test_what_does_not_hold_has_a_reason(
    graph: Graph, text: str, kind: str, begins: str,
) -> None:
    found = explain(fact_of(graph, text), graph)
    assert isinstance(found, Silence), found
    assert (found.kind, found.reason[:len(begins)]) == (kind, begins)
    assert bool(found.evidence) == (kind != "never-claimed")


def test_a_fact_in_dispute_does_not_hold(graph: Graph) -> None:
    """As the build leaves it: both sides stand in the graph `disputed` and in the claims."""
    from aikg.built import Built

    text = "Microsoft | supplies compute to | OpenAI"
    fact = fact_of(graph, text)
    content = {name: graph.built.read(name) or b"" for name in
               ("graph.nt", "catalog.json", "lexicon.json", "rules.json", "links.nt")}
    denial = [("subject", fact[0]), ("predicate", fact[1]), ("object", fact[2]),
              ("modality", f"<{AIKG}Stated>"), ("denied", f'"true"^^<{AIKG}boolean>'),
              ("statedIn", "<https://w3id.org/aikg/source/bitpush-openai-financing/I.p3.s1>")]
    claim = "<https://w3id.org/aikg/claim/other-001>"
    lines = "".join(f"{claim} <{AIKG}{name}> {term} .\n" for name, term in denial)
    content["graph.nt"] += lines.encode()
    content["disputed.nt"] = (" ".join(fact) + " .\n").encode()
    found = explain(fact, Graph(Built(None, content)))
    assert isinstance(found, Silence)
    assert found.reason.startswith("in dispute: ")


def test_the_tree_shows_axioms_claims_and_passages(graph: Graph) -> None:
    found = explain(fact_of(graph, "Microsoft | type | StrategicInvestor"), graph)
    assert isinstance(found, Explanation)
    lines = proof_text(found).splitlines()
    assert lines[0] == "Microsoft is a strategic investor"
    assert lines[1].startswith("  because aikg:StrategicInvestor EquivalentTo ")
    assert any("investsStrategicallyIn" in line or "I.p3.s1" in line for line in lines[2:])
    assert any(line.strip("│└─ ").startswith("identification") for line in lines)


def test_the_json_is_the_tree(graph: Graph) -> None:
    found = explain(fact_of(graph, "Microsoft | funds | OpenAI"), graph)
    assert isinstance(found, Explanation)

    def check(content: dict[str, Any], proof: Proof) -> None:
        assert content["fact"]["subject"]["iri"] == proof.fact[0][1:-1]
        assert content["axiom"] == (proof.rule.axiom if proof.rule else None)
        assert [item["claim"] for item in content["evidence"]] == list(proof.claims)
        assert content["identification"] == (not proof.rule and not proof.claims)
        for part, premise in zip(content["premises"], proof.premises, strict=True):
            check(part, premise)

    content = json.loads(proof_json(found))
    check(content, found.proof)
    assert content["grade"] == "inferred"
    assert content["sentence"] == "Microsoft funds OpenAI"


@pytest.mark.parametrize(("text", "grade"), [
    ("Microsoft | supplies compute to | OpenAI", "stated"),
    ("Microsoft | funds | OpenAI", "inferred"),
    ("xAI | type | Organization", "inferred"),
    ("xAI | type | Company", None),
])
def test_the_row_of_a_proof_has_its_grade(graph: Graph, text: str, grade: str | None) -> None:
    found = explain(fact_of(graph, text), graph)
    assert isinstance(found, Explanation)
    assert row_of(found.proof, found.items).grade == grade


def test_no_proof_is_a_row_without_grade() -> None:
    assert row_of(None, {}) == aikg.Row(())
