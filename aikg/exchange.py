"""The commands that take the graph elsewhere, and bring back what was changed there."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import click
from pyoxigraph import Literal

from aikg.answer import Answer, Row
from aikg.errors import AikgError, UsageError
from aikg.export import FORMATS, format_named
from aikg.export import export as exported
from aikg.names import compact
from aikg.terminal import (
    Command,
    chosen_format,
    default_format,
    emit,
    graph_of,
    option,
    say,
    show_answer,
    write_file,
)

if TYPE_CHECKING:
    from aikg.authored import Authored
    from aikg.comparison import Change


class Export(Command):
    """The command with a line of help for each format."""

    def format_epilog(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """The formats."""
        with formatter.section("Formats"):
            formatter.write_dl([(name, one.help) for name, one in FORMATS.items()])


@click.command(cls=Export)
@click.argument("format_", metavar="FORMAT", required=False,
                shell_complete=lambda _, __, begun: [one for one in FORMATS
                                                     if one.startswith(begun)])
@click.option("--dataset", is_flag=True,
              help="All graphs that a SPARQL store must hold, as N-Quads without blank nodes.")
@click.pass_context
def export(context: click.Context, format_: str | None, dataset: bool) -> int:
    """Write the graph in a FORMAT of another tool, to stdout or to the FILE of -o.

    The OWL document holds what is claimed, with the evidence on each fact, and the ontology; it
    imports nothing. The built graphs hold all that follows from it too, each graph under its name.
    A format of several files needs -o FOLDER; what else is in the folder stays.

    Example: aikg export graphml
    """
    if option("format") or option("iris"):
        raise UsageError("the format stands behind export: aikg export FORMAT")
    if dataset:
        return _export_dataset(context, format_)
    if not format_:
        raise UsageError(f"say what to export: --dataset, or one of {', '.join(FORMATS)}")
    folder = _folder(format_) if format_named(format_).several else None
    content = exported(format_, graph_of(context))
    if isinstance(content, bytes):
        emit(content)
        return 0
    for name, data in content.items():
        write_file(os.path.join(folder or "", name), data)
    say(f"{len(content)} files in {folder}")
    return 0


def _export_dataset(context: click.Context, format_: str | None) -> int:
    from aikg.dataset import nquads

    if format_:
        raise UsageError("--dataset is N-Quads: leave the format away")
    emit("".join(nquads(graph_of(context).built)))
    return 0


def _folder(name: str) -> str:
    """The folder of -o for a format of several files, made if need be."""
    folder: str | None = option("output")
    if not folder or folder == "-":
        raise UsageError(f"{name} is several files: say where, with -o FOLDER")
    try:
        os.makedirs(folder, exist_ok=True)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise AikgError(f"cannot write {folder}: {reason}") from error
    return folder


@click.command("import", cls=Command)
@click.argument("file", type=click.Path())
@click.option("--apply", "write", is_flag=True,
              help="Write names, comments and new entities into graph/entities.ttl.")
def import_(file: str, write: bool) -> int:
    """Compare FILE, as an editor such as Protégé saved it, with what it was made from.

    FILE is the release, the document of `aikg export ttl`, or a file of the ontology; in Turtle or
    RDF/XML, or with the extra export in OWL/XML or functional syntax. Each row is a difference,
    with what to do about it. With -f ttl, each new fact is printed as a claim to fill in.

    Nothing is written without --apply, and no fact ever without a passage. The exit code is 0 where
    nothing differs, or all of it could be applied, and 1 where something is left to do.

    Example: aikg import graph/release/aikg.ttl
    """
    from aikg.amendment import stubs
    from aikg.authored import Authored
    from aikg.comparison import changes
    from aikg.edited import read_edited

    chosen = chosen_format(default_format("table"))
    authored = Authored()
    found = changes(read_edited(file, authored), authored)
    done = _apply(found, authored) if write else []
    if chosen == "ttl":
        emit(stubs(found))
    else:
        show_answer(_list_of_changes(found, done, authored))
    left = len(found) - len(done)
    say(f"{len(found)} differences, {len(done)} applied, {left} left" if write
        else f"{len(found)} differences")
    return 1 if left else 0


def _list_of_changes(
    found: Sequence[Change], done: Collection[Change], authored: Authored,
) -> Answer:
    from aikg.amendment import amendable

    def todo(change: Change) -> str:
        if change in done:
            return "done"
        return change.todo + ", or use --apply" * amendable(change, authored)

    rows = ((one.kind, compact(one.subject), one.what, todo(one)) for one in found)
    return Answer(("kind", "subject", "difference", "to do"),
                  tuple(Row(tuple(map(Literal, row))) for row in rows))


def _apply(found: Sequence[Change], authored: Authored) -> list[Change]:
    """Write what can be written, in one step; the changes that were."""
    from aikg.amendment import amendable, amended, check_writable
    from aikg.comparison import ENTITIES

    check_writable()
    done = [one for one in found if amendable(one, authored)]
    if done:
        write_file(authored.files[ENTITIES], amended(done, authored).encode())
        say(f"wrote {ENTITIES}: run `aikg build`, `aikg build --release` and `aikg check`")
    return done
