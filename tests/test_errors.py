"""The errors: the tree as it is drawn, the exit codes of the command line, located messages."""

from __future__ import annotations

import inspect
import re
from typing import Any

import pytest

from aikg import errors
from aikg.errors import GraphError, OntologyError, QueryError

# DESIGN, section 8: 1 an error, 2 misuse, 3 no answer.
EXIT_CODES = {
    "AikgError": 1,
    "GraphError": 1,
    "OntologyError": 1,
    "QueryError": 1,
    "StoreError": 1,
    "TimeLimit": 1,
    "EndpointError": 1,
    "UsageError": 2,
    "UnknownQuery": 2,
    "UnknownSlot": 2,
    "UnknownFormat": 2,
    "AmbiguousName": 2,
    "NoAnswer": 3,
    "UnknownName": 3,
    "UnknownQuestion": 3,
}
WITH_CANDIDATES = {
    "UsageError", "UnknownQuery", "UnknownSlot", "UnknownFormat", "AmbiguousName", "NoAnswer",
    "UnknownName", "UnknownQuestion",
}


def public() -> dict[str, Any]:
    """The public errors that the module defines, by name."""
    return {name: item for name, item in inspect.getmembers(errors, inspect.isclass)
            if item.__module__ == errors.__name__ and not name.startswith("_")}


def parent(error: type[Exception]) -> str:
    """The nearest public class above an error."""
    return next(above.__name__ for above in error.__mro__[1:] if not above.__name__.startswith("_"))


def drawn() -> dict[str, str]:
    """Each error in the tree that the docstring draws, with the one above it."""
    found: dict[str, str] = {}
    path: list[tuple[int, str]] = [(-1, "Exception")]
    for line in (errors.__doc__ or "").splitlines():
        match = re.match(r"([\s│├└─]*)(\w+)  ", line)
        if match:
            depth, name = len(match[1]), match[2]
            while path[-1][0] >= depth:
                path.pop()
            found[name] = path[-1][1]
            path.append((depth, name))
    return found


def test_tree_is_as_drawn() -> None:
    assert {name: parent(error) for name, error in public().items()} == drawn()


def test_exit_codes() -> None:
    assert {name: error.exit_code for name, error in public().items()} == EXIT_CODES


@pytest.mark.parametrize("kind", [GraphError, OntologyError, QueryError])
@pytest.mark.parametrize(("file", "line", "text"), [
    (None, None, "it is wrong"),
    ("a.rq", None, "a.rq: it is wrong"),
    ("a.rq", 7, "a.rq:7: it is wrong"),
])
def test_message_begins_with_the_place(
    kind: type[GraphError | OntologyError | QueryError], file: str | None, line: int | None,
    text: str,
) -> None:
    error = kind("it is wrong", file, line)
    assert (str(error), error.file, error.line) == (text, file, line)


@pytest.mark.parametrize("name", EXIT_CODES)
def test_nearest_choices_come_with_those_errors_that_have_some(name: str) -> None:
    kind = public()[name]
    assert hasattr(kind("no"), "candidates") == (name in WITH_CANDIDATES)
    assert getattr(kind("no"), "candidates", ()) == ()


@pytest.mark.parametrize("name", sorted(WITH_CANDIDATES))
def test_candidates_keep_their_order_and_stay_out_of_the_message(name: str) -> None:
    near = ["OpenAI", "Alphabet"]
    error = public()[name]("nothing bears the name", near)
    near.clear()
    assert error.candidates == ("OpenAI", "Alphabet")
    assert str(error) == "nothing bears the name"
