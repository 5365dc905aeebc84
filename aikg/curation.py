"""Curation: a reviewed row is added to the mapping file, in canonical form, or it is refused."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pyoxigraph import Literal

from aikg.authored import Authored
from aikg.build import LINKS
from aikg.errors import GraphError, UsageError
from aikg.files import replace_file
from aikg.identifier import RECORDS, RELATIONS, SCHEMES, WIKIDATA
from aikg.identity import faults
from aikg.links import BUILT_IN, COLUMNS, OPTIONAL, SET_SLOTS, parse_mappings, read_table
from aikg.names import PREFIXES, RDFS, compact, expand

NO_TERM = "sssom:NoTermFound"
Row = dict[str, str]
"""One row as a dict from column to cell."""


@dataclass(frozen=True)
class Judgement:
    """What a person has found out about an entity and an outside record."""

    subject: str
    """IRI of our entity or class."""
    predicate: str
    """A relation, by CURIE, IRI or label: `owl:sameAs`, `close match`, `LEI`."""
    object: str
    """A record by CURIE or IRI, or the text of an identifier such as an LEI; where none was found,
    the site that was searched."""
    author: str
    """Who reviewed it."""
    justification: str = "semapv:ManualMappingCuration"
    label: str = ""
    """The record's label in its own source."""
    comment: str = ""
    negated: bool = False
    """Whether the relation was found not to hold."""
    found: bool = True
    """Whether there is a record at all."""


def add(judgement: Judgement, authored: Authored, today: date) -> Row:
    """Add a row to the mapping file, replaced in one step; the row.

    Raises UsageError for an unknown relation or prefix, GraphError where the row or the file is
    wrong or the row contradicts another; then the file is as it was.
    """
    text = authored.text(LINKS)
    header, prefixes, rows = read_table(text, LINKS)
    row = row_of(judgement, authored, prefixes)
    _refuse_faults(text, header, prefixes, row, authored)
    content = canonical(header, prefixes, [*rows, {**row, "mapping_date": today.isoformat()}])
    parse_mappings(content, LINKS)
    try:
        replace_file(authored.files[LINKS], content.encode())
    except OSError as error:
        raise GraphError(f"cannot be written: {error.strerror}", LINKS) from error
    return row


def row_of(judgement: Judgement, authored: Authored, prefixes: Mapping[str, str]) -> Row:
    """The row of a judgement, without its date. Raises UsageError."""
    predicate, label = _relation(judgement.predicate)
    if not _flat(judgement.author):
        raise UsageError("a reviewed row has an author")
    known = {**PREFIXES, **RECORDS, **prefixes, **BUILT_IN}
    literal = judgement.found and any(one.literal and one.place == predicate for one in SCHEMES)
    labels = authored.described.get(judgement.subject, {}).get(RDFS + "label", ())
    target = "" if literal else _record(judgement.object, known)
    return {
        "subject_id": compact(judgement.subject, known),
        "subject_label": next((one.value for one in labels if isinstance(one, Literal)), ""),
        "predicate_id": compact(predicate, known),
        "predicate_label": label,
        "predicate_modifier": "Not" if judgement.negated else "",
        "object_id": target if judgement.found else NO_TERM,
        "object_label": _flat(judgement.object if literal else judgement.label),
        "mapping_justification": _record(judgement.justification, known),
        "author_label": _flat(judgement.author).replace("|", r"\|"),
        "object_type": "rdfs literal" if literal else "",
        "object_source": "" if judgement.found else target,
        "comment": _flat(judgement.comment),
    }


def canonical(header: Sequence[str], prefixes: Mapping[str, str], rows: Sequence[Row]) -> str:
    """An SSSOM/TSV text in canonical form, its rows sorted and its prefixes those in use.

    One date that all rows share stands in the header, else each row has its own. Source: SSSOM,
    "The SSSOM/TSV serialisation format", sections on canonical form and propagation of slots.
    """
    slots = _blocks(header)
    common = slots.pop("mapping_date", [""])[0].partition(": ")[2]
    dated = [{**row, "mapping_date": row.get("mapping_date") or common} for row in rows]
    dates = {row["mapping_date"] for row in dated}
    if len(dates) == 1:
        [common] = dates
        dated = [{**row, "mapping_date": ""} for row in dated]
        slots["mapping_date"] = [f"#mapping_date: {common}"] if common else []
    columns = [name for name in COLUMNS
               if name not in OPTIONAL or any(row.get(name) for row in dated)]
    cells = sorted([row.get(name, "") for name in columns] for row in dated)
    known = {**PREFIXES, **RECORDS, **prefixes}
    used = {cell.partition(":")[0] for row in cells for name, cell in zip(columns, row, strict=True)
            if name.endswith(("_id", "_source", "_justification")) and cell} - {*BUILT_IN}
    slots["curie_map"] = ["#curie_map:", *(f"#  {name}: {known[name]}" for name in sorted(used))]
    text = io.StringIO()
    csv.writer(text, delimiter="\t", lineterminator="\n").writerows([columns, *cells])
    head = (line for name in SET_SLOTS for line in slots.get(name, ()))
    return "".join(line + "\n" for line in head) + text.getvalue()


def _refuse_faults(
    text: str, header: list[str], prefixes: Mapping[str, str], row: Row, authored: Authored,
) -> None:
    """Raise GraphError for the first thing that the row makes wrong."""
    before = parse_mappings(text, LINKS)
    [new] = parse_mappings(canonical(header, prefixes, [row]), LINKS)
    for old in before:
        if old.key == new.key:
            raise GraphError("not added: the row is there already", LINKS, old.line)
    known = {*faults(before, authored)}
    for fault in faults([*before, replace(new, line=0)], authored):
        if fault not in known:
            raise GraphError(f"not added: {fault.subject}: {fault.message}; {fault.fix}", LINKS,
                             fault.line or None)


def _relation(text: str) -> tuple[str, str]:
    """IRI and label of a relation given by CURIE, IRI or label. Raises UsageError."""
    labels = {**RELATIONS, **{one.place: one.name for one in SCHEMES if one.relation}}
    given = expand(text) or text
    for predicate, label in labels.items():
        if given == predicate or text.casefold() in (label.casefold(), compact(predicate)):
            return predicate, label
    raise UsageError(f"no relation is called {text!r}", [compact(one) for one in labels])


def _record(text: str, prefixes: Mapping[str, str]) -> str:
    """The CURIE of a record given by CURIE, IRI or Wikidata id. Raises UsageError."""
    if re.fullmatch(r"Q[1-9]\d*", text):
        text = WIKIDATA + text
    target = text if "://" in text else expand(text, prefixes)
    curie = compact(target, prefixes) if target else ""
    if not target or curie == target or re.search(r'[\s<>"{}|\\^`]', curie):
        raise UsageError(f"{text!r} has no known prefix: give a CURIE or an IRI under one of "
                         + ", ".join(sorted(prefixes)))
    return curie


def _flat(text: str) -> str:
    """A text on one line, without what commands a terminal."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _blocks(header: Sequence[str]) -> dict[str, list[str]]:
    """The lines of each slot of a header, by slot, in the order of SSSOM."""
    found: dict[str, list[str]] = {}
    for line in header:
        slot = re.match(r"#([a-z_]+):", line)
        if slot:
            found[slot[1]] = []
        found[[*found][-1]].append(line)
    return found
