"""Patience: how often and when an endpoint is asked again, told without waiting."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from aikg.endpoint import Endpoint
from aikg.errors import EndpointError, StoreError
from aikg.patience import Patient
from aikg.store import Engine, Result, Solutions
from tests.loopback import reply, serving
from tests.wikidata import BUSY, CUT, EMPTY, FAILED, HTML, LOOP, answering, first

GOOD = Solutions(("a",), ())
ASK = "SELECT ?item WHERE { ?item ?p ?o } ORDER BY ?item LIMIT 1"


class Clock:
    """A clock that only sleeping, or a slow request, moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


class Moody:
    """An engine that fails in given ways, then answers; each request takes `slow` seconds."""

    def __init__(self, clock: Clock, *errors: StoreError, slow: float = 0.0) -> None:
        self.clock, self.errors, self.slow = clock, list(errors), slow
        self.timeouts: list[float] = []

    def connect(self, timeout: float) -> Engine:
        self.timeouts.append(timeout)
        return self

    def query(self, text: str, graphs: Sequence[str] = ()) -> Result:
        return self.select(text, graphs)

    def select(self, text: str, graphs: Sequence[str] = ()) -> Solutions:
        self.clock.now += self.slow
        if self.errors:
            raise self.errors.pop(0)
        return GOOD


def failing(status: int | None, after: float | None = None) -> EndpointError:
    return EndpointError(f"failed with {status}", status, after)


def patient(clock: Clock, engine: Moody, **settings: float) -> Patient:
    return Patient(engine.connect, clock=clock, sleep=clock.sleep, jitter=lambda: 0.5,
                   **settings)  # type: ignore[arg-type]


@pytest.mark.parametrize(("errors", "slept"), [
    ([], []),
    ([failing(429, 7.0)], [7.5]),
    ([failing(503, 0.0)], [0.5]),
    ([failing(503), failing(502), failing(None)], [1.5, 3.0, 6.0]),
    ([failing(429, -5.0)], [0.5]),
])
def test_pauses(errors: list[StoreError], slept: list[float]) -> None:
    clock = Clock()
    told: list[str] = []
    asked = patient(clock, Moody(clock, *errors))
    asked.told = told.append
    assert asked.select(ASK) == GOOD
    assert clock.slept == slept
    assert len(told) == len(slept)


@pytest.mark.parametrize("error", [failing(400), failing(200), failing(403), failing(302),
                                   StoreError("not SPARQL")])
def test_what_will_not_pass_is_not_repeated(error: StoreError) -> None:
    clock = Clock()
    with pytest.raises(StoreError) as caught:
        patient(clock, Moody(clock, error)).query(ASK)
    assert caught.value is error
    assert clock.slept == []


def test_tries_come_to_an_end() -> None:
    clock = Clock()
    engine = Moody(clock, *[failing(503)] * 9)
    with pytest.raises(EndpointError, match=r"failed with 503 \(tried 3 times\)") as caught:
        patient(clock, engine, tries=3).select(ASK)
    assert caught.value.status == 503
    assert len(engine.errors) == 6


def test_a_pause_beyond_the_deadline_is_not_waited_for() -> None:
    clock = Clock()
    with pytest.raises(EndpointError, match="a pause of 3600 s would outlast"):
        patient(clock, Moody(clock, failing(429, 3600.0)), deadline=60.0).select(ASK)
    assert clock.slept == []


def test_the_deadline_is_for_all_requests_together() -> None:
    clock = Clock()
    engine = Moody(clock, slow=40.0)
    asked = patient(clock, engine, deadline=100.0)
    for _ in range(3):
        asked.select(ASK)
    assert engine.timeouts == [60.0, 60.0, 20.0]
    with pytest.raises(EndpointError, match="not done within 100 s"):
        asked.select(ASK)


@pytest.mark.parametrize(("bad", "slept"), [
    ([BUSY], [7.5]), ([FAILED], [1.5]), ([BUSY, FAILED, BUSY], [7.5, 3.0, 7.5]),
    ([reply("", "text/plain", "503 No", Retry_After="Wed, 21 Oct 2015 07:28:00 GMT")], [0.5]),
])
def test_a_real_server_that_recovers(bad: list[bytes], slept: list[float]) -> None:
    clock = Clock()
    with serving(first(*bad, then=answering())) as server:
        asked = Patient(lambda left: Endpoint(server.url, default_graph=None, timeout=left),
                        clock=clock, sleep=clock.sleep, jitter=lambda: 0.5)
        assert len(asked.select(ASK).rows) == 1
    assert clock.slept == slept


@pytest.mark.parametrize("bad", [HTML, EMPTY, CUT, LOOP], ids=["html", "empty", "cut", "loop"])
def test_a_real_server_that_does_not_answer_what_was_asked(bad: bytes) -> None:
    clock = Clock()
    with serving(bad) as server:
        asked = Patient(lambda left: Endpoint(server.url, default_graph=None, timeout=left),
                        clock=clock, sleep=clock.sleep)
        with pytest.raises(EndpointError) as caught:
            asked.select(ASK)
    assert server.url in str(caught.value)
    assert clock.slept == []
