"""Stubs: claims of a claims file that are still to be written."""

from __future__ import annotations

import pytest
from pyoxigraph import RdfFormat, parse

from aikg.stub import joined, next_number, parted, stub

PREFIXES = {"aikg": "https://w3id.org/aikg/ontology/", "s": "https://w3id.org/aikg/source/s/",
            "claim": "https://w3id.org/aikg/claim/", "thing": "https://w3id.org/aikg/thing/",
            "rdfs": "http://www.w3.org/2000/01/rdf-schema#"}
ONE, TWO, TEN = (f"claim:s-{number}\n    a aikg:Claim ." for number in ("001", "002", "010"))
STUB = stub("claim:s-002", "s:p1.s2", "sentence, characters 0 to 9")
HEAD = "@prefix aikg: <https://w3id.org/aikg/ontology/> ."


def blocks(*parts: str) -> str:
    return "\n\n".join(parts) + "\n"


@pytest.mark.parametrize(("text", "stubs"), [
    (blocks(HEAD, ONE, STUB, TEN), [STUB]),
    (blocks(HEAD, STUB), [STUB]),
    (blocks(HEAD, ONE), []),
    (blocks(HEAD, ONE.replace("\n", "\n# a note inside a claim is no stub\n")), []),
])
def test_stubs_are_told_from_claims(text: str, stubs: list[str]) -> None:
    rest, found = parted(text)
    assert found == stubs
    assert "# sentence" not in rest
    assert rest == text or stubs


def test_a_stub_stands_in_the_place_of_its_number() -> None:
    text = joined(blocks(HEAD, ONE, TEN), [STUB], {"aikg": PREFIXES["aikg"]})
    assert text == blocks(HEAD, ONE, STUB, TEN)


def test_without_stubs_nothing_is_done() -> None:
    assert joined(blocks(HEAD, ONE), [], PREFIXES) == blocks(HEAD, ONE)


def test_a_stub_is_a_claim_once_its_marks_are_gone() -> None:
    filled = "\n".join(line.removeprefix("# ") for line in STUB.split("\n")[1:])
    for gap, value in (("thing: ", "thing:a "), ("aikg: ", "aikg:owns ")):
        filled = filled.replace(gap, value)
    head = "\n".join(f"@prefix {name}: <{iri}> ." for name, iri in PREFIXES.items())
    assert len(list(parse(f"{head}\n{filled}".encode(), RdfFormat.TURTLE))) == 7


@pytest.mark.parametrize(("text", "number"), [("", 1), (blocks(ONE, TEN), 11), (STUB, 3)])
def test_a_number_is_never_used_again(text: str, number: int) -> None:
    assert next_number(text, "s") == number
