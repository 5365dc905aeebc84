"""A worker: a guarded child, as the event loop of the server gives it jobs and hears from it."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from contextlib import suppress

from aikg.confined import PIPE_SIZE, framed
from aikg.guard import is_whole, too_late

JOBS = 50
"""Jobs after which a child makes room for another."""


class Worker:
    """A child that waits for a job. It belongs to one event loop at a time."""

    def __init__(self, process: int, reader: int, writer: int) -> None:
        """`reader` is what the child writes to, `writer` what it reads from; both are owned."""
        self.process = process
        self._left = JOBS
        self._open = True
        self._reader, self._writer = reader, writer
        os.set_blocking(reader, False)
        os.set_blocking(writer, False)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._gone: Callable[[], object] = lambda: None
        self._message = bytearray()
        self._reply: asyncio.Future[bytes] | None = None

    def join(self, loop: asyncio.AbstractEventLoop, gone: Callable[[], object]) -> None:
        """Listen to the child in an event loop; `gone` is called when it ends without a job."""
        self._loop, self._gone = loop, gone
        loop.add_reader(self._reader, self._read)

    def waits(self) -> bool:
        """Whether it takes a job: not after many, nor where the child has ended."""
        if self._open:
            self._read()  # the loop may not have come to it yet
        return self._open and self._left > 0

    async def do(self, job: bytes, seconds: float) -> bytes:
        """The message that comes of a job, or what there is of it when the child ends.

        Raises TimeLimit when there is none after so many seconds. The worker is of no more use
        after any exception, nor where the child does not go on (aikg.guard.goes_on).
        """
        assert self._loop is not None
        self._left -= 1
        self._message.clear()
        self._reply = self._loop.create_future()
        timer = self._loop.call_later(seconds, self._late, seconds)
        self._write(memoryview(framed(job)))
        try:
            return await self._reply
        finally:
            timer.cancel()
            self._reply = None

    def _late(self, seconds: float) -> None:
        if self._reply and not self._reply.done():
            self._reply.set_exception(too_late(seconds))

    def _write(self, rest: memoryview) -> None:
        """Write what the pipe takes now, and the rest when it takes more."""
        assert self._loop is not None
        try:
            while rest:
                rest = rest[os.write(self._writer, rest):]
        except BlockingIOError:
            self._loop.add_writer(self._writer, self._write, rest)
            return
        except BrokenPipeError:  # it has ended; why, its last words may say
            pass
        self._loop.remove_writer(self._writer)

    def _read(self) -> None:
        assert self._loop is not None
        try:
            part = os.read(self._reader, PIPE_SIZE)
        except BlockingIOError:
            return
        self._message += part
        if not part:
            self._open = False
            self._loop.remove_reader(self._reader)
        if self._reply is None:
            if not part:
                self._gone()
        elif (not part or is_whole(self._message)) and not self._reply.done():
            self._reply.set_result(bytes(self._message))

    def end(self) -> None:
        """Kill the child; whoever made it must reap it."""
        with suppress(ProcessLookupError):
            os.kill(self.process, signal.SIGKILL)
        self.release()

    def release(self) -> None:
        """Close the pipes; the child ends for lack of a job."""
        self._open = False
        if self._loop is not None and not self._loop.is_closed():
            self._loop.remove_reader(self._reader)
            self._loop.remove_writer(self._writer)
        os.close(self._reader)
        os.close(self._writer)
