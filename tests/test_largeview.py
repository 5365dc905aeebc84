"""The direct layer of many claims is the one that the view gives, claim by claim compared."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal

from aikg.claim import Claim
from aikg.dispute import Vocabulary
from aikg.largeview import Said, layer_of_many
from aikg.names import AIKG, RDF
from aikg.view import direct_layer

A, B, C, P, Q, F = (AIKG + name for name in ("A", "B", "C", "p", "q", "f"))
VOCABULARY = Vocabulary(
    frozenset({A, B, C}), frozenset({F}),
    {P: frozenset({P, Q}), F: frozenset({F, Q}), A: frozenset({A, B})},
    frozenset({frozenset({B, C})}), {P: F, F: P, Q: Q})
KINDS = {"https://x.example/x": frozenset({A}), "https://x.example/y": frozenset({C})}
THINGS = st.sampled_from(["https://x.example/x", "https://x.example/y", "https://x.example/z"])
CLASSES = st.sampled_from([A, B, C])
SOMETIMES = st.sampled_from([None, None, None, "https://x.example/other"])
NAMES = st.sampled_from([f"https://x.example/c{number}" for number in range(9)])


@st.composite
def claims(draw: st.DrawFn) -> list[Claim]:
    found = []
    for number in range(draw(st.integers(0, 7))):
        predicate = draw(st.sampled_from([P, Q, F, RDF + "type"]))
        target = draw(CLASSES if predicate == RDF + "type" else THINGS | CLASSES | st.none())
        value = None if target else Literal(draw(st.sampled_from("12")))
        modality = draw(st.sampled_from(["Stated", "Stated", "Evaluated", "Reported", "Hedged"]))
        found.append(Claim(
            f"https://x.example/c{number}", draw(THINGS), predicate, target, value,
            AIKG + modality, ("p",), draw(st.booleans()), draw(SOMETIMES), draw(SOMETIMES),
            contradicts=tuple({*draw(st.lists(NAMES, max_size=1))} - {f"https://x.example/c{number}"})))
    return found


def said(claim: Claim) -> Said:
    return Said(claim.iri, f"<{claim.subject}>", f"<{claim.predicate}>",
                f"<{claim.object}>" if claim.object else str(claim.value), claim.denied,
                claim.firm)


@given(claims())
def test_it_is_the_layer_of_the_view(found: list[Claim]) -> None:
    expected = direct_layer(found, VOCABULARY, KINDS)
    names = {claim.iri for claim in found}
    read = [(claim.iri, other) for claim in found for other in claim.contradicts if other in names]
    asserted = [said(claim) for claim in found if claim.asserted]
    assert layer_of_many(asserted, VOCABULARY, lambda thing: KINDS.get(thing, ()), read) == expected


def test_many_claims_on_one_thing_take_no_square_of_time() -> None:
    many = [Said(f"https://x.example/c{n}", "<https://x.example/x>", f"<{Q}>",
                 f"<https://x.example/t{n}>", n % 5 == 0) for n in range(20_000)]
    layer = layer_of_many(many, VOCABULARY, lambda thing: ())
    assert (len(layer.facts), len(layer.denials), len(layer.disputed)) == (16_000, 4_000, 0)
