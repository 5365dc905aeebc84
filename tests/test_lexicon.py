"""Names lead to the one thing that bears them, or to an error that says what would."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, RdfFormat, parse

from aikg import Graph
from aikg.errors import AikgError, AmbiguousName, UnknownName
from aikg.lexicon import Lexicon, shown, singular
from aikg.names import AIKG, RDFS, SKOS, THING

ENTITIES = Path(__file__).parent.parent / "graph" / "entities.ttl"
LETTERS = st.sampled_from("aoxOpen AI-'\u2019.,\t\n\0\"<>{}é№ﬁİß:/#\\")
ODD = st.text(max_size=30) | st.text(LETTERS, max_size=20) | st.sampled_from(
    ["https://", "://", "<>", "thing:", "thing:no such", "<thing:openai", ":openai", "-", "'s",
     "x" * 100_000, "\ud800", "\u202eIAnepO", "aikg:Organization", "thing:openai\n"])
CLASSES = st.sampled_from([None, "aikg:Organization", "aikg:Risk", "aikg:NoSuchClass", "", "x"])
SMALL = Lexicon(
    labels={"thing:a": "Acme", "thing:b": "Acme Labs", "thing:c": "Acme Chip", "aikg:Lab": "lab",
            "aikg:Organization": "organization", "aikg:Chip": "chip", "aikg:Path": "path",
            "aikg:Route": "route"},
    names={"acme": ["thing:a", "thing:c"], "acme labs": ["thing:b"], "acme chip": ["thing:c"]},
    classes={"lab": ["aikg:Lab"], "organization": ["aikg:Organization"], "chip": ["aikg:Chip"],
             "way": ["aikg:Path", "aikg:Route"]},
    kinds={},
    types={"thing:a": ["aikg:Lab", "aikg:Organization"], "thing:b": ["aikg:Organization"],
           "thing:c": ["aikg:Chip"]},
    above={"aikg:funds": ["aikg:relatedTo"], "aikg:investsIn": ["aikg:funds", "aikg:relatedTo"]},
    forms={},
    inverse={"aikg:funds": "aikg:isFundedBy", "aikg:isFundedBy": "aikg:funds",
             "aikg:competesWith": "aikg:competesWith"})


def authored_names() -> dict[str, set[str]]:
    """Every label and alias in the graph as authored, with the things that bear it."""
    found: dict[str, set[str]] = defaultdict(set)
    for triple in parse(path=str(ENTITIES), format=RdfFormat.TURTLE):
        if triple.predicate.value in (RDFS + "label", SKOS + "altLabel"):
            assert isinstance(triple.subject, NamedNode)
            found[triple.object.value].add(triple.subject.value)
    return found


NAMES = authored_names()


@pytest.mark.parametrize("text", [
    "OpenAI", "openai", "OPENAI", "Open AI", "open-ai", "  OpenAI\t", "thing:openai",
    THING + "openai", f"<{THING}openai>", "<thing:openai>", "OpenAI!",
])
def test_a_thing_has_many_spellings(text: str, graph: Graph) -> None:
    assert graph.lexicon.resolve(text) == THING + "openai"


@pytest.mark.parametrize(("text", "name"), [
    ("MSFT", "microsoft"), ("Facebook", "meta"), ("Twitter", "x-corp"), ("GOOG", "google"),
    ("SoftBank Group", "softbank"), ("Alphabet Inc", "alphabet"),
])
def test_aliases_that_people_type(text: str, name: str, graph: Graph) -> None:
    assert graph.lexicon.resolve(text) == THING + name


@pytest.mark.parametrize("text", [
    "foundation model provider", "Foundation Model Providers", "foundation-model-provider",
    "FoundationModelProvider", "aikg:FoundationModelProvider", AIKG + "FoundationModelProvider",
    f"<{AIKG}FoundationModelProvider>",
])
def test_a_class_has_many_spellings(text: str, graph: Graph) -> None:
    assert graph.lexicon.resolve_class(text) == AIKG + "FoundationModelProvider"


def test_an_iri_of_others_stands_for_itself(graph: Graph) -> None:
    wikidata = "http://www.wikidata.org/entity/Q21708200"
    assert graph.lexicon.resolve("wd:Q21708200") == wikidata
    assert graph.lexicon.resolve(wikidata) == wikidata


@pytest.mark.parametrize(("text", "of", "name"), [
    ("acme", "aikg:Lab", "a"), ("acme", "aikg:Chip", "c"), ("acme", "aikg:Organization", "a"),
    ("acme-labs", "aikg:Organization", "b"), ("ACME chip", None, "c"),
])
def test_the_class_of_a_slot_chooses(text: str, of: str | None, name: str) -> None:
    assert SMALL.resolve(text, of) == THING + name


def test_several_bearers_are_candidates_not_a_guess() -> None:
    with pytest.raises(AmbiguousName) as caught:
        SMALL.resolve(" Acme ")
    assert caught.value.candidates == ("thing:a", "thing:c")
    assert "' Acme ' may mean several things" in str(caught.value)
    with pytest.raises(AmbiguousName) as caught:
        SMALL.resolve_class("way")
    assert caught.value.candidates == ("aikg:Path", "aikg:Route")


@pytest.mark.parametrize(("text", "of", "message", "candidates"), [
    ("acme lab", None, "nothing is named 'acme lab'", ("Acme Labs",)),
    ("acme lasb", None, "nothing is named 'acme lasb'", ("Acme Labs",)),
    ("acme lab", "aikg:Chip", "nothing is named 'acme lab'", ()),
    ("acne", None, "nothing is named 'acne'", ("Acme", "Acme Chip")),
    ("acne", "aikg:Lab", "nothing is named 'acne'", ("Acme",)),
    ("zebra", None, "nothing is named 'zebra'", ()),
    ("acme labs", "aikg:Chip", "'acme labs' is not", ()),
    ("thing:zebra", None, "nothing bears the IRI 'thing:zebra'", ()),
    ("http://a b", None, "not an IRI: 'http://a b'", ()),
    ("zebra\nor\0horse", None, "nothing is named 'zebra or horse'", ()),
])
def test_an_unknown_name_comes_with_the_nearest(
    text: str, of: str | None, message: str, candidates: tuple[str, ...],
) -> None:
    with pytest.raises(UnknownName) as caught:
        SMALL.resolve(text, of)
    assert str(caught.value).startswith(message)
    assert caught.value.candidates == candidates


@pytest.mark.parametrize(("text", "near"), [
    ("opnai", "OpenAI"), ("antropic", "Anthropic"), ("micorsoft", "Microsoft"), ("lama", "LLaMA"),
])
def test_a_misspelt_name_of_the_graph(text: str, near: str, graph: Graph) -> None:
    with pytest.raises(UnknownName) as caught:
        graph.lexicon.resolve(text)
    assert near in caught.value.candidates


@pytest.mark.parametrize("text", ["thing:b", f"<{THING}b>"])
def test_an_iri_must_fit_the_class_too(text: str) -> None:
    with pytest.raises(UnknownName, match="is not"):
        SMALL.resolve(text, "aikg:Chip")


def test_a_thing_is_no_class() -> None:
    with pytest.raises(UnknownName):
        SMALL.resolve_class("thing:a")


@given(ODD, CLASSES)
@settings(max_examples=200, deadline=None, database=None)
def test_whatever_is_typed_gives_an_iri_or_our_error(text: str, of: str | None) -> None:
    assert is_one_line(found(SMALL.resolve, text, of))
    assert is_one_line(found(SMALL.resolve_class, text))


def found(resolve: Callable[..., str], *given: str | None) -> str:
    """The IRI that a name leads to, or the message that says why it leads to none."""
    try:
        return NamedNode(resolve(*given)).value
    except AikgError as error:
        return str(error)


def is_one_line(text: str) -> bool:
    return bool(text) and text.splitlines() == [text]


@given(name=st.sampled_from(sorted(NAMES)), data=st.data())
@settings(max_examples=300, deadline=None, database=None)
def test_every_name_is_found_however_it_is_typed(
    name: str, data: st.DataObject, graph: Graph,
) -> None:
    changes = {" ": " -", "-": "- "}
    typed = "".join(data.draw(st.sampled_from(changes[letter])) if letter in changes else
                    data.draw(st.sampled_from([letter, letter.upper(), letter.lower()]))
                    for letter in name)
    blanks = st.text(" \t\n", max_size=3)
    typed = data.draw(blanks) + typed + data.draw(blanks)
    assert found(graph.lexicon.resolve, typed) in NAMES[name]


def test_every_name_of_the_graph_is_found_as_authored(graph: Graph) -> None:
    assert len(NAMES) > 300
    missed = {name for name, things in NAMES.items()
              if graph.lexicon.resolve(name) not in things}
    assert missed == set()


def test_what_a_relation_says_of_another(graph: Graph) -> None:
    assert SMALL.directed(AIKG + "funds") == {
        (AIKG + "funds", True), (AIKG + "investsIn", True), (AIKG + "isFundedBy", False)}
    assert SMALL.directed(AIKG + "isFundedBy") == {
        (AIKG + "isFundedBy", True), (AIKG + "funds", False), (AIKG + "investsIn", False)}
    assert SMALL.directed(AIKG + "competesWith") == {
        (AIKG + "competesWith", True), (AIKG + "competesWith", False)}
    assert (AIKG + "investsStrategicallyIn", True) in graph.lexicon.directed(AIKG + "funds")
    assert (AIKG + "funds", True) not in graph.lexicon.directed(AIKG + "investsIn")


@pytest.mark.parametrize(("iri", "label"), [
    (THING + "openai", "OpenAI"), ("thing:openai", "OpenAI"), (AIKG + "suppliesTo", "supplies to"),
    ("thing:nobody", "thing:nobody"), ("https://example.org/x", "https://example.org/x"),
])
def test_label(iri: str, label: str, graph: Graph) -> None:
    assert graph.lexicon.label(iri) == label


def test_near_orders_by_distance_and_stops_at_five() -> None:
    names = ["acme", "acmee", "acm", "bcmee", "axxx", "acmx", "zzzz", "acma", "acmb"]
    assert SMALL.near("acme", names) == ["acme", "acm", "acma", "acmb", "acmee"]
    assert SMALL.near("acme", names, 0) == ["acme"]


@pytest.mark.parametrize(("text", "expected"), [
    ("a\nb\0c", "'a b c'"), ("x" * 61, "'" + "x" * 60 + "…'"), ("x" * 60, "'" + "x" * 60 + "'"),
    ("\u202eevil", "' evil'"), ("", "''"),
])
def test_shown_is_one_short_line(text: str, expected: str) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("Chip Suppliers", "chip supplier"), ("data-centers", "data center"), ("", ""), ("!", ""),
])
def test_singular(text: str, expected: str) -> None:
    assert singular(text) == expected
