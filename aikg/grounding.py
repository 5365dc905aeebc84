"""Checks of what stands behind the facts: claims and passages, and golden members."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from aikg.authored import Authored, short
from aikg.axioms import EQUIVALENT, reach
from aikg.claim import Claim
from aikg.fact import TYPE
from aikg.inspection import Finding
from aikg.names import AIKG, OWL, THING, compact, expand
from aikg.turtle import iri
from aikg.wording import Wording

MEMBERS = "queries/check/members.tsv"
"""The golden members of each defined class: a row for each, its member empty where none is due."""
HAS_MEMBER = AIKG + "hasMember"


def claims(authored: Authored) -> Iterator[Finding]:
    """Every direct fact has a claim, every claim a passage, and a group's stay with the group."""
    properties = {prop for kind in ("ObjectProperty", "DatatypeProperty")
                  for prop in authored.typed(OWL + kind)}
    passages = {*authored.typed(AIKG + "Passage")}
    for subject, about in authored.described.items():
        for predicate in sorted(properties & set(about)) if subject.startswith(THING) else ():
            yield authored.finding(
                "direct-fact", subject, f"{compact(predicate)} is typed by hand, without a claim",
                "delete it, and say it with a claim that names its passage", at=(predicate,))
    for claim in authored.typed(AIKG + "Claim"):
        stated = authored.described[claim].get(AIKG + "statedIn", [])
        if not stated:
            yield authored.finding("no-passage", claim, "it names no passage", "add aikg:statedIn")
        for passage in stated:
            if iri(passage) not in passages:
                yield authored.finding(
                    "no-passage", claim, f"there is no passage {short(iri(passage))}",
                    "correct its name, or add it to the source's file", at=(iri(passage),))
    yield from _spread(authored)
    yield from _crossing(authored)


def _spread(authored: Authored) -> Iterator[Finding]:
    """Claims on a member that only repeat what their passages say of its group."""
    members: dict[str, set[str]] = defaultdict(set)
    for claim in authored.sources.claims:
        if claim.predicate == HAS_MEMBER and claim.object:
            members[claim.subject].add(claim.object)
    said = {_key(claim): claim for claim in authored.sources.claims}
    for claim in authored.sources.claims:
        for member in sorted(members.get(claim.subject, ())):
            other = said.get((member, *_key(claim)[1:]))
            if other and set(other.passages) <= set(claim.passages):
                yield authored.finding(
                    "group-spread", other.iri,
                    f"it says of a member what {short(claim.iri)} says of the group "
                    f"{short(claim.subject)}, from the same passage",
                    "delete it: what is said of a group is not said of its members")


def _key(claim: Claim) -> tuple[str, str, str | None, str | None, bool]:
    value = claim.value.value if claim.value else None
    return claim.subject, claim.predicate, claim.object, value, claim.denied


def _crossing(authored: Authored) -> Iterator[Finding]:
    """Axioms that would carry facts between a group and its members."""
    above: dict[str, list[str]] = defaultdict(list)
    rules = [rule for rule in authored.sources.ontology.rules if rule.head]
    for rule in rules:
        if rule.head and len(rule.body) == 1 and rule.head[1] != TYPE:
            above[rule.body[0][1]].append(rule.head[1])
    membership = reach([f"<{HAS_MEMBER}>"], above)
    for rule in rules:
        if len(rule.body) > 1 and any(pattern[1] in membership for pattern in rule.body):
            subject = next((word for word in re.findall(r"aikg:\w+", rule.axiom)), "")
            yield authored.finding(
                "group-axiom", expand(subject) or "",
                f"“{rule.axiom}” crosses {compact(HAS_MEMBER)}",
                "leave it out: what is said of a group is not said of its members")


def members(authored: Authored) -> Iterator[Finding]:
    """The defined classes have their golden members, and each rests on a claim."""
    golden, broken = _golden(authored)
    yield from broken
    wording = Wording(authored)
    listed: dict[str, dict[str, int]] = defaultdict(dict)
    for line, kind, member in golden:
        listed[kind][member] = line
    for kind in sorted(_defined(authored) | set(listed)):
        found = {s[1:-1] for s, p, o in authored.closure if p == TYPE and o == f"<{kind}>"}
        if kind not in listed:
            yield authored.finding("golden", kind, "it is defined, and has no golden members",
                                   f"list them in {MEMBERS}, or one row without a member")
            continue
        for member in sorted(set(listed[kind]) - found - {""}):
            yield Finding(MEMBERS, listed[kind][member], "golden",
                          f"it is no longer an {short(kind)}",
                          "see which claim or axiom it lost, or delete the row", short(member))
        for member in sorted(found - set(listed[kind])):
            yield authored.finding(
                "golden", member, f"it is an {short(kind)} now", "if the source bears that out "
                f"(`aikg why {compact(member)} a {compact(kind)}`), add it to {MEMBERS}")
        for member in sorted(found & set(listed[kind])):
            if not wording.leaves((f"<{member}>", TYPE, f"<{kind}>")):
                yield authored.finding("golden", member, f"that it is an {short(kind)} rests on no "
                                       "claim", "assert no defined class; make a claim of it")


def _defined(authored: Authored) -> set[str]:
    return {iri(triple.subject) for triple in authored.sources.ontology.triples
            if f"<{triple.predicate.value}>" == EQUIVALENT}


def _golden(authored: Authored) -> tuple[list[tuple[int, str, str]], list[Finding]]:
    """The rows of the golden list as line, class and member; and what is wrong with others."""
    rows: list[tuple[int, str, str]] = []
    broken: list[Finding] = []
    text = authored.text(MEMBERS) if MEMBERS in authored.files else "class\tmember\n"
    for number, line in enumerate(text.splitlines()[1:], 2):
        kind, _, member = line.partition("\t")
        iris = [expand(name) if name else "" for name in (kind, member)]
        if iris[0] and iris[1] is not None:
            rows.append((number, iris[0], iris[1]))
        else:
            broken.append(Finding(MEMBERS, number, "golden", f"{line!r} is no row of this list",
                                  "write a class, a tab and a member, as CURIEs", line))
    return rows, broken
