"""Ahead: what is made beside other work comes out as if it had been made in its place."""

from __future__ import annotations

from threading import Event, get_ident

import pytest

from aikg import Graph
from aikg.ahead import Ahead
from aikg.built import Built


def test_it_is_made_in_a_thread_of_its_own_while_others_work() -> None:
    allowed = Event()

    def make() -> int:
        assert allowed.wait(10)
        return get_ident()

    ahead = Ahead(make)
    allowed.set()  # reached, although `make` is not done
    assert ahead.take() != get_ident()
    assert ahead.take() == ahead.take()


def test_what_fails_is_raised_where_it_is_taken() -> None:
    ahead: Ahead[None] = Ahead(lambda: 1 / 0)  # type: ignore[arg-type]
    with pytest.raises(ZeroDivisionError):
        ahead.take()


def test_a_graph_that_has_begun_answers_as_one_that_has_not(graph: Graph) -> None:
    begun = Graph(graph.built)
    begun.begin()
    assert begun.ask("who funds Anthropic").rows == graph.ask("who funds Anthropic").rows


def test_a_damaged_graph_is_mended_when_it_is_used(
    graph: Graph, monkeypatch: pytest.MonkeyPatch,
) -> None:
    content = {name: graph.built.read(name) or b"" for name in graph.catalog.content["files"]}
    content["catalog.json"] = graph.built.read("catalog.json") or b""
    mended: list[Built] = []

    def mend(damaged: Built) -> Built:
        mended.append(damaged)
        return graph.built

    monkeypatch.setattr("aikg.graph.repaired", mend)
    begun = Graph(Built(None, {**content, "graph.nt": b"no triple"}))
    begun.begin()
    assert begun.run("investors").rows == graph.run("investors").rows
    assert len(mended) == 1
