"""Checks that look at the files as they are written, before anything is made of them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from aikg import __version__, files
from aikg.authored import Authored, NotRun, of_error, short
from aikg.build import LINKS
from aikg.errors import AikgError
from aikg.inspection import Finding
from aikg.links import read_mappings
from aikg.lint import lint
from aikg.names import (
    AIKG,
    BASE,
    CLAIM,
    DCTERMS,
    ONTOLOGY,
    OWL,
    PREFIXES,
    PROV,
    RDF,
    RDFS,
    SKOS,
    SOURCE,
    THING,
    XSD,
    compact,
    expand,
)
from aikg.position import PREFIX
from aikg.stub import joined, parted
from aikg.turtle import Node, iri, read, write

OUTSIDE = {"OWL": OWL, "RDF": RDF, "RDFS": RDFS, "SKOS": SKOS, "DCTERMS": DCTERMS, "PROV": PROV,
           "XSD": XSD, "SH": "http://www.w3.org/ns/shacl#"}
"""Foreign vocabularies of which rdflib holds a copy, by its name for them."""
NOT_NORMAL = ("ontology/align/",)
"""Tables of mappings, laid out by hand."""
RELEASE = "graph/release"
VERSION_WORDS = (OWL + "versionIRI", OWL + "priorVersion")
DATATYPES = {
    XSD + "string": r"(?s).*",
    XSD + "anyURI": r"\S*",
    XSD + "boolean": r"true|false|0|1",
    XSD + "integer": r"[+-]?\d+",
    XSD + "decimal": r"[+-]?(\d+(\.\d*)?|\.\d+)",
    XSD + "dateTime": r"-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z",
    RDF + "langString": r"(?s).*",
}
"""Datatypes that OWL 2 DL and HermiT share, and what their values look like; instants in UTC."""


def turtle(authored: Authored) -> Iterator[Finding]:
    """Each Turtle file parses, and is laid out in the one normal form of `aikg.turtle.write`.

    In a claims file there may be stubs, claims still to be written, besides (see aikg.stub).
    """
    for name in authored.names(".ttl"):
        try:
            triples = read(authored.files[name])
            text = authored.text(name)
        except AikgError as error:
            yield of_error("turtle", error, authored)
            continue
        if not name.startswith(NOT_NORMAL):
            yield from _order(name, text, triples)


def _order(name: str, text: str, triples: list[Triple]) -> Iterator[Finding]:
    declared = dict(PREFIX.findall(text))
    stubs = parted(text)[1] if "/claims/" in name else []
    for prefix, namespace in declared.items():
        if PREFIXES.get(prefix, namespace) != namespace:
            yield Finding(name, 1, "prefix", f"{prefix}: is {PREFIXES[prefix]} everywhere else",
                          "give the namespace another prefix", prefix + ":")
    try:
        wanted = joined(write(triples, {**PREFIXES, **declared}), stubs, declared)
    except ValueError as error:
        yield Finding(name, 0, "order", f"it has no normal form: {error}",
                      "say it without that blank node", name)
        return
    if wanted != text:
        pairs = zip(wanted.splitlines(), text.splitlines(), strict=False)
        line = next((number for number, (one, other) in enumerate(pairs, 1) if one != other), 0)
        should = wanted.splitlines()[line - 1].strip() if line else "no more and no less"
        yield Finding(name, line, "order", "it leaves the normal order of Turtle here",
                      f"the line should read: {should or '(empty)'}", name)


def vocabulary(authored: Authored) -> Iterator[Finding]:
    """Every IRI used from owl, rdf, rdfs, skos, dcterms, prov and our own exists."""
    known = _Known(authored)
    for name, triples in authored.turtle.items():
        seen: set[tuple[str, str]] = set()
        for subject, term in _used(triples):
            if (subject, term) not in seen and not known.has(term):
                seen.add((subject, term))
                yield authored.finding("undefined", subject, f"{short(term)} does not exist",
                                       known.advice(term), at=(term,), file=name)
    for name in authored.names(".rq"):
        yield from _in_query(name, authored.text(name), known)
    yield from _in_links(authored, known)


class _Known:
    """What exists: foreign terms by rdflib's copies, ours by what the files declare."""

    def __init__(self, authored: Authored) -> None:
        import rdflib.namespace  # here, because it is slow

        self.spaces = {base: getattr(rdflib.namespace, name) for name, base in OUTSIDE.items()}
        self.ours = {iri(triple.subject) for triples in authored.turtle.values()
                     for triple in triples if iri(triple.predicate) == RDF + "type"}
        self.ours |= {BASE + name for name in ("module", "align", "graph", "shapes")}

    def has(self, term: str) -> bool:
        """Whether a term exists, as far as we can tell."""
        if term.startswith((AIKG, THING, CLAIM, SOURCE)):
            return term in self.ours or term in (AIKG, THING, CLAIM, SOURCE)
        for base, space in self.spaces.items():
            if term.startswith(base) and term != base:
                return term in space or bool(re.fullmatch(RDF + r"_\d+", term))
        return True

    def advice(self, term: str) -> str:
        """What to do about one that does not exist."""
        if not term.startswith(BASE):
            return "correct the name after that of the vocabulary"
        place = {THING: "graph/entities.ttl", AIKG: "ontology/"}
        found = next((file for base, file in place.items() if term.startswith(base)), "graph/")
        return f"correct the name, or declare it in {found}"


