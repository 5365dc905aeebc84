"""The commands of the faces beside the terminal: pictures, and agents."""

from __future__ import annotations

import os
from typing import Any

import click
from click.shell_completion import CompletionItem

from aikg.errors import AikgError, UnknownFormat, UsageError
from aikg.graph import Graph
from aikg.picture import MOST, Picture
from aikg.picture import draw as drawn
from aikg.reference import completions
from aikg.terminal import Command, emit, graph_of, option, viewed

DRAWINGS = ("svg", "mermaid", "dot")
ENDINGS = {"mmd": "mermaid", "gv": "dot"}


class Drawing(Command):
    """A command that prints a picture; behind the name of a query come its own slots."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.context_settings = {"ignore_unknown_options": True, "allow_extra_args": True}
        for parameter in self.params:
            if isinstance(parameter, click.Option) and parameter.name == "format":
                parameter.type = click.Choice(DRAWINGS)
                parameter.help = f"One of {', '.join(DRAWINGS)}; svg if nothing says otherwise."
        self.params = [one for one in self.params if one.name != "iris"]


def _complete(context: click.Context, _: click.Parameter, begun: str) -> list[CompletionItem]:
    graph = graph_of(context)
    names = [name for name in graph.catalog.content["queries"] if name.startswith(begun)]
    return [CompletionItem(name) for name in [*sorted(names), *completions(graph.lexicon, begun)]]


@click.command(cls=Drawing, views=True, stored=True)
@click.argument("what", metavar="ENTITY|QUERY", shell_complete=_complete)
@click.option("--all", "everything", is_flag=True,
              help=f"Show all relations, not only the {MOST} that come first.")
@click.pass_context
def draw(context: click.Context, what: str, everything: bool) -> int:
    """Draw the relations of an ENTITY, or those that a stored QUERY answers with.

    Money, compute and rivalry come first, each in a stroke of its own; what is said outright is
    solid, what follows is dotted, the rest is dashed. A QUERY takes its slots, as in `aikg run`.

    Example: aikg draw OpenAI -f mermaid
    """
    graph = graph_of(context)
    most = None if everything else MOST
    if what in graph.catalog.content["queries"]:
        picture = drawn(graph.run(what, **_slots(what, context.args, graph)), graph, most)
    elif context.args:
        raise UsageError(f"no such option or argument: {context.args[0]}")
    else:
        picture = drawn(what, graph, most)
    emit(_text(picture))
    return 0


def _slots(name: str, arguments: list[str], graph: Graph) -> dict[str, tuple[str, ...]]:
    """The values that a query's own options give to its slots."""
    from aikg.cli import StoredQuery

    command = StoredQuery(graph, graph.catalog.query(name))
    with command.make_context(name, list(arguments)) as context:
        slots = [parameter.name for parameter in command.query.parameters]
        return {slot: context.params[slot] for slot in slots if context.params[slot]}


def _text(picture: Picture) -> str:
    name: str = option("output") or ""
    ending = os.path.splitext(name)[1][1:]
    chosen = option("format") or ENDINGS.get(ending, ending) or "svg"
    if chosen not in DRAWINGS:
        raise UnknownFormat(f"no picture is written as {chosen}: choose {' or '.join(DRAWINGS)}",
                            DRAWINGS)
    return {"svg": picture.svg, "mermaid": picture.mermaid, "dot": picture.dot}[chosen]()


@viewed
@click.command()
@click.option("--allow-sparql", is_flag=True,
              help="Offer ad-hoc SPARQL too, within the limits of `aikg sparql`.")
@click.pass_context
def mcp(context: click.Context, allow_sparql: bool) -> int:
    """Serve tools to an agent by the Model Context Protocol, over stdin and stdout.

    The tools ask, list and run stored queries, show a thing, and prove a fact; each result carries
    its evidence. It ends when stdin does.

    Example: aikg mcp
    """
    _serve_agent(graph_of(context), allow_sparql)
    return 0


def _serve_agent(graph: Graph, allow_sparql: bool) -> None:
    try:
        from aikg.agent import serve
    except ImportError as error:
        raise AikgError("agents are served with mcp: pip install 'aikg[mcp]'") from error
    serve(graph, allow_sparql)
