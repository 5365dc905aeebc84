"""SPARQL servers that no one here wrote, started on loopback for the tests that need them.

Each runs where a variable of the environment names its program, as `.ci/run` does; elsewhere the
tests are skipped with the reason, unless AIKG_REQUIRE_SERVERS says that none may be.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from aikg.endpoint import Endpoint
from aikg.errors import EndpointError

ENGINES = ("oxigraph", "virtuoso", "fuseki")
STARTING = 60
"""Seconds that a server has to begin."""
VIRTUOSO = """\
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{other}
DisableUnixSocket = 1
NumberOfBuffers = 10000
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = .
[SPARQL]
ResultSetMaxRows = 100000
"""


@dataclass(frozen=True)
class Server:
    """One running server: where it takes queries, updates and graphs."""

    name: str
    query: str
    update: str
    store: str
    credentials: tuple[str, str] | None = None


PROGRAMS = {"oxigraph": "the command oxigraph", "virtuoso": "the command virtuoso-t",
            "fuseki": "the jar jena-fuseki-server, beside a java on PATH"}


def needed(name: str) -> str:
    """The program of an engine; skips the test without it, or fails it where none may be."""
    variable = f"AIKG_TEST_{name.upper()}"
    given = os.environ.get(variable, "")
    if os.path.isfile(given) and (name != "fuseki" or shutil.which("java")):
        return given
    message = f"{name} does not run here: set {variable} to {PROGRAMS[name]}"
    if os.environ.get("AIKG_REQUIRE_SERVERS"):
        pytest.fail(message)
    pytest.skip(message)


def free_ports() -> tuple[int, int]:
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(
            ("127.0.0.1", 0)) as other:
        return one.getsockname()[1], other.getsockname()[1]


def described(name: str, folder: Path) -> tuple[list[str], Server]:
    """The command that starts an engine in a folder, and the server that this gives."""
    found = needed(name)
    port, other = free_ports()
    url = f"http://127.0.0.1:{port}"
    if name == "oxigraph":
        return [found, "serve", "--bind", f"127.0.0.1:{port}"], Server(
            name, f"{url}/query", f"{url}/update", f"{url}/store")
    if name == "fuseki":
        return ["java", "-Xmx1g", "-cp", found, "org.apache.jena.fuseki.main.cmds.FusekiMainCmd",
                "--mem", "--localhost", "--port", str(port), "/aikg"], Server(
            name, f"{url}/aikg/query", f"{url}/aikg/update", f"{url}/aikg/data")
    (folder / "virtuoso.ini").write_text(VIRTUOSO.format(port=port, other=other))
    return [found, "-f", "-c", "virtuoso.ini"], Server(
        name, f"{url}/sparql", f"{url}/sparql-auth", f"{url}/sparql-graph-crud-auth",
        ("dba", "dba"))  # as every new database has it


@contextmanager
def running(name: str, folder: Path) -> Iterator[Server]:
    """An engine with nothing in it, until the end of the block."""
    command, server = described(name, folder)
    with open(folder / "log", "wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log,
                                   stderr=subprocess.STDOUT)
    try:
        wait(server, process, folder / "log")
        yield server
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the server answers."""
    engine = Endpoint(server.query, default_graph=None, timeout=2)
    deadline = time.monotonic() + STARTING
    while process.poll() is None and time.monotonic() < deadline:
        try:
            assert engine.query("ASK {}") is True
            return
        except EndpointError:
            time.sleep(0.1)
    pytest.fail(f"{server.name} did not start: {log.read_text(errors='replace')[-2000:]}")
