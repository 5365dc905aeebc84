"""The reference: one HTML page on the ontology, and on what the graph says with it.

It is made from the authored files alone, so the same files give the same bytes.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal

from aikg import __version__, files
from aikg.axioms import read_axioms
from aikg.build import build, read_sources
from aikg.built import Built, load_built
from aikg.entry import Entry, fragment, read_entries
from aikg.errors import AikgError, GraphError
from aikg.evidence import grade_of
from aikg.expression import ABOVE, WORDS
from aikg.graph import Graph
from aikg.module import Module, read_modules
from aikg.names import ONTOLOGY, PREFIXES, RDF, XSD, compact
from aikg.page import page
from aikg.source import sources_of
from aikg.statement import DETAILS, Statement, read_statements

KEPT = "ontology/reference.html"
"""Where the page is kept in a checkout."""
PLURALS = {
    "class": "Classes", "object property": "Object properties",
    "datatype property": "Datatype properties", "annotation property": "Annotation properties",
    "individual": "Individuals", "entity": "Entities",
}
"""The kinds of entries, in the order of the page."""


@dataclass(frozen=True)
class Branch:
    """A class in the tree of classes, with the branches below it."""

    entry: Entry
    below: tuple[Branch, ...]


def reference(folder: str | None = None) -> str:
    """The page, from the authored files under a folder (the package's own if None).

    Raises AikgError without the extra `docs`; GraphError, OntologyError or OSError for the files.
    """
    graph = Graph(load_built() if folder is None else Built(None, build(folder)))
    sources, modules = read_sources(folder), read_modules(folder)
    entries = read_entries(sources, modules, graph)
    statements = read_statements(sources, graph)
    documents = sources_of(sources, statements, graph)
    return page("reference.html", {
        "header": _header(modules), "modules": modules, "version": __version__,
        "kinds": {kind: [one for one in entries if one.kind == kind] for kind in PLURALS},
        "tree": tree([one for one in entries if one.kind == "class"]),
        "statements": statements, "documents": documents, "several": len(documents) > 1,
        "axioms": len(read_axioms(sources.ontology.triples)),
        "labels": _labels(entries, statements),
        "described": {*(one.iri for one in entries), *(one.iri for one in statements),
                      *(one.iri for one in documents)},
        "namespaces": {name: PREFIXES[name] for name in ("aikg", "thing", "claim", "source")},
        "plurals": PLURALS, "details": DETAILS, "words": WORDS,
        "compact": compact, "fragment": fragment, "short": short,
        "grade_of": grade_of, "is_text": _is_text,
    })


def differs(text: str) -> bool:
    """Whether the page that is kept is another. Raises AikgError for an installed package."""
    if not files.is_checkout():
        raise AikgError("the reference is kept in a checkout, not in an installed package")
    try:
        with open(os.path.join(files.root(), *KEPT.split("/")), "rb") as file:
            return file.read() != text.encode()
    except FileNotFoundError:
        return True


def tree(classes: Sequence[Entry]) -> tuple[Branch, ...]:
    """The classes from the top down, in the order given; one with several parents is below each.

    A circle of classes, each below the other, has no top and is left out unless one leads to it.
    """
    below: dict[str, list[Entry]] = defaultdict(list)
    tops = []
    for one in classes:
        parents = [piece.iri for [piece] in one.relations.get(ABOVE, ()) if piece.iri]
        for parent in parents:
            below[parent].append(one)
        tops += [] if parents else [one]

    def branch(one: Entry, path: frozenset[str]) -> Branch:
        found = [child for child in below[one.iri] if child.iri not in path]
        return Branch(one, tuple(branch(child, path | {child.iri}) for child in found))

    return tuple(branch(one, frozenset({one.iri})) for one in tops)


def short(iri: str) -> str:
    """A short name for a foreign IRI: a CURIE, else its last part and its host."""
    host, _, path = iri.partition("://")[2].partition("/")
    last = path.rstrip("/#").replace("#", "/").rpartition("/")[2]
    return compact(iri) if compact(iri) != iri or not last else f"{last} ({host})"


def _header(modules: Iterable[Module]) -> Module:
    """The module that is the ontology as a whole."""
    for module in modules:
        if module.iri == ONTOLOGY:
            return module
    raise GraphError(f"no file here is the ontology <{ONTOLOGY}>", "ontology")


def _labels(entries: Sequence[Entry], statements: Iterable[Statement]) -> dict[str, str]:
    """What to call all that the page describes or links to; our own word comes before others'."""
    ours = {one.iri: one.label for one in entries}
    ours |= {one.iri: one.label for one in statements}
    theirs = {iri: label for entry in entries for iri, label in entry.card.labels.items()}
    return {RDF + "type": "type", **theirs, **ours}


def _is_text(literal: Literal) -> bool:
    return literal.datatype.value in (XSD + "string", RDF + "langString")
