"""Strangers: names that nobody here bears, as only their capitals show: `rivals of Hugging Face`.

Each of their words may be known, so that the question would be taken for another.
"""

from __future__ import annotations

from itertools import pairwise

from aikg.words import GRAMMAR

SIGNS = ".,:;!?()[]\"'\u2018\u2019\u201c\u201d\u2026"
ENDS = (".", ":", ";", "!", "?", "-", "\u2013", "\u2014", "\u2026")
"""Signs after which a word has a capital for its place."""


def capitals(text: str) -> tuple[str, ...]:
    """The words of a text that begin with a capital as only names do.

    None where all words that count begin so.
    """
    found = [(part.strip(SIGNS).removesuffix("'s").removesuffix("\u2019s"),
              before.endswith(ENDS) or part[0] in SIGNS)
             for before, part in pairwise([ENDS[0], *text.split()])]
    if not any(word[:1].islower() and word not in GRAMMAR for word, _ in found):
        return ()
    return tuple(dict.fromkeys(word for word, begins in found if not begins and len(word) > 2
                               and word.isalpha() and word[0].isupper() and word[1:].islower()))
