"""Answers as text: tables to read, CSV and TSV for pipes, JSON, XML and Turtle for programs.

Nothing that a value holds breaks out of its cell or commands a terminal: for each format there is
a table of the characters that it does not print as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from aikg.answer import GRADES, Answer, Evidence, Row, Term, native
from aikg.errors import UnknownFormat
from aikg.names import XSD
from aikg.turtle import write

# Controls, the line ends of Unicode, and the marks that turn the direction of a text around.
_CONTROLS = (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029,
             *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_IN_TABLE = {code: f"\\u{code:04x}" for code in _CONTROLS} | {9: "\\t", 10: "\\n", 13: "\\r"}
_IN_CSV = {code: text for code, text in _IN_TABLE.items() if code not in (9, 10, 13)}
_IN_TSV = _IN_TABLE | {0x5C: "\\\\"}
_IN_JSON = _IN_TSV | {0x22: '\\"'}
_STRING = NamedNode(XSD + "string")
_IN_MARKDOWN = _IN_TABLE | {ord(mark): "\\" + mark for mark in "\\`*_~[]<>|&"}
_IN_TURTLE = {code: text for code, text in _IN_TABLE.items() if code >= 0x7F}
_IN_XML = (
    {code: f"&#{code};" for code in _CONTROLS}
    # XML 1.0, section 2.2: no document can hold these, not even by number.
    | dict.fromkeys((*range(0x20), 0xFFFE, 0xFFFF), "\ufffd")
    | {9: "&#9;", 10: "&#10;", 13: "&#13;"}
    | {0x26: "&amp;", 0x3C: "&lt;", 0x3E: "&gt;", 0x22: "&quot;"}
)
# Characters that take two columns of a terminal, and none (the main blocks of UAX 11).
_WIDE = ("[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f"
         "\uff01-\uff60\uffe0-\uffe6\U0001f300-\U0001faff\U00020000-\U0003fffd]")
_ZERO = "[\u0300-\u036f\u200b-\u200f\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\ufeff]"
_NUMBER = "[+-]?[0-9]+([.][0-9]+)?"
_GAP = "  "
_NARROWEST = 8
_TRIPLE = ("subject", "predicate", "object")


def render(
    answer: Answer, format: str, *, iris: bool = False, width: int | None = None  # noqa: A002
) -> str:
    """The answer as text in one of FORMATS; it ends with a line end, or is empty.

    `iris` adds a column `NAME_iri` behind each column of table, csv, tsv and md that holds IRIs.
    `width` is in columns of the terminal: a table is wrapped to it; None wraps nothing.
    The lines of csv end as RFC 4180 says, so they must be written as they are.

    Raises UnknownFormat for a format that does not exist or does not fit the kind of answer.
    Source: DESIGN, section 8; for json and xml SPARQL 1.1 Query Results JSON and XML Formats.
    """
    check_format(answer.kind, format)
    return FORMATS[format](answer, iris, width)


def check_format(answer_kind: str, format: str) -> None:  # noqa: A002
    """Raise UnknownFormat, which names what fits, unless `format` fits this kind of answer.

    `answer_kind` is the `kind` of an Answer: `table`, `verdict`, `boolean` or `graph`.
    """
    graph = answer_kind == "graph"
    fits = [name for name in FORMATS if (name in ("jsonl", "ttl") if graph else name != "ttl")]
    if format not in fits:
        kind = {"graph": "a graph", "table": "a table"}.get(answer_kind, "a yes/no answer")
        wrong = f"does not fit {kind}" if format in FORMATS else "is not a format"
        choice = f"{', '.join(fits[:-1])} or {fits[-1]}"
        raise UnknownFormat(f"{format} {wrong}: choose {choice}", fits)


def _as_rows(answer: Answer) -> Answer:
    """The answer as columns and rows, whatever its kind; a yes/no is one row, or none."""
    if answer.kind == "table":
        return answer
    if answer.kind == "graph":
        return answer.replace(columns=_TRIPLE, rows=tuple(Row(tuple(t)) for t in answer.triples))
    if answer.kind == "boolean":
        column, value = "boolean", Literal(bool(answer.verdict))
    else:
        column, value = "answer", Literal("yes" if answer.verdict else "no")
    grades = [row.grade for row in answer.rows if row.grade]
    weakest = max(grades, key=GRADES.index, default=None)
    rows = (Row((value,), weakest, answer.evidence),) if answer.verdict is not None else ()
    return answer.replace(columns=(column,), rows=rows)


def _graded(answer: Answer) -> bool:
    """Whether there are columns for grade and evidence, even where there is no row."""
    return answer.kind == "verdict" or answer.graded or (
        answer.kind == "table" and answer.query is not None)


def _text(answer: Answer, term: Term | Triple | None) -> str:
    return str(term) if isinstance(term, Triple) else answer.text(term)


def _grid(answer: Answer, iris: bool, escapes: Mapping[int, str]) -> list[list[str]]:
    """Header and rows: labels, IRIs where wanted, then grade and evidence."""
    answer = _as_rows(answer)
    columns: list[list[str]] = []
    for index, name in enumerate(answer.columns):
        terms = [row.values[index] for row in answer.rows]
        columns.append([name, *(_text(answer, term) for term in terms)])
        if iris and any(isinstance(term, NamedNode) for term in terms):
            columns.append([f"{name}_iri", *(
                term.value if isinstance(term, NamedNode) else "" for term in terms)])
    if _graded(answer):
        sources = {item.source for row in answer.rows for item in row.evidence}
        named = answer.named or len(sources) > 1
        columns.append(["grade", *(row.grade or "" for row in answer.rows)])
        columns.append(["evidence", *(_passages(row.evidence, named) for row in answer.rows)])
    escaped = ([cell.translate(escapes) for cell in column] for column in columns)
    return [list(row) for row in zip(*escaped, strict=True)] or [[]]


def _passages(evidence: Iterable[Evidence], named: bool) -> str:
    """Passage ids separated by spaces, each as `source/id` when they are to be `named`."""
    ids = (("-".join(item.source_name.split()) + "/" if named else "") + passage
           + "(undated)" * item.undated for item in evidence for passage in item.passages)
    return " ".join(dict.fromkeys(ids))


def _table(answer: Answer, iris: bool, width: int | None) -> str:
    grid = _grid(answer, iris, _IN_TABLE)
    columns = list(zip(*grid, strict=True))
    widths = _fit([max(map(_width, column)) for column in columns], width)
    right = [all(re.fullmatch(_NUMBER, cell) for cell in column[1:] if cell) for column in columns]
    if len(grid) > 1:
        grid.insert(1, ["-" * size for size in widths])
    return "".join(line + "\n" for row in grid for line in _lines(row, widths, right))


def _fit(widths: list[int], width: int | None) -> list[int]:
    """The widths, the widest cut back evenly until all fit; none below _NARROWEST."""
    if width is None or not widths:
        return widths
    room = max(width - len(_GAP) * (len(widths) - 1), _NARROWEST)
    cap = min(max(widths), room)
    while cap > _NARROWEST and sum(min(size, cap) for size in widths) > room:
        cap -= 1
    return [min(size, cap) for size in widths]


def _lines(row: list[str], widths: list[int], right: list[bool]) -> Iterator[str]:
    """The lines that one row takes: more than one where a cell is wrapped."""
    cells = [list(_wrap(cell, size)) for cell, size in zip(row, widths, strict=True)]
    for parts in zip_longest(*cells, fillvalue=""):
        padded = []
        for part, size, flush in zip(parts, widths, right, strict=True):
            space = " " * (size - _width(part))
            padded.append(space + part if flush else part + space)
        yield _GAP.join(padded).rstrip()


def _wrap(text: str, size: int) -> Iterator[str]:
    """The text in lines of at most `size` columns, broken at spaces where it has any."""
    line = ""
    for word in text.split(" ") if _width(text) > size else [text]:
        joined = f"{line} {word}" if line else word
        if _width(joined) <= size:
            line = joined
            continue
        if line:
            yield line
        *full, line = _cut(word, size)
        yield from full
    yield line


def _cut(word: str, size: int) -> Iterator[str]:
    part = ""
    for character in word:
        if part and _width(part + character) > size:
            yield part
            part = ""
        part += character
    yield part


def _width(text: str) -> int:
    """The columns that a text takes on a terminal."""
    if text.isascii():
        return len(text)
    return len(text) + len(re.findall(_WIDE, text)) - len(re.findall(_ZERO, text))


def _csv(answer: Answer, iris: bool, *_: object) -> str:
    # A line without any character is no row to most readers, so a lone empty cell is quoted.
    return "".join((",".join(map(_csv_cell, row)) or '""') + "\r\n"
                   for row in _grid(answer, iris, _IN_CSV))


def _csv_cell(text: str) -> str:
    quoted = any(mark in text for mark in '",\r\n')
    return '"' + text.replace('"', '""') + '"' if quoted else text


def _tsv(answer: Answer, iris: bool, *_: object) -> str:
    return "".join("\t".join(row) + "\n" for row in _grid(answer, iris, _IN_TSV))


def _markdown(answer: Answer, iris: bool, *_: object) -> str:
    header, *rows = _grid(answer, iris, _IN_MARKDOWN)
    lines = (header, ["---"] * len(header), *rows)
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _json_results(answer: Answer, *_: object) -> str:
    if answer.verdict is not None:
        return _json({"head": {}, "boolean": answer.verdict}) + "\n"
    answer = _as_rows(answer)
    names = [_json_text(name) for name in answer.columns]
    solutions = ", ".join(_json_terms(names, row.values) for row in answer.rows)
    return (f'{{"head": {{"vars": [{", ".join(names)}]}}, '
            f'"results": {{"bindings": [{solutions}]}}}}\n')


def _json_terms(names: Sequence[str], terms: Sequence[Term | Triple | None]) -> str:
    return "{" + ", ".join(f"{name}: {_json_term(term)}"
                           for name, term in zip(names, terms, strict=True)
                           if term is not None) + "}"


def _json_term(term: Term | Triple) -> str:
    """A term in the JSON format; put together as text, as this is the way of each ad-hoc query."""
    if isinstance(term, Triple):
        return f'{{"type": "triple", "value": {_json_terms([*map(_json_text, _TRIPLE)], [*term])}}}'
    value = _json_text(term.value)
    if not isinstance(term, Literal):
        kind = "uri" if isinstance(term, NamedNode) else "bnode"
        return f'{{"type": "{kind}", "value": {value}}}'
    more = ""
    if term.language:
        more = f', "xml:lang": {_json_text(term.language)}'
    elif term.datatype != _STRING:
        more = f', "datatype": {_json_text(term.datatype.value)}'
    return f'{{"type": "literal", "value": {value}{more}}}'


def _json_lines(answer: Answer, *_: object) -> str:
    answer = _as_rows(answer)
    graded = _graded(answer)
    lines = []
    for row in answer.rows:
        cells = (_json_cell(answer, term) for term in row.values)
        record: dict[str, object] = dict(zip(answer.columns, cells, strict=True))
        if graded:
            record |= {"grade": row.grade, "evidence": [*map(_json_evidence, row.evidence)]}
        lines.append(_json(record) + "\n")
    return "".join(lines)


def _json_cell(answer: Answer, term: Term | None) -> object:
    if isinstance(term, NamedNode):
        return {"iri": term.value, "label": answer.text(term)}
    value = native(term)
    # JSON has no infinity and no NaN: these remain the text of the literal.
    if value is not None and not isinstance(value, str | int) and not re.match(
            "-?[0-9]", str(value)):
        return _text(answer, term)
    return value


def _json_evidence(item: Evidence) -> dict[str, object]:
    return {
        "claim": item.claim,
        "comment": item.comment,
        "source": item.source,
        "passages": item.passages,
        "modality": item.modality,
        "denied": item.denied,
        "saidOf": item.said_of,
        "attributedTo": item.attributed_to,
        **({"undated": True} if item.undated else {}),
    }


def _json(value: object) -> str:
    """JSON (RFC 8259); written here since the standard library cannot write a Decimal whole."""
    if isinstance(value, str):
        return _json_text(value)
    if isinstance(value, dict):
        members = (f"{_json(name)}: {_json(item)}" for name, item in value.items())
        return "{" + ", ".join(members) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_json, value)) + "]"
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _json_text(text: str) -> str:
    plain = text.isprintable() and '"' not in text and "\\" not in text
    return f'"{text if plain else text.translate(_IN_JSON)}"'


def _xml_results(answer: Answer, *_: object) -> str:
    head, body = "<head/>", f"<boolean>{str(answer.verdict).lower()}</boolean>"
    if answer.verdict is None:
        answer = _as_rows(answer)
        names = [name.translate(_IN_XML) for name in answer.columns]
        variables = "".join(f'<variable name="{name}"/>' for name in names)
        solutions = "".join(_xml_row(names, row) for row in answer.rows)
        head, body = f"<head>{variables}</head>", f"<results>\n{solutions}</results>"
    return ('<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<sparql xmlns="http://www.w3.org/2005/sparql-results#">\n{head}\n{body}\n</sparql>\n')


def _xml_row(names: list[str], row: Row) -> str:
    bindings = (f'<binding name="{name}">{_xml_term(term)}</binding>'
                for name, term in zip(names, row.values, strict=True) if term is not None)
    return f"<result>{''.join(bindings)}</result>\n"


def _xml_term(term: Term | Triple) -> str:
    if isinstance(term, Triple):
        parts = (f"<{name}>{_xml_term(part)}</{name}>"
                 for name, part in zip(_TRIPLE, term, strict=True))
        return f"<triple>{''.join(parts)}</triple>"
    # Some readers trim the text of an element, but not a space that is written by its number.
    value = re.sub("^ | $", "&#32;", term.value.translate(_IN_XML))
    if not isinstance(term, Literal):
        tag = "uri" if isinstance(term, NamedNode) else "bnode"
        return f"<{tag}>{value}</{tag}>"
    if term.language:
        return f'<literal xml:lang="{term.language}">{value}</literal>'
    if term.datatype.value == XSD + "string":
        return f"<literal>{value}</literal>"
    return f'<literal datatype="{term.datatype.value.translate(_IN_XML)}">{value}</literal>'


def _turtle(answer: Answer, *_: object) -> str:
    return _turtle_text(answer.triples).translate(_IN_TURTLE) if answer.triples else ""


def _turtle_text(triples: tuple[Triple, ...]) -> str:
    try:
        # The normal form has neither labels for shared blank nodes nor triples as terms (RDF 1.2).
        if not any(isinstance(triple.object, Triple) for triple in triples):
            return write(triples)
    except (ValueError, RecursionError):
        pass
    return (serialize(triples, format=RdfFormat.TURTLE) or b"").decode()


FORMATS: Mapping[str, Callable[[Answer, bool, int | None], str]] = {
    "table": _table,
    "csv": _csv,
    "tsv": _tsv,
    "json": _json_results,
    "jsonl": _json_lines,
    "xml": _xml_results,
    "md": _markdown,
    "ttl": _turtle,
}
