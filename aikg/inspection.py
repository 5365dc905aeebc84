"""A stored query under inspection: its text, its header, its parse tree, and where things stand."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from pyoxigraph import NamedNode
from rdflib import URIRef
from rdflib.plugins.sparql.parserutils import CompValue

from aikg.errors import QueryError
from aikg.groups import Group, groups, nodes, parse_tree
from aikg.header import read_query
from aikg.names import AIKG, OWL, RDF
from aikg.query import Query
from aikg.turtle import read

Hit = tuple[str, str]
"""A pattern that finds the line, and what is wrong."""
Inspected = TypeVar("Inspected", bound="Text", contravariant=True)
Rule = tuple[str, str, Callable[[Inspected], Iterator[Hit]]]
"""The name of a rule, what to do where it is broken, and what finds that."""


@dataclass(frozen=True, order=True)
class Finding:
    """One thing wrong with a file that somebody writes."""

    file: str
    line: int
    """1-based; 0 where it is the file as a whole."""
    rule: str
    message: str
    """What is wrong."""
    fix: str
    """What to do."""
    subject: str = ""
    """CURIE or name of what it is about, where that is not the file."""
    level: str = "error"
    """`error` or `warning`."""
    detail: tuple[str, ...] = ()
    """More lines, such as the proofs of a contradiction."""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        about = f"{self.subject}: " if self.subject else ""
        return f"{place}: {about}{self.message} [{self.rule}]; {self.fix}"


@dataclass(frozen=True)
class Terms:
    """The terms of the ontology, by IRI."""

    classes: frozenset[str]
    properties: frozenset[str]
    individuals: frozenset[str]


@dataclass(frozen=True)
class Text:
    """One file under inspection."""

    file: str
    text: str
    errors: tuple[Finding, ...]

    def findings(self, rules: Iterable[Rule[Any]]) -> Iterator[Finding]:
        """Where the rules are broken."""
        for rule, fix, check in rules:
            yield from (self.finding(rule, fix, *hit) for hit in check(self))

    def finding(self, rule: str, fix: str, at: str, message: str) -> Finding:
        """A finding at the first match of the pattern `at` in the code, else in the header."""
        match = re.search(at, self.code) or re.search(at, self.text)
        line = self.text.count("\n", 0, match.start()) + 1 if match else 1
        return Finding(self.file, line, rule, message, fix)

    @cached_property
    def code(self) -> str:
        """The text with comments, strings and IRIs blanked out, each character by a space."""
        return _INERT.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), self.text)


@dataclass(frozen=True)
class Case(Text):
    """A file whose header and query are sound enough to look at what they say."""

    query: Query
    tree: CompValue
    terms: Terms

    @cached_property
    def groups(self) -> list[Group]:
        """All its groups, the outermost first."""
        return list(groups(self.tree).walk())

    @cached_property
    def triples(self) -> list[tuple[Any, Any, Any]]:
        """All its triple patterns."""
        return [triple for group in self.groups for triple in group.triples]

    @property
    def selects(self) -> list[CompValue]:
        """The query, and the queries within."""
        return [node for node in nodes(self.tree) if node.name in ("SelectQuery", "SubSelect")]

    @property
    def projected(self) -> list[str]:
        """The variables that it projects."""
        return [str(item.var or item.evar) for item in self.tree.projection or []]

    @property
    def made(self) -> set[str]:
        """The variables that an AS makes."""
        projected = {str(item.evar) for item in self.tree.projection or [] if item.evar}
        return projected | {name for group in self.groups for name in group.binds}

    @property
    def texts(self) -> set[str]:
        """The slots that take text."""
        return {one.name for one in self.query.parameters if one.type == "text"}

    def places(self, slot: str) -> list[Group]:
        """The groups in which a slot stands."""
        return [group for group in self.groups if slot in group.slots]

    def iri(self, node: Any) -> str | None:
        """The IRI that a node of the parse tree stands for; None for any other node."""
        if isinstance(node, URIRef):
            return str(node)
        if not isinstance(node, CompValue) or node.name != "pname":
            return None
        namespace = re.search(rf"(?i)prefix\s+{node.prefix or ''}:\s*<([^>]*)>", self.text)
        return namespace[1] + (node.localname or "") if namespace else None


_INERT = re.compile(r'''<[^<>"{}|^`\\\s]*>|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\#[^\n]*''')


def read_terms(folder: str) -> Terms:
    """The terms that the Turtle files of a folder declare. Raises GraphError, OSError."""
    found: dict[str, set[str]] = {"Class": set(), "Property": set(), "": set()}
    for name in sorted(os.listdir(folder)):
        for triple in read(os.path.join(folder, name)) if name.endswith(".ttl") else ():
            term, kind = triple.subject, triple.object
            if (triple.predicate.value == RDF + "type" and isinstance(term, NamedNode)
                    and isinstance(kind, NamedNode) and term.value.startswith(AIKG)):
                key = ("Class" if kind.value == OWL + "Class" else
                       "Property" if kind.value.endswith("Property") else "")
                found[key].add(term.value)
    return Terms(*map(frozenset, found.values()))


def read_case(path: str, terms: Terms) -> Text:
    """A file, as far as it can be read."""
    with open(path, encoding="utf-8", errors="replace") as stream:
        text = stream.read()
    query = tree = None
    errors = []
    try:
        query = read_query(path, path)
    except QueryError as error:
        errors.append(_error("header", error, path))
    try:
        tree = parse_tree(text, path)
    except QueryError as error:
        errors.append(_error("syntax", error, path))
    if query is None or tree is None:
        return Text(path, text, tuple(errors))
    return Case(path, text, (), query, tree, terms)


def _error(rule: str, error: QueryError, file: str) -> Finding:
    """A finding from an error, whose text begins with the place."""
    place = ":".join(str(part) for part in (file, error.line) if part is not None)
    message = str(error).removeprefix(place + ": ")
    return Finding(file, error.line or 1, rule, message, f"correct the {rule}")
