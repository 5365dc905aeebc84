"""Segmentation: a text cut into the passages that claims may rest on.

A line is a heading, an item of a list, boilerplate, or a paragraph, which falls into sentences.
Ids follow the headings: `II.1.p6.s1` is the first sentence of the sixth line under heading 1 of
part II, `II.1.0` that heading itself, `C` the conclusion, `0` what stands before any heading.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

HEADING, SENTENCE, BULLET, BOILERPLATE = "heading", "sentence", "bullet", "boilerplate"
NUMERALS = "I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XVII XVIII XIX XX".split()
ROMAN = re.compile(r"([IVX]+)\.\s+\S")
NUMBER = re.compile(r"(\d{1,2})[.)]\s+\S")
MARKDOWN = re.compile(r"(#{1,6})\s+\S")
ENDING = re.compile(
    r"(?:conclusion|summary|outlook|epilogue)\b\s*(?:[:.\u2014-].*)?$", re.IGNORECASE)
ITEM = re.compile(
    r"\s*(?:[\u00b7\u2022\u2023\u25e6\u25aa\u25cf\u2043*+\u2013\u2014-]|\(?[a-z]\))\s*(?=\S)")
LINK = re.compile(
    r"(?:\S.{0,60}?:\s*)?https?://\S+\s*$|(?:\u00a9|copyright\b|all rights reserved).*$",
    re.IGNORECASE)
END = re.compile(
    r"[.!?\u2026]+[\"'\u201d\u2019)\]]*(?=\s+[\"'\u201c\u2018(\[]*[A-Z0-9\u00c0-\u00de])")
ABBREVIATIONS = frozenset("""
adm approx apr art aug ave bros capt cf ch cie co col corp dec dept dr ed eds eq esp est etc feb fig
figs gen gov hon inc jan jr jul jun llc lt ltd mar messrs mr mrs ms mt no nos nov oct op p plc pp
prof pvt rep rev sec sen sep sept sr st univ viz vol vs
""".split())
"""Words, without their stop, that a stop behind them may belong to."""
CLOSING = frozenset("co corp inc jr llc ltd plc sr etc".split())
"""Those that may end a sentence too: before a word such as `It`, they do."""
OPENERS = frozenset("""
a an and but by for he her his however if in it its no of on our she since so the their then there
these they this those to we what when while with you
""".split())


@dataclass(frozen=True)
class Segment:
    """A passage as it is cut from a text."""

    id: str
    kind: str
    """`heading`, `sentence`, `bullet` or `boilerplate`."""
    start: int
    end: int
    """Offsets in characters; the end is the first character behind it."""
    digest: str
    """SHA-256 of its UTF-8 text, in hexadecimal."""


def segments(text: str) -> list[Segment]:
    """The passages of a text, in its order. Line ends must be single characters, without a mark."""
    numbering = _Numbering()
    found: list[Segment] = []
    lines = [(match.start(), match[0]) for match in re.finditer(r"[^\n]*\S[^\n]*", text)]
    for number, (start, line) in enumerate(lines):
        following = lines[number + 1][1] if number + 1 < len(lines) else ""
        before = lines[number - 1][1] if number else ""
        for name, kind, first, last in _passages(line, before, following, numbering):
            found.append(_segment(name, kind, start + first, start + last, text))
    return found


def _segment(name: str, kind: str, start: int, end: int, text: str) -> Segment:
    digest = hashlib.sha256(text[start:end].encode()).hexdigest()
    return Segment(name, kind, start, end, digest)


def _passages(
    line: str, before: str, following: str, numbering: _Numbering,
) -> Iterator[tuple[str, str, int, int]]:
    """Id, kind and place in the line of each passage of a line."""
    first, last = len(line) - len(line.lstrip()), len(line.rstrip())
    level = _level(line.strip(), before.strip(), following.strip())
    item = ITEM.match(line)
    if level is not None:
        yield numbering.heading(level), HEADING, first, last
    elif LINK.fullmatch(line.strip()):
        yield numbering.line(), BOILERPLATE, first, last
    elif item or _is_numbered(line.strip()):
        found = item or re.match(r"\s*\d{1,2}[.)]\s+", line)
        yield numbering.line(), BULLET, found.end() if found else first, last
    else:
        name = numbering.line()
        for count, (start, end) in enumerate(sentences(line), 1):
            yield f"{name}.s{count}", SENTENCE, start, end


def _is_numbered(line: str) -> bool:
    return NUMBER.match(line) is not None


def _level(line: str, before: str, following: str) -> str | None:
    """What a heading counts as: `I`, `1`, `#`, `##` …, or `C`; None for what is no heading."""
    marks = MARKDOWN.match(line)
    if marks:
        return marks[1]
    if ENDING.match(line) and not line.endswith((".", ";", ",")):
        return "C"
    if line.endswith((".", ";", ",", ":")):
        return None
    roman, number = ROMAN.match(line), NUMBER.match(line)
    if roman and roman[1] in NUMERALS:
        return roman[1]
    if number and not _is_numbered(before) and not _is_numbered(following):
        return number[1]  # a list would go on with the next number
    return None


class _Numbering:
    """Hands out ids, as headings and lines go by."""

    def __init__(self) -> None:
        self.part = "0"
        self.below: tuple[int, ...] = ()
        self.lines = 0
        self.used: set[str] = set()

    def heading(self, level: str) -> str:
        """The id of a heading that counts as `level`, and of all that follows it from here on."""
        if level == "C" or level in NUMERALS:
            self.part, self.below = level, ()
        elif level.startswith("#"):
            self._marked(len(level))
        else:
            self.below = (int(level),)
        while self._prefix() in self.used:  # a number that comes twice
            self.below = (*self.below[:-1], self.below[-1] + 1) if self.below else (1,)
        self.used.add(self._prefix())
        self.lines = 0
        return f"{self._prefix()}.0"

    def line(self) -> str:
        """The id of the next line."""
        self.lines += 1
        return f"{self._prefix()}.p{self.lines}"

    def _marked(self, depth: int) -> None:
        """Count a heading that bears no number, of a depth from 1."""
        if depth == 1:
            count = NUMERALS.index(self.part) + 1 if self.part in NUMERALS else 0
            self.part, self.below = NUMERALS[min(count, len(NUMERALS) - 1)], ()
        else:
            upper = (*self.below, *(0,) * depth)[:depth - 1]
            self.below = (*upper[:-1], upper[-1] + 1)

    def _prefix(self) -> str:
        return ".".join((self.part, *map(str, self.below)))


def sentences(line: str) -> Iterator[tuple[int, int]]:
    """Where each sentence of a line starts and ends, in characters of the line."""
    start = len(line) - len(line.lstrip())
    for match in END.finditer(line):
        if _ends_here(line, match):
            yield start, match.end()
            start = match.end() + len(line[match.end():]) - len(line[match.end():].lstrip())
    if start < len(line.rstrip()):
        yield start, len(line.rstrip())


def _ends_here(line: str, match: re.Match[str]) -> bool:
    """Whether a stop ends a sentence, and not an abbreviation, an initial or a number of a list."""
    if match[0][0] != ".":
        return True
    word = re.split(r"[\s(\"'\u201c\u2018]", line[:match.start()])[-1]
    following = re.match(r"\W*(\w*)", line[match.end():])
    opens = following is not None and following[1].lower() in OPENERS
    last = word.rpartition(".")[2].lower()
    if len(last) == 1 and last.isalpha():  # `J. Smith`, `U.S.`
        return "." in word and opens
    if last in ABBREVIATIONS:
        return last in CLOSING and opens
    return not (word.isdigit() and line[:match.start()].strip() == word)
