"""Tables: what a cell holds is what comes back, and no amount is rounded."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest

import aikg
from aikg.errors import AikgError
from aikg.table import Column, Table, claims, facts, to_csv, to_parquet

HOSTILE = ["", "a,b", 'say "x"', "line\nfeed", "\r", "é 漢", "'; DROP", "tab\t", " "]


def test_csv_gives_each_cell_back() -> None:
    table = Table("t", (Column("text"), Column("list", "list"), Column("yes", "boolean")),
                  tuple((text, ("a", "b"), True) for text in HOSTILE))
    rows = list(csv.reader(io.StringIO(to_csv(table).decode(), newline="")))
    assert rows == [["text", "list", "yes"], *([text, "a b", "true"] for text in HOSTILE)]


def test_facts_and_claims_are_all_there(graph: aikg.Graph) -> None:
    table = claims(graph)
    names = [column.name for column in table.columns]
    assert len(set(names)) == len(names)
    rows = [dict(zip(names, row, strict=True)) for row in table.rows]
    assert {"10000", "1000000000"} <= {row["amount"] for row in rows}
    assert all(row["passages"] and row["comment"] and row["modality"] for row in rows)
    assert {row["denied"] for row in rows} == {True, False}
    assert len(facts(graph).rows) > len(rows)


def test_parquet_keeps_types_and_refuses_to_round() -> None:
    pytest.importorskip("pyarrow", reason="of the extra `data`")
    from pyarrow import parquet

    def table(*amounts: str | None) -> Table:
        return Table("t", (Column("amount", "decimal"),), tuple((one,) for one in amounts))

    read = parquet.read_table(io.BytesIO(to_parquet(table("1.50", None, "-3"))))
    assert read.column("amount").to_pylist() == [Decimal("1.50"), None, Decimal(-3)]
    for amount in ("0.0000000001", "1" * 40, "much"):
        with pytest.raises(AikgError, match="amount does not fit"):
            to_parquet(table(amount))
