"""The warden: what a query needs is held in a process apart, and each query runs under guard.

A server has threads and sockets that a fork must not inherit. So helpers (aikg.helper) are forked
before it has any: they make the guarded children. The server talks to each child itself, ends it
when the time is over or nobody waits any more, and has it replaced.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field

from aikg.confined import Prepare, Work
from aikg.errors import AikgError, StoreError
from aikg.guard import goes_on, guard_available, is_whole, outcome
from aikg.helper import be_helper, read_news
from aikg.worker import Worker

MEMORY = 1 << 29
"""Bytes that one job may take, beside what the child holds."""
HELPERS = 2
"""Where one is lost the other makes its children too."""
QUEUE = 8
"""Jobs that may wait, for each that can run."""
ENDING = 3.0
"""Seconds that a helper is given to end."""
AGAIN = 0.5
"""Seconds after which a helper that could make no process tries again."""


class Busy(AikgError):
    """Too many jobs wait already, or one waited too long."""


@dataclass(frozen=True, eq=False)
class Helper:
    """A helper process, the server's end of the channel to it, and the orders under way."""

    process: int
    channel: socket.socket
    orders: deque[asyncio.Future[int | None] | None] = field(default_factory=deque)
    """For each, who waits to hear how the old child ended; None where nobody does."""


class Warden:
    """Children that all do the same work, and who is free among them.

    Make it, and everything that the work needs, before any thread is started; `run` then belongs to
    one event loop at a time. Close it, or all end when this process does.
    """

    def __init__(
        self, work: Work, count: int, seconds: float, memory: int | None = MEMORY,
        prepare: Prepare | None = None, first: bytes | None = None,
    ) -> None:
        """Fork the helpers, and have them make `count` children.

        `work` makes the bytes of a result from those of a job; it must import nothing and open
        nothing but what `prepare` opens; `first` is a job that each child does before it has one of
        anybody; see Child. `seconds` and `memory` (bytes) limit each job.

        Raises StoreError where this system has no guarded child.
        """
        if not guard_available(prepare is not None):
            raise StoreError("this system cannot put limits on a query: that takes Linux")
        self.seconds = seconds
        self.waiting = 0
        self._most = count * QUEUE
        self._loop: asyncio.AbstractEventLoop | None = None
        self._free: asyncio.Queue[Worker] = asyncio.Queue()
        self._makers: dict[Worker, Helper] = {}
        self.helpers = [self._helper(work, memory, prepare, first)
                        for _ in range(min(count, HELPERS))]
        for number in range(count):
            self._order(self.helpers[number % len(self.helpers)])

    def _helper(
        self, work: Work, memory: int | None, prepare: Prepare | None, first: bytes | None,
    ) -> Helper:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        process = os.fork()
        if process == 0:
            be_helper(theirs, work, self.seconds, memory, prepare, first)
        theirs.close()
        ours.setblocking(False)
        return Helper(process, ours)

    async def run(self, job: bytes) -> bytes:
        """The result of a job, from the first child that is free.

        Raises what the work raised (see Child.run), TimeLimit, and Busy. When the caller is
        cancelled the job is ended.
        """
        self._join()
        worker = await self._next()
        try:
            message = await worker.do(job, self.seconds)
        except BaseException:
            self._replace(worker)
            raise
        ending = None
        if not is_whole(message):
            ending = await self._replace(worker)
        elif goes_on(message) and worker.waits():
            self._free.put_nowait(worker)
        else:
            self._replace(worker)
        return outcome(message, ending, self.seconds)

    def _join(self) -> None:
        """Listen to all processes in the event loop that runs."""
        loop = asyncio.get_running_loop()
        if loop is self._loop:
            return
        self._loop = loop
        free, self._free = self._free, asyncio.Queue()
        while not free.empty():
            self._welcome(free.get_nowait())
        for helper in self.helpers:
            loop.add_reader(helper.channel, self._hear, helper)

    async def _next(self) -> Worker:
        """A child that waits. Those that ended meanwhile have been replaced."""
        while not self._free.empty():
            worker = self._free.get_nowait()
            if worker.waits():
                return worker
        if not self.helpers and not self._makers:
            raise Busy("no process for ad-hoc queries is left: the server must be started again")
        if self.waiting >= self._most:
            raise Busy("too many queries are waiting")
        self.waiting += 1
        try:
            # Not wait_for: that of Python 3.11 takes no notice of a caller who leaves just then.
            async with asyncio.timeout(self.seconds):
                while not (worker := await self._free.get()).waits():
                    pass
                return worker
        except TimeoutError as error:
            raise Busy("the queries that are running take all the time there is") from error
        finally:
            self.waiting -= 1

    def _welcome(self, worker: Worker) -> None:
        """Let a child have jobs."""
        assert self._loop is not None
        worker.join(self._loop, lambda: self._replace(worker))
        self._free.put_nowait(worker)

    def _replace(self, worker: Worker) -> asyncio.Future[int | None]:
        """End a child and order another, once; how it ended, as Child.reap gives it."""
        assert self._loop is not None
        ending: asyncio.Future[int | None] = self._loop.create_future()
        helper = self._makers.pop(worker, None)
        if helper is None:  # its end was heard of before
            ending.set_result(None)
        else:
            worker.end()
            self._order(helper, worker.process, ending)
        return ending

    def _order(
        self, helper: Helper, old: int = 0, ending: asyncio.Future[int | None] | None = None,
    ) -> None:
        """Have a helper make a child in the place of an old one; another, where it is lost."""
        if helper not in self.helpers:
            if ending and not ending.done():
                ending.set_result(None)
            if not self.helpers:
                return
            helper, old, ending = self.helpers[0], 0, None
        helper.orders.append(ending)
        with suppress(OSError):  # it is gone: _hear is told
            helper.channel.send(str(old).encode())

    def _hear(self, helper: Helper) -> None:
        """Take what a helper has made."""
        assert self._loop is not None
        try:
            news = read_news(helper.channel)
        except OSError:
            news = None
        if news is None:
            self._lose(helper)
            return
        waiting = helper.orders.popleft()
        if waiting and not waiting.done():
            waiting.set_result(news.ending)
        if not news.pipes:
            self._loop.call_later(AGAIN, self._order, helper)
            return
        worker = Worker(news.process, *news.pipes)
        self._makers[worker] = helper
        self._welcome(worker)

    def _lose(self, helper: Helper) -> None:
        """Go on without a helper: its children do what they do, and are replaced by another's."""
        assert self._loop is not None
        self._loop.remove_reader(helper.channel)
        self.helpers.remove(helper)
        _end(helper)
        for waiting in helper.orders:
            self._order(helper, 0, waiting)

    def close(self) -> None:
        """End all children and helpers."""
        for worker in self._makers:
            worker.end()
        self._makers.clear()
        for helper in self.helpers:
            if self._loop and not self._loop.is_closed():
                self._loop.remove_reader(helper.channel)
            helper.channel.close()
        while self.helpers:
            _end(self.helpers.pop())


def _end(helper: Helper) -> None:
    """Close the channel and reap the process, which ends then or is killed."""
    helper.channel.close()
    deadline = time.monotonic() + ENDING
    with suppress(ChildProcessError, ProcessLookupError):
        while os.waitpid(helper.process, os.WNOHANG) == (0, 0):
            if time.monotonic() > deadline:
                os.kill(helper.process, signal.SIGKILL)
            time.sleep(0.002)
