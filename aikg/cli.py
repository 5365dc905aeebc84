"""The command line: parse, call, print. Data goes to stdout, everything else to stderr."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, NoReturn

import click

from aikg import __version__
from aikg.answer import Answer
from aikg.errors import AikgError, UnknownSlot, UsageError
from aikg.graph import Graph
from aikg.query import FEDERATED, Parameter, Query
from aikg.terminal import Command, Group, complain, graph_at, graph_of, leave, say, show_answer

INTERRUPTED = 130
COMPLETION = "_AIKG_COMPLETE"
COLLECT = 100_000
"""New objects after which Python looks for rubbish: few commands make so many."""
LONGEST_QUESTION = 2_000
"""Characters; no question is longer, and matching takes time with the square of the words."""

# Commands that are imported when they are called, so that `ask` and `run` start quickly.
LATER = dict.fromkeys(("queries", "sparql", "show", "why", "verify", "check", "build", "docs"),
                      "aikg.commands")
LATER |= dict.fromkeys(("export", "import"), "aikg.interchange")
LATER["push"] = "aikg.remote"
LATER["link"] = "aikg.linking"
LATER |= dict.fromkeys(("draw", "mcp"), "aikg.faces")
LATER["serve"] = "aikg.web.server"
LATER |= dict.fromkeys(("disputes", "impact", "diff"), "aikg.review_commands")
LATER["source"] = "aikg.source_commands"
LATER["load"] = "aikg.loading"


class Main(Group):
    """All commands, and the edge: every expected error is one line and an exit code."""

    def main(self, args: Sequence[str] | None = None, *_: Any, **__: Any) -> NoReturn:
        """Run the arguments and exit; those of the process, and end it, if there are none."""
        if args is not None:
            sys.exit(self._exit_code(list(args)))
        gc.set_threshold(COLLECT)
        leave(self._exit_code(sys.argv[1:]))

    def _exit_code(self, arguments: list[str]) -> int:
        try:
            return self._run(arguments)
        except click.exceptions.Exit as error:
            return error.exit_code
        except (KeyboardInterrupt, EOFError, click.Abort):
            return INTERRUPTED
        except BrokenPipeError:
            return 0
        except click.ClickException as error:
            _show_usage(error)
            return error.exit_code
        except AikgError as error:
            complain(error)
            return error.exit_code
        except Exception as error:  # no traceback reaches a user, unless wanted
            if "AIKG_TRACEBACK" in os.environ:
                raise
            complain(_unexpected(error))
            return 1

    def _run(self, arguments: list[str]) -> int:
        instruction = os.environ.get(COMPLETION)
        if instruction:
            from click.shell_completion import shell_complete

            with suppress(AikgError, OSError):  # what disturbs a person who types helps nobody
                return shell_complete(self, {}, "aikg", COMPLETION, instruction)
            return 1
        with self.make_context("aikg", arguments) as context:
            return self.invoke(context) or 0

    def list_commands(self, context: click.Context) -> list[str]:
        """The commands in the order in which a newcomer meets them."""
        return [*self.commands, *LATER]

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """A command, imported now if it was not before."""
        if name in LATER:
            from importlib import import_module

            attribute = "import_" if name == "import" else name  # a word of Python's
            command: click.Command = getattr(import_module(LATER[name]), attribute)
            return command
        return super().get_command(context, name)


def _show_usage(error: click.ClickException) -> None:
    """A mistake on the command line in one line, with where to read on; no arguments: the help."""
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        error.show()
    else:
        more = f" (see '{context.command_path} --help')" if context else ""
        complain(error.format_message() + more)


def _unexpected(error: Exception) -> str:
    if isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        return place + (error.strerror or str(error))
    return f"{type(error).__name__}: {error} (set AIKG_TRACEBACK to see where)"


def _version(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        click.echo(f"aikg {__version__}")
        context.exit()


@click.group(cls=Main)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version,
              help="Show the version and exit.")
def main() -> None:
    """Ask a knowledge graph of the AI industry; each row comes with its evidence.

    Example: aikg ask "who supplies OpenAI's compute"
    """


@main.command(cls=Command, asks=True)
@click.argument("question", nargs=-1, required=True)
@click.pass_context
def ask(context: click.Context, question: tuple[str, ...]) -> int:
    """Answer a QUESTION in words, with its evidence.

    Example: aikg ask "who supplies OpenAI's compute"
    """
    text = " ".join(question)
    if len(text) > LONGEST_QUESTION:
        raise UsageError(f"a question has at most {LONGEST_QUESTION} characters")
    graph = graph_at(context)
    graph.begin()
    answer = graph.answer_question(text, graph.matcher.understand(text))
    _echo_understanding(answer, graph.lexicon.label)
    _tell_of_more(answer, graph)
    return show_answer(answer)


def _echo_understanding(answer: Answer, label: Callable[[str], str]) -> None:
    """How the question was understood, on stderr."""
    if answer.query:
        values = [f"--{slot} {label(value)!r}" for slot, group in answer.bindings.items()
                  for value in group]
        say(f"understood as: {' '.join([answer.query, *values])}")


def _tell_of_more(answer: Answer, graph: Graph) -> None:
    """That other sources know more, on stderr."""
    rows, sources = graph.more(answer)
    if sources:
        say(f"{rows} more row{'s' * (rows > 1)} from {sources} other source{'s' * (sources > 1)}: "
            "--sources all")


class StoredQueries(Group):
    """Each stored query as a subcommand, made from the catalog."""

    def list_commands(self, context: click.Context) -> list[str]:
        """The names of all stored queries, broken ones too."""
        return [name for name, _ in self._summaries(context)]

    def get_command(self, context: click.Context, name: str) -> click.Command:
        """The command of a stored query. Raises UnknownQuery, and QueryError for a broken one."""
        return StoredQuery(graph_of(context), graph_of(context).catalog.query(name))

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in `aikg run --help`, made without looking into each query."""
        with formatter.section("Stored queries"):
            formatter.write_dl(self._summaries(context))

    def shell_complete(self, context: click.Context, incomplete: str) -> list[Any]:
        """The names that begin so."""
        from click.shell_completion import CompletionItem

        names = [CompletionItem(name, help=summary) for name, summary in self._summaries(context)
                 if name.startswith(incomplete)]
        return [*names, *click.Command.shell_complete(self, context, incomplete)]

    def _summaries(self, context: click.Context) -> list[tuple[str, str]]:
        queries = graph_of(context).catalog.content["queries"]
        return sorted((name, entry["summary"]) for name, entry in queries.items())


