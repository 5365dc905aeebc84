"""A module: one file of the ontology, its header and the terms that it declares."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode, Triple

from aikg import files, turtle
from aikg.names import AIKG, DCTERMS, OWL, RDF
from aikg.turtle import iri

KINDS = {
    OWL + "Class": "class",
    OWL + "ObjectProperty": "object property",
    OWL + "DatatypeProperty": "datatype property",
    OWL + "AnnotationProperty": "annotation property",
    OWL + "NamedIndividual": "individual",
}
"""What a term may be declared as, and how that reads."""
ALIGNMENTS = "ontology/align/"


@dataclass(frozen=True)
class Module:
    """One document of the ontology."""

    file: str
    """Its path from the root of the checkout."""
    iri: str
    version_iri: str
    title: str
    description: str
    license: str
    creators: tuple[str, ...]
    imports: tuple[str, ...]
    terms: tuple[tuple[str, str], ...]
    """IRI and kind (see KINDS) of each term of ours that it declares, sorted by IRI."""

    @property
    def aligns(self) -> bool:
        """Whether it sets our terms beside those of a foreign vocabulary."""
        return self.file.startswith(ALIGNMENTS)


def read_modules(folder: str | None = None) -> tuple[Module, ...]:
    """The modules and alignments under a folder (the package's own if None), by file name.

    A file without an owl:Ontology is none. Raises GraphError for one that is not Turtle.
    """
    found = (_module(name, turtle.read(path)) for name, path in files.source_files(folder)
             if name.startswith("ontology/") and name.endswith(".ttl"))
    return tuple(module for module in found if module)


def _module(file: str, triples: Sequence[Triple]) -> Module | None:
    ontology = next((iri(one.subject) for one in triples if _is_a(one, OWL + "Ontology")), None)
    if ontology is None:
        return None

    def texts(name: str) -> tuple[str, ...]:
        return tuple(one.object.value for one in triples if iri(one.subject) == ontology
                     and one.predicate.value == name and not isinstance(one.object, Triple))

    def first(name: str) -> str:
        return next(iter(texts(name)), "")

    return Module(
        file, ontology, first(OWL + "versionIRI"), first(DCTERMS + "title") or ontology,
        first(DCTERMS + "description"), first(DCTERMS + "license"), texts(DCTERMS + "creator"),
        tuple(sorted(texts(OWL + "imports"))), tuple(sorted(_terms(triples))))


def _terms(triples: Iterable[Triple]) -> Iterable[tuple[str, str]]:
    return {(iri(one.subject), KINDS[iri(one.object)]) for one in triples
            if one.predicate.value == RDF + "type" and iri(one.object) in KINDS
            and iri(one.subject).startswith(AIKG)}


def _is_a(triple: Triple, kind: str) -> bool:
    return triple.predicate.value == RDF + "type" and triple.object == NamedNode(kind)
