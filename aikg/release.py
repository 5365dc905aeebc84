"""The release: one folder that opens in Protégé, offline, with the evidence on every fact.

    aikg.ttl, aikg.owl   entities, direct layer, claims and links, in Turtle and in RDF/XML
    ontology.ttl, …      the ontology that it imports, file by file as authored
    catalog-v001.xml     which file holds which document

Each fact of the direct layer has one owl:Axiom that annotates it, and each denial of a fact is one
owl:NegativePropertyAssertion, annotated itself (OWL 2 Mapping to RDF Graphs, sections 2.2 and
2.3). The OWL API drops an object property there without a word, so evidence has annotation
properties of its own.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from aikg import __version__, files, rdfxml, turtle
from aikg.build import Sources, layer_of, read_sources
from aikg.claim import Claim
from aikg.errors import AikgError, GraphError
from aikg.evidence import firmest, weakest
from aikg.fact import TYPE, Fact
from aikg.names import AIKG, BASE, DCTERMS, ONTOLOGY, OWL, PREFIXES, RDF, RDFS, SOURCE, THING
from aikg.turtle import iri
from aikg.view import Layer

RELEASE = BASE + "graph"
"""IRI of the document."""
STEM = "aikg"
CATALOG = "catalog-v001.xml"
BUILT_IN = (RDF, RDFS, OWL)
PROPERTIES = {OWL + kind for kind in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")}
HEADER = f"""
<{RELEASE}> a <{OWL}Ontology> ; <{OWL}imports> <{ONTOLOGY}> ;
  <{OWL}versionIRI> <{RELEASE}/{__version__}> ; <{OWL}versionInfo> "{__version__}" ;
  <{DCTERMS}title> "aikg: the graph of the AI industry"@en ; <{DCTERMS}creator> "The aikg authors" ;
  <{DCTERMS}description> "What sources claim about the AI industry, each fact with its evidence."@en ;
  <{DCTERMS}license> <https://creativecommons.org/licenses/by/4.0/> ."""


@dataclass(frozen=True)
class Document:
    """A graph to be written: its triples, and how names and shared nodes are written."""

    triples: tuple[Triple, ...]
    prefixes: Mapping[str, str]
    shared: frozenset[BlankNode]
    """Class expressions, which a fact and its owl:Axiom both name; their labels are stable."""

    def turtle(self) -> bytes:
        """The document in the normal form of Turtle."""
        return turtle.write(self.triples, self.prefixes, self.shared).encode()

    def rdfxml(self) -> bytes:
        """The document in RDF/XML, triple for triple the same."""
        return rdfxml.write(self.triples, self.prefixes).encode()


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


def document(sources: Sources) -> Document:
    """The release document: all that the sources say, with the facts that follow from claims."""
    layer = layer_of(sources)
    authored = [*parse(HEADER, RdfFormat.TURTLE), *sources.graph, *sources.links]
    annotated = _annotated(layer, sources)
    facts = "".join(f"{' '.join(fact)} .\n" for fact in annotated)
    triples = [*(_bare(one) for one in authored), *_labels(sources),
               *(_bare(one) for one in parse(facts, RdfFormat.N_TRIPLES))]
    whole = tuple(dict.fromkeys([*triples, *_declarations(triples, sources), *_different(triples)]))
    shared = frozenset(one.object for one in whole if isinstance(one.object, BlankNode)
                       and one.predicate.value == OWL + "annotatedTarget")
    return Document(whole, {**PREFIXES, **_source_prefixes(sources)}, shared)


