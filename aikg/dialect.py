"""The dialects of SPARQL servers: what some of them write otherwise, brought to the W3C's form.

The one place for it. queries/ENGINES.md has the table, with the versions that each was seen in.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from pyoxigraph import Literal, NamedNode

from aikg.answer import Term
from aikg.names import XSD, expand
from aikg.store import Solutions

ASK_VALUE = "__ASK_RETVAL"
BOOLEANS = {"0": "false", "1": "true"}
_DECIMAL = re.compile(r"([+-]?)(?=\.?[0-9])0*+([0-9]*+)(?:\.([0-9]*+))?")
_VALUES = re.compile(r"VALUES\s*+([?$]\w++|\([^()]*+\))\s*+\{([^{}]*+)\}", re.IGNORECASE)
# A label of a blank node holds neither colon nor slash.
_NODE_ID = re.compile(rb'("type"\s*:\s*"bnode"\s*,\s*"value"\s*:\s*")nodeID://')


def readable(body: bytes) -> bytes:
    """JSON results in which Virtuoso's names of blank nodes are labels that parsers take."""
    return _NODE_ID.sub(rb"\1nodeID-", body)


def cut_short(headers: Mapping[str, str]) -> str | None:
    """How a reply with status 200 says that it is only a part; None if it does not.

    Virtuoso cuts rows at ResultSetMaxRows, and returns what it has when its time limit is over.
    """
    most = headers.get("x-sparql-maxrows")
    if most is not None:
        return (f"the server gives at most {most} rows, and this many came: ask for fewer by "
                "LIMIT, or raise ResultSetMaxRows in virtuoso.ini")
    if "x-sql-state" in headers:
        return "only a part of it: " + headers.get("x-sql-message", headers["x-sql-state"])[:100]
    return None


def ask_value(found: Solutions) -> bool | None:
    """What Virtuoso means by rows in answer to an ASK: one for true, none for false; else None."""
    return bool(found.rows) if found.variables == (ASK_VALUE,) else None


def canonical(found: Solutions, text: str) -> Solutions:
    """Solutions of the query `text` with terms as the embedded engine writes them.

    Booleans are `true` and `false` (Virtuoso writes 1 and 0) and decimals have no idle zeros (Jena
    adds one, as in 7.0). An IRI that VALUES gave to a variable is an IRI: Virtuoso returns some of
    them as texts.
    """
    by_name = _listed(text)
    listed = [by_name.get(name, set()) for name in found.variables]
    return Solutions(found.variables, tuple(
        tuple(map(_canonical, row, listed)) for row in found.rows))


def _canonical(term: Term | None, listed: Collection[str]) -> Term | None:
    if not isinstance(term, Literal):
        return term
    kind = term.datatype.value
    if kind == XSD + "string" and term.value in listed:
        return NamedNode(term.value)
    if kind == XSD + "boolean" and term.value in BOOLEANS:
        return Literal(BOOLEANS[term.value], datatype=term.datatype)
    if kind == XSD + "decimal" and (found := _DECIMAL.fullmatch(term.value)):
        sign, whole, part = found[1].strip("+"), found[2] or "0", (found[3] or "").rstrip("0")
        number = f"{whole}.{part}" if part else whole
        return Literal(number if number == "0" else sign + number, datatype=term.datatype)
    return term


def _listed(text: str) -> dict[str, set[str]]:
    """The IRIs that VALUES lists for each variable; with several variables, for each of them."""
    found: dict[str, set[str]] = {}
    for names, values in _VALUES.findall(text):
        for name in re.findall(r"\w+", names):
            found.setdefault(name, set()).update(
                expand(word) or word.strip("<>") for word in (
                    part.strip("()") for part in values.split()))
    return found
