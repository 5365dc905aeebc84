"""SVG: well-formed, the same each time, readable without colours, safe whatever a label holds."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from aikg import lettering
from aikg.graph import Graph
from aikg.picture import Edge, Node, Picture, draw
from aikg.svg import FOLDER, element, text

pytest.importorskip("igraph", reason="igraph, of the extra `draw`, is not installed")
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = ["</text><script>alert(1)</script>", '"><a href="javascript:x">', "&amp;<b>",
           "a\x00\x1b[", "\ud800", "\u202eabc", "x" * 400, "]]>", "算" * 60, ""]


def hostile() -> Picture:
    nodes = tuple(Node(name, f"https://example.org/{number}", number == 0, number == 1)
                  for number, name in enumerate(HOSTILE))
    edges = tuple(Edge(0, number, HOSTILE[number], kind, grade, number % 2 == 0)
                  for number, (kind, grade) in enumerate(zip(
                      ["money", "compute", "rivalry", "other"] * 3,
                      ["stated", "hedged", "inferred", None] * 3, strict=True)) if
                  0 < number < len(HOSTILE))
    return Picture(HOSTILE[0], nodes, edges, 3)


def boxes(root: ElementTree.Element) -> list[tuple[float, float, float, float]]:
    """Left, top, right and bottom of each box and each text beside the boxes."""
    found = []
    for rect in root.iter(f"{SVG}rect"):
        if rect.get("class") == "box":
            x, y, w, h = (float(rect.get(name, "0")) for name in ("x", "y", "width", "height"))
            found.append((x, y, x + w, y + h))
    for label in root.iter(f"{SVG}text"):
        size = float(label.get("font-size", "0"))
        if size:
            wide = lettering.width(label.text or "", size)
            x, y = float(label.get("x", "0")), float(label.get("y", "0"))
            left = x - wide / 2 if label.get("text-anchor") == "middle" else x
            found.append((left, y - size, left + wide, y + 3))
    return found


@pytest.mark.parametrize("what", ["OpenAI", "Google", "aikg:MoneyFlow", "shared-investors",
                                  "what-if", "suppliers"])
def test_no_label_overlaps_and_all_is_in_the_picture(graph: Graph, what: str) -> None:
    root = ElementTree.fromstring(draw(what, graph).svg())
    found = boxes(root)
    left, top, width, height = map(float, root.get("viewBox", "").split())
    assert [pair for pair in combinations(found, 2) if all(
        pair[0][side] < pair[1][side + 2] and pair[1][side] < pair[0][side + 2]
        for side in (0, 1))] == []
    assert all(left <= a and top <= b and c <= left + width and d <= top + height
               for a, b, c, d in found)


def test_every_text_fits_its_box(graph: Graph) -> None:
    root = ElementTree.fromstring(draw("OpenAI", graph).svg())
    for group in root.iter(f"{SVG}g"):
        rect = group.find(f".//{SVG}rect")
        for line in group.iter(f"{SVG}text") if rect is not None else ():
            assert lettering.width(line.text or "", 14) <= float(rect.get("width", "0"))  # type: ignore[union-attr]


def test_it_says_in_words_what_it_shows(graph: Graph) -> None:
    shown = draw("xAI", graph)
    root = ElementTree.fromstring(shown.svg())
    named = (root.get("aria-labelledby") or "").split()
    texts = {one.get("id"): one.text for one in root}
    assert texts[named[0]] == "xAI"
    assert texts[named[1]] == shown.description


def test_strokes_differ_without_colours() -> None:
    root = ElementTree.fromstring(hostile().svg())
    lines = [path for group in root.iter(f"{SVG}g") if (group.get("class") or "").startswith("edge")
             for path in group.iter(f"{SVG}path") if path.get("class") != "inside"]
    widths = {path.get("class"): path.get("stroke-width") for path in lines}
    assert len(set(widths.values())) == 4
    assert {path.get("stroke-dasharray") for path in lines} == {None, "8 5", "2 4"}


@pytest.mark.parametrize("what", ["Anthropic", "OpenAI", "what-if"])
def test_every_line_ends_with_a_step_that_gives_its_arrow_a_direction(
    graph: Graph, what: str,
) -> None:
    root = ElementTree.fromstring(draw(what, graph).svg())
    for path in root.iter(f"{SVG}path"):
        steps = re.findall(r"([MCH])([^MCH]*)", path.get("d", ""))
        if path.get("marker-end"):
            xs = [float(numbers.split()[-2 if name != "H" else 0]) for name, numbers in steps]
            assert all(before != after for before, after in pairwise(xs)), path.get("d")


def test_hostile_labels_stay_text() -> None:
    shown = hostile().svg()
    root = ElementTree.fromstring(shown)
    assert {one.tag for one in root.iter()} <= {SVG + name for name in (
        "svg", "title", "desc", "style", "defs", "marker", "path", "rect", "g", "text", "a")}
    assert {one.get("href") for one in root.iter(f"{SVG}a")} == {
        f"https://example.org/{number}" for number in range(len(HOSTILE))}
    shown.encode()


def test_no_link_leads_to_a_script() -> None:
    nodes = (Node("a", "javascript:alert(1)", False, False), Node("b", None, False, False))
    shown = Picture("t", nodes, (Edge(0, 1, "x", "other", "stated", False),))
    assert "javascript:" not in shown.svg() + shown.dot() + shown.mermaid()


def test_within_a_page_it_has_links_of_the_page_and_no_style(graph: Graph) -> None:
    shown = element(draw("xAI", graph), lambda iri: f"/x?{iri}&" if "google" in iri else None)
    root = ElementTree.fromstring(shown)
    assert root.find(f"{SVG}style") is None
    assert "style=" not in shown
    assert {link.get("href") for link in root.iter(f"{SVG}a")} <= {
        "/x?https://w3id.org/aikg/thing/google&"}


def test_the_light_colours_are_those_of_the_style(graph: Graph) -> None:
    tokens = (Path(FOLDER) / "tokens.css").read_text("utf-8")
    light = dict(re.findall(r"--([\w-]+): (#\w+);", tokens.partition("@media")[0]))
    shown = draw("OpenAI", graph).svg().partition("</style>")[2]
    assert set(re.findall(r"#[0-9a-f]{3,6}\b", shown)) <= set(light.values())


def test_a_document_is_dark_in_the_dark_and_needs_no_custom_property(graph: Graph) -> None:
    style = draw("xAI", graph).svg().partition("<style>")[2].partition("</style>")[0]
    light, _, dark = style.partition("@media (prefers-color-scheme: dark)")
    assert "var(" not in style
    assert "#" not in light
    assert {".paper", ".box", ".money", ".tip-rivalry", ".inside"} <= set(
        re.findall(r"\.[\w-]+", dark))


def test_the_bytes_are_the_same_in_every_process(graph: Graph) -> None:
    here = draw("what-if", graph).svg()
    code = "import aikg, sys; sys.stdout.write(aikg.open().draw('what-if').svg())"
    for seed in ("1", "2"):
        there = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True,
                               check=True, timeout=60, env={"PYTHONHASHSEED": seed, "PATH": ""},
                               encoding="utf-8", cwd=Path(FOLDER).parent.parent)
        assert there.stdout == here


@pytest.mark.parametrize(("given", "shown"), [
    ("a<b", "a&lt;b"), ("\x00", "\ufffd"), ("\ud800", "\ufffd"), ("\t", "\t"),
    ("\uffff", "\ufffd")])
def test_what_xml_cannot_hold_is_replaced(given: str, shown: str) -> None:
    assert text(given) == shown
