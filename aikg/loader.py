"""Loading: RDF files in, a store on disk out, with all that follows from them.

files → draft of a store → direct layer of their claims → closure → index of names → commit
"""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import cast

from pyoxigraph import Literal, NamedNode, QuerySolutions, RdfFormat, Store, Triple

from aikg import build
from aikg.build import Sources
from aikg.bulk import Advance, format_of, read_file, write_facts
from aikg.claim import FIRM
from aikg.disk import Draft, drafting
from aikg.errors import AikgError, GraphError
from aikg.fact import TYPE, Fact
from aikg.index import INDEX, contested, entries
from aikg.largeview import Said, layer_of_many
from aikg.names import AIKG, CLAIM, GRAPH, MAIN_GRAPH, RDF, RDFS, SKOS, SOURCE, compact
from aikg.ontology import Ontology
from aikg.view import plain_facts, widened

ASSERTED = f"""
SELECT ?claim ?subject ?predicate ?object ?denied ?modality ?quoted WHERE {{
  ?claim <{AIKG}modality> ?modality ; <{AIKG}subject> ?subject ; <{AIKG}predicate> ?predicate .
  {{ ?claim <{AIKG}object> ?object }} UNION {{ ?claim <{AIKG}value> ?object }}
  OPTIONAL {{ ?claim <{AIKG}denied> ?denied }}
  FILTER(?modality IN (<{AIKG}Stated>, <{AIKG}Evaluated>, <{AIKG}Reported>))
  FILTER NOT EXISTS {{ ?claim <{AIKG}condition> ?condition }}
  BIND(EXISTS {{ ?claim <{AIKG}attributedTo> ?other }} AS ?quoted)
}}"""
READ = f"""
SELECT ?claim ?other WHERE {{
  ?claim <{AIKG}contradicts> ?other ; <{AIKG}modality> ?modality .
  ?other <{AIKG}modality> ?another .
}}"""
NAMED = f"SELECT ?thing ?name WHERE {{ ?thing <{RDFS}label>|<{SKOS}altLabel> ?name }}"
ONTOLOGY, DISPUTED = GRAPH + "ontology", GRAPH + "disputed"
EVIDENCE = frozenset(AIKG + name for name in ("Claim", "Passage"))
NO_THINGS = (AIKG, SOURCE, CLAIM)
"""Where the IRIs begin of what has no name that a slot takes."""

Phase = Callable[[str], None]
"""Hears of what begins now."""


@dataclass(frozen=True)
class Loaded:
    """What a load did."""

    triples: int
    """Statements of the files, each once, those of named graphs included."""
    seconds: float
    """What it took to read and store them."""
    inferred: int
    disputed: int
    more_seconds: float
    """What the rest took: direct layer, closure, index."""


def load(
    paths: Sequence[str], folder: str, advance: Advance = lambda size: None,
    phase: Phase = lambda name: None,
) -> Loaded:
    """Load RDF files into the store in a folder, in place of what it held.

    N-Triples, N-Quads, Turtle, TriG or RDF/XML by the ending of each name, compressed if `.gz`
    comes behind it. The graph `…/graph/main`, and what is in no graph, becomes the main graph.
    Whatever stops it leaves the store as it was. Raises UsageError, GraphError with file and line,
    StoreError, and AikgError where the folder cannot be written.
    """
    formats = [format_of(path) for path in paths]
    try:
        with drafting(folder) as draft:
            return _fill(draft, list(zip(paths, formats, strict=True)), advance, phase)
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise AikgError(f"cannot write the store in {folder}: {reason}") from error


def _fill(
    draft: Draft, files: Sequence[tuple[str, RdfFormat]], advance: Advance, phase: Phase,
) -> Loaded:
    began = time.monotonic()
    store = Store(draft.graph)
    for path, format_ in files:
        read_file(store, path, format_, advance)
    _main_to_default(store, draft)
    for graph in (INDEX, ONTOLOGY, DISPUTED):  # as in a dataset: they are made here
        store.remove_graph(NamedNode(graph))
    triples, read = len(store), time.monotonic()
    phase("the direct layer of the claims")
    sources = replace(build.read_sources(), graph=(), claims=(), links=(), documents=(),
                      outside=(), snapshot=None)
    built = build.build_from(sources)
    kinds = _kinds(store, sources.ontology)
    layer = layer_of_many(_said(store), sources.ontology.vocabulary,
                          lambda thing: kinds.get(thing, ()), _contradicting(store))
    disputed = widened(layer, sources.ontology.vocabulary)
    write_facts(store, disputed, DISPUTED)
    phase("the index of names")
    write_facts(store, chain(_index(store, kinds), contested(disputed)), INDEX)
    phase("the closure")
    store.bulk_load(built["graph.nt"], RdfFormat.N_TRIPLES)
    store.bulk_load(built["ontology.nt"], RdfFormat.N_TRIPLES, to_graph=NamedNode(ONTOLOGY))
    plain = plain_facts(layer, sources.ontology.vocabulary)
    write_facts(store, filter(_is_named, plain))
    before = len(store)
    unnamed = (fact for fact in plain if not _is_named(fact))
    write_facts(store, _conclusions(store, sources, unnamed))
    inferred = len(store) - before
    counted = {"graphs": _sizes(store), "counts": {"things": len(kinds), **_counts(store)}}
    phase("the order on disk")
    store.optimize()
    store.flush()
    del store
    catalog = {name: data for name, data in built.items() if name.endswith(".json")}
    draft.commit(catalog, triples=triples, inferred=inferred, **counted)
    return Loaded(triples, read - began, inferred, len(layer.disputed), time.monotonic() - read)


