"""References: names, CURIEs, IRIs and ids lead to one thing, or to an error that says more."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

import aikg
from aikg.errors import AmbiguousName, UnknownName
from aikg.graph import Graph
from aikg.names import AIKG, RDF, THING
from aikg.query import Parameter
from aikg.reference import completions, find, find_object, find_property, is_property, written

GRAPH = aikg.open()


@pytest.mark.parametrize(("text", "curie"), [
    ("OpenAI", "thing:openai"), ("open ai", "thing:openai"), ("MSFT", "thing:microsoft"),
    ("thing:openai", "thing:openai"), (f"<{THING}openai>", "thing:openai"),
    (f"{THING}openai", "thing:openai"), ("compute supplier", "aikg:ComputeSupplier"),
    ("ComputeSupplier", "aikg:ComputeSupplier"), ("aikg:ComputeSupplier", "aikg:ComputeSupplier"),
    ("supplies compute to", "aikg:suppliesComputeTo"), ("suppliesComputeTo",
                                                        "aikg:suppliesComputeTo"),
    ("claim:bitpush-001", "claim:bitpush-001"), ("bitpush-001", "claim:bitpush-001"),
    ("Bitpush", "source:bitpush-openai-financing"),
    ("I.p3.s1", "source:bitpush-openai-financing/I.p3.s1"), ("stated", "aikg:Stated"),
])
def test_find(text: str, curie: str, graph: Graph) -> None:
    assert find(text, graph.lexicon, graph.engine) == written(curie)


@pytest.mark.parametrize(("text", "says"), [
    ("Opna", "nothing is named 'Opna'"), ("thing:opnai", "nothing bears the IRI 'thing:opnai'"),
    ("https://example.org/", "nothing bears the IRI"), ("<a://b c>", "not an IRI"),
    ("", "named ''"), ("a\nb", "'a b'"), ("http://x> }", "not an IRI"), ("x" * 1_000_000, "…'"),
])
def test_find_nothing(text: str, says: str, graph: Graph) -> None:
    with pytest.raises(UnknownName) as error:
        find(text, graph.lexicon, graph.engine)
    assert says in str(error.value)
    assert len(str(error.value)) < 120


def test_the_nearest_iri_is_offered(graph: Graph) -> None:
    with pytest.raises(UnknownName) as error:
        find("thing:opnai", graph.lexicon, graph.engine)
    assert error.value.candidates[0] == "thing:openai"


@pytest.mark.parametrize(("text", "curie"), [
    ("type", "rdf:type"), ("a", "rdf:type"), ("is a", "rdf:type"), ("rdf:type", "rdf:type"),
    (f"<{RDF}type>", "rdf:type"), ("supplies compute to", "aikg:suppliesComputeTo"),
    ("Supplies-Compute-To", "aikg:suppliesComputeTo"), ("funds", "aikg:funds"),
    ("suppliesComputeTo", "aikg:suppliesComputeTo"), ("bankrolls", "aikg:funds"),
    ("aikg:suppliesComputeTo", "aikg:suppliesComputeTo"), ("investor", "aikg:isFundedBy"),
])
def test_find_property(text: str, curie: str, graph: Graph) -> None:
    assert find_property(text, graph.lexicon) == written(curie)


@pytest.mark.parametrize("text", ["", "OpenAI", "outgrows", "aikg:Claim", "aikg:fund", "x y z\n"])
def test_find_no_property(text: str, graph: Graph) -> None:
    with pytest.raises(UnknownName, match="no property"):
        find_property(text, graph.lexicon)


def test_several_things_of_one_name_are_told(graph: Graph) -> None:
    lexicon = graph.lexicon._replace(names={"ab": ["thing:openai", "thing:microsoft"]})
    with pytest.raises(AmbiguousName) as error:
        find("AB", lexicon, graph.engine)
    assert error.value.candidates == ("thing:openai", "thing:microsoft")
    lexicon = graph.lexicon._replace(forms={"outgrow": ["aikg:funds", "aikg:owns!"]})
    with pytest.raises(AmbiguousName) as error:
        find_property("outgrows", lexicon)
    assert error.value.candidates == ("aikg:funds", "aikg:owns")


@pytest.mark.parametrize(("text", "prop", "term"), [
    ("OpenAI", "aikg:funds", f"<{THING}openai>"),
    ("ComputeSupplier", "rdf:type", f"<{AIKG}ComputeSupplier>"),
    ("compute suppliers", "rdf:type", f"<{AIKG}ComputeSupplier>"),
    ("ComputeSupplier", "aikg:funds", f"<{AIKG}ComputeSupplier>"),
    ("2015", "aikg:foundedInYear", '"2015"^^<http://www.w3.org/2001/XMLSchema#integer>'),
    ("1999", "aikg:foundedInYear", '"1999"'),
])
def test_find_object(text: str, prop: str, term: str, graph: Graph) -> None:
    assert find_object(text, str(written(prop)), graph.lexicon, graph.engine) == term


def test_an_unknown_object_is_told_as_a_thing(graph: Graph) -> None:
    with pytest.raises(UnknownName) as error:
        find_object("Antropic", AIKG + "funds", graph.lexicon, graph.engine)
    assert error.value.candidates == ("Anthropic",)


def test_properties_begin_small() -> None:
    assert is_property("aikg:funds")
    assert not any(map(is_property, ("aikg:Claim", "thing:openai", "funds", "aikg:", "")))


@pytest.mark.parametrize(("begun", "of", "offered"), [
    ("opena", "aikg:Organization", ["OpenAI"]), ("Claude", "aikg:Organization", []),
    ("Meta-P", None, ["Meta-Platforms"]), ("no such", None, []),
])
def test_completions(begun: str, of: str | None, offered: list[str], graph: Graph) -> None:
    found = completions(graph.lexicon, begun, Parameter("x", "entity", "", of))
    assert [name for name in found if not name.startswith("OpenAI-")] == offered


def test_every_completion_is_found_again(graph: Graph) -> None:
    names = completions(graph.lexicon, "")
    assert len(names) > 50
    for name in names:
        find(name, graph.lexicon, graph.engine)
    classes = completions(graph.lexicon, "", Parameter("x", "class", ""))
    assert "compute-supplier" in classes


@given(st.text(max_size=60))
def test_any_text_is_found_or_refused(text: str) -> None:
    with suppress(UnknownName, AmbiguousName):
        assert find(text, GRAPH.lexicon, GRAPH.engine)
    with suppress(UnknownName, AmbiguousName):
        assert find_property(text, GRAPH.lexicon)
    with suppress(UnknownName, AmbiguousName):
        assert find_object(text, AIKG + "foundedInYear", GRAPH.lexicon, GRAPH.engine)
