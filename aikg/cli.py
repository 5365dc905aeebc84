"""The command line: parse, call, print. Data goes to stdout, everything else to stderr."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import click

from aikg.answer import Answer
from aikg.errors import AikgError, NoAnswer, UsageError

FORMATS = ("table", "csv", "tsv", "json", "jsonl", "xml", "md", "ttl")
INTERRUPTED = 130
Command = Callable[..., Any]


class Group(click.Group):
    """Commands that are imported when they are called, and errors as one line."""

    def main(self, *args: Any, **extra: Any) -> NoReturn:
        """Run, and turn every expected error into a line on stderr and an exit code."""
        extra["standalone_mode"] = False
        try:
            code = super().main(*args, **extra)
            _flush()
        except click.exceptions.Exit as error:
            code = error.exit_code
        except click.Abort:
            code = INTERRUPTED
        except click.ClickException as error:
            error.show()
            code = error.exit_code
        except AikgError as error:
            complain(error)
            code = error.exit_code
        except BrokenPipeError:
            _close_stdout()
            code = 0
        except KeyboardInterrupt:
            code = INTERRUPTED
        except (OSError, RecursionError, MemoryError) as error:
            click.echo(f"Error: {error or type(error).__name__}", err=True)
            code = 1
        sys.exit(code if isinstance(code, int) else 0)


def complain(error: AikgError) -> None:
    """An error in one line, and what might have been meant."""
    click.echo(f"Error: {_one_line(str(error))}", err=True)
    candidates = getattr(error, "candidates", ())
    if candidates:
        words = "did you mean" if len(candidates) == 1 else "did you mean one of"
        click.echo(f"{words}: {'; '.join(candidates)}", err=True)


def output_options(function: Command) -> Command:
    """The options of every command that prints an answer."""
    for option in reversed((
        click.option("-f", "--format", type=click.Choice(FORMATS), metavar="FORMAT",
                     help="One of " + ", ".join(FORMATS) + "; table on a terminal, else tsv."),
        click.option("-o", "--output", type=click.Path(dir_okay=False, writable=True),
                     help="Write to this file instead of stdout."),
        click.option("--iris", is_flag=True, help="Add a column of IRIs behind each of names."),
    )):
        function = option(function)
    return function


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="aikg", message="%(version)s", prog_name="aikg",
                      version=None if False else "0.1.0")
def main() -> None:
    """Ask a knowledge graph of the AI industry; each row comes with its evidence.

    Example: aikg ask "who supplies OpenAI's compute"
    """


@main.command()
@click.argument("question", nargs=-1, required=True)
@output_options
def ask(question: tuple[str, ...], **output: Any) -> int:
    """Answer a QUESTION in words, with its evidence.

    Example: aikg ask "who supplies OpenAI's compute"
    """
    from aikg.graph import open_graph

    graph = open_graph()
    _note(graph.built.note)
    text = " ".join(question)
    understood = graph.matcher.understand(text)
    answer = graph.answer_question(text, understood)
    _echo_understanding(answer, graph.lexicon.label)
    return show_answer(answer, **output)


class StoredQueries(click.Group):
    """Each stored query as a subcommand, made from the catalog."""

    def list_commands(self, context: click.Context) -> list[str]:
        from aikg.graph import open_graph

        return sorted(open_graph().catalog.content["queries"])

    def get_command(self, context: click.Context, name: str) -> click.Command:
        from aikg.graph import open_graph

        graph = open_graph()
        query = graph.catalog.query(name)
        options: list[click.Parameter] = [
            click.Option([f"--{parameter.name}"], multiple=True, metavar="VALUE",
                         help=parameter.label + (" (required)" if parameter.required else "") + ".")
            for parameter in query.parameters]

        def call(**given: Any) -> int:
            output = {key: given.pop(key) for key in ("format", "output", "iris")}
            _note(graph.built.note)
            slots = {slot: list(values) for slot, values in given.items() if values}
            return show_answer(graph.run(name, **slots), **output)

        example = " ".join(f"--{parameter.name} …" for parameter in query.parameters[:1])
        help_text = f"{query.summary}\n\n{query.description}\n\nExample: aikg run {name} {example}"
        command = click.Command(name, params=options, callback=output_options(call),
                                help=help_text.rstrip(), short_help=query.summary)
        command.params += call.__click_params__[::-1]  # type: ignore[attr-defined]
        return command


@main.group(cls=StoredQueries, no_args_is_help=True)
def run() -> None:
    """Run a stored query.

    Example: aikg run compute-suppliers --customer OpenAI
    """


def show_answer(
    answer: Answer, format: str | None = None, output: str | None = None, iris: bool = False,
) -> int:
    """Print an answer and give its exit code. Raises NoAnswer where there is none."""
    from aikg.render import check_format, render

    chosen = format or _default_format(answer, output)
    check_format(answer.kind, chosen)
    code = _exit_code(answer)
    if code:
        raise _silence(answer)
    text = render(answer, chosen, iris=iris, width=_width(chosen, output))
    if output:
        _write(output, text)
    else:
        sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    return code


def _exit_code(answer: Answer) -> int:
    """0 for rows, yes, or no because denied; 3 for silence; 1 for a broken query."""
    if answer.kind == "verdict":
        return 0 if answer.verdict is not None else NoAnswer.exit_code
    if answer.query is None or answer.rows:
        return 0
    return 1 if answer.diagnosis == "broken" else NoAnswer.exit_code


def _silence(answer: Answer) -> AikgError:
    if answer.diagnosis == "broken":
        return AikgError(answer.reason or "the query matches nothing")
    said = "the article does not say" if answer.kind == "verdict" else "no answer"
    return NoAnswer(f"{said}: {answer.reason}")


def _default_format(answer: Answer, output: str | None) -> str:
    ending = (output or "").rpartition(".")[2]
    if output and ending in FORMATS:
        return ending
    if answer.kind == "graph":
        return "ttl"
    return "table" if sys.stdout.isatty() and not output else "tsv"


def _width(format: str, output: str | None) -> int | None:
    if format != "table" or output or not sys.stdout.isatty():
        return None
    from shutil import get_terminal_size

    return get_terminal_size().columns


def _write(path: str, text: str) -> None:
    """Write a file whole or not at all."""
    draft = f"{path}.{os.getpid()}.tmp"
    try:
        with open(draft, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        os.replace(draft, path)
    except OSError as error:
        if os.path.exists(draft):
            os.unlink(draft)
        raise UsageError(f"cannot write {path}: {error.strerror}") from error


def _echo_understanding(answer: Answer, label: Callable[[str], str]) -> None:
    """How the question was understood, on stderr."""
    if answer.query:
        values = [f"--{slot} {label(value)!r}" for slot, group in answer.bindings.items()
                  for value in group]
        click.echo(f"understood as: {' '.join([answer.query, *values])}", err=True)


def _note(text: str | None) -> None:
    if text:
        click.echo(text, err=True)


def _one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _flush() -> None:
    sys.stdout.flush()


def _close_stdout() -> None:
    """Point stdout at nothing, so that the interpreter's last flush does not complain."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, sys.stdout.fileno())


Arguments = Sequence[str]
