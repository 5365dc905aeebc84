"""A constraint: a query of queries/check/ whose every row is a violation.

Its header holds, in `#+` lines of YAML, `summary` (what is wrong, said of the entity), `why`, `fix`
(what to do) and, for one that only warns, `level`. It selects exactly `?entity ?property ?value`,
as ROBOT's `verify` and `report` expect of a rule, over the authored Turtle as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import yaml
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

from aikg.authored import ERROR, WARNING, Authored, short
from aikg.errors import QueryError
from aikg.inspection import Finding, Text
from aikg.lint import TEXT_RULES
from aikg.turtle import Node, iri

FOLDER = "queries/check/"
KEYS = ("summary", "why", "fix", "level")
COLUMNS = ["entity", "property", "value"]


@dataclass(frozen=True)
class Constraint:
    """One rule that the authored graph must keep."""

    name: str
    summary: str
    """What is wrong with an entity of its rows."""
    why: str
    fix: str
    level: str
    text: str
    """The query."""


def read_constraint(name: str, text: str, file: str) -> Constraint:
    """The constraint in the text of a file. Raises QueryError with file and line."""
    numbered = [(number, line[2:]) for number, line in enumerate(text.splitlines(), 1)
                if line.startswith("#+")]
    try:
        header = yaml.safe_load("\n".join(line for _, line in numbered)) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = numbered[min(mark.line if mark else 0, len(numbered) - 1)][0]
        problem = getattr(error, "problem", None) or error
        raise QueryError(f"the header is not YAML: {problem}", file, line) from error
    for key in header if isinstance(header, dict) else ("header",):
        if key not in KEYS or not isinstance(header[key], str):
            line = next((n for n, line in numbered if line.strip().startswith(str(key))), 1)
            raise QueryError(f"'{key}' must be text under one of {', '.join(KEYS)}", file, line)
    missing = [key for key in KEYS[:3] if key not in header]
    if missing or header.get("level", ERROR) not in (ERROR, WARNING):
        raise QueryError(f"the header needs {', '.join(KEYS[:3])}, and a level, if any, that is "
                         f"{ERROR} or {WARNING}", file, 1)
    return Constraint(name, header["summary"], header["why"], header["fix"],
                      header.get("level", ERROR), text)


def violations(
    constraint: Constraint, store: Store, file: str = "",
) -> Iterator[tuple[Node, Node | None, Node | None]]:
    """The rows of a constraint: entity, property and value, sorted.

    Raises QueryError for one that is not SPARQL, or selects anything else.
    """
    try:
        found = store.query(constraint.text)
    except SyntaxError as error:
        line = re.search(r"at (\d+):", str(error))
        raise QueryError(f"not SPARQL: {error}", file, int(line[1]) if line else 1) from error
    if not isinstance(found, QuerySolutions) or [one.value for one in found.variables] != COLUMNS:
        raise QueryError("it must SELECT ?entity ?property ?value", file, 1)
    rows = {(row["entity"], row["property"], row["value"]) for row in found}
    yield from sorted(rows, key=lambda row: tuple(map(str, row)))


def store_of(authored: Authored) -> Store:
    """A store with the authored ontology and graph as its default graph."""
    return filled(Quad(one.subject, one.predicate, one.object) for one in authored.merged)


def filled(quads: Iterable[Quad]) -> Store:
    """A store that holds the quads."""
    store = Store()
    store.bulk_extend(quads)
    return store


def rules(authored: Authored) -> Iterator[Finding]:
    """No rule in queries/check/ finds a violation."""
    store = store_of(authored)
    for name in authored.names(".rq"):
        if name.startswith(FOLDER):
            stem, text = name.removeprefix(FOLDER).removesuffix(".rq"), authored.text(name)
            outside = list(Text(name, text, ()).findings(TEXT_RULES))
            yield from outside
            if not outside:
                yield from _findings(read_constraint(stem, text, name), store, authored)


def _findings(rule: Constraint, store: Store, authored: Authored) -> Iterator[Finding]:
    file = f"{FOLDER}{rule.name}.rq"
    for entity, prop, value in violations(rule, store, file):
        shown = " ".join(_shown(node) for node in (prop, value) if node and _shown(node))
        message = f"{rule.summary}: {shown}" if shown else rule.summary
        at = [iri(node) for node in (value, prop) if isinstance(node, NamedNode)]
        yield authored.finding(rule.name, iri(entity), message, rule.fix, at=at,
                               level=rule.level, detail=(rule.why,))


def _shown(node: Node) -> str:
    if isinstance(node, NamedNode):
        return short(node.value)
    return node.value if isinstance(node, Literal) else ""
