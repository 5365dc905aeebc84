"""The header of a stored query is read whole, and every mistake in it is told with its line."""

from __future__ import annotations

import keyword
from pathlib import Path

import pytest

from aikg.errors import QueryError
from aikg.header import RESERVED, read_query
from aikg.names import AIKG, RDF
from aikg.query import Parameter, Query

GOOD = """\
#+ summary: Who funds an organization?
#+ description: By investments,
#+   and by rounds.
#+ tags: [capital, asserted]
#+ x-aikg:
#+   ask:
#+     - "who funds {company}"
#+     - "{company} investors"
#+   params:
#+     company: {type: entity, class: aikg:Organization, label: "who is funded", required: true}
#+     year: {type: integer}
#+   evidence:
#+     - "?investor ?how ?company"
#+     - "?investor a aikg:Organization"
#+     - claim: ?claim
#+   columns: [investor, company]
#+   graphs: [links]

SELECT ?investor ?company WHERE {
  VALUES ?company { UNDEF }
  VALUES ?year { UNDEF }
  ?investor aikg:funds ?company .
}
"""
BODY = "SELECT ?a WHERE { VALUES ?c { UNDEF } ?a ?b ?c }"
PARAMS = ["summary: s", "x-aikg:", "  params:"]


def read(folder: Path, text: str, name: str = "funders.rq") -> Query:
    path = folder / name
    path.write_text(text, "utf-8")
    return read_query(str(path), f"queries/{name}")


def headed(*lines: str, body: str = "") -> str:
    return "".join(f"#+ {line}\n" for line in lines) + body


def test_header_is_read_whole(tmp_path: Path) -> None:
    assert read(tmp_path, GOOD) == Query(
        name="funders",
        summary="Who funds an organization?",
        text=GOOD,
        file="queries/funders.rq",
        description="By investments, and by rounds.",
        tags=("capital", "asserted"),
        phrasings=("who funds {company}", "{company} investors"),
        parameters=(
            Parameter("company", "entity", "who is funded", "aikg:Organization", True),
            Parameter("year", "integer", "year", None, False)),
        evidence=(("?investor", "?how", "?company"),
                  ("?investor", f"<{RDF}type>", f"<{AIKG}Organization>"),
                  ("claim", "?claim")),
        columns=("investor", "company"),
        graphs=("links",),
    )


def test_a_summary_is_all_it_needs(tmp_path: Path) -> None:
    assert read(tmp_path, "#+ summary: Who?\nSELECT ?a { ?a ?b ?c }\n") == Query(
        "funders", "Who?", "#+ summary: Who?\nSELECT ?a { ?a ?b ?c }\n", "queries/funders.rq")


def params(*lines: str, body: str = BODY) -> str:
    """A header whose parameters, from line 4 on, are the lines given."""
    return headed(*PARAMS, *(f"    {line}" for line in lines), body=body)


