"""A phrasing: a question reduced to what it asks for, its slots or names, and its content words.

A stored query's phrasings and a user's question are reduced in the same way, so they can be laid
side by side: the same kind of question, the same names in the same roles, words that mean the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from aikg.words import (
    LIMITS,
    PRONOUNS,
    AUXILIARIES,
    FILLERS,
    LIGHT,
    NEGATIONS,
    PREPOSITIONS,
    WH,
    is_adverb,
    stem,
    tokens,
)

LONGEST_FORM = 6
"""Words in the longest label that is looked for."""
OBJECT, SUBJECT, OWNER, AGENT, ORIGIN, NONE = "object", "subject", "owner", "by", "from", ""
COUNT_WORDS = frozenset({"much", "many"})


class Name(NamedTuple):
    """A name within a phrasing: a slot of a stored query, or things that a question names."""

    role: str
    """Its place in the sentence: object, subject, owner, by, from, or empty where it is unclear."""
    slot: str = ""
    things: tuple[str, ...] = ()
    """CURIEs of the things it may stand for."""
    words: tuple[Word, ...] = ()
    """Its content words, for a name that is also plain language (`capital`, `safety`)."""
    proper: bool = True
    """Whether it is a proper name, which an answer must not pass over."""
    text: str = ""
    than: bool = False
    """Whether it is what another is compared with: `more … than X`."""


class Word(NamedTuple):
    """A content word, or several that form one label."""

    stem: str
    meanings: frozenset[str] = frozenset()
    """CURIEs of the classes and properties whose label it is."""
    light: bool = False
    """Whether it may go unmatched: it fills sentences, but some phrasings use it."""


class Phrasing(NamedTuple):
    """A question or a way to ask a stored query, reduced."""

    asks: str
    """who, what, when, where, why, how, count, yes-no, or empty for keywords and commands."""
    negated: bool
    names: tuple[Name, ...]
    words: tuple[Word, ...]
    has: bool = False
    """Whether it asks what something has: `does X have …`."""
    limits: frozenset[str] = frozenset()
    """Superlatives and quantifiers, which change what would be a right answer."""
    pronouns: frozenset[str] = frozenset()
    """Pronouns in it: of whom they speak nobody knows, unless a phrasing has the same."""
    copula: bool = False
    """Whether it asks what something is: `is X the parent of Y`."""


class Spotted(NamedTuple):
    """A name found among the tokens of a question, from `start` up to `end`."""

    start: int
    end: int
    things: tuple[str, ...]
    proper: bool


def reduce(
    text: str, forms: Mapping[str, Sequence[str]], spotted: Sequence[Spotted] = (),
    words: Sequence[str] | None = None, tagged: bool = False,
) -> Phrasing:
    """The phrasing of a text.

    `forms` maps stems joined by blanks to the terms they label; `spotted` are the names in it, by
    their place in `words`, its tokens (made from the text if not given); `tagged` says that it wants
    yes or no by a tag such as `right?`.
    """
    items = list(words if words is not None else plain(text))
    spans = list(spotted) or [Spotted(place, place + 1, (), True)
                              for place, item in enumerate(items) if item.startswith("{")]
    names = tuple(_name(items, span, forms) for span in _without_choices(items, spans))
    rest = _rest(items, spans)
    content = tuple(_content(rest, forms))
    return Phrasing("yes-no" if tagged else _asks(items), any(item in NEGATIONS for item in items), names, content,
                    any(item in ("have", "has", "having") for item in items),
                    frozenset(item for item in rest if item and (item in LIMITS or _superlative(item))),
                    frozenset(item for item in items if item in PRONOUNS),
                    bool(items) and (tagged or items[0] in _BE) and bool(_BE & set(items)))


def _superlative(word: str) -> bool:
    return word.endswith("est") and len(word) > 5 and word not in ("latest", "interest", "invest")


def _without_choices(items: Sequence[str], spans: Sequence[Spotted]) -> list[Spotted]:
    """The names but those that are only offered as answers: `which is bolder, X or Y`."""
    if not WH.keys() & set(items):
        return list(spans)
    offered: set[Spotted] = set()
    for left, right in pairwise(spans):
        if items[left.end:right.start] == ["or"]:
            offered |= {left, right}
    return [span for span in spans if span not in offered]


def plain(text: str) -> list[str]:
    """The tokens of a text, hyphens parting words, without an empty `own` (`its own chips`)."""
    items = tokens(text.replace("-", " "))
    return [item for place, item in enumerate(items)
            if not (item == "own" and place and items[place - 1] in _POSSESSIVES)]


_POSSESSIVES = frozenset({"its", "their", "his", "her", "'s", "an"})


def _rest(items: Sequence[str], spans: Sequence[Spotted]) -> list[str | None]:
    """The tokens outside of names; None parts what a name stood between."""
    rest: list[str | None] = list(items)
    for span in spans:
        rest[span.start:span.end] = [None] * (span.end - span.start)
    return rest


def _content(
    items: Sequence[str | None], forms: Mapping[str, Sequence[str]],
) -> Iterator[Word]:
    """The content words: the longest labels first, then single words that are no fillers."""
    place = 0
    while place < len(items):
        found = _longest(items, place, forms)
        if found:
            word, place = found
            yield word
            continue
        item = items[place]
        place += 1
        if item is not None and _counts(item) and not only_who(items, place - 1):
            base = stem(item)
            yield Word(base, frozenset(forms.get(base, ())), item in FILLERS or base in FILLERS)


def only_who(items: Sequence[str | None], place: int) -> bool:
    """Whether a word only says what kind of answer is wanted: `which company`, `which AI labs`."""
    before = [item for item in items[max(0, place - 3):place] if item is not None]
    while before and before[-1] in FILLERS and before[-1] not in ("which", "what"):
        before.pop()
    return bool(before) and before[-1] in ("which", "what") and stem(
        items[place] or "") in PERSONS


def _longest(
    items: Sequence[str | None], place: int, forms: Mapping[str, Sequence[str]],
) -> tuple[Word, int] | None:
    """The longest label of more than one word that starts here, and the place behind it."""
    for length in range(min(LONGEST_FORM, len(items) - place), 1, -1):
        part = [item for item in items[place:place + length] if item is not None]
        if len(part) == length:
            key = form_key(part)
            if key in forms and " " in key and items[place] not in _SKIPPED and (
                    part[-1] not in _BINDING):
                return Word(key, frozenset(forms[key])), place + length
    return None


def longest_form(
    items: Sequence[str], place: int, forms: Mapping[str, Sequence[str]],
) -> int:
    """How many words the longest label of more than one word has that starts here; 0 for none."""
    found = _longest(items, place, forms)
    return found[1] - place if found else 0


def form_key(words: Sequence[str]) -> str:
    """The stems of a label's words, without those that only bind them."""
    return " ".join(stem(word) for word in words if word not in _BINDING)


