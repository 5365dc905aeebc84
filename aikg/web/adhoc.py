"""Ad-hoc SPARQL of strangers: a job for the warden, and what its child makes of it.

Job and result cross as bytes. All that text from outside can set off, parsing included, happens in
`work`, which runs in a guarded child: it opens nothing and imports nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

from aikg.answer import Answer, Row
from aikg.built import Built
from aikg.disk import Disk
from aikg.errors import StoreError, UnknownFormat
from aikg.names import BASE, GRAPH, MAIN_GRAPH
from aikg.sparql import explained, with_prefixes
from aikg.store import Result, Solutions, Store
from aikg.web import results
from aikg.web.negotiation import GRAPHS, TABLES, Form

LARGEST = 16 << 20
"""Bytes of a result: few rows may hold much, and the server holds it until the client has it."""
OFFLINE = "no query here reaches another server, so SERVICE does not work"
TOKEN = re.compile(r"""
    [#][^\n]* | "{3}.*?"{3} | '{3}.*?'{3} | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*'
    | <[^<>"{}|^`\\\s]*> | [?$@]\w+ | [\w:.-]+ | \S""", re.VERBOSE | re.DOTALL)
MAIN = re.compile(rf"(?:<{re.escape(MAIN_GRAPH)}>|(?<![\w:.-])graph:main(?![\w:.-]))")
ABSOLUTE = re.compile("[A-Za-z][A-Za-z0-9+.-]*:")
BY_TYPE: Mapping[str, Form] = {form.media_type: form for form in (*TABLES, *GRAPHS)}


@dataclass(frozen=True)
class Job:
    """A query to run."""

    text: str
    table: str | None
    """Media type to send a table or a boolean in; None where the client takes none of them."""
    graph: str | None
    """Media type to send a graph in; None likewise."""
    rows: int
    """Solutions or triples after which the result is cut."""
    default: Sequence[str] | None = None
    """IRIs of the graphs that make the default graph; None for what the text says."""
    named: Sequence[str] | None = None

    def written(self) -> bytes:
        """The job as bytes."""
        return json.dumps(vars(self)).encode()


@dataclass(frozen=True)
class Outcome:
    """What came of a job."""

    kind: str
    """`table`, `boolean` or `graph`."""
    media_type: str
    cut: bool
    """Whether there was more than the rows that the job allows."""
    body: bytes

    def written(self) -> bytes:
        """The outcome as bytes."""
        head = {"kind": self.kind, "media_type": self.media_type, "cut": self.cut}
        return json.dumps(head).encode() + b"\n" + self.body


def read_outcome(content: bytes) -> Outcome:
    """The outcome that was written."""
    head, _, body = content.partition(b"\n")
    return Outcome(**json.loads(head), body=body)


class Dataset:
    """The graphs that may be asked: main as the default graph, and each under its name."""

    def __init__(self, built: Built) -> None:
        """Load all graphs, but for those of a store on disk, which each child opens for itself.

        Raises StoreError where one is damaged or main is missing.
        """
        self.on_disk = isinstance(built, Disk)
        self._held = frozenset(GRAPH + name for name in built.graphs)
        self._engine: Callable[[], Store] = (
            (lambda: built.engine) if isinstance(built, Disk) else _loaded(built))
        self.prepare = self._engine if self.on_disk else None
        """What a child calls before it works; None where all is loaded."""

    def work(self, job: bytes) -> bytes:
        """The outcome of a job, both as bytes. Raises StoreError, UsageError and UnknownFormat."""
        todo = Job(**json.loads(job))
        self._check_main(todo)
        foreign = [iri for iri in dataset_of(todo.text) if iri not in self._held]
        if foreign:
            raise StoreError(f"there is no graph <{foreign[0][:200]}> here, and none is fetched")
        try:
            found = self._engine().bounded(
                with_prefixes(todo.text), todo.rows + 1, todo.default, todo.named)
        except StoreError as error:
            raise explained(error, todo.text, OFFLINE) from error
        outcome = _outcome(found, todo)
        if len(outcome.body) > LARGEST:
            raise StoreError(f"the result has more than {LARGEST >> 20} MB: ask for less at once")
        return outcome.written()

    def _check_main(self, todo: Job) -> None:
        """A store on disk has no copy of the default graph under the name of main."""
        if self.on_disk and (MAIN_GRAPH in (todo.named or ()) or MAIN.search(todo.text)):
            raise StoreError("main is the default graph of this store: ask it without its name")


def _loaded(built: Built) -> Callable[[], Store]:
    """What gives a store in memory that holds all graphs."""
    main = built.dump("main")
    if main is None:
        raise StoreError("the built graph is missing: run `aikg build`")
    store = Store(main, built.dump)
    for name in built.graphs:
        store.load(name)
    return lambda: store


def dataset_of(text: str) -> list[str]:
    """The IRIs of the clauses FROM and FROM NAMED, as far as they are written out.

    The engine fetches none; where there is no such graph it would find nothing and not say why.
    """
    if "from" not in text.lower():
        return []
    tokens = [token for token in TOKEN.findall(text) if token[0] != "#"]
    found, base = [], BASE
    for at, token in enumerate(tokens):
        after = [one for one in tokens[at + 1:at + 3] if one.upper() != "NAMED"]
        if after and after[0][0] == "<" and after[0][-1] == ">":
            if token.upper() == "FROM":
                found.append(_resolved(after[0][1:-1], base))
            elif token.upper() == "BASE":
                base = _resolved(after[0][1:-1], base)
    return found


def _resolved(iri: str, base: str) -> str:
    """The IRI, against a base if it is relative; one that is none stays as it is."""
    try:
        return iri if ABSOLUTE.match(iri) else urljoin(base, iri)
    except ValueError:
        return iri


def _outcome(found: Result, job: Job) -> Outcome:
    if isinstance(found, tuple) and not isinstance(found, Solutions):
        form = _form(job.graph, "a graph", GRAPHS)
        body = results.graph(found[:job.rows], form)
        return Outcome("graph", form.media_type, len(found) > job.rows, body)
    form = _form(job.table, "a table or a boolean", TABLES)
    if isinstance(found, bool):
        answer = Answer(kind="boolean", verdict=found)
        return Outcome("boolean", form.media_type, False, results.table(answer, form))
    answer = Answer(found.variables, tuple(map(Row, found.rows[:job.rows])))
    return Outcome("table", form.media_type, len(found.rows) > job.rows,
                   results.table(answer, form))


def _form(media_type: str | None, kind: str, forms: Sequence[Form]) -> Form:
    if media_type is None:
        types = [form.media_type for form in forms]
        raise UnknownFormat(f"the result is {kind}: ask for {', '.join(types)}", types)
    return BY_TYPE[media_type]

