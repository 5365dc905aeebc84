"""The commands that weigh claims: where they contradict, what rests on each, what has changed."""

from __future__ import annotations

import click

from aikg.answer import Answer
from aikg.selection import ALL
from aikg.terminal import Command, graph_of, say, show_answer


@click.command(cls=Command, views=True)
@click.option("--contradictions", is_flag=True,
              help="Leave out what is softer: other amounts, dates, definitions.")
@click.pass_context
def disputes(context: click.Context, contradictions: bool) -> int:
    """List the claims that contradict each other, each side with its evidence.

    Claims contradict that affirm and deny the same, give two values where there is one, or types
    that exclude each other, and those that are read so. Softer are other amounts, dates or
    definitions. All sources are looked at, unless --sources names some.

    Example: aikg disputes --contradictions
    """
    from aikg.disagreement import disagreements

    context.meta.setdefault("aikg.sources", ALL)
    answer = disagreements(graph_of(context), softer=not contradictions)
    hard = sum(row.grade == "disputed" for row in answer.rows)
    say(f"{hard} contradictions, {len(answer.rows) - hard} softer")
    return show_answer(Answer(answer.columns, answer.rows, answer.labels, named=True))


@click.command(cls=Command, views=True)
@click.argument("name", metavar="CLAIM|SOURCE")
@click.pass_context
def impact(context: click.Context, name: str) -> int:
    """Show which rows of which stored queries change without a CLAIM or SOURCE.

    The view is built without it and compared: a row is lost, gained or regraded. It is the default
    view for what belongs to it, else that of all sources, unless --sources says otherwise.

    Example: aikg impact bitpush-007
    """
    from aikg.impact import home_of, target
    from aikg.impact import impact as changes

    iri, record = target(name)
    for source in home_of(record).sources:
        context.meta.setdefault("aikg.sources", source)
    answer = changes(graph_of(context), iri)
    queries = {row.values[0] for row in answer.rows}
    say(f"{len(answer.rows)} rows of {len(queries)} stored queries change without {name}")
    return show_answer(answer)


@click.command(cls=Command)
@click.argument("old", type=str)
@click.argument("new", type=str, required=False)
@click.pass_context
def diff(context: click.Context, old: str, new: str | None) -> int:
    """Show what the release NEW says and answers otherwise than OLD.

    A release is a wheel, a source archive or a folder that holds a built graph; NEW is this graph
    unless it is named. What is compared are claims, stored queries, and the answers of those that
    both have, with their slots empty.

    Example: aikg diff aikg-0.1.0-py3-none-any.whl
    """
    from aikg.difference import difference
    from aikg.graph import Graph
    from aikg.published import open_release

    before = Graph(open_release(old))
    after = Graph(open_release(new)) if new else graph_of(context)
    answer = difference(before, after)
    parts = [str(row["part"]) for row in answer]
    say(", ".join(f"{parts.count(part)} in {name}" for part, name in (
        ("claim", "claims"), ("query", "queries"), ("answer", "answers"))) + " differ")
    return show_answer(Answer(answer.columns, answer.rows, answer.labels, named=True))
