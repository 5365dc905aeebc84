"""What is kept of a harvest that was broken off, so that it goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from aikg.errors import EndpointError
from aikg.harvest import SIZE, Request
from aikg.kept import Kept
from aikg.store import Solutions
from tests.wikidata import WD, Liar, engine, fewer, gathered, request


def many() -> Request:
    """More items than one batch holds; those that are not linked have a name only."""
    return request()._replace(items=tuple(sorted(
        (*request().items, *(f"{WD}Q88{number}" for number in range(SIZE))))))


def test_what_was_broken_off_goes_on(cache: Path) -> None:
    extra = " ".join(f'wd:Q88{number} rdfs:label "T{number}"@en .' for number in range(SIZE))
    done: list[str] = []

    def breaking(text: str, solutions: Solutions) -> Solutions:
        if "COUNT" in text:
            done.append(text)
            if len(done) == 2:
                raise EndpointError("gone", 503)
        return solutions

    with pytest.raises(EndpointError, match="gone"):
        gathered(Liar(breaking, engine(extra)), many())
    assert [path.suffix for path in cache.iterdir()] == [".json"]
    again = Liar(inner=engine(extra))
    found = gathered(again, many())
    assert sum("COUNT" in text for text in again.asked) == 1
    assert list(cache.iterdir()) == []
    assert found == gathered(engine(extra), many())


@pytest.mark.parametrize("content", ["", "{", "[]", '{"0": 7}', '{"0": [["<x"]]}', '{"0": [[1]]}'])
def test_a_damaged_record_of_it_is_passed_over(content: str, cache: Path) -> None:
    cache.mkdir()
    with pytest.raises(EndpointError):
        gathered(Liar(lambda text, one: fewer(text, one)))
    path = Kept(request().endpoint, request().digest, "2000-01-01").path
    assert path
    Path(path).write_text(content, encoding="utf-8")
    assert gathered().rows == 10


def test_without_a_cache_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aikg.kept.cache_folder", lambda: None)
    assert gathered().rows == 10


