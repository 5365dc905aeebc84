"""Words: an English question as tokens and stems, and which of them carry no meaning of their own.

This is grammar, not knowledge: what the field calls its things stands in the ontology's labels.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

TOKEN = re.compile(r"\{\w+\}|[^\W_]+(?:[.&][^\W_]+)*|'s\b|\+")
IRREGULAR = dict(pair.split(":") for pair in """
am:be are:be became:become been:be began:begin begun:begin being:be bought:buy bring:bring
brings:bring brought:bring built:build business:business businesses:business came:come
centre:center centres:center chose:choose chosen:choose companies:company cons:con dealt:deal
did:do dies:die does:do done:do drawn:draw drew:draw emphases:emphasis emphasis:emphasis
fallen:fall feed:feed feeds:feed fell:fall focus:focus focused:focus focuses:focus
focusing:focus focussed:focus fought:fight gave:give given:give goes:go gone:go got:get gotten:get
gpus:gpu grew:grow grown:grow had:have has:have held:hold is:be kept:keep knew:know known:know
laid:lay led:lead left:leave lent:lend lies:lie losses:loss lost:lose made:make meant:mean
need:need needed:need needs:need paid:pay processes:process pros:pro ran:run relied:rely
relies:rely risen:rise rose:rise said:say saw:see seen:see shown:show sold:sell sought:seek
spent:spend spun:spin stood:stand taken:take thing:thing things:thing thought:think threw:throw
tied:tie ties:tie told:tell took:take use:use used:use uses:use using:use was:be
weaknesses:weakness went:go were:be won:win written:write wrote:write
""".split())
AS_THEY_ARE = frozenset("""
access always analysis anything as basis bias computing crisis data during earnings everything
financing founding funding its less minus news nothing offering plus savings series something
speed spending status thesis this us versus
""".split())
"""Words that only look inflected."""
BRITISH = frozenset("""
advertise advertised advertising comprised comprises comprising compromise compromised
enterprise enterprises exercise exercises expertise franchise likewise otherwise premises
promised promises promising raised raising revised supervise surprise surprised surprises
surprising
""".split())
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
a according accurate actual actually again ai all almost alone aloud already also altogether am
amazing amid an and another answer any anybody anyone anyway apparent apparently are article
artificial author bad basically be because been behemoth behemoths being believe besides best big
bit boast boasted boasting boasts both brief briefly btw business businesses but call called
calls camp can case certain certainly chance cheers claim claims clear clearly clue clues come comes
companies company complete concern concerning concerns confused context corporation correct could
count counts curious current currently data day days deadline dear definitely describe detail
details did different display do does dude duh dump each early editor effectively eh eight either
else enough enterprise enterprises entire entities entity erm especially essentially etc even ever
every everybody everyone exact exactly example exist exists explain eye eyes fact facts fair false
famous famously far few finally find firm firms five folks four fresh front full funny further fyi
general generally get giant giants give gonna good got graph grateful guy guys had haha handful
happen has have having he hear heard hearing heavyweight heavyweights hello help her here hey hi his
hiya hmm hmmm honest honestly huge i id idea ideas if im imagine include included includes including
indeed intelligence interested interesting is it its itself just key kind kinda kindly kinds know
known knows lab labs large later let lets life like likely line lines list lists lol look looking
lot lots made main mainly major make making many massive mate matter matters may maybe me meanwhile
mega mention mentioned mentions might mine moment more most much must my name naturally nearly need
new nice nine notable notably now nowadays number nutshell obvious obviously occur occurs ok okay
old one ones only opinion or organisation organisations organization organizations other others our
overall overview pardon particular particularly parties party passage passages people per perhaps
person perspective phrase piece player players please plenty pls plz point possible possibly
potentially precisely present presently presumably pretty print probably prominent puzzled question
quick quickly quite rather read reader reading really recall recent recently reckon regard regarding
regards remarkable remember remembered remind reminded report reportedly respect respectively right
roughly rumour rumoured said same say says se see seem seemed seems sense sentence sentences set
sets seven several shall she short should show side sides simple simply sir six small so some
somebody someone soon sorry sort sorts speak speaks specific specifically state stated statement
statements still story straightforward stuff such summarize summary super suppose supposed
supposedly sure surely talk talks tech tell tells tempted ten terms text thank thanks that thats the
their them then there these they thing things think this those though thought three through thx
tidbit titan titans today together tomorrow too topic trio true truly turn turns two type types
ultimately um unsure us usual usually various venture ventures very view views walk wanna want was
way ways we well were whats while whole will wise wonder wondered wondering word words would wow
write writer writing yeah yep yet yo you your zero
""".split())
# Words that change what would be a right answer; a phrasing must hold the same.
LIMITS = frozenset("most least best worst all every only sole percent percentage share first last "
                   "total average second third exclusively next formerly previously initially "
                   "originally mere merely just solely purely besides itself stop stops stopped "
                   "stopping refuse refuses refused cease ceases ceased abandon abandons "
                   "abandoned".split())
