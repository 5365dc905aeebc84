"""Every error of the package, on one page.

    AikgError                    something went wrong; one line says what (exit 1)
    ├── GraphError               a Turtle file or a claim is wrong: file, line, what to do
    ├── OntologyError            an axiom the rule compiler does not know
    ├── QueryError               a stored query is wrong: file, line, what to do
    ├── StoreError               SPARQL did not parse, or did not run
    │   ├── TimeLimit            it ran longer than allowed
    │   └── EndpointError        a remote endpoint did not answer, or not what was asked
    ├── UsageError               misuse (exit 2)
    │   ├── UnknownQuery         no stored query of that name
    │   ├── UnknownSlot          the query has no such slot, or lacks a required one
    │   ├── UnknownFormat        no such output format, or not for this kind of answer
    │   └── AmbiguousName        several things bear the name
    └── NoAnswer                 nothing to say, with the reason (exit 3)
        ├── UnknownName          nothing bears the name
        └── UnknownQuestion      the words do not lead to a stored query
"""

from __future__ import annotations

from collections.abc import Sequence


class AikgError(Exception):
    """Base of all errors that this package raises on purpose; `exit_code` is for the edge."""

    exit_code = 1


class _Located(AikgError):
    """An error at a place in a file: `file`, and `line` (1-based) where it is known."""

    def __init__(self, message: str, file: str | None = None, line: int | None = None) -> None:
        place = ":".join(str(part) for part in (file, line) if part is not None)
        super().__init__(f"{place}: {message}" if place else message)
        self.file = file
        self.line = line


class GraphError(_Located):
    """A file of the graph, or a claim in it, is wrong."""


class OntologyError(_Located):
    """The ontology holds an axiom outside the closed list of DESIGN, or a term is wrong."""


class QueryError(_Located):
    """A stored query is wrong; the others still work."""


class StoreError(AikgError):
    """SPARQL that does not parse, or a query that failed while it ran."""


class TimeLimit(StoreError):
    """A query that was stopped because it ran too long."""


class EndpointError(StoreError):
    """A remote endpoint that does not answer, refuses, or answers with something else."""

    def __init__(
        self, message: str, status: int | None = None, retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        """The HTTP status; None where there was none."""
        self.retry_after = retry_after
        """Seconds after which the server wants to be asked again, where it says so."""


class _Candidates(AikgError):
    """An error that knows the nearest right choices: `candidates`, best first."""

    def __init__(self, message: str, candidates: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.candidates = tuple(candidates)


class UsageError(_Candidates):
    """Misuse by the caller."""

    exit_code = 2


class UnknownQuery(UsageError):
    """No stored query has that name."""


class UnknownSlot(UsageError):
    """The stored query has no slot of that name, or a required slot was left empty."""


class UnknownFormat(UsageError):
    """No such output format, or none for this kind of answer."""


class AmbiguousName(UsageError):
    """Several things bear the name; `candidates` lists them."""


class NoAnswer(_Candidates):
    """There is no answer, and the message says why."""

    exit_code = 3


class UnknownName(NoAnswer):
    """Nothing bears the name; `candidates` lists the nearest."""


class UnknownQuestion(NoAnswer):
    """The words do not lead to one stored query; `candidates` lists the nearest questions."""
