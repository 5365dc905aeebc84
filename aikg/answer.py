"""An answer: rows, and for each row who said it, where and how firmly.

Terms are pyoxigraph's (`NamedNode`, `Literal`, `BlankNode`), whichever engine gave them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from aikg.names import XSD, compact

Term = NamedNode | BlankNode | Literal
if TYPE_CHECKING:
    from decimal import Decimal

    import pandas

    Native = str | int | float | bool | Decimal | None

# From the firmest to the weakest; the grade of a row is its weakest link.
GRADES = (
    "stated", "evaluated", "figurative", "hedged", "conditional", "forecast", "planned",
    "reported", "asked", "group", "disputed", "inferred", "not-claimed",
)


class Evidence(NamedTuple):
    """One claim that stands behind a row."""

    claim: str
    """IRI of the claim."""
    comment: str
    """What it claims, in one sentence of ours."""
    source: str
    """IRI of the source."""
    source_name: str
    """Short name of the source."""
    passages: tuple[str, ...]
    """Ids of the passages within the source, in the order of the source."""
    modality: str
    """One of GRADES up to `asked`."""
    denied: bool
    said_of: str
    """`entity`, or `group` where the claim speaks of several agents together."""
    attributed_to: str | None
    """IRI of who says it inside the source; None for the source's own voice."""
    undated: bool = False
    """Whether it was asked when it holds, and it does not say."""


class Row(NamedTuple):
    """One row: a term or None for each column of the answer, its grade and its evidence."""

    values: tuple[Term | None, ...]
    grade: str | None = None
    """One of GRADES; None in answers to ad-hoc SPARQL, which carry no evidence."""
    evidence: tuple[Evidence, ...] = ()


class Answer:
    """What comes back from a stored query, a question or ad-hoc SPARQL.

    One of four kinds: a `table` (columns, rows), a `verdict` (yes/no, its rows hold the evidence),
    a `boolean` (ASK of ad-hoc SPARQL) or a `graph` (triples). Not to be changed: `replace` copies.
    """

    __slots__ = (
        "bindings",
        "columns",
        "diagnosis",
        "kind",
        "labels",
        "named",
        "query",
        "reason",
        "rows",
        "sparql",
        "triples",
        "verdict",
    )

    def __init__(
        self,
        columns: tuple[str, ...] = (),
        rows: tuple[Row, ...] = (),
        labels: Mapping[str, str] | None = None,
        query: str | None = None,
        bindings: Mapping[str, tuple[str, ...]] | None = None,
        sparql: str = "",
        kind: str = "table",
        verdict: bool | None = None,
        triples: tuple[Triple, ...] = (),
        reason: str | None = None,
        diagnosis: str | None = None,
        named: bool = False,
    ) -> None:
        """Hold what came back.

        `labels` gives the label of each IRI in the rows that has one; `query` is the name of the
        stored query, None for ad-hoc SPARQL; `bindings` the values of its slots, IRIs or texts;
        `sparql` the query as it was sent; `reason` and `diagnosis` (`denied`, `hedged`,
        `never-claimed`, `broken`) say why an answer is empty; `named`, that the source of each
        passage is shown though there be only one.
        """
        self.columns = columns
        self.rows = rows
        self.labels = labels or {}
        self.query = query
        self.bindings = bindings or {}
        self.sparql = sparql
        self.kind = kind
        self.verdict = verdict
        self.triples = triples
        self.reason = reason
        self.diagnosis = diagnosis
        self.named = named

    def replace(self, **changes: Any) -> Answer:
        """A copy with some attributes changed."""
        return Answer(**{**{name: getattr(self, name) for name in self.__slots__}, **changes})

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Answer) and all(
            getattr(self, name) == getattr(other, name) for name in self.__slots__)

    def __hash__(self) -> int:
        return hash((self.query, self.sparql, self.rows, self.verdict))

    def __repr__(self) -> str:
        return f"<Answer {self.query or self.kind}: {len(self.rows)} rows>"

    def __iter__(self) -> Iterator[dict[str, Native]]:
        """The rows as dicts from column to label or native value."""
        return (self.record(row) for row in self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Every claim behind any row, each once, in the order of the rows."""
        return tuple(dict.fromkeys(item for row in self.rows for item in row.evidence))

    @property
    def graded(self) -> bool:
        """Whether the rows carry grade and evidence."""
        return any(row.grade for row in self.rows)

    def to_pandas(self) -> pandas.DataFrame:
        """The rows as a pandas data frame, one column each, `grade` last.

        Raises ImportError where pandas is missing (extra `data`).
        """
        import pandas

        return pandas.DataFrame(list(self), columns=list(next(iter(self), self.columns)))

    def _repr_html_(self) -> str:
        """The answer as a table in a notebook."""
        from html import escape

        from aikg.render import render

        lines = [line.split("\t") for line in render(self, "tsv").splitlines()]
        if self.kind == "graph" or not lines:
            return f"<pre>{escape(render(self, 'ttl') if self.triples else repr(self))}</pre>"
        cells = ["".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in line)
                 for tag, line in zip(["th", *["td"] * len(lines)], lines, strict=False)]
        return "<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>"

    def record(self, row: Row) -> dict[str, Native]:
        """One row as a dict from column to label or native value, with `grade` if it has one."""
        if self.kind == "verdict":
            return {"answer": "yes" if self.verdict else "no", "grade": row.grade}
        values = (self.text(term) if isinstance(term, NamedNode) else native(term)
                  for term in row.values)
        record = dict(zip(self.columns, values, strict=True))
        return {**record, "grade": row.grade} if row.grade else record

    def text(self, term: Term | None) -> str:
        """What a person reads for a term: label, else CURIE, else the literal's text."""
        if term is None:
            return ""
        if isinstance(term, NamedNode):
            return self.labels.get(term.value) or compact(term.value)
        return str(term) if isinstance(term, BlankNode) else term.value


def native(term: Term | None) -> Native:
    """A literal as a Python value by its XSD datatype; other terms as text; None as None."""
    if term is None:
        return None
    if not isinstance(term, Literal):
        return str(term)
    kind = term.datatype.value.removeprefix(XSD)
    try:
        if kind in ("integer", "int", "long", "nonNegativeInteger"):
            return int(term.value)
        if kind == "decimal":
            from decimal import Decimal

            return Decimal(term.value)
        if kind in ("double", "float"):
            return float(term.value)
    except (ValueError, ArithmeticError):
        return term.value
    return {"true": True, "1": True, "false": False, "0": False}.get(
        term.value, term.value) if kind == "boolean" else term.value
