"""A claim is read whole, and what is wrong with one is told."""

from __future__ import annotations

import re

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from aikg.claim import FIRM, Claim, read_claims
from aikg.errors import GraphError
from aikg.names import AIKG, CLAIM, PREFIXES, SOURCE, THING, XSD

CORE = {
    "subject": "thing:openai",
    "predicate": "aikg:competesWith",
    "object": "thing:google",
    "modality": "aikg:Stated",
    "statedIn": "<https://w3id.org/aikg/source/s/1>",
}
MODALITIES = ("Stated", "Evaluated", "Figurative", "Hedged", "Conditional", "Supposed", "Forecast",
              "Planned", "Reported", "Asked")


def triples(text: str) -> list[Triple]:
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    return [quad.triple for quad in parse(prefixes + text, RdfFormat.TURTLE)]


def turtle(name: str = "a-1", **changes: str) -> str:
    """The claim of CORE under a name, with properties changed, added, or taken out by ""."""
    lines = [f"aikg:{key} {text}" for key, text in {**CORE, **changes}.items() if text]
    return f"claim:{name} a aikg:Claim ; " + " ; ".join(lines) + " ."


def read_one(**changes: str) -> Claim:
    [claim] = read_claims(triples(turtle(**changes)))
    return claim


def test_what_every_claim_says() -> None:
    assert read_one() == Claim(
        iri=CLAIM + "a-1", subject=THING + "openai", predicate=AIKG + "competesWith",
        object=THING + "google", value=None, modality=AIKG + "Stated", passages=(SOURCE + "s/1",))


@pytest.mark.parametrize(("changes", "attribute", "value"), [
    ({"object": "", "value": "2015"}, "value",
     Literal("2015", datatype=NamedNode(XSD + "integer"))),
    ({"object": "", "value": "'Twitter'"}, "value", Literal("Twitter")),
    ({"object": "", "value": "'Twitter'"}, "object", None),
    ({"object": "aikg:ConsumerPlatform"}, "object", AIKG + "ConsumerPlatform"),
    ({"denied": "true"}, "denied", True),
    ({"denied": '"1"^^xsd:boolean'}, "denied", True),
    ({"denied": "false"}, "denied", False),
    ({"condition": "claim:a-2"}, "condition", CLAIM + "a-2"),
    ({"attributedTo": "thing:meta"}, "attributed_to", THING + "meta"),
    ({"validFrom": '"2019-01-01T00:00:00Z"^^xsd:dateTime'}, "valid_from", "2019-01-01T00:00:00Z"),
    ({"validUntil": '"2020-01-01T00:00:00Z"^^xsd:dateTime'}, "valid_until", "2020-01-01T00:00:00Z"),
    ({"statedIn": "source:c, source:a, source:b"}, "passages",
     (SOURCE + "a", SOURCE + "b", SOURCE + "c")),
])
def test_what_a_claim_may_say(changes: dict[str, str], attribute: str, value: object) -> None:
    assert getattr(read_one(**changes), attribute) == value


@pytest.mark.parametrize(("changes", "message"), [
    *(({key: ""}, f"0 aikg:{key}, not one") for key in ("subject", "predicate", "modality")),
    ({"subject": "thing:openai, thing:meta"}, "2 aikg:subject, not one"),
    ({"predicate": "aikg:owns, aikg:develops"}, "2 aikg:predicate, not one"),
    ({"modality": "aikg:Stated, aikg:Hedged"}, "2 aikg:modality, not one"),
    ({"object": ""}, "exactly one aikg:object or one aikg:value"),
    ({"object": "thing:a, thing:b"}, "exactly one aikg:object or one aikg:value"),
    ({"value": "3"}, "exactly one aikg:object or one aikg:value"),
    ({"object": "", "value": "3, 4"}, "exactly one aikg:object or one aikg:value"),
    ({"object": "", "value": "thing:google"}, "exactly one aikg:object or one aikg:value"),
    ({"statedIn": ""}, "names no passage"),
    # A literal where a thing belongs, and the other way round
    ({"object": "'Google'"}, "aikg:object"),
    ({"subject": "'OpenAI'"}, "aikg:subject"),
    ({"predicate": "'competes with'"}, "aikg:predicate"),
    ({"modality": "'stated'"}, "aikg:modality"),
    ({"statedIn": "'I.p1.s1'"}, "aikg:statedIn"),
])
def test_a_wrong_claim_is_told_by_name(changes: dict[str, str], message: str) -> None:
    with pytest.raises(GraphError, match=re.escape(message)) as caught:
        read_claims(triples(turtle("b-7", **changes) + turtle()))
    assert "claim:b-7" in str(caught.value)


def test_claims_come_sorted_and_nothing_else_with_them() -> None:
    text = turtle("a-2") + turtle("a-10") + turtle("a-1") + "thing:openai a aikg:Company ."
    assert [claim.iri for claim in read_claims(triples(text))] == [
        CLAIM + name for name in ("a-1", "a-10", "a-2")]
    assert read_claims(triples("thing:openai a aikg:Company ; aikg:subject thing:meta .")) == ()


@pytest.mark.parametrize("modality", MODALITIES)
def test_firm_is_what_is_stated_or_judged(modality: str) -> None:
    claim = read_one(modality="aikg:" + modality)
    assert claim.firm == (modality in ("Stated", "Evaluated"))
    assert (claim.modality in FIRM) == claim.firm


@pytest.mark.parametrize(("changes", "firm"), [
    ({"attributedTo": "thing:meta"}, False),
    ({"condition": "claim:a-2"}, False),
    ({"denied": "true"}, True),
    ({"validFrom": '"2019-01-01T00:00:00Z"^^xsd:dateTime'}, True),
])
def test_firm_is_what_the_source_says_in_its_own_voice_without_condition(
    changes: dict[str, str], firm: bool,
) -> None:
    assert read_one(**changes).firm == firm
