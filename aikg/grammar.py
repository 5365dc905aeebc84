"""Grammar: what an English question asks for, and which place a name has in it.

Shallow on purpose: a few signs decide (auxiliaries, prepositions, the possessive, word order).
"""

from __future__ import annotations

from collections.abc import Sequence

from aikg.words import AUXILIARIES, FILLERS, LIGHT, NEGATIONS, PREPOSITIONS, WH, is_adverb, stem

OBJECT, DIRECT, SUBJECT, OWNER = "object", "direct", "subject", "owner"
AGENT, ORIGIN, NONE = "by", "from", ""
"""The places of a name: OBJECT behind a preposition, DIRECT behind a verb; NONE where unclear."""
WHO, WHAT, WHEN, COUNT, YES_NO = "who", "what", "when", "count", "yes-no"
BE = frozenset({"is", "are", "was", "were", "been", "being"})
HAVE = frozenset("have has had having boast boasts boasting".split())
PERSONS = frozenset("company firm organization organisation business player lab enterprise people "
                    "corporation outfit giant heavyweight person individual".split())
KINDS = frozenset("subsidiary unit arm division offshoot parent owner rival competitor model "
                  "series chip family backer investor partner lab developer maker creator".split())
"""Words that may say what a name behind them is: `Alphabet's subsidiary Google`."""
SIZES = frozenset("much many big large high expensive costly valuable heavy small".split())
TIMES = frozenset({"year", "date", "time", "day", "month", "week", "quarter"})
MORE = frozenset("more less fewer better worse bigger larger smaller stronger weaker".split())
POINTING = frozenset({"this", "that", "the", "said"})
RELATIVES = frozenset("that who whom which whose behind with of to from for in by it they".split())
DETERMINERS = frozenset({"the", "a", "an", "both", "its", "their"})
PAST = frozenset("became began bought brought built came chose found gave got grew held kept laid "
                 "left lost made met paid put saw sold sought spent took went won".split())
"""Irregular verbs in the past, which say that the name before them acts."""
VERBS = frozenset("belongs buys competes counts depends develops draws earns finances follows gets "
                  "holds hopes intends invests leans lives makes needs obtains owes owns pays "
                  "plans provides pursues receives relies rests sells serves sits spends stands "
                  "takes tries wants".split())
"""Verbs in the third person that are no nouns in the plural."""
PARTICIPLES = frozenset("built driven fed given led made run set sold".split())
OPENERS = frozenset("please tell me i to know want so and ok hey hi hello also then well just the "
                    "a you".split())


def asks_for(items: Sequence[str]) -> str:
    """What kind of answer the tokens of a question want.

    One of who, what, when, where, why, how, count, yes-no; empty for keywords and commands.
    """
    words = [item for item in items if item not in OPENERS]
    for place, item in enumerate(words):
        if item in WH:
            return _asked_by(words, place)
    return YES_NO if len(words) > 1 and words[0] in AUXILIARIES else ""


def _asked_by(words: Sequence[str], place: int) -> str:
    """What the question word at a place asks for, by what follows it."""
    word = words[place]
    follows = words[place + 1] if place + 1 < len(words) else ""
    if word == "how":
        return COUNT if follows in SIZES else WHEN if follows in ("old", "long") else word
    if word in ("what", "which"):
        if follows in ("reason", "reasons"):
            return "why"
        if any(only_says_who(words, ahead) for ahead in range(place + 1, len(words))):
            return WHO
        return WHEN if stem(follows) in TIMES else WHAT
    return WH[word]


def refers_back(items: Sequence[str]) -> bool:
    """Whether tokens speak of something named before: `this company`, `that one`, `of the two`.

    `the company that …` is named here.
    """
    for place, item in enumerate(items):
        before = items[place - 1] if place else ""
        after = items[place + 1] if place + 1 < len(items) else ""
        if item in PERSONS and before in POINTING and after not in RELATIVES:
            return True
        if item == "two" and before == "the" and items[place - 2] in ("of", "between"):
            return True
        if item in ("other", "rest") and before == "the" and not after:
            return True
        if item == "one" and before in ("this", "that") and after not in RELATIVES:
            return True
    return False


def goes(items: Sequence[str]) -> str:
    """Whether what is asked for is where something goes to or comes from: `>to`, `>from`, or empty.

    By the preposition before the question word, or the one left at the end.
    """
    last = items[-1] if items else ""
    asking = next((place for place, item in enumerate(items) if item in WH), 0)
    before = items[asking - 1] if asking else ""
    return next((f">{word}" for word in (before, last) if word in ("to", "from")), "")


