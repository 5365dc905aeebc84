"""RDF/XML in one order: written by us, byte for byte the same (RDF 1.1 XML Syntax).

rdflib's two writers of RDF/XML follow the hash seed, so each run gives other bytes. Here subjects,
predicates and objects stand in the order of the Turtle normal form. A blank node is written where
it is used; one that is used twice is named by its own label.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from xml.sax.saxutils import escape, quoteattr

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from aikg.names import PREFIXES, RDF, XSD
from aikg.turtle import SUBJECT_RANK, Node, iri, natural, predicate_key

INDENT = "    "
COLLECTION = ' rdf:parseType="Collection"'
OTHER, NAMELESS = len(SUBJECT_RANK), len(SUBJECT_RANK) + 1
FIRST, REST, NIL = (NamedNode(RDF + name) for name in ("first", "rest", "nil"))
LOCAL_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
LAST_NAME = re.compile(rf"{LOCAL_NAME.pattern}\Z")
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(triples: Iterable[Triple], prefixes: Mapping[str, str] = PREFIXES) -> str:
    """The triples as RDF/XML, sorted.

    `prefixes` maps prefix names to namespaces; those of predicates are declared. Bytes stay the
    same only if the labels of blank nodes that are used twice do.
    Raises ValueError for what RDF/XML cannot hold: a predicate that ends in no XML name, a
    character that XML forbids, a triple as object; and for blank nodes in a cycle.
    """
    return _Writer(triples, prefixes).text()


class _Writer:
    """One document being written: the triples by subject, and the prefixes met so far."""

    def __init__(self, triples: Iterable[Triple], prefixes: Mapping[str, str]) -> None:
        self.prefixes = prefixes
        self.used = {"rdf": RDF}
        self.by_subject: dict[Node, dict[Node, list[Node]]] = defaultdict(lambda: defaultdict(list))
        uses: Counter[Node] = Counter()
        for triple in dict.fromkeys(triples):
            self.by_subject[triple.subject][triple.predicate].append(triple.object)
            uses[triple.object] += 1
        self.inline = {node for node in uses if isinstance(node, BlankNode) and uses[node] == 1}
        self.named = {node for node in uses if isinstance(node, BlankNode) and uses[node] > 1}
        self.written: set[Node] = set()

    def text(self) -> str:
        blocks = sorted(map(self._block, set(self.by_subject) - self.inline))
        if len(self.written) != len(self.by_subject):
            raise ValueError("blank nodes in a cycle")
        spaces = "".join(f"\n{INDENT}xmlns:{name}={quoteattr(self.used[name])}"
                         for name in sorted(self.used))
        body = "".join(f"\n\n{text}" for *_, text in blocks)
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{spaces}>{body}\n\n</rdf:RDF>\n'

    def _block(self, subject: Node) -> tuple[int, list[object], str]:
        """A subject at the top, behind what it is sorted by: terms, individuals, the nameless."""
        types = self.by_subject[subject].get(NamedNode(RDF + "type"), [])
        rank = min((SUBJECT_RANK.get(iri(node), OTHER) for node in types), default=OTHER)
        text = "\n".join(self._node(subject, 1))
        return NAMELESS if isinstance(subject, BlankNode) else rank, natural(iri(subject)), text

    def _node(self, node: Node, depth: int) -> Iterator[str]:
        """The lines of a node with all that is said of it."""
        self.written.add(node)
        margin = INDENT * depth
        predicates = self.by_subject[node]
        yield f"{margin}<rdf:Description{self._identity(node)}>"
        for predicate in sorted(predicates, key=predicate_key):
            name = self._name(iri(predicate))
            texts = ("\n".join(self._value(name, value, depth + 1))
                     for value in predicates[predicate])
            yield from sorted(texts, key=lambda text: (natural(text), text))
        yield f"{margin}</rdf:Description>"

    def _identity(self, node: Node) -> str:
        if isinstance(node, NamedNode):
            return f" rdf:about={_attribute(node.value)}"
        return f" rdf:nodeID={_attribute(_label(node))}" if node in self.named else ""

    def _value(self, name: str, value: Node, depth: int) -> Iterator[str]:
        """The lines of a property element."""
        margin, tag = INDENT * depth, name.partition(" ")[0]
        if isinstance(value, NamedNode):
            yield f"{margin}<{name} rdf:resource={_attribute(value.value)}/>"
        elif value in self.named:
            yield f"{margin}<{name} rdf:nodeID={_attribute(_label(value))}/>"
        elif isinstance(value, Literal):
            yield f"{margin}<{name}{_kind(value)}>{_content(value.value)}</{tag}>"
        elif isinstance(value, BlankNode):
            members = self._members(value)
            yield f"{margin}<{name}{COLLECTION if members else ''}>"
            for node in members or [value]:
                yield from self._member(node, depth + 1)
            yield f"{margin}</{tag}>"
        else:
            raise ValueError(f"no RDF/XML for {value}")

    def _member(self, node: Node, depth: int) -> Iterator[str]:
        if isinstance(node, BlankNode) and node not in self.named:
            yield from self._node(node, depth)
        else:
            yield f"{INDENT * depth}<rdf:Description{self._identity(node)}/>"

    def _members(self, head: Node) -> list[Node]:
        """The members of a list that `Collection` can say whole; empty for any other node."""
        members: list[Node] = []
        cells: list[Node] = []
        while head != NIL:
            cell = self.by_subject.get(head, {})
            if (head not in self.inline or set(cell) != {FIRST, REST}
                    or any(len(nodes) > 1 for nodes in cell.values())
                    or not isinstance(cell[FIRST][0], NamedNode | BlankNode)):
                return []
            cells.append(head)
            members.append(cell[FIRST][0])
            head = cell[REST][0]
        self.written.update(cells)
        return members

    def _name(self, iri: str) -> str:
        """The name of a property element; with its namespace, where no prefix fits."""
        fits = [(len(space), name) for name, space in self.prefixes.items()
                if iri.startswith(space) and LOCAL_NAME.fullmatch(iri[len(space):])]
        if fits:
            length, name = max(fits)
            self.used[name] = self.prefixes[name]
            return f"{name}:{iri[length:]}"
        local = LAST_NAME.search(iri)
        if not local:
            raise ValueError(f"no XML name at the end of {iri}")
        return f"ns:{local[0]} xmlns:ns={_attribute(iri[:local.start()])}"


def _label(node: Node) -> str:
    return str(node).removeprefix("_:")


def _kind(literal: Literal) -> str:
    if literal.language:
        return f" xml:lang={_attribute(literal.language)}"
    datatype = literal.datatype.value
    return "" if datatype == XSD + "string" else f" rdf:datatype={_attribute(datatype)}"


def _content(text: str) -> str:
    """Text between tags; a carriage return would else be read as a line feed."""
    if bad := NOT_XML.search(text):
        raise ValueError(f"XML cannot hold the character {bad[0]!a}")
    return escape(text, {"\r": "&#13;"})


def _attribute(text: str) -> str:
    _content(text)
    return quoteattr(text)