def _used(triples: list[Triple]) -> Iterator[tuple[str, str]]:
    """Each term that is used, with the named subject in whose block it stands."""
    inside: dict[Node, Node] = {triple.object: triple.subject for triple in triples
                                if isinstance(triple.object, BlankNode)}
    for triple in triples:
        subject: Node = triple.subject
        while subject in inside:
            subject = inside[subject]
        is_version = triple.predicate.value in VERSION_WORDS
        for term in (triple.subject, triple.predicate, *[triple.object][is_version:]):
            used = term.datatype if isinstance(term, Literal) else term
            if isinstance(used, NamedNode):
                yield iri(subject), used.value


def _in_query(name: str, text: str, known: _Known) -> Iterator[Finding]:
    """The names of a query that do not exist; those of a stored query of ours are lint's."""
    prefixes = dict(re.findall(r"(?im)^\s*PREFIX\s+([\w.-]*):\s*<([^>]*)>", text))
    own = AIKG if not name.startswith("queries/check/") else ""
    for number, line in enumerate(text.splitlines(), 1):
        code = re.sub(r'"(?:[^"\\]|\\.)*"|<[^>]*>|#.*', "", line)
        for curie in re.findall(r"(?<![\w:?])[a-z][\w-]*:\w[\w-]*", code):
            term = expand(curie, prefixes)
            if term and not (own and term.startswith(own)) and not known.has(term):
                yield Finding(name, number, "undefined", f"{curie} does not exist",
                              known.advice(term), name)


def _in_links(authored: Authored, known: _Known) -> Iterator[Finding]:
    if LINKS not in authored.files:
        return
    lines = authored.text(LINKS).splitlines()
    missing = {term for one in read_mappings(authored.files[LINKS])
               for term in (one.subject, one.predicate) if not known.has(term)}
    for term in sorted(missing):
        found = (number for number, line in enumerate(lines, 1)
                 if compact(term) in line.split("\t")[:3])
        yield Finding(LINKS, next(found, 0), "undefined", f"{short(term)} does not exist",
                      known.advice(term), short(term))


def datatypes(authored: Authored) -> Iterator[Finding]:
    """Values are of the datatypes that OWL 2 DL and HermiT know, and look like them."""
    properties = {*authored.typed(OWL + "DatatypeProperty"), AIKG + "value"}
    for subject, about in authored.described.items():
        for predicate in properties & set(about):
            for value in about[predicate]:
                if isinstance(value, Literal):
                    yield from _value(authored, subject, predicate, value)
    for prop in sorted(properties):
        for node in authored.described.get(prop, {}).get(RDFS + "range", ()):
            if iri(node) not in DATATYPES:
                yield authored.finding(
                    "range", prop, f"its range is {short(iri(node))}, which breaks OWL 2 DL",
                    f"use one of {', '.join(map(compact, DATATYPES))}", at=(iri(node),))


