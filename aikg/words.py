"""Words: an English question as tokens and stems, and which of them carry no meaning of their own.

This is grammar, not knowledge: what the field calls its things stands in the ontology's labels.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

TOKEN = re.compile(r"\{\w+\}|[^\W_]+(?:[.&][^\W_]+)*|'s\b|\+")
IRREGULAR = {
    "gave": "give", "given": "give", "got": "get", "gotten": "get", "made": "make",
    "bought": "buy", "sold": "sell", "built": "build", "led": "lead", "won": "win", "lost": "lose",
    "took": "take", "taken": "take", "kept": "keep", "began": "begin", "begun": "begin",
    "paid": "pay", "threw": "throw", "drew": "draw", "drawn": "draw", "held": "hold", "ran": "run",
    "came": "come", "went": "go", "gone": "go", "became": "become", "left": "leave",
    "rose": "rise", "risen": "rise", "fell": "fall", "fallen": "fall", "grew": "grow",
    "grown": "grow", "chose": "choose", "chosen": "choose", "spun": "spin", "stood": "stand",
    "wrote": "write", "written": "write", "said": "say", "told": "tell", "thought": "think",
    "meant": "mean", "spent": "spend", "lent": "lend", "dealt": "deal", "saw": "see",
    "seen": "see", "shown": "show", "known": "know", "knew": "know", "brought": "bring",
    "sought": "seek", "fought": "fight", "lain": "lie", "laid": "lay", "data": "data",
    "has": "have", "had": "have", "does": "do", "did": "do", "done": "do", "is": "be", "are": "be",
    "was": "be", "were": "be", "been": "be", "being": "be", "am": "be", "centre": "center",
    "centres": "center", "analysis": "analysis", "basis": "basis", "business": "business",
    "series": "series", "processes": "process", "news": "news", "always": "always",
    "less": "less", "access": "access", "bias": "bias", "gpus": "gpu", "companies": "company",
    "lies": "lie", "dies": "die", "relies": "rely", "relied": "rely", "weaknesses": "weakness",
    "businesses": "business", "losses": "loss", "funding": "funding", "financing": "financing",
    "computing": "computing", "something": "something",
    "nothing": "nothing", "anything": "anything", "everything": "everything", "during": "during",
    "founding": "founding", "offering": "offering", "spending": "spending", "during ": "during",
    "beings": "being", "thing": "thing", "things": "thing", "bring": "bring", "brings": "bring",
    "string": "string", "king": "king", "using": "use", "used": "use", "uses": "use", "use": "use",
    "need": "need", "needs": "need", "needed": "need", "speed": "speed", "feed": "feed",
    "feeds": "feed", "indeed": "indeed", "exceed": "exceed", "seed": "seed", "red": "red",
    "lying": "lie", "tying": "tie", "ties": "tie", "tied": "tie", "pros": "pro", "cons": "con",
    "plus": "plus", "minus": "minus", "status": "status", "versus": "versus", "focus": "focus",
    "focuses": "focus", "focused": "focus", "focusing": "focus", "focussed": "focus",
    "emphasis": "emphasis", "emphases": "emphasis", "thesis": "thesis", "crisis": "crisis",
    "earnings": "earnings", "savings": "savings", "its": "its", "this": "this", "us": "us",
    "as": "as", "yes": "yes", "virus": "virus", "gas": "gas", "times": "time", "ai": "ai",
}
BRITISH = frozenset("enterprise enterprises otherwise exercise exercises expertise franchise likewise "
                    "compromise compromised promised promises promising comprises comprised comprising "
                    "surprise surprised surprises surprising supervise advertise advertised "
                    "advertising premises revised raised raising".split())
"""Words in -ise that have no form in -ize."""
WH = {"who": "who", "whom": "who", "whose": "who", "what": "what", "which": "what",
      "when": "when", "where": "where", "why": "why", "how": "how"}
AUXILIARIES = frozenset("do does did is are was were has have had can could will would should may "
                        "might must shall".split())
NEGATIONS = frozenset("not no never without neither nor none nobody hardly".split())
PREPOSITIONS = frozenset("of to in into on onto for from by with at about over against between "
                         "through under than among upon via towards toward off up out "
                         "inside within per across as like after before during since until".split())
# Words that fill a sentence without changing what it asks.
FILLERS = frozenset("""
a an the this that these those there here it its they them their he she his her one ones some any
all every each other another others else such same so very much many more most also too just only
really actually exactly precisely currently now today still already ever even maybe perhaps please
kindly thanks thank hi hello hey ok okay so well then and or but if because while though yet both
either me my mine we us our you your i im id can could would should will may might must shall do does
did be been being am is are was were have has had having let lets get got tell show give list name
find display print explain describe say says said state stated mention mentions mentioned claim
claims according article text author piece report source graph data know known wonder wondering
curious want like need help question answer quick quickly short brief briefly exact specific
particular certain kind kinds type types sort sorts thing things stuff way ways case example anyone
somebody someone anybody everybody everyone people person company companies firm firms organization
organizations organisation organisations corporation business businesses player players enterprise
enterprises lab labs entity entities party parties guy guys folks terms respect
regard regarding concerning called actual main mainly major key big large various different several
few different whole entire full complete overall general generally basically essentially simply
come comes make made making look looking see think thought believe suppose presumably
apparently turn turns happen current truly once altogether anyway besides especially particularly
effectively ultimately potentially possibly probably likely instead rather quite almost nearly enough
specifically respectively together alone itself themselves according per se again further ago soon
later earlier recent recently new old big bigger small good bad best bit lot lots plenty number point
fact facts matter matters clear clearly sure certainly definitely simple simply word words line lines
sentence sentences writer editor reader statement statements passage passages read reading write
writing count counts call calls called etc ai artificial intelligence nutshell phrase deadline walk
through eye eyes camp side sides moment today tomorrow nowadays present presently day days life
exist exists exactly regards view views perspective opinion context detail details overview summary
summarize list lists include includes including included set sets thats whats front word pretty fair
accurate dump wise boasted venture ventures concern concerns occur occurs true false correct right possible way chance sense honest honestly talk talks speak speaks tells knows
""".split())
# Words that change what would be a right answer; a phrasing must hold the same.
LIMITS = frozenset("most least best worst all every only sole percent percentage share first last "
                   "total average second third exclusively next".split())
PRONOUNS = frozenset("it them they he she him her its their".split())
# Fillers that still count where a stored question uses them too.
LIGHT = frozenset("""
need come make made different happen kind type get give say claim company lab people list show
tell name describe explain mention want know article data business firm organization
more only look question answer front called call passage passages statement statements through set
side view summary include existing count true right if change other also both called once alone together word words
sentence new old good bad best number fact facts speak ultimately potentially
""".split())


@cache
def _contractions() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), replacement) for pattern, replacement in (
        (r"[‘’`´]", "'"),
        (r"\bcan't\b|\bcannot\b", "can not"),
        (r"\bwon't\b", "will not"),
        (r"\b(?:most recent|newest)\b", "latest"),
        (r"n't\b", " not"),
        (r"\b(do|does|did|is|are|was|has|have|could|would)nt\b", r"\1 not"),
        (r"\b(who|what|where|when|how|there|that|it|let)'s\b", r"\1 is"),
        (r"'(re|ve|ll|d|m)\b", " "),
        (r"s'(?=\s|$)", "s 's"),
        (r"\b(e\.g|i\.e|vs|etc)\.", r"\1"),
    ))


def tokens(text: str) -> list[str]:
    """The words of a text in lower case: contractions undone, possessives a token `'s`.

    A slot such as `{company}` is one token. Never fails, whatever the text holds.
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    if not plain.replace(" ", "").isalnum() or "nt" in plain or "recent" in plain:
        for pattern, replacement in _contractions():
            plain = pattern.sub(replacement, plain)
    return TOKEN.findall(plain)


