"""A helper of the warden: a process that does one job after the other, each in a guarded child.

The child is made while there is no job, and kept while all goes well: a fork takes longer than most
queries.
"""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import NoReturn

from aikg.confined import Prepare, Work
from aikg.errors import AikgError
from aikg.guard import Child

SIZE = 8
"""Bytes of the number in front of each message: its length."""
DONE, FAILED = b"d", b"f"
"""How the reply to a job begins: before its result, or the class and the message of an error."""
NICENESS = 2
"""Jobs of strangers yield to the server: beside four that never end a page takes 4 ms, not 15."""


class Abandoned(Exception):
    """Nobody waits for the result any more."""


def be_helper(
    channel: socket.socket, work: Work, seconds: float, memory: int | None,
    prepare: Prepare | None, first: bytes | None,
) -> NoReturn:
    """Do one job after the other until the server is gone; the clean-up is not ours to run."""
    def make() -> Child:
        return Child(work, seconds, memory, prepare, first)

    child: Child | None = None
    try:
        _settle(channel.fileno())
        while True:
            child = _waiting(child, make)
            job = _take(channel)
            if job is None:
                break
            child = _waiting(child, make)  # the system may have ended it meanwhile
            reply = _do(job, child)
            channel.sendall(len(reply).to_bytes(SIZE, "big") + reply)
    except (KeyboardInterrupt, OSError):  # Ctrl-C or SIGTERM, or the server is gone
        pass
    finally:
        try:
            if child:
                child.end()
        finally:
            os._exit(0)  # a child that a second signal keeps from being ended ends with its pipe


def _waiting(child: Child | None, make: Callable[[], Child]) -> Child | None:
    """A child that waits for a job: the one there is, or a new one; None where none can be made."""
    if child and child.waits():
        return child
    try:
        if child:
            child.end()
        return make()
    except AikgError:
        return None


def _settle(kept: int) -> None:
    """Give up all that the server had but the standard streams and the channel."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGUSR1, _abandon)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
    highest = max(int(name) for name in os.listdir("/proc/self/fd"))
    os.closerange(3, kept)
    os.closerange(kept + 1, highest + 1)
    with suppress(OSError):
        os.nice(NICENESS)


def _abandon(number: int, frame: FrameType | None) -> NoReturn:
    raise Abandoned


@contextmanager
def _abandonable() -> Iterator[None]:
    """Let the server's signal through; what it sent about an earlier job no longer counts."""
    signal.sigtimedwait({signal.SIGUSR1}, 0)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGUSR1})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})


def _do(job: bytes, child: Child | None) -> bytes:
    if child is None:
        return FAILED + b"StoreError\nno process for the query is left"
    try:
        with _abandonable():
            return DONE + child.run(job)
    except Abandoned:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})  # it may have come while we did
        return FAILED + b"StoreError\nabandoned"
    except AikgError as error:
        return FAILED + f"{type(error).__name__}\n{error}".encode(errors="backslashreplace")


def _take(channel: socket.socket) -> bytes | None:
    """The next job; None when there will be none."""
    head = _receive(channel, SIZE)
    return None if head is None else _receive(channel, int.from_bytes(head, "big"))


def _receive(channel: socket.socket, size: int) -> bytes | None:
    content = b""
    while len(content) < size:
        part = channel.recv(min(size - len(content), 1 << 20))
        if not part:
            return None
        content += part
    return content
