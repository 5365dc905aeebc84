"""The release: one folder that opens in Protégé, offline, with the evidence on every fact.

It holds `aikg.ttl` and `aikg.owl` (entities, direct layer, claims and links, in Turtle and in
RDF/XML), the ontology that they import, file by file as authored, and `catalog-v001.xml`, which
says which file holds which document.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from xml.sax.saxutils import quoteattr

from pyoxigraph import Triple

from aikg import files, turtle
from aikg.build import read_sources
from aikg.document import document
from aikg.errors import AikgError, GraphError
from aikg.names import BASE, OWL
from aikg.turtle import iri

STEM = "aikg"
CATALOG = "catalog-v001.xml"


def release(folder: str | None = None) -> dict[str, bytes]:
    """The files of the release by name, from the authored files (the package's own if None).

    Raises GraphError, OntologyError or OSError.
    """
    whole = document(read_sources(folder))
    content = {f"{STEM}.ttl": whole.turtle(), f"{STEM}.owl": whole.rdfxml()}
    places = _addresses(whole.triples, f"{STEM}.ttl")
    for name, path in files.source_files(folder):
        if re.fullmatch(r"ontology/[^/]+\.ttl", name):
            found = _addresses(turtle.read(path), "")
            if not found:
                raise GraphError("has no owl:Ontology with a version IRI", name)
            file = min(found, key=len).rpartition("/")[2] + ".ttl"
            if file in content:
                raise GraphError(f"the release has another {file}: rename the module", name)
            with open(path, "rb") as source:
                content[file] = source.read()
            places.update(dict.fromkeys(found, file))
    return {**content, CATALOG: catalog(places).encode()}


def catalog(places: Mapping[str, str]) -> str:
    """A catalog of the OASIS form that Protégé reads: the relative path of each IRI's file."""
    lines = [f"        <uri name={quoteattr(name)} uri={quoteattr(places[name])}/>\n"
             for name in sorted(places, key=turtle.natural)]
    return f"""<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<catalog prefer="public" xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog">
    <group id="Folder Repository, directory=, recursive=false, Auto-Update=false, version=2" \
prefer="public">
{''.join(lines)}    </group>
</catalog>
"""


def vanished(before: Iterable[Triple], after: Iterable[Triple]) -> list[str]:
    """The IRIs of ours that one release describes and a later one does not, sorted.

    A deprecated one still stands there, with owl:deprecated.
    """
    subjects = [{iri(triple.subject) for triple in triples} for triples in (before, after)]
    return sorted(name for name in subjects[0] - subjects[1] if name.startswith(BASE))


def release_folder() -> str:
    """Where the release is kept."""
    return os.path.join(files.root(), *files.GENERATED[0].split("/"))


def differing(content: Mapping[str, bytes], folder: str | None = None) -> list[str]:
    """The names of the release's files that are kept in a folder otherwise than in `content`."""
    try:
        held = files.read_folder(folder or release_folder())
    except OSError:
        held = {}
    return sorted(name for name in {*held, *content} if held.get(name) != content.get(name))


def store_release(content: Mapping[str, bytes]) -> list[str]:
    """Put the release in its place in a checkout; the paths of the files that changed.

    Raises AikgError for an installed package, and where it cannot be written.
    """
    if not files.is_checkout():
        raise AikgError("the release is made in a checkout, not in an installed package")
    folder = release_folder()
    changed = differing(content)
    try:
        if changed:
            files.write_folder(folder, content)
            os.chmod(folder, 0o755)  # a draft is for its owner only
    except OSError as error:
        raise AikgError(f"cannot write {folder}: {error.strerror}") from error
    return [os.path.join(folder, name) for name in changed]


def _addresses(triples: Iterable[Triple], file: str) -> dict[str, str]:
    """The IRI and the version IRI of the ontology among the triples, each with the file."""
    return {iri(node): file for one in triples if one.predicate.value == OWL + "versionIRI"
            for node in (one.subject, one.object)}
