"""A phrasing: a question reduced to what it asks for, its slots or names, and its content words.

A stored query's phrasings and a user's question are reduced in the same way, so they can be laid
side by side: the same kind of question, the same names in the same places, words of one meaning.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from aikg.grammar import (
    BE,
    HAVE,
    MORE,
    OWNER,
    WHAT,
    YES_NO,
    asks_for,
    goes,
    is_content,
    only_says_who,
    refers_back,
    role,
)
from aikg.words import AUXILIARIES, FILLERS, LIMITS, NEGATIONS, PRONOUNS, WH, stem, tokens

LONGEST_FORM = 6
"""Words in the longest label that is looked for."""
BINDING = frozenset("a an the to of in on for with from into by at as is are be been has have its "
                    "their 's".split())
"""Words that only bind those of a label."""
NO_LABEL = BINDING | WH.keys() | AUXILIARIES
"""Words that no label of several words begins with."""
POSSESSIVES = frozenset({"its", "their", "his", "her", "'s", "an"})
ADVICE = "should"
ASKS_ADVICE = frozenset({("should", "i"), ("should", "we"), ("should", "one")})
NO_SUPERLATIVES = frozenset("arrest contest digest forest harvest honest interest invest latest "
                            "manifest modest protest request suggest".split())

Forms = Mapping[str, Sequence[str]]
"""The stems of labels, joined by blanks, to the classes and properties that bear them."""


class Word(NamedTuple):
    """A content word, or several that form one label."""

    stem: str
    meanings: frozenset[str] = frozenset()
    """CURIEs of the classes and properties whose label it is, as Lexicon.forms has them."""
    light: bool = False
    """Whether it may go unmatched: it fills sentences, but some phrasings use it."""


class Name(NamedTuple):
    """A name within a phrasing: a slot of a stored query, or things that a question names."""

    role: str
    """Its place in the sentence, one of the places of grammar."""
    slot: str = ""
    things: tuple[str, ...] = ()
    """CURIEs of the things and classes that it may stand for; literals as `integer:2015`."""
    words: tuple[Word, ...] = ()
    """Its content words, for a name that is also plain language (`capital`, `stability`)."""
    proper: bool = True
    """Whether it is a proper name, which an answer must not pass over."""
    text: str = ""
    than: bool = False
    """Whether it is what another is compared with: `more … than X`."""
    towards: bool = False
    """Whether something goes to it: `sells … to X`."""


class Phrasing(NamedTuple):
    """A question or a way to ask a stored query, reduced."""

    asks: str
    """The kind of answer, as grammar.asks_for gives it."""
    negated: bool
    names: tuple[Name, ...]
    words: tuple[Word, ...]
    has: bool = False
    """Whether it asks what something has: `does X have …`."""
    limits: frozenset[str] = frozenset()
    """Superlatives and quantifiers, which change what would be a right answer; and grammar.goes."""
    pronouns: frozenset[str] = frozenset()
    """Pronouns: of whom they speak nobody knows, unless a phrasing has the same."""
    copula: bool = False
    """Whether it asks what something is: `is X the parent of Y`."""
    past: bool = False
    """Whether it asks what was."""

    @property
    def denies(self) -> bool:
        """Whether it asks what does not hold: `does X not fund`, `does X lack`."""
        return self.negated or any(word.stem == "lack" for word in self.words)


class Spotted(NamedTuple):
    """A name found among the tokens of a question, from `start` up to `end`."""

    start: int
    end: int
    things: tuple[str, ...]
    proper: bool


def stored(text: str, forms: Forms) -> Phrasing:
    """A phrasing of a stored query, reduced; its names are its slots."""
    items = plain(text)
    slots = [Spotted(place, place + 1, (), True)
             for place, item in enumerate(items) if item.startswith("{")]
    return reduce(items, slots, forms)


def reduce(
    items: Sequence[str], spotted: Sequence[Spotted], forms: Forms, tagged: bool = False,
    choice: bool = False,
) -> Phrasing:
    """The phrasing of a question given as tokens, with the names that were spotted among them.

    `tagged` says that it wants yes or no by a tag such as `right?`, `choice` that it ends with
    answers to choose from, `…, X or Y?`.
    """
    choice = choice or items[:1] == ["which"] or asks_for(items) == YES_NO
    kept = _without_choices(items, spotted, choice)
    rest: list[str | None] = list(items)
    for span in spotted:
        if span in kept or span.proper:
            rest[span.start:span.end] = [None] * (span.end - span.start)
    limiting = [item if _is_class(place, kept) else left
                for place, (item, left) in enumerate(zip(items, rest, strict=True))]
    present = set(items)
    asks = YES_NO if tagged else asks_for(items)
    return Phrasing(
        WHAT if asks == YES_NO and "or" in present else asks,
        any(item in NEGATIONS for item in rest),
        _distinct(tuple(_name(items, span, forms) for span in kept)),
        tuple(_content(rest, forms)),
        bool(present & HAVE - {"had"}),
        frozenset(item for item in limiting if item and (
            item in LIMITS or _is_superlative(item)))
        | frozenset({ADVICE} if tuple(items[:2]) in ASKS_ADVICE else ())
        | frozenset(filter(None, [goes(items)]))
        | frozenset({"more"} if present & MORE and (
            len(kept) < len(spotted) or {"anyone", "anybody", "others"} & present) else ()),
        frozenset(present & PRONOUNS) | frozenset({"it"} if refers_back(items) else ()),
        bool(present & BE) and (tagged or items[0] in BE),
        bool(present & {"was", "were"}))


def plain(text: str) -> list[str]:
    """The tokens of a text, hyphens parting words, without an empty `own` (`its own chips`)."""
    items = tokens(text.replace("-", " "))
    return [item for place, item in enumerate(items)
            if not (item == "own" and place and items[place - 1] in POSSESSIVES)]


def form_key(words: Sequence[str]) -> str:
    """The stems of a label's words, without those that only bind them."""
    return " ".join(stem(word) for word in words if word not in BINDING)


