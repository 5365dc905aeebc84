"""Pictures: which relations they show, in which strokes, and how they are asked for."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode

from aikg.errors import NoAnswer, UnknownName
from aikg.graph import Graph
from aikg.names import AIKG, THING
from aikg.picture import KINDS, MOST, Picture, draw, kind_of, picture
from aikg.relation import Relation

OPENAI, GOOGLE = NamedNode(THING + "openai"), NamedNode(THING + "google")


def told(shown: Picture) -> set[tuple[str, str, str, str, str]]:
    names = [node.label for node in shown.nodes]
    return {(names[one.source], one.label, names[one.target], one.kind, one.stroke)
            for one in shown.edges}


def test_money_compute_and_rivalry_come_first_and_the_rest_is_counted(graph: Graph) -> None:
    shown = draw("OpenAI", graph)
    assert len(shown.edges) == MOST
    assert {one.kind for one in shown.edges} >= set(KINDS)
    whole = draw("OpenAI", graph, None)
    assert whole.left_out == 0
    assert len(whole.edges) == MOST + shown.left_out
    assert {one.kind for one in whole.edges} - {one.kind for one in shown.edges} <= {"other"}
    assert f"{shown.left_out} more are not shown" in shown.description


def test_the_stroke_says_how_firmly(graph: Graph) -> None:
    assert told(draw("OpenAI", graph)) >= {
        ("Microsoft", "supplies compute to", "OpenAI", "compute", "solid"),
        ("Amazon", "funds", "OpenAI", "money", "dotted"),
        ("OpenAI", "earns from", "advertising", "money", "dashed")}


@pytest.mark.parametrize(("name", "kind"), [
    ("investsStrategicallyIn", "money"), ("isFundedBy", "money"), ("getsChipsFrom", "compute"),
    ("competesWith", "rivalry"), ("develops", "other"), ("nothingKnown", "other")])
def test_a_property_has_the_kind_of_those_above_it(graph: Graph, name: str, kind: str) -> None:
    assert kind_of(AIKG + name, graph.lexicon) == kind


def test_every_kind_is_made_of_properties_of_the_ontology(graph: Graph) -> None:
    for properties in KINDS.values():
        assert {f"aikg:{name}" for name in properties} <= graph.lexicon.labels.keys()


def test_what_holds_both_ways_is_one_line(graph: Graph) -> None:
    both = [Relation(OPENAI, AIKG + "competesWith", GOOGLE, "stated"),
            Relation(GOOGLE, AIKG + "competesWith", OPENAI, "inferred")]
    [edge] = picture("t", both, graph.lexicon).edges
    assert edge.both
    assert edge.grade == "stated"


def test_nodes_are_things_values_and_second_boxes(graph: Graph) -> None:
    shown = picture("t", [
        Relation(OPENAI, AIKG + "foundedInYear", Literal(2015), "stated"),
        Relation(OPENAI, AIKG + "controls", OPENAI, "hedged"),
        Relation(OPENAI, AIKG + "owns", GOOGLE, "stated", True)], graph.lexicon, [OPENAI.value])
    assert [node.label for node in shown.nodes].count("OpenAI") == 2
    assert [node.label for node in shown.nodes if node.iri is None] == ["2015"]
    assert "denied: owns" in {edge.label for edge in shown.edges}
    assert all(edge.source != edge.target for edge in shown.edges)
    assert shown.dot().count(" -> ") == 3


def test_nothing_to_draw_and_nothing_of_the_name(graph: Graph) -> None:
    with pytest.raises(NoAnswer, match="nothing to draw"):
        picture("t", [], graph.lexicon)
    with pytest.raises(UnknownName):
        draw("Opennnai", graph)


def test_a_graph_draws_and_a_notebook_shows_it(graph: Graph) -> None:
    pytest.importorskip("igraph", reason="igraph, of the extra `draw`, is not installed")
    shown = graph.draw(graph.run("compute-suppliers", customer="OpenAI"))
    assert shown.title == graph.catalog.query("compute-suppliers").summary
    assert shown._repr_svg_() == shown.svg()
