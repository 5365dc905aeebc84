"""The direct layer: what follows from claims, rule by rule of DESIGN, section 5."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import permutations

import pytest
from pyoxigraph import Literal, NamedNode

from aikg.claim import Claim
from aikg.fact import TYPE, Fact
from aikg.names import AIKG, CLAIM, OWL, RDF, SOURCE, THING, XSD
from aikg.view import (
    Layer,
    Vocabulary,
    direct_layer,
    fact_of,
    negative_facts,
    plain_facts,
)


def above(**uppers: str) -> dict[str, frozenset[str]]:
    """Each term with itself and all above it."""
    return {AIKG + name: frozenset(AIKG + one for one in (name, *text.split()))
            for name, text in uppers.items()}


VOCABULARY = Vocabulary(
    classes=frozenset(AIKG + name for name in (
        "Company", "Group", "Nonprofit", "Organization", "Platform", "ConsumerPlatform", "Route")),
    functional=frozenset({AIKG + "foundedInYear", AIKG + "isRoundOf"}),
    ancestors=above(
        ConsumerPlatform="Platform", Company="Organization", Nonprofit="Organization",
        investsIn="funds", investsStrategicallyIn="investsIn funds", startsIn="foundedInYear",
        isLateRoundOf="isRoundOf"),
    disjoint=frozenset({frozenset({AIKG + "Organization", AIKG + "Group"})}),
    inverses={AIKG + one: AIKG + other for one, other in (
        ("funds", "isFundedBy"), ("isFundedBy", "funds"), ("rivals", "rivals"))},
)
TYPES = {THING + "app": frozenset({AIKG + "ConsumerPlatform"}),
         THING + "phone": frozenset({AIKG + "Route"})}


def term(word: str) -> str:
    """A year stays; a word with a capital is a class, any other a thing or property."""
    return (AIKG if word[0].isupper() else THING) + word


def claims(*lines: str, source: str = "s") -> list[Claim]:
    """Claims from lines such as `openai owns app`, `not` before one that is denied.

    A modality, `by WHOM` or `if CLAIM` may follow.
    """
    return [claim(f"{source}-{number}", line) for number, line in enumerate(lines, 1)]


def claim(name: str, line: str) -> Claim:
    words = line.split()
    denied = words[0] == "not"
    subject, predicate, target, *rest = words[denied:]
    extra = dict(zip(rest[::2], rest[1::2], strict=True))
    value = Literal(int(target)) if target.isdigit() else None
    return Claim(
        CLAIM + name, term(subject), RDF + "type" if predicate == "a" else AIKG + predicate,
        None if value else term(target), value, AIKG + extra.get("is", "Stated"),
        (f"{SOURCE}{name}/1",), denied, extra.get("if"), extra.get("by"))


def layer(*lines: str) -> Layer:
    return direct_layer(claims(*lines), VOCABULARY, TYPES)


def plain(line: str) -> Fact:
    return fact_of(claim("x", line))


def sides(found: Layer) -> dict[str, tuple[str, ...]]:
    """The claims on each side of a layer, as the numbers at the ends of their names."""
    return {name: tuple(sorted(iri.rpartition("-")[2] for names in side.values() for iri in names))
            for name, side in (("facts", found.facts), ("denials", found.denials),
                               ("disputed", found.disputed)) if side}


# Which claims yield anything


@pytest.mark.parametrize(("modality", "counts"), [
    ("Stated", True), ("Evaluated", True), ("Figurative", False), ("Hedged", False),
    ("Conditional", False), ("Supposed", False), ("Forecast", False), ("Planned", False),
    ("Reported", False), ("Asked", False)])
@pytest.mark.parametrize(("before", "side"), [("", "facts"), ("not ", "denials")])
def test_only_what_is_stated_or_judged(
    before: str, side: str, modality: str, counts: bool,
) -> None:
    found = layer(f"{before}openai owns app is {modality}")
    assert sides(found) == ({side: ("1",)} if counts else {})


@pytest.mark.parametrize("more", ["by meta", "if s-2", "is Evaluated by meta"])
def test_only_the_source_in_its_own_voice_and_without_condition(more: str) -> None:
    assert sides(layer(f"openai owns app {more}", f"not openai owns phone {more}")) == {}


def test_a_fact_names_all_claims_that_say_it() -> None:
    found = layer("openai owns app", "meta owns app", "openai owns app is Evaluated")
    assert found.facts == {
        plain("meta owns app"): (CLAIM + "s-2",),
        plain("openai owns app"): (CLAIM + "s-1", CLAIM + "s-3")}


# What they yield: affirmed

SOME = "_:some-owns-ConsumerPlatform"
SOME_FACTS = [(SOME, TYPE, f"<{OWL}Restriction>"),
              (SOME, f"<{OWL}onProperty>", f"<{AIKG}owns>"),
              (SOME, f"<{OWL}someValuesFrom>", f"<{AIKG}ConsumerPlatform>")]
OPENAI = f"<{THING}openai>"


@pytest.mark.parametrize(("line", "facts"), [
    ("openai owns app", [(OPENAI, f"<{AIKG}owns>", f"<{THING}app>")]),
    ("openai foundedInYear 2015",
     [(OPENAI, f"<{AIKG}foundedInYear>", f'"2015"^^<{XSD}integer>')]),
    ("openai a Company", [(OPENAI, TYPE, f"<{AIKG}Company>")]),
    ("openai owns ConsumerPlatform", [(OPENAI, TYPE, SOME), *SOME_FACTS]),
])
def test_what_is_affirmed(line: str, facts: list[Fact]) -> None:
    found = layer(line)
    assert plain_facts(found, VOCABULARY) == sorted(facts)
    assert negative_facts(found, VOCABULARY) == []


def test_one_restriction_serves_all_its_members() -> None:
    facts = plain_facts(layer("openai owns ConsumerPlatform", "xai owns ConsumerPlatform",
                              "xai owns Platform", "xai uses Platform"), VOCABULARY)
    nodes = [s for s, p, o in facts if o == f"<{OWL}Restriction>"]
    assert nodes == ["_:some-owns-ConsumerPlatform", "_:some-owns-Platform", "_:some-uses-Platform"]
    assert len(facts) == 4 + 3 * 3


# What they yield: denied


def negatives(*lines: str) -> list[Fact]:
    return negative_facts(layer(*lines), VOCABULARY)


def test_a_denied_individual_is_a_negative_object_property_assertion() -> None:
    [node] = {s for s, _, _ in negatives("not openai owns app")}
    assert negatives("not openai owns app") == sorted([
        (node, TYPE, f"<{OWL}NegativePropertyAssertion>"),
        (node, f"<{OWL}sourceIndividual>", OPENAI),
        (node, f"<{OWL}assertionProperty>", f"<{AIKG}owns>"),
        (node, f"<{OWL}targetIndividual>", f"<{THING}app>")])


def test_a_denied_value_is_a_negative_data_property_assertion() -> None:
    facts = negatives("not openai foundedInYear 2016")
    [(node, _, _)] = [fact for fact in facts if fact[2] == f"<{OWL}NegativePropertyAssertion>"]
    assert (node, f"<{OWL}targetValue>", f'"2016"^^<{XSD}integer>') in facts
    assert len(facts) == 4


def test_a_denied_class_as_object_is_membership_in_the_complement_of_some() -> None:
    facts = negatives("not openai owns ConsumerPlatform")
    [node] = [o for s, p, o in facts if (s, p) == (OPENAI, TYPE)]
    assert facts == sorted([
        (OPENAI, TYPE, node), (node, TYPE, f"<{OWL}Class>"),
        (node, f"<{OWL}complementOf>", SOME), *SOME_FACTS])


def test_a_denied_type_is_membership_in_the_complement() -> None:
    facts = negatives("not openai a Group")
    [node] = [o for s, p, o in facts if (s, p) == (OPENAI, TYPE)]
    assert facts == sorted([
        (OPENAI, TYPE, node), (node, TYPE, f"<{OWL}Class>"),
        (node, f"<{OWL}complementOf>", f"<{AIKG}Group>")])


def test_denials_do_not_share_nodes_and_are_no_plain_facts() -> None:
    lines = ("not openai owns app", "not openai owns ConsumerPlatform", "not openai a Group",
             "not meta owns ConsumerPlatform", "not openai foundedInYear 2016")
    facts = negatives(*lines)
    nodes = {s for s, _, _ in facts if s.startswith("_:") and s != SOME}
    assert len(nodes) == len(lines)
    assert plain_facts(layer(*lines), VOCABULARY) == []


# What is in dispute

DISPUTED = {
    # Affirmed and denied
    "same fact": ("openai owns app", "not openai owns app"),
    "same value": ("openai foundedInYear 2015", "not openai foundedInYear 2015"),
    "same class as object": ("openai owns Platform", "not openai owns Platform"),
    "same type": ("openai a Company", "not openai a Company"),
    "a property below": ("meta investsStrategicallyIn app", "not meta funds app"),
    "a value of a property below": ("openai startsIn 2015", "not openai foundedInYear 2015"),
    "a class below": ("openai owns ConsumerPlatform", "not openai owns Platform"),
    "a type below": ("openai a Company", "not openai a Organization"),
    "an individual of the class": ("openai owns app", "not openai owns ConsumerPlatform"),
    "an individual of a class below": ("openai owns app", "not openai owns Platform"),
    "both below": ("meta investsIn app", "not meta funds Platform"),
    "by the inverse": ("meta funds openai", "not openai isFundedBy meta"),
    "by a symmetric property": ("meta rivals openai", "not openai rivals meta"),
    "the word of another": ("openai owns app", "not openai owns app by meta"),
    "a report": ("openai owns app is Reported", "not openai owns app"),
    # Two values of a functional property
    "two values": ("openai foundedInYear 2015", "openai foundedInYear 2016"),
    "two individuals": ("round isRoundOf openai", "round isRoundOf xai"),
    "one of them below": ("openai foundedInYear 2015", "openai startsIn 2016"),
    "both of them below": ("round isLateRoundOf openai", "round isLateRoundOf xai"),
    # Disjoint types
    "disjoint types": ("openai a Organization", "openai a Group"),
    "a type below a disjoint one": ("openai a Group", "openai a Company"),
}


@pytest.mark.parametrize("case", DISPUTED)
def test_both_sides_of_a_dispute_leave_the_layer(case: str) -> None:
    for lines in permutations(DISPUTED[case]):
        found = layer(*lines, "openai owns phone", "not openai owns phone is Hedged")
        assert sides(found) == {"facts": ("3",), "disputed": ("1", "2")}
        assert set(found.disputed) == {plain(line.removeprefix("not ")) for line in lines}


UNDISPUTED = {
    "another subject": ("openai owns app", "not meta owns app"),
    "another property": ("openai owns app", "not openai uses app"),
    "another object": ("openai owns app", "not openai owns phone"),
    "another class": ("openai owns phone", "not openai owns ConsumerPlatform"),
    "a property above": ("meta funds app", "not meta investsIn app"),
    "a class above": ("openai owns Platform", "not openai owns ConsumerPlatform"),
    "a type above": ("openai a Organization", "not openai a Company"),
    "the individual of an affirmed class": ("openai owns ConsumerPlatform", "not openai owns app"),
    "both denied": ("not openai owns app", "not openai owns app"),
    "two denied values": ("not openai foundedInYear 2015", "not openai foundedInYear 2016"),
    "one denied value of two": ("openai foundedInYear 2015", "not openai foundedInYear 2016"),
    "the same value twice": ("openai foundedInYear 2015", "openai startsIn 2015"),
    "two values of a common property": ("openai owns app", "openai owns phone"),
    "types that go together": ("openai a Company", "openai a Nonprofit"),
    "a hedged side": ("openai owns app", "not openai owns app is Hedged"),
    "a condition": ("openai foundedInYear 2015", "openai foundedInYear 2016 if s-9"),
    # Some round is one of a company, and it is one of OpenAI: OpenAI may be that company.
    "a functional property with a class": ("round isRoundOf Company", "round isRoundOf openai"),
}


@pytest.mark.parametrize("case", UNDISPUTED)
def test_what_can_hold_together_is_not_in_dispute(case: str) -> None:
    for lines in permutations(UNDISPUTED[case]):
        assert layer(*lines).disputed == {}


def test_a_dispute_may_lie_between_sources_and_between_many() -> None:
    one = claims("openai owns app", "openai foundedInYear 2015", source="s")
    other = claims("openai foundedInYear 2016", "not openai owns app", source="t")
    third = claims("openai owns app", "openai foundedInYear 2017", source="u")
    found = direct_layer([*one, *other, *third], VOCABULARY, TYPES)
    assert (found.facts, found.denials) == ({}, {})
    assert found.disputed == {
        plain("openai owns app"): tuple(CLAIM + name for name in ("s-1", "t-2", "u-1")),
        plain("openai foundedInYear 2015"): (CLAIM + "s-2",),
        plain("openai foundedInYear 2016"): (CLAIM + "t-1",),
        plain("openai foundedInYear 2017"): (CLAIM + "u-2",)}


def test_the_layer_is_a_function_of_the_set_of_claims() -> None:
    lines = ("openai owns app", "not openai owns Platform", "meta owns phone", "not meta owns app")
    made = claims(*lines)

    def said(some: Iterable[Claim]) -> tuple[list[object], ...]:
        found = direct_layer(some, VOCABULARY, TYPES)
        return tuple(list(side.items()) for side in (found.facts, found.denials, found.disputed))

    assert {str(said(order)) for order in permutations(made)} == {str(said(made))}
    # One source less, and its side is gone: a view is never a filter on the rows of another.
    assert plain("openai owns app") in direct_layer(made[:1], VOCABULARY, TYPES).facts


def test_fact_of_a_claim_is_in_n_triples_terms() -> None:
    quoted = Claim(CLAIM + "x", THING + "x", AIKG + "formerName", None, Literal('a "b"\n'),
                   AIKG + "Stated", ("s",))
    assert fact_of(quoted) == (str(NamedNode(THING + "x")), f"<{AIKG}formerName>",
                               '"a \\"b\\"\\n"')