def longest_form(items: Sequence[str | None], place: int, forms: Forms) -> tuple[str, int]:
    """The key of the longest label of several words that starts here, and how many it takes up.

    An empty key and 0 where none does.
    """
    if items[place] is None or items[place] in NO_LABEL:
        return "", 0
    for length in range(min(LONGEST_FORM, len(items) - place), 1, -1):
        part = [item for item in items[place:place + length] if item is not None]
        if len(part) == length and part[-1] not in BINDING:
            key = form_key(part)
            if " " in key and key in forms:
                return key, length
    return "", 0


def _name(items: Sequence[str], span: Spotted, forms: Forms) -> Name:
    text = items[span.start:span.end]
    slot = text[0][1:-1] if text[0].startswith("{") else ""
    words = () if slot else tuple(_content(list(text), forms))
    before = items[span.start - 1] if span.start else ""
    than = before in ("than", "over", "versus", "vs")
    return Name(role(items, span.start, span.end), slot, span.things, words, span.proper,
                " ".join(text), than, before in ("to", "into"))


def _distinct(names: tuple[Name, ...]) -> tuple[Name, ...]:
    """Names without those of one thing said again, such as the second in `X … X's money`."""
    first: dict[tuple[str, ...], Name] = {}
    for name in names:
        before = first.setdefault(name.things, name)
        if before.role == OWNER != name.role:
            first[name.things] = name
    return tuple(name for name in names if not name.things or first[name.things] is name)


def _content(items: Sequence[str | None], forms: Forms) -> Iterator[Word]:
    """The content words: the longest labels first, then single words that are no fillers."""
    place = 0
    while place < len(items):
        item = items[place]
        key, length = longest_form(items, place, forms)
        if length:
            yield Word(key, frozenset(forms[key]))
        elif item is not None and is_content(item) and not only_says_who(items, place):
            base = stem(item)
            light = item in FILLERS or base in FILLERS
            yield Word(base, frozenset(forms.get(base, ())), light)
        place += length or 1


def _without_choices(
    items: Sequence[str], spans: Sequence[Spotted], choice: bool,
) -> list[Spotted]:
    """The names but those that are only offered as answers: `which is bolder, X or Y`."""
    if not choice:
        return list(spans)
    offered = {span for left, right in pairwise(spans)
               if items[left.end:right.start] == ["or"] for span in (left, right)}
    return [span for span in spans if span not in offered]


def _is_class(place: int, spans: Sequence[Spotted]) -> bool:
    """Whether a token is of the name of a class, such as `percent`; a thing may be called first."""
    return any(span.start <= place < span.end and all(
        thing.startswith("aikg:") for thing in span.things) and span.things for span in spans)


def _is_superlative(word: str) -> bool:
    return word.endswith("est") and len(word) > 5 and word not in NO_SUPERLATIVES
