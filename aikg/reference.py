"""A reference: what a name, CURIE, IRI or id that a person writes stands for.

Things, classes, properties, claims, passages and sources; never a guess between several.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

from pyoxigraph import Literal, NamedNode

from aikg.errors import AmbiguousName, UnknownName
from aikg.lexicon import Lexicon, shown
from aikg.names import AIKG, CLAIM, OWL, RDF, RDFS, compact, expand
from aikg.phrasing import form_key
from aikg.query import Parameter
from aikg.store import Engine
from aikg.words import normal, tokens

TYPE = RDF + "type"
TYPE_WORDS = frozenset({"a", "an", "is", "is a", "is an", "type", "has type"})
KNOWN = "ASK {{ {{ {iri} ?p ?o }} UNION {{ ?s ?p {iri} }} UNION {{ GRAPH ?g {{ {iri} ?p ?o }} }} }}"
IDENTIFIERS = f"""
SELECT ?one ?name WHERE {{
  {{ ?one <{AIKG}passageId> ?name }}
  UNION {{ ?one <{AIKG}shortName> ?name }}
  UNION {{ ?one a <{AIKG}Source> ; <{RDFS}label> ?name }}
  UNION {{ ?one a <{AIKG}Claim> . BIND(STRAFTER(STR(?one), "{CLAIM}") AS ?name) }}
}} ORDER BY ?one"""
PLAIN = re.compile(r"[\w.&-]+$")
GRAPHS = ("links", "ontology")


def find(text: str, lexicon: Lexicon, engine: Engine) -> str:
    """The IRI of what the text names: a thing, else a class, property, claim, passage or source.

    Raises UnknownName with the nearest names, AmbiguousName with the candidates.
    """
    iri = written(text)
    if iri is not None:
        return _known(iri, text, lexicon, engine)
    wanted = normal(text)
    for names in (lexicon.names, lexicon.classes, _property_labels(lexicon)):
        if names.get(wanted):
            return _only(text, names[wanted])
    if f"aikg:{text}" in lexicon.labels:
        return AIKG + text
    return _exact(text, engine) or _identified(wanted, engine) or lexicon.resolve(text)


def find_property(text: str, lexicon: Lexicon) -> str:
    """The IRI of the property that a label, another word for it, a CURIE or an IRI names.

    `type`, `a` and `is a` are rdf:type. Raises UnknownName and AmbiguousName.
    """
    iri = written(text)
    wanted = normal(text)
    if iri == TYPE or (iri is None and wanted in TYPE_WORDS):
        return TYPE
    if iri is None and is_property(f"aikg:{text}") and f"aikg:{text}" in lexicon.labels:
        return AIKG + text
    labels = _property_labels(lexicon)
    if iri is not None:
        if compact(iri) in lexicon.labels and is_property(compact(iri)):
            return iri
        raise UnknownName(f"no property has the IRI {shown(text)}",
                          _close(compact(iri), filter(is_property, lexicon.labels)))
    if wanted in labels:
        return _only(text, labels[wanted])
    forms = lexicon.forms.get(form_key(tokens(text.replace("-", " "))), ())
    # A noun such as `investor` has a mark behind the property at whose far side it stands.
    found = dict.fromkeys(curie.removesuffix("!") for curie in forms if is_property(curie))
    if found:
        return _only(text, list(found))
    raise UnknownName(f"no property is named {shown(text)}", _close(wanted, labels))


def find_object(text: str, predicate: str, lexicon: Lexicon, engine: Engine) -> str:
    """The object of a fact as an N-Triples term: a thing, a class, or a literal of that text.

    A literal stands behind a property that takes one only. Raises UnknownName and AmbiguousName.
    """
    if predicate == TYPE:
        return f"<{lexicon.resolve_class(text)}>"
    if engine.query(f"ASK {{ <{predicate}> a <{OWL}DatatypeProperty> }}") is True:
        return str(_literal(text, predicate, engine))
    try:
        return f"<{lexicon.resolve(text)}>"
    except UnknownName as error:
        try:
            return f"<{lexicon.resolve_class(text)}>"
        except UnknownName:
            raise error from None


def written(text: str) -> str | None:
    """The IRI of a CURIE or IRI; None for a name. Raises UnknownName for what looks like an IRI."""
    bare = text[1:-1] if text.startswith("<") and text.endswith(">") else text
    iri = expand(bare) or bare
    if "://" not in iri:
        return None
    try:
        return NamedNode(iri).value
    except ValueError as error:
        raise UnknownName(f"not an IRI: {shown(text)}") from error


def is_property(curie: str) -> bool:
    """Whether a CURIE of ours is that of a property: those begin with a small letter."""
    prefix, _, local = curie.partition(":")
    return prefix == "aikg" and local[:1].islower()


def completions(lexicon: Lexicon, begun: str, parameter: Parameter | None = None) -> list[str]:
    """The names that complete what is begun, of things that fit the slot (any if it is None).

    Blanks become hyphens, which count as blanks in a name, since shells take blanks apart; a name
    that a shell would still not take as it is is left out.
    """
    source = lexicon.classes if parameter and parameter.type == "class" else lexicon.names
    of = parameter.of if parameter and parameter.type == "entity" else None
    labels = {lexicon.label(curie).replace(" ", "-") for curies in source.values()
              for curie in curies if lexicon.fits(curie, of)}
    return sorted(label for label in labels
                  if label.casefold().startswith(begun.casefold()) and PLAIN.match(label))


def _known(iri: str, text: str, lexicon: Lexicon, engine: Engine) -> str:
    if engine.query(KNOWN.format(iri=NamedNode(iri)), GRAPHS) is True:
        return iri
    raise UnknownName(f"nothing bears the IRI {shown(text)}",
                      _close(compact(iri), lexicon.labels))


def _exact(text: str, engine: Engine) -> str | None:
    """The claim, passage or source whose id is this very text; the others are not looked at."""
    try:
        iri, literal = NamedNode(CLAIM + text), Literal(text)
    except ValueError:
        return None
    if engine.query(f"ASK {{ {iri} a <{AIKG}Claim> }}") is True:
        return iri.value
    found = engine.select(f"SELECT DISTINCT ?one WHERE {{ ?one <{AIKG}passageId>|<{AIKG}shortName> "
                          f"{literal} }} ORDER BY ?one").rows
    return _only(text, [one.value for (one,) in found if isinstance(one, NamedNode)]
                 ) if found else None


def _identified(wanted: str, engine: Engine) -> str | None:
    """The claim, passage or source of an id or a name in normal form."""
    found = [one.value for one, name in engine.select(IDENTIFIERS).rows
             if isinstance(one, NamedNode) and isinstance(name, Literal)
             and normal(name.value) == wanted]
    return _only(wanted, list(dict.fromkeys(found))) if found else None


def _literal(text: str, predicate: str, engine: Engine) -> Literal:
    """The literal of that text which the graph holds for the property, else a plain one."""
    solutions = engine.select(f"SELECT DISTINCT ?o WHERE {{ ?s <{predicate}> ?o }} ORDER BY ?o")
    for row in solutions.rows:
        if isinstance(row[0], Literal) and row[0].value.casefold() == text.casefold():
            return row[0]
    try:
        return Literal(text)
    except ValueError as error:
        raise UnknownName(f"not a text: {shown(text)}") from error


def _property_labels(lexicon: Lexicon) -> Mapping[str, Sequence[str]]:
    labels: dict[str, list[str]] = {}
    for curie, label in lexicon.labels.items():
        if is_property(curie):
            labels.setdefault(normal(label), []).append(curie)
    return labels


def _only(text: str, found: Sequence[str]) -> str:
    if len(found) > 1:
        raise AmbiguousName(f"{shown(text)} may mean several things", list(map(compact, found)))
    return expand(found[0]) or found[0]


def _close(text: str, names: Iterable[str]) -> list[str]:
    return get_close_matches(text[:80], list(names), 3, 0.6)
