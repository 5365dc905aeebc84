"""The commands on sources: one is added, covered with claims, and revised when its text changes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

import click
from pyoxigraph import Literal

from aikg import files
from aikg.answer import Answer, Row
from aikg.errors import UsageError
from aikg.terminal import Command, Group, emit, say, show_answer, write_file


@click.group(cls=Group, no_args_is_help=True)
def source() -> None:
    """Add a source, see what is covered, or take in a later text of it.

    Example: aikg source coverage
    """


@source.command(cls=Command)
@click.argument("file", type=click.Path())
@click.option("--id", required=True, metavar="NAME", help="Its name in IRIs, such as acme-round.")
@click.option("--title", required=True, metavar="TEXT", help="What it is called.")
@click.option("--publisher", required=True, metavar="TEXT", help="Who published it.")
@click.option("--date", metavar="DATE", help="The day of publication, if it bears one.")
@click.option("--url", metavar="URL", help="Where it is published.")
@click.option("--short-name", metavar="TEXT", help="What answers call it; else the publisher.")
@click.option("--collection", default="", metavar="NAME", help="Add it to another collection.")
def add(file: str, **details: str) -> int:
    """Make FILE, a text, a source: its passages, and a stub for the claims on each.

    The text stays outside; a passage is its id, offsets and digest. The files that are written are
    printed. Fill in the stubs, then run `aikg check`.

    Example: aikg source add acme.txt --id acme --title "Acme raises money" --publisher Acme
    """
    from aikg.intake import Details, new_source
    from aikg.record import read_records

    root = _checkout()
    known = read_records(root)
    wanted = Details(**details).checked()
    for one in known:
        if one.id == wanted.id:
            raise UsageError(f"{one.id} is there, in {one.file}: see `aikg source update`")
        if one.short_name == wanted.short_name:
            raise UsageError(f"{one.id} has that short name: give another as --short-name")
    contents = new_source(files.read_text(file), wanted)
    _write(root, contents)
    say("fill in the stubs, then run `aikg check`")
    return 0


@source.command(cls=Command)
@click.argument("name", required=False)
def coverage(name: str | None) -> int:
    """Show how far each source is covered with claims; with NAME, passage by passage.

    NAME is the id or the short name of a source, of any collection.

    Example: aikg source coverage Bitpush
    """
    from aikg.record import find_record, read_records

    records = read_records()
    if name is None:
        rows = [(one.id, one.collection, len(one.passages),
                 len({claim for claims in one.claims.values() for claim in claims}),
                 " ".join(part.id for part in one.passages if not part.covered))
                for one in records]
        return show_answer(_table(("source", "collection", "passages", "claims", "open"), rows))
    found = find_record(name, records)
    return show_answer(_table(("passage", "kind", "claims", "covered"), [
        (part.id, part.kind, len(found.claims[part.id]), part.covered)
        for part in found.passages]))


@source.command(cls=Command)
@click.argument("file", type=click.Path())
@click.option("--source", "name", default="", metavar="NAME", help="The source it is a text of.")
def update(file: str, name: str) -> int:
    """Take in FILE, a later text of a source: what moved keeps its id, what changed is marked.

    Claims on a passage that changed or is missing get aikg:toReview, which `aikg check` tells until
    someone has read the passage again and deleted it; new passages get stubs.

    Example: aikg source update article.txt --source Bitpush
    """
    from aikg.record import find_record, read_records
    from aikg.revision import revise

    root = _checkout()
    record = find_record(name, read_records(root))
    found, contents = revise(record, files.read_text(file), root)
    for path in contents:
        say(f"changed: {path}")
    rows = [(one.part.id, one.status, " ".join(
        claim.rpartition("/")[2] for claim in record.claims.get(one.part.id, ())
        if one.status in ("changed", "missing"))) for one in found if one.status != "ok"]
    for path, text in contents.items():
        write_file(os.path.join(root, *path.split("/")), text.encode())
    return show_answer(_table(("passage", "status", "review"), rows))


def _checkout() -> str:
    """The root of the checkout. Raises UsageError in an installed package, which nobody edits."""
    if not files.is_checkout():
        raise UsageError("an installed package is not edited: do this in a checkout")
    return files.root()


def _write(root: str, contents: Mapping[str, str]) -> None:
    """Write new files under the root, and print their names. Raises UsageError for one there is."""
    paths = {name: os.path.join(root, *name.split("/")) for name in contents}
    for name, path in paths.items():
        if os.path.exists(path):
            raise UsageError(f"{name} is there already")
    for name, path in paths.items():
        os.makedirs(os.path.dirname(path), exist_ok=True)
        write_file(path, contents[name].encode())
    emit("".join(f"{name}\n" for name in contents))


def _table(columns: tuple[str, ...], rows: Iterable[tuple[str | int | bool, ...]]) -> Answer:
    return Answer(columns, tuple(Row(tuple(map(Literal, row))) for row in rows))