_BINDING = frozenset("a an the to of in on for with from into by at as is are be been has have its "
                     "their 's".split())
_SKIPPED = frozenset(_BINDING | WH.keys() | AUXILIARIES)


def _counts(item: str) -> bool:
    if item in WH or item in AUXILIARIES or item in PREPOSITIONS or item in NEGATIONS:
        return False
    if is_adverb(item):
        return False
    return item != "'s" and (item not in FILLERS or stem(item) in LIGHT or item in LIGHT)


def _weighs(item: str) -> bool:
    """Whether a word is a content word and no filler."""
    return _counts(item) and item not in FILLERS


def _asks(items: Sequence[str]) -> str:
    """What kind of answer the question wants."""
    words = [item for item in items if item not in _OPENERS]
    for place, item in enumerate(words):
        if item in WH:
            follows = words[place + 1] if place + 1 < len(words) else ""
            if WH[item] == "how" and follows in COUNT_WORDS:
                return "count"
            if WH[item] == "how" and follows in ("old", "long"):
                return "when"
            if item in ("what", "which") and any(
                    only_who(words, ahead) for ahead in range(place + 1, len(words))):
                return "who"
            if item in ("what", "which") and stem(follows) in _TIMES:
                return "when"
            return WH[item]
    if words and words[0] in AUXILIARIES and len(words) > 1:
        return "yes-no"
    return ""


_OPENERS = frozenset("please can you could would tell me i to know want so and ok hey hi hello also "
                     "then well just the a".split()) - {"can", "could", "would"}