def _main_to_default(store: Store, draft: Draft) -> None:
    """The main graph, as a dataset names it, becomes the default graph."""
    main = NamedNode(MAIN_GRAPH)
    if store.contains_named_graph(main):
        path = os.path.join(draft.folder, "main.nt")
        store.dump(path, RdfFormat.N_TRIPLES, from_graph=main)
        store.bulk_load(path=path, format=RdfFormat.N_TRIPLES)
        store.remove_graph(main)
        os.unlink(path)


def _rows(store: Store, query: str) -> QuerySolutions:
    return cast(QuerySolutions, store.query(query))


def _sizes(store: Store) -> dict[str, int]:
    """How many statements each graph of ours has that may be asked, main first."""
    named = {name.value: _count(store, f"GRAPH {name} {{ ?s ?p ?o }}")
             for name in store.named_graphs() if isinstance(name, NamedNode)}
    ours = {name.removeprefix(GRAPH): size for name, size in sorted(named.items())
            if name.startswith(GRAPH) and name != INDEX}
    return {"main": len(store) - sum(named.values()), **ours}


def _counts(store: Store) -> dict[str, int]:
    """How many claims, passages and sources the store holds."""
    return {kind.lower() + "s": _count(store, f"?one {TYPE} <{AIKG}{kind}>")
            for kind in ("Claim", "Passage", "Source")}


def _count(store: Store, pattern: str) -> int:
    [[count]] = _rows(store, f"SELECT (COUNT(*) AS ?count) WHERE {{ {pattern} }}")
    return int(cast(Literal, count).value)


def _contradicting(store: Store) -> Iterator[tuple[str, str]]:
    """The pairs of claims of which one says that it contradicts the other."""
    for claim, other in _rows(store, READ):
        if isinstance(claim, NamedNode) and isinstance(other, NamedNode):
            yield claim.value, other.value


def _said(store: Store) -> list[Said]:
    """The asserted claims of the store. Raises GraphError for one of two meanings."""
    terms: dict[str, str] = {}
    said: dict[str, Said] = {}
    for claim, *rest, denied, modality, quoted in _rows(store, ASSERTED):
        if not (all(isinstance(term, NamedNode) for term in (claim, *rest[:2]))
                and isinstance(rest[2], NamedNode | Literal)):
            raise GraphError(f"the claim {claim} needs IRIs: its own, its subject's, its "
                             "predicate's, and its object's unless that is a value")
        subject, predicate, object_ = (terms.setdefault(text, text) for text in map(str, rest))
        one = Said(claim.value, subject, predicate, object_,
                   denied is not None and denied.value in ("true", "1"),
                   modality.value in FIRM and quoted.value == "false")
        if said.setdefault(one.claim, one) != one:
            raise GraphError(f"the claim {claim} has several subjects, predicates, objects or "
                             "modalities")
    return list(said.values())


def _kinds(store: Store, ontology: Ontology) -> dict[str, set[str]]:
    """The classes that the files give their things, as IRIs.

    Files may hold what was inferred too: a defined class, and one above another of the thing's, are
    no identification, so that a proof of them goes on to claims.
    """
    above, kinds = ontology.vocabulary.above, defaultdict(set)
    defined = {rule.head[2][1:-1] for rule in ontology.rules
               if rule.head and " EquivalentTo " in rule.axiom and rule.head[1] == TYPE
               and rule.axiom.startswith(compact(rule.head[2][1:-1]) + " ")}
    for kind in sorted(ontology.vocabulary.classes - EVIDENCE - defined):
        for (thing,) in _rows(store, f"SELECT ?thing WHERE {{ ?thing {TYPE} <{kind}> }}"):
            if isinstance(thing, NamedNode) and not thing.value.startswith(NO_THINGS):
                kinds[thing.value].add(kind)
    return {thing: {kind for kind in found
                    if not any(kind != one and kind in above(one) for one in found)}
            for thing, found in kinds.items()}


def _index(store: Store, kinds: Mapping[str, Iterable[str]]) -> Iterator[Fact]:
    """The names of all things, and their classes."""
    names = ((str(thing), name.value) for thing, name in _rows(store, NAMED)
             if isinstance(thing, NamedNode) and isinstance(name, Literal)
             and not thing.value.startswith(NO_THINGS))
    return entries(names, ((f"<{thing}>", f"<{kind}>") for thing, found in kinds.items()
                           for kind in found))


def _is_named(fact: Fact) -> bool:
    """Whether it is about things with names: no blank node, and no literal as its subject."""
    return fact[0][0] == "<" and fact[2][:2] != "_:"


def _conclusions(store: Store, sources: Sources, more: Iterable[Fact]) -> Iterator[Fact]:
    """What follows from the main graph, and more facts, and has a place in it."""
    properties = sorted({*sources.ontology.properties, RDF + "type"})
    facts = ((str(s), f"<{prop}>", str(o)) for prop in properties
             for s, o in _rows(store, f"SELECT ?s ?o WHERE {{ ?s <{prop}> ?o }}")
             if not isinstance(o, Triple))  # RDF 1.2 has statements as objects
    yield from filter(_is_named, concluded(chain(facts, more), sources))


def concluded(facts: Iterable[Fact], sources: Sources) -> Iterable[Fact]:
    """The facts that follow from others: by numpy, or without it by the engine for small graphs."""
    try:
        from aikg.saturation import saturate
    except ImportError:
        from aikg.closure import close

        return (fact for fact, reason in close(facts, sources.ontology.rules).items() if reason)
    return saturate(facts, sources.ontology.rules)
