"""What an edited document says otherwise than ours, in terms of claims, entities and axioms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from aikg.authored import Authored, short
from aikg.build import LINKS
from aikg.canonical import Axiom, Canonical, described
from aikg.edited import Edited
from aikg.fact import TYPE, Fact
from aikg.names import AIKG, CLAIM, OWL, RDFS, SKOS, SOURCE, THING, compact
from aikg.turtle import natural

ENTITIES = "graph/entities.ttl"
DECLARATIONS = frozenset(f"<{OWL}{kind}>" for kind in (
    "NamedIndividual", "Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty",
    "Datatype"))
INDIVIDUAL = f"<{OWL}NamedIndividual>"
TEXTS = {f"<{RDFS}label>": "label", f"<{SKOS}altLabel>": "name", f"<{RDFS}comment>": "comment",
         f"<{SKOS}definition>": "definition"}
ANNOTATED = tuple(f"<{OWL}annotated{part}>" for part in ("Source", "Property", "Target"))
DENIED = tuple(f"<{OWL}{part}>" for part in ("sourceIndividual", "assertionProperty",
                                             "targetIndividual", "targetValue"))
EVIDENCE = f"<{AIKG}evidence>"
AXIOM, DENIAL, ALL_DIFFERENT = (f"<{OWL}{name}>" for name in (
    "Axiom", "NegativePropertyAssertion", "AllDifferent"))
TERM = re.compile(r'<([^<>"\s]*)>')


@dataclass(frozen=True)
class Change:
    """One thing that an edited document says otherwise."""

    kind: str
    """Such as `new fact` or `changed label`."""
    subject: str
    """IRI; empty for an axiom about several."""
    what: str
    """What changed, with names as CURIEs."""
    todo: str
    """What to do about it, and where."""
    added: tuple[Fact, ...] = ()
    removed: tuple[Fact, ...] = ()


def changes(edited: Edited, authored: Authored) -> list[Change]:
    """Every difference, by subject. What a tool writes of itself, such as declarations, is none."""
    found = _Comparison(edited, authored).changes()
    return sorted(found, key=lambda one: (natural(one.subject), one.kind, one.what))


def words(term: str) -> str:
    """A term or a nameless expression in N-Triples, its IRIs as CURIEs."""
    return TERM.sub(lambda found: short(found[1]), term)


class _Comparison:
    """Two documents side by side, and where things stand in the authored files."""

    def __init__(self, edited: Edited, authored: Authored) -> None:
        self.document, self.before, self.after = f"<{edited.iri}>", edited.before, edited.after
        self.authored = authored
        known = _mentioned(self.before) | {f"<{one}>" for one in authored.described}
        self.known = known
        self.added = {one for one in self.after.facts - self.before.facts
                      if not _declares(one, known)}
        still = _mentioned(self.after)
        self.removed = {one for one in self.before.facts - self.after.facts
                        if not _declares(one, still) and one[2] != INDIVIDUAL}
        self.remaining = {one[0] for one in self.after.facts}
        self.claims = {key: described(one)[EVIDENCE]
                       for key, one in _by_key(self.before.axioms).items()}

    @cached_property
    def linking(self) -> frozenset[str]:
        """The predicates of the mapping set, as terms."""
        return frozenset(str(one.predicate) for one in self.authored.sources.links)

    def changes(self) -> Iterator[Change]:
        sides: dict[str, tuple[list[Fact], list[Fact]]] = {}
        for number, side in enumerate((self.added, self.removed)):
            for fact in sorted(side):
                sides.setdefault(fact[0], ([], []))[number].append(fact)
        for subject, (added, removed) in sides.items():
            yield from self.of_subject(subject, added, removed)
        yield from self.of_axioms()

    def of_subject(
        self, subject: str, added: list[Fact], removed: list[Fact],
    ) -> Iterator[Change]:
        """The changes in what is said of one subject."""
        name = subject[1:-1]
        if subject == self.document:
            yield Change("changed header", name, _both(removed, added), "the build writes the "
                         "header: is the file from this version?", tuple(added), tuple(removed))
        elif name.startswith((CLAIM, SOURCE)):
            yield from self.of_record(name, added, removed)
        elif subject not in self.known and any(one[1] == TYPE for one in added):
            yield from self.of_new(name, added)
        else:
            yield from self.of_known(name, added, removed)

    def of_known(self, name: str, added: list[Fact], removed: list[Fact]) -> Iterator[Change]:
        """An entity or a term that was there before."""
        if f"<{name}>" not in self.remaining and name.startswith(THING):
            yield Change("removed entity", name, compact(name), "take it out of "
                         f"{self.place(name)}, once no claim names it")
            removed = [one for one in removed if one in self.claims]
        yield from self.of_texts(name, added, removed)
        for kind, facts in (("new", added), ("removed", removed)):
            yield from (self.of_fact(one, kind) for one in facts if one[1] not in TEXTS)

    def of_record(self, name: str, added: list[Fact], removed: list[Fact]) -> Iterator[Change]:
        """A claim, a passage or a source that was edited as such."""
        kind = "claim" if name.startswith(CLAIM) else "source"
        if f"<{name}>" not in self.known:
            yield Change(f"new {kind}", name, "; ".join(_said(one) for one in added),
                         f"write it in graph/{kind}s/, if the source bears it out", tuple(added))
        elif f"<{name}>" not in self.remaining:
            yield Change(f"removed {kind}", name, words(f"<{name}>"), "take it out of "
                         f"{self.place(name)}, if the source does not bear it out",
                         (), tuple(removed))
        else:
            for predicate in sorted({one[1] for one in (*added, *removed)}):
                new, old = ([one for one in side if one[1] == predicate]
                            for side in (added, removed))
                todo = f"edit {self.place(name, old)}, if the source bears it out"
                if predicate == f"<{RDFS}label>":
                    todo = "the build makes this label: there is nothing to edit"
                yield Change(f"changed {kind}", name, _both(old, new), todo, tuple(new), tuple(old))

    def of_new(self, name: str, added: list[Fact]) -> Iterator[Change]:
        """A name that was not there before: an entity, or a term of the ontology."""
        kinds = [one for one in added if one[1] == TYPE and one[2] not in DECLARATIONS]
        if not kinds and any(one[2] in DECLARATIONS - {INDIVIDUAL} for one in added):
            yield Change("new term", name, "; ".join(map(_said, added)),
                         "write it in its topic file under ontology/", tuple(added))
            return
        about = [one for one in added if one[1] in {TYPE, *TEXTS} and one[2] not in DECLARATIONS]
        where = f"write it in {ENTITIES}"
        if not name.startswith(THING):
            where = f"name it {compact(THING)}… and write it in {ENTITIES}"
        yield Change("new entity", name, "; ".join(map(_said, about)), where, tuple(about))
        for fact in added:
            if fact[1] not in {TYPE, *TEXTS}:
                yield self.of_fact(fact, "new")

    def of_texts(self, name: str, added: list[Fact], removed: list[Fact]) -> Iterator[Change]:
        """Labels and the like: one that went and one that came are one that changed."""
        for predicate, text in TEXTS.items():
            old, new = ([one for one in side if one[1] == predicate] for side in (removed, added))
            if len(old) == len(new) == 1 and text != "name":
                yield self.of_text(f"changed {text}", name, old, new)
                continue
            yield from (self.of_text(f"removed {text}", name, [one], []) for one in old)
            yield from (self.of_text(f"new {text}", name, [], [one]) for one in new)

    def of_text(self, kind: str, name: str, old: list[Fact], new: list[Fact]) -> Change:
        todo = f"edit {self.place(name, old)}"
        if not name.startswith(THING) and not self.authored.described.get(name):
            todo = f"edit {LINKS}"
        return Change(kind, name, " → ".join(one[2] for one in (*old, *new)), todo,
                      tuple(new), tuple(old))

    def of_fact(self, fact: Fact, kind: str) -> Change:
        """A fact that came or went: of an entity, a link, or an axiom of the ontology."""
        name, predicate = fact[0][1:-1], fact[1][1:-1]
        ontology = self.authored.sources.ontology
        sides = ((fact,), ()) if kind == "new" else ((), (fact,))
        if fact[1] in self.linking:
            return Change(f"{kind} link", name, _said(fact), f"edit {LINKS}", *sides)
        if predicate not in ontology.properties and not (
                fact[1] == TYPE and not name.startswith(AIKG)):
            sort = "axiom" if name.startswith(AIKG) else "annotation"
            return Change(f"{kind} {sort}", name, _said(fact), f"edit {self.place(name, [fact])}",
                          *sides)
        if kind == "new":
            return Change("new fact", name, _said(fact), "without evidence: add a claim with its "
                          "passage to graph/claims/, or leave it out", *sides)
        return Change("removed fact", name, _said(fact), self.retraction(fact), *sides)

    def retraction(self, fact: Fact) -> str:
        """What to do about a fact, or denial, that somebody took out."""
        claims = [one[1:-1] for one in self.claims.get(fact, ())]
        if not claims:
            return f"edit {self.place(fact[0][1:-1], [fact])}"
        listed = ", ".join(f"{compact(one)} ({self.place(one)})" for one in claims)
        return f"retract {listed}, if the source does not bear it out"

    def of_axioms(self) -> Iterator[Change]:
        """The changes in nameless axioms: denials, evidence, and those about several terms."""
        before, after = (_by_key(one.axioms - other.axioms) for one, other in (
            (self.before, self.after), (self.after, self.before)))
        for key in sorted({*before, *after}):
            old, new = before.get(key), after.get(key)
            denial = any(DENIAL in described(one)[TYPE] for one in (old, new) if one)
            if denial:
                yield self.of_denial(key, old, new)
            elif key not in self.added | self.removed:
                yield self.of_evidence(key, old, new)
        for kind, side, other in (("new", self.after, self.before),
                                  ("removed", self.before, self.after)):
            for axiom in side.axioms - other.axioms:
                if _key(axiom) is None and (TYPE, ALL_DIFFERENT) not in axiom:  # the build makes it
                    yield Change(f"{kind} axiom", "", "; ".join(map(_said, sorted(axiom))),
                                 "edit the ontology")

    def of_denial(self, key: Fact, old: Axiom | None, new: Axiom | None) -> Change:
        """A denial that came or went, or whose annotations changed."""
        name, text = key[0][1:-1], f"not {_said(key)}"
        if old is None:
            return Change("new denial", name, text, "without evidence: add a claim with "
                          "aikg:denied true and its passage to graph/claims/, or leave it out")
        if new is None:
            return Change("removed denial", name, text, self.retraction(key))
        return self.of_evidence(key, old, new)

    def of_evidence(self, key: Fact, old: Axiom | None, new: Axiom | None) -> Change:
        """An axiom whose annotations changed."""
        gone, come = (
            " ".join(_said(pair) for pair in sorted((one or frozenset()) - (other or frozenset()))
                     if pair[0] not in {TYPE, *ANNOTATED, *DENIED})
            for one, other in ((old, new), (new, old)))
        listed = ", ".join(f"{compact(one[1:-1])} ({self.place(one[1:-1])})"
                           for one in self.claims.get(key, ())) or "graph/claims/"
        return Change("changed evidence", key[0][1:-1], f"{_said(key)}: {gone or 'nothing'} → "
                      f"{come or 'nothing'}", f"it is made from claims: edit {listed}")

    def place(self, name: str, facts: Iterable[Fact] = ()) -> str:
        """File and line of a subject, or of the first of some facts about it."""
        terms = [one[2].strip("<>") if one[2][0] == "<" else one[2].rpartition('"')[0][1:]
                 for one in facts]
        found = self.authored.positions.place(name, terms)
        if found is None:
            return "its file under ontology/" if name.startswith(AIKG) else "its file under graph/"
        return f"{found.file}:{found.line}"


def _said(terms: Iterable[str]) -> str:
    return " ".join("a" if term == TYPE else words(term) for term in terms)


def _both(old: Sequence[Fact], new: Sequence[Fact]) -> str:
    """What stood there, and what stands there now."""
    sides = ("; ".join(_said(one[1:]) for one in side) or "nothing" for side in (old, new))
    return " → ".join(sides)


def _declares(fact: Fact, known: set[str]) -> bool:
    """Whether a fact only says of a known name what kind of name it is."""
    return fact[1] == TYPE and fact[2] in DECLARATIONS and fact[0] in known


def _mentioned(document: Canonical) -> set[str]:
    return {term for fact in document.facts for term in fact if term[0] == "<"}


def _key(axiom: Axiom) -> Fact | None:
    """The fact that an axiom annotates or denies; None for other axioms."""
    about = described(axiom)
    terms = [about[part] for part in (ANNOTATED if AXIOM in about[TYPE] else DENIED)]
    found = [one[0] for one in terms if len(one) == 1]
    if len(found) != 3 or not {AXIOM, DENIAL} & {*about[TYPE]}:
        return None
    return (found[0], found[1], found[2])


def _by_key(axioms: Iterable[Axiom]) -> Mapping[Fact, Axiom]:
    return {key: one for one in axioms if (key := _key(one))}

