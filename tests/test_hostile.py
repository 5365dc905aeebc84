"""Hostile surroundings: whatever comes in or breaks, one line says what, and nothing is half done.

Each case is a process of its own, on a copy of the checkout that the case may damage.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from aikg.guard import guard_available
from tests.checkouts import copy_checkout

ASK = ("ask", "who supplies OpenAI's compute")
RUN = ("run", "compute-suppliers", "--customer", "OpenAI")
RUNAWAY = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
SOURCE = Path("graph/claims/bitpush.ttl")
QUERY = Path("queries/supply/compute-suppliers.rq")
MEGABYTE = 1 << 20

linux = pytest.mark.skipif(not guard_available(), reason="needs Linux and /proc")

Done = subprocess.CompletedProcess[bytes]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout, its graph built and its modules compiled."""
    folder = tmp_path_factory.mktemp("original")
    copy_checkout(folder)
    assert aikg(folder, "build").returncode == 0
    assert aikg(folder, *ASK).returncode == 0
    return folder


@pytest.fixture
def checkout(original: Path, tmp_path: Path) -> Path:
    shutil.copytree(original, tmp_path / "checkout")
    return tmp_path / "checkout"


def environment(top: Path, changes: Mapping[str, str | None]) -> dict[str, str]:
    """What a user has: no variables of ours but a cache beside the checkout; None takes one out."""
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith(("PYTHON", "AIKG_", "COVERAGE", "RUST_", "_AIKG"))}
    given = {"PYTHONPATH": str(top), "AIKG_CACHE": str(top / "cache"), "HOME": str(top), **changes}
    return {name: value for name, value in {**kept, **given}.items() if value is not None}


