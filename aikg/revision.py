"""Revision: a source whose text has changed since its passages were recorded.

A passage that moved keeps its id. Where other words stand in the place of a passage, they take over
its id, and the claims that rest on it are marked for review, as are those on one that is missing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pyoxigraph import Literal, NamedNode, Triple

from aikg import files
from aikg.errors import UsageError
from aikg.intake import STUB_PREFIXES, about, checked_text, passage, prefix_of
from aikg.names import AIKG, CLAIM, PREFIXES
from aikg.passage import CHANGED, MISSING, MOVED, OK, Passage, verify
from aikg.position import PREFIX
from aikg.record import Record
from aikg.segmentation import Segment, segments
from aikg.stub import joined, next_number, parted, stub
from aikg.turtle import iri, read, write

NEW = "new"
TO_REVIEW = AIKG + "toReview"
PLACE = frozenset(AIKG + name for name in ("startOffset", "endOffset", "digest"))


@dataclass(frozen=True)
class Revised:
    """What became of one passage."""

    part: Segment
    """The passage as it is now; as it was, where it is missing."""
    status: str
    """`ok`, `moved`, `changed`, `missing` or `new`."""


def revise(record: Record, text: str, folder: str | None = None) -> tuple[
        list[Revised], dict[str, str]]:
    """What becomes of the passages of a source in its present text, and the files that change.

    The files are texts by name under the root. Raises AikgError for a text without passages,
    UsageError for a source whose passages are kept without their places.
    """
    if any(one.start < 0 for one in record.passages):
        raise UsageError(f"{record.id} was recorded without its text: its passages have no places")
    found = revised(record.passages, text)
    known = {name: path for name, path in files.source_files(folder)
             if name.startswith("graph/") and name.endswith(".ttl")}
    contents = {record.file: _source_file(known[record.file], record, found)}
    claims = record.file.replace("/sources/", "/claims/")
    for name in sorted({*known} | {claims}):
        if "/claims/" in name:
            new = found if name == claims else [one for one in found if one.status != NEW]
            contents[name] = _claims_file(known.get(name), record, new)
    return found, {name: text for name, text in contents.items()
                   if name not in known or text != files.read_text(known[name])}


def revised(passages: Sequence[Passage], text: str) -> list[Revised]:
    """What becomes of passages, in the order of their source, in a later text; then what is new.

    Raises AikgError for a text without passages.
    """
    text = checked_text(text)
    places = {number: one.start for number, one in enumerate(verify(passages, text))
              if one.start is not None}
    kept = [(start, start + _length(passages[number])) for number, start in places.items()]
    free = [part for part in segments(text)
            if not any(first < part.end and part.start < last for first, last in kept)]
    found = []
    for number, one in enumerate(passages):
        start = places.get(number)
        heir = None if start is not None else _heir(number, passages, places, free)
        if start is not None:
            part = _part(one, start, text)
            found.append(Revised(part, OK if start == one.start else MOVED))
        elif heir:
            free.remove(heir)
            places[number] = heir.start
            found.append(Revised(replace(heir, id=one.id), CHANGED))
        else:
            was = Segment(one.id, one.kind, one.start, one.end, one.digest)
            found.append(Revised(was, MISSING))
    return [*found, *_new(free, {one.id for one in passages})]


def _length(one: Passage) -> int:
    return one.end - one.start


def _part(one: Passage, start: int, text: str) -> Segment:
    end = start + _length(one)
    return Segment(one.id, one.kind, start, end,
                   hashlib.sha256(text[start:end].encode()).hexdigest())


def _heir(
    number: int, passages: Sequence[Passage], places: Mapping[int, int], free: Iterable[Segment],
) -> Segment | None:
    """The first passage of its kind that now stands between the neighbours of one that is gone."""
    first = next((places[other] for other in range(number - 1, -1, -1) if other in places), -1)
    last = next((places[other] for other in range(number + 1, len(passages))
                 if places.get(other, -1) > first), None)
    return next((part for part in free if part.kind == passages[number].kind
                 and part.start > first and (last is None or part.start < last)), None)


def _new(parts: Iterable[Segment], used: set[str]) -> Iterator[Revised]:
    """Passages that were not there before, under ids that none of the others has."""
    for part in parts:
        name, number = part.id, 1
        while name in used:
            number += 1
            name = f"{part.id}.n{number}"
        used.add(name)
        yield Revised(replace(part, id=name), NEW)


def _source_file(path: str, record: Record, found: Iterable[Revised]) -> str:
    """The file of a source with its passages as they are now.

    A missing one stays as it was while claims rest on it, and goes where none does.
    """
    declared = {**PREFIXES, **dict(PREFIX.findall(files.read_text(path)))}
    parts = {f"{record.iri}/{one.part.id}": one for one in found}
    gone = {name for name, one in parts.items()
            if one.status == MISSING and not record.claims.get(one.part.id)}
    kept = [triple for triple in read(path) if iri(triple.subject) not in gone
            and not (iri(triple.subject) in parts and triple.predicate.value in PLACE)]
    made = [triple for name, one in parts.items() if name not in gone
            for triple in passage(record.id, one.part)]
    return write([*kept, *made], declared)


def _claims_file(path: str | None, record: Record, found: Sequence[Revised]) -> str:
    """A claims file with marks on what is to be read again, and stubs for what is new."""
    text = files.read_text(path) if path else ""
    triples = read(path) if path else []
    declared = dict(PREFIX.findall(text))
    prefix = next((name for name, space in declared.items() if space == record.iri + "/"),
                  prefix_of(record.id))
    stem = _stem(record)
    new = enumerate((one.part for one in found if one.status == NEW), next_number(text, stem))
    stubs = parted(text)[1] + [
        stub(f"claim:{stem}-{number:03}", f"{prefix}:{part.id}", about(part, record.file))
        for number, part in new]
    needed = {name: PREFIXES[name] for name in STUB_PREFIXES} | {prefix: record.iri + "/"}
    marked = write([*triples, *_marks(triples, record, found)], {**PREFIXES, **declared})
    return joined(marked, stubs, declared | needed)


def _marks(
    triples: Iterable[Triple], record: Record, found: Iterable[Revised],
) -> Iterator[Triple]:
    """For each claim of a file that rests on a changed or missing passage: that, in words."""
    ours = {iri(triple.subject) for triple in triples}
    for one in found:
        if one.status in (CHANGED, MISSING):
            for claim in record.claims.get(one.part.id, ()):
                if claim in ours:
                    yield Triple(NamedNode(claim), NamedNode(TO_REVIEW),
                                 Literal(f"{one.part.id} {one.status}"))


def _stem(record: Record) -> str:
    """What the claims of a source are called before their number."""
    names = [claim.removeprefix(CLAIM).rpartition("-")[0]
             for claims in record.claims.values() for claim in claims]
    return max(sorted({*names}), key=names.count, default=record.id)
