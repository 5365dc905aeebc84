"""A worker: a child as the event loop gives it jobs, and hears that it ended."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Iterator

import pytest

from aikg.errors import TimeLimit
from aikg.guard import Child, goes_on, guard_available, is_whole, outcome
from aikg.worker import JOBS, Worker

pytestmark = pytest.mark.skipif(not guard_available(), reason="limits need Linux and /proc")


def work(job: bytes) -> bytes:
    """What the child of these tests does."""
    if job == b"sleep":
        time.sleep(60)
    if job == b"fail":
        raise ValueError("no")
    if job == b"grow":
        return bytes(bytearray(64 << 20))[:1]
    return job[::-1]


@pytest.fixture
def child() -> Iterator[Child]:
    made = Child(work, 5)
    yield made
    made.kill()


@pytest.fixture
def worker(child: Child) -> Iterator[Worker]:
    made = Worker(child.process, child.reader, child.writer)
    yield made
    made.end()


async def joined(worker: Worker, ended: list[bool]) -> Worker:
    worker.join(asyncio.get_running_loop(), lambda: ended.append(True))
    return worker


@pytest.mark.parametrize("size", [0, 1, 300_000, 5_000_000])
def test_jobs_and_results_of_any_size_cross_the_pipes(size: int, worker: Worker) -> None:
    async def main() -> bytes:
        await joined(worker, [])
        return await worker.do(b"ab" + b"c" * size, 5)
    assert outcome(asyncio.run(main()), None, 5) == b"c" * size + b"ba"


def test_it_waits_for_fifty_jobs(worker: Worker) -> None:
    async def main() -> None:
        await joined(worker, [])
        for _ in range(JOBS):
            assert worker.waits()
            assert goes_on(await worker.do(b"a", 5))
        assert not worker.waits()
    asyncio.run(main())


@pytest.mark.parametrize("job", [b"fail", b"grow"])
def test_a_message_says_whether_the_child_goes_on(job: bytes, worker: Worker) -> None:
    async def main() -> bytes:
        await joined(worker, [])
        return await worker.do(job, 5)
    message = asyncio.run(main())
    assert is_whole(message)
    assert not goes_on(message)


def test_a_job_has_its_time(worker: Worker) -> None:
    async def main() -> None:
        await joined(worker, [])
        with pytest.raises(TimeLimit, match=r"longer than 0\.1 s"):
            await worker.do(b"sleep", 0.1)
    asyncio.run(main())


def test_a_child_that_ends_in_a_job_leaves_what_it_said(child: Child, worker: Worker) -> None:
    async def main() -> bytes:
        await joined(worker, [])
        asyncio.get_running_loop().call_later(0.1, os.kill, child.process, signal.SIGTERM)
        return await worker.do(b"sleep", 5)
    assert not is_whole(asyncio.run(main()))
    assert child.reap() == -signal.SIGTERM


def test_a_child_that_ends_while_it_waits_is_told_once(child: Child, worker: Worker) -> None:
    ended: list[bool] = []

    async def main() -> None:
        await joined(worker, ended)
        os.kill(child.process, signal.SIGKILL)
        child.reap()
        assert not worker.waits()
        await asyncio.sleep(0.05)
    asyncio.run(main())
    assert ended == [True]
