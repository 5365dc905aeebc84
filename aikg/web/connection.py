"""A connection that waits for a slow client only so long. uvicorn stands behind this module alone.

uvicorn limits the time between two requests only. Not how long a client takes to send the head of a
request (the body is the application's to limit), nor how long it leaves an answer unread.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol

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
HEAD_BYTES = 32_768


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
        timeout_keep_alive=IDLE_SECONDS, timeout_graceful_shutdown=END_SECONDS,
        h11_max_incomplete_event_size=HEAD_BYTES)
    return _Telling(config, ready)


class Connection(H11Protocol):
    """An HTTP/1.1 connection with a time limit on each thing that a client does."""

    _head: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start to wait for the first request."""
        super().connection_made(transport)
        # Head and body are written apart: else the body waits for the client to own up to the head.
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if len(self.connections) > CONNECTIONS:
            transport.abort()
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Take in a part of a request."""
        super().data_received(data)
        self._wait()

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
