"""Facts and claims as two tables, one row each, for spreadsheets and data frames."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO, StringIO
from typing import Any, NamedTuple

from pyoxigraph import Literal, NamedNode

from aikg.answer import Term
from aikg.errors import AikgError
from aikg.graded import Graded, graded
from aikg.graph import Graph
from aikg.names import AIKG, RDF, RDFS, compact
from aikg.turtle import natural

CLAIMS = f"""
SELECT ?claim ?p ?o WHERE {{
  ?claim a <{AIKG}Claim> ; ?p ?o .
  FILTER(?p != <{RDF}type>)
}} ORDER BY ?claim ?p ?o"""
DIGITS, DECIMALS = 38, 9
"""Of an amount, in all and behind the point; what has more is refused, not rounded."""

THINGS = ("condition", "dimension", "comparedWith", "attributedTo")
ONCE = ("unit", "bound", "validFrom", "validUntil", "precision", "reading")
"""What qualifies a claim, besides its amount: by things, or once, by a thing or a text."""

Cell = str | bool | tuple[str, ...] | None
Row = tuple[Cell, ...]


class Column(NamedTuple):
    """A column: its name, and what its cells hold."""

    name: str
    kind: str = "text"
    """`text`, `list` (texts without blanks), `boolean` or `decimal` (its text in XML Schema)."""


class Table(NamedTuple):
    """A table: its name, its columns, and a cell per column in each row."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


def tables(graph: Graph) -> tuple[Table, Table]:
    """The facts, and the claims with all that qualifies them. Names of things are IRIs."""
    return facts(graph), claims(graph)


def facts(graph: Graph) -> Table:
    """Every fact of `graded`, with labels, grade, claims and passages."""
    names = "subject subject_label predicate predicate_label object object_label datatype grade"
    columns = (*map(Column, names.split()), Column("claims", "list"), Column("passages", "list"))
    return Table("facts", columns, tuple(_fact(one, graph) for one in graded(graph)))


def _fact(one: Graded, graph: Graph) -> Row:
    label = graph.lexicon.label
    return (one.subject, label(one.subject), one.predicate, _property(one.predicate, graph),
            *_object(one.object, graph), one.grade, one.claims, one.passages)


def claims(graph: Graph) -> Table:
    """Every claim: what it says of what, how firmly, under which conditions, and where."""
    columns = (
        *map(Column, ("claim", "comment", "subject", "subject_label", "predicate",
                      "predicate_label", "object", "object_label", "datatype", "modality")),
        Column("denied", "boolean"), *(Column(_snake(name), "list") for name in THINGS),
        Column("amount", "decimal"), *(Column(_snake(name)) for name in ONCE),
        Column("passages", "list"))
    rows = tuple(_claim(name, about, graph) for name, about in _described(graph).items())
    return Table("claims", columns, rows)


def _claim(name: str, about: Mapping[str, list[NamedNode | Literal]], graph: Graph) -> Row:
    subject, predicate, modality = (_text(about[AIKG + key]) or ""
                                    for key in ("subject", "predicate", "modality"))
    said = about[AIKG + "object"] + about[AIKG + "value"]
    return (
        name, _text(about[RDFS + "comment"]), subject, graph.lexicon.label(subject),
        predicate, _property(predicate, graph), *_object(said[0], graph),
        modality.removeprefix(AIKG).lower(), _text(about[AIKG + "denied"]) in ("true", "1"),
        *(_values(about[AIKG + key]) for key in THINGS), _text(about[AIKG + "amount"]),
        *(_text(about[AIKG + key]) for key in ONCE), _values(about[AIKG + "statedIn"]))


def _described(graph: Graph) -> Mapping[str, Mapping[str, list[NamedNode | Literal]]]:
    """What the graph says of each claim: values by predicate, in the order of the numbers."""
    found: dict[str, dict[str, list[NamedNode | Literal]]] = defaultdict(lambda: defaultdict(list))
    for claim, predicate, value in graph.engine.select(CLAIMS).rows:
        if isinstance(claim, NamedNode) and isinstance(predicate, NamedNode) and isinstance(
                value, NamedNode | Literal):
            found[claim.value][predicate.value].append(value)
    return dict(sorted(found.items(), key=lambda entry: natural(entry[0])))


def _object(term: Term, graph: Graph) -> tuple[str, str, str | None]:
    """What a fact or claim says: IRI or text, label or text, and the datatype of a value."""
    if isinstance(term, Literal):
        return term.value, term.value, compact(term.datatype.value)
    return term.value, graph.lexicon.label(term.value), None


def _property(name: str, graph: Graph) -> str:
    return "type" if name == RDF + "type" else graph.lexicon.label(name)


def _snake(name: str) -> str:
    return re.sub("[A-Z]", lambda found: "_" + found[0].lower(), name)


def _text(values: Sequence[NamedNode | Literal]) -> str | None:
    return values[0].value if values else None


def _values(values: Sequence[NamedNode | Literal]) -> tuple[str, ...]:
    return tuple(one.value for one in values)


def to_csv(table: Table) -> bytes:
    """A table as CSV in UTF-8; the items of a list with blanks between. Source: RFC 4180."""
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(column.name for column in table.columns)
    writer.writerows(map(_plain, row) for row in table.rows)
    return text.getvalue().encode()


def _plain(cell: Cell) -> str:
    if isinstance(cell, bool):
        return str(cell).lower()
    return " ".join(cell) if isinstance(cell, tuple) else cell or ""


def to_parquet(table: Table) -> bytes:
    """A table as Apache Parquet, each column of its type; the bytes tell the version of pyarrow.

    Raises AikgError without pyarrow, and for an amount that would have to be rounded.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise AikgError("parquet needs pyarrow: pip install 'aikg[data]'") from None
    arrays = [_array([row[place] for row in table.rows], column, pyarrow)
              for place, column in enumerate(table.columns)]
    out = BytesIO()
    parquet.write_table(pyarrow.table(arrays, [column.name for column in table.columns]), out)
    return out.getvalue()


def _array(cells: Iterable[Cell], column: Column, arrow: Any) -> Any:
    types = {"text": arrow.string(), "list": arrow.list_(arrow.string()), "boolean": arrow.bool_(),
             "decimal": arrow.decimal128(DIGITS, DECIMALS)}
    if column.kind != "decimal":
        return arrow.array(cells, types[column.kind])
    from decimal import Decimal

    try:
        return arrow.array([None if one is None else Decimal(str(one)) for one in cells],
                           types["decimal"])
    except (arrow.ArrowInvalid, ArithmeticError) as error:
        raise AikgError(f"{column.name} does not fit a column of {DIGITS} digits, {DECIMALS} of "
                        f"them decimals: {error}") from error
