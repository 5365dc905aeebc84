"""Variants: the forms in which people put a name that says which one of several is meant.

`the record round of Acme`, `Acme's newest round` and `the last Acme round` are Acme's latest round.
So the lexicon needs one name, and not the product of all adjectives, owners and places.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

LATEST = "latest"
RECENT = frozenset({"recent", "newest", "last", "current", "new", LATEST})
COLOURS = frozenset("big breaking enormous giant huge large massive mega record super".split())
"""Adjectives that tell nothing apart where there is one."""
POINTING = frozenset({"the", "this", "that"})
OWNED = "'s"


def variants(words: Sequence[str], known: Container[str]) -> Iterator[str]:
    """The names that a name of several tokens may vary, likeliest first; none where it is plain.

    `known` holds the names there are, normalised; one of a single word may be an owner.
    """
    if RECENT.isdisjoint(words) and COLOURS.isdisjoint(words):
        return
    bare = [word for word in words if word not in RECENT | COLOURS | POINTING]
    for owner, core in _owned(bare, known):
        start = f"{owner} {OWNED} " if owner else ""
        yield f"{start}{LATEST} {core}"
        yield f"{start}{core}"


def _owned(words: Sequence[str], known: Container[str]) -> Iterator[tuple[str, str]]:
    """Whose it is, and what: as a possessive, behind `of` or `by`, or in front; empty for none."""
    for sign in (OWNED, "of", "by"):
        if sign in words:
            place = words.index(sign)
            first, second = " ".join(words[:place]), " ".join(words[place + 1:])
            owner, core = (first, second) if sign == OWNED else (second, first)
            if owner and core:
                yield owner, core
            return
    for place, word in enumerate(words):
        if len(words) > 1 and word in known:
            yield word, " ".join((*words[:place], *words[place + 1:]))
    if words:
        yield "", " ".join(words)
