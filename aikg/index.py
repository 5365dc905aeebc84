"""The index of a store on disk: the names of its things, looked up one by one, never all read.

A graph of its own in the store: each thing with its names in the form in which names are compared,
their stems, and its authored classes; each word that some name holds; and each claim in dispute
with the facts that it is a side of, as texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from aikg.catalog import OUTSIDE
from aikg.names import GRAPH, RDF, RDFS, compact, expand
from aikg.words import normal, stem, stem_key

if TYPE_CHECKING:
    from aikg.fact import Fact

INDEX = GRAPH + "names"
NAME, STEMS, KIND, WORD, SIDE = (
    f"{INDEX}/{word}" for word in ("name", "stems", "kind", "word", "side"))
TYPE, LABEL = RDF + "type", RDFS + "label"


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


def contested(disputed: Mapping[Fact, Iterable[str]]) -> Iterator[Fact]:
    """The facts of the index about facts in dispute, each given with the IRIs of its claims."""
    for fact, claims in disputed.items():
        yield from ((f"<{claim}>", f"<{SIDE}>", str(Literal(" ".join(fact)))) for claim in claims)


class Index:
    """The index of one store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._graph = NamedNode(INDEX)

    def __contains__(self, word: object) -> bool:
        """Whether a word is in some name."""
        return (isinstance(word, str) and _is_text(word)
                and self._any(NamedNode(INDEX), WORD, Literal(word)))

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

    @property
    def has_disputes(self) -> bool:
        """Whether anything is in dispute."""
        return self._any(None, SIDE, None)

    def is_contested(self, claim: str) -> bool:
        """Whether a claim, by its IRI, is in dispute."""
        return self._any(NamedNode(claim), SIDE, None)

    def sides(self, fact: Fact) -> tuple[str, ...]:
        """The IRIs of the claims of both sides of a fact in dispute; none where it is not."""
        quads = self._store.quads_for_pattern(
            None, NamedNode(SIDE), Literal(" ".join(fact)), self._graph)
        return tuple(sorted(quad.subject.value for quad in quads
                            if isinstance(quad.subject, NamedNode)))

    def snapshot(self) -> str | None:
        """The name of the graph with the newest snapshot of what is said outside, if any."""
        names = [name.value.removeprefix(GRAPH) for name in self._store.named_graphs()
                 if isinstance(name, NamedNode) and name.value.startswith(f"{GRAPH}{OUTSIDE}/")]
        return max(names, default=None)

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

    def _any(self, subject: NamedNode | None, prop: str, target: Literal | None) -> bool:
        quads = self._store.quads_for_pattern(subject, NamedNode(prop), target, self._graph)
        return next(iter(quads), None) is not None


def _node(curie: str) -> NamedNode | None:
    try:
        return NamedNode(expand(curie) or curie)
    except ValueError:
        return None


def _is_text(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)
