"""The index gives what the lexicon would hold, one name at a time."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from aikg.index import INDEX, Index, Lookup, Names, entries
from aikg.names import AIKG, RDF, RDFS, THING

LAB, FUND = f"<{THING}lab>", f"<{THING}fund>"


@pytest.fixture(scope="module")
def index() -> Index:
    store = Store()
    names = [(LAB, "Zyphra Labs"), (LAB, "Zyphra"), (FUND, "zyphra"), (FUND, "???")]
    for subject, predicate, target in entries(names, [(LAB, f"<{AIKG}Company>")]):
        term = NamedNode(target[1:-1]) if target[0] == "<" else Literal(target[1:-1])
        store.add(Quad(NamedNode(subject[1:-1]), NamedNode(predicate[1:-1]), term,
                       NamedNode(INDEX)))
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


def test_what_is_held_and_what_is_looked_up() -> None:
    found = Lookup({"a": 1}, {"a": 2, "b": 3}.get)
    assert (found["a"], found["b"], found.get("c"), "b" in found) == (1, 3, None, True)
    assert list(found) == ["a"]
    both = Names({"a": ["x"]}, {"a": ["y"], "b": ["z"]}.get)
    assert (both["a"], both["b"], both.get("c", ())) == (["x", "y"], ["z"], ())