PERSONS = frozenset("company firm organization organisation business player lab enterprise people "
                     "corporation outfit".split())
_TIMES = frozenset({"year", "date", "time"})


def _name(items: Sequence[str], span: Spotted, forms: Mapping[str, Sequence[str]]) -> Name:
    text = items[span.start:span.end]
    slot = text[0][1:-1] if text[0].startswith("{") else ""
    words = () if slot else tuple(_content(list(text), forms))
    than = span.start > 0 and items[span.start - 1] in ("than", "over", "versus", "vs")
    return Name(_role(items, span), slot, span.things, words, span.proper, " ".join(text), than)


def _role(items: Sequence[str], span: Spotted) -> str:
    """The place of a name in its sentence, by the words around it."""
    before = [item for item in items[:span.start] if item not in ("the", "a", "an", "both")]
    after = items[span.end:]
    if after[:1] == ["'s"]:
        return OWNER
    last = before[-1] if before else ""
    if last == "by":
        return AGENT
    if last == "from":
        return ORIGIN
    if last == "of":
        return OWNER
    if last in AUXILIARIES and last not in ("has", "have", "had"):
        return _after_auxiliary(before, after)
    if last in ("has", "have", "had") and after:
        return SUBJECT if _has_content(after) else OBJECT
    if after and after[0] in AUXILIARIES and not any(map(_weighs, before)) and (
            _has_content(after)):
        return OBJECT if _passive(after) else SUBJECT
    if not before and _has_content(after):
        return SUBJECT if _verb_follows(after) else OWNER
    if not any(map(_weighs, before)) and _has_content(after) and _verb_follows(after):
        return SUBJECT
    if last in PREPOSITIONS:
        return OBJECT
    if any(map(_counts, before)):
        return SUBJECT if last == "and" else OBJECT
    return NONE


def _after_auxiliary(before: Sequence[str], after: Sequence[str]) -> str:
    """`does X fund`, `is X funding` make it the subject; `is X funded by` makes it the object."""
    if not _has_content(after):
        return OBJECT
    passive = before[-1] in ("is", "are", "was", "were", "been") and any(
        _participle(item) for item in after)
    if passive and (after[-1] in ("by",) or "by" in before):
        return OBJECT
    if passive and "by" in after:
        return OBJECT
    return SUBJECT


def _passive(after: Sequence[str]) -> bool:
    """Whether a name undergoes what follows: `X is funded by whom`."""
    return after[0] in _BE and "by" in after and any(_participle(item) for item in after)


_BE = frozenset({"is", "are", "was", "were", "been", "being"})


def _has_content(items: Sequence[str]) -> bool:
    return any(_counts(item) for item in items)


def _participle(word: str) -> bool:
    return word.endswith("ed") or word in ("built", "made", "led", "driven", "given", "run")


def _verb_follows(after: Sequence[str]) -> bool:
    """Whether the next word looks like a verb of the third person, as in `X funds whom`."""
    head = next(iter(after), "")
    return head.endswith("s") and not head.endswith("ss") and head not in ("'s",) and any(
        item in WH or item in PREPOSITIONS for item in after)


def phrasing_to_json(phrasing: Phrasing) -> list[object]:
    """A stored phrasing for the catalog: short lists, quick to load."""
    return [phrasing.asks, int(phrasing.negated), sorted(phrasing.limits),
            sorted(phrasing.pronouns),
            int(phrasing.has),
            [[name.slot, name.role] for name in phrasing.names],
            [[word.stem, sorted(word.meanings), int(word.light)] for word in phrasing.words]]


def phrasing_from_json(entry: Sequence[object]) -> Phrasing:
    """A stored phrasing of the catalog."""
    asks, negated, limits, pronouns, has, names, words = entry
    assert isinstance(asks, str) and isinstance(limits, list) and isinstance(pronouns, list)
    assert isinstance(names, list) and isinstance(words, list)
    return Phrasing(
        asks, bool(negated), tuple(Name(role, slot) for slot, role in names),
        tuple(Word(stem_, frozenset(meanings), bool(light)) for stem_, meanings, light in words),
        bool(has), frozenset(limits), frozenset(pronouns))
