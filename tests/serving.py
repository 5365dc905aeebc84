"""A server of its own for tests: `aikg serve` on a free port of this machine, and how to ask it."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import pytest

from aikg.guard import guard_available

ROOT = Path(__file__).resolve().parent.parent
LACKING = [name for name in ("httptools", "jinja2", "starlette", "uvicorn")
           if find_spec(name) is None]
REASON = f"the extra `serve` is not installed: {', '.join(LACKING)}"

needs_guard = pytest.mark.skipif(not guard_available(), reason="limits need Linux and /proc")


class Got(NamedTuple):
    """What a server sent."""

    status: int
    headers: Mapping[str, str]
    """By names in small letters."""
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class Server(NamedTuple):
    """A server that runs."""

    port: int
    process: subprocess.Popen[str]

    def ask(
        self, path: str, accept: str | None = None, method: str = "GET",
        body: bytes | str | None = None, headers: Mapping[str, str] | None = None, **query: str,
    ) -> Got:
        """Send one request; `query` is put behind the path."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        target = path + ("?" + urlencode(query) if query else "")
        sent = {**({"Accept": accept} if accept is not None else {}), **(headers or {})}
        try:
            connection.request(method, target, body, sent)
            response = connection.getresponse()
            named = {name.lower(): value for name, value in response.getheaders()}
            return Got(response.status, named, response.read())
        finally:
            connection.close()

    def sparql(self, text: str, accept: str | None = None) -> Got:
        return self.ask("/sparql", accept, query=text)


@contextmanager
def serving(*options: str) -> Iterator[Server]:
    """A server with these options; it is ended, and has ended well, at the end."""
    command = [sys.executable, "-m", "aikg", "serve", "--port", "0", *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        address = process.stdout.readline()
        if not address:
            pytest.fail(process.stderr.read())
        try:
            yield Server(int(address.rstrip("/\n").rpartition(":")[2]), process)
        finally:
            process.terminate()
            said = process.communicate(timeout=20)[1]
        assert process.returncode == 0, said
        assert said == "serving until Ctrl-C\n", "the server complained"
