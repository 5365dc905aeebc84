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
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from aikg import errors
from aikg.confined import (
    DONE,
    FAILED,
    LAST,
    PIPE_SIZE,
    SIZE,
    START,
    Prepare,
    Work,
    be_child,
    framed,
    write,
)
from aikg.errors import AikgError, StoreError, TimeLimit
from aikg.offline import can_go_offline

MEMORY = 2 << 30
# The end of a stack is a fault of memory access; Rust aborts on everything else that it gives up.
STACK_FAULTS = (-signal.SIGSEGV, -signal.SIGBUS) if sys.platform == "linux" else ()


def guard_available(files: bool = False) -> bool:
    """Whether this system can run a guarded child, one that opens `files` too: Linux with `/proc`.

    For files it takes a kernel that lets a process give up its sockets.
    """
    return (sys.platform == "linux" and os.path.isdir("/proc/self/fd")
            and (not files or can_go_offline()))


def run_guarded(
    work: Callable[[], bytes], timeout: float, memory: int | None = MEMORY,
    prepare: Prepare | None = None,
) -> bytes:
    """What `work` returns, computed in a forked child that holds nothing but a pipe to here.

    `timeout` is in seconds by the wall clock; for the rest, and what is raised, see Child.
    """
    with interruptible() as interrupts:
        child = Child(lambda _: work(), timeout, memory, prepare)
        try:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, interrupts)
            return child.run(b"")
        finally:
            signal.pthread_sigmask(signal.SIG_BLOCK, interrupts)
            child.end()


@contextmanager
def interruptible() -> Iterator[frozenset[signal.Signals]]:
    """Hold back Ctrl-C, and whatever else ends a process, but where the given set is unblocked.

    It must not come while there is a child that no `finally` knows yet.
    """
    ending = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGUSR1})
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, ending)
    try:
        yield ending - mask
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


class Child:
    """A guarded child: forked at once, it waits under its limits for a job, and then for the next.

    A fork takes longer than most queries. So whoever makes the child before there is a job does not
    wait for it, and one that has done a job well may be given another.
    """

    def __init__(
        self, work: Work, timeout: float, memory: int | None = MEMORY,
        prepare: Prepare | None = None, first: bytes | None = None,
    ) -> None:
        """Fork it.

        `timeout` is in seconds by the wall clock, from when a job is given; `memory` is in bytes
        above what this process uses now, None for no limit. The child opens no file, so `work` must
        not import what has not been imported before. With `prepare`, which the child calls before
        it waits, outside the limit of memory, it may open files, and still no socket: an open store
        on disk would not outlive the fork. It does the job `first` for nobody: the memory that all
        jobs touch is copied by then. Make it in a process with one thread: a fork copies no other.
        Raises StoreError where guard_available(…) is False or no process is left.
        Source: DESIGN, section 10.
        """
        if not guard_available(prepare is not None):
            raise StoreError("this system cannot put limits on a query: that takes Linux with "
                             "/proc")
        self.timeout = timeout
        self.process = -1
        self.reader, theirs = os.pipe()
        job, self.writer = os.pipe()
        try:
            self.process = os.fork()
        except OSError as error:
            self.release()
            raise StoreError(f"no process for the query: {error.strerror}") from error
        finally:
            if self.process != 0:
                os.close(theirs)
                os.close(job)
        if self.process == 0:
            be_child(work, (job, theirs), math.ceil(timeout), memory, prepare, first)

    def run(self, job: bytes) -> bytes:
        """What the work makes of a job. See that you `end` it; after an error it does no other.

        Raises TimeLimit when the time is over. Raises StoreError with the message of what the work
        raised (an error of this package keeps its class), and when the child runs out of memory or
        ends by itself. KeyboardInterrupt is passed on.
        """
        deadline = time.monotonic() + self.timeout
        with suppress(BrokenPipeError):  # it has ended; why, its last words may say
            write(self.writer, framed(job))
        message = _read(self.reader, deadline)
        if message is None:
            raise too_late(self.timeout)
        ending = None if is_whole(message) else self.reap()
        if ending == -signal.SIGINT:
            raise KeyboardInterrupt
        return outcome(message, ending, self.timeout)

    def release(self) -> None:
        """Close the pipes here; whoever else has been given them may go on."""
        os.close(self.reader)
        os.close(self.writer)

    def reap(self) -> int | None:
        """Wait for its end: the exit code, minus the signal that ended it; None if no one knows."""
        process, self.process = self.process, -1
        try:
            return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        except ChildProcessError:  # SIGCHLD is ignored: the system reaps
            return None

    def end(self) -> None:
        """Close the pipes, and see that it is gone."""
        self.release()
        self.kill()

    def kill(self) -> None:
        """See that it is gone."""
        if self.process > 0:
            with suppress(ProcessLookupError):
                os.kill(self.process, signal.SIGKILL)
            self.reap()


def _read(reader: int, deadline: float) -> bytes | None:
    """A whole message, or all that comes until the pipe ends; None when the deadline is first."""
    content = bytearray()
    poll = select.poll()
    poll.register(reader, select.POLLIN)
    while (left := deadline - time.monotonic()) > 0:
        if poll.poll(min(left, 3600) * 1000):
            part = os.read(reader, PIPE_SIZE)
            content += part
            if not part or is_whole(content):
                return bytes(content)
    return None


def is_whole(message: bytes | bytearray) -> bool:
    """Whether a message is all there: then the child has nothing left to do."""
    start = message.find(START)
    size = message[start + 2:start + 2 + SIZE]
    return start >= 0 and len(size) == SIZE and (
        len(message) >= start + 2 + SIZE + int.from_bytes(size, "big"))


def goes_on(message: bytes | bytearray) -> bool:
    """Whether the child that sent a whole message takes another job."""
    start = message.find(START)
    return message[start + 1:start + 2] == DONE


def outcome(message: bytes, ending: int | None, timeout: float) -> bytes:
    """The result that a message of a child brings; raises what Child.run does.

    `ending` is the exit code of the child where the message is not whole, as reap gives it.
    """
    last_words, _, rest = message.partition(START)
    status, size, text = rest[:1], rest[1:SIZE + 1], rest[SIZE + 1:]
    whole = len(size) == SIZE and int.from_bytes(size, "big") == len(text)
    if whole and status in (DONE, LAST):
        return text
    if whole and status == FAILED:
        raise _error(text.decode())
    if ending == -signal.SIGXCPU:
        raise too_late(timeout)
    # The system kills when no memory is left; Rust says so and aborts when it is refused some.
    if whole or ending == -signal.SIGKILL or b"memory allocation of" in last_words:
        raise StoreError("the query ran out of memory and was stopped")
    reason = " (the query may be nested too deeply)" if ending in STACK_FAULTS else ""
    raise StoreError("the engine ended unexpectedly" + reason)


def too_late(timeout: float) -> TimeLimit:
    """What is raised when the time of a query, in seconds, is over."""
    return TimeLimit(f"the query ran longer than {timeout:g} s and was stopped")


def _error(text: str) -> AikgError:
    name, _, message = text.partition("\n")
    kind = getattr(errors, name, None)
    if isinstance(kind, type) and issubclass(kind, AikgError):
        return kind(message)
    return StoreError(message or name)