class StoredQuery(Command):
    """The command of one stored query: its slots are its options."""

    def __init__(self, graph: Graph, query: Query) -> None:
        self.graph = graph
        self.query = query
        slots: list[click.Parameter] = [_slot(parameter) for parameter in query.parameters]
        super().__init__(
            query.name, asks=True,
            params=slots + (_online() if FEDERATED in query.tags else []),
            callback=self._call, short_help=query.summary,
            help=f"{query.summary}\n\n{query.description}".rstrip())

    def _call(
        self, online: bool = False, service: str | None = None, **given: tuple[str, ...],
    ) -> int:
        slots = {slot: values for slot, values in given.items() if values}
        graph = graph_at(click.get_current_context())
        if online:
            from aikg.federation import run_online

            return show_answer(run_online(graph, self.query, slots, service, say))
        return show_answer(graph.run(self.query.name, **slots))

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        """Parse; an unknown option is an unknown slot. Raises UnknownSlot with those there are."""
        try:
            return super().parse_args(context, args)
        except click.NoSuchOption as error:
            slots = [f"--{parameter.name}" for parameter in self.query.parameters]
            has = "its slots are " + ", ".join(slots) if slots else "it has no slots"
            raise UnknownSlot(
                f"{self.query.name} has no option {error.option_name}: {has}") from error

    def format_epilog(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """An example that gives an answer."""
        from aikg.example import example

        formatter.write_paragraph()
        formatter.write_text("Example:")
        formatter.write(f"  {example(self.query, self.graph)}\n")


def _online() -> list[click.Parameter]:
    """The options of a query that asks servers outside."""
    return [
        click.Option(["--online"], is_flag=True, help="Ask the servers that the query names."),
        click.Option(["--service"], metavar="URL", help="Ask this server instead: a mirror."),
    ]


def _slot(parameter: Parameter) -> click.Option:
    required = " (required)" if parameter.required else ""
    return click.Option(
        [f"--{parameter.name}", parameter.name], multiple=True, metavar="VALUE",
        help=f"{parameter.label[:1].upper()}{parameter.label[1:]}{required}.",
        shell_complete=_complete_slot(parameter))


def _complete_slot(parameter: Parameter) -> Callable[..., list[str]]:
    def complete(context: click.Context, option: click.Parameter, incomplete: str) -> list[str]:
        from aikg.reference import completions

        return completions(graph_of(context).lexicon, incomplete, parameter)

    return complete


@main.group(cls=StoredQueries, asks=True, no_args_is_help=True)
def run() -> None:
    """Run a stored query.

    Example: aikg run compute-suppliers --customer OpenAI
    """
