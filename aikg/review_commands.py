"""The commands that compare what sources say: where they contradict each other."""

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
