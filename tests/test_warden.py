"""The warden: jobs are done in children that hold nothing, end in time, and leave nothing."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from aikg.errors import StoreError, TimeLimit, UsageError
from aikg.guard import Child, guard_available
from aikg.warden import QUEUE, Busy, Warden
from aikg.worker import Worker

pytestmark = pytest.mark.skipif(not guard_available(), reason="limits need Linux and /proc")

ROOT = Path(__file__).resolve().parent.parent


WASTE: dict[str, Callable[[], object]] = {
    "eat": lambda: bytes(1 << 30), "open": lambda: os.open("/dev/null", os.O_RDONLY)}


def work(job: bytes) -> bytes:
    """What the helpers of these tests do."""
    name, _, rest = job.decode().partition(" ")
    if name == "sleep":
        time.sleep(float(rest))
    while name == "spin":
        pass
    if name == "fail":
        raise UsageError(rest)
    if name == "die":
        os._exit(1)
    if name in WASTE:
        WASTE[name]()
    held = repr([number for number in range(100) if _is_open(number)])
    return held.encode() if name == "held" else rest.encode() * 3


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


@contextmanager
def warden(count: int = 1, seconds: float = 5.0) -> Iterator[Warden]:
    """A warden; after it there is neither a process nor a descriptor of its."""
    gc.collect()  # what other tests left would else be closed meanwhile
    before = os.listdir("/proc/self/fd")
    made = Warden(work, count, seconds, 200 << 20)
    try:
        yield made
    finally:
        made.close()
        assert os.listdir("/proc/self/fd") == before
        with pytest.raises(ChildProcessError):
            os.waitpid(-1, os.WNOHANG)


def run(coroutine: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(coroutine)


def test_results_come_back_whole() -> None:
    with warden(2) as one:
        async def several() -> list[bytes]:
            sizes = (0, 1, 70_000, 3_000_000)
            return await asyncio.gather(*(one.run(b"x " + b"y" * size) for size in sizes))
        assert list(map(len, run(several()))) == [0, 3, 210_000, 9_000_000]


@pytest.mark.parametrize(("job", "kind", "says"), [
    (b"fail so it is", UsageError, "so it is"), (b"die", StoreError, "ended unexpectedly"),
    (b"eat", StoreError, "memory"), (b"open", StoreError, "Too many open files"),
    (b"spin", TimeLimit, "longer than 0.2 s"), (b"sleep 9", TimeLimit, "longer than 0.2 s"),
])
def test_what_goes_wrong_in_a_job_is_told_and_the_next_is_done(
    job: bytes, kind: type[Exception], says: str,
) -> None:
    with warden(seconds=0.2 if kind is TimeLimit else 5.0) as one:
        async def two() -> bytes:
            with pytest.raises(kind, match=says):
                await one.run(job)
            return await one.run(b"x y")
        assert run(two()) == b"yyy"


def test_a_job_holds_nothing_of_the_server() -> None:
    with warden(3) as one:
        assert run(one.run(b"held")) == b"[0, 2]", "no more than the two pipes"


def test_jobs_run_at_once_as_far_as_there_are_helpers() -> None:
    with warden(2) as one:
        async def four() -> float:
            begin = time.monotonic()
            await asyncio.gather(*(one.run(b"sleep 0.2") for _ in range(4)))
            return time.monotonic() - begin
        assert 0.39 < run(four()) < 2


def test_who_waits_too_long_or_behind_too_many_is_told() -> None:
    with warden(1, 1.5) as one:
        async def many() -> list[object]:
            jobs = (one.run(b"sleep 0.3") for _ in range(QUEUE + 3))
            return await asyncio.gather(*jobs, return_exceptions=True)
        found = run(many())
        assert [kind for kind in map(type, found) if kind not in (bytes, Busy)] == []
        assert found[0]
        assert sum(isinstance(one, Busy) for one in found) >= 3


def test_a_job_that_nobody_waits_for_is_ended() -> None:
    with warden(1, 30) as one:
        async def leave() -> float:
            task = asyncio.ensure_future(one.run(b"sleep 20"))
            await asyncio.sleep(0.2)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            begin = time.monotonic()
            assert await one.run(b"x y") == b"yyy"
            return time.monotonic() - begin
        assert run(leave()) < 5


def test_leaving_at_any_moment_hurts_no_later_job() -> None:
    with warden(1, 10) as one:
        async def race() -> None:
            for step in range(80):
                task = asyncio.ensure_future(one.run(b"sleep 0.002"))
                await asyncio.sleep(step % 40 / 5_000)
                task.cancel()
                await asyncio.wait({task})
                assert await one.run(b"x y") == b"yyy"
        run(race())


def test_where_a_helper_is_lost_the_other_makes_the_children() -> None:
    async def lose(one: Warden) -> None:
        await one.run(b"x y")
        os.kill(one.helpers[0].process, signal.SIGKILL)
        await asyncio.sleep(0.1)
        assert len(one.helpers) == 1
        for _ in range(4):
            with pytest.raises(StoreError, match="ended unexpectedly"):
                await one.run(b"die")
            assert await one.run(b"x y") == b"yyy"
        os.kill(one.helpers[0].process, signal.SIGKILL)
        found = await asyncio.gather(*(one.run(b"die") for _ in range(2)), return_exceptions=True)
        assert [*map(type, found)] == [StoreError, StoreError]
        with pytest.raises(Busy, match="started again"):
            await one.run(b"x y")

    with warden(2) as one:
        run(lose(one))


def test_a_child_that_ends_right_after_its_reply_is_replaced_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    do = Worker.do

    async def do_and_end(self: Worker, job: bytes, seconds: float) -> bytes:
        message = await do(self, job, seconds)
        os.kill(self.process, signal.SIGKILL)
        while _runs(self.process):
            await asyncio.sleep(0)
        return message

    async def main(one: Warden) -> None:
        for _ in range(3):
            assert await one.run(b"x y") == b"yyy"

    monkeypatch.setattr(Worker, "do", do_and_end)
    with warden() as one:
        run(main(one))


def test_a_helper_that_could_make_no_process_tries_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    failed: list[bool] = []

    def make(*arguments: Any) -> Child:
        if len(failed) < 2:
            failed.append(True)
            raise StoreError("no process")
        return Child(*arguments)

    monkeypatch.setattr("aikg.helper.Child", make)
    monkeypatch.setattr("aikg.warden.AGAIN", 0.01)
    with warden() as one:
        assert run(one.run(b"x y")) == b"yyy"


def test_ctrl_c_is_for_the_server_to_answer() -> None:
    with warden() as one:
        for helper in one.helpers:
            os.kill(helper.process, signal.SIGINT)
        assert run(one.run(b"x y")) == b"yyy"


ORPHANS = textwrap.dedent("""
    import asyncio, os, time
    from aikg.warden import Warden

    def work(job):
        time.sleep(60)
        return b""

    one = Warden(work, 2, 60)
    print(*(helper.process for helper in one.helpers), flush=True)
    asyncio.run(one.run(b"x"))
