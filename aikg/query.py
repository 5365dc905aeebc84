"""A stored query: one question, its slots, and the SPARQL that answers it.

A slot is `VALUES ?name { UNDEF }` on one line inside WHERE (DESIGN, section 7). Binding puts terms
between the braces, serialised by the RDF library, so a value can never become syntax; a slot that
stays empty is taken out, which means "any".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from pyoxigraph import Literal, NamedNode

from aikg.errors import QueryError, UnknownSlot, UsageError

ESCAPED_U = re.compile(r"(?<!\\)((?:\\\\)+)([uU])")
"""A u behind escaped backslashes."""
FEDERATED = "federated"
"""The tag of a query that asks servers outside, by SERVICE; it runs only when told to."""
SLOT = re.compile(r"VALUES \?(\w+) \{ UNDEF \}")


class Parameter(NamedTuple):
    """A slot as its header describes it."""

    name: str
    type: str
    """`entity` (a thing of the graph), `class`, `text` or `integer`."""
    label: str
    """What it stands for, in words."""
    of: str | None = None
    """CURIE of the class that the entity belongs to; None for any."""
    required: bool = False


class Query(NamedTuple):
    """A stored query, as the catalog holds it."""

    name: str
    summary: str
    """The question."""
    text: str
    """The SPARQL with its slots empty."""
    file: str
    description: str = ""
    tags: tuple[str, ...] = ()
    phrasings: tuple[str, ...] = ()
    """Ways to ask it, with `{slot}` where a name stands; empty in a query from the catalog."""
    parameters: tuple[Parameter, ...] = ()
    evidence: tuple[tuple[str, ...], ...] = ()
    """Triple patterns over the projected variables (`?x` or an IRI in angle brackets), or pairs
    `("claim", "?c")`."""
    columns: tuple[str, ...] = ()
    """The variables that are shown; further projected ones carry evidence only."""
    graphs: tuple[str, ...] = ()
    """Named graphs it reads beside the main one."""
    error: str | None = None
    """What is wrong with its file; such a query cannot run."""

    def parameter(self, name: str) -> Parameter:
        """The parameter of that name. Raises UnknownSlot with the names there are."""
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        names = [parameter.name for parameter in self.parameters]
        known = "it has " + ", ".join(names) if names else "it has none"
        raise UnknownSlot(f"{self.name} has no slot '{name}': {known}", names)

    def bind(self, values: Mapping[str, Sequence[NamedNode | Literal]]) -> str:
        """The SPARQL with each slot filled, or taken out where it has no value.

        Raises UnknownSlot for a slot that the query lacks or a required one without a value, and
        QueryError if the file itself is broken.
        """
        if self.error:
            raise QueryError(self.error)
        for name in values:
            self.parameter(name)
        for parameter in self.parameters:
            if parameter.required and not values.get(parameter.name):
                raise UnknownSlot(f"{self.name} needs --{parameter.name} ({parameter.label})",
                                  [parameter.name])
        return self.bind_any(values)

    def bind_any(self, values: Mapping[str, Sequence[NamedNode | Literal]]) -> str:
        """The SPARQL with its slots filled as far as there are values, required ones or not.

        Raises UsageError for a query that asks servers outside: aikg.federation asks them first,
        and makes one of it that does not. So no engine of ours ever follows a stored SERVICE.
        """
        if FEDERATED in self.tags:
            raise UsageError(f"{self.name} asks servers outside: `aikg run {self.name} --online`")
        return SLOT.sub(lambda match: _fill(match[1], values.get(match[1], ())), self.text)


def _fill(name: str, terms: Sequence[NamedNode | Literal]) -> str:
    return f"VALUES ?{name} {{ {' '.join(map(_written, terms))} }}" if terms else ""


def _written(term: NamedNode | Literal) -> str:
    r"""A term as SPARQL; the u behind a backslash escaped as well.

    SPARQL 1.1 (section 19.2) reads `\u0041` anywhere before it parses, and rdflib does so even
    where the backslash is an escaped one.
    """
    return ESCAPED_U.sub(lambda match: f"{match[1]}\\U{ord(match[2]):08X}", str(term))


def query_from_json(name: str, entry: Mapping[str, Any]) -> Query:
    """The stored query of a catalog entry."""
    return Query(
        name, entry["summary"], entry["text"], entry["file"], entry["description"],
        tuple(entry["tags"]), (),
        tuple(Parameter(**parameter) for parameter in entry["params"]),
        tuple(tuple(pattern) for pattern in entry["evidence"]), tuple(entry["columns"]),
        tuple(entry["graphs"]), entry.get("error"))
