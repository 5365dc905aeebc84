"""The commands beside `ask` and `run`; imported only when one of them is called."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Iterable

import click
from pyoxigraph import Literal, NamedNode

from aikg import files
from aikg.answer import Answer, Row
from aikg.errors import AmbiguousName, NoAnswer, UnknownName, UsageError
from aikg.graph import Graph
from aikg.query import Query
from aikg.reference import completions
from aikg.terminal import (
    Command,
    chosen_format,
    default_format,
    emit,
    endpoint_url,
    graph_at,
    graph_of,
    on_terminal,
    option,
    say,
    show_answer,
    terminal_width,
    text_of,
)

SECONDS = 10.0
"""How long an ad-hoc query may run unless `--timeout` says otherwise."""


def _complete_query(context: click.Context, _: click.Parameter, begun: str) -> list[str]:
    names = graph_of(context).catalog.content["queries"]
    return sorted(name for name in names if name.startswith(begun))


def _complete_thing(context: click.Context, _: click.Parameter, begun: str) -> list[str]:
    return completions(graph_of(context).lexicon, begun)


def _complete_property(context: click.Context, _: click.Parameter, begun: str) -> list[str]:
    labels = graph_of(context).lexicon.labels
    names = ["type", *(curie.partition(":")[2] for curie in labels if curie[5:6].islower())]
    return sorted(name for name in names if name.startswith(begun))


@click.command(cls=Command, views=True, stored=True)
@click.argument("name", required=False, shell_complete=_complete_query)
@click.pass_context
def queries(context: click.Context, name: str | None) -> int:
    """List the stored queries, or print the one called NAME.

    A slot in brackets may be left out.

    Example: aikg queries compute-suppliers
    """
    catalog = graph_of(context).catalog
    if name is None:
        found = {**catalog.queries, **catalog.federated}
        return show_answer(_list_of_queries(found.values()))
    if option("format"):
        raise UsageError("a query is printed as it is: leave -f away")
    emit(_file_of(catalog.query(name)))
    return 0


def _file_of(query: Query) -> str:
    """The query with its header; the catalog holds it without."""
    return files.read_text(os.path.join(files.root(), *query.file.split("/")))


def _list_of_queries(found: Iterable[Query]) -> Answer:
    """A row for each stored query: name, question, slots, and what is wrong with it."""
    rows = []
    for query in sorted(found, key=lambda query: query.name):
        slots = [f"--{one.name}" if one.required else f"[--{one.name}]" for one in query.parameters]
        rows.append((query.name, query.summary, " ".join(slots), query.error or ""))
    # Programs find the same columns always; a reader is spared one that is empty.
    count = 3 if on_terminal() and not any(error for *_, error in rows) else 4
    return Answer(("name", "question", "slots", "error")[:count],
                  tuple(Row(tuple(map(Literal, row[:count]))) for row in rows))


@click.command(cls=Command, asks=True)
@click.argument("query", metavar="[FILE|-|TEXT]", required=False)
@click.option("--timeout", type=float, default=SECONDS, show_default=True, metavar="SECONDS",
              help="Stop the query after so long, or the wait for an endpoint.")
@click.option("--online", is_flag=True, help="Run without limits; SERVICE may reach the network.")
@click.pass_context
def sparql(context: click.Context, query: str | None, timeout: float, online: bool) -> int:
    """Run ad-hoc SPARQL: a SELECT, ASK, CONSTRUCT or DESCRIBE.

    It is read from a file, from stdin (-), or is the argument itself if that holds a { or a blank.
    The usual prefixes, such as aikg: and thing:, need no declaration; relative IRIs are ours.

    Example: aikg sparql "SELECT ?who WHERE { ?who a aikg:ComputeSupplier } ORDER BY ?who"
    """
    from aikg.render import check_format
    from aikg.sparql import answer_sparql, run_limited

    if not 0 < timeout < math.inf:
        raise UsageError("--timeout takes a number of seconds above 0")
    text = _sparql_text(query)
    formats = {kind: chosen_format(default_format(kind)) for kind in ("table", "graph")}
    width = terminal_width(formats["table"])

    def finish(answer: Answer) -> bytes:
        chosen = formats["graph" if answer.kind == "graph" else "table"]
        check_format(answer.kind, chosen)
        return text_of(answer, chosen, width).encode("utf-8", "replace")

    remote = endpoint_url(context) is not None
    if online and remote:
        raise UsageError("--online is for the engine of this package, not for an endpoint")
    graph = graph_at(context, timeout)
    emit(finish(answer_sparql(graph, text)) if online or remote
         else run_limited(graph, text, finish, timeout))
    return 0


def _sparql_text(given: str | None) -> str:
    """The text of the query that an argument stands for; what comes on stdin, if there is none."""
    if given is None and sys.stdin is not None and not sys.stdin.isatty():
        given = "-"
    if not given:
        raise UsageError("no query: give a file, - for stdin, or the text itself")
    return given if any(c == "{" or c.isspace() for c in given) else files.read_text(given)


@click.command(cls=Command, asks=True)
@click.argument("entity", shell_complete=_complete_thing)
@click.pass_context
def show(context: click.Context, entity: str) -> int:
    """Show all that is known of an ENTITY: names, types, facts, claims, links.

    A class, a property, a claim, a passage and a source have a card too.

    Example: aikg show OpenAI
    """
    from aikg.card import card_of
    from aikg.reference import find
    from aikg.show import card_answer, card_json, card_text

    chosen = chosen_format(default_format("table"), ("table", "csv", "tsv", "json", "jsonl", "md"))
    graph = graph_at(context)
    card = card_of(find(entity, graph.lexicon, graph.engine), graph)
    if chosen == "table":
        emit(card_text(card, terminal_width(chosen), bool(option("iris"))))
    else:
        emit(card_json(card) if chosen == "json" else text_of(card_answer(card), chosen))
    return 0


@click.command(cls=Command, asks=True)
@click.argument("subject", shell_complete=_complete_thing)
@click.argument("predicate", shell_complete=_complete_property)
@click.argument("target", metavar="OBJECT", shell_complete=_complete_thing)
@click.pass_context
def why(context: click.Context, subject: str, predicate: str, target: str) -> int:
    """Prove that a fact holds, down to claims and passages, or say why it does not.

    PREDICATE is a property by its name, such as "supplies compute to", or `type`; OBJECT may then
    be a class.

    Example: aikg why Microsoft type StrategicInvestor
    """
    from aikg.reference import find, find_object, find_property
    from aikg.silence import Silence
    from aikg.why import explain, proof_json, proof_text

    chosen = chosen_format("table", ("table", "json"))
    graph = graph_at(context)
    prop = find_property(predicate, graph.lexicon)
    fact = (f"<{find(subject, graph.lexicon, graph.engine)}>", f"<{prop}>",
            find_object(target, prop, graph.lexicon, graph.engine))
    found = explain(fact, graph)
    if isinstance(found, Silence):
        raise NoAnswer(f"no proof: {found.reason}")
    emit(proof_text(found) if chosen == "table" else proof_json(found))
    return 0


@click.command(cls=Command, views=True, stored=True)
@click.argument("file", type=click.Path())
@click.option("--source", metavar="NAME", help="The source that FILE is a copy of.")
@click.pass_context
def verify(context: click.Context, file: str, source: str | None) -> int:
    """Prove each passage against FILE, a copy of its source.

    A passage is ok, moved (unchanged, but elsewhere), changed or missing; one that was recorded
    without its place is ok wherever it stands. Those that no claim and
    no note rests on are named too. The exit code is 1 unless all is well.

    Example: aikg verify article.txt
    """
    from aikg import passage as passages

    graph = graph_of(context)
    text = files.read_text(file)
    found = passages.verify(passages.passages_of(_source(source, graph), graph.engine), text)
    rows = tuple(Row((Literal(one.passage.id), Literal(one.passage.kind), Literal(one.status),
                      *map(_place, (one.passage.start, one.passage.end)),
                      None if one.start is None else Literal(one.start),
                      Literal(one.passage.covered))) for one in found)
    columns = ("passage", "kind", "status", "start", "end", "found", "covered")
    show_answer(Answer(columns, rows))
    bare = [one.id for one in passages.uncovered(found)]
    return _report(((one.status, one.passage.id) for one in found), bare, len(found))


def _place(offset: int) -> Literal | None:
    """An offset as a term; None for that of a passage without a place."""
    return None if offset < 0 else Literal(offset)


def _report(states: Iterable[tuple[str, str]], bare: list[str], count: int) -> int:
    """What a person must know of a verification, on stderr; its exit code."""
    wrong: dict[str, list[str]] = {}
    for status, name in states:
        if status != "ok":
            wrong.setdefault(status, []).append(name)
    for status, names in sorted(wrong.items()):
        say(f"{status}: {' '.join(names)}")
    if bare:
        say(f"without a claim or note: {' '.join(bare)}")
    good = count - sum(map(len, wrong.values()))
    say(f"{good} of {count} passages ok")
    return 1 if wrong or bare else 0


def _source(name: str | None, graph: Graph) -> str:
    """The IRI of the source of that name; of the only one, if there is no name."""
    from aikg.names import AIKG, RDFS, SOURCE
    from aikg.reference import find

    solutions = graph.engine.select(
        f"SELECT ?s ?name WHERE {{ ?s a <{AIKG}Source> ; <{RDFS}label> ?name }} ORDER BY ?s")
    found = {source.value: label.value for source, label in solutions.rows
             if isinstance(source, NamedNode) and isinstance(label, Literal)}
    if name is not None and SOURCE + name in found:
        return SOURCE + name
    if name is not None:
        iri = find(name, graph.lexicon, graph.engine)
        if iri not in found:
            raise UnknownName(f"no source is named '{name}'", list(found.values()))
        return iri
    if len(found) != 1:
        raise AmbiguousName("there are several sources: use --source", list(found.values()))
    return next(iter(found))


@click.command()
@click.option("--release", is_flag=True,
              help="Write the release that opens in Protégé, to graph/release, instead.")
@click.option("--check", is_flag=True, help="Change nothing; exit 1 and list what differs.")
def build(release: bool, check: bool) -> int:
    """Build the graph from the authored files.

    A checkout gets it in aikg/built, an installed package in the user's cache. Queries that are
    broken are named, and do not stop it.

    Example: aikg build --check
    """
    return _build_release(check) if release else _build_graph(check)


def _build_graph(check: bool) -> int:
    from aikg.built import differing, rebuild, store_built
    from aikg.catalog import Catalog

    content = rebuild()
    broken = [query.error for query in Catalog(content.get).queries.values() if query.error]
    for error in broken:
        say(f"Error: {error}")
    differ = differing(content)
    if check:
        for name in differ:
            say(f"differs: aikg/built/{name} (run `aikg build`)")
        return 1 if differ or broken else 0
    emit("".join(f"{path}\n" for path in store_built(content)))
    return 0


def _build_release(check: bool) -> int:
    from aikg.release import differing, release, store_release

    content = release()
    if not check:
        emit("".join(f"{path}\n" for path in store_release(content)))
        return 0
    differ = differing(content)
    for name in differ:
        say(f"differs: graph/release/{name} (run `aikg build --release`)")
    return 1 if differ else 0


@click.command(cls=Command)
@click.option("--check", is_flag=True,
              help="Change nothing; exit 1 if ontology/reference.html is another.")
def docs(check: bool) -> int:
    """Write the reference of the ontology: one HTML page, for a browser, without a network.

    It shows each term with its axioms, each entity with its facts, and the claims and passages that
    they rest on. It needs the extra `docs`.

    Example: aikg docs
    """
    from aikg.docs import KEPT, differs, reference

    if option("format"):
        raise UsageError("the reference is a page: leave -f away")
    text = reference()
    if not check:
        emit(text)
        return 0
    stale = differs(text)
    if stale:
        say(f"differs: {KEPT} (run `aikg docs -o {KEPT}`)")
    return int(stale)


def _complete_check(context: click.Context, _: click.Parameter, begun: str) -> list[str]:
    from aikg.check import CHECKS

    return [name for name in CHECKS if name.startswith(begun)]


@click.command(cls=Command)
@click.argument("names", metavar="[NAME]...", nargs=-1, shell_complete=_complete_check)
@click.option("--fail-on", default="error", type=click.Choice(("error", "warning")),
              show_default=True, help="Exit 1 on findings of this level and above.")
def check(names: tuple[str, ...], fail_on: str) -> int:
    """Check the authored files, by all checks or by those of a NAME.

    Each finding has its file, line and subject, what is wrong and what to do; a known one is waived
    in queries/check/waivers.tsv, with a reason. The format is table or json.

    The files: turtle, vocabulary, datatypes, versions, queries, links. What they say: rules,
    shapes, claims. What follows: clashes, members, hermit, closure. What is generated: release.

    Example: aikg check claims clashes -f json
    """
    from aikg.check import check as checked
    from aikg.check import report_json, report_text, summary

    chosen = chosen_format("table", ("table", "json"))
    report = checked(names)
    emit(report_json(report) if chosen == "json" else report_text(report))
    for line in summary(report):
        say(line)
    return 1 if report.fails(fail_on) else 0
