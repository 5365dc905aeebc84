"""The stored queries: the rows they must give, on two engines, and what damage does to them.

tests/answers/NAME.tsv holds the rows of each query, written by hand from the article and its
claims: a line `$ aikg run NAME --slot VALUE`, then the table of that command, of which columns may
be left out; `--sources all` asks all sources. A first column `count` counts the rows that are equal
in the others; `! KIND` stands for no row, and says which kind of silence it is. Lines with `#` say
why.
"""

from __future__ import annotations

import csv
import io
import re
import shlex
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode

import aikg
from aikg import files
from aikg.answer import Row
from aikg.evidence import rows_with_evidence
from aikg.graph import Graph
from aikg.inspection import Case as Inspected
from aikg.inspection import read_case, read_terms
from aikg.names import AIKG, GRAPH, XSD, expand
from aikg.query import Query
from aikg.render import render
from aikg.silence import explain
from aikg.store import Solutions, Store
from tests.wikidata import DAY, graph_with_snapshot

ANSWERS = Path(__file__).parent / "answers"
FURTHER = ("links", "disputed", "ontology", f"outside/{DAY.date().isoformat()}")
LEAK = "outside/2026-01-01"
UNCLAIMED = {"coverage", "entities", "external-links", "outside-facts", "passage"}
"""Queries with rows that no claim stands behind, as their descriptions say."""
FIXED = {
    "compute-suppliers": "customer", "chip-suppliers": "customer", "investors": "company",
    "investments": "investor", "strategic-investors": "", "round-participants": "company",
    "investor-suppliers": "", "shared-investors": "", "dependencies": "company",
    "self-sufficient": "", "competitors": "company", "compare": "left right",
    "advantages": "company", "disadvantages": "company", "models": "provider",
    "business-models": "company", "revenue-streams": "company", "technical-routes": "",
    "route-followers": "route", "openness": "", "founders-from": "company",
    "platforms": "company", "training-requirements": "", "industry-tiers": "",
    "risks": "company", "risk-triggers": "", "what-if": "", "scenarios": "", "policies": "",
    "timeline": "company", "founding": "company", "strategies": "company",
    "positions": "company", "claims-about": "entity", "claims-by-modality": "modality",
    "denied": "", "speculative": "", "open-questions": "", "passage": "id", "coverage": "",
    "entities": "type", "external-links": "entity",
}
ELSEWHERE = {"circular-deals", "commitments", "compute-contracts", "dated-claims", "valuations"}
"""Queries that the article has no row for, or hardly one, and other sources have."""
# Damage that no row shows: the article holds nothing yet for which the pattern is there.
UNSEEN = {
    ("chip-suppliers", "aikg:suppliesChipsTo"): "only a group is said to supply chips",
    **{("compare", verb): "without slots each comparison is found from both sides"
       for verb in ("a", "aikg:comparedWith", "aikg:subject")},
    ("founders-from", "aikg:hasFoundersFrom"): "no one's founders are said to be all from one",
    ("investments", "aikg:investsIn"): "no investment of an organization is other than strategic",
    ("investor-suppliers", "aikg:investsIn"): "what it adds is also claimed as strategic",
    ("investor-suppliers", "aikg:suppliesChipsTo"): "only a group is said to supply chips",
    ("investor-suppliers", "aikg:suppliesDataTo"): "no investor supplies data",
    ("investors", "aikg:investsIn"): "no investment of an organization is other than strategic",
    ("route-followers", "aikg:followsRoute"): "who follows a route is said to lead it",
    ("suppliers", "aikg:opensCapitalNetworksTo"): "only a group is said to open networks",
    ("suppliers", "aikg:suppliesChipsTo"): "only a group is said to supply chips",
    ("suppliers", "aikg:suppliesDataTo"): "no group is said to supply data",
}


@dataclass(frozen=True)
class Golden:
    """One call of a query, and the rows that it must give."""

    query: str
    slots: Mapping[str, str]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    silence: str | None
    place: str
    sources: str = ""


