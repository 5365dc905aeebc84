"""A server of tools for agents (Model Context Protocol). The library `mcp` stands behind it alone.

Each result carries its evidence, as structured content and as text. What cannot be answered is an
error of the tool, with the nearest that can. Nothing here opens a connection: stored queries that
ask other servers are not offered, and ad-hoc SPARQL runs in a process of its own, within limits.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import wraps
from threading import Lock
from typing import Annotated, Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import CallToolResult, TextContent, ToolAnnotations
from pydantic import BaseModel, Field

from aikg import __version__
from aikg.answer import Answer
from aikg.card import card_of
from aikg.errors import AikgError, UnknownQuery, UsageError
from aikg.fact import Fact
from aikg.graph import Graph
from aikg.query import Query
from aikg.reference import find, find_object, find_property
from aikg.render import render
from aikg.show import card_json, card_text
from aikg.silence import Silence
from aikg.why import explain, proof_json, proof_text

INSTRUCTIONS = """Answers on the AI industry from a knowledge graph in which each fact is a claim of
a source. Use `ask` for a question in words, `queries` and `run` for a stored question, `show` for
one thing, `why` for the proof of a fact. Say with each answer how firmly it is said (its grade) and
cite the passages. An empty result has a reason: never fill it from general knowledge."""
QUESTION, NAME = 200, 2_000
"""Characters that a question, and a name, may have; long questions take long to understand."""
SECONDS = 10.0
"""How long ad-hoc SPARQL may run."""
ROWS = 1_000
"""Rows that ad-hoc SPARQL may give."""
ABOVE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
"""The folder that this package is imported from."""
READS = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)

Slots = dict[str, str | int | list[str]]
Text = Annotated[str, Field(max_length=NAME)]


class Found(BaseModel):
    """An answer."""

    query: str | None
    """The stored query that was run; null for a verdict on two things."""
    slots: dict[str, list[str]]
    """How its slots were filled: IRIs or texts."""
    answer: str | None
    """`yes` or `no` where that was asked; null where it was not, or where no source says."""
    columns: list[str]
    rows: list[dict[str, Any]]
    """Each with its columns, `grade` and `evidence`."""
    reason: str | None
    """Why there is no row."""
    diagnosis: str | None
    """`denied`, `hedged`, `never-claimed` or `broken`; null where there are rows."""


class Slot(BaseModel):
    """A slot of a stored query."""

    name: str
    label: str
    type: str
    required: bool


class Stored(BaseModel):
    """A stored query."""

    name: str
    question: str
    description: str
    topics: list[str]
    slots: list[Slot]


class Queries(BaseModel):
    """Stored queries."""

    queries: list[Stored]


class Known(BaseModel):
    """All that is known of one IRI: its names, and a list for each section that has lines."""

    iri: str
    label: str
    aliases: list[str]
    definition: str | None
    types: list[dict[str, Any]] = []
    axioms: list[dict[str, Any]] = []
    members: list[dict[str, Any]] = []
    facts: list[dict[str, Any]] = []
    statements: list[dict[str, Any]] = []
    claims: list[dict[str, Any]] = []
    links: list[dict[str, Any]] = []


class Why(BaseModel):
    """Whether a fact holds: its proof, or why there is none."""

    holds: bool
    proof: dict[str, Any] | None = None
    """The fact, its grade, evidence and axiom, and its premises, which are such proofs again."""
    reason: str | None = None
    diagnosis: str | None = None
    claims: list[dict[str, Any]] = []
    """The claims that come near to it."""


def serve(graph: Graph, allow_sparql: bool = False) -> None:
    """Serve over stdin and stdout until stdin ends."""
    server(graph, allow_sparql).run("stdio")


def server(graph: Graph, allow_sparql: bool = False) -> MCPServer:
    """The server of a graph; ad-hoc SPARQL only where it is allowed."""
    graph.engine.query("ASK {}", ("links", "disputed", "ontology"))  # loaded by one thread, once
    made: MCPServer = MCPServer("aikg", instructions=INSTRUCTIONS, version=__version__,
                                log_level="ERROR")
    tools = _Tools(graph)
    one_at_a_time = Lock()  # the library calls each tool in a thread of its own
    for tool in (tools.ask, tools.queries, tools.run, tools.show, tools.why):
        made.add_tool(_reported(tool, one_at_a_time), annotations=READS)
    if allow_sparql:
        made.add_tool(_reported(tools.sparql, nullcontext()), annotations=READS)
    made.resource("aikg://query/{name}", mime_type="application/sparql-query",
                  description="The text of a stored query")(tools.text)
    return made


def _reported(
    tool: Callable[..., Any], turn: AbstractContextManager[Any],
) -> Callable[..., Any]:
    """The tool, called in its turn, its errors told with what may have been meant."""
    @wraps(tool)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            with turn:
                return tool(*args, **kwargs)
        except AikgError as error:
            near = [one for one in getattr(error, "candidates", ()) if one not in str(error)]
            raise ToolError(f"{error}; did you mean: {'; '.join(near)}" if near
                            else str(error)) from error

    return call


class _Tools:
    """The tools; their docstrings are what an agent reads of them."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph

    def ask(
        self, question: Annotated[str, Field(max_length=QUESTION)],
    ) -> Annotated[CallToolResult, Found]:
        """Answer a question in plain words, such as "who supplies OpenAI's compute".

        It is refused, with the nearest questions that can be answered, rather than guessed at.
        """
        answer = self.graph.ask(question)
        if answer.query and _federated(self.graph.catalog.query(answer.query)):
            raise UsageError(f"{answer.query} asks other servers, which this one does not")
        return _result(answer)

    def queries(self, topic: Text = "") -> Annotated[CallToolResult, Queries]:
        """List the stored queries, all or those of a topic such as `capital` or `rivalry`."""
        found = [query for query in self.graph.catalog.queries.values()
                 if not query.error and not _federated(query) and topic in ("", *query.tags)]
        listed = [_stored(query) for query in sorted(found, key=lambda one: one.name)]
        return _both("".join(f"{one['name']}: {one['question']}\n" for one in listed),
                     {"queries": listed})

    def run(self, name: Text, slots: Slots | None = None) -> Annotated[CallToolResult, Found]:
        """Run a stored query by its name; `slots` takes names, CURIEs or IRIs."""
        query = self.graph.catalog.query(name)
        if _federated(query):
            raise UnknownQuery(f"{name} asks other servers, which this one does not")
        values = slots or {}
        for slot in values:
            query.parameter(slot)
        return _result(self.graph.run(name, **values))

    def show(self, entity: Text) -> Annotated[CallToolResult, Known]:
        """Show all that is known of a thing, class, property, claim, passage or source."""
        card = card_of(find(entity, self.graph.lexicon, self.graph.engine), self.graph)
        return _both(card_text(card), json.loads(card_json(card)))

    def why(
        self, subject: Text, predicate: Text, object: Text,  # noqa: A002 - as a triple's part
    ) -> Annotated[CallToolResult, Why]:
        """Prove a fact down to claims and passages, or say why it does not hold.

        `predicate` is a property by its name, such as "supplies compute to", or `type`.
        """
        lexicon, engine = self.graph.lexicon, self.graph.engine
        prop = find_property(predicate, lexicon)
        fact: Fact = (f"<{find(subject, lexicon, engine)}>", f"<{prop}>",
                      find_object(object, prop, lexicon, engine))
        found = explain(fact, self.graph)
        if isinstance(found, Silence):
            return _both(f"no proof: {found.reason}", {
                "holds": False, "reason": found.reason, "diagnosis": found.kind,
                "claims": [item._asdict() for item in found.evidence]})
        return _both(proof_text(found), {"holds": True, "proof": json.loads(proof_json(found))})

    def sparql(self, query: Annotated[str, Field(max_length=100_000)]) -> CallToolResult:
        """Run ad-hoc SPARQL: SELECT or ASK. Its rows carry no evidence; prefer the other tools."""
        code = ("import sys; sys.path.insert(0, sys.argv.pop(1)); from aikg.cli import main; "
                "main(prog_name='aikg')")
        command = [sys.executable, "-c", code, ABOVE, "sparql", "-", "-f", "json",
                   "--timeout", f"{SECONDS:g}", *self.graph.built.options()]
        done = subprocess.run(command, input=query, capture_output=True, encoding="utf-8",
                              check=False)
        if done.returncode:
            raise AikgError(done.stderr.strip().removeprefix("Error: "))
        return _both(*_cut(json.loads(done.stdout)))

    def text(self, name: str) -> str:
        """The SPARQL of a stored query, its slots empty."""
        return self.graph.catalog.query(name).text


