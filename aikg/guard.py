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
from typing import NoReturn

from aikg import errors
from aikg.errors import AikgError, StoreError, TimeLimit
from aikg.offline import can_go_offline, go_offline

if sys.platform == "linux":
    import resource

Work = Callable[[bytes], bytes]
"""Makes the bytes of a result from those of a job."""
Prepare = Callable[[], object]
"""Opens the files that the work of a child needs."""
MEMORY = 2 << 30
PIPE_SIZE = 1 << 16
# The child's message: START, how it went, the length of the text in SIZE bytes, the text.
START = b"\0"
DONE, FAILED, OUT_OF_MEMORY = b"d", b"f", b"m"
SIZE = 8
JOB, PIPE = 0, 2
# All signals that a process may have another meaning for.
CAUGHT = (() if sys.platform == "win32" else
          tuple(map(int, signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP})))
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
    """A guarded child: forked at once, it waits under its limits for one job, does it, and ends.

    A fork takes longer than most queries; whoever makes the child before there is a job does not
    wait for it.
    """

    def __init__(
        self, work: Work, timeout: float, memory: int | None = MEMORY,
        prepare: Prepare | None = None,
    ) -> None:
        """Fork it.

        `timeout` is in seconds by the wall clock, from when the job is given; `memory` is in bytes
        above what this process uses now, None for no limit. The child opens no file, so `work` must
        not import what has not been imported before. With `prepare`, which the child calls when it
        has its job, outside the limit of memory, it may open files, and still no socket: an open
        store on disk would not outlive the fork. Make it in a process with one thread: a fork
        copies no other. Raises StoreError where guard_available(…) is False or no process is left.
        Source: DESIGN, section 10.
        """
        if not guard_available(prepare is not None):
            raise StoreError("this system cannot put limits on a query: that takes Linux with "
                             "/proc")
        self.timeout = timeout
        self._reader, theirs = os.pipe()
        job, self._writer = os.pipe()
        try:
            self._pid: int | None = os.fork()
        except OSError as error:
            self._pid = None
            os.close(self._writer)
            os.close(self._reader)
            raise StoreError(f"no process for the query: {error.strerror}") from error
        finally:
            if self._pid != 0:
                os.close(theirs)
                os.close(job)
        if self._pid == 0:
            _be_child(work, (job, theirs), math.ceil(timeout), memory, prepare)

    def run(self, job: bytes) -> bytes:
        """What the work makes of a job; once, and then `end` it.

        Raises TimeLimit when the time is over. Raises StoreError with the message of what the work
        raised (an error of this package keeps its class), and when the child runs out of memory or
        ends by itself. KeyboardInterrupt is passed on.
        """
        deadline = time.monotonic() + self.timeout
        with suppress(BrokenPipeError):  # it has ended; why, its last words may say
            _write(self._writer, len(job).to_bytes(SIZE, "big") + job)
        message = _read(self._reader, deadline)
        ending = self.end(kill=message is None)
        if message is None or ending == -signal.SIGXCPU:
            raise TimeLimit(f"the query ran longer than {self.timeout:g} s and was stopped")
        return _result(message, ending)

    def waits(self) -> bool:
        """Whether it is still there to take a job; the system may have ended it."""
        if self._pid is None:
            return False
        try:
            found = os.waitpid(self._pid, os.WNOHANG)[0]
        except ChildProcessError:
            found = self._pid
        if found:
            self._pid = None
            os.close(self._reader)
            os.close(self._writer)
        return not found

    def end(self, kill: bool = True) -> int | None:
        """Reap it; its exit code, minus the signal that ended it, None if no one can know."""
        pid, self._pid = self._pid, None
        if pid is None:
            return None
        os.close(self._reader)
        os.close(self._writer)
        try:
            if kill:
                os.kill(pid, signal.SIGKILL)
            return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        except (ChildProcessError, ProcessLookupError):  # SIGCHLD is ignored: the system reaps
            return None


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


def _result(message: bytes, ending: int | None) -> bytes:
    last_words, _, framed = message.partition(START)
    status, size, text = framed[:1], framed[1:SIZE + 1], framed[SIZE + 1:]
    whole = len(size) == SIZE and int.from_bytes(size, "big") == len(text)
    if whole and status == DONE:
        return text
    if whole and status == FAILED:
        raise _error(text.decode())
    if ending == -signal.SIGINT:
        raise KeyboardInterrupt
    # The system kills when no memory is left; Rust says so and aborts when it is refused some.
    if whole or ending == -signal.SIGKILL or b"memory allocation of" in last_words:
        raise StoreError("the query ran out of memory and was stopped")
    reason = " (the query may be nested too deeply)" if ending in STACK_FAULTS else ""
    raise StoreError("the engine ended unexpectedly" + reason)


def _error(text: str) -> AikgError:
    name, _, message = text.partition("\n")
    kind = getattr(errors, name, None)
    if isinstance(kind, type) and issubclass(kind, AikgError):
        return kind(message)
    return StoreError(message or name)


def _be_child(
    work: Work, pipes: tuple[int, int], seconds: int, memory: int | None, prepare: Prepare | None,
) -> NoReturn:
    """Wait, work, send the outcome and end: the parent's clean-up is not for the child to run."""
    try:
        _confine(pipes, seconds, offline=prepare is not None)
        if not prepare:
            _limit_memory(memory)
            _limit(resource.RLIMIT_NOFILE, 0)
        job = _take()
        if job is not None:
            _send(*_outcome(lambda: _prepared(work, job, memory, prepare)))
    finally:
        os._exit(0)


def _prepared(work: Work, job: bytes, memory: int | None, prepare: Prepare | None) -> bytes:
    if prepare:
        prepare()
        _limit_memory(memory)
    return work(job)


def _take() -> bytes | None:
    """The job, whole; None where the parent ended before."""
    content = b""
    while len(content) < SIZE or len(content) < SIZE + int.from_bytes(content[:SIZE], "big"):
        part = os.read(JOB, PIPE_SIZE)
        if not part:
            return None
        content += part
    os.close(JOB)
    return content[SIZE:]


def _confine(pipes: tuple[int, int], seconds: int, offline: bool) -> None:
    """Give up all that the parent had but the pipes, and more than so many seconds."""
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
    _limit(resource.RLIMIT_CPU, max(1, seconds), grace=1)


def _limit_memory(memory: int | None) -> None:
    if memory is not None:
        _limit(resource.RLIMIT_AS, _address_space() + memory)


def _address_space() -> int:
    """Bytes of address space in use (proc(5), statm)."""
    # By descriptor: a file object takes a millisecond here, as it touches memory not yet copied.
    statm = os.open("/proc/self/statm", os.O_RDONLY)
    pages = os.read(statm, 100).split()[0]
    os.close(statm)
    return int(pages) * resource.getpagesize()


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


def _send(status: bytes, text: bytes) -> None:
    _write(PIPE, START + status + len(text).to_bytes(SIZE, "big"))
    _write(PIPE, text)


def _write(pipe: int, text: bytes) -> None:
    rest = memoryview(text)
    while rest:
        rest = rest[os.write(pipe, rest):]
