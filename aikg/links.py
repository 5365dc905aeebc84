"""Links from our entities to outside records, read from a mapping set in SSSOM/TSV.

SSSOM is the Simple Standard for Sharing Ontological Mappings; its specification has a section on
the TSV format and one on the data model. A row with the modifier `Not` says that a record is not
ours; one with `sssom:NoTermFound`, that a record was sought in vain.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from pyoxigraph import Literal, NamedNode, Triple

from aikg.errors import GraphError
from aikg.names import AIKG, GRAPH, OWL, RDF, RDFS, SKOS, XSD, expand

LINKS_GRAPH = GRAPH + "links"
SSSOM = "https://w3id.org/sssom/"
BUILT_IN = {
    "linkml": "https://w3id.org/linkml/", "owl": OWL, "rdf": RDF, "rdfs": RDFS,
    "semapv": "https://w3id.org/semapv/vocab/", "skos": SKOS, "sssom": SSSOM, "xsd": XSD,
}
# The slots of a set and of a mapping that we use, in the order of the specification.
SET_SLOTS = (
    "curie_map", "mapping_set_id", "mapping_set_version", "mapping_set_title",
    "mapping_set_description", "creator_label", "license", "mapping_date",
)
COLUMNS = (
    "subject_id", "subject_label", "predicate_id", "predicate_label", "predicate_modifier",
    "object_id", "object_label", "mapping_justification", "author_label", "object_type",
    "object_source", "mapping_date", "comment",
)
OPTIONAL = ("mapping_date",)
"""Columns that may be missing: where all rows have one date, the header says it for all."""

_SLOT = re.compile(r"#([a-z_]+):(?: \S.*)?")
_PREFIX = re.compile(r"#  ([A-Za-z][A-Za-z0-9_.-]*): (\S+)")
_ITEM = re.compile(r"#  - \S.*")
_NOT_IN_IRI = re.compile(r'[\x00-\x20<>"{}|\\^`]')


@dataclass(frozen=True)
class Mapping:
    """One row: what an entity of ours has, or has not, to do with an outside record."""

    subject: str
    """IRI of our entity."""
    subject_label: str
    predicate: str
    """IRI of the relation, such as owl:sameAs or schema:leiCode."""
    predicate_label: str
    negated: bool
    """Whether the row says that the relation does not hold."""
    object: str | None
    """IRI of the record; None for a literal, or where no record was found."""
    value: str | None
    """The identifier, where it is a literal such as an LEI; else None."""
    object_label: str
    """Label of the record in its own source; empty where the row gives none."""
    source: str | None
    """IRI of the place where a record was sought, if the row names one."""
    justification: str
    """IRI of the kind of grounds, a term of the Semantic Mapping Vocabulary."""
    comment: str
    line: int = field(default=0, compare=False)
    """Line of the file on which the row ends, 1-based."""

    @property
    def key(self) -> tuple[str | bool | None, ...]:
        """What the row says, however it is worded; two rows with one key say the same."""
        return (self.subject, self.predicate, self.negated, self.object, self.value,
                None if self.found else self.source)

    @property
    def found(self) -> bool:
        """Whether there is a record or an identifier at all."""
        return self.object is not None or self.value is not None

    @property
    def holds(self) -> bool:
        """Whether the row says that the relation holds."""
        return self.found and not self.negated


def read_mappings(path: str) -> list[Mapping]:
    """The mappings of an SSSOM/TSV file, in the order of the file.

    Stricter than the standard: slots and columns outside SET_SLOTS and COLUMNS are refused, and so
    is a row that says again what an earlier one says.
    Raises GraphError with file, line, column and what to do.
    """
    try:
        with open(path, encoding="utf-8") as file:
            return parse_mappings(file.read(), path)
    except (OSError, UnicodeDecodeError) as error:
        raise GraphError(f"cannot be read as UTF-8 text: {error}", path) from error


def parse_mappings(text: str, file: str) -> list[Mapping]:
    """The mappings in the text of an SSSOM/TSV file; `file` is what errors call it.

    Raises GraphError as read_mappings does.
    """
    return list(_Reader(file).mappings(_lines(text)))


def read_table(text: str, file: str) -> tuple[list[str], dict[str, str], list[dict[str, str]]]:
    """An SSSOM/TSV text as the lines of its header, its prefixes and its rows, column to cell.

    The prefixes are those of `#curie_map:`. Raises GraphError as read_mappings does.
    """
    reader, lines = _Reader(file), _lines(text)
    above = _above(lines)
    header = [line.rstrip("\n") for line in lines[:above]]
    reader.header(header)
    prefixes = {name: iri for name, iri in reader.prefixes.items() if name not in BUILT_IN}
    return header, prefixes, list(reader.rows(lines[above:], above))


def _lines(text: str) -> list[str]:
    """The lines of a text with their ends; unlike str.splitlines, only a newline ends one."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _above(lines: Sequence[str]) -> int:
    """How many lines the header has."""
    return next((i for i, line in enumerate(lines) if not line.startswith("#")), len(lines))


