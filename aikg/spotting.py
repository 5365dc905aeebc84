"""Spotting: the names in a question, be they misspelt, in the plural or without an apostrophe."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence

from aikg.grammar import only_says_who
from aikg.lexicon import Lexicon
from aikg.phrasing import Spotted, longest_form
from aikg.variant import variants
from aikg.words import GRAMMAR, distance, stem, stem_key

LONGEST_NAME = 8
"""Words in the longest name that is looked for."""
PASSAGE = re.compile(r"[0civx]+(?:\.\d+)*\.(?:p\d+|0)(?:\.s\d+)?")
PROPER = frozenset({"aikg:Agent", "aikg:FoundationModel", "aikg:Chip", "aikg:DataCenter"})
"""The classes whose members have proper names; other names are plain language too."""


class Spotter:
    """Finds names, given the lexicon and the words it is made of."""

    def __init__(
        self, lexicon: Lexicon, words: Iterable[str], bare: Iterable[str],
        stems: Mapping[str, Sequence[str]], named: Container[str] = (),
    ) -> None:
        """Take the words of all names and phrasings, and the bare stems of these and of labels.

        `stems` maps the stems of each name of several words to the things that bear it; `named`
        tells of more words and stems whether names hold them.
        """
        self.lexicon = lexicon
        self.words = frozenset(words)
        self.known = self.words.union(bare)
        self.stems = stems
        self.named = named

    def knows(self, word: str) -> bool:
        """Whether a word or stem is part of some name or phrasing."""
        return word in self.known or word in self.named

    def corrected(self, words: Sequence[str]) -> list[str]:
        """The words, with each that nobody knows replaced by the one known word it is near to."""
        return [self._nearest(word) if self._is_strange(word) else word for word in words]

    def spot(
        self, words: Sequence[str], kinds: bool = False, persons: bool = False,
    ) -> list[Spotted]:
        """The names among the words, from the left, the longest first; of classes too if `kinds`.

        The class that only says what kind of answer is wanted (`which organization`) counts as a
        name only if `persons`.

        A label of more words than a name that is plain language goes before it: `external capital`
        is not the thing `capital`.
        """
        spans: list[Spotted] = []
        place = 0
        while place < len(words):
            span = self._name_at(words, place, kinds, persons)
            _, label = longest_form(words, place, self.lexicon.forms)
            if label and (span is None or (span.end - place < label and not span.proper)):
                place += label
                continue
            if span:
                spans.append(span)
            place = span.end if span else place + 1
        return spans

    def _name_at(
        self, words: Sequence[str], place: int, kinds: bool, persons: bool,
    ) -> Spotted | None:
        for length in range(min(LONGEST_NAME, len(words) - place), 0, -1):
            text = " ".join(words[place:place + length])
            if length == 1 and text in GRAMMAR and not persons:
                continue
            things = self._called(text)
            if things and only_says_who([*words[:place], words[place + length - 1]], place):
                continue  # `which big companies`
            if kinds and (persons or not only_says_who(words, place)):
                things += self._classes(text)
            if things:
                return Spotted(place, place + length, tuple(things), self._are_proper(things))
        return _literal_at(words, place)

    def _called(self, text: str) -> list[str]:
        """The things of a name, be it a possessive without its apostrophe (`openais`)."""
        found = self.lexicon.names.get(text) or self.stems.get(stem_key(text)) or ()
        if not found and text.endswith("s") and len(text) > 4:
            bare = self.lexicon.names.get(text[:-1], ())
            found = [thing for thing in bare if self._are_proper([thing])]
        if not found and " " in text:
            names = variants(text.split(), self.lexicon.names)
            found = next((self.lexicon.names[name] for name in names
                          if name in self.lexicon.names), ())
        return list(found)

    def _classes(self, text: str) -> list[str]:
        """The classes of a name, be it in the plural."""
        head, blank, last = text.rpartition(" ")
        if not head and any(name.partition(":")[2][:1].islower() and not name.endswith("!")
                            for name in self.lexicon.forms.get(stem(text), ())):
            return []  # a verb, such as `trigger`, before it is a class
        return list(self.lexicon.classes.get(text)
                    or self.lexicon.classes.get(head + blank + stem(last), ()))

    def _are_proper(self, things: Iterable[str]) -> bool:
        return any(not PROPER.isdisjoint(self.lexicon.types.get(thing, ())) for thing in things)

    def _is_strange(self, word: str) -> bool:
        return (len(word) > 3 and word.isalpha() and not word.endswith("est")
                and not self.knows(word) and not self.knows(stem(word))
                and word not in GRAMMAR)

    def _nearest(self, word: str) -> str:
        """The one known word that a misspelt one is nearest to; itself where there is none.

        Of equally near words one with letters left out is likelier than one with letters too many,
        and a whole word likelier than a stem.
        """
        limit = 1 if len(word) < 8 else 2
        near: dict[tuple[int, bool, bool], set[str]] = {}
        for other in self.known:
            if other[0] == word[0] and other.isalpha() and self._may_be(word, other):
                edits = distance(word, other, limit)
                if edits <= limit:
                    rank = (edits, not _omits(word, other), other not in self.words)
                    near.setdefault(rank, set()).add(other)
        found = near[min(near)] if near else set()
        return min(found) if len({stem(other) for other in found}) == 1 else word

    def _may_be(self, word: str, other: str) -> bool:
        """Whether one word may be a slip for another: a short one only of keys, not of a letter.

        Else `sued` would be shed, and `apple` apply; a name may be misheard, too.
        """
        if len(other) < 4 or (len(word) > 6 or other in self.lexicon.names):
            return len(other) > 3
        return len(word) > 4 and (len(word) != len(other) or sorted(word) == sorted(other))


def _omits(word: str, other: str) -> bool:
    """Whether a word is another with letters left out."""
    letters = iter(other)
    return all(letter in letters for letter in word)


def _literal_at(words: Sequence[str], place: int) -> Spotted | None:
    """A year or the id of a passage, which slots may take as they are."""
    word = words[place]
    if word.isdigit() and len(word) == 4:
        return Spotted(place, place + 1, ("integer:" + word,), True)
    if PASSAGE.fullmatch(word):
        section, dot, rest = word.partition(".")
        return Spotted(place, place + 1, (f"text:{section.upper()}{dot}{rest}",), True)
    return None
