"""The build: authored files in, built graph and catalog out; the same bytes for the same input.

claims of the view → direct layer → closure → graph.nt, links.nt, disputed.nt, ontology.nt
newest snapshot → outside-DATE.nt
claims in dispute → disputed.nt, disputes.json
stored queries, lexicon, rules → catalog.json
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from aikg.catalog import NAME, VERSION
from aikg.claim import Claim, read_claims
from aikg.closure import Closure, close
from aikg.errors import GraphError, QueryError
from aikg.excerpt import excerpt
from aikg.fact import TYPE, Fact
from aikg.files import source_files
from aikg.further import further
from aikg.header import read_query
from aikg.links import link_triples, read_mappings
from aikg.names import AIKG, OWL, RDF, RDFS, compact
from aikg.ontology import Ontology, read_ontology
from aikg.proof import Prover
from aikg.query import Query
from aikg.record import records_of
from aikg.rules import rules_to_json
from aikg.selection import ALL, Document, Selection
from aikg.store import Store
from aikg.turtle import iri, read
from aikg.view import Layer, direct_layer, negative_facts, plain_facts, widened
from aikg.vocabulary import lexicon_entry, phrasings_entry

LINKS = "graph/links.sssom.tsv"
OUTSIDE = "graph/outside/"
"""Snapshots of what other data sets say, one file a day; only the last one is built."""
DEFAULT = Selection()


@dataclass(frozen=True)
class Sources:
    """All authored files, read."""

    ontology: Ontology
    graph: tuple[Triple, ...]
    """Sources, passages, entities and claims."""
    claims: tuple[Claim, ...]
    links: tuple[Triple, ...]
    alignments: tuple[Triple, ...]
    queries: Mapping[str, Query]
    documents: tuple[Document, ...]
    """All sources there are, selected or not."""
    digests: Mapping[str, tuple[int, str]]
    """Size in bytes and SHA-256 of each file."""
    turtle: Mapping[str, Sequence[Triple]]
    """All files of the graph, of which `graph` holds what is selected."""
    outside: tuple[Triple, ...] = ()
    """The newest snapshot."""
    snapshot: str | None = None
    """Its day, such as 2026-01-31."""

    def seen_as(self, wanted: Selection) -> Sources:
        """The same files with another selection of the graph. Raises UsageError, GraphError."""
        graph = excerpt(self.turtle, wanted)
        return replace(self, graph=tuple(graph), claims=read_claims(graph))


def build(folder: str | None = None, wanted: Selection = DEFAULT) -> dict[str, bytes]:
    """The built files by name, from the authored files under `folder` (the package's own if None).

    `wanted` selects the view; the default one also tells what the other sources would add. Raises
    UsageError where nothing is selected, GraphError, OntologyError or OSError; a broken stored
    query only breaks itself.
    """
    sources = read_sources(folder, wanted)
    files, closure = _graph_files(sources)
    others = _others(sources)
    if not wanted and any(document.collection for document in sources.documents):
        whole = sources.seen_as(Selection((ALL,)))
        others["more"] = _more(sources, files, whole, _graph_files(whole)[0])
    return {**files, **_catalog_files(sources, closure, files, others)}


def build_from(sources: Sources) -> dict[str, bytes]:
    """The built files of sources that are read; what others would add is not looked for."""
    files, closure = _graph_files(sources)
    return {**files, **_catalog_files(sources, closure, files, _others(sources))}


def build_graphs(folder: str | None = None, wanted: Selection = DEFAULT) -> dict[str, bytes]:
    """The graphs of a view alone, as built files by name: quicker, where the queries are known.

    Raises as build does.
    """
    return _graph_files(read_sources(folder, wanted, queries=False))[0]


def _others(sources: Sources) -> dict[str, object]:
    """All sources there are, with nothing yet that they would add."""
    return {"sources": sources.documents, "more": {}}


def _more(
    sources: Sources, files: Mapping[str, bytes], whole: Sources, all_files: Mapping[str, bytes],
) -> dict[str, str]:
    """What all sources add to each stored query of some, as JSON: an answer needs but one."""
    here, there = (Store(some["graph.nt"], _named(some)) for some in (files, all_files))
    rules = tuple(rule for rule in whole.ontology.rules if rule.head)
    kinds = {compact(one): [compact(kind) for kind in sorted(classes)]
             for one, classes in primitive_types(whole.graph).items()}
    prover = Prover(there, lambda: rules, lambda: kinds)
    found = further(sources.queries.values(), here, there, prover)
    return {name: json.dumps(rows, separators=(",", ":")) for name, rows in found.items()}


def _named(files: Mapping[str, bytes]) -> Callable[[str], bytes | None]:
    """What gives a further graph by its name."""
    return lambda name: files.get(name + ".nt")


def _graph_files(sources: Sources) -> tuple[dict[str, bytes], Closure]:
    """The graphs of a view, as files, and its closure."""
    layer = layer_of(sources)
    facts = asserted_facts(sources, layer)
    disputed = widened(layer, sources.ontology.vocabulary)
    closure = close(facts, sources.ontology.rules)
    inferred = [fact for fact in closure if not fact[0].startswith("_:") and fact[2][:2] != "_:"]
    graph = sorted({_line(fact) for fact in (*facts, *inferred, *_graph_facts(sources))
                    if "_:" not in (fact[0][:2], fact[2][:2])})
    files = {
        "graph.nt": _join(graph),
        "links.nt": _join(sorted({f"{triple} ." for triple in sources.links})),
        "disputed.nt": _join(sorted(map(_line, disputed))),
        "disputes.json": _json([[*fact, *names] for fact, names in disputed.items()]),
        "ontology.nt": _ontology_file(sources),
    }
    if sources.snapshot:
        files[f"outside-{sources.snapshot}.nt"] = _join(
            sorted({f"{triple} ." for triple in sources.outside}))
    return files, closure


def read_sources(
    folder: str | None = None, wanted: Selection = DEFAULT, queries: bool = True,
) -> Sources:
    """All authored files under a folder, read and checked one by one; of the graph, a selection.

    Without `queries`, stored queries are left out. Raises as build does.
    """
    terms: list[Triple] = []
    turtle: dict[str, list[Triple]] = {}
    alignments: list[Triple] = []
    links: list[Triple] = []
    asked: dict[str, Query] = {}
    digests: dict[str, tuple[int, str]] = {}
    outside: list[Triple] = []
    snapshot = None
    for name, path in source_files(folder):
        digests[name] = _digest(path)
        if name.endswith(".rq") and not name.startswith("queries/check/"):
            if queries:
                _add_query(asked, name, path)
        elif name == LINKS:
            links += link_triples(read_mappings(path))
        elif name.startswith(OUTSIDE):  # sorted by name, so the newest comes last
            outside, snapshot = read(path), name.removeprefix(OUTSIDE).removesuffix(".ttl")
        elif name.endswith(".ttl"):
            target = (alignments if name.startswith("ontology/align/") else
                      turtle.setdefault(name, []) if name.startswith("graph/") else
                      [] if name.startswith("ontology/shapes/") else terms)
            target += read(path)
    graph = excerpt(turtle, wanted)
    return Sources(read_ontology(terms), tuple(graph), read_claims(graph), tuple(links),
                   tuple(alignments), dict(sorted(asked.items())),
                   tuple(one.document for one in records_of(turtle)), digests, turtle,
                   tuple(outside), snapshot)


def layer_of(sources: Sources, claims: Iterable[Claim] | None = None) -> Layer:
    """The direct layer of a view: of the claims given, else of all."""
    return direct_layer(sources.claims if claims is None else claims,
                        sources.ontology.vocabulary, primitive_types(sources.graph))


def asserted_facts(sources: Sources, layer: Layer) -> list[Fact]:
    """What the closure starts from: identification and structure as authored, and the layer."""
    properties = sources.ontology.properties | {RDF + "type"}
    authored = [_fact(triple) for triple in sources.graph if triple.predicate.value in properties]
    named = [(f"<{one}>", TYPE, f"<{kind}>") for one, kind in sources.ontology.individuals]
    vocabulary = sources.ontology.vocabulary
    return sorted({*authored, *named, *plain_facts(layer, vocabulary)})


def denied_facts(sources: Sources, layer: Layer) -> list[Fact]:
    """The negative side of the layer, which only a reasoner reads."""
    return negative_facts(layer, sources.ontology.vocabulary)


def primitive_types(graph: Iterable[Triple]) -> dict[str, frozenset[str]]:
    """The authored classes of each individual, by IRI."""
    types: dict[str, set[str]] = {}
    for triple in graph:
        if triple.predicate.value == RDF + "type":
            types.setdefault(iri(triple.subject), set()).add(iri(triple.object))
    return {thing: frozenset(classes) for thing, classes in types.items()}


def _add_query(queries: dict[str, Query], name: str, path: str) -> None:
    """Read one stored query; what is wrong with it is kept with it."""
    stem = name.rpartition("/")[2].removesuffix(".rq")
    try:
        if stem in queries:
            taken, stem = queries[stem].file, name.removeprefix("queries/")
            raise QueryError(f"the name is taken by {taken}", name)
        queries[stem] = read_query(path, name)
    except QueryError as error:
        queries[stem] = Query(stem, "(broken)", "", name, error=str(error))


def _graph_facts(sources: Sources) -> list[Fact]:
    """What the main graph holds beside the facts: names, texts, claims, and the terms' names."""
    kept = {RDF + "type", RDFS + "label", RDFS + "subClassOf", RDFS + "subPropertyOf",
            OWL + "inverseOf", RDFS + "domain", RDFS + "range"}
    terms = [_fact(triple) for triple in sources.ontology.triples
             if triple.predicate.value in kept and isinstance(triple.subject, NamedNode)
             and isinstance(triple.object, NamedNode | Literal)
             and triple.subject.value.startswith(AIKG)]
    return [*map(_fact, sources.graph), *terms]


def _ontology_file(sources: Sources) -> bytes:
    """The whole ontology with its alignments, blank nodes named by what they stand for."""
    named = {(BlankNode, key): f"_:b{number}" for number, key in enumerate(
        dict.fromkeys(node.value for triple in sources.ontology.triples
                      for node in (triple.subject, triple.object)
                      if isinstance(node, BlankNode)))}

    def text(node: object) -> str:
        return named[BlankNode, node.value] if isinstance(node, BlankNode) else str(node)

    return _join(sorted({f"{text(triple.subject)} {triple.predicate} {text(triple.object)} ."
                         for triple in (*sources.ontology.triples, *sources.alignments)}))


def _catalog_files(
    sources: Sources, closure: Iterable[Fact], graphs: Mapping[str, bytes],
    others: Mapping[str, object],
) -> dict[str, bytes]:
    lexicon = lexicon_entry(sources.ontology, sources.graph, closure)
    phrasings = phrasings_entry(sources.queries.values(), lexicon)
    rules = rules_to_json(rule for rule in sources.ontology.rules if rule.head)
    files = {"lexicon.json": _json(lexicon), "phrasings.json": _json(phrasings),
             "rules.json": _json(rules), "others.json": _json(others)}
    sizes = {name: len(data) for name, data in {**graphs, **files}.items()}
    queries = {name: _query_entry(query) for name, query in sources.queries.items()}
    return {**files, NAME: _json({"version": VERSION, "files": dict(sorted(sizes.items())),
                                  "sources": sources.digests, "queries": queries})}


def _json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _query_entry(query: Query) -> dict[str, Any]:
    entry = {
        "summary": query.summary, "description": query.description, "file": query.file,
        "text": _without_header(query.text), "tags": query.tags,
        "params": [parameter._asdict() for parameter in query.parameters],
        "evidence": query.evidence, "columns": query.columns, "graphs": query.graphs,
    }
    return {**entry, "error": query.error} if query.error else entry


def _without_header(text: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True)
                   if not line.startswith("#+")).lstrip()


def _digest(path: str) -> tuple[int, str]:
    try:
        with open(path, "rb") as file:
            content = file.read()
    except OSError as error:
        raise GraphError(error.strerror or str(error), path) from error
    return len(content), hashlib.sha256(content).hexdigest()


def _fact(triple: Triple) -> Fact:
    return (str(triple.subject), str(triple.predicate), str(triple.object))


def _line(fact: Fact) -> str:
    return " ".join(fact) + " ."


def _join(lines: Iterable[str]) -> bytes:
    return "".join(line + "\n" for line in lines).encode()