@cache
def yes_no_tags() -> re.Pattern[str]:
    """What turns a statement into a question that wants yes or no. Compiled when first needed."""
    return re.compile(
        r"^(?:so |and |ok |well )?(?:(?:is|was) it (?:true|right|correct|fair|accurate|the case)"
        r"(?: to (?:say|call|claim))?(?: that)?|would it be (?:right|fair|accurate|correct|true)"
        r"(?: to (?:say|call|claim))?(?: that)?|true or (?:false|not)|right or wrong"
        r"|correct or not)[\s:,]+"
        r"|[\s,.:-]+(?:right|correct|true|yes or no|true or false|isn't it|is it not|or not|no|"
        r"is that (?:right|true|correct))\s*\?*\s*$", re.IGNORECASE)


def is_adverb(word: str) -> bool:
    """Whether a word says how, by its ending: `highly`, `technically`."""
    return word.endswith("ly") and len(word) > 5 and word not in (
        "supply", "family", "rely", "apply", "reply", "monopoly", "assembly", "directly")


def stem(word: str) -> str:
    """A word without its inflection: `funds`, `funded` and `fund` give the same."""
    if word in IRREGULAR:
        return IRREGULAR[word]
    if len(word) <= 3 or not word.isalpha():
        return word
    if len(word) > 7 and word not in BRITISH:
        word = _american(word)
    for suffix, replacement in (("ies", "y"), ("ied", "y"), ("sses", "ss"), ("shes", "sh"),
                                ("ches", "ch"), ("xes", "x"), ("ses", "s")):
        if word.endswith(suffix) and len(word) > len(suffix) + 1:
            return _bare(word[:-len(suffix)] + replacement)
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    if word.endswith("ing") and len(word) > 5:
        word = _single(word[:-3])
    elif word.endswith("ed") and len(word) > 4:
        word = _single(word[:-2])
    return _bare(word)


def _american(word: str) -> str:
    """`commercialising` as `commercializing`."""
    for ending in ("ise", "ised", "ises", "ising", "isation", "isations"):
        if word.endswith(ending):
            return word[:-len(ending)] + ending.replace("is", "iz", 1)
    return word


def _single(word: str) -> str:
    """A doubled last consonant made single: `runn` to `run`."""
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
        return word[:-1]
    return word


def _bare(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("e") else word


def normal(text: str) -> str:
    """The form in which names are compared: case, hyphens and punctuation do not count."""
    return " ".join(token for token in tokens(text.replace("-", " ").replace("'s", " 's")))


def stem_key(name: str) -> str:
    """The stems of a normalised name; empty for one of a single word."""
    parts = name.split()
    return " ".join(map(stem, parts)) if len(parts) > 1 else ""


def distance(left: str, right: str, limit: int) -> int:
    """Edits (insert, delete, change, swap of neighbours) from one word to another.

    Gives limit + 1 as soon as more than `limit` are needed (optimal string alignment).
    """
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    before: list[int] = []
    previous = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        current = [i]
        for j, b in enumerate(right, 1):
            best = min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                best = min(best, before[j - 2] + 1)
            current.append(best)
        if min(current) > limit:
            return limit + 1
        before, previous = previous, current
    return previous[-1]
