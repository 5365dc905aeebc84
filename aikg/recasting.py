"""Recasting: the plainer question that a question comes down to, by how its sentences are built.

`Google, Alphabet's subsidiary, has several strengths. Which?` comes down to `Google has which
strengths?`, and `xAI is young. What does it depend on?` to `What does xAI depend on?`. What is
moved or left out restricts nothing: an aside behind a name, a sentence that sets the scene. Its
patterns take milliseconds to compile, so it is imported for a question of several parts only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from aikg.grammar import KINDS

Names = Callable[[str], list[str]]
"""Finds the names in a text that a pronoun may stand for, in order, each once."""


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE | re.VERBOSE)


SENTENCE = _pattern(
    r"(?<!\bcorp)(?<!\binc)(?<!\bco)(?<!\bltd)(?<!\bvs) [.!?;:]+\s+ | \s[-\u2013\u2014]+\s")
ASIDE = _pattern(r"""
    ,\s+( (?: the | an? | one[ ]of | itself | now | once | formerly | originally | today | which
            | who | whose | [\w&.]+['\u2019]s ) \b [^,.:;?!]* ) (?= [,:.;?!] | $ )""")
KIND = _pattern(rf"""
    \b [\w.]+ [ ]? ['\u2019]s \s+ (?: [\w-]+ \s+ ){{0,2}}? (?: {" | ".join(sorted(KINDS))} ) \s+""")
"""What stands before a name to say what it is: `Alphabet's subsidiary Google`."""
ABOUT = _pattern(r"""
    ^ (?: in[ ](?:the[ ])?case[ ]of | as[ ]for | as[ ]regards | regarding | concerning
    | with[ ](?:regard|respect)[ ]to | (?:speaking|talking)[ ]of | on[ ]the[ ]subject[ ]of
    | when[ ]it[ ]comes[ ]to | turning[ ]to | back[ ]to | about | take | consider
    | look(?:ing)?[ ]at ) \s+ ( [^,:]+? ) \s* [,:] \s*""")
ELLIPTIC = _pattern(r"""
    ^ (?: and[ ] | so[ ] | but[ ] )?
    (?P<preposition> in | into | to | from | by | with | for | on | upon | of | against | at
                     | through )? \s*
    (?: which | what | who | whom | whose ) (?: [ ] (?P<noun> of[ ]them | [\w-]+ ) )?
    (?: [ ] (?: is | are | was | were | would ) [ ] (?: it | they | that | those | these | this ) )?
    (?: [ ] exactly | [ ] then | [ ] please )? $""")
NAMING = _pattern(r"""
    ^ (?: please[ ] )? (?: name | list | give | tell[ ]me | specify | identify )
    [ ] (?: it | them | which | who | which[ ]one ) (?: [ ] please )? $""")
EMPTY = _pattern(r"""
    ^ (?: and[ ] | so[ ] )? (?: who | which | what | whose | where ) (?: [ ]\w+ )?
      [ ] (?: is | are | was | were ) [ ] (?: it | they | that | those | these | this )
      (?: [ ] called | [ ] named | [ ] exactly | [ ] then )? $
    | ^ (?: and[ ] )? what (?: ['\u2019]s | [ ]is | [ ]are ) [ ] (?: its | their | the )
      [ ] names? $
    """)
"""Questions that ask no more than which is meant."""
NOUN_PHRASE = _pattern(r"^ (?: the | those | these | all | any ) [ ]")
THERE = _pattern(r"""
    ^ (?: (?:is|are)[ ] )? there (?: ['\u2019]s | [ ]is | [ ]are )? [ ]?
    (?: an? | one | some | any | several | certain ) [ ] (?P<noun> [\w-]+ (?: [ ][\w-]+ ){0,2}? )
    [ ] (?: that | which | who ) [ ]""")
INDEFINITE = _pattern(r"""
    \b (?: more[ ]than[ ]one | quite[ ]a[ ]few | a[ ]number[ ]of | a[ ]few | another | some
    | several | certain | various | one | two | three | four | five | six | an? )
    (?= \s+ (?P<noun> [\w-]+ (?: \s+ [\w-]+ ){0,3} ) )""")
NOUN_ENDS = _pattern(r"""
    \b (?: is | are | was | were | has | have | of | by | from | in | to | for | with | that
    | which ) \b""")
COPULA = _pattern(r"\b (?: is | are | was | were | becomes? | became | remain(?:s|ed)? ) \s* $")
POINTING = _pattern(r"""
    \b (?: this | that | the ) [ ] (?: company | lab | firm | organi[sz]ation | start-?up | player
    | model | chip ) ( ['\u2019]s )? \b
    (?! [ ] (?: that | which | who | behind | of | with | in ) \b )""")
HEADING = _pattern(r"""
    ^ [\w.&]+ (?: ['\u2019]s (?: [ ][\w-]+ ){1,2}
                | [ ] (?! (?: is | was | has | can | will )\b ) [\w-]+ [ ] [\w-]*[^s\W] ) $""")
"""What is no sentence: `OpenAI's mission`, `OpenAI chip supply`."""
POSSESSIVE = _pattern(r"\b (?: its | their | his | her ) \b (?: [ ]own \b )?")
PRONOUN = _pattern(
    r"\b (?: it | they | them | he | she | him ) \b (?! [ ] (?: takes? | that | come | true ) \b )")
TWO = _pattern(r"\b (?: the | these | both ) [ ] two \b")
PLURAL = _pattern(r"\b (?: they | them | their ) \b")
WITHIN = _pattern(r"\b ( in | of | from | behind | to | at | for | by ) [ ] it \b")
DOING = _pattern(r"\b (?: do | does | did | doing | done ) [ ] (?: that | this | so ) \b")
OTHER = _pattern(r"\b (?: other | others | else | another ) \b")
"""What an answer must leave out: what was named before."""
SUPPOSING = _pattern(r"""
    ^ (?: suppose | supposing | imagine | assume | assuming | say | let['\u2019]s[ ]say | if
    | what[ ]if ) [ ] (?: that [ ] )?""")
CONFIRMING = _pattern(r"""
    ^ (?: is[ ](?:it|that|this)[ ](?:so|true|right|correct|the[ ]case|accurate|fair)
    | (?:am[ ]i|is[ ]that)[ ]right | right | true | correct | yes[ ]or[ ]no | true[ ]or[ ]false
    | agreed? | yes | no | is[ ]it | isn['\u2019]?t[ ](?:it|that[ ]so) | does[ ]it
    | doesn['\u2019]?t[ ]it | do[ ]they
    | (?: does | do | can ) [ ] (?: the[ ](?:article|text|author|piece) | that | this | i | we )
      [ ] (?: support | confirm | say | state | hold | back | write | claim | agree )
      [ ]? (?: that | this | it | so | up )? | fact[ ]or[ ](?:fiction|myth) | or[ ]not ) $""")
ASKING = _pattern(r"\b (?: who | whom | whose | what | which | where | when | why | how ) \b")


def sentences(text: str) -> list[str]:
    """The sentences of a text; what stands before a colon or a dash is one too."""
    return [part for part in SENTENCE.split(text) if part.strip()]


def recast(text: str, names: Names) -> str:
    """The plainer question that a text comes down to; the text itself where there is none."""
    plain = _without_asides(text.strip(), names)
    parts = sentences(plain)
    about = ABOUT.match(parts[-1]) if parts else None
    if about and len(names(about[1])) == 1:
        parts[-1:] = [about[1], parts[-1][about.end():]]
    if len(parts) < 2:
        return plain
    *context, last = (part.strip(" ?.!") for part in parts)
    if DOING.search(last) or OTHER.search(last) or any(
            ASKING.search(part) for part in context if not NOUN_PHRASE.match(part)):
        return plain
    return _joined(context, last, names) or plain


def _joined(context: Sequence[str], last: str, names: Names) -> str:
    """One sentence of the last and those before it; empty where they cannot be made one."""
    if CONFIRMING.match(last):
        return f"{context[-1]}, right?"
    supposed = SUPPOSING.match(context[-1])
    if supposed:
        return f"what if {context[-1][supposed.end():]}?"
    if EMPTY.match(last) and (NOUN_PHRASE.match(context[-1]) or HEADING.match(context[-1])):
        return context[-1] + "?"
    filled = _filled(context[-1], last)
    if filled or EMPTY.match(last):
        return filled
    return _resolved(last, context, names)


def _filled(statement: str, question: str) -> str:
    """A statement with what is asked of it put in: `X has several strengths` and `which`."""
    elliptic = ELLIPTIC.match(question)
    if not (elliptic or NAMING.match(question) or EMPTY.match(question)):
        return ""
    there = THERE.match(statement)
    if there:
        return f"which {there['noun']} {statement[there.end():]}?"
    if ASKING.search(statement):
        return ""
    wanted = (elliptic["noun"] or "").lower() if elliptic else ""
    places = list(INDEFINITE.finditer(statement))
    exact = [place for place in places if wanted and wanted in place["noun"].lower().split()]
    if elliptic and elliptic["preposition"] and not exact:
        return f"{statement} {question}?"
    if not places:  # `it may split into layers. Which ones?`
        return re.sub(r"(?<= )([\w-]+s)$", r"which \1?", statement) if statement[-1:] == "s" else ""
    place = exact[-1] if exact else places[0]
    return statement[:place.start()] + "which" + statement[place.end():] + "?"


def _resolved(question: str, context: Sequence[str], names: Names) -> str:
    """A question with the names before it put where its pronouns stand; empty where unclear."""
    found = list(dict.fromkeys(name for part in context for name in names(part)))
    if len(found) == 2:
        question = TWO.sub(" and ".join(found), question)
    if not any(sign.search(question) for sign in (POSSESSIVE, PRONOUN, POINTING)):
        whole = ASKING.search(question) and set(found) <= set(names(question))
        return question + "?" if whole else ""
    if any(name.isdigit() for name in found):  # a year says which of its acts are meant
        return ""
    if len(found) > 1 and not (len(found) == 2 and PLURAL.search(question)):
        found = names(" ".join(context[-1].split()[:2]))[:1]  # what the sentence is about
    if not found:
        return ""
    if len(found) == 1 and HEADING.match(context[-1]) and not POSSESSIVE.search(question):
        return PRONOUN.sub(context[-1], question) + "?"  # `OpenAI's mission: what is it?`
    name = " and ".join(found)
    noun = _noun(context[-1])
    if noun:
        question = WITHIN.sub(rf"\1 {name}'s {noun}", question)
    question = POINTING.sub(lambda match: name + (match[1] or ""), question)
    question = POSSESSIVE.sub(f"{name}'s", question)
    return PRONOUN.sub(name, question) + "?"


def _noun(statement: str) -> str:
    """What a statement brings in beside its names, such as a `record financing round`."""
    for place in INDEFINITE.finditer(statement):
        if not COPULA.search(statement[:place.start()]):
            return NOUN_ENDS.split(place["noun"])[0].strip()
    return ""


def _without_asides(text: str, names: Names) -> str:
    """A text without what only describes a name: `Google, the search company,`."""
    for match in reversed(list(ASIDE.finditer(text))):
        if _ends_in_name(text[:match.start()], names) and not _asks(match[1]):
            text = text[:match.start()] + text[match.end():].removeprefix(",")
    for match in reversed(list(KIND.finditer(text))):
        after = " ".join(text[match.end():].split()[:2]).rstrip(",.?!'")
        if names(after) and names(match[0]):
            text = text[:match.start()] + text[match.end():]
    return text


def _asks(aside: str) -> bool:
    """Whether an aside holds a question of its own; `who makes X` behind a name describes it."""
    return any(word not in ("who", "whose", "which") for word in ASKING.findall(aside.lower()))


def _ends_in_name(text: str, names: Names) -> bool:
    return any(names(" ".join(text.split()[-length:])) for length in (1, 2))
