"""A connection: whoever is slow, greedy or malformed is let go, and the others are served."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

import aikg
from tests.serving import LACKING, REASON

if TYPE_CHECKING:
    from aikg.web.site import Site

if LACKING:
    pytest.skip(REASON, allow_module_level=True)

HEAD = b"GET /-/ping HTTP/1.1\r\nHost: x\r\n"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A server in this process that has little patience."""
    pytest.importorskip("uvicorn")
    from aikg.web import app, connection, endpoint

    patch = pytest.MonkeyPatch()
    patch.setattr(connection, "HEAD_SECONDS", 0.3)
    patch.setattr(connection, "SEND_SECONDS", 0.3)
    patch.setattr(connection, "IDLE_SECONDS", 0.5)
    patch.setattr(connection, "CONNECTIONS", 20)
    patch.setattr(endpoint, "BODY_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = connection.make_server(app.make_app(_site()))
        running = threading.Thread(target=server.run, args=([listening],))
        running.start()
        yield listening.getsockname()[1]
        server.should_exit = True
        running.join(10)
        assert not running.is_alive()
    patch.undo()


def _site() -> Site:
    from aikg.web.site import Site

    return Site(aikg.open())


def connect(port: int) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", port))
    client.settimeout(5)
    return client


def rest_of(client: socket.socket) -> bytes:
    """All that comes until the server closes the connection."""
    found = b""
    with suppress(ConnectionResetError):
        while part := client.recv(65_536):
            found += part
    return found


def is_served(port: int) -> bool:
    with connect(port) as client:
        client.sendall(HEAD + b"Connection: close\r\n\r\n")
        return rest_of(client).endswith(b"ok\n")


def test_who_says_nothing_is_let_go(port: int) -> None:
    with connect(port) as client:
        begin = time.monotonic()
        assert rest_of(client) == b""
        assert time.monotonic() - begin < 3


@pytest.mark.parametrize("first", [b"", HEAD + b"\r\n"])
def test_a_head_that_drips_is_let_go(first: bytes, port: int) -> None:
    with connect(port) as client:
        client.sendall(first)
        begin = time.monotonic()
        with suppress(OSError):
            for byte in HEAD * 100:
                client.sendall(bytes([byte]))
                time.sleep(0.02)
        assert 0.2 < time.monotonic() - begin < 3


def test_a_body_that_drips_is_408(port: int) -> None:
    with connect(port) as client:
        client.sendall(b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n"
                       b"Content-Type: application/sparql-query\r\n\r\nASK")
        assert rest_of(client).startswith(b"HTTP/1.1 408 ")


def test_who_reads_nothing_is_let_go(port: int) -> None:
    with connect(port) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        begin = time.monotonic()
        with suppress(ConnectionError):
            while time.monotonic() - begin < 10:
                client.sendall(b"GET /graph/main HTTP/1.1\r\nHost: x\r\n\r\n")
                time.sleep(0.05)
        assert time.monotonic() - begin < 5
    assert is_served(port)


def test_an_idle_connection_is_closed(port: int) -> None:
    with connect(port) as client:
        client.sendall(HEAD + b"\r\n")
        begin = time.monotonic()
        assert rest_of(client).endswith(b"ok\n")
        assert time.monotonic() - begin < 3


def test_a_connection_serves_several_requests_also_sent_at_once(port: int) -> None:
    with connect(port) as client:
        client.sendall((HEAD + b"\r\n") * 5)
        assert rest_of(client).count(b"HTTP/1.1 200 OK") == 5


def test_too_many_connections_are_closed_and_the_server_recovers(port: int) -> None:
    clients = [connect(port) for _ in range(60)]
    for client in clients:
        rest_of(client)
        client.close()
    assert is_served(port)


@pytest.mark.parametrize("sent", [
    b"\x00\x01\x02\r\n\r\n", b"GET\r\n\r\n", b"GET / FTP/1.1\r\n\r\n",
    b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n", b"GET / HTTP/1.1\r\nA\x00: b\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\n A: folded\r\n\r\n", b"GET / HTTP/1.1\r\nHost : x\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0",
    b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0",
    b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 20_000 + b"\r\n",
    b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nASK",
    b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 2_000_000 + b"\r\n\r\n",
    b"GET /" + b"a" * 2_000_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
])
def test_what_is_not_http_is_400_and_the_server_goes_on(sent: bytes, port: int) -> None:
    with connect(port) as client:
        with suppress(OSError):  # it may be let go before all is sent
            client.sendall(sent)
        assert rest_of(client)[:13] in (b"HTTP/1.1 400 ", b"HTTP/1.1 414 ", b"")
    assert is_served(port)


def test_a_head_that_never_ends_is_not_kept(port: int) -> None:
    with connect(port) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX: ")
        sent = 0
        with suppress(OSError):
            while sent < 4 << 20:
                sent += client.send(b"y" * 4_096)
        assert sent < 4 << 20
    assert is_served(port)


@pytest.mark.parametrize("request_line", [b"HEAD /-/ping", b"OPTIONS /-/ping", b"GET /no"])
def test_what_has_no_body_is_sent_at_once(request_line: bytes, port: int) -> None:
    with connect(port) as client:
        client.sendall(request_line + b" HTTP/1.1\r\nHost: x\r\n\r\n")
        client.settimeout(0.4)
        assert client.recv(65_536).startswith(b"HTTP/1.1 ")


def test_a_client_of_http_1_0_needs_no_host(port: int) -> None:
    with connect(port) as client:
        client.sendall(b"GET /-/ping HTTP/1.0\r\n\r\n")
        assert rest_of(client).endswith(b"ok\n")


def test_many_requests_at_once_are_no_large_head(port: int) -> None:
    with connect(port) as client:
        client.sendall((HEAD + b"X: " + b"y" * 300 + b"\r\n\r\n") * 200)
        assert rest_of(client).count(b"HTTP/1.1 200 OK") == 200
    assert is_served(port)


def test_an_upgrade_is_not_made(port: int) -> None:
    with connect(port) as client:
        client.sendall(HEAD + b"Connection: close, upgrade\r\nUpgrade: websocket\r\n\r\n")
        assert rest_of(client).startswith(b"HTTP/1.1 200 OK")


def test_expect_continue_is_answered(port: int) -> None:
    with connect(port) as client:
        client.sendall(b"POST /sparql HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                       b"Content-Length: 6\r\nContent-Type: application/sparql-query\r\n"
                       b"Expect: 100-continue\r\n\r\n")
        assert client.recv(100).startswith(b"HTTP/1.1 100 ")
        client.sendall(b"ASK {}")
        assert rest_of(client).startswith(b"HTTP/1.1 503 "), "there is no warden here"


def test_a_chunked_body_is_limited_too(port: int) -> None:
    with connect(port) as client:
        client.sendall(b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
                       b"Content-Type: application/sparql-query\r\n\r\n")
        chunk = b"10000\r\n" + b"#" * 65_536 + b"\r\n"
        with suppress(OSError):
            for _ in range(40):
                client.sendall(chunk)
        assert rest_of(client)[:13] in (b"HTTP/1.1 413 ", b"")
    assert is_served(port)
