"""Exchanges over HTTP: the limits, and where a request may go."""

from __future__ import annotations

import socket
import time
from urllib.request import Request

import pytest

from aikg.errors import EndpointError, UsageError
from aikg.transport import Courier, check_url
from aikg.reply import Reply
from tests.loopback import Request as Received
from tests.loopback import Server, reply, serving

SECRET = ("me", "open sesame")


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")


def send(server: Server, timeout: float = 5, secret: tuple[str, str] | None = None,
         data: bytes | None = None) -> Reply:
    courier = Courier(server.url, secret)
    return courier.send(Request(server.url, data, {"Accept": "x/y"}), timeout)


@pytest.mark.parametrize("url", [
    "", "localhost:7878", "/query", "ftp://localhost/x", "file:///etc/passwd", "data:,x",
    "http://", "http:///x", "http://host:port/", "http://host:99999/", "http://host/a b",
    "http://host/\n", "http://[::1/", "http://hóst/", "http://host/#x",
])
def test_what_is_no_url_of_an_endpoint(url: str) -> None:
    with pytest.raises(UsageError, match="URL"):
        check_url(url)


@pytest.mark.parametrize("url", ["http://me:secret@host/", "https://me@host/", "http://@host/"])
def test_a_user_in_the_url_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(UsageError, match="AIKG_ENDPOINT_USER") as caught:
        check_url(url)
    assert "secret" not in str(caught.value)


def test_a_reply() -> None:
    with serving(reply(b"hello", "Text/Plain; charset=utf-8")) as server:
        assert send(server)[:3] == Reply(200, "text/plain", b"hello")[:3]
        assert send(server).headers["connection"] == "close"
        assert server.requests[0].headers["accept"] == "x/y"


def test_nobody_listens() -> None:
    with serving(b"") as server:
        pass
    with pytest.raises(EndpointError, match="refuses connections"):
        send(server)


@pytest.mark.parametrize("place", ["nothing", "headers", "body", "error"])
def test_the_whole_exchange_has_a_deadline(place: str) -> None:
    def drip(_: Received, connection: socket.socket) -> None:
        head = {"nothing": b"", "headers": b"HTTP/1.1 200 OK\r\n", "error": reply(
            "", status="500 Oh", Content_Length="9000"), "body": reply("", Content_Length="9000")}
        connection.sendall(head[place])
        while place != "nothing" and not server.closing.wait(0.02):
            connection.sendall(b"x")
        server.closing.wait(5)

    with serving(drip) as server:
        began = time.monotonic()
        with pytest.raises(EndpointError, match=r"no answer within 0\.2 s"):
            send(server, 0.2)
        assert time.monotonic() - began < 2


# --- redirects and credentials ---------------------------------------------------------------


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("data", [None, b"query=ASK"])
def test_a_redirect_within_the_server_is_followed(code: int, data: bytes | None) -> None:
    def answer(request: Received, _: socket.socket) -> bytes:
        return reply("there") if request.target == "/there" else reply(
            "", status=f"{code} Go", Location="/there")

    with serving(answer) as server:
        assert send(server, data=data).body == b"there"
        assert server.requests[1].body == (b"" if code == 303 else data or b"")
        assert server.requests[1].headers["accept"] == "x/y"


@pytest.mark.parametrize("to", [
    "http://localhost:{port}/", "http://127.0.0.1:1/", "https://127.0.0.1:{port}/",
    "ftp://127.0.0.1/", "file:///etc/passwd", "http://me:you@127.0.0.1:{port}/",
    "http://127.0.0.1.example.org:{port}/", "//other.example/",
])
def test_a_redirect_elsewhere_is_not(to: str) -> None:
    def answer(_: Received, __: socket.socket) -> bytes:
        return reply("", status="302 Go", Location=to.format(port=server.port))

    with serving(answer) as server:
        with pytest.raises(EndpointError, match=r"(?i)redirect") as caught:
            send(server, secret=SECRET)
        assert len(server.requests) == 1
    assert "you" not in str(caught.value).replace("your", "")


def test_a_redirect_in_circles_ends() -> None:
    with serving(reply("", status="302 Go", Location="/sparql")) as server:
        with pytest.raises(EndpointError, match="HTTP 302"):
            send(server)
        assert len(server.requests) < 10


def test_a_redirect_does_not_read_what_comes_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(request: Received, connection: socket.socket) -> bytes:
        if request.target == "/there":
            return reply("there")
        connection.sendall(reply("", status="302 Go", Location="/there",
                                 Content_Length=str(1 << 40)))
        server.closing.wait(5)
        return b""

    with serving(answer) as server:
        assert send(server, 2).body == b"there"


@pytest.mark.parametrize("scheme", [
    'Basic realm="x"', 'Digest realm="x", nonce="n", qop="auth", algorithm=MD5'])
def test_credentials_are_shown_when_asked_for(scheme: str) -> None:
    def answer(request: Received, _: socket.socket) -> bytes:
        if request.headers.get("authorization", "").startswith(scheme[:5]):
            return reply("in")
        return reply("", status="401 Who", WWW_Authenticate=scheme)

    with serving(answer) as server:
        courier = Courier(server.url, SECRET)
        for _ in range(3):
            assert courier.send(Request(server.url, b"data"), 5).body == b"in"
        assert "authorization" not in server.requests[0].headers
        assert len(server.requests) == 4  # asked for once
        with pytest.raises(EndpointError, match="HTTP 401"):
            send(server)


@pytest.mark.parametrize("scheme", ['Basic realm="x"', 'Digest realm="x", nonce="n"',
                                    "Bearer", "Digest", ""])
def test_wrong_credentials_end(scheme: str) -> None:
    sent = reply("", status="401 Who", WWW_Authenticate=scheme)
    with serving(sent) as server:
        with pytest.raises(EndpointError, match="127") as caught:
            send(server, secret=SECRET)
        assert len(server.requests) < 10
    assert SECRET[1] not in str(caught.value)
