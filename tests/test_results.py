"""Results in the W3C formats: what stands in each, and that other readers get the terms back."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    Triple,
    parse_query_results,
)

from aikg.answer import Answer, Row
from tests.serving import LACKING, REASON

if LACKING:
    pytest.skip(REASON, allow_module_level=True)

from aikg.web import results
from aikg.web.negotiation import CSV, RESULTS_JSON, RESULTS_XML, TSV, Form

XSD = "http://www.w3.org/2001/XMLSchema#"
THING = NamedNode("urn:x:thing")
READERS = {TSV: QueryResultsFormat.TSV, RESULTS_JSON: QueryResultsFormat.JSON,
           RESULTS_XML: QueryResultsFormat.XML}


def typed(text: str, name: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + name))


# A term; how CSV holds it; how TSV does (SPARQL 1.1 Query Results CSV and TSV Formats, 3 and 4).
HELD: list[tuple[Any, str, str]] = [
    (None, "", ""),
    (NamedNode("http://a.example/?b=c,d&e"), '"http://a.example/?b=c,d&e"',
     "<http://a.example/?b=c,d&e>"),
    (BlankNode("b0"), "_:b0", "_:b0"),
    (Literal("plain"), "plain", '"plain"'), (Literal(""), "", '""'),
    (Literal("a,b"), '"a,b"', '"a,b"'), (Literal('say "a"'), '"say ""a"""', '"say \\"a\\""'),
    (Literal("a\tb"), "a\tb", '"a\\tb"'), (Literal("a\nb"), '"a\nb"', '"a\\nb"'),
    (Literal("a\r\n"), '"a\r\n"', '"a\\r\\n"'), (Literal("back\\n"), "back\\n", '"back\\\\n"'),
    (Literal(" a "), " a ", '" a "'), (Literal("chat", language="fr"), "chat", '"chat"@fr'),
    (typed("-3", "negativeInteger"), "-3", f'"-3"^^<{XSD}negativeInteger>'),
    (typed("1.0E6", "double"), "1.0E6", f'"1.0E6"^^<{XSD}double>'),
    (typed("4,5", "decimal"), '"4,5"', f'"4,5"^^<{XSD}decimal>'),
    (typed("true", "boolean"), "true", f'"true"^^<{XSD}boolean>'),
    (Triple(THING, THING, Literal("a")), '"<<( <urn:x:thing> <urn:x:thing> ""a"" )>>"',
     '<<( <urn:x:thing> <urn:x:thing> "a" )>>'),
]
ODD = ["]]>", "&amp;<b>", "\u0085", "\u2028", "\ufeffx", "\U0001d11e", "\u202e", "\x7f", "  a\n ",
       "=1+1", "_:b", "?x", "'", " ", "\n", "\t", "\r"]
TERMS = [*(term for term, _, _ in HELD), *map(Literal, ODD), NamedNode("urn:x:\u00e9\U0001d11e")]


@pytest.mark.parametrize(("term", "in_csv", "in_tsv"), HELD)
def test_each_kind_of_term_in_csv_and_tsv(term: Any, in_csv: str, in_tsv: str) -> None:
    answer = Answer(("a", "b"), (Row((term, THING)),))
    assert results.table(answer, CSV).decode() == f"a,b\r\n{in_csv},urn:x:thing\r\n"
    assert results.table(answer, TSV).decode() == f"?a\t?b\n{in_tsv}\t<urn:x:thing>\n"


@pytest.mark.parametrize("form", READERS, ids=lambda form: form.suffix)
@pytest.mark.parametrize("term", TERMS, ids=repr)
def test_terms_come_back(term: Any, form: Form) -> None:
    for values in ((term, THING), (THING, term), (term,)):
        written = results.table(Answer(("a", "b")[:len(values)], (Row(values),)), form)
        found = parse_query_results(written, READERS[form])
        assert isinstance(found, QuerySolutions)
        assert [tuple(solution) for solution in found] == [values]


@pytest.mark.parametrize("text", ODD)
def test_a_text_comes_back_from_csv(text: str) -> None:
    for values in ((Literal(text), THING), (THING, Literal(text)), (Literal(text),)):
        written = results.table(Answer(("a", "b")[:len(values)], (Row(values),)), CSV).decode()
        rows = list(csv.reader(io.StringIO(written, newline="")))
        assert rows[1:] == [[value.value for value in values]]


@pytest.mark.parametrize(("form", "says"), [
    (RESULTS_JSON, b'{"head": {"vars": []}, "results": {"bindings": [{}]}}\n'),
    (TSV, b"\n\n"), (CSV, b'""\r\n""\r\n')])
def test_a_solution_without_variables_is_one(form: Form, says: bytes) -> None:
    assert results.table(Answer((), (Row(()),)), form) == says
