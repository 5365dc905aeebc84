"""An edited document: read as some tool saved it, and set beside the one that it came from.

Nothing is fetched: imports are only looked at. Turtle and RDF/XML are read here; OWL/XML and
functional syntax by py-horned-owl, where it is installed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import RdfFormat, Triple, parse

from aikg import files, functional
from aikg.authored import Authored
from aikg.canonical import Canonical, canonical
from aikg.document import RELEASE, document
from aikg.errors import AikgError, GraphError
from aikg.limits import check_brackets, check_elements
from aikg.names import BASE, OWL, RDF
from aikg.standalone import standalone
from aikg.turtle import iri

LARGEST = 50 << 20
"""Bytes of a file; what is larger was hardly saved from this graph."""
XML = re.compile(r"<(\?xml|!DOCTYPE|!--|([\w.-]+:)?RDF|([\w.-]+:)?Ontology)[\s>]")
FUNCTIONAL = re.compile(r"(#[^\n]*\n\s*)*(Prefix|Ontology)\s*\(")
MANCHESTER = re.compile(r"(#[^\n]*\n\s*)*(Prefix|Ontology):")


@dataclass(frozen=True)
class Edited:
    """A file that somebody edited, and what it was before."""

    iri: str
    """IRI of the ontology document that the file is."""
    before: Canonical
    after: Canonical


def read_edited(path: str, authored: Authored) -> Edited:
    """The document in a file, beside ours of the same IRI: the release, or a file of the ontology.

    Raises GraphError with the file for what is no OWL document, or none of ours; AikgError for
    what cannot be read, or needs a library that is not installed.
    """
    text = _text(path)
    try:
        triples = _triples(text)
        name = _name(triples)
        return Edited(name, canonical(_original(name, triples, authored)), canonical(triples))
    except GraphError as error:
        if error.file is not None:  # one of ours is wrong
            raise
        raise GraphError(str(error), path) from error


def _text(path: str) -> str:
    if os.path.exists(path) and not os.path.isfile(path):
        raise AikgError(f"cannot read {path}: not a file")
    if os.path.exists(path) and os.path.getsize(path) > LARGEST:
        raise AikgError(f"cannot read {path}: larger than {LARGEST >> 20} MB")
    return files.read_text(path)


def _triples(text: str) -> list[Triple]:
    """The triples of a text, in whichever syntax it begins to be. Raises GraphError."""
    start = text.lstrip()
    if MANCHESTER.match(start):
        raise GraphError("is in Manchester syntax, which no library here reads without loss: save "
                         "it as Turtle or RDF/XML")
    if FUNCTIONAL.match(start):
        check_brackets(text)
        return functional.read(text, "ofn")
    if not XML.match(start):
        return _parsed(text, RdfFormat.TURTLE)
    check_elements(text)
    return functional.read(text, "owx") if _is_owl_xml(start) else _parsed(text, RdfFormat.RDF_XML)


def _parsed(text: str, form: RdfFormat) -> list[Triple]:
    try:
        return [quad.triple for quad in parse(text, form)]
    except SyntaxError as error:
        raise GraphError(f"is not {form.name}: {error.msg}") from error


def _is_owl_xml(text: str) -> bool:
    """Whether the root element is owl:Ontology, not rdf:RDF."""
    found = re.search(r"<([\w.-]+:)?(Ontology|RDF)[\s>]", text)
    return found is not None and found[2] == "Ontology"


def _name(triples: Iterable[Triple]) -> str:
    """The IRI of the one ontology that a document says it is."""
    names = {iri(one.subject) for one in triples if one.predicate.value == RDF + "type"
             and iri(one.object) == OWL + "Ontology"}
    if len(names) != 1 or "" in names:
        raise GraphError(f"names {len(names)} ontologies, not one: was it made from the release?")
    return names.pop()


def _original(name: str, triples: Iterable[Triple], authored: Authored) -> Iterable[Triple]:
    """Our document of that IRI."""
    if name == RELEASE:
        imports = any(one.predicate.value == OWL + "imports" for one in triples)
        return (document if imports else standalone)(authored.sources).triples
    for own in authored.turtle.values():
        if any(iri(one.subject) == name and iri(one.object) == OWL + "Ontology" for one in own):
            return own
    hint = "" if name.startswith(BASE) else f", not {RELEASE} or a module of its ontology"
    raise GraphError(f"is the ontology <{name}>{hint}: no such document here")