def link_triples(mappings: Iterable[Mapping]) -> list[Triple]:
    """What holds, as triples of the graph LINKS_GRAPH, each once, in the order of the mappings.

    A mapping gives `subject predicate object`, the label of the record, and the label of the
    predicate unless it is a term of ours. A row that does not hold gives nothing.
    """
    return list(dict.fromkeys(
        triple for mapping in mappings if mapping.holds for triple in _triples(mapping)))


def _triples(mapping: Mapping) -> Iterator[Triple]:
    label, predicate = NamedNode(RDFS + "label"), NamedNode(mapping.predicate)
    target = NamedNode(mapping.object) if mapping.object else Literal(mapping.value or "")
    yield Triple(NamedNode(mapping.subject), predicate, target)
    if isinstance(target, NamedNode) and mapping.object_label:
        yield Triple(target, label, Literal(mapping.object_label, language="en"))
    if mapping.predicate_label and not mapping.predicate.startswith(AIKG):
        yield Triple(predicate, label, Literal(mapping.predicate_label, language="en"))


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


class _Reader:
    """One file being read: its prefixes, and the line that stands at issue."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.line = 1
        self.text = ""
        self.names: list[str] = []
        self.prefixes = dict(BUILT_IN)

    def error(self, message: str, column: int | None = None) -> GraphError:
        return GraphError(message, self.file, self.line, column)

    def mappings(self, lines: Sequence[str]) -> Iterator[Mapping]:
        """The mappings, each said once; `lines` are those of the whole file."""
        above = _above(lines)
        self.header([line.rstrip("\n") for line in lines[:above]])
        seen: dict[tuple[str | bool | None, ...], int] = {}
        for row in self.rows(lines[above:], above):
            mapping = self.mapping(row)
            if (first := seen.setdefault(mapping.key, self.line)) != self.line:
                raise self.error(f"says again what line {first} says; delete one of them")
            yield mapping

    def header(self, lines: Sequence[str]) -> None:
        """Checks the slots of the set and takes in its prefixes."""
        slots: list[str] = []
        for self.line, line in enumerate(lines, 1):
            block = slots[-1] if slots else ""
            if (slot := _SLOT.fullmatch(line)) and slot[1] in {*SET_SLOTS} - {*slots}:
                slots.append(slot[1])
            elif (block == "curie_map" and (pair := _PREFIX.fullmatch(line))
                  and pair[1] not in self.prefixes):
                self.prefixes[pair[1]] = pair[2]
            elif block != "creator_label" or not _ITEM.fullmatch(line):
                raise self.error(f"malformed header line {line!r}; write `#slot: value`, once for "
                                 f"each of {', '.join(SET_SLOTS)}, or `#  prefix: namespace`", 1)
        for slot_name in ("curie_map", "mapping_set_id", "license"):
            if slot_name not in slots:
                raise self.error(f"the header lacks a slot; add a line `#{slot_name}: …`")

    def rows(self, lines: Sequence[str], above: int) -> Iterator[dict[str, str]]:
        """The rows as dicts from column to cell; `above` counts the lines of the header."""
        reader = csv.reader(lines, delimiter="\t", strict=True)
        columns: list[str] = []
        try:
            for cells in reader:
                self.line = above + reader.line_num
                self.text = lines[reader.line_num - 1]
                if columns:
                    yield self.row(columns, cells)
                columns = columns or self.columns(cells)
        except csv.Error as error:
            self.line = above + reader.line_num
            raise self.error(f"{error}; close each quote, and double one in a cell") from error
        if not columns:
            raise self.error("no columns; write their names, with tabs between, under the header")

    def columns(self, names: list[str]) -> list[str]:
        self.names = names
        for name in names:
            if name not in COLUMNS:
                raise self.error(f"unknown column {name!r}; known are {', '.join(COLUMNS)}",
                                 self.column(name))
        for name in COLUMNS:
            if names.count(name) != 1 and (name not in OPTIONAL or name in names):
                raise self.error(f"column {name!r} stands {names.count(name)} times; write it once")
        return names

    def column(self, name: str) -> int | None:
        """Where the cell of a column begins in the present line, 1-based in characters.

        None where a cell is quoted, so that tabs do not tell the cells apart.
        """
        cells = self.text.split("\t")
        if '"' in self.text or len(cells) != len(self.names):
            return None
        return 1 + sum(len(cell) + 1 for cell in cells[:self.names.index(name)])

    def row(self, columns: list[str], cells: list[str]) -> dict[str, str]:
        if len(cells) != len(columns):
            raise self.error(f"{len(cells)} cells under {len(columns)} columns; put one tab "
                             "between two cells, also where a cell is empty")
        return dict(zip(columns, cells, strict=True))

    def mapping(self, row: dict[str, str]) -> Mapping:
        self.date(row)
        literal = self.flag(row, "object_type", "rdfs literal")
        if literal and (row["object_id"] or not row["object_label"]):
            raise self.error("an identifier that is a literal stands in object_label; write it "
                             "there and leave object_id empty", self.column("object_id"))
        target = None if literal else self.iri(row, "object_id")
        return Mapping(
            subject=self.iri(row, "subject_id"),
            subject_label=row["subject_label"],
            predicate=self.iri(row, "predicate_id"),
            predicate_label=row["predicate_label"],
            negated=self.flag(row, "predicate_modifier", "Not"),
            object=None if target == SSSOM + "NoTermFound" else target,
            value=row["object_label"] if literal else None,
            object_label="" if literal else row["object_label"],
            source=self.iri(row, "object_source") if row["object_source"] else None,
            justification=self.iri(row, "mapping_justification"),
            comment=row["comment"],
            line=self.line,
        )

    def date(self, row: dict[str, str]) -> None:
        text = row.get("mapping_date", "")
        if text and not _is_date(text):
            raise self.error(f"mapping_date {text!r} is no date; write it as 2026-01-31",
                             self.column("mapping_date"))

    def flag(self, row: dict[str, str], column: str, allowed: str) -> bool:
        """Whether the cell holds the one value allowed; it may also be empty."""
        if row[column] not in ("", allowed):
            raise self.error(f"{column} {row[column]!r}; leave it empty or write {allowed!r}",
                             self.column(column))
        return bool(row[column])

    def iri(self, row: dict[str, str], column: str) -> str:
        """The IRI of the CURIE in the cell."""
        iri = expand(row[column], self.prefixes)
        if iri is None:
            raise self.error(f"{column} {row[column]!r} has no known prefix; write a CURIE and "
                             "declare its prefix under `#curie_map:`", self.column(column))
        if _NOT_IN_IRI.search(iri):
            raise self.error(f"{column} {row[column]!r} holds a character that no IRI may hold",
                             self.column(column))
        return iri
