"""Framing: what people put around a question, such as who asks, what for, and whether it is so.

For example `For my term paper I need to know who funds Anthropic`, or `Quick check: Google needs
outside money, true?` Each pattern is compiled only for a question that holds a sign of it, since
that takes a millisecond.
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
SIGNS = ("right", "correct", "true", "fair", "accurate", "agreed", "case", "not", "n't", "nt ",
         "n\u2019t", "yes", "yeah", " no", " so", " it", " they", " that")
"""One of these is in each question that wants yes or no by a tag."""
KNOWING = frozenset("""
advise ask check clarify confirm curious establish explain grasp hear identify know learn me read
remind say see state tell understand us wonder wondering
""".split())
"""One of these is in each opening that leads to a question word: `may I ask who …`."""
PARTED = frozenset({"is", "are", "was", "were"})
MODALS = frozenset("would could can should may might do does is was so and ok well".split())


def unframed(text: str) -> str:
    """A question without what was put before it; the text itself where nothing was.

    What is taken away may hold names: that is for the caller to look at.
    """
    rest = text.strip()
    opened = _opening().match(rest) if KNOWING.intersection(rest.lower().split()) else None
    if opened and len(rest[opened.end():].split()) > 2:
        return rest[opened.end():]
    first = rest.split(maxsplit=1)[0].lower().rstrip(",.:;!-") if rest else ""
    if first.replace("\u2019", "'") not in BEGINNINGS:
        return text
    for pattern in _framings():
        found = pattern.match(rest)
        if found and len(rest[found.end():].split()) > 2:
            return rest[found.end():]
    return text


def untagged(text: str) -> str:
    """A question without what makes a statement of it to be confirmed: `…, right?`.

    The text itself where there is no such thing.
    """
    low = text.lower()
    return _tags().sub(" ", text) if any(sign in low for sign in SIGNS) else text


def as_is(text: str) -> str:
    """A question that asks for a name to be given, `would you call X a Y`, as `is X a Y`.

    One that asks for a part alone, `is X what Y sells`, comes as `does Y sells X`.
    """
    first = text.split(maxsplit=1)[0].lower() if text.strip() else ""
    if first in PARTED and any(f" {word} " in text for word in ("what", "whom", "something")):
        return _parted().sub(r"does \2 \1", text)
    return _calling().sub("is", text) if first in MODALS else text


@cache
def _opening() -> re.Pattern[str]:
    """Whatever stands before a question word and holds none, if it ends as one asks or learns."""
    asks = r"(?:who|whom|whose|what|which|where|how|when|why)\b"
    led = r"(?:(?:on|upon|from|to|by|in|into|for|with|of|at|through|against|under)\s+)?"
    knows = (r"(?:know|learn|ask|see|advise|establish|tell|told|explain|understand|wonder(?:ing)?|"
             r"clarify|remind|out|curious|say|check|hear|read|state|confirm|identify|grasp|"
             r"interests)")
    return re.compile(rf"(?!{led}{asks})(?:(?!\b{asks})[^?])*?\b{knows}"
                      rf"(?:\s+(?:me|us|to me|to us|about|of|as to|again))*[,:]?\s+(?={led}{asks})",
                      re.IGNORECASE)


@cache
def _tags() -> re.Pattern[str]:
    fair = r"(?:right|fair|accurate|correct|true)"
    saying = r"(?: to (?:say|call|claim))?(?: that)?"
    forms = r"is|are|was|were|do|does|did|has|have|had|could|would"
    verb = rf"(?:(?:{forms}|can|will)(?:n['\u2019]?t| not)?|(?:ca|wo)n['\u2019]?t)"
    denied = rf"(?:{forms}|ca|wo)n['\u2019]?t"
    return re.compile(
        rf"^(?:so |and |ok |well )?(?:(?:is|was|would) it (?:be )?(?:{fair}|the case){saying}"
        rf"|true or (?:false|not)|right or wrong|correct or not)[\s:,]+"
        rf"|[\s,.:-]+(?:right|correct|true|yes or no|true or false|or not|is it not|agreed|no"
        rf"|(?:is|am i) (?:that )?(?:{fair}|so))\s*\?*\s*$"
        rf"|\s*[,-]\s*(?:yes|yeah|{verb} (?:it|they|he|she|that)(?: not)?)\s*\?*\s*$"
        rf"|\s+{denied} (?:it|they|he|she|that)\s*\?*\s*$",
        re.IGNORECASE)


@cache
def _calling() -> re.Pattern[str]:
    call = r"(?:call|count|consider|describe|class|classify|regard|see|label|term|rank|number)"
    fair = r"(?:right|fair|accurate|correct|true|wrong|ok|okay)"
    return re.compile(
        rf"^\W*(?:so |and |ok |well )?(?:(?:would|could|can|should|may|might|do|does) "
        rf"(?:you|one|we|i|people|the author|the article) "
        rf"|(?:is it|was it|would it be) {fair} to ){call}\b", re.IGNORECASE)


@cache
def _parted() -> re.Pattern[str]:
    return re.compile(r"^\w+ (?!it\b)(.+?) (?:what|whom|something(?: that| which)?)"
                      r" ([^?]+?)\s*\??$", re.IGNORECASE)


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
    sight = r"(?:(?:the|all) names? of|a list of|to (?:see|have|hear|get))"
    heading = r"(?:night|question|check|clue|trivia|quiz|memo|bet|here|homework)"
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in (
        rf"{purpose}(?:\s*[,:]|(?=,? {person} {wants}))(?:\s*{person} {wants})?\s+",
        rf"{person} {works}(?:[.:;]|,| - |\band {wants})\s*",
        rf"{person} {does}(?:[.:;,]|\bthat\b)\s*",
        rf"{reporter} {says}(?: me| us)?(?: that| if| whether)?\s*:?\s+",
        rf"{reporter} (?:wants?|needs?|asks? for|asked for|requests?)(?: me| us)? {sight} ",
        rf"(?:[\w-]+ ){{0,3}}?{heading}\s*[:.,]\s*",
        r"any (?:idea|clue|chance you know|guess|thoughts on)\s*[,:]?\s+",
    ))
