"""What several test files share: the graph, opened once, and a place for what is measured."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

import aikg
from tests.serving import LACKING, REASON, Server, serving

# How long one example takes says more of the machine than of the code.
settings.register_profile("aikg", deadline=None, derandomize=True, database=None)
settings.load_profile("aikg")


@pytest.fixture(scope="session")
def graph() -> aikg.Graph:
    """The graph of the authored files as they are, on the embedded engine."""
    return aikg.open()


@pytest.fixture(scope="module")  # other files prove that this process has no child
def server() -> Iterator[Server]:
    """A server with a short time limit and few rows, for all tests that do not end or starve it."""
    if LACKING:
        pytest.skip(REASON)
    with serving("--limit", "2", "--rows", "500", "--body", "200000") as running:
        yield running


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A port of this machine at which nothing may arrive while a test runs."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening
        listening.settimeout(0.1)
        with pytest.raises(TimeoutError):
            listening.accept()


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's cache for one test; not there yet."""
    monkeypatch.setenv("AIKG_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands do not really wait before they ask a server again."""
    from aikg import patience

    made = patience.patient

    def patient(*arguments: Any) -> patience.Patient:
        asked = made(*arguments)
        asked.sleep = lambda seconds: None
        return asked

    monkeypatch.setattr(patience, "patient", patient)


@pytest.fixture
def measured(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Adds a line to the end of pytest's report."""
    return lambda line: request.node.user_properties.append(("measured", line))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.stats.get(
        kind, ())]
    for report in reports:
        for name, line in report.user_properties:
            if name == "measured":
                terminalreporter.write_line(line)