def _cut(results: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """SPARQL results with at most so many rows, which say so where they were cut; text and JSON."""
    rows = results.get("results", {}).get("bindings", [])
    if len(rows) > ROWS:
        results = {**results, "results": {"bindings": rows[:ROWS]},
                   "truncated": f"the first {ROWS} of {len(rows)} rows"}
    return json.dumps(results, ensure_ascii=False), results


def _federated(query: Query) -> bool:
    return "federated" in query.tags


def _stored(query: Query) -> dict[str, Any]:
    return {"name": query.name, "question": query.summary, "description": query.description,
            "topics": list(query.tags),
            "slots": [{"name": one.name, "label": one.label, "type": one.type,
                       "required": one.required} for one in query.parameters]}


def _result(answer: Answer) -> CallToolResult:
    rows = [json.loads(line) for line in render(answer, "jsonl").splitlines()]
    yes_no = None if answer.verdict is None else "yes" if answer.verdict else "no"
    found = {
        "query": answer.query, "slots": {name: list(one) for name, one in answer.bindings.items()},
        "answer": yes_no, "columns": list(answer.columns), "rows": rows,
        "reason": answer.reason, "diagnosis": answer.diagnosis}
    said = [f"{item.comment} ({item.modality}{', denied' if item.denied else ''}; "
            f"{item.source_name} {' '.join(item.passages)})" for item in answer.evidence]
    table = render(answer, "table") if rows else f"no answer: {answer.reason}\n"
    return _both(table + "".join(f"\n{line}" for line in said), found)


def _both(text: str, content: Mapping[str, Any]) -> CallToolResult:
    """A result as text for a reader, and structured for a program."""
    return CallToolResult(content=[TextContent(type="text", text=text)],
                          structured_content=dict(content))