GRAMMAR = FILLERS | WH.keys() | AUXILIARIES | PREPOSITIONS | NEGATIONS
"""Words that are no names, nor parts of one that is looked for."""
PRONOUNS = frozenset("it them they he she him her its their my your our".split())
# Fillers that still count where a stored question uses them too.
LIGHT = frozenset("""
alone also answer article bad best both business call called change claim come company count data
describe different existing explain fact facts far firm front get give good happen if include
kind know lab list look made make matter mention more name need new number old once only
organization other overview passage passages people potentially question right say sentence set
show side speak statement statements summary tell through together true two type ultimately view
want word words
""".split())


NO_ADVERBS = frozenset(
    "supply family rely apply reply monopoly assembly directly underbelly".split())


APOSTROPHES = str.maketrans("\u2018\u2019`\u00b4", "''''")
MONEY = r"\b(money|capital|cash|funds?|funding|financing)"
RAISE = "(?:raise|get|seek|find|obtain|secure|attract)"
# What is written another way: a sign of it, a pattern, and what stands for it. In this order; each
# pattern is compiled when its sign is first met, since all of them take a millisecond.
REWRITTEN = (
    ("can", r"\bcan't\b|\bcannot\b", "can not"),
    ("without", r"\b(?:can|could) not (\w+(?: \w+){0,2}?) (?:do|live|survive|exist) without\b",
     r"does \1 need"),
    ("without", r"\b(?:can|could) not (?:do|live|survive|exist) without\b", "needs"),
    ("without", r"\bnot (?:do|live|survive|exist) without\b", "need"),
    ("on top", r"(?:[,;]|^)\s*on top of\b", " besides"),
    ("in addition", r"\bin addition to\b", "besides"),
    (" from", r"\b(?:apart|aside) from\b", "besides"),
    ("other than", r"\bother than\b", "besides"),
    ("nothing", r"\b(?:just |merely )?((?:an?|the) [\w -]+?),? and nothing (?:more|else)\b",
     r"only \1"),
    ("nothing", r"\bnothing (?:more|else|but)\b", "only"),
    ("exc", r"\b(?:except(?: for)?|excluding)\b", "besides"),
    ("leaving", r"\bleaving out\b", "besides"),
    ("sel", r"\b(?:themsel(?:f|ves)|oneself)\b", "itself"),
    ("itself", r"(?:that |which )?\bit (?:has |had )?(\w+ed|made|built) itself\b", r"self \1"),
    ("themselves", r"(?:that |which )?\bthey (?:have |had )?(\w+ed|made|built) themselves\b",
     r"self \1"),
    ("apart", r"\b(?:sets?|setting) (?:itself|themselves) apart\b", "differentiate"),
    ("next to", r"\bnext to\b", "compared to"),
    ("on its own", r"\bon its own\b", "alone"),
    ("laborator", r"\blaborator(?:y|ies)\b", "lab"),
    ("outside", MONEY + r" (?:from )?(?:the )?outside(?:rs)?\b", r"outside \1"),
    ("elsewhere", MONEY + r" (?:from )?elsewhere\b", r"outside \1"),
    ("externally", MONEY + r" externally\b", r"outside \1"),
    *((sign, rf"\b(?:has|have|had|needs?|must) to {RAISE} (?={sign})", "needs ")
      for sign in ("outside", "external")),
    *((sign, rf"^must (.+?) {RAISE} (?={sign})", r"does \1 need ")
      for sign in ("outside", "external")),
    ("won't", r"\bwon't\b", "will not"),
    ("recent", r"\bmost recent\b", "latest"),
    ("newest", r"\bnewest\b", "latest"),
    ("used to", r"\bused to\b", "formerly"),
    ("n't", r"n't\b", " not"),
    ("nt", r"\b(do|does|did|is|are|was|has|have|could|would)nt\b", r"\1 not"),
    ("'s", r"\b(who|what|where|when|how|there|that|it|let)'s\b", r"\1 is"),
    ("'", r"'(re|ve|ll|d|m)\b", " "),
    ("s'", r"s'(?=\s|$)", "s 's"),
    (".", r"\b(e\.g|i\.e|vs|etc)\.", r"\1"),
)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def tokens(text: str) -> list[str]:
    """The words of a text in lower case: contractions undone, possessives a token `'s`.

    A slot such as `{company}` is one token. Never fails, whatever the text holds.
    """
    plain = unicodedata.normalize("NFKC", text).casefold().translate(APOSTROPHES)
    for sign, pattern, replacement in REWRITTEN:
        if sign in plain:
            plain = _compiled(pattern).sub(replacement, plain)
    return TOKEN.findall(plain)


def is_adverb(word: str) -> bool:
    """Whether a word says how, by its ending: `highly`, `technically`."""
    return word.endswith("ly") and len(word) > 5 and word not in NO_ADVERBS


@lru_cache(1 << 12)  # a server is asked for ever more words
def stem(word: str) -> str:
    """A word without its inflection: `funds`, `funded` and `fund` give the same."""
    if word in IRREGULAR:
        return _bare(IRREGULAR[word])
    if len(word) <= 3 or not word.isalpha() or word in AS_THEY_ARE:
        return word
    return _stripped(word if len(word) < 8 or word in BRITISH else _american(word))


def _stripped(word: str) -> str:
    """A regular word without its ending."""
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
    return min(previous[-1], limit + 1)
