"""The command `load`, with its progress bar."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import click

from aikg.errors import UsageError
from aikg.terminal import Command, option, say


@click.command(cls=Command, stored=True)
@click.argument("file", nargs=-1, required=True)
def load(file: tuple[str, ...]) -> None:
    """Load each FILE into the store on disk in DIR (--store), in place of what it held.

    N-Triples, N-Quads, Turtle, TriG or RDF/XML, by the file's ending, also with .gz behind it. Then
    all that follows is added: the plain facts of the claims, what the ontology infers, and an index
    of the names. All other commands take --store DIR too. A load that is stopped leaves the store
    as it was.

    Example: aikg load facts.nt --store DIR
    """
    from aikg.loader import load as load_files

    folder = option("store")
    if not folder:
        raise UsageError("load needs --store DIR")
    with _progress(file) as (advance, phase):
        done = load_files(file, folder, advance, phase)
    say(f"{done.triples:,} triples in {done.seconds:.1f} s "
        f"({done.triples / max(done.seconds, 1e-9):,.0f} a second)")
    in_dispute = f", {done.disputed:,} in dispute" if done.disputed else ""
    say(f"{done.inferred:,} inferred{in_dispute}, and all indexed, in {done.more_seconds:.1f} s")


@contextmanager
def _progress(
    paths: Sequence[str],
) -> Iterator[tuple[Callable[[int], None], Callable[[str], None]]]:
    """A bar of the bytes read, and the name of each phase, where a person watches."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield (lambda size: None), (lambda name: None)
        return
    size = sum(os.path.getsize(path) for path in paths if os.path.isfile(path))
    with click.progressbar(length=size, file=sys.stderr, label="reading") as bar:
        def begin(name: str) -> None:
            bar.render_finish()
            say(f"{name} …")

        yield bar.update, begin
