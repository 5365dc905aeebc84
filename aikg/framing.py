"""Framing: what people put around a question, such as who asks and what for.

For example `For my term paper I need to know who funds Anthropic`, or `Quick check: Google needs
outside money, true?`

Compiled only for a question that begins like one of these, since that takes a millisecond.
"""

from __future__ import annotations

import re
from functools import cache

BEGINNINGS = frozenset("""
a any as asking basically conflict crossword fact for friend given hearing heard hmm homework i i'm
in just my no note our people procurement product pub question quick quiz reading reality remind
sanity serious settle sceptic skeptic somebody someone student suppose teacher tell trivia we we're
well when with writing
""".split())
"""First words of those framings that are looked for."""


def unframed(text: str) -> str:
    """A question without what was put before it; the text itself where nothing was.

    What is taken away may hold names: that is for the caller to look at.
    """
    rest = text.strip()
    first = rest.split(maxsplit=1)[0].lower().rstrip(",.:;!-") if rest else ""
    if first.replace("\u2019", "'") not in BEGINNINGS:
        return text
    for pattern in _framings():
        found = pattern.match(rest)
        if found and len(rest[found.end():].split()) > 2:
            return rest[found.end():]
    return text


@cache
def _framings() -> tuple[re.Pattern[str], ...]:
    person = r"(?:(?:i|we)(?:['\u2019]m|['\u2019]re| am| are| was| were)?)"
    reporter = r"(?:(?:my|our|a|an|the|some)(?: [\w-]+){1,3}?|somebody|someone|people|they)"
    wants = (r"(?:need|want|have|would like|['\u2019]d like|am trying|wonder|am wondering)"
             r"(?: to (?:know|find out|list|understand|see|check))?(?: about| if| whether)?")
    says = (r"(?:asks?|asked|wants? to know|says?|said|claims?|claimed|insists?|swears?|told me|"
            r"tells me|keeps? saying|wonders?|thinks?|believes?)")
    works = (r"(?:a|an|the|doing|writing|drawing|preparing|making|working|looking|reading|new)\b"
             r"[^.:;?]*?")
    does = (r"(?:handle|practi[sc]e|advise|teach|study|write|cover|work|manage|read|heard|"
            r"keep hearing|was told|remember)\b[^.:;,?]*?")
    purpose = r"(?:for|as|in|with) (?:my|our|a|an|the|this|tomorrow['\u2019]s)(?: [\w-]+){1,5}?"
    heading = r"(?:night|question|check|clue|trivia|quiz|memo|bet|here|homework)"
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in (
        rf"{purpose}(?:\s*[,:]|(?=,? {person} {wants}))(?:\s*{person} {wants})?\s+",
        rf"{person} {works}(?:[.:;]|,| - |\band {wants})\s*",
        rf"{person} {does}(?:[.:;,]|\bthat\b)\s*",
        rf"{reporter} {says}(?: me| us)?(?: that| if| whether)?\s*:?\s+",
        rf"(?:[\w-]+ ){{0,3}}?{heading}\s*[:.,]\s*",
        r"any (?:idea|clue|chance you know|guess|thoughts on)\s*[,:]?\s+",
    ))