def _value(
    authored: Authored, subject: str, predicate: str, value: Literal,
) -> Iterator[Finding]:
    kind = value.datatype.value
    at = (predicate,)
    if kind not in DATATYPES:
        yield authored.finding(
            "datatype", subject, f"{compact(predicate)} has a value of {compact(kind)}, which "
            "breaks OWL 2 DL", "write a year as xsd:integer, an instant as xsd:dateTime in UTC "
            "with aikg:precision", at=at)
    elif not re.fullmatch(DATATYPES[kind], value.value):
        yield authored.finding(
            "datatype", subject, f"{value.value!r} is no {compact(kind)} as we write it",
            "write an instant in UTC, with Z at its end" if kind == XSD + "dateTime" else
            "correct the value or its datatype", at=at)


def queries(authored: Authored) -> Iterator[Finding]:
    """The stored queries keep the rules of DESIGN, section 7."""
    folder = authored.folder
    for found in lint(os.path.join(folder, "queries"), os.path.join(folder, "ontology")):
        name = os.path.relpath(found.file, folder).replace(os.sep, "/")
        stem = name.rpartition("/")[2].removesuffix(".rq")
        message = found.message.replace(folder + os.sep, "")
        yield Finding(name, found.line, found.rule, message, found.fix, stem)


def versions(authored: Authored) -> Iterator[Finding]:
    """The version is the same in the ontology, its modules, the links, package and changelog."""
    info = authored.described.get(ONTOLOGY, {}).get(OWL + "versionInfo", [])
    if len(info) != 1 or not isinstance(info[0], Literal):
        yield authored.finding("version", ONTOLOGY, f"it has {len(info)} owl:versionInfo, not one",
                               "say the version there: the others are compared with it")
        return
    wanted = info[0].value
    for name, triples in authored.turtle.items():
        for triple in triples:
            given = _version(triple.predicate.value, triple.object)
            if given is not None and given != wanted:
                yield authored.finding(
                    "version", iri(triple.subject), f"its version is {given}, not {wanted}",
                    f"write {wanted}", at=(triple.predicate.value,), file=name)
    for name, number, given in _versions_elsewhere(authored):
        if given != wanted:
            yield Finding(name, number, "version", f"the version is {given}, not {wanted}",
                          f"write {wanted}, or change the ontology's", name)


def _version(predicate: str, target: Node) -> str | None:
    """The version that a triple gives to a document."""
    if predicate == OWL + "versionIRI":
        return iri(target).rpartition("/")[2]
    if predicate == OWL + "versionInfo" and isinstance(target, Literal):
        return target.value
    return None


def _versions_elsewhere(authored: Authored) -> Iterator[tuple[str, int, str]]:
    patterns: Mapping[str, str] = {
        LINKS: r"#mapping_set_version:\s*(\S+)", "CHANGELOG.md": r"## \[(\d[^\]]*)\]",
        "pyproject.toml": r'version = "([^"]+)"'}
    for name, pattern in patterns.items():
        if os.path.isfile(os.path.join(authored.folder, *name.split("/"))):
            lines = enumerate(authored.text(name).splitlines(), 1)
            found = ((number, match[1]) for number, line in lines
                     if (match := re.match(pattern, line)))
            yield from ((name, *one) for one in [next(found, None)] if one)
    if authored.folder == files.root():
        yield "aikg/__init__.py", 0, __version__


def release(authored: Authored) -> Iterator[Finding]:
    """The kept release is what the sources give, and no IRI of it has gone."""
    from aikg import release as made  # here, because it brings much along

    folder = os.path.join(authored.folder, *RELEASE.split("/"))
    if not os.path.isdir(folder):
        raise NotRun(f"there is no {RELEASE} yet: run `aikg build --release`")
    content = made.release(authored.folder)
    for name in made.differing(content, folder):
        yield Finding(f"{RELEASE}/{name}", 0, "stale", "it is not what the sources give",
                      "run `aikg build --release`", f"{RELEASE}/{name}")
    before = [one for name in sorted(os.listdir(folder)) if name.endswith(".ttl")
              for one in read(os.path.join(folder, name))]
    after = [quad.triple for name, data in content.items() if name.endswith(".ttl")
             for quad in parse(data, RdfFormat.TURTLE)]
    for gone in made.vanished(before, after):
        yield Finding(f"{RELEASE}/aikg.ttl", 0, "vanished", "it was released, and is gone",
                      "keep it, with owl:deprecated true", short(gone))
