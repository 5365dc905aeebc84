"""Turns of phrase that lay stress on a question or open it politely, and what they come down to.

For example `I'd like to know whether X pays` is `X pays, right?`, and `who is it that pays X` is
`who pays X`. Each pattern is compiled when a question first holds a sign of it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

SOURCE = r"(?:the|this|your) (?:article|author|text|piece|source|writer|graph)"
WANTS = (r"^(?:(?:i|we)(?:['\u2019]d| would)(?: really| also| just)? (?:like|love|want)"
         r"|(?:i|we)(?: am|['\u2019]m| are|['\u2019]re)(?: just| really)?"
         r" (?:trying|hoping|looking|keen|curious)|(?:i|we) (?:want|need|wish|have))"
         r" to (?:know|see|hear|learn|understand|find out|get|be told|check|read|figure out"
         r"|work out|establish|ask)(?: about| again)?,? ")
SAYS = (r"^(?:(?:can|could|may|might|would) (?:it|one|you|we) (?:be said|say|claim|be claimed) that"
        rf"|(?:does|did|do) {SOURCE} (?:really |actually |anywhere )?"
        r"(?:say|state|claim|mention|hold|think|believe|maintain)(?: anywhere)? that"
        r"|(?:is|was) it (?:said|claimed|stated|written|mentioned|affirmed|confirmed|asserted"
        r"|reported)(?: anywhere)? that"
        r"|(?:may|can|could|should) (?:i|we|one) (?:assume|say|write|claim|state) that"
        rf"|is it {SOURCE}['\u2019]s (?:position|claim|view|opinion|message) that"
        rf"|according to {SOURCE},? is it (?:true|so) that) ")
TELLS = ("mentions|names|lists|gives|makes|describes|discusses|tells|warns|sees|draws|identifies"
         "|distinguishes|cites|talks|speaks|presents|brings up")
CLEFT = (r"^(?:is|was) it (?!(?:true|right|correct|so|fair|accurate|wrong|false|a fact|the case|not"
         r"|certain|clear|likely|possible|said|claimed|stated|written|mentioned)\b)")
VERB = r"(?:[a-z]{2,}(?:s|ed)|made|gave|put|took|built|bought|led|came|set)"
"""What is a verb rather than a name, as its ending says."""


class Turn(NamedTuple):
    """A turn of phrase: a sign that a question in small letters holds, a pattern, what it means."""

    signs: tuple[str, ...]
    pattern: str
    plain: str


KNOWS = (r"(?:know|learn|ask|see|establish|tell (?:me|us)|understand|wonder(?:ing)?|clarify"
         r"|find out|figure out|curious|say|check|hear|confirm|verify|sure)")
IN_SHORT = (rf"(?:tell (?:us|me)|going by {SOURCE}|according to {SOURCE}"
            r"|in (?:the author['\u2019]s|your) (?:view|opinion|eyes|words)"
            r"|in (?:this|the) (?:story|text|piece)|in essence|in short|in a nutshell"
            r"|in plain (?:words|english)|as the (?:article|author) (?:puts|sees|tells) it"
            r"|in artificial intelligence)")

THINKS = (r"(?:gather|hear|heard|read|understand|assume|believe|think|take it|suppose|guess"
          r"|imagine)(?: somewhere)?")
NO_QUESTION = r"(?!.*\b(?:who|whom|whose|what|which|where|how|when|why)\b)"

TURNS = (
    Turn((" whether ", " if "), rf"^(?!who|what|which|where|how|when|why)[^?,]*?\b{KNOWS} "
         r"(?:whether|if) (.+?)[.?!]*$", r"\1, right?"),
    Turn(("tell ", "going by", "according to", " in "), rf",? {IN_SHORT}\s*[.?!]*$", "?"),
    Turn(("confirm",), r",\s*(?:can|could|would) you (?:please )?confirm(?: that| this| it)?"
         r"\s*\?*$", ", right?"),
    Turn((" does ", " do "), rf"\b(which|what) ([\w -]+?) does {SOURCE} (?:treat|regard|describe"
         r"|count|see|consider|name|call|class|label) (?:as )?", r"\1 \2 are "),
    Turn((" as opposed to", " in contrast to", " unlike "), r", (?:as opposed to|in contrast (?:to"
         r"|with)|unlike) [\w. ]+?\s*\?*$", "?"),
    Turn((" whether ", " if "), WANTS + r"(?:whether|if) (.+?)[.?!]*$", r"\1, right?"),
    Turn(("i ", "i'", "i\u2019", "we"), WANTS, ""),
    Turn((" that ",), SAYS + r"(.+?)[.?!]*$", r"\1, right?"),
    Turn(("if ",), r"^(?:so |and |but )?if ([^,?]+), (?:then )?(?:who|what|which|how|where|whom)\b"
         r"[^,]*$", r"what if \1?"),
    Turn(("can ", "could ", "may ", "might "), r"^(?:can|could|may|might) (?:i|we) (?:please )?"
         r"(?:see|have|get|look at|read|be shown) ", "show "),
    Turn(("capital structure",), r"['\u2019]s capital structure(?= (?:\w+ly )?(?:depend|rest|hinge"
         r"|rel|lean))", ""),
    Turn((" for my", " for our", " for a ", " for the "), r",? for (?:my|our|a|the) (?:own )?"
         r"(?:class|thesis|report|paper|notes?|memo|essay|pupils|students|readers|homework|files?"
         r"|team|boss|blog|presentation|talk|slides?)\s*[.?!]*$", "?"),
    Turn((" as ",), r",? as (?:described|stated|told|reported|given|listed|presented|named)"
         rf" (?:here|in {SOURCE}|by {SOURCE})\s*[.?!]*$", "?"),
    Turn((" how ", " what ", " who ", " why ", " which ", " where "), r"^(?:please )?(?:explain"
         r"|tell|show|describe|say|teach)(?: to)? (?:me|us|(?:my|our|the) \w+)(?: please)?,? "
         r"(?=(?:how|what|who|whom|whose|why|which|where) )", ""),
    Turn((" industry", " sector"), r"\b(?:for|in) the (?:ai |artificial intelligence )?"
         r"(?:industry|sector)\s*[.?!]*$", "?"),
    Turn(("i ", "we "), rf"^(?:i|we) {THINKS}(?: that)? {NO_QUESTION}(.+?)[.?!]*$", r"\1, right?"),
    Turn((":", ","), rf"^is (?:this|it|that) (?:correct|true|right|so)\s*[:,]\s*{NO_QUESTION}"
         r"(.+?)[.?!]*$", r"\1, right?"),
    Turn((" with ",), rf"^(?:does|did) {SOURCE} credit (.+?) with ", r"does \1 have "),
    Turn((" you ",), r"^(?:please )?(?:can|could|would|will) you (?:please )?(?:explain"
         r"|tell (?:me|us)|say|show (?:me|us)|list|name|describe|give (?:me|us)|find)"
         r"(?: to me)?(?: please)? ", ""),
    Turn((" it ",), r"\b(who|what|which [\w-]+|whom) (?:is|was|are) it (?:that|who) ", r"\1 "),
    Turn((" it ",), CLEFT + r"((?:by|from|in|with) .+?) (?:that|who|which) (.+?)[.?!]*$",
         r"\2 \1, right?"),
    Turn((" it ",), CLEFT + r"(.+?) (?:that|who|which) (" + VERB + r" .+?)[.?!]*$",
         r"\1 \2, right?"),
    Turn((" it ",), CLEFT + r"(.+?) (?:that|who|whom|which) (.+?)[.?!]*$", r"\2 \1, right?"),
    Turn((" of ", " among "), r"^(?:is|was|are|were) (.+?) (?:one of|among|part of) (?:those|the"
         r" (?:ones|companies|firms|investors|backers|labs|names)) (?:that|who|which) ",
         r"did \1 "),
    Turn((" the ",), r"\b(who|what|which [\w-]+) (?:is|are) the (?:ones?|company|companies|firms?"
         r"|labs?|organi[sz]ations?) (?:that|who|which) ", r"\1 "),
    Turn(("the ",), r"^(?:list |name )?(?:all )?the (compan(?:y|ies)|firms?|labs?|groups?"
         r"|organi[sz]ations?|investors?|backers?) (?:that|which|who) ", r"which \1 "),
    Turn((" that ", " which "), rf" (?:that |which ){SOURCE} (?:{TELLS})"
         r"(?: (?:of|about|apart|out|for|on|here))*[.?!]*$", ""),
    Turn((" in the ", " in this ", " in today"), r"\bin (?:the|this|today['\u2019]s)"
         r" (?:whole |global |current )?(?:ai |artificial intelligence )?"
         r"(?:contest|race|game|arena|competition|landscape)\b", ""),
    Turn(("am i right", "are we right"), r",? (?:am i|are we) right\s*\?*$", ", right?"),
    Turn((",",), r",\s*(?:is that (?:so|right|true|correct)"
         r"|isn['\u2019]?t that (?:so|right|true)|true|correct|true or false|yes or no)\s*\?*$",
         ", right?"),
)


def straightened(text: str) -> str:
    """A question without its turns of phrase; the text itself where there is none."""
    for turn in TURNS:
        low = text.lower()
        if any(sign in low for sign in turn.signs):
            text = _compiled(turn.pattern).sub(turn.plain, text)
    return text


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
