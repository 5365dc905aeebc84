"""The commands of `aikg link`: what outside data sets call our entities, and what they say."""

from __future__ import annotations

import click

from aikg.errors import UsageError
from aikg.reference import completions
from aikg.terminal import Command, Group, chosen_format, emit, graph_of, say


def _complete_thing(context: click.Context, _: click.Parameter, begun: str) -> list[str]:
    return completions(graph_of(context).lexicon, begun)


@click.group(cls=Group, no_args_is_help=True)
def link() -> None:
    """Link entities to outside records, and compare what is said there.

    The links are graph/links.sssom.tsv, one reviewed row each.

    Example: aikg link check
    """


@link.command(cls=Command)
@click.option("--fail-on", default="error", type=click.Choice(("error", "warning")),
              show_default=True, help="Exit 1 on findings of this level and above.")
def check(fail_on: str) -> int:
    """Check the mapping file.

    Ids are well-formed and fit their check digits and their subject; an entity has one of a scheme,
    and no two share one; no two rows contradict. The format is table or json.

    Example: aikg link check
    """
    from aikg.check import check as checked
    from aikg.check import report_json, report_text, summary

    chosen = chosen_format("table", ("table", "json"))
    report = checked(("links",))
    emit(report_json(report) if chosen == "json" else report_text(report))
    for line in summary(report):
        say(line)
    return 1 if report.fails(fail_on) else 0


@link.command(cls=Command)
@click.argument("subject", shell_complete=_complete_thing)
@click.argument("predicate")
@click.argument("target", metavar="OBJECT")
@click.option("--author", required=True, metavar="NAME", help="Who has reviewed it.")
@click.option("--justification", default="semapv:ManualMappingCuration", metavar="CURIE",
              show_default=True, help="The kind of grounds, a term of semapv:.")
@click.option("--label", default="", metavar="TEXT", help="The record's label in its own source.")
@click.option("--comment", default="", metavar="TEXT", help="Why, in a few words.")
@click.option("--not", "negated", is_flag=True, help="OBJECT is not the same.")
@click.option("--none", "none", is_flag=True, help="None was found; OBJECT is the site searched.")
@click.pass_context
def add(
    context: click.Context, subject: str, predicate: str, target: str, author: str,
    justification: str, label: str, comment: str, negated: bool, none: bool,
) -> int:
    """Add a reviewed row to the mapping file, or say why it cannot be.

    PREDICATE is a relation such as owl:sameAs, skos:closeMatch or LEI; OBJECT is a record by CURIE
    or IRI, or the identifier itself.

    Example: aikg link add Nvidia owl:sameAs wd:Q182477 --author "A. Reviewer"
    """
    from datetime import UTC, datetime

    from aikg import files
    from aikg.authored import Authored
    from aikg.curation import Judgement
    from aikg.curation import add as added
    from aikg.reference import find

    if negated and none:
        raise UsageError("--not and --none exclude each other")
    if not files.is_checkout():
        raise UsageError("links are added in a checkout, not in an installed package")
    graph = graph_of(context)
    judgement = Judgement(
        find(subject, graph.lexicon, graph.engine), predicate, target, author, justification,
        label, comment, negated, not none)
    row = added(judgement, Authored(), datetime.now(UTC).date())
    emit("\t".join(row.values()) + "\n")
    say("added to graph/links.sssom.tsv: run `aikg build`")
    return 0
