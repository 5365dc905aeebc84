"""Lettering: how wide a text is, and how it breaks into lines, by a table and not by a font.

So a picture has the same measures on every machine. The table holds the advance widths of DejaVu
Sans, rounded up: the usual sans-serif fonts are narrower, so that a text fits its place in them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

# Characters of ASCII by their width, in units of the font size.
_GROUPS: Mapping[float, str] = {
    0.30: "'IJijl", 0.35: " ,./:;\\|", 0.40: "()-[]ft", 0.45: "!r", 0.50: "\"*_`", 0.55: "?csz",
    0.60: "FLkvxy", 0.65: "$0123456789EPSTYabdeghnopqu{}", 0.70: "ABCKRVXZ", 0.75: "NU",
    0.80: "&DGHOQ", 0.85: "#+<=>^w~", 0.90: "M", 1.00: "%@Wm",
}
_WIDTHS = {character: width for width, group in _GROUPS.items() for character in group}
WIDEST = 1.0
CUT = "…"


def width(text: str, size: float) -> float:
    """The width of a text, in the unit of the font size."""
    return size * sum(_width(character) for character in text)


def _width(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    plain = unicodedata.normalize("NFD", character)[0]  # é is as wide as e
    return _WIDTHS.get(plain, WIDEST)


def lines(text: str, size: float, most: float, count: int = 2) -> tuple[str, ...]:
    """A text in at most `count` lines, none wider than `most`; what does not fit is cut off."""
    words = [part for word in text.split() for part in _parts(word, size, most)]
    found = [""]
    for word in words:
        longer = f"{found[-1]} {word}".lstrip()
        if width(longer, size) <= most:
            found[-1] = longer
        else:
            found.append(word)
    if len(found) > count:
        found = [*found[:count - 1], _cut(found[count - 1], size, most)]
    return tuple(found)


def _parts(word: str, size: float, most: float) -> list[str]:
    """A word in pieces that each fit."""
    pieces = [""]
    for character in word:
        if pieces[-1] and width(pieces[-1] + character, size) > most:
            pieces.append("")
        pieces[-1] += character
    return pieces


def _cut(line: str, size: float, most: float) -> str:
    while line and width(line + CUT, size) > most:
        line = line[:-1]
    return line.rstrip() + CUT