def start(
    top: Path, arguments: Sequence[str | bytes], shell: str | None = None,
    changes: Mapping[str, str | None] | None = None,
) -> subprocess.Popen[bytes]:
    """Start the command of a checkout; `shell` is a script in which "$@" stands for it."""
    command: list[str | bytes] = [sys.executable, "-m", "aikg", *arguments]
    if shell:
        command = ["bash", "-c", shell, "bash", *command]
    return subprocess.Popen(
        command, cwd=top, env=environment(top, changes or {}), stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def aikg(
    top: Path, *arguments: str | bytes, shell: str | None = None, stdin: bytes = b"",
    changes: Mapping[str, str | None] | None = None,
) -> Done:
    """Run the command of a checkout to its end; whatever happens, no traceback comes out."""
    process = start(top, arguments, shell, changes)
    out, err = process.communicate(stdin, timeout=60)
    assert b"Traceback" not in err, err.decode(errors="replace")
    assert b"Exception ignored" not in err
    return subprocess.CompletedProcess(arguments, process.returncode, out, err)


def one_line(done: Done) -> str:
    """The error of a command that failed: nothing on stdout, one line on stderr."""
    lines = [line for line in done.stderr.decode("utf-8").splitlines()
             if not line.startswith("understood as: ")]
    assert done.stdout == b""
    assert len(lines) == 1, lines
    assert lines[0].startswith("Error: ")
    assert len(lines[0]) < 500
    assert lines[0].isprintable()
    return lines[0]


# Arguments


@pytest.mark.parametrize("value", [
    '" } UNION { ?s ?p ?o . ?supplier ?p ?o } #', "<http://x> } #", "\\u0022 > \\u003e",
    "a\nb\r\n\t\x1b[31mred\x1b[0m\u202e", b"\xff\xed\xa0\x80", "x" * 100_000,
], ids=lambda value: repr(value)[:30])
def test_no_value_is_ever_syntax(value: str | bytes, original: Path) -> None:
    """test_cli.py has more values, and other commands."""
    done = aikg(original, "run", "compute-suppliers", "--customer", value)
    assert (done.returncode, bool(one_line(done))) == (3, True)


@pytest.mark.parametrize(("arguments", "code"), [
    (("run", "passage", "--id", b"\xff"), 3), (("run", "founding", "--year", "9" * 5_000), 3),
    (("ask", b"\xff\xfe"), 3), (("ask", "\x1b[2J" * 100), 3), (("ask", *["word" * 9] * 2_000), 2),
    (("why", b"\xff", "a", b"\xff"), 3), (("why", "OpenAI", "<x y>", "OpenAI"), 3),
    (("show", "claim:bitpush-001> ?p ?o"), 3), (("queries", b"\xff"), 2), (("run", b"\xff"), 2),
    ((b"\xff",), 2), (("-f", b"\xff"), 2), (("sparql", b"\xff\xfe"), 1), (("verify", b"\xff"), 1),
    (("ask", "x", "-o"), 2), ((*RUN, "-o", "x" * 300), 1), ((*RUN, "-o", "."), 1),
    ((*RUN, "-o", "nothing/x.csv"), 1), (("verify", "graph"), 1), (("sparql", "graph"), 1),
], ids=lambda value: ascii(value)[:40])
def test_hostile_arguments(
    arguments: tuple[str | bytes, ...], code: int, original: Path,
) -> None:
    done = aikg(original, *arguments)
    assert (done.returncode, bool(one_line(done))) == (code, True), done.stderr


@pytest.mark.parametrize(("stdin", "code"), [
    (b"", 1), (b"\0", 1), (b"\xff\xfe", 1), (b"ASK { ?s ?p \0 }", 1), (b"#" * MEGABYTE, 1),
    (b"SELECT " + b"(" * MEGABYTE, 1), (b'ASK { ?s ?p "' + b"x" * MEGABYTE + b'" }', 0),
    (b"SELECT * WHERE " + b"{" * 20_000 + b"}" * 20_000, 1),
    (b"SELECT DISTINCT ?o WHERE { ?s ?p ?o } ORDER BY ?o", None),
], ids=lambda value: str(value)[:40])
@linux
def test_hostile_sparql(stdin: bytes, code: int | None, original: Path) -> None:
    done = aikg(original, "sparql", "-", stdin=stdin)
    assert done.returncode in ((0, 1) if code is None else (code,)), done.stderr
    if done.returncode:
        one_line(done)


# Streams


@linux
@pytest.mark.parametrize(("arguments", "shell", "code", "says"), [
    (RUN, '"$@" | head -1; exit ${PIPESTATUS[0]}', 0, ""),
    (("sparql", "SELECT * { ?s ?p ?o }"), '"$@" | head -1; exit ${PIPESTATUS[0]}', 0, ""),
    (("run", "--help"), '"$@" | head -1; exit ${PIPESTATUS[0]}', 0, ""),
    (("queries",), '"$@" | true; exit ${PIPESTATUS[0]}', 0, ""),
    (("ask", "what"), '"$@" 2>&1 >/dev/null | true; exit ${PIPESTATUS[0]}', 3, ""),
    (("ask", "what"), '"$@" 2>/dev/full', 3, ""),
    (("ask", "what"), '"$@" 2>&-', 3, ""),
    (RUN, '"$@" >/dev/full', 1, "No space left on device"),
    (("queries",), '"$@" >/dev/full', 1, "No space left on device"),
    (("--help",), '"$@" >/dev/full', 1, "No space left on device"),
    ((*RUN, "-o", "/dev/full"), '"$@"', 1, "No space left on device"),
    ((*RUN, "-o", "/dev/null"), '"$@"; test -c /dev/null', 0, ""),
    (RUN, '"$@" >&-', 1, "stdout is closed"),
    (("sparql", "ASK {}"), '"$@" >&-', 1, "stdout is closed"),
    (("sparql", "-"), '"$@" <&-', 1, "stdin: it is closed"),
    (("sparql",), '"$@" <&-', 2, "no query"),
    (("verify", "-"), '"$@" <&-', 1, "stdin: it is closed"),
    (RUN, '"$@" <&-', 0, ""),
    ((*RUN, "-o", "/dev/stdout"), '"$@" | cat; exit ${PIPESTATUS[0]}', 0, ""),
], ids=lambda value: " ".join(value) if isinstance(value, tuple) else None)
def test_streams_that_are_full_or_closed(
    arguments: Sequence[str], shell: str, code: int, says: str, original: Path,
) -> None:
    done = aikg(original, *arguments, shell=shell)
    assert done.returncode == code, done.stderr
    assert says in done.stderr.decode()
    if says:
        assert one_line(done)


@linux
def test_a_full_disk_leaves_the_file_that_was_there(original: Path, tmp_path: Path) -> None:
    """A limit on the size of files stands for the full disk: the system refuses the same calls."""
    file = tmp_path / "answer.csv"
    file.write_text("before")
    done = aikg(original, *RUN, "-o", str(file), shell='ulimit -f 0; "$@"')
    assert (done.returncode, file.read_text()) == (1, "before")
    assert "cannot write" in one_line(done)
    assert [path.name for path in tmp_path.iterdir()] == ["answer.csv"]


@linux
def test_ctrl_c_ends_with_130(original: Path) -> None:
    process = start(original, ("sparql", RUNAWAY, "--timeout", "50"))
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    deadline = time.monotonic() + 20
    while not children.read_text():
        assert time.monotonic() < deadline, "no guarded child"
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (130, b"", b"")


# Places


@linux
@pytest.mark.parametrize("changes", [
    {"HOME": None, "AIKG_CACHE": None}, {"HOME": "/nonexistent", "AIKG_CACHE": None},
    {"AIKG_CACHE": os.devnull}, {"AIKG_CACHE": ""}, {"LC_ALL": "C", "LANG": "C"},
    {"PATH": ""}, {"TERM": None}, {"COLUMNS": "nonsense"},
], ids=str)
def test_poor_surroundings(changes: dict[str, str | None], original: Path) -> None:
    done = aikg(original, *ASK, "-f", "table", changes=changes)
    assert done.returncode == 0, done.stderr
    assert b"Microsoft" in done.stdout


def test_an_unwritable_cache_costs_one_line(checkout: Path) -> None:
    with (checkout / SOURCE).open("a") as file:
        file.write("\n# changed\n")
    done = aikg(checkout, *RUN, changes={"AIKG_CACHE": os.devnull})
    assert (done.returncode, done.stderr.count(b"\n")) == (0, 1)
    assert b"AIKG_CACHE" in done.stderr
    assert b"Microsoft" in done.stdout
    again = aikg(checkout, *RUN)
    assert (again.returncode, again.stderr, again.stdout) == (0, b"", done.stdout)


@linux
def test_a_checkout_that_cannot_be_written(checkout: Path) -> None:
    with (checkout / SOURCE).open("a") as file:
        file.write("\n# changed\n")
    before = {path.name: path.read_bytes() for path in (checkout / "aikg" / "built").iterdir()}
    done = aikg(checkout, "build", shell='ulimit -f 0; "$@"')
    assert done.returncode == 1
    assert "cannot write" in one_line(done)
    assert before == {
        path.name: path.read_bytes() for path in (checkout / "aikg" / "built").iterdir()}
    assert not list((checkout / "aikg").glob(".draft*"))
    done = aikg(checkout, *RUN, shell='ulimit -f 0; "$@" | cat; exit ${PIPESTATUS[0]}')
    assert (done.returncode, b"Microsoft" in done.stdout) == (0, True)


def test_two_that_build_at_once_do_not_disturb_each_other(checkout: Path) -> None:
    with (checkout / SOURCE).open("a") as file:
        file.write("\n# changed\n")
    writers = [start(checkout, ("build",)) for _ in "ab"]
    reader = start(checkout, RUN)
    ends = [process.communicate(b"", timeout=60) for process in (*writers, reader)]
    assert [process.returncode for process in (*writers, reader)] == [0, 0, 0], ends
    assert b"Microsoft" in ends[-1][0]
    assert aikg(checkout, "build", "--check").returncode == 0
    assert not list((checkout / "aikg").glob(".draft*"))


@pytest.mark.parametrize(("name", "damage"), [
    ("graph.nt", b"<broken"), ("graph.nt", None), ("catalog.json", b"{"), ("catalog.json", None),
    ("lexicon.json", b"[]"), ("rules.json", None),
])
def test_damaged_built_files_are_no_matter(
    name: str, damage: bytes | None, checkout: Path,
) -> None:
    file = checkout / "aikg" / "built" / name
    if damage is None:
        file.unlink()
    else:
        file.write_bytes(damage + file.read_bytes()[len(damage):])
    done = aikg(checkout, *RUN)
    if name == "lexicon.json":  # of the same size, and not JSON: only a new build helps
        assert done.returncode == 1
        assert "lexicon.json is damaged" in one_line(done)
        assert aikg(checkout, "build").returncode == 0
        done = aikg(checkout, *RUN)
    assert done.returncode == 0, done.stderr
    assert b"Microsoft" in done.stdout


# Broken sources


def test_broken_turtle_is_told_with_file_and_line(checkout: Path) -> None:
    text = (checkout / SOURCE).read_text("utf-8").splitlines()
    (checkout / SOURCE).write_text("\n".join([*text[:20], "claim:x a ; .", *text[20:]]), "utf-8")
    for arguments in (RUN, ("build",), ("build", "--check"), ("queries",)):
        done = aikg(checkout, *arguments)
        assert done.returncode == 1
        assert "bitpush.ttl:21: " in one_line(done)


@pytest.mark.parametrize(("line", "says"), [
    ("#+ sumary: What?", "unknown key 'sumary'"), ("#+ summary: [", "not YAML"),
    (None, "not UTF-8"),
])
def test_a_broken_query_breaks_only_itself(line: str | None, says: str, checkout: Path) -> None:
    text = (checkout / QUERY).read_text("utf-8").splitlines()
    broken = b"\xff" if line is None else "\n".join([line, *text[1:]]).encode()
    (checkout / QUERY).write_bytes(broken)
    place = QUERY.as_posix()
    done = aikg(checkout, *RUN)
    assert (done.returncode, place in one_line(done), says in one_line(done)) == (1, True, True)
    assert aikg(checkout, "run", "investors", "--company", "OpenAI").returncode == 0
    listed = aikg(checkout, "queries")
    [row] = [row for row in listed.stdout.decode().splitlines() if row.startswith("compute-sup")]
    assert (listed.returncode, says in row, place in row) == (0, True, True)


def test_a_broken_query_is_built_and_does_not_pass_the_check(checkout: Path) -> None:
    (checkout / QUERY).write_text("#+ sumary: What?\n", "utf-8")
    built = aikg(checkout, "build")
    assert (built.returncode, b"compute-suppliers.rq:1: " in built.stderr) == (0, True)
    assert b"catalog.json" in built.stdout
    checked = aikg(checkout, "build", "--check")
    assert (checked.returncode, b"compute-suppliers.rq:1: " in checked.stderr) == (1, True)
    assert aikg(checkout, "run", "--help").returncode == 0
    assert aikg(checkout, "queries", "compute-suppliers").returncode == 1
