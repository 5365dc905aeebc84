"""The guarded child: it is stopped, it holds nothing, it reaches nobody, and it leaves nothing."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QueryResultsFormat, QuerySolutions, Store

from aikg.errors import StoreError, TimeLimit, UnknownFormat
from aikg.guard import Child, guard_available, run_guarded

limited = pytest.mark.skipif(not guard_available(), reason="fork with limits needs Linux and /proc")

RUNAWAY = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
NESTED = "SELECT * WHERE " + "{" * 10_000 + "}" * 10_000
# Each REPLACE makes the text forty times as long.
GREEDY = "SELECT ?v9 WHERE { BIND('a' AS ?v0) " + " ".join(
    f"BIND(REPLACE(?v{n}, 'a', '{'a' * 40}') AS ?v{n + 1})" for n in range(9)) + " }"


@pytest.fixture(scope="module")
def store() -> Store:
    store = Store()
    store.extend(
        Quad(NamedNode(f"urn:s{number}"), NamedNode("urn:p"), Literal(number))
        for number in range(2_000))
    return store


@pytest.fixture
def query(store: Store) -> Callable[[str], Callable[[], bytes]]:
    def work(text: str) -> Callable[[], bytes]:
        return lambda: serialized(store, text)

    return work


def serialized(store: Store, text: str) -> bytes:
    found = store.query(text)
    assert isinstance(found, QuerySolutions)
    return found.serialize(format=QueryResultsFormat.JSON) or b""


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    """After every test: the same descriptors as before it, and no child, dead or alive."""
    before = os.listdir("/proc/self/fd") if guard_available() else []
    yield
    if guard_available():
        assert os.listdir("/proc/self/fd") == before
        with pytest.raises(ChildProcessError):
            os.waitpid(-1, os.WNOHANG)


def fail(error: BaseException) -> Callable[[], bytes]:
    def work() -> bytes:
        raise error

    return work


def shown(make: Callable[[], object]) -> Callable[[], bytes]:
    return lambda: repr(make()).encode()


def ended_by(name: str) -> Callable[[], bytes]:
    return shown(lambda: os.kill(os.getpid(), signal.Signals[name]))


def sleep() -> bytes:
    time.sleep(60)
    return b""


Work = Callable[[str], Callable[[], bytes]]


# What comes back.


@limited
@pytest.mark.parametrize("size", [0, 1, 65_536, 20_000_000])
def test_results_arrive_whole(size: int) -> None:
    result = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    assert run_guarded(lambda: result, 20) == result


@limited
def test_a_query_gives_in_the_child_what_it_gives_here(store: Store, query: Work) -> None:
    work = query("SELECT ?s ?o WHERE { ?s ?p ?o FILTER(REGEX(STR(?s), '^urn:s1')) } ORDER BY ?s")
    assert run_guarded(work, 20) == work()
    store.add(Quad(NamedNode("urn:s1"), NamedNode("urn:p"), Literal("new")))
    assert run_guarded(work, 20) == work()


@limited
@pytest.mark.parametrize("call", ["NOW()", "RAND()", "UUID()", "SHA512('a')", "TZ(NOW())"])
def test_functions_that_ask_the_system_work_without_files(query: Work, call: str) -> None:
    assert b'"value"' in run_guarded(query(f"SELECT ({call} AS ?x) WHERE {{}}"), 20)


@limited
def test_a_syntax_error_arrives_with_its_text(query: Work) -> None:
    with pytest.raises(StoreError, match="error at 1:7: expected"):
        run_guarded(query("SELECT"), 20)


@limited
@pytest.mark.parametrize(("error", "kind", "message"), [
    (ValueError("two\nlines, \u00e9"), StoreError, "two\nlines, \u00e9"),
    (KeyError(), StoreError, "KeyError"),
    (OSError("\udcff"), StoreError, "\\udcff"),
    (UnknownFormat("ttl does not fit"), UnknownFormat, "ttl does not fit"),
    (RecursionError("too deep"), StoreError, "too deep"),
    (SystemExit(0), StoreError, "ended unexpectedly"),
])
def test_errors_arrive(error: BaseException, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind) as caught:
        run_guarded(fail(error), 20)
    assert type(caught.value) is kind
    assert message in str(caught.value)


# What is stopped.


@limited
def test_a_runaway_query_is_stopped(query: Work) -> None:
    start = time.monotonic()
    with pytest.raises(TimeLimit, match=r"longer than 0\.3 s"):
        run_guarded(query(RUNAWAY), 0.3)
    assert time.monotonic() - start < 3


@limited
def test_a_child_that_sleeps_is_stopped() -> None:
    with pytest.raises(TimeLimit):
        run_guarded(sleep, 0.1)


@limited
def test_a_child_that_never_stops_writing_is_stopped() -> None:
    result = bytes(100_000_000)
    with pytest.raises(TimeLimit):
        run_guarded(lambda: result, 0.005)


@limited
def test_used_up_processor_time_is_the_same_as_used_up_time() -> None:
    with pytest.raises(TimeLimit):
        run_guarded(ended_by("SIGXCPU"), 20)


@limited
@pytest.mark.parametrize("work", ["engine", "python"])
def test_a_memory_hog_is_stopped(query: Work, work: str) -> None:
    hog = query(GREEDY) if work == "engine" else lambda: bytes(400 << 20)
    with pytest.raises(StoreError, match="out of memory"):
        run_guarded(hog, 20, memory=200 << 20)


@limited
def test_without_a_limit_memory_is_free() -> None:
    assert len(run_guarded(lambda: bytes(400 << 20)[:3], 20, memory=None)) == 3


@limited
def test_what_the_child_prints_is_not_its_result(capfd: pytest.CaptureFixture[str]) -> None:
    def work() -> bytes:
        os.write(2, b"a warning of the engine")
        return b"result"

    assert run_guarded(work, 20) == b"result"
    assert capfd.readouterr() == ("", "")


@limited
def test_an_abort_that_is_not_for_memory_does_not_say_so(query: Work) -> None:
    # Without files the engine finds no certificates, and panics.
    with pytest.raises(StoreError, match=r"ended unexpectedly$"):
        run_guarded(query("SELECT * WHERE { SERVICE <https://127.0.0.1/> { ?s ?p ?o } }"), 20)


@limited
def test_deep_nesting_ends_the_child_only(query: Work) -> None:
    with pytest.raises(StoreError, match="nested too deeply"):
        run_guarded(query(NESTED), 20)


@limited
@pytest.mark.parametrize("name", ["SIGSEGV", "SIGBUS", "SIGILL"])
def test_a_crash_is_told_and_leaves_no_dump(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StoreError, match="ended unexpectedly"):
        run_guarded(ended_by(name), 20)
    assert not [*tmp_path.iterdir()]


# What the child holds.


@limited
def test_the_child_holds_only_its_pipes() -> None:
    def is_open(descriptor: int) -> bool:
        try:
            os.fstat(descriptor)
        except OSError:
            return False
        return True

    held = run_guarded(shown(lambda: [number for number in range(1_000) if is_open(number)]), 20)
    assert held == b"[0, 2]"


@limited
@pytest.mark.parametrize("opens", [
    lambda: os.open("/dev/null", os.O_RDONLY),
    lambda: os.open("/dev/stderr", os.O_WRONLY),
    lambda: socket.socket(),
    lambda: socket.socketpair(),
    lambda: os.pipe(),
    lambda: os.listdir("."),
])
def test_the_child_opens_nothing(opens: Callable[[], object]) -> None:
    opens_here = opens()
    for descriptor in opens_here if isinstance(opens_here, tuple) else (opens_here,):
        close(descriptor)
    with pytest.raises(StoreError, match="Too many open files"):
        run_guarded(shown(opens), 20)


def close(opened: object) -> None:
    if isinstance(opened, int):
        os.close(opened)
    elif isinstance(opened, socket.socket):
        opened.close()


@limited
@pytest.mark.parametrize(("timeout", "seconds"), [(0.2, 1), (1, 1), (2.5, 3)])
def test_limits_are_set(timeout: float, seconds: int) -> None:
    import resource  # not on Windows

    kinds = (resource.RLIMIT_CPU, resource.RLIMIT_NOFILE, resource.RLIMIT_AS)
    limits = shown(lambda: [resource.getrlimit(kind) for kind in kinds])
    cpu, files, memory = eval(run_guarded(limits, timeout, memory=1 << 30))
    assert (cpu[0], files) == (seconds, (0, 0))
    assert 1 << 30 < memory[0] == memory[1] < 1 << 40


@limited
def test_signals_have_their_first_meaning_in_the_child() -> None:
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGPIPE, signal.SIGSEGV)
    meanings = run_guarded(
        shown(lambda: ({signal.getsignal(number) for number in numbers} == {signal.SIG_DFL},
                      signal.pthread_sigmask(signal.SIG_BLOCK, ()))), 20)
    assert meanings == b"(True, set())"
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


# SERVICE.


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


def service(listener: socket.socket, host: str, silent: str) -> str:
    endpoint = f"http://{host}:{listener.getsockname()[1]}/sparql"
    return f"SELECT * WHERE {{ SERVICE {silent} <{endpoint}> {{ ?s ?p ?o }} }}"


@limited
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
@pytest.mark.parametrize("silent", ["", "SILENT"])
def test_service_never_arrives(
    query: Work, listener: socket.socket, host: str, silent: str
) -> None:
    work = query(service(listener, host, silent))
    if silent:
        run_guarded(work, 20)
    else:
        with pytest.raises(StoreError) as caught:
            run_guarded(work, 20)
        assert type(caught.value) is StoreError
    listener.settimeout(0.2)
    with pytest.raises(TimeoutError):
        listener.accept()


def test_service_arrives_where_nothing_guards(query: Work, listener: socket.socket) -> None:
    """Or the silence in the test above would prove nothing."""
    heard = []

    def hear() -> None:
        heard.append(listener.accept())
        heard[0][0].close()

    listener.settimeout(5)
    hearing = threading.Thread(target=hear)
    hearing.start()
    with pytest.raises(OSError):  # noqa: PT011 - the words are the engine's
        query(service(listener, "127.0.0.1", ""))()
    hearing.join()
    assert heard


# Ctrl-C, and odd callers.

INTERRUPTED = textwrap.dedent("""
    import os, time
    from aikg.guard import run_guarded

    os.register_at_fork(after_in_parent=lambda: print("forked", flush=True))
    try:
        run_guarded(lambda: time.sleep(60), 60)
    except KeyboardInterrupt:
        try:
            os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            print("interrupted, no child left")