def golden() -> Iterator[Golden]:
    for path in sorted(ANSWERS.glob("*.tsv")):
        for block in re.split(r"^\$ ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            call, *lines = [line for line in block.split("\n")
                            if line and not line.startswith("#")]
            _, _, name, *options = shlex.split(call)
            assert name == path.stem
            slots = {option[2:]: value for option, value in
                     zip(options[::2], options[1::2], strict=True)}
            sources = slots.pop("sources", "")
            place = " ".join((name, *options))
            if lines[0].startswith("! "):
                yield Golden(name, slots, (), (), lines[0][2:], place, sources)
            else:
                columns, *rows = (tuple(line.split("\t")) for line in lines)
                yield Golden(name, slots, columns, tuple(
                    row + ("",) * (len(columns) - len(row)) for row in rows), None, place, sources)


GOLDEN = tuple(golden())


@cache
def graph(sources: str = "") -> Graph:
    """The graph, and a snapshot of invented values for the queries that read one."""
    return aikg.open(sources=sources) if sources else graph_with_snapshot()


def home(name: str) -> Graph:
    """The graph in which a query has rows."""
    return graph("all" if name in ELSEWHERE else "")


def names() -> list[str]:
    """The stored queries but those that ask servers outside, which test_federation.py tests."""
    return sorted(path.stem for path in Path(files.root(), "queries").glob("*/*.rq")
                  if path.parent.name not in ("check", "federated"))


def built(name: str, sources: str = "") -> bytes:
    return graph(sources).built.read(name.replace("/", "-") + ".nt") or b""


@cache
def leak() -> bytes:
    """A further graph that says of other things all that the main graph says."""
    return built("graph").replace(b"/aikg/thing/", b"/aikg/thing/leak-")


def crowded() -> Store:
    """The main graph with every further graph loaded beside it."""
    store = Store(built("graph"), {LEAK: leak(), "disputed": leak()}.get)
    for name in (LEAK, "disputed"):
        store.load(name)
    return store


def bound(query: Query, slots: Mapping[str, str]) -> str:
    return home(query.name).run(query.name, **slots).sparql


def rows_of(query: Query, store: Store | None = None) -> tuple[Row, ...]:
    """The unslotted rows of a query, those of required slots included."""
    engine = store or home(query.name).engine
    return rows_with_evidence(query, engine.select(query.bind_any({}), query.graphs), engine,
                              home(query.name).prover)


# --- golden rows -----------------------------------------------------------------------------


def test_every_query_has_golden_rows() -> None:
    unslotted = {case.query for case in GOLDEN if not case.slots}
    needy = {name for name, query in graph().catalog.queries.items()
             if any(parameter.required for parameter in query.parameters)}
    assert {case.query for case in GOLDEN} == {*names()} == unslotted | needy


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: case.place)
def test_golden_rows(case: Golden) -> None:
    answer = graph(case.sources).run(case.query, **case.slots)
    if case.silence:
        assert (len(answer), answer.diagnosis) == (0, case.silence)
        return
    head, *rows = csv.reader(io.StringIO(render(answer, "tsv")), delimiter="\t",
                             quoting=csv.QUOTE_NONE)
    assert head == [*answer.columns, "grade", "evidence"]
    counted = case.columns[0] == "count"
    shown = [head.index(column) for column in case.columns[counted:]]
    found = [tuple(row[index] for index in shown) for row in rows]
    if counted:
        found = sorted((str(count), *row) for row, count in Counter(found).items())
        assert found == sorted(case.rows)
    else:
        assert found == [*case.rows]


FIRST = list({case.query: case for case in reversed(GOLDEN)
              if not (case.sources or case.query.startswith("outside-"))}.values())
"""One call of each query, on the article's own graph."""


# --- two engines -----------------------------------------------------------------------------


@cache
def second_engine(sources: str) -> rdflib.Dataset:
    data = rdflib.Dataset()
    data.default_graph.parse(data=built("graph", sources), format="nt")
    for name in FURTHER:
        data.graph(rdflib.URIRef(GRAPH + name)).parse(data=built(name), format="nt")
    return data


