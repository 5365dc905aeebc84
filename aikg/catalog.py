"""The catalog: what `ask` and `run` must know beside the graph, in one JSON file.

Stored queries, the lexicon, the rules for proofs, and the digests of the sources it was built from.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from aikg.errors import GraphError, QueryError, UnknownQuery
from aikg.lexicon import Lexicon, lexicon_from_json
from aikg.query import Query, query_from_json
from aikg.rules import Rule, rules_from_json

VERSION = 1


@dataclass(frozen=True)
class Catalog:
    """A loaded catalog. Its parts are made when they are first asked for."""

    content: Mapping[str, Any]

    @cached_property
    def lexicon(self) -> Lexicon:
        """Names and words."""
        return lexicon_from_json(self.content["lexicon"])

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The rules of the ontology."""
        return rules_from_json(self.content["rules"])

    @cached_property
    def queries(self) -> Mapping[str, Query]:
        """All stored queries by name, broken ones included."""
        return {name: query_from_json(name, entry)
                for name, entry in self.content["queries"].items()}

    @property
    def sources(self) -> Mapping[str, Sequence[Any]]:
        """Size in bytes and SHA-256 of each authored file."""
        sources: Mapping[str, Sequence[Any]] = self.content["sources"]
        return sources

    @property
    def phrasings(self) -> Mapping[str, Any]:
        """The reduced phrasings and the weights of their words, as the build left them."""
        phrasings: Mapping[str, Any] = self.content["phrasings"]
        return phrasings

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
        return query_from_json(name, entry)


def load_catalog(content: bytes) -> Catalog:
    """A catalog from its JSON. Raises GraphError where it is damaged or of another version."""
    try:
        catalog = Catalog(json.loads(content))
        if catalog.content["version"] != VERSION:
            raise GraphError("the catalog is of another version")
    except (ValueError, KeyError, TypeError) as error:
        raise GraphError(f"the catalog is damaged: {error}") from error
    return catalog
