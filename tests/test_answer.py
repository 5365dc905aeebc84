"""An answer: rows as dicts of labels and native values, with grade and evidence."""

from __future__ import annotations

from decimal import Decimal
from math import inf

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode

from aikg.answer import GRADES, Answer, Evidence, Row, Term, native
from aikg.graph import Graph
from aikg.names import AIKG, THING, XSD

OPENAI, NOBODY = NamedNode(THING + "openai"), NamedNode(THING + "nobody")
ITEM = Evidence("claim:1", "X pays.", "source:a", "A", ("p1",), "stated", False, "entity", None)
OTHER = ITEM._replace(claim="claim:2")
ANSWER = Answer(
    ("who", "year"), (Row((OPENAI, Literal(2015)), "stated", (ITEM, OTHER)),
                      Row((NOBODY, None), "group", (OTHER, ITEM))),
    {THING + "openai": "OpenAI"}, "founding", {"year": ("2015",)}, "SELECT …")


def typed(text: str, kind: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + kind))


@pytest.mark.parametrize(("term", "value"), [
    (None, None), (Literal("a"), "a"), (Literal("a", language="en"), "a"), (Literal(""), ""),
    (Literal(7), 7), (typed("-7", "int"), -7), (typed("7", "nonNegativeInteger"), 7),
    (typed("seven", "integer"), "seven"), (typed("1.50", "decimal"), Decimal("1.50")),
    (typed("x", "decimal"), "x"), (typed("1.5", "double"), 1.5), (typed("INF", "float"), inf),
    (Literal(True), True), (typed("0", "boolean"), False), (typed("maybe", "boolean"), "maybe"),
    (typed("1", "string"), "1"),
    (typed("2019-01-01T00:00:00Z", "dateTime"), "2019-01-01T00:00:00Z"),
    (Literal("7", datatype=NamedNode("x:integer")), "7"), (OPENAI, f"<{THING}openai>"),
    (BlankNode("b"), "_:b"),
])
def test_native(term: Term | None, value: object) -> None:
    assert native(term) == value
    assert type(native(term)) is type(value)


@pytest.mark.parametrize(("term", "text"), [
    (None, ""), (OPENAI, "OpenAI"), (NOBODY, "thing:nobody"),
    (NamedNode(AIKG + "funds"), "aikg:funds"),
    (NamedNode("https://example.org/x"), "https://example.org/x"),
    (Literal("two", language="en"), "two"), (Literal(7), "7"), (BlankNode("b"), "_:b"),
])
def test_text(term: Term | None, text: str) -> None:
    assert ANSWER.text(term) == text


def test_an_answer_is_its_rows_as_dicts() -> None:
    assert len(ANSWER) == 2
    assert list(ANSWER) == [{"who": "OpenAI", "year": 2015, "grade": "stated"},
                            {"who": "thing:nobody", "year": None, "grade": "group"}]
    assert list(ANSWER) == list(ANSWER)


def test_rows_of_ad_hoc_sparql_have_no_grade() -> None:
    plain = ANSWER.replace(rows=(Row((OPENAI, Literal("x"))),), query=None)
    assert list(plain) == [{"who": "OpenAI", "year": "x"}]
    assert (plain.graded, ANSWER.graded, Answer().graded) == (False, True, False)


@pytest.mark.parametrize(("verdict", "records"), [
    (True, [{"answer": "yes", "grade": "stated"}]), (False, [{"answer": "no", "grade": "stated"}]),
])
def test_a_verdict_is_one_row(verdict: bool, records: list[dict[str, object]]) -> None:
    answer = Answer(("answer",), (Row((), "stated", (ITEM,)),), kind="verdict", verdict=verdict)
    assert list(answer) == records


def test_each_claim_is_evidence_once_in_the_order_of_the_rows() -> None:
    assert ANSWER.evidence == (ITEM, OTHER)
    assert Answer().evidence == ()


def test_replace_copies() -> None:
    changed = ANSWER.replace(rows=(), reason="none", diagnosis="denied")
    assert (changed.rows, changed.reason, changed.diagnosis) == ((), "none", "denied")
    assert (changed.query, changed.bindings, changed.labels) == (
        ANSWER.query, ANSWER.bindings, ANSWER.labels)
    assert (len(ANSWER), ANSWER.reason) == (2, None)
    with pytest.raises(TypeError):
        ANSWER.replace(color="red")


@pytest.mark.parametrize("name", Answer.__slots__)
def test_answers_are_equal_if_all_of_them_is(name: str) -> None:
    same = ANSWER.replace()
    assert same == ANSWER
    assert hash(same) == hash(ANSWER)
    assert ANSWER.replace(**{name: ("other",)}) != ANSWER
    assert ANSWER != "answer"


def test_repr_says_what_it_answers() -> None:
    assert repr(ANSWER) == "<Answer founding: 2 rows>"
    assert repr(Answer(kind="boolean")) == "<Answer boolean: 0 rows>"


def test_grades_go_from_firm_to_weak() -> None:
    assert GRADES[0] == "stated"
    assert GRADES[-1] == "not-claimed"
    assert len(set(GRADES)) == 13
    order = ("evaluated", "hedged", "group", "disputed", "inferred")
    assert sorted(order, key=GRADES.index) == list(order)


def test_an_answer_is_a_table_in_a_notebook(graph: Graph) -> None:
    shown = graph.run("strategic-investors", company="OpenAI")._repr_html_()
    assert shown.startswith("<table><tr><th>investor</th><th>company</th><th>grade</th>")
    assert "<td>Microsoft</td><td>OpenAI</td><td>stated</td><td>I.p3.s1</td>" in shown


def test_a_notebook_shows_hostile_text_as_text() -> None:
    answer = Answer(("x",), (Row((Literal("<script>"),)),))
    assert answer._repr_html_() == (
        "<table><tr><th>x</th></tr><tr><td>&lt;script&gt;</td></tr></table>")


def test_an_answer_becomes_a_data_frame(graph: Graph) -> None:
    pytest.importorskip("pandas", reason="pandas is in the extra `data`")
    frame = graph.run("strategic-investors").to_pandas()
    assert list(frame.columns) == ["investor", "company", "grade"]
    assert sorted(frame["investor"]) == ["Amazon", "Google", "Microsoft"]
    assert list(graph.run("investors", company="xAI").to_pandas().columns) == [
        "investor", "company", "how"]
