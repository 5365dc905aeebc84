"""Anaphora: a pronoun that stands for the one name a question begins with.

For example `SoftBank, to whom are they writing cheques?`, or `xAI: who are its rivals?`
"""

from __future__ import annotations

from collections.abc import Sequence

from aikg.phrasing import Spotted
from aikg.words import PREPOSITIONS, WH

PRONOUNS = frozenset({"it", "they", "them"})
POSSESSIVES = frozenset({"its", "their"})


def resolved(words: Sequence[str], spans: Sequence[Spotted]) -> list[str]:
    """The tokens of a question with the name that it begins with put where a pronoun stands.

    They come back as they are where another proper name stands beside it, no pronoun follows, or
    what follows is not a question of its own. `spans` are the names among the tokens.
    """
    named = [span for span in spans if span.proper]
    if len(named) != 1 or named[0].start > 1:
        return list(words)
    name, rest = list(words[named[0].start:named[0].end]), list(words[named[0].end:])
    if not _asks(rest) or not (PRONOUNS | POSSESSIVES) & set(rest):
        return list(words)
    whole: list[str] = []
    for word in rest:
        if word in PRONOUNS:
            whole += name
        elif word in POSSESSIVES:
            whole += [*name, "'s"]
        else:
            whole.append(word)
    return whole


def _asks(words: Sequence[str]) -> bool:
    """Whether tokens begin with a question word, be it behind a preposition: `to whom`."""
    first, second = (*words, "", "")[:2]
    return first in WH or (first in PREPOSITIONS and second in WH)