""")


def test_helpers_and_their_jobs_end_when_they_are_told_to() -> None:
    with subprocess.Popen([sys.executable, "-c", ORPHANS], cwd=ROOT, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        helpers = [int(number) for number in process.stdout.readline().split()]
        assert len(helpers) == 2
        deadline = time.monotonic() + 10
        children: list[int] = []
        while len(children) < 2 and time.monotonic() < deadline:  # one works, one waits
            children = [child for helper in helpers for child in _children(helper)]
            time.sleep(0.02)
        assert len(children) == 2
        for helper in helpers:
            os.kill(helper, signal.SIGTERM)
        deadline = time.monotonic() + 5
        while any(map(_runs, [*helpers, *children])) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not any(map(_runs, [*helpers, *children]))
        process.kill()


def test_a_child_that_is_ended_while_it_waits_is_replaced() -> None:
    async def main(one: Warden) -> None:
        for _ in range(3):
            assert await one.run(b"say a") == b"aaa"
            deadline = time.monotonic() + 5
            while not (waiting := _children(one.helpers[0].process)):
                assert time.monotonic() < deadline
                time.sleep(0.01)
            os.kill(waiting[0], signal.SIGKILL)
            while _runs(waiting[0]):
                assert time.monotonic() < deadline
                time.sleep(0.01)

    with warden() as one:
        asyncio.run(main(one))


def _children(process: int) -> list[int]:
    listed = Path(f"/proc/{process}/task/{process}/children").read_text()
    return [int(number) for number in listed.split()]


def _runs(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def test_helpers_end_with_the_server_however_it_ends() -> None:
    script = ORPHANS.replace('asyncio.run(one.run(b"x"))', "time.sleep(60)")
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE,
                          text=True) as process:
        assert process.stdout is not None
        helpers = [int(number) for number in process.stdout.readline().split()]
        assert len(helpers) == 2
        process.kill()
        deadline = time.monotonic() + 5
        while any(map(_runs, helpers)) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not any(map(_runs, helpers))


def test_without_a_guard_there_is_no_warden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aikg.warden.guard_available", lambda files: False)
    before = threading.active_count()
    with pytest.raises(StoreError, match="takes Linux"):
        Warden(work, 1, 1)
    assert threading.active_count() == before