# Each mistake: the file, the line where it is told (None: any), and what the message holds.
MISTAKES: dict[str, tuple[str, int | None, str]] = {
    # The header as a whole
    "no header": ("SELECT ?a { ?a ?b ?c }\n", 1, "no summary"),
    "no summary": ("\n" + headed("tags: [a]"), 2, "no summary"),
    "summary no text": (headed("tags: [a]", "summary: [a]"), 2, "no summary"),
    "empty summary": (headed("tags: [a]", "summary: ''"), 2, "no summary"),
    "no YAML": (headed("summary: s", "tags: [a"), 2, "not YAML"),
    "no YAML below a note": ("# a note\n" + headed("summary: s", "tags: a: b"), 3, "not YAML"),
    "tab": (headed("summary: s", "x-aikg:", "\task: []"), 3, "not YAML"),
    "no mapping": (headed("- summary"), 1, "header must be a mapping"),
    "text for a header": (headed("Who funds whom?"), 1, "header must be a mapping"),
    "control character": (headed("tags: []", "summary: a\x07b"), None, "not YAML"),
    "no such day": (headed("tags: []", "summary: 2020-13-45"), None, "not YAML"),
    "lists without end": (headed("summary: s", "tags: " + "[" * 100_000), 2, "nested too deeply"),
    "a list in a list in a list": (headed("summary: s", "tags:", " " + "- " * 100_000), 3,
                                   "nested too deeply"),
    "two documents": (headed("summary: s", "---", "summary: t"), None, "not YAML"),
    # Keys
    "unknown key": (headed("summary: s", "sumary: t"), 2, "unknown key 'sumary'"),
    "unknown key is no text": (headed("summary: s", "on: t"), 2, "unknown key"),
    "unknown own key": (headed("summary: s", "x-aikg:", "  colums: [a]"), 3,
                        "unknown key 'colums'; known are ask, columns, evidence"),
    "unknown own key is no text": (headed("summary: s", "x-aikg:", "  1: [a]"), 3, "unknown key"),
    "unknown key of a parameter": (params("c: {type: entity, default: x}"), 4,
                                   "unknown key 'default'"),
    "unknown key of a parameter is no text": (params("c: {type: entity, no: x}"), 4, "unknown key"),
    "same key twice": (headed("summary: s", "summary: t"), 2, "summary"),
    "own keys no mapping": (headed("summary: s", "x-aikg: [ask]"), 2, "x-aikg must be a mapping"),
    # Lists of texts
    "tags no list": (headed("summary: s", "tags: capital"), 2, "tags must be a list"),
    "tags no texts": (headed("summary: s", "tags: [a, 3]"), 2, "tags holds 3"),
    "ask no list": (headed("summary: s", "x-aikg:", "  ask: who"), 3, "ask must be a list"),
    "columns no texts": (headed("summary: s", "x-aikg:", "  columns: [yes]"), 3, "holds True"),
    "graphs no list": (headed("summary: s", "x-aikg:", "  graphs: links"), 3, "must be a list"),
    "description no text": (headed("summary: s", "description: [a]"), 2, "description"),
    # Parameters
    "params no mapping": (headed("summary: s", "x-aikg:", "  params: [c]"), 3,
                          "params must be a mapping"),
    "parameter no mapping": (params("c: entity"), 4, "c must be a mapping"),
    "name no text": (params("on: {type: entity}"), 3, "YAML reads the slot name as True"),
    "name in capitals": (params("Company: {type: entity}"), 4, "'Company' cannot be"),
    "name with a hyphen": (params("a-b: {type: entity}"), 4, "'a-b' cannot be"),
    "no type": (params("c: {label: x}"), 4, "the type of c must be one of class, entity, integer"),
    "unknown type": (params("c: {type: thing}"), 4, "the type of c"),
    "list of types": (params("c: {type: [entity]}"), 4, "the type of c"),
    "unknown prefix": (params("c: {type: entity, class: foo:Bar}"), 4, "unknown prefix"),
    "class no CURIE": (params("c: {type: entity, class: Organization}"), 4, "in class Organ"),
    "required no boolean": (params("c: {type: entity, required: 'no'}"), 4, "required"),
    "label no text": (params("c: {type: entity, label: [a]}"), 4, "label"),
    # Slots
    "no slot": (params("c: {type: entity}", body="SELECT ?c { ?c ?b ?a }"), 4,
                "no slot for c: write VALUES ?c { UNDEF }"),
    "slot without parameter": (params("c: {type: entity}",
                                      body=BODY.replace("?a ?b", "VALUES ?d { UNDEF } ?a ?b")), 3,
                               "slot ?d is not among the params"),
    "slot without header": (headed("summary: s", body=BODY), 1, "slot ?c is not"),
    # Phrasings and evidence
    "phrasing with an unknown slot": (headed("summary: s", "x-aikg:", "  ask:", "    - 'a'",
                                             "    - 'who {x}'"), 3, "'who {x}' has a slot"),
    "evidence no list": (headed("summary: s", "x-aikg:", "  evidence: ?a ?b ?c"), 3,
                         "evidence must be a list"),
    "evidence of two terms": (headed("summary: s", "x-aikg:", "  evidence: ['?a ?b']"), 3,
                              "neither three terms nor claim"),
    "evidence with an unknown prefix": (headed("summary: s", "x-aikg:",
                                               "  evidence: ['?a foo:b ?c']"), 3, "foo:b"),
    "evidence with a literal": (headed("summary: s", "x-aikg:", "  evidence: ['?a ?b 3']"), 3,
                                "neither a variable nor a CURIE"),
    "evidence of another kind": (headed("summary: s", "x-aikg:", "  evidence: [{fact: '?c'}]"), 3,
                                 "neither three terms"),
    "evidence is a claim that is no variable": (headed("summary: s", "x-aikg:",
                                                       "  evidence: [{claim: c}]"), 3, "claim"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistake_is_told_with_file_and_line(mistake: str, tmp_path: Path) -> None:
    text, line, message = MISTAKES[mistake]
    with pytest.raises(QueryError) as caught:
        read(tmp_path, text)
    told = caught.value.line if line is None else line
    assert (caught.value.file, caught.value.line) == ("queries/funders.rq", told)
    assert str(caught.value).startswith(f"queries/funders.rq:{told}: ")
    assert message in str(caught.value)


def test_reserved_names_are_those_of_the_design() -> None:
    """DESIGN, section 7; `as-of` also as Python would have it, and what other options take."""
    design = {"help", "format", "output", "endpoint", "store", "sources", "as-of", "limit", "page",
              "name", "grade", "evidence", *keyword.kwlist}
    assert design | {"as_of", "iris", "published-by", "published_by"} == RESERVED


@pytest.mark.parametrize("name", sorted(RESERVED - {"True", "False", "None"}))
def test_a_reserved_name_is_no_slot(name: str, tmp_path: Path) -> None:
    text = params(f"{name}: {{type: text}}", body=BODY.replace("?c", f"?{name}"))
    with pytest.raises(QueryError, match=f"queries/funders.rq:4: '{name}' cannot be"):
        read(tmp_path, text)


@pytest.mark.parametrize("name", ["Funders.rq", "who_funds.rq", "2-funders.rq", "a--b.rq", "-.rq"])
def test_file_name_must_be_kebab_case(name: str, tmp_path: Path) -> None:
    with pytest.raises(QueryError, match=f"queries/{name}: .*kebab-case"):
        read(tmp_path, GOOD, name)


def test_a_file_that_cannot_be_read_is_told_by_name(tmp_path: Path) -> None:
    (tmp_path / "latin.rq").write_bytes(b"#+ summary: caf\xe9\n")
    for name, message in (("latin.rq", "not UTF-8 at byte 15"), ("missing.rq", "No such file")):
        with pytest.raises(QueryError, match=f"^queries/{name}: .*{message}"):
            read_query(str(tmp_path / name), f"queries/{name}")


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    assert read(tmp_path, "\ufeff" + GOOD).summary == "Who funds an organization?"
