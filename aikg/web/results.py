"""Results of SPARQL in the W3C formats: tables in JSON, XML, CSV and TSV, graphs in four of RDF.

Other than for people (aikg.render) CSV and TSV hold the terms themselves, not their labels.
"""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import BlankNode, RdfFormat, Triple, serialize

from aikg.answer import Answer, Term
from aikg.names import PREFIXES
from aikg.render import render
from aikg.web.negotiation import CSV, JSON_LD, N_TRIPLES, RDF_XML, TSV, TURTLE, Form

RDF_FORMATS = {TURTLE: RdfFormat.TURTLE, N_TRIPLES: RdfFormat.N_TRIPLES,
               JSON_LD: RdfFormat.JSON_LD, RDF_XML: RdfFormat.RDF_XML}


def table(answer: Answer, form: Form) -> bytes:
    """The solutions of a SELECT, or a boolean, in one of negotiation.TABLES.

    Source: SPARQL 1.1 Query Results JSON Format, XML Format, CSV and TSV Formats.
    """
    if form in (CSV, TSV) and answer.kind == "table":
        return (_csv(answer) if form == CSV else _tsv(answer)).encode("utf-8", "replace")
    return render(answer, form.suffix).encode("utf-8", "replace")


def graph(triples: Iterable[Triple], form: Form) -> bytes:
    """Triples in one of negotiation.GRAPHS, in their order."""
    return serialize(triples, format=RDF_FORMATS[form], prefixes=dict(PREFIXES)) or b""


def _csv(answer: Answer) -> str:
    lines = [map(_quoted, answer.columns)]
    lines += [map(_quoted, map(_plain, row.values)) for row in answer.rows]
    # A line without any character is no row to most readers, so a lone empty cell is quoted.
    return "".join((",".join(line) or '""') + "\r\n" for line in lines)


def _plain(term: Term | Triple | None) -> str:
    """A term as CSV has it: without its kind, language or datatype."""
    if term is None:
        return ""
    return _turtle(term) if isinstance(term, BlankNode | Triple) else term.value


def _turtle(term: Term | Triple) -> str:
    """A term as Turtle writes it, without short forms; a triple as the term that it is here."""
    return f"<<( {term} )>>" if isinstance(term, Triple) else str(term)


def _quoted(text: str) -> str:
    special = any(mark in text for mark in '",\r\n')
    return '"' + text.replace('"', '""') + '"' if special else text


def _tsv(answer: Answer) -> str:
    lines = [[f"?{name}" for name in answer.columns]]
    lines += [["" if term is None else _turtle(term) for term in row.values] for row in answer.rows]
    return "".join("\t".join(line) + "\n" for line in lines)
