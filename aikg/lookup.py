"""The catalog of a store on disk: names and disputes are looked up in its index, one by one."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar

from aikg.catalog import Catalog
from aikg.evidence import NONE, Disputes
from aikg.fact import Fact
from aikg.index import Index
from aikg.lexicon import Lexicon

Value = TypeVar("Value")


class Lookup(Mapping[str, Value]):
    """A mapping that looks up what it does not hold; iteration gives what it holds itself."""

    def __init__(
        self, held: Mapping[str, Value], look: Callable[[str], Value | None],
    ) -> None:
        self._held = held
        self._look = look

    def __getitem__(self, key: str) -> Value:
        found = self._held.get(key)
        if found is None:
            found = self._look(key)
            if found is None:
                raise KeyError(key)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)


class Names(Lookup[Sequence[str]]):
    """Names of what it holds, and of what it looks up: a thing may be called as a term is."""

    def __getitem__(self, key: str) -> Sequence[str]:
        found = [*self._held.get(key, ()), *(self._look(key) or ())]
        if not found:
            raise KeyError(key)
        return sorted(set(found))


class DisputedFacts(Mapping[Fact, Sequence[str]]):
    """The facts in dispute, each with its claims, looked up one by one."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def __getitem__(self, fact: Fact) -> Sequence[str]:
        found = self._index.sides(fact)
        if not found:
            raise KeyError(fact)
        return found

    def __iter__(self) -> Iterator[Fact]:
        raise TypeError("the facts in dispute are looked up, never all read")

    def __len__(self) -> int:
        raise TypeError("the facts in dispute are looked up, never counted")


class ContestedClaims(Container[str]):
    """The claims in dispute."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def __contains__(self, claim: object) -> bool:
        return isinstance(claim, str) and self._index.is_contested(claim)


class StoredCatalog(Catalog):
    """The catalog of a store: that of the ontology, and the names in the store's index."""

    def __init__(self, read: Callable[[str], bytes | None], index: Callable[[], Index]) -> None:
        """`index` is called when a name is first looked for."""
        super().__init__(read)
        self._open = index

    @cached_property
    def index(self) -> Index:
        """The index of the store."""
        return self._open()

    @cached_property
    def lexicon(self) -> Lexicon:
        """Names and words."""
        held, index = Lexicon(**self._load("lexicon.json")), self.index
        return held._replace(
            labels=Lookup(held.labels, index.label), names=Names(held.names, index.named),
            kinds=Lookup(held.kinds, index.kinds), types=Lookup(held.types, index.types))

    @cached_property
    def snapshot(self) -> str | None:
        """The name of the graph with the newest snapshot, if any."""
        return self.index.snapshot()

    @cached_property
    def has_disputes(self) -> bool:
        """Whether there is any."""
        return self.index.has_disputes

    @cached_property
    def disputes(self) -> Disputes:
        """The facts in dispute, and the claims of both sides."""
        if not self.has_disputes:
            return NONE
        return Disputes(DisputedFacts(self.index), ContestedClaims(self.index))

    @cached_property
    def phrasings(self) -> Mapping[str, Any]:
        """The reduced phrasings; the stems of names are those of the store too."""
        held: Mapping[str, Any] = self._load("phrasings.json")
        stems: Mapping[str, Sequence[str]] = held["stems"]
        return {**held, "stems": Names(stems, self.index.stemmed), "named": self.index}
