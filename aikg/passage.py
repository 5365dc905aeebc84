"""A passage: a place in a source, held as offsets and a digest, and proved against a copy.

Offsets count the characters (Unicode code points) of the text, a line end as one whatever it is
made of (as RFC 5147 counts), a byte order mark as none.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from aikg.names import AIKG
from aikg.store import Engine

OK, MOVED, CHANGED, MISSING = "ok", "moved", "changed", "missing"
SHORT = 20
"""Characters; a shorter passage may stand anywhere by chance, so it is only looked for between
its neighbours."""
PASSAGES = """
SELECT ?id ?kind ?start ?end ?digest ?covered ?length WHERE {{
  ?passage <{aikg}inSource> {source} ; <{aikg}passageId> ?id ; <{aikg}passageKind> ?kind ;
    <{aikg}digest> ?digest .
  OPTIONAL {{ ?passage <{aikg}startOffset> ?start ; <{aikg}endOffset> ?end }}
  OPTIONAL {{ ?passage <{aikg}length> ?length }}
  BIND(?kind = "boilerplate" || EXISTS {{ ?claim <{aikg}statedIn> ?passage }} ||
       EXISTS {{ ?passage <{aikg}heading> ?note }} AS ?covered)
}} ORDER BY ?start ?end ?id"""


@dataclass(frozen=True)
class Passage:
    """A passage as the graph holds it."""

    id: str
    kind: str
    """`heading`, `sentence`, `bullet` or `boilerplate`."""
    start: int
    end: int
    """Offsets in characters; the end is the first character behind it. Both -1 where it was
    recorded without its place."""
    digest: str
    """SHA-256 of its UTF-8 text, in hexadecimal."""
    covered: bool
    """Whether a claim or a note on the heading rests on it, or it is boilerplate."""
    length: int | None = None
    """Characters, each run of white space as one, of a passage without a place."""


@dataclass(frozen=True)
class Finding:
    """What became of a passage in a copy of its source."""

    passage: Passage
    status: str
    """`ok`; `moved`, unchanged but elsewhere; `changed`, other words in its place; `missing`."""
    start: int | None
    """Offset of the passage in the copy, where it was found."""


def passages_of(source: str, engine: Engine) -> tuple[Passage, ...]:
    """The passages of a source, given by its IRI, in the order of its text."""
    solutions = engine.select(PASSAGES.format(aikg=AIKG, source=NamedNode(source)))
    rows = [[term.value if isinstance(term, Literal) else "" for term in row]
            for row in solutions.rows]
    return tuple(Passage(name, kind, int(start or -1), int(end or -1), digest, covered == "true",
                         int(length) if length else None)
                 for name, kind, start, end, digest, covered, length in rows)


def plain(text: str) -> str:
    """A text as offsets count it: each line end one character, without a byte order mark."""
    return re.sub("\r\n?", "\n", text.removeprefix("\ufeff"))


def verify(passages: Sequence[Passage], text: str) -> tuple[Finding, ...]:
    """What became of each passage (in the order of the source) in a copy of the text."""
    text = plain(text)
    if passages and all(one.length for one in passages):
        found = _sought(passages, " ".join(text.split()))
        return tuple(Finding(one, OK if one.digest in found else MISSING, found.get(one.digest))
                     for one in passages)
    places = _places(passages, text)
    return tuple(Finding(passage, _status(number, passages, places, text), places.get(number))
                 for number, passage in enumerate(passages))


def _sought(passages: Sequence[Passage], text: str) -> dict[str, int]:
    """Where passages without a place start in a text whose white space is single, by digest."""
    wanted = {one.digest for one in passages}
    found: dict[str, int] = {}
    starts = [match.start() for match in re.finditer(r"(?<!\w)\S", text)]
    for length in {one.length or 0 for one in passages}:
        for start in starts:
            if _ends_well(start + length, text):
                digest = hashlib.sha256(text[start:start + length].encode()).hexdigest()
                if digest in wanted:
                    found.setdefault(digest, start)
    return found


def _places(passages: Sequence[Passage], text: str) -> dict[int, int]:
    """Where each passage starts in the text, by its number; without those that are not there."""
    places = {number: passage.start for number, passage in enumerate(passages)
              if _is_at(passage, passage.start, text)}
    words = [match.start() for match in re.finditer(r"(?<!\w)\S", text)]
    for number, passage in enumerate(passages):
        if number not in places and passage.end - passage.start >= SHORT:
            _place(number, passages, places, words, text)
    for number in range(len(passages)):
        if number not in places:
            first, last = _gap(number, passages, places, text)
            _place(number, passages, places, [s for s in words if first <= s < last], text)
    return places


def _place(
    number: int, passages: Sequence[Passage], places: dict[int, int], starts: Sequence[int],
    text: str,
) -> None:
    """Note where a passage starts: as far from its neighbours as before, or at one of `starts`."""
    passage = passages[number]
    expected = _expected(number, passages, places)
    found = [start for start in expected if _is_at(passage, start, text)]
    if not found:
        length = passage.end - passage.start
        found = [start for start in starts
                 if _ends_well(start + length, text) and _is_at(passage, start, text)]
    if found:
        places[number] = min(found, key=lambda start: abs(start - expected[0]))


def _is_at(passage: Passage, start: int, text: str) -> bool:
    end = start + passage.end - passage.start
    if start < 0 or end > len(text):
        return False
    return hashlib.sha256(text[start:end].encode()).hexdigest() == passage.digest


def _ends_well(end: int, text: str) -> bool:
    """Whether a passage can end here: a cheap test that spares most digests."""
    return text[end - 1:end].strip() != "" and not (
        text[end - 1:end].isalnum() and text[end:end + 1].isalnum())


def _expected(
    number: int, passages: Sequence[Passage], places: Mapping[int, int],
) -> list[int]:
    """Where a passage should start, if it is as far from its nearest neighbours as it was."""
    start = passages[number].start
    before = [other for other in range(number - 1, -1, -1) if other in places][:1]
    after = [other for other in range(number + 1, len(passages)) if other in places][:1]
    return [places[other] + start - passages[other].start for other in before + after] or [start]


def _gap(
    number: int, passages: Sequence[Passage], places: Mapping[int, int], text: str,
) -> tuple[int, int]:
    """From the end of the nearest passage before this one to the start of the nearest after it."""
    first = next((places[before] + passages[before].end - passages[before].start
                  for before in range(number - 1, -1, -1) if before in places), 0)
    last = next((places[after] for after in range(number + 1, len(passages))
                 if places.get(after, -1) >= first), len(text))
    return first, last


def _status(
    number: int, passages: Sequence[Passage], places: Mapping[int, int], text: str,
) -> str:
    if number in places:
        return OK if places[number] == passages[number].start else MOVED
    first, last = _gap(number, passages, places, text)
    expected = max(first, _expected(number, passages, places)[0])
    return CHANGED if re.search(r"\w", text[expected:last]) else MISSING


def uncovered(findings: Iterable[Finding]) -> list[Passage]:
    """The passages that no claim and no note rests on."""
    return [finding.passage for finding in findings if not finding.passage.covered]
