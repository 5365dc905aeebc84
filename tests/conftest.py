"""What several test files share: the graph, opened once."""

from __future__ import annotations

import pytest

import aikg


@pytest.fixture(scope="session")
def graph() -> aikg.Graph:
    """The graph of the authored files as they are, on the embedded engine."""
    return aikg.open()
