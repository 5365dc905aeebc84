"""The index of a store on disk: the names of its things, looked up one by one, never all read.

A graph of its own in the store: each thing with its names in the form in which names are compared,
their stems, and its authored classes; and each word that some name holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from aikg.catalog import Catalog
from aikg.lexicon import Lexicon
from aikg.names import GRAPH, RDF, RDFS, compact, expand
from aikg.words import normal, stem, stem_key

if TYPE_CHECKING:
    from aikg.fact import Fact

INDEX = GRAPH + "names"
NAME, STEMS, KIND, WORD = (f"{INDEX}/{word}" for word in ("name", "stems", "kind", "word"))
TYPE, LABEL = RDF + "type", RDFS + "label"

Key = TypeVar("Key")
Value = TypeVar("Value")


def entries(
    names: Iterable[tuple[str, str]], kinds: Iterable[tuple[str, str]],
) -> Iterator[Fact]:
    """The facts of the index: of pairs of a thing and a name, and of a thing and a class of it.

    Things and classes are N-Triples text, names plain text. A fact may come twice.
    """
    words: set[str] = set()
    for thing, text in names:
        name = normal(text)
        if not name:
            continue
        yield thing, f"<{NAME}>", str(Literal(name))
        stems = stem_key(name) if " " in name else ""
        if stems:
            yield thing, f"<{STEMS}>", str(Literal(stems))
        words.update(word for word in name.split() if word.isalpha())
    for word in sorted(words.union(map(stem, words))):
        yield f"<{INDEX}>", f"<{WORD}>", str(Literal(word))
    yield from ((thing, f"<{KIND}>", kind) for thing, kind in kinds)


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


class Index:
    """The index of one store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._graph = NamedNode(INDEX)

    def __contains__(self, word: object) -> bool:
        """Whether a word is in some name."""
        return isinstance(word, str) and self._first(NamedNode(INDEX), WORD, word)

    def named(self, text: str) -> list[str] | None:
        """The things of a name in normal form, as CURIEs; None if there is none."""
        return self._things(NAME, text)

    def stemmed(self, text: str) -> list[str] | None:
        """The things of a name's stems."""
        return self._things(STEMS, text)

    def kinds(self, curie: str) -> list[str] | None:
        """The authored classes of a thing."""
        return self._objects(curie, KIND, self._graph)

    def types(self, curie: str) -> list[str] | None:
        """All classes of a thing that has authored ones: the others are claims and passages."""
        return self._objects(curie, TYPE, DefaultGraph()) if self.kinds(curie) else None

    def label(self, curie: str) -> str | None:
        """The label of a thing; the first one, if it has several."""
        node = _node(curie)
        found = [quad.object.value for quad in self._store.quads_for_pattern(
            node, NamedNode(LABEL), None, DefaultGraph())
            if isinstance(quad.object, Literal)] if node else []
        return min(found, default=None)

    def _things(self, prop: str, text: str) -> list[str] | None:
        quads = self._store.quads_for_pattern(
            None, NamedNode(prop), Literal(text), self._graph) if _is_text(text) else ()
        found = [compact(quad.subject.value) for quad in quads
                 if isinstance(quad.subject, NamedNode)]
        return sorted(found) or None

    def _objects(self, curie: str, prop: str, graph: NamedNode | DefaultGraph) -> list[str] | None:
        node = _node(curie)
        quads = self._store.quads_for_pattern(node, NamedNode(prop), None, graph) if node else ()
        return sorted(compact(quad.object.value) for quad in quads
                      if isinstance(quad.object, NamedNode)) or None

    def _first(self, subject: NamedNode, prop: str, text: str) -> bool:
        quads = self._store.quads_for_pattern(
            subject, NamedNode(prop), Literal(text), self._graph) if _is_text(text) else ()
        return next(iter(quads), None) is not None


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
    def phrasings(self) -> Mapping[str, Any]:
        """The reduced phrasings; the stems of names are those of the store too."""
        held: Mapping[str, Any] = self._load("phrasings.json")
        stems: Mapping[str, Sequence[str]] = held["stems"]
        return {**held, "stems": Names(stems, self.index.stemmed), "named": self.index}


def _node(curie: str) -> NamedNode | None:
    try:
        return NamedNode(expand(curie) or curie)
    except ValueError:
        return None


def _is_text(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)
