"""Answers as text: every format holds what it should, and no value breaks out of its place."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import unicodedata
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from aikg.answer import Answer, Evidence, Row, Term
from aikg.errors import UnknownFormat
from aikg.names import CLAIM, SOURCE, THING, XSD
from aikg.render import FORMATS, check_format, render

HOSTILE = (
    'say "hi", then go', "tab\there", "two\nlines", "two\r\nlines", "\x1b[2J\x1b]0;title\x07",
    "\x9b31m", "\x00", "\x7f", "back\\slash \\n", "\\u001b", "a | b", "<b>&amp;</b>", "]]>", "=1+1",
    "line\u2028end", "\u202eesrever", "", " ", "caf\u00e9 \u65e5\u672c", "\ufffe",
)
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]))
UNPRINTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
W3C = {"json": QueryResultsFormat.JSON, "xml": QueryResultsFormat.XML}
RESULTS = "{http://www.w3.org/2005/sparql-results#}"


def literal(text: str, datatype: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + datatype))


def evidence(number: int, source: str = "first", *passages: str) -> Evidence:
    return Evidence(
        claim=f"{CLAIM}c{number}", comment=f"Claim {number}.", source=SOURCE + source,
        source_name=source, passages=passages or (f"p{number}",), modality="stated", denied=False,
        said_of="entity", attributed_to=None)


def answer(*rows: Row, columns: tuple[str, ...] = ("company", "amount")) -> Answer:
    labels = {THING + "openai": "OpenAI", THING + "oracle": "Oracle"}
    return Answer(columns=columns, rows=rows, labels=labels)


def one(term: Term | None) -> Answer:
    return answer(Row((term,)), columns=("x",))


def yes_no(verdict: bool | None) -> Answer:
    rows = (Row((), "stated", (evidence(1),)), Row((), "group", (evidence(2), evidence(1))))
    return Answer(kind="verdict", verdict=verdict, columns=("answer",),
                  rows=rows if verdict is not None else ())


DEALS = answer(
    Row((NamedNode(THING + "openai"), literal("10.50", "decimal")), "stated", (evidence(1),)),
    Row((NamedNode(THING + "oracle"), literal("300", "integer")), "hedged",
        (evidence(2, "first", "p2", "p9"), evidence(3, "first", "p9"))),
    Row((NamedNode(THING + "nvidia"), None), "not-claimed"),
)
GRAPH = Answer(kind="graph", labels={THING + "openai": "OpenAI"}, triples=(
    Triple(NamedNode(THING + "openai"), NamedNode(THING + "p"), literal("1", "integer")),
    Triple(NamedNode(THING + "openai"), NamedNode(THING + "p"), BlankNode("b")),
))


def read_tsv(text: str) -> list[list[str]]:
    marks = {"t": "\t", "n": "\n", "r": "\r", "\\": "\\"}

    def plain(match: re.Match[str]) -> str:
        return chr(int(match[1][1:], 16)) if len(match[1]) > 1 else marks[match[1]]

    assert text.endswith("\n")
    return [[re.sub(r"\\(u[0-9a-f]{4}|.)", plain, cell) for cell in line.split("\t")]
            for line in text[:-1].split("\n")]


def read_csv(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def solutions(text: str, name: str) -> QuerySolutions:
    found = parse_query_results(text.encode(), format=W3C[name])
    assert isinstance(found, QuerySolutions)
    return found


# One test per format, on the same three rows.


def test_table_is_aligned_with_numbers_to_the_right() -> None:
    assert render(DEALS, "table") == (
        "company       amount  grade        evidence\n"
        "------------  ------  -----------  --------\n"
        "OpenAI         10.50  stated       p1\n"
        "Oracle           300  hedged       p2 p9\n"
        "thing:nvidia          not-claimed\n"
    )


def test_csv_is_rfc_4180() -> None:
    assert render(DEALS, "csv") == (
        "company,amount,grade,evidence\r\n"
        "OpenAI,10.50,stated,p1\r\n"
        "Oracle,300,hedged,p2 p9\r\n"
        "thing:nvidia,,not-claimed,\r\n")


def test_tsv_has_labels_and_tabs() -> None:
    assert render(DEALS, "tsv") == (
        "company\tamount\tgrade\tevidence\n"
        "OpenAI\t10.50\tstated\tp1\n"
        "Oracle\t300\thedged\tp2 p9\n"
        "thing:nvidia\t\tnot-claimed\t\n")


def test_markdown_is_a_pipe_table() -> None:
    assert render(DEALS, "md") == (
        "| company | amount | grade | evidence |\n"
        "| --- | --- | --- | --- |\n"
        "| OpenAI | 10.50 | stated | p1 |\n"
        "| Oracle | 300 | hedged | p2 p9 |\n"
        "| thing:nvidia |  | not-claimed |  |\n")


def test_json_lines_are_the_contract_of_design_section_8() -> None:
    lines = [json.loads(line) for line in render(DEALS, "jsonl").splitlines()]
    assert lines[0] == {
        "company": {"iri": THING + "openai", "label": "OpenAI"},
        "amount": 10.5,
        "grade": "stated",
        "evidence": [{
            "claim": CLAIM + "c1", "comment": "Claim 1.", "source": SOURCE + "first",
            "passages": ["p1"], "modality": "stated", "denied": False, "saidOf": "entity",
            "attributedTo": None}],
    }
    assert [list(line) for line in lines] == [["company", "amount", "grade", "evidence"]] * 3
    assert lines[2]["company"] == {"iri": THING + "nvidia", "label": "thing:nvidia"}
    assert [lines[2][name] for name in ("amount", "grade", "evidence")] == [None, "not-claimed", []]


@pytest.mark.parametrize("name", W3C)
def test_w3c_results_read_back_as_the_same_terms(name: str) -> None:
    terms = (NamedNode(THING + "openai"), BlankNode("b"), Literal("a"), Literal("b", language="en"),
             literal("1.50", "decimal"), literal("x", "made-up"), None)
    rows = (Row(terms, "stated", (evidence(1),)), Row((None,) * 7))
    text = render(answer(*rows, columns=tuple("abcdefg")), name)
    found = solutions(text, name)
    assert [variable.value for variable in found.variables] == list("abcdefg")
    assert [tuple(row) for row in found] == [terms, (None,) * 7]


@pytest.mark.parametrize("name", W3C)
def test_w3c_results_hold_triples_as_terms(name: str) -> None:
    triple = Triple(BlankNode("b"), NamedNode(THING + "p"), Literal("o"))
    text = render(Answer(columns=("t",), rows=(Row((triple,)),)), name)  # type: ignore[arg-type]
    found = solutions(text, name)
    assert [row["t"] for row in found] == [triple]


def test_turtle_is_the_normal_form() -> None:
    text = render(GRAPH, "ttl")
    assert text.startswith("@prefix thing:")
    assert {quad.triple.predicate for quad in parse(text, RdfFormat.TURTLE)} == {
        NamedNode(THING + "p")}


@pytest.mark.parametrize("end", [
    BlankNode("shared"),
    Triple(NamedNode(THING + "s"), NamedNode(THING + "p"), Literal("\x9b")),
])
def test_turtle_writes_what_has_no_normal_form(end: BlankNode | Triple) -> None:
    triples = {Triple(NamedNode(THING + name), NamedNode(THING + "p"), end) for name in "ab"}
    text = render(Answer(kind="graph", triples=tuple(triples)), "ttl")
    read = {quad.triple for quad in parse(text, RdfFormat.TURTLE, rename_blank_nodes=False)}
    assert read == triples
    assert "\x9b" not in text


def test_graph_in_json_lines_is_one_object_per_triple() -> None:
    first, second = (json.loads(line) for line in render(GRAPH, "jsonl").splitlines())
    assert first == {
        "subject": {"iri": THING + "openai", "label": "OpenAI"},
        "predicate": {"iri": THING + "p", "label": "thing:p"},
        "object": 1}
    assert second["object"] == "_:b"


# Yes/no answers.


@pytest.mark.parametrize(("verdict", "word"), [(True, "yes"), (False, "no")])
def test_yes_no_is_one_row_of_weakest_grade_and_all_evidence(verdict: bool, word: str) -> None:
    [line] = [json.loads(line) for line in render(yes_no(verdict), "jsonl").splitlines()]
    assert (line["answer"], line["grade"]) == (word, "group")
    assert [item["claim"] for item in line["evidence"]] == [CLAIM + "c1", CLAIM + "c2"]
    assert render(yes_no(verdict), "tsv") == f"answer\tgrade\tevidence\n{word}\tgroup\tp1 p2\n"


@pytest.mark.parametrize("kind", ["verdict", "boolean"])
@pytest.mark.parametrize("verdict", [True, False])
def test_yes_no_in_w3c_formats_is_a_boolean(kind: str, verdict: bool) -> None:
    given = Answer(kind=kind, verdict=verdict)
    assert json.loads(render(given, "json")) == {"head": {}, "boolean": verdict}
    found = parse_query_results(render(given, "xml").encode(), format=W3C["xml"])
    assert bool(found) is verdict


def test_ask_has_neither_grade_nor_evidence() -> None:
    ask = Answer(kind="boolean", verdict=False)
    assert render(ask, "jsonl") == '{"boolean": false}\n'
    assert render(ask, "csv") == "boolean\r\nfalse\r\n"


# What is empty, and which columns there are.


@pytest.mark.parametrize(("given", "header"), [
    (Answer(columns=("a", "b")), ["a", "b"]),
    (Answer(columns=("a",), query="stored"), ["a", "grade", "evidence"]),
    (yes_no(None), ["answer", "grade", "evidence"]),
])
def test_empty_answers_are_a_header_or_an_empty_document(given: Answer, header: list[str]) -> None:
    assert render(given, "jsonl") == ""
    assert render(given, "tsv") == "\t".join(header) + "\n"
    assert render(given, "csv") == ",".join(header) + "\r\n"
    assert render(given, "table") == "  ".join(header) + "\n"
    assert render(given, "md").splitlines()[0] == f"| {' | '.join(header)} |"
    names = header[:-2] if "grade" in header else header
    for name in W3C:
        found = solutions(render(given, name), name)
        assert ([variable.value for variable in found.variables], list(found)) == (names, [])


def test_empty_graph_is_empty() -> None:
    assert render(Answer(kind="graph"), "ttl") == render(Answer(kind="graph"), "jsonl") == ""


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "ttl"])
@pytest.mark.parametrize("rows", [(), (Row(()),)])
def test_an_answer_without_columns_does_no_harm(name: str, rows: tuple[Row, ...]) -> None:
    assert "Error" not in render(Answer(rows=rows), name)


def test_evidence_names_the_source_only_where_there_are_several() -> None:
    item = Row((Literal("x"),), "stated", (evidence(1), evidence(2, "The Daily", "p1", "p4")))
    assert render(answer(item, columns=("x",)), "tsv").splitlines()[1] == (
        "x\tstated\tfirst/p1 The-Daily/p1 The-Daily/p4")


def test_iris_come_behind_the_columns_that_hold_some() -> None:
    text = render(DEALS, "tsv", iris=True).splitlines()
    assert text[0] == "company\tcompany_iri\tamount\tgrade\tevidence"
    assert text[1].startswith(f"OpenAI\t{THING}openai\t10.50")
    mixed = answer(Row((Literal("x"),)), Row((NamedNode(THING + "y"),)), columns=("a",))
    assert read_csv(render(mixed, "csv", iris=True)) == [
        ["a", "a_iri"], ["x", ""], ["thing:y", THING + "y"]]


@pytest.mark.parametrize("name", ["json", "jsonl", "xml"])
def test_iris_change_nothing_where_they_are_there_anyway(name: str) -> None:
    assert render(DEALS, name, iris=True) == render(DEALS, name)


# Which format fits.


@pytest.mark.parametrize(("kind", "name", "fits"), [
    ("table", "ttl", "table, csv, tsv, json, jsonl, xml or md"),
    ("verdict", "ttl", "table, csv, tsv, json, jsonl, xml or md"),
    ("graph", "csv", "jsonl or ttl"),
    ("graph", "json", "jsonl or ttl"),
    ("table", "yaml", "table, csv, tsv, json, jsonl, xml or md"),
])
def test_a_format_that_does_not_fit_names_what_fits(kind: str, name: str, fits: str) -> None:
    with pytest.raises(UnknownFormat, match=re.escape(fits)) as caught:
        render(Answer(kind=kind), name)
    assert caught.value.exit_code == 2
    assert name not in caught.value.candidates
    for candidate in caught.value.candidates:
        check_format(kind, candidate)


# Values that try to break out.


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("text", HOSTILE)
def test_no_control_reaches_the_terminal(name: str, text: str) -> None:
    term = Literal(text)
    given = one(term) if name != "ttl" else Answer(
        kind="graph", triples=(Triple(NamedNode(THING + "s"), NamedNode(THING + "p"), term),))
    printed = set(render(given, name)) - set("\t\r\n")
    assert not {mark for mark in printed if unicodedata.category(mark) in ("Cc", "Zl", "Zp")}
    assert "\u202e" not in printed


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_values_stay_in_their_cell(text: str) -> None:
    given = answer(Row((Literal(text), Literal("end"))), columns=("x", text or "y"))
    assert read_tsv(render(given, "tsv")) == [["x", text or "y"], [text, "end"]]
    assert [len(row) for row in read_csv(render(given, "csv"))] == [2, 2]
    assert len(render(given, "table").split("\n")) == len(["header", "rule", "row", ""])
    header, rule, row, last = render(given, "md").split("\n")
    assert [len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) for line in (header, rule, row)] == [3] * 3
    assert not re.search(r"(?<!\\)(?:\\\\)*[<`\[]", row)
    assert last == ""


@given(ANY_TEXT, ANY_TEXT)
@settings(max_examples=200, deadline=None, database=None)
def test_any_text_comes_back(first: str, second: str) -> None:
    texts = [first, second]
    given = answer(Row((Literal(first), Literal(second))), columns=("a", "b"))
    assert read_tsv(render(given, "tsv"))[1] == texts
    assert json.loads(render(given, "jsonl")) == {"a": first, "b": second}
    [found] = json.loads(render(given, "json"))["results"]["bindings"]
    assert [found["a"]["value"], found["b"]["value"]] == texts
    assert read_csv(render(given, "csv"))[1] == [
        UNPRINTED.sub(lambda mark: f"\\u{ord(mark[0]):04x}", text) for text in texts]
    found = ElementTree.fromstring(render(given, "xml")).iter(f"{RESULTS}literal")
    assert [item.text or "" for item in found] == [NOT_XML.sub("\ufffd", text) for text in texts]


def test_a_lone_empty_cell_is_a_row_of_csv() -> None:
    assert read_csv(render(one(None), "csv")) == [["x"], [""]]


# Numbers and other natives in JSON lines.


@pytest.mark.parametrize(("term", "text"), [
    (literal("12345678901234567890.12345678901234567890", "decimal"),
     "12345678901234567890.12345678901234567890"),
    (literal("1.50", "decimal"), "1.50"),
    (literal("-0.0", "decimal"), "-0.0"),
    (literal(".5", "decimal"), "0.5"),
    (literal("1E400", "decimal"), "1E+400"),
    (literal("123456789012345678901234567890", "integer"), "123456789012345678901234567890"),
    (literal("+7", "integer"), "7"),
    (literal("1.5E3", "double"), "1500.0"),
    (literal("1e-7", "double"), "1e-07"),
    (literal("INF", "double"), '"INF"'),
    (literal("NaN", "double"), '"NaN"'),
    (literal("sNaN", "decimal"), '"sNaN"'),
    (literal("9" * 5000, "integer"), f'"{"9" * 5000}"'),
    (literal("many", "integer"), '"many"'),
    (literal("true", "boolean"), "true"),
    (literal("0", "boolean"), "false"),
    (literal("2026-01-01T00:00:00Z", "dateTime"), '"2026-01-01T00:00:00Z"'),
    (Literal("ja", language="de"), '"ja"'),
    (BlankNode("b"), '"_:b"'),
    (None, "null"),
])
def test_json_lines_hold_native_values_without_loss(term: Term | None, text: str) -> None:
    line = render(one(term), "jsonl")
    assert line == f'{{"x": {text}}}\n'
    json.loads(line, parse_float=Decimal, parse_constant=pytest.fail)


# Layout of the table.


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_a_table_is_wrapped_into_the_width(width: int) -> None:
    note = "a note that is long enough to be wrapped, with averyveryveryverylongwordthatmustbecut"
    text = render(answer(Row((Literal(note), Literal("end")), "stated", (evidence(1),))), "table",
                  width=width)
    lines = text.splitlines()
    assert max(map(len, lines)) <= width
    cut = len(lines[1].split("  ")[0])
    assert "".join(line[:cut] for line in lines[2:]).replace(" ", "") == note.replace(" ", "")


@pytest.mark.parametrize(("text", "more"), [
    ("abcdef", 0), ("\u65e5\u672c\u8a9e", 3), ("e\u0301t\u00e9", -1), ("\U0001f600", 1),
])
def test_wide_and_combining_characters_keep_the_columns_aligned(text: str, more: int) -> None:
    given = answer(Row((Literal(text), Literal("|"))), columns=("company", "end"))
    header, _rule, row = render(given, "table").splitlines()
    assert row.index("|") + more == header.index("end")


# What it costs to import.


def test_import_is_light() -> None:
    code = ("import sys, aikg.answer; before = set(sys.modules); import aikg.render;"
            "print(*sorted(set(sys.modules) - before))")
    new = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(new.stdout.split()) <= {"aikg.errors", "aikg.render", "aikg.turtle"}
