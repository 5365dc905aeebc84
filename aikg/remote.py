"""The command that loads a store elsewhere."""

from __future__ import annotations

import math
import sys

import click
from pyoxigraph import Literal, NamedNode

from aikg.answer import Answer, Row
from aikg.credentials import credentials_for
from aikg.errors import UsageError
from aikg.push import Step, held, send, store_steps, update_steps
from aikg.terminal import Command, graph_of, say, show_answer

SECONDS = 300.0
"""How long one request of a push may take unless `--timeout` says otherwise."""


@click.command(cls=Command, views=True)
@click.argument("url")
@click.option("--update", metavar="URL", help="Load by SPARQL Update at URL; else at the first.")
@click.option("--store-protocol", metavar="URL", help="Load by the Graph Store Protocol at URL.")
@click.option("--timeout", type=float, default=SECONDS, show_default=True, metavar="SECONDS",
              help="How long one request may take.")
@click.option("--dry-run", is_flag=True, help="Send nothing; list the requests.")
@click.pass_context
def push(context: click.Context, url: str, update: str | None, store_protocol: str | None,
         timeout: float, dry_run: bool) -> int:
    """Load all graphs into the store whose SPARQL endpoint is at URL, and count what it holds.

    Each of our graphs is replaced, one request after the other; no other graph is touched. User and
    password come from AIKG_ENDPOINT_USER and AIKG_ENDPOINT_PASSWORD, or from ~/.netrc. The exit
    code is 1 if the store does not hold what was sent. With --sources, --as-of or --published-by,
    it is that view that is loaded, beside the others, as a graph of its own.

    Example: aikg push http://localhost:7878/query --update http://localhost:7878/update --dry-run
    """
    from aikg.dataset import graphs
    from aikg.transport import check_url

    if update and store_protocol:
        raise UsageError("use one of --update and --store-protocol")
    if not 0 < timeout < math.inf:
        raise UsageError("--timeout takes a number of seconds above 0")
    target, _ = check_url(store_protocol or update or url), check_url(url)
    sent = graphs(graph_of(context).built)
    steps = list((store_steps if store_protocol else update_steps)(sent, target))
    if dry_run:
        return show_answer(_plan(steps))
    _send(steps, target, timeout)
    found = held(sent, url, credentials_for(url), timeout)
    code = show_answer(Answer(("graph", "sent", "held"), tuple(
        Row((NamedNode(one.graph), Literal(one.sent), Literal(one.held))) for one in found)))
    wrong = [one.graph for one in found if one.sent != one.held]
    for graph in wrong:
        say(f"Error: the store does not hold what was sent of {graph}")
    return 1 if wrong else code


def _plan(steps: list[Step]) -> Answer:
    """The requests of a push as rows."""
    return Answer(("method", "url", "statements", "what"), tuple(
        Row((Literal(step.request.get_method()), Literal(step.request.full_url),
             Literal(step.statements), Literal(step.summary))) for step in steps))


def _send(steps: list[Step], target: str, timeout: float) -> None:
    """Send all, with a bar on stderr where someone watches."""
    credentials = credentials_for(target)
    if sys.stderr is None or not sys.stderr.isatty():
        send(steps, target, credentials, timeout=timeout)
        return
    with click.progressbar(length=sum(step.statements for step in steps), label="statements",
                           file=sys.stderr) as bar:
        send(steps, target, credentials, lambda step: bar.update(step.statements), timeout)
