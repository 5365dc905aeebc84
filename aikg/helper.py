"""A helper of the warden: a process that makes guarded children, and reaps them.

The server has threads and sockets that a child must not inherit, so it cannot fork one itself. It
talks to each child over the child's own pipes, which the helper passes on (unix(7), SCM_RIGHTS).
"""

from __future__ import annotations

import os
import signal
import socket
from contextlib import suppress
from typing import NamedTuple, NoReturn

from aikg.confined import Prepare, Work
from aikg.errors import AikgError
from aikg.guard import Child

ORDER = 32
"""Bytes that an order has at most: the number of the process whose place is to be filled."""
NEWS = 512
"""Bytes that the answer to an order has at most."""
NICENESS = 2
"""Jobs of strangers yield to the server: beside four that never end a page takes 4 ms, not 15."""
UNKNOWN = "?"
"""How a child ended, where nobody can know."""


class News(NamedTuple):
    """What came of an order: how the old child ended, and the new one."""

    ending: int | None
    """See Child.reap; None too where there was no old child."""
    process: int
    """The new child; 0 where none could be made."""
    pipes: tuple[int, ...] = ()
    """What the new child writes to, for reading, and what it reads from, for writing."""


def be_helper(
    channel: socket.socket, work: Work, seconds: float, memory: int | None,
    prepare: Prepare | None, first: bytes | None,
) -> NoReturn:
    """Make a child for each order until the server is gone; the clean-up is not ours to run."""
    children: dict[int, Child] = {}
    try:
        _settle(channel.fileno())
        while order := channel.recv(ORDER):
            old = children.pop(int(order), None)
            ending = old.reap() if old else None
            child = _made(work, seconds, memory, prepare, first)
            if child:
                children[child.process] = child
            _tell(channel, ending, child)
    except (KeyboardInterrupt, OSError):  # SIGTERM, or the server is gone
        pass
    finally:
        try:
            for child in children.values():
                child.kill()
        finally:
            os._exit(0)  # a child that a second signal keeps from being ended ends with its pipe


def _settle(kept: int) -> None:
    """Give up all that the server had but the standard streams and the channel."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is meant for the server, which ends us
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    highest = max(int(name) for name in os.listdir("/proc/self/fd"))
    os.closerange(3, kept)
    os.closerange(kept + 1, highest + 1)
    with suppress(OSError):
        os.nice(NICENESS)


def _made(
    work: Work, seconds: float, memory: int | None, prepare: Prepare | None, first: bytes | None,
) -> Child | None:
    """A new child; None where none can be made."""
    try:
        return Child(work, seconds, memory, prepare, first)
    except AikgError:
        return None


def _tell(channel: socket.socket, ending: int | None, child: Child | None) -> None:
    """Answer an order. The pipes are the server's from then on."""
    text = f"{UNKNOWN if ending is None else ending} {child.process if child else 0}".encode()
    if child is None:
        channel.send(text)
        return
    socket.send_fds(channel, [text], [child.reader, child.writer])
    child.release()


def read_news(channel: socket.socket) -> News | None:
    """The next answer that a helper has given; None where it is gone. Raises BlockingIOError."""
    text, pipes, _, _ = socket.recv_fds(channel, NEWS, 2)
    if not text:
        return None
    ending, process = text.decode().split()
    return News(None if ending == UNKNOWN else int(ending), int(process), tuple(pipes))
