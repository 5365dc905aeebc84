"""The commands of `aikg link`: what outside data sets call our entities, and what they say."""

from __future__ import annotations

import sys

import click

from aikg.errors import UsageError
from aikg.reference import completions
from aikg.terminal import Command, Group, chosen_format, emit, graph_of, say, show_answer


def _complete_thing(context: click.Context, _: click.Parameter, begun: str) -> list[str]:
    return completions(graph_of(context).lexicon, begun)


BAR = 15
"""Width of the progress bar, in characters."""
_endpoint = click.option(
    "--endpoint", "url", required=True, metavar="URL",
    help="A SPARQL endpoint that holds Wikidata, such as https://query.wikidata.org/sparql.")
_contact = click.option(
    "--contact", metavar="WHO",
    help="An address for those who run the endpoint; else that of AIKG_CONTACT.")
_deadline = click.option(
    "--deadline", type=click.FloatRange(min=1), default=600.0, show_default=True,
    metavar="SECONDS", help="Give up after so long, pauses included.")


@click.group(cls=Group, no_args_is_help=True)
def link() -> None:
    """Link entities to outside records, and compare what is said there.

    The links are graph/links.sssom.tsv, one reviewed row each.

    Example: aikg link check -f json
    """


@link.command(cls=Command)
@click.option("--fail-on", default="error", type=click.Choice(("error", "warning")),
              show_default=True, help="Exit 1 on findings of this level and above.")
@click.option("--online", "url", metavar="ENDPOINT",
              help="Ask this endpoint, which holds Wikidata, for each linked item.")
@_contact
@_deadline
def check(fail_on: str, url: str | None, contact: str | None, deadline: float) -> int:
    """Check the mapping file.

    Ids are well-formed and fit their check digits and their subject; an entity has one of a scheme,
    and no two share one; no two rows contradict. Online, each item is there, was not merged, and
    fits by name and class. The format is table or json.

    Example: aikg link check --online https://query.wikidata.org/sparql
    """
    from aikg.authored import Authored
    from aikg.check import Outcome, Report, report_json, report_text, summary
    from aikg.check import check as checked
    from aikg.confirmation import confirm
    from aikg.patience import patient

    chosen = chosen_format("table", ("table", "json"))
    report = checked(("links",))
    if url is not None:
        found = confirm(Authored(), patient(url, deadline, say, contact))
        report = Report((Outcome("online", tuple(found)), *report.outcomes))
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


@link.command(cls=Command)
@click.argument("entity", shell_complete=_complete_thing)
@_endpoint
@_contact
@_deadline
@click.pass_context
def suggest(
    context: click.Context, entity: str, url: str, contact: str | None, deadline: float,
) -> int:
    """Suggest items of Wikidata for an ENTITY, with what speaks for each.

    At most one is a match: the only one whose score is 0.70 or more. Nothing is written.

    Example: aikg link suggest Nvidia --endpoint https://query.wikidata.org/sparql
    """
    from aikg.authored import Authored
    from aikg.patience import patient
    from aikg.reference import find
    from aikg.suggestion import suggest as suggested
    from aikg.suggestion import table

    graph = graph_of(context)
    engine = patient(url, deadline, say, contact)
    found = suggested(find(entity, graph.lexicon, graph.engine), Authored(), engine)
    return show_answer(table(found))


@link.command(cls=Command)
@_endpoint
@_contact
@_deadline
def refresh(url: str, contact: str | None, deadline: float) -> int:
    """Keep what an endpoint says of the linked entities today, as graph/outside/DATE.ttl.

    All or nothing: a missing or merged item, a row short, or less than half of the last snapshot's
    rows, and the files stay as they are. What was broken off goes on where it stopped.

    Example: aikg link refresh --endpoint https://query.wikidata.org/sparql
    """
    from datetime import UTC, datetime

    from aikg import files
    from aikg.authored import Authored
    from aikg.harvest import harvest
    from aikg.patience import patient
    from aikg.snapshot import request_of, write_snapshot

    if not files.is_checkout():
        raise UsageError("snapshots are kept in a checkout, not in an installed package")
    engine = patient(url, deadline, say, contact)
    authored, now = Authored(), datetime.now(UTC)
    request = request_of(authored, url)
    found = harvest(request, engine, now.date().isoformat(), _progress)
    path = write_snapshot(found, now, authored.folder)
    emit(f"{path}\n")
    say(f"{found.rows} rows on {len(found.items)} items: run `aikg build`")
    return 0


def _progress(done: int, count: int) -> None:
    """A bar on stderr, if that is a terminal."""
    if sys.stderr is not None and sys.stderr.isatty() and count:
        filled = BAR * done // count
        bar = "#" * filled + "." * (BAR - filled)
        click.echo(f"\r[{bar}] {done} of {count}", nl=done == count, err=True)


@link.command(cls=Command)
@click.pass_context
def compare(context: click.Context) -> int:
    """Compare each claim with the newest snapshot: agrees, differs, silent, newer.

    `silent` is said where nothing outside speaks for or against the claim, `newer` where something
    else holds since a later time than the claim's.

    Example: aikg link compare -f jsonl
    """
    from aikg.corroboration import compare as compared

    answer, unlinked = compared(graph_of(context))
    if unlinked:
        say(f"{unlinked} more claims have a property outside, but an end that is not linked")
    return show_answer(answer)