def only_says_who(items: Sequence[str | None], place: int) -> bool:
    """Whether a word only says what kind of answer is wanted: `which company`, `which AI labs`."""
    if stem(items[place] or "") not in PERSONS:
        return False
    before = [item for item in items[max(0, place - 3):place] if item is not None]
    if before[-2:-1] == ["of"] and before[-1] in ("these", "those"):
        del before[-2:]  # `which of these firms`
    while before and before[-1] in FILLERS and before[-1] not in ("which", "what"):
        before.pop()
    return bool(before) and before[-1] in ("which", "what")


def is_content(item: str) -> bool:
    """Whether a word carries meaning of its own, if only a little."""
    if (item in WH or item in AUXILIARIES or item in PREPOSITIONS or item in NEGATIONS
            or item == "'s" or is_adverb(item)):
        return False
    return item not in FILLERS or item in LIGHT or stem(item) in LIGHT


def role(items: Sequence[str], start: int, end: int) -> str:
    """The place in the sentence of the name that stands at items[start:end]."""
    before = [item for item in items[:start] if item not in DETERMINERS]
    after = items[end:]
    last = before[-1] if before else ""
    if after[:1] == ["'s"] or last == "of":
        return OWNER
    if last in ("by", "from"):
        return AGENT if last == "by" else ORIGIN
    if last in HAVE and after and after[0] != "been":
        return SUBJECT if _has_content(after) else OBJECT
    if last in AUXILIARIES:
        return _after_auxiliary(before, after)
    adverbs = next((place for place, item in enumerate(after) if not is_adverb(item)), 0)
    return _elsewhere(before, after[adverbs:], last)


def _elsewhere(before: Sequence[str], after: Sequence[str], last: str) -> str:
    """The place of a name that no auxiliary and no telling preposition stands before."""
    if after and is_content(after[0]) and _acts(before, after, last):
        return SUBJECT
    leads = not any(is_content(item) and item not in FILLERS for item in before)
    if leads and _has_content(after):
        if after[0] in AUXILIARIES:
            passive = [*after, "by"] if "by" in before else after
            return OBJECT if _undergoes(after[0], passive) else SUBJECT
        if _verb_follows(after):
            return SUBJECT
        if not before:
            return OWNER
    if last in PREPOSITIONS:
        return OBJECT
    if any(map(is_content, before)):
        return SUBJECT if last == "and" else DIRECT
    return NONE


def _acts(before: Sequence[str], after: Sequence[str], last: str) -> bool:
    """Whether a name does what the word behind it says."""
    return (last in ("who", "whom") or _acts_within(before, after[0])
            or _is_relative(before, after)
            or (last == "what" and after[0].endswith(("s", "ed"))))


def _is_relative(before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether a name acts in a relative clause: `the labs that X funds`, `which labs X funds`."""
    head = [word for word in before if word not in ("that", "which")][-1:]
    verb, *rest = after
    inflected = verb in PAST | VERBS or verb.endswith(("s", "ed"))
    return (bool(head) and stem(head[0]) in PERSONS and head[0] in before[-2:] and inflected
            and PREPOSITIONS.issuperset(rest))


def _acts_within(before: Sequence[str], verb: str) -> bool:
    """Whether a name acts in what a question word begins: `on whose money X depends`."""
    return (verb in VERBS | PAST and PREPOSITIONS.isdisjoint(before[-1:])
            and not WH.keys().isdisjoint(before) and (AUXILIARIES | {"that"}).isdisjoint(before))


def _after_auxiliary(before: Sequence[str], after: Sequence[str]) -> str:
    """`does X fund`, `is X funding` make it the subject; `is X funded by` makes it the object."""
    if not _has_content(after) or _undergoes(before[-1], after) or (
            "by" in before and _undergoes(before[-1], [*after, "by"])):
        return OBJECT
    return SUBJECT


def _undergoes(auxiliary: str, after: Sequence[str]) -> bool:
    """Whether something is done to the name: `is X funded by whom`, `has X been funded by whom`."""
    if after[:1] == ["been"]:
        return _undergoes("been", after[1:])
    if "by" not in after and after[-1] in PREPOSITIONS:
        return False  # `is X invested in`
    told = after if "by" in after else after[:1]
    return auxiliary in BE and any(map(_is_participle, told))


def _is_participle(word: str) -> bool:
    return word.endswith("ed") or word in PARTICIPLES


def _has_content(items: Sequence[str]) -> bool:
    return any(map(is_content, items))


def _verb_follows(after: Sequence[str]) -> bool:
    """Whether the next word looks like a verb of the third person, as in `X funds whom`."""
    head = after[0]
    if head in PAST | VERBS or (head.endswith("ed") and "by" not in after[1:3]):
        return len(after) > 1
    return head.endswith("s") and not head.endswith("ss") and head != "'s" and any(
        item in WH or item in PREPOSITIONS for item in after)
