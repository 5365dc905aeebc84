"""The child's side of the guard: what a process gives up before it does the work of strangers."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import NoReturn

from aikg.offline import go_offline

if sys.platform == "linux":
    import resource

Work = Callable[[bytes], bytes]
"""Makes the bytes of a result from those of a job."""
Prepare = Callable[[], object]
"""Opens the files that the work of a child needs."""
GROWTH = 32 << 10
"""Kilobytes by which a child may grow before it makes room for another."""
PIPE_SIZE = 1 << 16
# The child's message: START, how it went, the length of the text in SIZE bytes, the text.
START = b"\0"
DONE, LAST, FAILED, OUT_OF_MEMORY = b"d", b"l", b"f", b"m"
"""How a job went; after all but DONE the child ends."""
SIZE = 8
JOB, PIPE = 0, 2
# All signals that a process may have another meaning for.
CAUGHT = (() if sys.platform == "win32" else
          tuple(map(int, signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP})))


def be_child(
    work: Work, pipes: tuple[int, int], seconds: int, memory: int | None,
    prepare: Prepare | None, first: bytes | None,
) -> NoReturn:
    """Wait, work, send the outcome and end: the parent's clean-up is not for the child to run."""
    try:
        _confine(pipes, offline=prepare is not None)
        status, text = _outcome(lambda: _ready(work, seconds, memory, prepare, first))
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + GROWTH
        _limit_time(seconds)  # now, when nobody waits: what counts is the time of the processor
        while (job := _take()) is not None:
            if status == DONE:
                status, text = _outcome(partial(work, job))
            # What a large result leaves behind would count against the next one.
            if status == DONE and resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > most:
                status = LAST
            _send(status, text)
            if status != DONE:
                break
            _limit_time(seconds)
    finally:
        os._exit(0)


def _ready(
    work: Work, seconds: int, memory: int | None, prepare: Prepare | None, first: bytes | None,
) -> bytes:
    """Do what comes before the first job, and take on the limits."""
    _limit_time(seconds)
    if prepare:
        prepare()
    if memory is not None:
        _limit(resource.RLIMIT_AS, _address_space() + memory)
    if not prepare:
        _limit(resource.RLIMIT_NOFILE, 0)
    return b"" if first is None else work(first)


def _take() -> bytes | None:
    """The job, whole; None where the parent ended before."""
    content = b""
    while len(content) < SIZE or len(content) < SIZE + int.from_bytes(content[:SIZE], "big"):
        part = os.read(JOB, PIPE_SIZE)
        if not part:
            return None
        content += part
    return content[SIZE:]


def _confine(pipes: tuple[int, int], offline: bool) -> None:
    """Give up all that the parent had but the pipes."""
    if offline:
        go_offline()
    for number in CAUGHT:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    highest = max(int(name) for name in os.listdir("/proc/self/fd"))
    job, writer = (os.dup(pipe) for pipe in pipes)  # neither is in the way of the other now
    os.dup2(job, JOB)
    # As standard error the pipe also brings what the engine says when it aborts.
    os.dup2(writer, PIPE)
    os.closerange(JOB + 1, PIPE)
    os.closerange(PIPE + 1, max(highest, job, writer) + 1)
    # Unlike 0, 1 also stops a dump that goes into a program (Linux, fs/coredump.c).
    _limit(resource.RLIMIT_CORE, 1)


def _limit_time(seconds: int) -> None:
    """So many more seconds of processor time; the hard limit stays, as there may be a next job."""
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    soft = round(time.process_time()) + max(1, seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (
        soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def _address_space() -> int:
    """Bytes of address space in use (proc(5), statm)."""
    # By descriptor: a file object takes a millisecond here, as it touches memory not yet copied.
    statm = os.open("/proc/self/statm", os.O_RDONLY)
    pages = os.read(statm, 100).split()[0]
    os.close(statm)
    return int(pages) * resource.getpagesize()


def _limit(kind: int, value: int) -> None:
    """Set a limit for good, within the hard one that holds."""
    ceiling = resource.getrlimit(kind)[1]
    hard = value if ceiling == resource.RLIM_INFINITY else min(value, ceiling)
    resource.setrlimit(kind, (hard, hard))


def _outcome(work: Callable[[], bytes]) -> tuple[bytes, bytes]:
    try:
        return DONE, work()
    except MemoryError:
        return OUT_OF_MEMORY, b""
    except Exception as error:  # noqa: BLE001 - the parent raises it, whatever it is
        return FAILED, f"{type(error).__name__}\n{error}".encode(errors="backslashreplace")


def _send(status: bytes, text: bytes) -> None:
    write(PIPE, START + status + framed(text))


def framed(text: bytes) -> bytes:
    """A text with its length before it."""
    return len(text).to_bytes(SIZE, "big") + text


def write(pipe: int, text: bytes) -> None:
    """Write all of a text to a pipe. Raises BrokenPipeError where nobody reads it."""
    rest = memoryview(text)
    while rest:
        rest = rest[os.write(pipe, rest):]
