"""What of an edited document can be written into the authored files without asking anyone.

Names, comments and new entities only identify, so they need no claim. A fact needs a passage, and a
claim says what a source says, which no edit of a fact can change: both are left to a person.
"""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from aikg import files, turtle
from aikg.authored import Authored
from aikg.comparison import ENTITIES, Change
from aikg.errors import AikgError, GraphError
from aikg.fact import TYPE, Fact
from aikg.names import AIKG, CLAIM, OWL, PREFIXES, RDF, RDFS, SKOS, THING
from aikg.position import PREFIX

LABEL = f"<{RDFS}label>"
FILL_IN = "# To fill in: a number, aikg:modality, aikg:statedIn, rdfs:comment.\n"
TEXTS = {LABEL, f"<{SKOS}altLabel>", f"<{RDFS}comment>"}


def amendable(change: Change, authored: Authored) -> bool:
    """Whether a change can be written: names of an entity in ENTITIES, or a whole new one."""
    if not change.subject.startswith(THING) or not turtle.LOCAL_NAME.fullmatch(
            change.subject.removeprefix(THING)):
        return False
    if change.kind == "new entity":
        return _is_identified(change, authored)
    held = [one for one in authored.turtle[ENTITIES] if turtle.iri(one.subject) == change.subject]
    facts = (*change.added, *change.removed)
    added, removed = ([one[1] for one in side].count(LABEL)
                      for side in (change.added, change.removed))
    return (bool(held) and bool(facts) and added == removed
            and all(one[1] in TEXTS for one in facts) and all(map(_is_english, change.added))
            and all(_triple(one) in held for one in change.removed))


def amended(changes: Iterable[Change], authored: Authored) -> str:
    """The text of ENTITIES with changes that are amendable, in normal form.

    Raises GraphError where the file is not in normal form, since what is written by hand beside it
    would be lost.
    """
    text = authored.text(ENTITIES)
    prefixes = {**PREFIXES, **dict(PREFIX.findall(text))}
    triples = dict.fromkeys(authored.turtle[ENTITIES])
    if turtle.write(triples, prefixes) != text:
        raise GraphError("is not in normal form: see `aikg check turtle`", ENTITIES)
    for change in changes:
        for fact in change.removed:
            triples.pop(_triple(fact), None)
        triples |= dict.fromkeys(map(_triple, change.added))
    return turtle.write(triples, prefixes)


def check_writable() -> None:
    """Raises AikgError where the authored files are part of an installed package."""
    if not files.is_checkout():
        raise AikgError("the authored files are those of an installed package: use a checkout")


def stubs(changes: Iterable[Change]) -> str:
    """A claim to fill in for each new fact, in Turtle; without a passage no check lets it pass."""
    facts = [_triple(one.added[0]) for one in changes
             if one.kind == "new fact" and one.added[0][2][0] in '<"']
    triples = []
    for number, fact in enumerate(facts, 1):
        part = "object" if isinstance(fact.object, NamedNode) else "value"
        said = {RDF + "type": NamedNode(AIKG + "Claim"), AIKG + "subject": fact.subject,
                AIKG + "predicate": fact.predicate, AIKG + part: fact.object}
        claim = NamedNode(f"{CLAIM}to-number-{number}")
        triples += [Triple(claim, NamedNode(name), term) for name, term in said.items()]
    return FILL_IN + turtle.write(triples) if triples else ""


def _is_identified(change: Change, authored: Authored) -> bool:
    """Whether a new entity has one English label, primitive types, and no more than names."""
    classes = authored.sources.ontology.vocabulary.classes
    defined = {name for name in classes if OWL + "equivalentClass" in authored.described[name]}
    kinds = [one[2][1:-1] for one in change.added if one[1] == TYPE]
    texts = [one for one in change.added if one[1] != TYPE]
    return (bool(kinds) and classes - defined >= {*kinds}
            and [one[1] for one in texts].count(LABEL) == 1
            and all(one[1] in TEXTS and _is_english(one) for one in texts))


def _is_english(fact: Fact) -> bool:
    """Whether the object is a text in English that says something, and commands nothing."""
    term = _triple(fact).object
    return (isinstance(term, Literal) and term.language == "en" and term.value.isprintable()
            and term.value.strip() != "")


def _triple(fact: Fact) -> Triple:
    [quad] = parse(f"{' '.join(fact)} .", RdfFormat.N_TRIPLES)
    triple: Triple = quad.triple
    return triple
