"""JSON-LD: the main graph as JSON with short keys, and the context that says what they mean.

The context is published as ontology/context.jsonld, made from the ontology, and stands whole in
each document, so that a document can be read without fetching anything.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from aikg.names import AIKG, OWL, PREFIXES, RDF, RDFS, SKOS, XSD, compact, expand
from aikg.turtle import LOCAL_NAME, iri, natural, predicate_key

KEYWORDS = {"id": "@id", "type": "@type"}
TEXTS = {"label": RDFS + "label", "comment": RDFS + "comment", "altLabel": SKOS + "altLabel"}
REFERENCES = {"subClassOf": RDFS + "subClassOf", "subPropertyOf": RDFS + "subPropertyOf",
              "domain": RDFS + "domain", "range": RDFS + "range", "inverseOf": OWL + "inverseOf"}
REFERRING = {AIKG + "predicate", AIKG + "object"}
"""Annotation properties whose values are things."""
TELLING = {AIKG + "reading", AIKG + "heading"}
"""Annotation properties whose values are texts of ours."""
ENGLISH = {"@language": "en"}

Context = Mapping[str, Any]


def context(ontology: Iterable[Triple]) -> dict[str, Any]:
    """The context of our terms: each class and property by its local name, with its datatype.

    Source: JSON-LD 1.1, section 4.1 (the context) and 4.2.3 (type coercion).
    """
    triples = list(ontology)
    kinds = defaultdict(set)
    for one in triples:
        if one.predicate.value == RDF + "type":
            kinds[iri(one.subject)].add(iri(one.object).removeprefix(OWL))
    ranges = {iri(one.subject): iri(one.object) for one in triples
              if one.predicate.value == RDFS + "range"}
    terms = {name.removeprefix(AIKG): _definition(name, kinds[name], ranges.get(name, ""))
             for name in sorted(kinds) if name.startswith(AIKG)
             and any(kind == "Class" or kind.endswith("Property") for kind in kinds[name])}
    texts = {key: {"@id": compact(name), **ENGLISH} for key, name in TEXTS.items()}
    references = {key: {"@id": compact(name), "@type": "@id"} for key, name in REFERENCES.items()}
    return {**KEYWORDS, **PREFIXES, **texts, **references, **terms}


def context_file(ontology: Iterable[Triple]) -> bytes:
    """The context as a file that others can name."""
    return _json({"@context": context(ontology)})


def document(triples: Iterable[Triple], terms: Context) -> bytes:
    """The triples as JSON-LD under a context, a node object for each subject, all sorted.

    Raises ValueError for a blank node: it would need a label that changes.
    """
    by_subject: dict[str, list[Triple]] = defaultdict(list)
    for triple in triples:
        if isinstance(triple.subject, BlankNode) or not isinstance(
                triple.object, NamedNode | Literal):
            raise ValueError(f"no name to write: {triple}")
        by_subject[iri(triple.subject)].append(triple)
    writer = _Writer(terms)
    return _json({"@context": terms, "@graph": [
        writer.node(name, by_subject[name]) for name in sorted(by_subject, key=natural)]})


def _definition(name: str, kinds: set[str], kind: str) -> str | dict[str, str]:
    """The definition of a term: its IRI, with the type that its values are read as."""
    if "ObjectProperty" in kinds or name in REFERRING:
        return {"@id": compact(name), "@type": "@id"}
    if name in TELLING:
        return {"@id": compact(name), **ENGLISH}
    if "DatatypeProperty" in kinds and kind.startswith(XSD) and kind != XSD + "string":
        return {"@id": compact(name), "@type": compact(kind)}
    return compact(name)


class _Writer:
    """Terms and values as one context has them."""

    def __init__(self, terms: Context) -> None:
        self.keys: dict[str, str] = {}
        self.coerced: dict[str, str] = {}
        """What the plain values of a term are: `@id`, the CURIE of a datatype, or a language."""
        for key, value in terms.items():
            target = value["@id"] if isinstance(value, dict) else value
            name = expand(target)
            if name and key not in PREFIXES:
                self.keys[name] = key
                if isinstance(value, dict):
                    self.coerced[name] = value.get("@type") or value["@language"]

    def node(self, name: str, triples: Iterable[Triple]) -> dict[str, Any]:
        by_predicate: dict[NamedNode, list[Any]] = defaultdict(list)
        for triple in triples:
            by_predicate[triple.predicate].append(triple.object)
        node: dict[str, Any] = {"id": self.short(name)}
        for predicate in sorted(by_predicate, key=predicate_key):
            kind = self.coerced.get(predicate.value)
            objects = sorted(by_predicate[predicate], key=lambda term: natural(str(term)))
            if predicate.value == RDF + "type":
                node["type"] = [self.keys.get(one.value, self.short(one.value)) for one in objects]
            else:
                values = [self.value(one, kind) for one in objects]
                key = self.keys.get(predicate.value, self.short(predicate.value))
                node[key] = values if len(values) > 1 else values[0]
        return node

    def value(self, term: NamedNode | Literal, kind: str | None) -> Any:
        if isinstance(term, NamedNode):
            name = self.short(term.value)
            return name if kind == "@id" else {"id": name}
        if term.language:
            if term.language == kind:
                return term.value
            return {"@value": term.value, "@language": term.language}
        datatype = term.datatype.value
        if kind == compact(datatype):
            return _native(term.value, datatype)
        if datatype == XSD + "string":
            return {"@value": term.value} if kind else term.value
        return {"@value": term.value, "@type": self.short(datatype)}

    def short(self, name: str) -> str:
        """A CURIE, or the IRI where its rest could be misread."""
        curie = compact(name)
        return curie if LOCAL_NAME.fullmatch(curie.partition(":")[2]) else name


def _native(text: str, datatype: str) -> Any:
    """A number or truth value of JSON where it comes back as the same text."""
    if datatype == XSD + "boolean" and text in ("true", "false"):
        return text == "true"
    if datatype == XSD + "integer" and re.fullmatch(r"0|-?[1-9][0-9]{0,14}", text):
        return int(text)
    return text


def _json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1).encode() + b"\n"