def canonical(term: object) -> tuple[object, ...] | None:
    """A term of either engine in one form, numbers by their value."""
    if term is None:
        return None
    if isinstance(term, NamedNode | rdflib.URIRef):
        return ("iri", term.value if isinstance(term, NamedNode) else str(term))
    assert isinstance(term, Literal | rdflib.Literal)
    text = term.value if isinstance(term, Literal) else str(term)
    kind = term.datatype.value if isinstance(term, Literal) else str(
        term.datatype or XSD + "string")
    if kind in (XSD + "integer", XSD + "decimal"):
        return ("number", Decimal(text).normalize())
    if kind == XSD + "dateTime":  # rdflib writes UTC as an offset
        return ("instant", text.replace("+00:00", "Z"))
    return ("text", text, term.language or kind.replace(XSD + "string", ""))


@pytest.mark.filterwarnings(
    "ignore:Dataset.default_context", "ignore:Dataset.contexts")  # rdflib, of itself
@pytest.mark.parametrize("case", [
    pytest.param(case, id=case.place, marks=[pytest.mark.deep] * (case not in FIRST))
    for case in GOLDEN])
def test_both_engines_give_the_same_rows(case: Golden) -> None:
    query = graph().catalog.query(case.query)
    text = bound(query, case.slots)
    first = graph(case.sources).engine.select(text, query.graphs)
    second = second_engine(case.sources).query(text)
    assert [str(name) for name in second.vars or ()] == [*first.variables]
    found = [tuple(map(canonical, row)) for row in second if isinstance(row, tuple)]
    assert Counter(found) == Counter(tuple(map(canonical, row)) for row in first.rows)


# --- what holds for all ----------------------------------------------------------------------


def test_no_query_is_broken() -> None:
    queries = graph().catalog.queries
    assert sorted(queries) == names()
    assert [query.error for query in queries.values() if query.error] == []


@pytest.mark.parametrize("name", FIXED)
def test_the_fixed_queries_have_their_slots(name: str) -> None:
    query = graph().catalog.query(name)
    assert {*FIXED[name].split()} <= {parameter.name for parameter in query.parameters}


@pytest.mark.parametrize("name", names())
def test_every_row_has_evidence_or_says_why_not(name: str) -> None:
    rows = rows_of(graph().catalog.query(name))
    assert rows
    bare = [row for row in rows if not row.evidence]
    assert {row.grade for row in bare} <= {"not-claimed"}
    assert not bare or name in UNCLAIMED
    assert all(row.grade != "not-claimed" for row in rows if row.evidence)


def test_nothing_leaks_from_other_graphs() -> None:
    store = crowded()
    assert store.select(f"SELECT ?s {{ GRAPH <{GRAPH + LEAK}> {{ ?s ?p ?o }} }} LIMIT 1").rows
    for name, query in graph().catalog.queries.items():
        if not query.graphs and name not in ELSEWHERE:
            assert rows_of(query, store) == rows_of(query), name


def test_a_query_of_a_named_graph_reads_only_that() -> None:
    query = graph().catalog.query("external-links")
    store = Store(built("graph"), {LEAK: leak(), "links": built("links")}.get)
    store.load(LEAK)
    assert query.graphs == ("links",)
    assert rows_of(query, store) == rows_of(query)


# --- damage ----------------------------------------------------------------------------------


@cache
def inspected(name: str) -> Inspected:
    root = Path(files.root())
    case = read_case(str(root / graph().catalog.query(name).file), read_terms(f"{root}/ontology"))
    assert isinstance(case, Inspected)
    return case


# What is no triple pattern, blanked out in turn: values, expressions without a group within them,
# expressions up to such a group, and the words and brackets around groups.
NESTED = r"\((?:[^(){}]|\((?:[^(){}]|\((?:[^(){}]|\([^(){}]*\))*\))*\))*\)"
INERT = (r"VALUES[^{]*\{[^}]*\}", rf"(?:FILTER|BIND)\s*{NESTED}", r"FILTER[^{}]*(?=\{)",
         r"GRAPH\s+\S+", r"WHERE|OPTIONAL|UNION|\)")


