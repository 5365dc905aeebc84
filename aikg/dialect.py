"""The dialects of SPARQL servers: what some of them write otherwise, brought to the W3C's form.

The one place for it. queries/ENGINES.md has the table, with the versions that each was seen in.
"""

from __future__ import annotations

import re

from pyoxigraph import Literal, NamedNode

from aikg.answer import Term
from aikg.names import XSD
from aikg.store import Solutions

ASK_VALUE = "__ASK_RETVAL"
BOOLEANS = {"0": "false", "1": "true"}
_BOOLEAN = NamedNode(XSD + "boolean")
# A label of a blank node holds neither colon nor slash.
_NODE_ID = re.compile(rb'("type"\s*:\s*"bnode"\s*,\s*"value"\s*:\s*")nodeID://')


def readable(body: bytes) -> bytes:
    """JSON results in which Virtuoso's names of blank nodes are labels that parsers take."""
    return _NODE_ID.sub(rb"\1nodeID-", body)


def ask_value(found: Solutions) -> bool | None:
    """What Virtuoso means by rows in answer to an ASK: one for true, none for false; else None."""
    return bool(found.rows) if found.variables == (ASK_VALUE,) else None


def canonical(found: Solutions) -> Solutions:
    """Solutions with each boolean as `true` or `false`; Virtuoso writes them as 1 and 0."""
    return Solutions(found.variables, tuple(tuple(map(_canonical, row)) for row in found.rows))


def _canonical(term: Term | None) -> Term | None:
    if isinstance(term, Literal) and term.value in BOOLEANS and term.datatype == _BOOLEAN:
        return Literal(BOOLEANS[term.value], datatype=_BOOLEAN)
    return term