""")


@limited
@pytest.mark.parametrize("send", ["kill", "killpg"])
@pytest.mark.parametrize("delay", [0, 0.1])
def test_ctrl_c_ends_parent_and_child(send: str, delay: float) -> None:
    command = [sys.executable, "-c", INTERRUPTED]
    with subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "forked\n"
        time.sleep(delay)
        getattr(os, send)(process.pid, signal.SIGINT)
        assert process.stdout.read() == "interrupted, no child left\n"
    assert process.returncode == 0


@limited
def test_a_child_that_is_interrupted_interrupts_here() -> None:
    with pytest.raises(KeyboardInterrupt):
        run_guarded(ended_by("SIGINT"), 20)


@limited
def test_a_caller_that_ignores_its_children_is_served() -> None:
    usual = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        assert run_guarded(lambda: b"whole", 20) == b"whole"
        with pytest.raises(StoreError, match="ended unexpectedly"):
            run_guarded(lambda: os._exit(1), 20)
        with pytest.raises(TimeLimit):
            run_guarded(sleep, 0.1)
    finally:
        signal.signal(signal.SIGCHLD, usual)


@limited
def test_no_process_to_be_had_is_an_error_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    def fork() -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", fork)
    with pytest.raises(StoreError, match="temporarily unavailable"):
        run_guarded(lambda: b"", 20)
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def test_without_fork_there_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert not guard_available()
    with pytest.raises(StoreError, match="Linux"):
        run_guarded(lambda: b"", 20)


@limited
def test_every_format_renders_in_the_child() -> None:
    """Rendering imports nothing late: in a fresh process, since this one has imported much."""
    code = textwrap.dedent("""
        from pyoxigraph import Literal, NamedNode, Triple
        from aikg.answer import Answer, Row
        from aikg.guard import run_guarded
        from aikg.render import FORMATS, render

        term = Literal("caf\\u00e9 \\u65e5\\u672c | \\x1b", language="ja")
        table = Answer(columns=("x", "y"), rows=(Row((term, Literal(1.5))),))
        node = NamedNode("urn:x")
        graph = Answer(kind="graph", triples=(Triple(node, node, term),))
        for format in FORMATS:
            answer = graph if format == "ttl" else table
            print(len(run_guarded(lambda: render(answer, format, width=9).encode(), 20)) > 10)
    """)
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["True"] * 8


# A child for several jobs


def does(job: bytes) -> bytes:
    """What the child of these tests does."""
    if job == b"fail":
        raise ValueError("no")
    if job == b"grow":
        return bytes(bytearray(64 << 20))[:1]
    return str(os.getpid()).encode()


@contextmanager
def child(**options: Any) -> Iterator[Child]:
    made = Child(does, 20, **options)
    try:
        yield made
    finally:
        made.end()


@limited
def test_a_child_does_one_job_after_the_other() -> None:
    with child() as one:
        found = {one.run(b"") for _ in range(3)}
        assert len(found) == 1
        assert found != {str(os.getpid()).encode()}


@limited
@pytest.mark.parametrize("job", [b"fail", b"grow"])
def test_after_an_error_or_a_large_job_it_ends_by_itself(job: bytes) -> None:
    with child() as one:
        with suppress(StoreError):
            assert one.run(job) == b"\0"
        assert one.reap() == 0


@limited
def test_the_first_job_is_done_for_nobody() -> None:
    with child(first=b"") as one:
        assert one.run(b"").isdigit()
    with child(first=b"fail") as one, pytest.raises(StoreError):
        one.run(b"")


@limited
def test_what_it_prepares_is_there_for_all_jobs() -> None:
    if not guard_available(files=True):
        pytest.skip("this system cannot give up sockets")
    with child(prepare=lambda: None) as one:
        assert len({one.run(b"") for _ in range(3)}) == 1
    with child(prepare=lambda: 1 / 0) as one, pytest.raises(StoreError, match="division"):
        one.run(b"")


@limited
def test_each_job_has_all_its_time() -> None:
    import resource  # not on Windows

    def left(job: bytes) -> bytes:
        begin = time.process_time()
        while time.process_time() < begin + 0.3:
            pass
        return str(resource.getrlimit(resource.RLIMIT_CPU)[0] - begin).encode()

    one = Child(left, 20)
    try:
        assert all(19 < float(one.run(b"")) < 21.5 for _ in range(4))
    finally:
        one.end()
