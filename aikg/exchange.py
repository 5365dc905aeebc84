"""The commands that take the graph elsewhere, and bring back what was changed there."""

from __future__ import annotations

import os
from collections.abc import Mapping

import click

from aikg.errors import AikgError, UsageError
from aikg.export import FORMATS
from aikg.export import export as exported
from aikg.terminal import Command, emit, graph_of, option, say, write_file


class Export(Command):
    """The command with a line of help for each format."""

    def format_epilog(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """The formats."""
        with formatter.section("Formats"):
            formatter.write_dl([(name, one.help) for name, one in FORMATS.items()])


@click.command(cls=Export)
@click.argument("format_", metavar="FORMAT",
                shell_complete=lambda _, __, begun: [one for one in FORMATS
                                                     if one.startswith(begun)])
@click.pass_context
def export(context: click.Context, format_: str) -> int:
    """Write the graph in a FORMAT of another tool, to stdout or to the FILE of -o.

    The OWL document holds what is claimed, with the evidence on each fact, and the ontology; it
    imports nothing. The built graphs hold all that follows from it too, each graph under its name.
    A format of several files needs -o FOLDER; what else is in the folder stays.

    Example: aikg export graphml
    """
    if option("format") or option("iris"):
        raise UsageError("the format stands behind export: aikg export FORMAT")
    content = exported(format_, graph_of(context))
    if isinstance(content, bytes):
        emit(content)
    else:
        _write_folder(content, format_)
    return 0


def _write_folder(content: Mapping[str, bytes], name: str) -> None:
    """Write the files of a format, each whole, into the folder of -o."""
    folder = option("output")
    if not folder or folder == "-":
        raise UsageError(f"{name} is {len(content)} files: say where, with -o FOLDER")
    try:
        os.makedirs(folder, exist_ok=True)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise AikgError(f"cannot write {folder}: {reason}") from error
    for file, data in content.items():
        write_file(os.path.join(folder, file), data)
    say(f"{len(content)} files in {folder}")
