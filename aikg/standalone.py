"""The whole as one OWL document: the release document with the ontology in it, and no imports.

It opens alone, in tools that know nothing of a catalog; owlready2, which would fetch an import from
the network, loads it as N-Triples.
"""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Quad,
    RdfFormat,
    Triple,
    serialize,
)

from aikg.build import Sources
from aikg.document import Document, document
from aikg.names import OWL
from aikg.turtle import iri

ELSEWHERE = {OWL + "imports", OWL + "versionIRI"}
"""What a header says of the release alone: by OWL 2 (Structural Specification, section 3.1) a
version IRI names one document, and that is the one in graph/release."""


def standalone(sources: Sources) -> Document:
    """The release document together with the ontology, under one header."""
    release = document(sources)
    headers = {iri(one.subject) for one in sources.ontology.triples
               if iri(one.object) == OWL + "Ontology"}
    triples = [*(one for one in release.triples if one.predicate.value not in ELSEWHERE),
               *(one for one in sources.ontology.triples if iri(one.subject) not in headers)]
    return Document(tuple(dict.fromkeys(triples)), release.prefixes, release.shared)


def ntriples(triples: Iterable[Triple]) -> bytes:
    """The triples as N-Triples, sorted, blank nodes labelled by what is said of them.

    Source: RDF Dataset Canonicalization (RDFC-1.0), with the form of Canonical N-Triples.
    """
    dataset = Dataset(Quad(*one) for one in triples)
    if any(isinstance(node, BlankNode) for quad in dataset for node in (quad.subject, quad.object)):
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    lines = serialize((quad.triple for quad in dataset), format=RdfFormat.N_TRIPLES)
    assert lines is not None, "there is no file to write to"
    return b"".join(sorted(lines.splitlines(keepends=True)))
