"""The property graph: nodes and edges, and that nothing in a text breaks out of its place."""

from __future__ import annotations

import io
import re
from functools import cache
from typing import Any

import pytest

import aikg
from aikg.propertygraph import (
    CONSTRAINT,
    Edge,
    Node,
    PropertyGraph,
    cypher,
    graphml,
    property_graph,
)

HOSTILE = [
    "it's", 'a "quote"', "back\\slash", "ends in \\", "\\'", "line\nfeed", "\r", "\t", "\x00",
    "\x1b[31m", "`tick`", "{x: 1}", "$p", "// comment", "/* */", "; MATCH (n) DETACH DELETE n",
    "\\u0027", "\u2028", "é 漢 😀", "<a & b>", "]]>", "",
]


@cache
def whole() -> PropertyGraph:
    return property_graph(aikg.open())


def name(text: str) -> str:
    """A name made of a text, as the end of an IRI may be, and worse."""
    return "".join(c for c in text if c.isprintable()) or "x"


def hostile() -> PropertyGraph:
    nodes = tuple(Node(f"n{number}{text}", text, (name(text),), None)
                  for number, text in enumerate(HOSTILE))
    edges = tuple(Edge(nodes[0].id, node.id, f"https://x/{name(node.label)}", node.label,
                       node.label, (node.label, "x"), ()) for node in nodes)
    return PropertyGraph(nodes, edges)


def test_each_fact_is_an_edge_with_its_evidence() -> None:
    names = {node.id: node for node in whole().nodes}
    assert len(names) == len(whole().nodes) > 100
    assert {end for edge in whole().edges for end in (edge.source, edge.target)} <= {*names}
    [founded] = [edge for edge in whole().edges if edge.label == "founded in year"]
    assert (names[founded.source].label, names[founded.target].label) == ("OpenAI", "2015")
    assert names[founded.target].datatype == "xsd:integer"
    assert (founded.grade, [one.rpartition("-")[2] for one in founded.claims]) == (
        "stated", ["011"])
    assert "Company" in names[founded.source].types
    assert all(edge.claims and edge.passages and edge.grade for edge in whole().edges)


def test_networkx_reads_the_graphml() -> None:
    networkx = pytest.importorskip("networkx", reason="of the extra `test-all`")
    read = networkx.read_graphml(io.BytesIO(graphml(whole())), force_multigraph=True)
    assert read.is_directed()
    assert dict(read.nodes(data="label")) == {node.id: node.label for node in whole().nodes}
    assert {node: types.split() for node, types in read.nodes(data="types") if types} == {
        node.id: list(node.types) for node in whole().nodes if node.types}
    assert sorted((s, t, d["predicate"], d["grade"], d["claims"], d["passages"])
                  for s, t, d in read.edges(data=True)) == sorted(
        (edge.source, edge.target, edge.predicate, edge.grade, " ".join(edge.claims),
         " ".join(edge.passages)) for edge in whole().edges)


def test_no_text_breaks_graphml() -> None:
    networkx = pytest.importorskip("networkx", reason="of the extra `test-all`")
    read = networkx.read_graphml(io.BytesIO(graphml(hostile())), force_multigraph=True)
    plain = {ord("\x00"): "\ufffd", 0x1b: "\ufffd"}
    wanted = [(node.label.translate(plain), node.label) for node in hostile().nodes if node.label]
    assert [label for _, label in read.nodes(data="label") if label] == [one for one, _ in wanted]
    assert read.number_of_edges() == len(HOSTILE)


# Cypher, whose strings are read here as openCypher reads them

STRING, NAME = r"'(?:[^'\\]|\\.)*'", "`(?:[^`]|``)*`"
VALUE = rf"(?:{STRING}|null|\[(?:{STRING}(?:, {STRING})*)?\])"
SET = rf"SET [nr]\.\w+ = {VALUE}(?:, [nr]\.\w+ = {VALUE})*"
STATEMENT = re.compile(
    rf"(?:MERGE \(n:Resource {{uri: {STRING}}}\) {SET}(?:, n:{NAME})*"
    rf"|MATCH \(a:Resource {{uri: {STRING}}}\), \(b:Resource {{uri: {STRING}}}\) "
    rf"MERGE \(a\)-\[r:{NAME}\]->\(b\) {SET});")
ESCAPE = re.compile(r"\\(u[0-9a-f]{4}|.)")


def statements(content: bytes) -> list[str]:
    first, *lines = content.decode().split("\n")[:-1]
    assert first == CONSTRAINT
    return lines


def strings(line: str) -> list[str]:
    def plain(found: re.Match[str]) -> str:
        return chr(int(found[1][1:], 16)) if found[1][0] == "u" and len(found[1]) == 5 else found[1]

    texts = re.findall(rf"{NAME}|({STRING})", line)
    return [ESCAPE.sub(plain, text[1:-1]) for text in texts if text]


@pytest.mark.parametrize("graph", [whole, hostile])
def test_each_line_is_one_statement(graph: Any) -> None:
    lines = statements(cypher(graph()))
    assert len(lines) == len(graph().nodes) + len(graph().edges)
    assert [line for line in lines if not STATEMENT.fullmatch(line)] == []


def test_texts_come_back_from_cypher() -> None:
    lines = statements(cypher(hostile()))
    for node, line in zip(hostile().nodes, lines, strict=False):
        assert strings(line)[:2] == [node.id, node.label]
        assert "`" + name(node.label).replace("`", "``") + "`" in line


def test_another_parser_reads_the_cypher() -> None:
    antlr4_cypher = pytest.importorskip("antlr4_cypher", reason="of the extra `test-all`")
    from antlr4 import CommonTokenStream, InputStream
    from antlr4.error.ErrorListener import ErrorListener

    class Strict(ErrorListener):  # type: ignore[misc]
        def syntaxError(self, *found: Any) -> None:
            raise SyntaxError(found)

    def parse(line: str) -> None:
        lexer = antlr4_cypher.CypherLexer(InputStream(line))
        parser = antlr4_cypher.CypherParser(CommonTokenStream(lexer))
        for one in (lexer, parser):
            one.removeErrorListeners()
            one.addErrorListener(Strict())
        parser.script()

    with pytest.raises(SyntaxError):
        parse("MERGE (n:Resource {uri: 'it's'});")
    for line in (*statements(cypher(whole()))[::4], *statements(cypher(hostile()))):
        if "``" not in line:  # openCypher doubles a backtick within; that grammar has no such name
            parse(line)
