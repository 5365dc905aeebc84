"""Checks of the mapping file: whether each row can be, and whether the rows agree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from pyoxigraph import Literal

from aikg.authored import Authored, short
from aikg.build import LINKS
from aikg.identifier import CLOSE, IDENTITY, RELATIONS, SAME, Scheme, scheme_of
from aikg.inspection import Finding
from aikg.links import Mapping as Row
from aikg.links import read_mappings
from aikg.names import RDF, RDFS, SKOS, THING, compact
from aikg.turtle import iri

Fault = tuple[str, str, str]
"""A rule, what is wrong, and what to do."""
SEMAPV = "https://w3id.org/semapv/vocab/"
BY_A_PERSON = ("ManualMappingCuration", "MappingReview")
JUSTIFICATIONS = (
    *BY_A_PERSON, "BackgroundKnowledgeBasedMatching", "CompositeMatching",
    "InstanceBasedMatching", "LexicalMatching", "LexicalSimilarityThresholdMatching",
    "LogicalReasoning", "MappingChaining", "SemanticSimilarityThresholdMatching",
    "StructuralMatching", "UnspecifiedMatching",
)
"""Grounds of a mapping: terms of the Semantic Mapping Vocabulary that SSSOM recommends."""
ALIGNMENT = "ontology/align/wikidata.ttl"
STRENGTH = (*IDENTITY, CLOSE)
"""Relations of which each implies those behind it; so who denies one denies those before it."""


def links(authored: Authored) -> Iterator[Finding]:
    """Ids are well-formed, fit their subject, and stand for one entity; no two rows contradict."""
    for subject, about in authored.described.items():
        for predicate in {*IDENTITY} & set(about) if subject.startswith(THING) else ():
            yield authored.finding("equated", subject, f"{compact(predicate)} stands in the graph",
                                   f"move it to {LINKS}", at=(predicate,))
    if LINKS in authored.files:
        yield from faults(read_mappings(authored.files[LINKS]), authored)


def faults(rows: Sequence[Row], authored: Authored) -> Iterator[Finding]:
    """What is wrong with the rows of a mapping file, each finding at its line."""
    seen = _Seen(rows)
    classes = _classes(authored)
    for row in rows:
        for rule, message, fix in (
                *_slips(row), *_unfit(row, authored, classes), *seen.faults(row)):
            yield Finding(LINKS, row.line, rule, message, fix, short(row.subject))


def identifies(row: Row) -> bool:
    """Whether a row says that a record, or an identifier of its own, stands for the entity."""
    scheme = scheme_of(row.predicate, row.object)
    own = scheme is not None and scheme.place == row.predicate
    return row.holds and (own or row.predicate in IDENTITY)


def identifier_of(row: Row, scheme: Scheme) -> str:
    """The identifier of a row that has one, as its scheme writes it."""
    text = row.object or row.value or ""
    return text.removeprefix(scheme.place)


def kinds_of(subject: str, authored: Authored) -> set[str]:
    """IRIs of the authored classes of a thing, and of all above them."""
    found: set[str] = set()
    new = [iri(one) for one in authored.described.get(subject, {}).get(RDF + "type", ())]
    while new:
        kind = new.pop()
        if kind not in found:
            found.add(kind)
            above = authored.described.get(kind, {}).get(RDFS + "subClassOf", ())
            new += [iri(one) for one in above]
    return found


def _slips(row: Row) -> Iterator[Fault]:
    grounds = row.justification.removeprefix(SEMAPV)
    if grounds not in JUSTIFICATIONS:
        yield ("justification", f"{short(row.justification)} is no kind of grounds",
               f"write semapv: and one of {', '.join(JUSTIFICATIONS)}")
    elif row.predicate == SAME and row.holds and grounds not in BY_A_PERSON:
        yield ("justification", "owl:sameAs is said by a person only",
               "review it, and write semapv:ManualMappingCuration; or say skos:exactMatch")
    scheme = scheme_of(row.predicate, row.object)
    if scheme is None or not row.found:
        return
    if scheme.literal and row.value is None:
        yield ("identifier", f"a {scheme.name} is a text, not a record",
               "write it in object_label, with object_type `rdfs literal`")
    elif not scheme.fits(identifier_of(row, scheme)):
        wrong = f"{identifier_of(row, scheme)} is no {scheme.name}: its form or a check digit is"
        yield "identifier", f"{wrong} wrong", "copy it again from the record"


def _unfit(row: Row, authored: Authored, classes: Mapping[str, str]) -> Iterator[Fault]:
    """What cannot be said of such a thing as the subject is, or not under that label."""
    about = authored.described.get(row.subject)
    if about is None:
        yield "subject", "it does not exist", "correct the name, or declare the thing first"
        return
    labels = [one.value for one in about.get(RDFS + "label", ()) if isinstance(one, Literal)]
    if labels and row.subject_label not in ("", *labels):
        yield ("label", f"its label is {labels[0]!r}, not {row.subject_label!r}",
               f"write {labels[0]}")
    scheme = scheme_of(row.predicate, row.object)
    kinds = kinds_of(row.subject, authored)
    if scheme and scheme.of and identifies(row) and scheme.of not in kinds:
        yield ("class", f"a {scheme.name} is had by an {short(scheme.of)}, which it is not",
               "link the thing that has it, or correct the type")
    kind = classes.get(row.object or "")
    if kind and row.holds and row.predicate in IDENTITY and row.subject.startswith(THING):
        yield ("class", f"{short(row.object or '')} stands for the class {short(kind)}",
               "link one thing to it by skos:broadMatch or skos:relatedMatch")


def _classes(authored: Authored) -> dict[str, str]:
    """Items that the alignment sets beside a class of ours, with that class."""
    close = {SKOS + name for name in ("exactMatch", "closeMatch", "narrowMatch")}
    return {iri(one.object): iri(one.subject) for one in authored.turtle.get(ALIGNMENT, ())
            if one.predicate.value in close}


class _Seen:
    """The rows of a file by what they are about, to hold each against the others."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.denied: dict[tuple[str, str], list[Row]] = defaultdict(list)
        self.none: dict[tuple[str, Scheme | None], list[Row]] = defaultdict(list)
        self.bearers: dict[str, Row] = {}
        self.own: dict[tuple[str, Scheme | None], Row] = {}
        self.related: dict[tuple[str, str], Row] = {}
        for row in rows:
            target = row.object or row.value or ""
            if not row.found:
                self.none[row.subject, _scheme(row)].append(row)
            elif row.negated:
                self.denied[row.subject, target].append(row)
            elif identifies(row):
                self.bearers.setdefault(target, row)
                self.own.setdefault((row.subject, _scheme(row)), row)
            if row.holds and row.predicate in RELATIONS:
                self.related.setdefault((row.subject, target), row)

    def faults(self, row: Row) -> Iterator[Fault]:
        """What is wrong with a row beside the others."""
        if row.holds:
            yield from self._contradictions(row)
            if identifies(row):
                yield from self._twins(row)

    def _contradictions(self, row: Row) -> Iterator[Fault]:
        target, fix = row.object or row.value or "", "delete one of the two rows"
        for denial in self.denied.get((row.subject, target), ()):
            if _implies(row.predicate, denial.predicate):
                yield "contradicted", f"{_place(denial)} denies it", fix
        for none in self.none.get((row.subject, _scheme(row)), ()):
            if _implies(row.predicate, none.predicate):
                yield "contradicted", f"{_place(none)} says that none was found", fix
        first = self.related.get((row.subject, target), row)
        if first.line != row.line and row.predicate in RELATIONS:
            other = f"{_place(first)} says {compact(first.predicate)} of the same record"
            yield "contradicted", other, "keep the weakest that is true"

    def _twins(self, row: Row) -> Iterator[Fault]:
        """Records that make one of two of our entities, or two of one."""
        target, scheme = row.object or row.value or "", _scheme(row)
        first, own = self.bearers[target], self.own[row.subject, scheme]
        if target.startswith(THING):
            yield "equated", f"it is equated with {short(target)}", "keep one of the two entities"
        if first.subject != row.subject and (scheme is None or scheme.exclusive):
            both = f"{short(target)} is also {short(first.subject)} ({_place(first)})"
            yield "equated", f"{both}, which equates the two", "give the record to one of them"
        if own.line != row.line and scheme and scheme.single:
            yield ("several", f"{_place(own)} gives it another {scheme.name}",
                   "keep the one that is the very thing, the other as skos:closeMatch or weaker")


def _place(row: Row) -> str:
    """How a message calls a row; one that is not in the file yet has no line."""
    return f"line {row.line}" if row.line else "the new row"


def _scheme(row: Row) -> Scheme | None:
    return scheme_of(row.predicate, row.object, row.source)


def _implies(predicate: str, other: str) -> bool:
    """Whether who says one relation says the other too."""
    if predicate in STRENGTH and other in STRENGTH:
        return STRENGTH.index(predicate) <= STRENGTH.index(other)
    return predicate == other
