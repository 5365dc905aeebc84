"""The facts as a property graph: nodes with labels, edges with properties; GraphML and Cypher.

Each edge is one fact, with its grade, claims and passages. A value is a node too, so that what is
said of it keeps its evidence; a fact of the kind of a thing is a label of its node.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from pyoxigraph import Literal

from aikg.graded import graded
from aikg.graph import Graph
from aikg.names import RDF, THING, compact
from aikg.turtle import natural

NODE_KEYS = ("label", "types", "datatype")
EDGE_KEYS = ("predicate", "label", "grade", "claims", "passages")
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
CONSTRAINT = ("CREATE CONSTRAINT aikg_resource_uri IF NOT EXISTS "
              "FOR (n:Resource) REQUIRE n.uri IS UNIQUE;")
"""Neo4j 4.4 and later; other engines take the rest without this line."""


class Node(NamedTuple):
    """A thing, or a value."""

    id: str
    """IRI; of a value, its literal as N-Triples."""
    label: str
    types: tuple[str, ...]
    """Local names of all its classes; empty for a value."""
    datatype: str | None
    """CURIE of the datatype of a value; None for a thing."""


class Edge(NamedTuple):
    """A fact that is no kind."""

    source: str
    target: str
    predicate: str
    """IRI."""
    label: str
    grade: str | None
    claims: tuple[str, ...]
    """IRIs."""
    passages: tuple[str, ...]
    """IRIs."""


class PropertyGraph(NamedTuple):
    """Nodes and edges, each once, in a fixed order."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def property_graph(graph: Graph) -> PropertyGraph:
    """The facts of `graded` as nodes and edges."""
    label = graph.lexicon.label
    types: dict[str, list[str]] = defaultdict(list)
    values: dict[str, Node] = {}
    edges = []
    for one in graded(graph):
        if one.predicate == RDF + "type":
            types[one.subject].append(compact(one.object.value).partition(":")[2])
            continue
        target = one.object.value
        if isinstance(one.object, Literal):
            target = str(one.object)
            values[target] = Node(target, one.object.value, (),
                                  compact(one.object.datatype.value))
        edges.append(Edge(one.subject, target, one.predicate, label(one.predicate), one.grade,
                          one.claims, one.passages))
    things = {name for name in types if name.startswith(THING)}
    used = {name for edge in edges for name in (edge.source, edge.target)} - {*values}
    nodes = [values.get(name) or Node(name, label(name), tuple(types[name]), None)
             for name in sorted(used | {*values} | things, key=natural)]
    return PropertyGraph(tuple(nodes), tuple(edges))


def graphml(whole: PropertyGraph) -> bytes:
    """A property graph as GraphML, all attributes declared as text; lists have blanks between.

    What XML cannot hold becomes U+FFFD. Source: the GraphML Primer, "GraphML-Attributes".
    """
    keys = [f'  <key id="{part}-{name}" for="{part}" attr.name="{name}" attr.type="string"/>\n'
            for part, names in (("node", NODE_KEYS), ("edge", EDGE_KEYS)) for name in names]
    nodes = (_element("node", f"id={_attribute(node.id)}", NODE_KEYS, node[1:])
             for node in whole.nodes)
    edges = (_element("edge", f'id="e{number}" source={_attribute(edge.source)} '
                              f"target={_attribute(edge.target)}", EDGE_KEYS, edge[2:])
             for number, edge in enumerate(whole.edges))
    return "".join([
        '<?xml version="1.0" encoding="UTF-8"?>\n',
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n',
        *keys, '  <graph id="aikg" edgedefault="directed">\n', *nodes, *edges,
        "  </graph>\n</graphml>\n"]).encode()


def _element(
    part: str, attributes: str, keys: Iterable[str], values: Iterable[str | tuple[str, ...] | None],
) -> str:
    texts = ((key, " ".join(value) if isinstance(value, tuple) else value)
             for key, value in zip(keys, values, strict=True))
    data = "".join(f'      <data key="{part}-{key}">{_text(text)}</data>\n'
                   for key, text in texts if text)
    return f"    <{part} {attributes}>\n{data}    </{part}>\n"


def _text(text: str) -> str:
    return escape(NOT_XML.sub("\ufffd", text), {"\r": "&#13;"})


def _attribute(text: str) -> str:
    return quoteattr(NOT_XML.sub("\ufffd", text), {"\r": "&#13;"})


def cypher(whole: PropertyGraph) -> bytes:
    """A property graph as Cypher, one statement a line, that may run again and again.

    Things are `(:Resource {uri})`, as neosemantics has them, with a label for each class; a fact is
    a relationship of the property's name. Source: the openCypher 9 reference, "MERGE".
    """
    return "".join(f"{line}\n" for line in (CONSTRAINT, *_statements(whole))).encode()


def _statements(whole: PropertyGraph) -> Iterator[str]:
    for node in whole.nodes:
        values = {"label": node.label, "types": node.types, "datatype": node.datatype}
        labels = "".join(f", n:{_name(kind)}" for kind in node.types)
        yield f"MERGE (n:Resource {{uri: {_string(node.id)}}}) SET {_set('n', values)}{labels};"
    for edge in whole.edges:
        kind = _name(compact(edge.predicate).partition(":")[2])
        yield (f"MATCH (a:Resource {{uri: {_string(edge.source)}}}), "
               f"(b:Resource {{uri: {_string(edge.target)}}}) MERGE (a)-[r:{kind}]->(b) "
               f"SET {_set('r', dict(zip(EDGE_KEYS, edge[2:], strict=True)))};")


def _set(variable: str, values: dict[str, str | tuple[str, ...] | None]) -> str:
    """The properties of a node or relationship; null takes an old one away."""
    return ", ".join(f"{variable}.{key} = {_value(value)}" for key, value in values.items())


def _value(value: str | tuple[str, ...] | None) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(_string, value))}]"
    return "null" if value is None else _string(value)


def _string(text: str) -> str:
    r"""A string literal. Control characters, and the line ends of Unicode, as \uXXXX."""
    plain = text.replace("\\", "\\\\").replace("'", "\\'")
    return "'" + re.sub("[\x00-\x1f\x7f-\x9f\u2028\u2029]",
                        lambda found: f"\\u{ord(found[0]):04x}", plain) + "'"


def _name(text: str) -> str:
    """A label or a type of relationships, in backticks, which are doubled within."""
    return "`" + text.replace("`", "``") + "`"
