"""Stubs: the claims of a claims file that are still to be written, one for each passage.

A stub is a block of lines that begin with `#`, set apart by empty lines, in the place of its
number; whoever fills it in takes the marks away. A claims file is in normal form if it is so
without them; while there are some it may declare prefixes that only they use.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from aikg.turtle import natural

NAME = re.compile(r"^#? ?(claim:[a-z0-9-]+)\s*$", re.MULTILINE)
STUB = """\
# {about}
# {claim}
#     a aikg:Claim ;
#     aikg:subject thing: ;
#     aikg:predicate aikg: ;
#     aikg:object thing: ;
#     aikg:modality aikg:Stated ;
#     aikg:statedIn {passage} ;
#     rdfs:comment ""@en ."""


def stub(claim: str, passage: str, about: str) -> str:
    """The stub of a claim, by its CURIE, on a passage, by its CURIE; `about` says what that is."""
    return STUB.format(claim=claim, passage=passage, about=about)


def parted(text: str) -> tuple[str, list[str]]:
    """The Turtle of a claims file without its stubs, and these in their order."""
    blocks = re.split(r"\n{2,}", text.rstrip("\n"))
    stubs = [block for block in blocks if _is_stub(block)]
    if not stubs:
        return text, []
    rest = "\n\n".join(block for block in blocks if not _is_stub(block))
    return rest + "\n" if rest else "", stubs


def joined(text: str, stubs: Iterable[str], prefixes: Mapping[str, str]) -> str:
    """A claims file in normal form with stubs among its claims, each in the place of its number.

    `prefixes` are those that it declares; without stubs it declares what it uses.
    """
    stubs = list(stubs)
    if not stubs:
        return text
    blocks = re.split(r"\n{2,}", text.strip("\n"))
    if not blocks[0] or blocks[0].startswith("@prefix"):
        del blocks[0]
    head = "\n".join(f"@prefix {name}: <{prefixes[name]}> ." for name in sorted(prefixes))
    return "\n\n".join([head, *sorted([*blocks, *stubs], key=_place)]) + "\n"


def _is_stub(block: str) -> bool:
    return all(line.startswith("#") for line in block.split("\n"))


def _place(block: str) -> tuple[bool, list[object]]:
    """Claims and their stubs by number; what is neither comes first."""
    found = NAME.search(block)
    return found is not None, natural(found[1]) if found else []


def next_number(text: str, stem: str) -> int:
    """The first number behind those of all claims and stubs of a file whose names begin so."""
    found = re.findall(rf"claim:{re.escape(stem)}-(\d+)", text)
    return max(map(int, found), default=0) + 1
