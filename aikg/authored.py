"""What `aikg check` looks at: the authored files under a folder, and all that is made of them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from aikg import files
from aikg.build import (
    DEFAULT,
    OUTSIDE,
    Sources,
    asserted_facts,
    denied_facts,
    layer_of,
    read_sources,
)
from aikg.closure import Clash, Closure, clashes, close
from aikg.errors import AikgError
from aikg.fact import TYPE, Fact
from aikg.inspection import Finding
from aikg.lexicon import Lexicon
from aikg.names import OWL, RDF, THING, compact, expand
from aikg.position import Place, Positions
from aikg.reasoner import Verdict, classify
from aikg.selection import ALL, Selection
from aikg.turtle import Node, iri, read
from aikg.view import Layer
from aikg.vocabulary import lexicon_entry

ERROR, WARNING = "error", "warning"
ASIDE = ("ontology/align/", "ontology/shapes/", OUTSIDE)
"""Turtle that neither the rules nor a reasoner reads."""


class NotRun(Exception):
    """A check cannot run, for want of something that is said in one sentence."""


class Authored:
    """The authored files under a folder, the package's own if None; each thing made once.

    What is made of broken files raises GraphError, OntologyError or QueryError.
    """

    def __init__(self, folder: str | None = None, wanted: Selection = DEFAULT) -> None:
        """`wanted` selects the view of which sources, layer and closure are made."""
        self.folder = folder or files.root()
        self.wanted = wanted

    @cached_property
    def files(self) -> dict[str, str]:
        """Path of each authored file, by its name under the folder."""
        return dict(files.source_files(self.folder))

    def names(self, ending: str) -> list[str]:
        """The names of the files that end so."""
        return [name for name in self.files if name.endswith(ending)]

    def text(self, name: str) -> str:
        """The text of a file, by its name under the folder. Raises AikgError."""
        return files.read_text(os.path.join(self.folder, *name.split("/")))

    @cached_property
    def turtle(self) -> dict[str, list[Triple]]:
        """The triples of each Turtle file, by name. Raises GraphError for the first broken one."""
        return {name: read(self.files[name]) for name in self.names(".ttl")}

    @property
    def merged(self) -> Iterator[Triple]:
        """The triples of ontology and graph, without alignments and shapes."""
        for name, triples in self.turtle.items():
            if not name.startswith(ASIDE):
                yield from triples

    @cached_property
    def described(self) -> dict[str, dict[str, list[Node]]]:
        """What ontology and graph say of each named subject: objects by predicate, by IRI."""
        found: dict[str, dict[str, list[Node]]] = {}
        for triple in self.merged:
            about = found.setdefault(iri(triple.subject), {})
            about.setdefault(triple.predicate.value, []).append(triple.object)
        return found

    def typed(self, kind: str) -> list[str]:
        """IRIs of the subjects to which the files give a type, itself an IRI."""
        return [subject for subject, about in self.described.items()
                if any(iri(one) == kind for one in about.get(RDF + "type", ()))]

    @cached_property
    def positions(self) -> Positions:
        """Where the subjects of the Turtle files stand."""
        texts = {}
        for name in self.names(".ttl"):
            with open(self.files[name], encoding="utf-8", errors="replace") as file:
                texts[name] = file.read()
        return Positions(texts)

    @cached_property
    def sources(self) -> Sources:
        """All files, read as the build reads them, and what is selected of the graph."""
        return read_sources(self.folder, self.wanted)

    @cached_property
    def whole(self) -> Authored | None:
        """The same files, with all sources in one view; None if that is this one."""
        if self.wanted or not any(one.collection for one in self.sources.documents):
            return None
        whole = Authored(self.folder, Selection((ALL,)))
        whole.sources = self.sources.seen_as(whole.wanted)  # no file is read again
        return whole

    @cached_property
    def layer(self) -> Layer:
        """The direct layer of all claims."""
        return layer_of(self.sources)

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """What a reasoner is given: identification, the direct layer and the denials."""
        return (*asserted_facts(self.sources, self.layer), *denied_facts(self.sources, self.layer))

    @cached_property
    def closure(self) -> Closure:
        """What follows from the facts by the rules."""
        return close(self.facts, self.sources.ontology.rules)

    @cached_property
    def clashes(self) -> list[Clash]:
        """The contradictions that the rules see."""
        return clashes(self.closure, self.sources.ontology.rules)

    @cached_property
    def individuals(self) -> list[str]:
        """The entities and the ontology's own individuals, as terms."""
        named = {term for subject, _, target in self.facts for term in (subject, target)
                 if term.startswith("<" + THING)}
        return sorted(named | {f"<{one}>" for one, _ in self.sources.ontology.individuals})

    @cached_property
    def verdict(self) -> Verdict:
        """What HermiT makes of it, every individual another. Raises AikgError."""
        return classify([*self.sources.ontology.triples, *triples_of(self.facts), *self.different])

    @cached_property
    def different(self) -> list[Triple]:
        """That the individuals are individuals, and each another."""
        named = [(one, TYPE, f"<{OWL}NamedIndividual>") for one in self.individuals]
        text = (f"[] a <{OWL}AllDifferent> ; <{OWL}distinctMembers> "
                f"( {' '.join(self.individuals)} ) .")
        return [*triples_of(named), *(quad.triple for quad in parse(text, RdfFormat.TURTLE))]

    @cached_property
    def lexicon(self) -> Lexicon:
        """The names of everything."""
        entry = lexicon_entry(self.sources.ontology, self.sources.graph, self.closure)
        return Lexicon(**entry)

    def finding(
        self, rule: str, subject: str, message: str, fix: str, *, at: Iterable[str] = (),
        file: str | None = None, level: str = ERROR, detail: tuple[str, ...] = (),
    ) -> Finding:
        """A finding on a subject, given by its IRI, at the line of its block that holds `at`."""
        place = self.positions.place(subject, at, file) or Place(file or "", 0)
        return Finding(place.file, place.line, rule, message, fix, short(subject), level, detail)


def of_error(rule: str, error: AikgError, authored: Authored) -> Finding:
    """A finding from an error, whose text begins with its place, or else with a CURIE."""
    file, line = getattr(error, "file", None) or "", getattr(error, "line", None)
    column = getattr(error, "column", None)
    place = ":".join(str(part) for part in (file, line, column) if part) + ": "
    message = str(error).removeprefix(place).replace(authored.folder + os.sep, "")
    name = file.removeprefix(authored.folder + os.sep).replace(os.sep, "/")
    curie = re.match(r"[a-z]+:[^\s:]+", message)
    if not file and curie:
        return authored.finding(rule, expand(curie[0]) or "", message, "correct it")
    return Finding(name, line or 0, rule, message, "correct it", name)


def short(iri: str) -> str:
    """What to call an IRI in a finding."""
    curie = compact(iri)
    return f"<{iri}>" if curie == iri and ":" in iri else curie


def triples_of(facts: Iterable[Fact]) -> list[Triple]:
    """Facts as triples, each blank node under its name."""
    return [Triple(_resource(s), NamedNode(p[1:-1]), _resource(o) if o[0] in "<_" else _literal(o))
            for s, p, o in facts]


def _resource(term: str) -> NamedNode | BlankNode:
    return NamedNode(term[1:-1]) if term[0] == "<" else BlankNode(term[2:])


def _literal(term: str) -> Literal:
    [quad] = parse(f"<x:s> <x:p> {term} .", RdfFormat.N_TRIPLES)
    assert isinstance(quad.object, Literal)
    return quad.object
