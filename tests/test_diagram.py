"""Diagrams in words: Mermaid and DOT that hold what the picture holds, whatever a label is."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from xml.etree import ElementTree

import pytest

from aikg.diagram import dot, mermaid
from aikg.graph import Graph
from aikg.picture import Edge, Node, Picture, draw

HOSTILE = ['a"]; b', "x\\", '\\"', "<b>html</b>", "a|b", "end", "%% no", "#quot;", "n\nl", "{}()[]",
           "\\N \\G", "-->", "`md`", "算", ""]

MODULES = os.environ.get("AIKG_MERMAID")
READER = """
import {JSDOM} from "jsdom";
import {readFileSync} from "fs";
globalThis.window = new JSDOM("").window;
globalThis.document = window.document;
const {default: mermaid} = await import("mermaid");
const text = readFileSync(0, "utf8");
await mermaid.parse(text);
const {db} = await mermaid.mermaidAPI.getDiagramFromText(text);
const nodes = Array.from(db.getVertices().values(), (one) => one.text);
console.log(JSON.stringify({nodes, edges: db.getEdges().length}));
"""


def hostile() -> Picture:
    nodes = tuple(Node(name, None, number == 0, number == 1) for number, name in enumerate(HOSTILE))
    edges = tuple(Edge(0, number, HOSTILE[number], "money", "hedged", number == 2)
                  for number in range(1, len(HOSTILE)))
    return Picture('t"}', nodes, edges)


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz's `dot` is not installed")
@pytest.mark.parametrize("name", ["OpenAI", "shared-investors", None])
def test_graphviz_reads_the_dot(graph: Graph, name: str | None) -> None:
    shown = draw(name, graph) if name else hostile()
    done = subprocess.run(["dot", "-Tsvg"], input=dot(shown), capture_output=True, timeout=60,
                          encoding="utf-8", check=True)
    assert done.stderr == ""
    root = ElementTree.fromstring(done.stdout)
    groups = [one.get("class") for one in root.iter() if one.get("class") in ("node", "edge")]
    assert groups.count("node") == len(shown.nodes)
    assert groups.count("edge") == len(shown.edges)
    texts = {"".join(one.itertext()) for one in root.iter("{http://www.w3.org/2000/svg}text")}
    labels = {" ".join("".join(c if c.isprintable() else " " for c in node.label).split())
              for node in shown.nodes} - {""}
    assert labels <= {" ".join(one.replace("\xa0", " ").split()) for one in texts}


def test_dot_has_each_node_and_edge_on_its_line() -> None:
    lines = dot(hostile()).splitlines()
    assert sum(" -> " in line and line.startswith("  n") for line in lines) == len(HOSTILE) - 1
    assert lines[0] == 'digraph "t\\"}" {'


def test_mermaid_has_no_syntax_in_a_label() -> None:
    lines = mermaid(hostile()).splitlines()
    assert lines[0] == "flowchart LR"
    node = re.compile(r"  n\d+(\[|\[\[|\(\[)\"[^\"<>|\[\](){}`\\%]*\"(\]|\]\]|\]\))")
    edge = re.compile(r"  n\d+ (<?-->|<?-\.->)\|\"[^\"<>|\[\](){}`\\%]*\"\| n\d+")
    count = len(HOSTILE)
    assert all(node.fullmatch(line) for line in lines[1:count + 1])
    assert all(edge.fullmatch(line) for line in lines[count + 1:2 * count])
    assert all(line.startswith("  linkStyle ") for line in lines[2 * count:])


@pytest.mark.skipif(not MODULES or shutil.which("node") is None,
                    reason="AIKG_MERMAID names no folder with mermaid and jsdom, or no node")
@pytest.mark.parametrize("name", ["OpenAI", "what-if", None])
def test_mermaid_reads_the_flowchart(graph: Graph, name: str | None) -> None:
    shown = draw(name, graph) if name else hostile()
    done = subprocess.run(
        ["node", "--input-type=module", "-e", READER], input=mermaid(shown), capture_output=True,
        encoding="utf-8", cwd=MODULES, timeout=60, check=True)
    read = json.loads(done.stdout)
    assert len(read["nodes"]) == len(shown.nodes)
    assert read["edges"] == len(shown.edges)
    if name:
        assert read["nodes"] == [node.label for node in shown.nodes]


def test_a_mermaid_label_reads_as_it_is() -> None:
    line = mermaid(hostile()).splitlines()[1]
    label = re.sub(r"#(\d+);", lambda match: chr(int(match[1])), line.split('"')[1])
    assert label == HOSTILE[0]
