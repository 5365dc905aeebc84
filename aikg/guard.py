"""A child process that does one piece of work under limits, and can open no file and no socket.

The engine follows SERVICE, does not stop while a query runs, and ends its process on a query that
is nested too deeply. So a query from outside runs in a fork, which the parent can kill.
"""

from __future__ import annotations

import math
import os
import select
import signal
import sys
import time
from collections.abc import Callable
from typing import NoReturn

from aikg import errors
from aikg.errors import AikgError, StoreError, TimeLimit

if sys.platform == "linux":
    import fcntl
    import resource

MEMORY = 2 << 30
PIPE_SIZE = 1 << 16
# The child's message: one byte that says how it went, the length of the text, the text.
DONE, FAILED, OUT_OF_MEMORY = b"d", b"f", b"m"
HEAD = 9


def guard_available() -> bool:
    """Whether this system can run a guarded child: Linux with `/proc`."""
    return sys.platform == "linux" and os.path.isdir("/proc/self/fd")


def run_guarded(work: Callable[[], bytes], timeout: float, memory: int | None = MEMORY) -> bytes:
    """What `work` returns, computed in a forked child that holds nothing but a pipe to here.

    `timeout` is in seconds by the wall clock; `memory` is in bytes above what this process uses
    now, None for no limit. The child opens no file, so `work` must not import what has not been
    imported before. Call it from a process with one thread: a fork copies no other.

    Raises TimeLimit when the time is over. Raises StoreError with the message of what `work` raised
    (an error of this package keeps its class), when the child runs out of memory or ends by itself,
    and where guard_available() is False. KeyboardInterrupt ends the child and is passed on.
    Source: DESIGN, section 10.
    """
    if not guard_available():
        raise StoreError("this system cannot put limits on a query: that takes Linux with /proc")
    deadline = time.monotonic() + timeout
    # Ctrl-C waits while there is a child that no `finally` knows yet.
    interrupts = (signal.SIGINT, signal.SIGTERM)
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, interrupts)
    try:
        pid, reader = _fork(work, math.ceil(timeout), memory)
        message = None
        try:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
            message = _read(reader, deadline)
            signal.pthread_sigmask(signal.SIG_BLOCK, interrupts)
        finally:
            ending = _end(pid, reader, kill=message is None)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    if message is None or ending == -signal.SIGXCPU:
        raise TimeLimit(f"the query ran longer than {timeout:g} s and was stopped")
    return _result(message, ending)


def _fork(work: Callable[[], bytes], seconds: int, memory: int | None) -> tuple[int, int]:
    reader, writer = os.pipe()
    try:
        pid = os.fork()
    except OSError as error:
        os.close(reader)
        os.close(writer)
        raise StoreError(f"no process for the query: {error.strerror}") from error
    if pid == 0:
        _be_child(work, writer, seconds, memory)
    os.close(writer)
    return pid, reader


def _read(reader: int, deadline: float) -> bytes | None:
    """All that comes through the pipe until its end; None when the deadline is first."""
    chunks = []
    poll = select.poll()
    poll.register(reader, select.POLLIN)
    while (left := deadline - time.monotonic()) > 0:
        if poll.poll(min(left, 3600) * 1000):
            chunks.append(os.read(reader, PIPE_SIZE))
            if not chunks[-1]:
                return b"".join(chunks)
    return None


def _end(pid: int, reader: int, kill: bool) -> int | None:
    """Reap the child; its exit code, minus the signal that ended it, None if no one can know."""
    os.close(reader)
    try:
        if kill:
            os.kill(pid, signal.SIGKILL)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    except (ChildProcessError, ProcessLookupError):  # a caller ignores SIGCHLD: the system reaps
        return None


def _result(message: bytes, ending: int | None) -> bytes:
    status, text = message[:1], message[HEAD:]
    whole = len(message) >= HEAD and int.from_bytes(message[1:HEAD], "big") == len(text)
    if whole and status == DONE:
        return text
    if whole and status == FAILED:
        raise _error(text.decode())
    # Rust aborts when it is refused memory; the system kills when it has none left.
    if whole or ending in (-signal.SIGABRT, -signal.SIGKILL):
        raise StoreError("the query ran out of memory and was stopped")
    if ending == -signal.SIGINT:
        raise KeyboardInterrupt
    raise StoreError("the engine ended unexpectedly (the query may be nested too deeply)")


def _error(text: str) -> AikgError:
    name, _, message = text.partition("\n")
    kind = getattr(errors, name, None)
    if isinstance(kind, type) and issubclass(kind, AikgError):
        return kind(message)
    return StoreError(message or name)


def _be_child(
    work: Callable[[], bytes], writer: int, seconds: int, memory: int | None
) -> NoReturn:
    """Work, send the outcome and end: the parent's clean-up is not for the child to run."""
    try:
        pipe = _confine(writer, seconds, memory)
        _send(pipe, *_outcome(work))
    finally:
        os._exit(0)


def _confine(writer: int, seconds: int, memory: int | None) -> int:
    """Give up all that the parent had and set the limits; the pipe, the only descriptor left."""
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    in_use = _address_space()
    # Not 0, 1 or 2, so that nothing that is printed gets into the pipe.
    pipe = fcntl.fcntl(writer, fcntl.F_DUPFD, 3)
    highest = max(int(name) for name in os.listdir("/proc/self/fd"))
    os.closerange(0, pipe)
    os.closerange(pipe + 1, highest + 1)
    # Unlike 0, 1 also stops a dump that goes into a program (Linux, fs/coredump.c).
    _limit(resource.RLIMIT_CORE, 1)
    _limit(resource.RLIMIT_CPU, max(1, seconds), grace=1)
    if memory is not None:
        _limit(resource.RLIMIT_AS, in_use + memory)
    _limit(resource.RLIMIT_NOFILE, 0)
    return pipe


def _address_space() -> int:
    """Bytes of address space in use (proc(5), statm)."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


def _limit(kind: int, soft: int, grace: int = 0) -> None:
    """Set a soft limit, and a hard one `grace` above it, within the hard limit that holds."""
    ceiling = resource.getrlimit(kind)[1]
    hard = soft + grace if ceiling == resource.RLIM_INFINITY else min(soft + grace, ceiling)
    resource.setrlimit(kind, (min(soft, hard), hard))


def _outcome(work: Callable[[], bytes]) -> tuple[bytes, bytes]:
    try:
        return DONE, work()
    except MemoryError:
        return OUT_OF_MEMORY, b""
    except Exception as error:  # noqa: BLE001 - the parent raises it, whatever it is
        return FAILED, f"{type(error).__name__}\n{error}".encode(errors="backslashreplace")


def _send(pipe: int, status: bytes, text: bytes) -> None:
    os.write(pipe, status + len(text).to_bytes(HEAD - 1, "big"))
    rest = memoryview(text)
    while rest:
        rest = rest[os.write(pipe, rest):]
