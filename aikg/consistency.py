"""Checks of what follows: contradictions, HermiT's verdict, and whether rules and HermiT agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import NamedNode, Triple

from aikg import reasoner
from aikg.authored import Authored, NotRun, short, triples_of
from aikg.axioms import read_axioms
from aikg.culprit import MINUTE, Unit, narrow, units
from aikg.errors import AikgError, OntologyError
from aikg.fact import TYPE, Fact
from aikg.inspection import Finding
from aikg.names import BASE, ONTOLOGY, RDF
from aikg.turtle import iri
from aikg.wording import Wording


def clashes(authored: Authored) -> Iterator[Finding]:
    """No facts contradict each other by a clash rule; each contradiction comes as its proofs.

    Neither in the default collection nor in all sources together, but for what `aikg disputes`
    lists: that is in no layer.
    """
    yield from _clashes(authored)
    if authored.whole:
        yield from _clashes(authored.whole)


def _clashes(authored: Authored) -> Iterator[Finding]:
    wording = Wording(authored)
    for clash in authored.clashes:
        facts = dict.fromkeys(meaning[0] for fact in clash.facts
                              if (meaning := wording.meaning(fact)))
        claims = [claim for fact in clash.facts for claim in wording.leaves(fact)]
        subject = next(iter(facts))[0][1:-1]
        place = authored.finding("clash", claims[0] if claims else subject, "", "")
        yield Finding(
            place.file, place.line, "clash",
            f"a contradiction by “{clash.rule.axiom}”, each side with its proof",
            "retract or correct a claim, or the axiom", short(subject),
            detail=wording.clash(clash))


def hermit(authored: Authored, seconds: float = MINUTE) -> Iterator[Finding]:
    """HermiT finds the graph consistent, and no class that nothing can belong to."""
    _need_hermit()
    verdict = authored.verdict
    if not verdict.consistent and authored.clashes:
        yield authored.finding("inconsistent", ONTOLOGY, "HermiT too finds a contradiction",
                               "mend what `aikg check clashes` shows, then ask HermiT again")
    elif not verdict.consistent:
        yield _blame(authored, _Trial([*authored.facts], authored.different, authored), seconds,
                     "inconsistent", "HermiT finds a contradiction that the rules do not see", "")
    share = seconds / max(1, len(verdict.unsatisfiable))
    for kind in sorted(verdict.unsatisfiable):
        member = [(f"<{BASE}thing/some-member>", TYPE, f"<{kind}>")]
        yield _blame(authored, _Trial([], triples_of(member), authored), share,
                     "unsatisfiable", f"nothing can be an {short(kind)}", kind)


def closure(authored: Authored) -> Iterator[Finding]:
    """The rules conclude what HermiT does, on named types and relations between individuals."""
    _need_hermit()
    verdict = authored.verdict
    if not verdict.consistent:
        raise NotRun("the graph is inconsistent, and everything follows from that")
    ontology = authored.sources.ontology
    objects = {f"<{prop}>" for prop in _object_properties(ontology.triples)}
    classes = {f"<{kind}>" for kind in ontology.vocabulary.classes}
    ours = {fact for fact in authored.closure
            if fact[1] in objects or (fact[1] == TYPE and fact[2] in classes)}
    theirs = {(f"<{one}>", TYPE, f"<{kind}>") for one, kind in verdict.types}
    theirs |= {(f"<{s}>", f"<{p}>", f"<{o}>") for s, p, o in verdict.relations}
    for facts, who, fix in ((ours - theirs, "the rules conclude, and HermiT does not", REFUTED),
                            (theirs - ours, "HermiT concludes, and the rules do not", MISSED)):
        yield from _disagreement(authored, sorted(facts), who, fix)


REFUTED = "correct the rule compiler, aikg/rules.py"
MISSED = "say it with the axioms of DESIGN, section 6, or teach the axiom to aikg/rules.py"


def _need_hermit() -> None:
    try:
        reasoner.require()
    except AikgError as error:
        raise NotRun(str(error)) from None


def _object_properties(triples: Iterable[Triple]) -> set[str]:
    return {iri(triple.subject) for triple in triples
            if triple.predicate.value == RDF + "type"
            and iri(triple.object).endswith("#ObjectProperty")}


def _disagreement(
    authored: Authored, facts: Iterable[Fact], who: str, fix: str,
) -> Iterator[Finding]:
    wording = Wording(authored)
    for fact in facts:
        yield authored.finding("disagreement", fact[0][1:-1],
                               f"{who}, that {wording.sentence(fact)}", fix)


class _Trial:
    """An ontology with facts, parts of which are put before HermiT."""

    def __init__(self, facts: list[Fact], always: list[Triple], authored: Authored) -> None:
        self.ground, self.parts = units([*authored.sources.ontology.triples, *triples_of(facts)])
        self.ground += always

    def contradict(self, parts: list[Unit], seconds: float) -> bool:
        """Whether HermiT finds a contradiction in some parts. Raises TimeoutError."""
        triples = dict.fromkeys([*self.ground, *(triple for unit in parts for triple in unit)])
        return not reasoner.is_consistent(triples, seconds)


def _blame(
    authored: Authored, trial: _Trial, seconds: float, rule: str, message: str, subject: str,
) -> Finding:
    """A finding with the few parts of a trial that are to blame, at the first of them."""
    kept, whole = narrow(trial.parts, trial.contradict, seconds)
    words = _Words(authored, trial.ground)
    detail = tuple(sorted(map(words.unit, kept)))
    if not whole:
        message += f"; narrowing it stopped early, after {seconds:.0f} seconds"
        detail = detail[:SHOWN] + (f"… {len(detail) - SHOWN} more",) * (len(detail) > SHOWN)
    else:
        message += ", because of these together"
    about = subject or next((name for unit in kept if (name := iri(unit[0].subject))), ONTOLOGY)
    return authored.finding(rule, about, message, "correct one of the axioms, or retract a claim",
                            detail=detail)


SHOWN = 40
"""Lines of what is to blame, where there was no time to find the few."""


class _Words:
    """How the parts of a trial read."""

    def __init__(self, authored: Authored, ground: Iterable[Triple]) -> None:
        self.wording = Wording(authored)
        self.ground = [triple for triple in ground if isinstance(triple.subject, NamedNode)
                       and iri(triple.object).startswith("http://www.w3.org/2002/07/owl#")]

    def unit(self, unit: Unit) -> str:
        """An axiom in Manchester words, or a fact in words with the claims that say it."""
        try:
            axioms = read_axioms([*self.ground, *unit])
        except OntologyError as error:
            return str(error)
        if axioms:
            return "; ".join(axiom.text for axiom in axioms)
        first = unit[0]
        fact = (str(first.subject), str(first.predicate), str(first.object))
        claims = " ".join(map(short, self.wording.claims(fact)))
        return self.wording.sentence(fact) + (f" ({claims})" if claims else "")
