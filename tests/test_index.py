"""The index gives what the lexicon would hold, one name at a time."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

from aikg.index import INDEX, Index, contested, entries
from aikg.names import AIKG, CLAIM, GRAPH, RDF, RDFS, THING

LAB, FUND = f"<{THING}lab>", f"<{THING}fund>"
DISPUTED = (FUND, f"<{AIKG}funds>", '"\\"quoted\\" and \\\\"@en')


@pytest.fixture(scope="module")
def index() -> Index:
    store = Store()
    names = [(LAB, "Zyphra Labs"), (LAB, "Zyphra"), (FUND, "zyphra"), (FUND, "???")]
    facts = [*entries(names, [(LAB, f"<{AIKG}Company>")]),
             *contested({DISPUTED: [CLAIM + "c1", CLAIM + "c2"]})]
    store.load("".join(" ".join(fact) + " .\n" for fact in facts), RdfFormat.N_TRIPLES,
               to_graph=NamedNode(INDEX))
    for day in ("2026-01-31", "2025-12-01"):
        store.add_graph(NamedNode(f"{GRAPH}outside/{day}"))
    for kind in ("Company", "Organization"):
        store.add(Quad(NamedNode(THING + "lab"), NamedNode(RDF + "type"), NamedNode(AIKG + kind)))
    for name in ("Zyphra Labs", "Labore Zyphrae"):
        store.add(Quad(NamedNode(THING + "lab"), NamedNode(RDFS + "label"), Literal(name)))
    return Index(store)


def test_names_lead_to_things(index: Index) -> None:
    assert index.named("zyphra") == ["thing:fund", "thing:lab"]
    assert index.named("zyphra labs") == ["thing:lab"]
    assert index.stemmed("zyphra lab") == ["thing:lab"]
    assert index.named("nobody") is None
    assert index.named("") is None


def test_things_have_classes_and_a_label(index: Index) -> None:
    assert index.kinds("thing:lab") == ["aikg:Company"]
    assert index.types("thing:lab") == ["aikg:Company", "aikg:Organization"]
    assert index.label("thing:lab") == "Labore Zyphrae"
    assert (index.kinds("thing:fund"), index.types("thing:fund"), index.label("x")) == (None,) * 3


@pytest.mark.parametrize(("word", "known"), [
    ("zyphra", True), ("labs", True), ("lab", True), ("company", False), ("", False)])
def test_words_of_names_are_known(word: str, known: bool, index: Index) -> None:
    assert (word in index) is known


@pytest.mark.parametrize("hostile", ["\ud800", "a b> <c", "thing:\x00", '"', "thing:a b", ""])
def test_what_is_no_name_is_not_found(hostile: str, index: Index) -> None:
    assert index.named(hostile) is None
    assert index.kinds(hostile) is None
    assert index.label(hostile) is None
    assert hostile not in index


def test_facts_in_dispute_lead_to_both_sides(index: Index) -> None:
    assert index.has_disputes
    assert index.sides(DISPUTED) == (CLAIM + "c1", CLAIM + "c2")
    assert index.sides((LAB, *DISPUTED[1:])) == ()
    assert index.is_contested(CLAIM + "c1")
    assert not index.is_contested(CLAIM + "c3")
    assert not Index(Store()).has_disputes


def test_the_newest_snapshot_is_known(index: Index) -> None:
    assert index.snapshot() == "outside/2026-01-31"
    assert Index(Store()).snapshot() is None