def catalog(places: Mapping[str, str]) -> str:
    """A catalog of the OASIS form that Protégé reads: the relative path of each IRI's file."""
    lines = [f"        <uri name={quoteattr(name)} uri={quoteattr(places[name])}/>\n"
             for name in sorted(places, key=turtle.natural)]
    return f"""<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<catalog prefer="public" xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog">
    <group id="Folder Repository, directory=, recursive=false, Auto-Update=false, version=2" \
prefer="public" xml:base="">
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


def _annotated(layer: Layer, sources: Sources) -> Iterator[Fact]:
    """The facts and denials of a layer, each with its evidence."""
    claims = {claim.iri: claim for claim in sources.claims}
    groups = {iri(triple.subject) for triple in sources.graph if triple.object == _GROUP}
    classes = sources.ontology.vocabulary.classes
    for sign, side in (("", layer.facts), ("not", layer.denials)):
        for number, (fact, names) in enumerate(side.items()):
            evidence = _evidence([claims[name] for name in names], groups)
            node = f"_:{sign or 'fact'}{number}"
            plain = fact[1] == TYPE or fact[2][1:-1] in classes
            if sign and not plain:
                yield from _about(node, _negative(fact), evidence)
                continue
            if plain:
                fact, expression = _membership(fact, bool(sign))
                yield from expression
            yield fact
            yield from _about(node, _reified(fact), evidence)


def _membership(fact: Fact, denied: bool) -> tuple[Fact, list[Fact]]:
    """A fact whose object is a class as a type, and the triples of the class expression.

    `p C` becomes `p some C`. The expression is labelled by what it says: no two facts share one,
    for OWL 2 DL has each blank node in one axiom.
    """
    subject, predicate, target = fact
    label = "_:" + "-".join(re.sub(r"[^A-Za-z0-9]+", "-", _local(term)) for term in fact)
    expression: list[Fact] = []
    if predicate != TYPE:
        node = f"{label}-some"
        expression = [(node, TYPE, f"<{OWL}Restriction>"), (node, f"<{OWL}onProperty>", predicate),
                      (node, f"<{OWL}someValuesFrom>", target)]
        target = node
    if denied:
        node = f"{label}-not"
        expression += [(node, TYPE, f"<{OWL}Class>"), (node, f"<{OWL}complementOf>", target)]
        target = node
    return (subject, TYPE, target), expression


def _reified(fact: Fact) -> list[tuple[str, str]]:
    """What an owl:Axiom says of the triple that it annotates."""
    words = ("annotatedSource", "annotatedProperty", "annotatedTarget")
    return [(TYPE, f"<{OWL}Axiom>"),
            *((f"<{OWL}{word}>", term) for word, term in zip(words, fact, strict=True))]


def _negative(fact: Fact) -> list[tuple[str, str]]:
    """What an owl:NegativePropertyAssertion says."""
    aim = "targetIndividual" if fact[2].startswith("<") else "targetValue"
    words = ("sourceIndividual", "assertionProperty", aim)
    return [(TYPE, f"<{OWL}NegativePropertyAssertion>"),
            *((f"<{OWL}{word}>", term) for word, term in zip(words, fact, strict=True))]


def _evidence(claims: Sequence[Claim], groups: set[str]) -> list[tuple[str, str]]:
    """The annotations that claims give: the claims, their passages, the firmest of their grades."""
    grades = (weakest([claim.modality.removeprefix(AIKG).lower(),
                       *["group"] * (claim.subject in groups)]) for claim in claims)
    passages = sorted({passage for claim in claims for passage in claim.passages})
    return [*((f"<{AIKG}evidence>", f"<{claim.iri}>") for claim in claims),
            *((f"<{AIKG}evidencePassage>", f"<{passage}>") for passage in passages),
            (f"<{AIKG}grade>", f'"{firmest(grades)}"')]


def _about(node: str, *parts: Iterable[tuple[str, str]]) -> Iterator[Fact]:
    return ((node, predicate, target) for part in parts for predicate, target in part)


def _labels(sources: Sources) -> Iterator[Triple]:
    """A label for each claim and passage, so that a tree of names shows what they are."""
    shorts = {iri(one.subject): one.object.value for one in sources.graph
              if one.predicate.value == AIKG + "shortName" and isinstance(one.object, Literal)}
    texts = {claim.iri: f"claim {_local(claim.iri)}" for claim in sources.claims}
    for triple in sources.graph:
        if triple.predicate.value == AIKG + "inSource":
            passage = iri(triple.subject)
            texts[passage] = f"{shorts.get(iri(triple.object), 'passage')} {_local(passage)}"
    label = NamedNode(RDFS + "label")
    return (Triple(NamedNode(name), label, Literal(text, language="en"))
            for name, text in texts.items())


def _declarations(triples: Iterable[Triple], sources: Sources) -> Iterator[Triple]:
    """That what has a type is an individual, and what is used undeclared an annotation property."""
    known = {iri(one.subject) for one in (*sources.ontology.triples, *sources.graph)
             if iri(one.object) in PROPERTIES}
    classes = sources.ontology.vocabulary.classes
    for triple in triples:
        if triple.predicate.value == RDF + "type" and iri(triple.object) in classes:
            yield _typed(triple.subject, "NamedIndividual")
        elif triple.predicate.value == OWL + "sameAs":
            yield _typed(triple.object, "NamedIndividual")
        elif triple.predicate.value not in known and not triple.predicate.value.startswith(BUILT_IN):
            yield _typed(triple.predicate, "AnnotationProperty")


def _different(triples: Iterable[Triple]) -> Iterator[Triple]:
    """One owl:AllDifferent over the entities: over all individuals it would take HermiT minutes."""
    names = sorted({iri(one.subject) for one in triples if iri(one.subject).startswith(THING)},
                   key=turtle.natural)
    text = (f"[] a <{OWL}AllDifferent> ; <{OWL}distinctMembers> "
            f"( {' '.join(f'<{name}>' for name in names)} ) .")
    return (quad.triple for quad in parse(text, RdfFormat.TURTLE))


def _source_prefixes(sources: Sources) -> dict[str, str]:
    """A prefix for the passages of each source: its short name."""
    prefixes: dict[str, str] = {}
    for one in sources.graph:
        if one.predicate.value == AIKG + "shortName" and isinstance(one.object, Literal):
            name = re.sub(r"[^a-z0-9]+", "-", one.object.value.lower()).strip("-")
            if re.match("[a-z]", name) and name not in {*PREFIXES, *prefixes}:
                prefixes[name] = iri(one.subject) + "/"
    return prefixes


def _addresses(triples: Iterable[Triple], file: str) -> dict[str, str]:
    """The IRI and the version IRI of the ontology among the triples, each with the file."""
    return {iri(node): file for one in triples if one.predicate.value == OWL + "versionIRI"
            for node in (one.subject, one.object)}


def _typed(node: object, kind: str) -> Triple:
    assert isinstance(node, NamedNode)
    return Triple(node, NamedNode(RDF + "type"), NamedNode(OWL + kind))


def _local(term: str) -> str:
    return re.split(r"[/#]", term.strip("<>"))[-1]


_GROUP = NamedNode(AIKG + "Group")
