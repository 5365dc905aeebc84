"""The warden: processes that hold what a query needs, and run each query in a child under guard.

A server has threads and sockets that a fork must not inherit. So a few helpers are forked before
it has any; each holds no more than a channel to the server, does one job at a time, and does it in
a guarded child (aikg.guard) that it can end: when the time is over, and when nobody waits any more.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import time
from contextlib import suppress
from typing import NamedTuple

from aikg import errors
from aikg.confined import Prepare, Work
from aikg.errors import AikgError, StoreError
from aikg.guard import guard_available
from aikg.helper import DONE, SIZE, be_helper

MEMORY = 1 << 29
"""Bytes that one job may take, beside what the helper holds."""
QUEUE = 8
"""Jobs that may wait, for each that can run."""
ENDING = 3.0
"""Seconds that a helper is given to end."""


class Busy(AikgError):
    """Too many jobs wait already, or one waited too long."""


class Helper(NamedTuple):
    """A helper process, and the server's end of the channel to it."""

    process: int
    channel: socket.socket


class Warden:
    """Helpers that all do the same work, and who is free among them.

    Make it, and everything that the work needs, before any thread is started; `run` then belongs to
    one event loop. Close it, or the helpers end when this process does.
    """

    def __init__(
        self, work: Work, count: int, seconds: float, memory: int | None = MEMORY,
        prepare: Prepare | None = None, first: bytes | None = None,
    ) -> None:
        """Fork `count` helpers.

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
        self._free: asyncio.Queue[Helper] | None = None
        self.helpers: list[Helper] = []
        for _ in range(count):
            self.helpers.append(self._helper(work, memory, prepare, first))

    def _helper(
        self, work: Work, memory: int | None, prepare: Prepare | None, first: bytes | None,
    ) -> Helper:
        ours, theirs = socket.socketpair()
        # It may be told to abandon a job before it knows how: until then the signal would end it.
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
        process = os.fork()
        if process == 0:
            be_helper(theirs, work, self.seconds, memory, prepare, first)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        theirs.close()
        ours.setblocking(False)
        return Helper(process, ours)

    async def run(self, job: bytes) -> bytes:
        """The result of a job, from the first helper that is free.

        Raises what the work raised (see run_guarded), TimeLimit, and Busy. When the caller is
        cancelled the job is ended.
        """
        helper = await self._next()
        # The helper is free when it has answered, whether or not anyone still wants to know.
        exchange = asyncio.ensure_future(self._exchange(helper, job))
        try:
            reply = await asyncio.shield(exchange)
        except asyncio.CancelledError:
            exchange.add_done_callback(_forget)
            if not exchange.done():  # else it may have another job by now
                with suppress(ProcessLookupError):
                    os.kill(helper.process, signal.SIGUSR1)
            raise
        if reply[:1] == DONE:
            return reply[1:]
        raise _error(reply[1:].decode())

    async def _next(self) -> Helper:
        if self._free is None:
            self._free = asyncio.Queue()
            for helper in self.helpers:
                self._free.put_nowait(helper)
        if not self.helpers:
            raise Busy("no process for ad-hoc queries is left: the server must be started again")
        if self.waiting >= self._most:
            raise Busy("too many queries are waiting")
        self.waiting += 1
        try:
            # Not wait_for: that of Python 3.11 takes no notice of a caller who leaves just then.
            async with asyncio.timeout(self.seconds):
                return await self._free.get()
        except TimeoutError as error:
            raise Busy("the queries that are running take all the time there is") from error
        finally:
            self.waiting -= 1

    async def _exchange(self, helper: Helper, job: bytes) -> bytes:
        loop = asyncio.get_running_loop()
        try:
            await loop.sock_sendall(helper.channel, len(job).to_bytes(SIZE, "big") + job)
            size = int.from_bytes(await self._receive(helper, SIZE), "big")
            reply = await self._receive(helper, size)
        except BaseException as error:  # it is gone, or in the midst of a message
            self.helpers.remove(helper)
            _end(helper)
            if isinstance(error, OSError):
                raise StoreError("the process that ran the query is gone") from error
            raise
        if self._free is not None:
            self._free.put_nowait(helper)
        return reply

    async def _receive(self, helper: Helper, size: int) -> bytes:
        loop = asyncio.get_running_loop()
        content = bytearray(size)
        view, at = memoryview(content), 0
        while at < size:
            count = await loop.sock_recv_into(helper.channel, view[at:])
            if not count:
                raise ConnectionResetError
            at += count
        return bytes(content)

    def close(self) -> None:
        """End all helpers, and what they run."""
        for helper in self.helpers:
            with suppress(ProcessLookupError):
                os.kill(helper.process, signal.SIGTERM)
        while self.helpers:
            _end(self.helpers.pop())


def _forget(exchange: asyncio.Future[bytes]) -> None:
    """Take note of how it ended, or asyncio complains that nobody did."""
    if not exchange.cancelled():
        exchange.exception()


def _end(helper: Helper) -> None:
    """Close the channel and reap the process, which must end by itself soon or is killed."""
    helper.channel.close()
    deadline = time.monotonic() + ENDING
    with suppress(ChildProcessError, ProcessLookupError):
        os.kill(helper.process, signal.SIGTERM)
        while os.waitpid(helper.process, os.WNOHANG) == (0, 0):
            if time.monotonic() > deadline:
                os.kill(helper.process, signal.SIGKILL)
            time.sleep(0.005)


def _error(text: str) -> AikgError:
    name, _, message = text.partition("\n")
    kind = getattr(errors, name, StoreError)
    found: AikgError = kind(message)
    return found
