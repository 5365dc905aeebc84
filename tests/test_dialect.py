"""The dialects of servers: what they write otherwise."""

from __future__ import annotations

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store

from aikg.answer import Term
from aikg.dialect import ask_value, canonical, readable
from aikg.names import AIKG, XSD
from aikg.store import Solutions

VALUES = "SELECT ?a WHERE { VALUES ?a { <x:a> aikg:x } values (?b $c) { (<x:b> 'x:c') } }"


def typed(text: str, kind: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + kind))


def stored(term: Literal) -> Term:
    """The term as the embedded engine gives it back."""
    store = Store()
    store.add(Quad(NamedNode("x:s"), NamedNode("x:p"), term))
    [quad] = store
    assert isinstance(quad.object, Literal)
    return quad.object


@pytest.mark.parametrize("term", [
    *(typed(text, "decimal") for text in
      "1.50 1.0 100 100.000 -0.0 +5 .5 5. 000 -1.250 0012.3 -0 7.0 abc 1e5 .".split()),
    *(typed(text, "boolean") for text in ("0", "1", "true", "false", "yes")),
    typed("1", "integer"), Literal("1"), Literal("1.0", language="en"),
])
def test_literals_are_as_the_embedded_engine_writes_them(term: Literal) -> None:
    assert canonical(Solutions(("a",), ((term,),)), "").rows == ((stored(term),),)


@pytest.mark.parametrize(("name", "term", "expected"), [
    ("a", Literal("x:a"), NamedNode("x:a")),
    ("a", Literal(AIKG + "x"), NamedNode(AIKG + "x")),
    ("b", Literal("x:b"), NamedNode("x:b")),
    ("d", Literal("x:a"), Literal("x:a")),
    ("a", Literal("x:b"), Literal("x:b")),
    ("a", Literal("x:a", language="en"), Literal("x:a", language="en")),
    ("a", BlankNode("x"), BlankNode("x")),
    ("a", None, None),
])
def test_an_iri_of_values_is_an_iri(name: str, term: Term, expected: Term) -> None:
    assert canonical(Solutions((name,), ((term,),)), VALUES).rows == ((expected,),)


@pytest.mark.parametrize(("found", "value"), [
    (Solutions(("__ASK_RETVAL",), ((Literal(1),),)), True),
    (Solutions(("__ASK_RETVAL",), ()), False),
    (Solutions(("a",), ()), None),
])
def test_rows_in_answer_to_an_ask(found: Solutions, value: bool | None) -> None:
    assert ask_value(found) is value


def test_only_blank_nodes_are_renamed() -> None:
    body = (b'{"a":{ "type": "bnode", "value": "nodeID://b1" }, '
            b'"b":{"type":"uri","value":"nodeID://b1"}}')
    assert readable(body) == body.replace(b"nodeID://", b"nodeID-", 1)