def verbs(name: str) -> list[tuple[int, int]]:
    """Where in its file the predicates of a query stand, each as start and end."""
    case = inspected(name)
    start, end = case.code.index("WHERE {"), case.code.rindex("}")
    code = " " * start + case.code[start:end]
    for inert in INERT:
        code = re.sub(inert, lambda match: " " * len(match[0]), code)
    places = []
    for statement in re.finditer(r"[^{}.]+", code):
        for number, part in enumerate(re.finditer(r"[^;]+", statement[0])):
            # The first part begins with the subject, which the others share.
            for token in [*re.finditer(r"\S+", part[0])][number == 0:][:1]:
                at = statement.start() + part.start()
                places.append((at + token.start(), at + token.end()))
    assert len(places) == len(case.triples), name
    return places


def listed(name: str) -> list[tuple[int, int]]:
    """Where the predicates stand that a VALUES lists."""
    case = inspected(name)
    return [(block.start() + term.start(), block.start() + term.end())
            for block in re.finditer(r"VALUES[^{]*\{[^}]*\}", case.code)
            for term in re.finditer(r"aikg:[a-z]\w*", block[0])]


def is_guard(name: str, start: int) -> bool:
    """Whether the pattern there keeps denied claims out; the test below damages those claims."""
    return bool(re.search(r"FILTER NOT EXISTS \{ \?\w+ $", inspected(name).text[:start]))


@pytest.mark.parametrize("name", names())
def test_damage_to_any_pattern_shows(name: str) -> None:
    query, text = graph().catalog.query(name), inspected(name).text
    sound = rows_of(query)
    asked = [case.slots for case in GOLDEN if case.query == name and case.rows and case.slots]
    unseen = set()
    for start, end in (*verbs(name), *listed(name)):
        verb = text[start:end]
        damaged = query._replace(text=f"{text[:start]}<{AIKG}damaged>{text[end:]}")
        rows = rows_of(damaged)
        if rows == sound and not (verb == "aikg:denied" and is_guard(name, start)):
            unseen.add((name, verb))
        for slots in () if rows else ({}, *asked[:1]):
            values = {slot: home(name)._texts(query.parameter(slot), value)
                      for slot, value in slots.items()}
            silence = explain(damaged, values, home(name).engine, home(name).lexicon)
            assert silence.kind == "broken", (verb, slots)
    assert unseen == {key for key in UNSEEN if key[0] == name}


def claims_read(name: str) -> set[str]:
    """The evidence variables that hold claims of which the query reads subject or object."""
    return {str(subject) for subject, verb, _ in inspected(name).triples
            if inspected(name).iri(verb) in (expand("aikg:object"), expand("aikg:value"))}


@pytest.mark.parametrize("name", names())
def test_a_denied_claim_looks_denied(name: str) -> None:
    query = graph().catalog.query(name)
    if "denied" in query.columns or any(
            inspected(name).iri(verb) == AIKG + "denied" for group in inspected(name).groups
            if group.kind in ("where", "union") for _, verb, _ in group.triples):
        return  # it shows or asks for what is denied
    solutions = home(name).engine.select(query.bind_any({}), query.graphs)
    main = built("graph", "all" if name in ELSEWHERE else "")
    for variable in claims_read(name):
        claim = _all(solutions, variable)[0]
        denial = f'<{claim}> <{AIKG}denied> "true"^^<{XSD}boolean> .\n'
        left = Store(main + denial.encode(), lambda _: None).select(
            query.bind_any({}))
        assert claim not in _all(left, variable)


def _all(solutions: Solutions, variable: str) -> list[str]:
    """The IRIs that a variable takes, in order."""
    index = solutions.variables.index(variable)
    terms = (row[index] for row in solutions.rows)
    return [term.value for term in terms if isinstance(term, NamedNode)]
