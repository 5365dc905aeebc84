"""Grades in words: what each says of how firmly something is claimed."""

from __future__ import annotations

from collections.abc import Mapping

MEANINGS: Mapping[str, str] = {
    "stated": "A source says it plainly.",
    "evaluated": "It is a judgement or a comparison that a source makes.",
    "figurative": "A source says it by a metaphor or a label of its own.",
    "hedged": "A source says only that it may be so.",
    "conditional": "A source says it only under a condition, or as that condition.",
    "forecast": "A source says firmly that it will be so.",
    "planned": "A source says that it is meant to be so.",
    "reported": "A source has it from others whom it does not name.",
    "asked": "A source puts it as a question and leaves it open.",
    "group": "It is said of several together, and not of each.",
    "disputed": "It is both affirmed and denied.",
    "inferred": "No source says it in so many words: it follows from claims, by the ontology.",
    "not-claimed": "The row rests on nothing being claimed.",
    "denied": "A source says that it is not so.",
    "supposed": "A source only supposes it, as the if-part of something else.",
}
