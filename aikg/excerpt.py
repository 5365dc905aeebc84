"""An excerpt: the part of the graph that a selection of sources and times leaves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from pyoxigraph import Triple

from aikg.collection import collection_of
from aikg.names import AIKG, RDF
from aikg.record import records_of
from aikg.selection import Selection, chosen
from aikg.turtle import iri

Files = Mapping[str, Iterable[Triple]]
About = Mapping[str, Mapping[str, list[str]]]
CLAIM = AIKG + "Claim"
STATED_IN, CONDITION = AIKG + "statedIn", AIKG + "condition"


def excerpt(turtle: Files, wanted: Selection) -> list[Triple]:
    """The triples that are left of the files of the graph, given by name.

    Entities are those of the default collection and of each that a selected source is in. A claim
    stays if one of its passages does, and if it holds at the instant of the selection; a condition
    stays with what it is a condition of. Raises UsageError; see aikg.selection.chosen.
    """
    records = records_of(turtle)
    if not records:
        return [triple for triples in turtle.values() for triple in triples]
    documents = chosen(wanted, [one.document for one in records])
    kept = {one.id for one in documents} - {
        one.id for one in records if one.iri in wanted.without}
    collections = {"", *(one.collection for one in documents)}
    gone = {name for one in records if one.id not in kept
            for name in (one.iri, *(f"{one.iri}/{part.id}" for part in one.passages))}
    triples = [triple for name, some in turtle.items() if collection_of(name) in collections
               for triple in some]
    gone.update(wanted.without)
    gone |= _claims_gone(_described(triples), gone, wanted.instant)
    return [triple for triple in triples
            if iri(triple.subject) not in gone and iri(triple.object) not in gone]


def _described(triples: Iterable[Triple]) -> About:
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for one in triples:
        found[iri(one.subject)][one.predicate.value].append(getattr(one.object, "value", ""))
    return found


def _claims_gone(about: About, gone: Collection[str], instant: str | None) -> set[str]:
    """The claims that no passage is left of, or that do not hold then."""
    claims = {name: one for name, one in about.items()
              if CLAIM in one.get(RDF + "type", ()) and name not in gone}
    left = {name for name, one in claims.items() if _holds(one, instant)
            and not all(passage in gone for passage in one.get(STATED_IN, [""]))}
    needed = {condition for name in left for condition in claims[name].get(CONDITION, ())}
    return {name for name in claims if name not in left | needed}


def _holds(claim: Mapping[str, list[str]], instant: str | None) -> bool:
    """Whether a claim holds at an instant: from its start on, before its end; always without."""
    if instant is None:
        return True
    [start], [end] = (claim.get(AIKG + name) or [""] for name in ("validFrom", "validUntil"))
    return start <= instant and (not end or instant < end)
