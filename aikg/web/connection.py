"""A connection that waits for a slow client only so long. uvicorn stands behind this module alone.

uvicorn limits the time between two requests only. Not how long a client takes to send the head of a
request (the body is the application's to limit), nor how long it leaves an answer unread; nor, with
httptools, how much a head may hold.
"""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Callable
from typing import Any

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_SECONDS = 10.0
"""How long the head of a request may take to arrive."""
SEND_SECONDS = 10.0
"""How long a client may leave what is sent to it unread."""
IDLE_SECONDS = 5
"""How long a connection may stay open between two requests."""
END_SECONDS = 2
"""How long requests that are being answered may take when the server ends."""
CONNECTIONS = 256
"""Connections at once; any further one is closed at once."""
AUTHORITY = re.compile(rb"\Ahttps?://[^/?#]*", re.IGNORECASE)
TOO_LARGE = "The head of the request is too large."
HEAD_BYTES = 32_768
"""Bytes that the head of a request may have."""


def serve_on(listening: socket.socket, app: Starlette, ready: Callable[[], None]) -> None:
    """Serve an application on a socket that listens, until SIGINT or SIGTERM.

    `ready` is called when it answers, and a signal ends it well.
    """
    make_server(app, ready).run(sockets=[listening])


class _Telling(uvicorn.Server):
    """A server that tells when it has started, its signals being caught by then."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()


def make_server(app: Starlette, ready: Callable[[], None] = lambda: None) -> uvicorn.Server:
    """A server of the application, silent, on connections with time limits.

    uvicorn would believe any proxy on this machine; here the application decides whom to believe.
    """
    config = uvicorn.Config(
        app, http=Connection, loop="asyncio", ws="none", lifespan="off", log_config=None,
        log_level="critical", access_log=False, proxy_headers=False, server_header=False,
        timeout_keep_alive=IDLE_SECONDS, timeout_graceful_shutdown=END_SECONDS)
    return _Telling(config, ready)


def _target(url: bytes) -> bytes:
    """The target of a request as a path, whichever form it has (RFC 9112, section 3.2)."""
    if url[:1] in (b"/", b"*"):
        return url
    rest = AUTHORITY.sub(b"", url)
    return rest if rest[:1] == b"/" else b"/" + rest


class _Together(asyncio.Transport):
    """A transport that sends the head of an answer together with its body.

    uvicorn writes them one after the other, and to send takes longer than most answers do.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._kept = b""

    def __getattribute__(self, name: str) -> Any:
        """All but what is defined here is that of the transport."""
        own = name in ("_transport", "_kept", "write", "flush", "close")
        return object.__getattribute__(self if own else self._transport, name)

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send data, but keep a head, unless it is an interim one, for what follows it."""
        if not self._kept and bytes(data[:9]) == b"HTTP/1.1 " and bytes(data[9:10]) != b"1":
            self._kept = bytes(data)
        else:
            kept, self._kept = self._kept, b""
            self._transport.write(kept + bytes(data))

    def flush(self) -> None:
        """Send what is kept."""
        if self._kept:
            self.write(b"")

    def close(self) -> None:
        """Send what is kept, and no more."""
        self.flush()
        self._transport.close()


class Connection(HttpToolsProtocol):
    """An HTTP/1.1 connection with a limit on each thing that a client does."""

    transport: _Together
    _head: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None
    _size = 0
    """Bytes of the head as far as it is read."""
    _unparsed = 0
    """Bytes that have come of a head that has not ended."""
    _ended = True
    """Whether the request before it has ended, so that a head is awaited."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start to wait for the first request."""
        super().connection_made(_Together(transport))
        # Else what does not fit into one packet waits for the client to own up to the first.
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if len(self.connections) > CONNECTIONS:
            transport.abort()
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Take in a part of a request."""
        cycle = self.cycle
        super().data_received(data)
        self._unparsed += len(data) if self._ended and self.cycle is cycle else -self._unparsed
        if self._unparsed > HEAD_BYTES and not self.transport.is_closing():
            self.send_400_response(TOO_LARGE)
        self._wait()

    def on_message_begin(self) -> None:
        """Count anew."""
        super().on_message_begin()
        self._size = 0

    def on_url(self, url: bytes) -> None:
        """Take in a part of the target."""
        self._grow(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take in a field of the head."""
        self._grow(len(name) + len(value))
        super().on_header(name, value)

    def _grow(self, size: int) -> None:
        self._size += size
        if self._size > HEAD_BYTES:
            raise ValueError(TOO_LARGE)  # to the parser, which makes it a 400

    def on_headers_complete(self) -> None:
        """Begin to answer. Two hosts may be one to a proxy and another here (RFC 9112, 3.2)."""
        hosts = sum(name == b"host" for name, _ in self.headers)
        if hosts > 1 or (not hosts and self.parser.get_http_version() == "1.1"):
            raise ValueError("a request names one host")
        self.url = _target(self.url)
        self._ended = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Wait for the next request."""
        super().on_message_complete()
        self._ended = True

    def _wait(self) -> None:
        """Close the connection unless the head that is awaited comes in time, however it drips."""
        idle = self.cycle is None or self.cycle.response_complete
        if idle and self._head is None:
            self._head = self.loop.call_later(HEAD_SECONDS, self.transport.abort)
        elif not idle and self._head is not None:
            self._head.cancel()
            self._head = None

    def on_response_complete(self) -> None:
        """Wait for the next request; what has come of it already counts as its beginning."""
        self.transport.flush()  # what has no body
        super().on_response_complete()
        if self._head is not None:
            self._head.cancel()
            self._head = None

    def pause_writing(self) -> None:
        """More is to be sent than the client reads."""
        super().pause_writing()
        self._unread = self.loop.call_later(SEND_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """The client has read on."""
        super().resume_writing()
        if self._unread is not None:
            self._unread.cancel()

    def timeout_keep_alive_handler(self) -> None:
        """No next request came. What is left to send to one who reads nothing does not keep it."""
        super().timeout_keep_alive_handler()
        self._unread = self.loop.call_later(SEND_SECONDS, self.transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        super().connection_lost(exc)
        for timer in (self._head, self._unread):
            if timer is not None:
                timer.cancel()
