"""The catalog: what `ask` and `run` must know beside the graph, in a few JSON files.

    catalog.json    stored queries, and the digests of the sources it was built from
    lexicon.json    names of things, words for relations
    phrasings.json  the stored queries' phrasings, reduced
    rules.json      the rules of the ontology, for proofs
    disputes.json   the facts in dispute, each with the claims of both sides
    others.json     all sources there are, and what those of other collections would add

Each is read when it is first asked for: a cold start pays only for what it uses.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from aikg.errors import GraphError, QueryError, UnknownQuery
from aikg.query import FEDERATED, Query, query_from_json

if TYPE_CHECKING:
    from aikg.evidence import Disputes
    from aikg.lexicon import Lexicon
    from aikg.rules import Rule
    from aikg.selection import Document

VERSION = 4
NAME = "catalog.json"
OUTSIDE = "outside"
"""What a query calls the newest snapshot; its graph is named after the day as well."""


class Catalog:
    """The catalog of one built graph."""

    def __init__(self, read: Callable[[str], bytes | None]) -> None:
        """`read` gives a built file by name. Raises GraphError where the catalog is damaged."""
        self._read = read
        content = self._load(NAME)
        self.content: Mapping[str, Any] = content if isinstance(content, dict) else {}
        if self.content.get("version") != VERSION:
            raise GraphError("the catalog is of another version")

    @cached_property
    def lexicon(self) -> Lexicon:
        """Names and words."""
        from aikg.lexicon import Lexicon

        return Lexicon(**self._load("lexicon.json"))

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The rules of the ontology."""
        from aikg.rules import rules_from_json

        return rules_from_json(self._load("rules.json"))

    @cached_property
    def phrasings(self) -> Mapping[str, Any]:
        """The reduced phrasings, a table of their words, and how telling each word is."""
        phrasings: Mapping[str, Any] = self._load("phrasings.json")
        return phrasings

    @cached_property
    def queries(self) -> Mapping[str, Query]:
        """The stored queries by name, broken ones included, but those that ask servers outside.

        Whoever goes through all queries, such as a server or an agent, never meets the others.
        """
        return self._tagged(False)

    @cached_property
    def federated(self) -> Mapping[str, Query]:
        """The stored queries that ask servers outside, by name; see aikg.federation."""
        return self._tagged(True)

    def _tagged(self, federated: bool) -> Mapping[str, Query]:
        return {name: self._query(name, entry) for name, entry in self.content["queries"].items()
                if (FEDERATED in entry["tags"]) is federated}

    @cached_property
    def snapshot(self) -> str | None:
        """The name of the graph with the newest snapshot, such as outside/2026-01-31, if any."""
        names = (name.removesuffix(".nt") for name in self.content["files"])
        return max((name.replace("-", "/", 1) for name in names if name.startswith(OUTSIDE + "-")),
                   default=None)

    @cached_property
    def others(self) -> Mapping[str, Any]:
        """All sources there are, and the rows that others would add to each query, as JSON."""
        others: Mapping[str, Any] = self._load("others.json")
        return others

    def further(self, name: str) -> Sequence[tuple[list[str | None], list[str]]]:
        """The rows that other sources would add to a stored query; see aikg.further."""
        rows: Sequence[Any] = json.loads(self.others["more"].get(name, "[]"))
        return rows

    @cached_property
    def disputes(self) -> Disputes:
        """The facts in dispute, and the claims of both sides."""
        from aikg.evidence import NONE, Disputes

        if not self.has_disputes:
            return NONE
        facts = {(s, p, o): tuple(names) for s, p, o, *names in self._load("disputes.json")}
        return Disputes(facts, frozenset(name for names in facts.values() for name in names))

    @property
    def has_disputes(self) -> bool:
        """Whether there is any, which is known without reading them."""
        size: int = self.content["files"].get("disputed.nt", 0)
        return size > 0

    @property
    def documents(self) -> tuple[Document, ...]:
        """All sources there are, of any collection."""
        from aikg.selection import Document

        return tuple(Document(*one) for one in self.others["sources"])

    @property
    def sources(self) -> Mapping[str, Sequence[Any]]:
        """Size in bytes and SHA-256 of each authored file."""
        sources: Mapping[str, Sequence[Any]] = self.content["sources"]
        return sources

    def query(self, name: str) -> Query:
        """The stored query of a name.

        Raises UnknownQuery with the nearest names, and QueryError where its file is broken.
        """
        entry = self.content["queries"].get(name)
        if entry is None:
            from difflib import get_close_matches

            near = get_close_matches(name, self.content["queries"], 3, 0.5)
            raise UnknownQuery(f"there is no stored query '{name}'", near)
        if entry.get("error"):
            raise QueryError(entry["error"])
        return self._query(name, entry)

    def _query(self, name: str, entry: Mapping[str, Any]) -> Query:
        """The query of an entry, the newest snapshot in the place of `outside`."""
        query = query_from_json(name, entry)
        if OUTSIDE not in query.graphs or self.snapshot is None:
            return query
        return query._replace(graphs=tuple(
            self.snapshot if graph == OUTSIDE else graph for graph in query.graphs))

    def _load(self, name: str) -> Any:
        content = self._read(name)
        if content is None:
            raise GraphError(f"the built graph lacks {name}")
        try:
            return json.loads(content)
        except ValueError as error:
            raise GraphError(f"{name} is damaged: {error}") from error
