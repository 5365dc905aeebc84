"""The terminal: what all commands share. The graph, the output options, stdout, files, stderr."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from inspect import cleandoc
from typing import Any, NoReturn

import click

from aikg.answer import Answer
from aikg.errors import AikgError, NoAnswer, UnknownFormat, UsageError
from aikg.files import replace_file
from aikg.graph import ONLY_STORE, Graph, open_graph

GRAPH_OPTIONS = ("sources", "as_of", "published_by", "store")
"""What selects a graph, as open_graph names it."""
FORMATS = ("table", "csv", "tsv", "json", "jsonl", "xml", "md", "ttl")


class Command(click.Command):
    """A command that prints an answer; its output options stand anywhere behind `aikg`."""

    def __init__(
        self, *args: Any, asks: bool = False, views: bool = False, stored: bool = False,
        **kwargs: Any,
    ) -> None:
        """What it takes beside the shared options: see `graph_options`."""
        super().__init__(*args, **{**kwargs, "add_help_option": False})
        self.params += [*graph_options(asks, views, stored), *shared_options()]

    def format_help_text(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """The docstring, its example not wrapped."""
        _write_help(self.help or "", formatter)


class Group(click.Group):
    """A group of such commands, which takes their output options too."""

    def __init__(
        self, *args: Any, asks: bool = False, views: bool = False, stored: bool = False,
        **kwargs: Any,
    ) -> None:
        """What it takes beside the shared options: see `graph_options`."""
        super().__init__(*args, **{**kwargs, "add_help_option": False})
        self.params += [*graph_options(asks, views, stored), *shared_options()]

    def format_help_text(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """The docstring, its example not wrapped."""
        _write_help(self.help or "", formatter)


def _write_help(text: str, formatter: click.HelpFormatter) -> None:
    text, _, example = cleandoc(text).partition("Example: ")
    formatter.write_paragraph()
    with formatter.indentation():
        formatter.write_text(text.strip())
    if example:
        formatter.write(f"\n  Example: {example.strip()}\n")


def graph_of(context: click.Context) -> Graph:
    """The graph of this call of the command, opened once: the one that its options select.

    A stored query is a command before its options are read: they may come after the graph that
    ships was opened.
    """
    root = context.find_root()
    wanted = {name: value for name in GRAPH_OPTIONS
              if (value := context.meta.get("aikg." + name)) is not None}
    if root.obj is None or root.obj[0] != wanted:
        root.obj = wanted, open_graph(**wanted)
        say(root.obj[1].built.note)
    graph: Graph = root.obj[1]
    return graph


def graph_at(context: click.Context, timeout: float | None = None) -> Graph:
    """The graph of this call, answered by the endpoint of `--endpoint` or AIKG_ENDPOINT, if any.

    `timeout` is in seconds for each request. Raises as Graph.at does.
    """
    graph, url = graph_of(context), endpoint_url(context)
    return graph if url is None else graph.at(url, timeout)


def endpoint_url(context: click.Context) -> str | None:
    """The URL of the endpoint that is to answer; None for the engine of this package.

    Raises UsageError for an endpoint beside a store; AIKG_ENDPOINT yields to a store.
    """
    url: str | None = context.meta.get("aikg.endpoint")
    if "aikg.store" not in context.meta:
        return url or os.environ.get("AIKG_ENDPOINT") or None
    if url:
        raise UsageError(ONLY_STORE)
    return None


def _keep_endpoint(context: click.Context, _: click.Parameter, url: str | None) -> None:
    if url == "":  # as from a variable that is not set: the answer would come from elsewhere
        raise UsageError("--endpoint takes a URL")
    if url:
        context.meta["aikg.endpoint"] = url


def graph_options(asks: bool, views: bool, stored: bool) -> list[click.Parameter]:
    """The options that select a graph, for commands that use graph_of or graph_at.

    Where it `asks`, all of them; those of the `views`; `--store` where it may be `stored`.
    """
    return [*[endpoint_option()] * asks, *view_options() * (asks or views),
            *[store_option()] * (asks or stored)]


def endpoint_option() -> click.Option:
    """The option that names an endpoint, for commands that use graph_at."""
    return click.Option(["--endpoint"], metavar="URL", expose_value=False, callback=_keep_endpoint,
                        help="Ask the SPARQL endpoint at URL, or at AIKG_ENDPOINT.")


def view_options() -> list[click.Parameter]:
    """The options that select a view."""
    return [
        click.Option(["--sources"], metavar="NAMES", expose_value=False, callback=_keep_choice,
                     help="Ask these sources, with commas between them, or all."),
        click.Option(["--as-of"], metavar="DATE", expose_value=False, callback=_keep_choice,
                     help="Ask for what held on that day; what bears no date counts as holding."),
        click.Option(["--published-by"], metavar="DATE", expose_value=False, callback=_keep_choice,
                     help="Ask the sources published by that day."),
    ]


def store_option() -> click.Option:
    """The option that names a store on disk."""
    return click.Option(["--store"], metavar="DIR", expose_value=False, callback=_keep_choice,
                        shell_complete=_complete_file,
                        help="Use the store on disk in DIR, which `aikg load` makes.")


def viewed(command: click.Command) -> click.Command:
    """The command, which is none of the classes above, with the options that select its graph."""
    command.params += graph_options(asks=False, views=True, stored=True)
    return command


def _keep_choice(context: click.Context, parameter: click.Parameter, value: str | None) -> None:
    if value == "" and parameter.name == "store":  # the answer would come from elsewhere
        raise UsageError("--store takes a folder")
    if value is not None:
        context.meta[f"aikg.{parameter.name}"] = value


def shared_options() -> list[click.Parameter]:
    """The options of every command: how and where to print an answer (see `option`), and help.

    Neither click's own help option nor its type Path is used: both look for translations, at each
    start.
    """
    return [
        click.Option(["-f", "--format"], type=click.Choice(FORMATS), metavar="FORMAT",
                     expose_value=False, callback=_keep,
                     help=f"One of {', '.join(FORMATS)}; table on a terminal, else tsv."),
        click.Option(["-o", "--output"], metavar="FILE", expose_value=False, callback=_keep,
                     shell_complete=_complete_file,
                     help="Write to FILE; its ending gives the format."),
        click.Option(["--iris"], is_flag=True, expose_value=False, callback=_keep,
                     help="Add a column of IRIs behind each column of names."),
        click.Option(["-h", "--help"], is_flag=True, is_eager=True, expose_value=False,
                     callback=_help, help="Show this message and exit."),
    ]


def _complete_file(context: click.Context, _: click.Parameter, begun: str) -> list[Any]:
    from click.shell_completion import CompletionItem

    return [CompletionItem(begun, type="file")]


def _keep(context: click.Context, parameter: click.Parameter, value: object) -> None:
    """Keep an option where the command finds it, at whichever level of commands it was given."""
    if value:
        context.meta[f"aikg.{parameter.name}"] = value


def _help(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        click.echo(context.get_help())
        context.exit()


def option(name: str) -> Any:
    """The value of an output option in the present command; None where it was not given."""
    return click.get_current_context().meta.get(f"aikg.{name}")


def chosen_format(default: str, fitting: Sequence[str] = FORMATS) -> str:
    """The format asked for by `-f`, else by the ending of `-o`, else the default.

    Raises UnknownFormat, with what fits, for one that is not fitting.
    """
    ending = (option("output") or "").rpartition(".")[2]
    chosen: str = option("format") or (ending if ending in FORMATS else default)
    if chosen not in fitting:
        raise UnknownFormat(f"{chosen} does not fit here: choose {' or '.join(fitting)}", fitting)
    return chosen


def on_terminal() -> bool:
    """Whether the output goes to a terminal."""
    return not option("output") and sys.stdout is not None and sys.stdout.isatty()


def terminal_width(format: str) -> int | None:  # noqa: A002 - the option's name
    """Columns of the terminal, for a table on it; None where nothing is to be wrapped."""
    if format != "table" or not on_terminal():
        return None
    from shutil import get_terminal_size

    return get_terminal_size().columns


def show_answer(answer: Answer) -> int:
    """Print an answer and give its exit code. Raises NoAnswer where there is none."""
    from aikg.render import check_format

    chosen = chosen_format(default_format(answer.kind))
    check_format(answer.kind, chosen)
    if not _says_something(answer):
        raise _silence(answer)
    emit(text_of(answer, chosen, terminal_width(chosen)))
    return 0


def default_format(kind: str) -> str:
    """The format of an answer of this kind where none is asked for."""
    if kind == "graph":
        return "ttl"
    return "table" if on_terminal() else "tsv"


def text_of(answer: Answer, format: str, width: int | None = None) -> str:  # noqa: A002
    """The answer in a format, with IRIs if `--iris` wants them, wrapped to `width` columns."""
    from aikg.render import render

    return render(answer, format, iris=bool(option("iris")), width=width)


def _says_something(answer: Answer) -> bool:
    """Whether there are rows, a yes, or a no because denied; an empty list is none of these."""
    if answer.kind == "verdict":
        return answer.verdict is not None
    return answer.query is None or bool(answer.rows)


def _silence(answer: Answer) -> AikgError:
    if answer.diagnosis == "broken":
        return AikgError(answer.reason or "the query matches nothing")
    said = "the article does not say" if answer.kind == "verdict" else "no answer"
    return NoAnswer(f"{said}: {answer.reason}")


def emit(text: str | bytes) -> None:
    """Write text to the file of `-o`, else to stdout. Raises AikgError, and BrokenPipeError."""
    data = text.encode("utf-8", "replace") if isinstance(text, str) else text
    path = option("output")
    if path and path != "-":
        write_file(path, data)
    elif sys.stdout is None:
        raise AikgError("stdout is closed")
    else:
        sys.stdout.buffer.write(data)
        sys.stdout.flush()


def write_file(path: str, data: bytes) -> None:
    """Write a file whole or not at all; a device or a pipe is written to as it is.

    Raises AikgError where it cannot be written; then what was there before is there still.
    """
    try:
        if os.path.exists(path) and not os.path.isfile(path):
            with open(path, "wb") as file:
                file.write(data)
        else:
            replace_file(os.path.realpath(path), data)
    except OSError as error:
        raise AikgError(f"cannot write {path}: {error.strerror or error}") from error


def say(text: str | None) -> None:
    """One line on stderr; where nobody reads it, it is lost."""
    if text:
        with suppress(OSError):
            click.echo(one_line(text), err=True)


def complain(error: AikgError | str) -> None:
    """An error in one line, with what might have been meant."""
    candidates = [one for one in getattr(error, "candidates", ()) if one not in str(error)]
    many = "one of: " if len(candidates) > 1 else ""
    listed = "; ".join(candidate.rstrip("?") for candidate in candidates)
    say(f"Error: {error}; did you mean {many}{listed}?" if listed else f"Error: {error}")


def one_line(text: str) -> str:
    """A text with neither line ends nor anything that commands a terminal."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def leave(code: int) -> NoReturn:
    """End the process with this exit code, whatever has become of stdout and stderr.

    All is written by now, so nothing is taken down first: that would cost a fifth of a start, and
    the interpreter would try, and complain of, a last flush. Profilers and tracers see a usual end.
    """
    for stream in filter(None, (sys.stdout, sys.stderr)):
        with suppress(OSError, ValueError):  # what could not be written has been told already
            stream.flush()
    if sys.getprofile() or sys.gettrace():
        sys.exit(code)
    os._exit(code)
