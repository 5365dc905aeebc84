"""Denial: whether what a yes/no question asks is what a claim denies, in whatever words.

How two things are related may be asked in words that nobody entered. Where a claim denies something
of what the question names, and all that the question says is in that claim, the answer is no.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pyoxigraph import NamedNode

from aikg.answer import Evidence
from aikg.evidence import evidence_of
from aikg.lexicon import Lexicon, stems
from aikg.likeness import UNLIMITED
from aikg.names import AIKG, compact, expand
from aikg.phrasing import Phrasing, Word
from aikg.silence import FIRM
from aikg.store import Engine

DENIED = """
SELECT ?claim ?subject ?predicate ?object WHERE {{
  VALUES ?subject {{ {subjects} }}
  ?claim <{aikg}subject> ?subject ; <{aikg}denied> true ; <{aikg}predicate> ?predicate .
  ?claim <{aikg}object>|<{aikg}value> ?object .
}} ORDER BY ?claim"""
HAVING = frozenset("have own run operat command possess enjoy hold keep boast control strength "
                   "asset advantage something".split())
"""Stems of words that say no more than that one thing has another."""
BESIDE = frozenset("raise take get seek find use make".split())
"""Stems of verbs that say nothing beside one that says the relation: `has to raise`."""
HAS, IS = ("has", "own"), ("is characterized",)
"""How labels of relations begin that need no word of their own: `X's advantages`, `X as a Y`."""


class Denied(NamedTuple):
    """What a claim denies, as IRIs."""

    claim: str
    subject: str
    predicate: str
    object: str


def denial(asked: Phrasing, engine: Engine, lexicon: Lexicon) -> tuple[Evidence, ...]:
    """The claims that deny what is asked; none for a question that denies something itself."""
    if asked.denies:
        return ()
    found = [one for one in _denied(asked, engine) if _names_only(asked, one)]
    evidence = evidence_of([one.claim for one in found], engine)
    return tuple(item for one in found if (item := evidence.get(one.claim)) is not None
                 and item.modality in FIRM and item.attributed_to is None
                 and _says_all(asked, one, item.comment, lexicon))


def _denied(asked: Phrasing, engine: Engine) -> list[Denied]:
    """What is denied of the things that a question names."""
    iris = {expand(thing) for name in asked.names for thing in name.things}
    subjects = " ".join(sorted(str(NamedNode(iri)) for iri in iris if iri and "://" in iri))
    if not subjects:
        return []
    return [Denied(*(getattr(term, "value", "") for term in row))
            for row in engine.select(DENIED.format(aikg=AIKG, subjects=subjects)).rows]


def _names_only(asked: Phrasing, denied: Denied) -> bool:
    """Whether a question names nobody whom the claim does not speak of.

    A claim about an idea, or the like, holds whoever is asked about.
    """
    ours = {compact(denied.subject), compact(denied.object)}
    about = [name for name in asked.names if compact(denied.subject) in name.things]
    return not any(name.proper for name in about) or not any(
        name.proper and ours.isdisjoint(name.things) for name in asked.names)


def _says_all(asked: Phrasing, denied: Denied, comment: str, lexicon: Lexicon) -> bool:
    """Whether all that a question says is in a claim, and the object of the claim is said."""
    subject, predicate, target = (compact(iri) for iri in denied[1:])
    known = {stem for text in (*map(lexicon.label, denied[1:]), comment) for stem in stems(text)}
    ours = {subject, predicate, target}
    words = [*asked.words, *(word for name in asked.names if not (name.proper or
                             ours.intersection(name.things)) for word in name.words)]
    if not (asked.limits - UNLIMITED) <= known | {"only"}:
        return False
    said = [word for word in words if _means(word, ours)]
    rest = {stem for word in words if not word.light and word not in said
            for stem in word.stem.split()} - known
    related = any(_means(word, {predicate}) for word in words)
    label = lexicon.label(denied.predicate)
    allowed = (HAVING if label.startswith(HAS) else frozenset()) | (
        BESIDE if related else frozenset())
    return (rest <= allowed and (related or label.startswith(HAS + IS))
            and _says_object(asked, words, denied, lexicon))


def _says_object(
    asked: Phrasing, words: Sequence[Word], denied: Denied, lexicon: Lexicon,
) -> bool:
    """Whether the object of a claim is in a question: by a name, or by the words of its label.

    Of what an idea does one of these words is enough.
    """
    target = compact(denied.object)
    if any(target in name.things for name in asked.names) or any(
            _means(word, {target}) for word in words):
        return True
    subject = compact(denied.subject)
    said = {stem for word in words for stem in word.stem.split()} | {
        stem for name in asked.names if subject not in name.things for stem in stems(name.text)}
    idea = not any(name.proper and subject in name.things for name in asked.names)
    label = set(stems(lexicon.label(denied.object)))
    return bool(label & said) if idea else label <= said


def _means(word: Word, names: set[str]) -> bool:
    """Whether a word may mean one of the things, classes or relations, given as CURIEs."""
    return any(meaning.rstrip("!") in names for meaning in word.meanings)
