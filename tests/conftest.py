"""What several test files share: the graph, opened once, and a place for what is measured."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import aikg

MEASURED = pytest.StashKey[list[str]]()


@pytest.fixture(scope="session")
def graph() -> aikg.Graph:
    """The graph of the authored files as they are, on the embedded engine."""
    return aikg.open()


@pytest.fixture
def measured(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Adds a line to the end of pytest's report."""
    return request.config.stash[MEASURED].append


def pytest_configure(config: pytest.Config) -> None:
    config.stash[MEASURED] = []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in terminalreporter.config.stash[MEASURED]:
        terminalreporter.write_line(line)
