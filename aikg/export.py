"""Exports: the graph in the formats of other tools, the same bytes for the same graph.

Three things can be taken: the OWL document (the ontology, and what is claimed, with the evidence on
each fact), the built graphs (with all that follows, as the stored queries read them), and the facts
or claims one by one. Each heavy library is imported by the one format that needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from aikg.errors import UnknownFormat
from aikg.graph import Graph

Files = bytes | Mapping[str, bytes]
"""One file, or several by name."""


class Format(NamedTuple):
    """A format: what it is, in one line, and what writes it."""

    help: str
    write: Callable[[Graph], Files]
    several: bool = False
    """Whether it is several files, for a folder."""


def format_named(name: str) -> Format:
    """The format of that name. Raises UnknownFormat, with the reason where it cannot be written."""
    if name == "manchester":
        raise UnknownFormat("no Python library writes Manchester syntax without loss: export ttl "
                            "and save it so in Protégé, or use ROBOT's convert", ["functional"])
    if name not in FORMATS:
        raise UnknownFormat(f"no format {name!r}: choose one of {', '.join(FORMATS)}",
                            tuple(FORMATS))
    return FORMATS[name]


def export(name: str, graph: Graph) -> Files:
    """The graph in a format: one file, or several by name.

    Raises UnknownFormat; AikgError where a library is not installed, which names the extra; and
    GraphError or OntologyError for authored files that are wrong.
    """
    return format_named(name).write(graph)


def _ttl(_: Graph) -> bytes:
    from aikg.build import read_sources
    from aikg.standalone import standalone

    return standalone(read_sources()).turtle()


def _rdfxml(_: Graph) -> bytes:
    from aikg.build import read_sources
    from aikg.standalone import standalone

    return standalone(read_sources()).rdfxml()


def _ntriples(_: Graph) -> bytes:
    from aikg.build import read_sources
    from aikg.standalone import ntriples, standalone

    return ntriples(standalone(read_sources()).triples)


def _functional(_: Graph) -> bytes:
    from aikg import functional
    from aikg.build import read_sources
    from aikg.standalone import standalone

    return functional.write(standalone(read_sources()))


def _nquads(graph: Graph) -> bytes:
    from aikg.quads import nquads

    return nquads(graph.built)


def _trig(graph: Graph) -> bytes:
    from aikg.quads import trig

    return trig(graph.built)


def _jsonld(graph: Graph) -> bytes:
    from aikg import jsonld
    from aikg.quads import triples

    return jsonld.document(triples(graph.built, "main"),
                           jsonld.context(triples(graph.built, "ontology")))


def _context(graph: Graph) -> bytes:
    from aikg import jsonld
    from aikg.quads import triples

    return jsonld.context_file(triples(graph.built, "ontology"))


def _csv(graph: Graph) -> Files:
    from aikg.table import tables, to_csv

    return {f"{table.name}.csv": to_csv(table) for table in tables(graph)}


def _parquet(graph: Graph) -> Files:
    from aikg.table import tables, to_parquet

    return {f"{table.name}.parquet": to_parquet(table) for table in tables(graph)}


def _graphml(graph: Graph) -> bytes:
    from aikg.propertygraph import graphml, property_graph

    return graphml(property_graph(graph))


def _cypher(graph: Graph) -> bytes:
    from aikg.propertygraph import cypher, property_graph

    return cypher(property_graph(graph))


def _nanopub(_: Graph) -> Files:
    from aikg.build import read_sources
    from aikg.nanopublication import nanopublications

    return nanopublications(read_sources())


FORMATS: Mapping[str, Format] = {
    "ttl": Format("The OWL document in Turtle.", _ttl),
    "rdfxml": Format("The OWL document in RDF/XML.", _rdfxml),
    "ntriples": Format("The OWL document in N-Triples, which owlready2 loads.", _ntriples),
    "functional": Format("The OWL document in functional syntax (needs the extra export).",
                         _functional),
    "nquads": Format("The built graphs under their names, for a SPARQL store.", _nquads),
    "trig": Format("The same in TriG, to read.", _trig),
    "jsonld": Format("The main graph in JSON-LD, its context inside.", _jsonld),
    "context": Format("That context alone: ontology/context.jsonld.", _context),
    "csv": Format("FOLDER/facts.csv and FOLDER/claims.csv.", _csv, True),
    "parquet": Format("The same two tables, typed (needs the extra data).", _parquet, True),
    "graphml": Format("The facts as nodes and edges, for networkx, Gephi, yEd.", _graphml),
    "cypher": Format("The facts as statements for Neo4j, which may run again.", _cypher),
    "nanopub": Format("A nanopublication per claim, in FOLDER/CLAIM.trig.", _nanopub,
                      True),
}
