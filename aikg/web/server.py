"""The server: the socket, the connections, and the command `aikg serve`. uvicorn stands behind it."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv4Network, IPv6Network, ip_network
from types import FrameType
from typing import Any

import click

from aikg.errors import AikgError, UsageError
from aikg.terminal import graph_of, say

HEAD_SECONDS = 10.0
"""How long the head of a request may take to arrive."""
SEND_SECONDS = 20.0
"""How long a client may leave what is sent to it unread."""
IDLE_SECONDS = 5
"""How long a connection may stay open between two requests."""
CONNECTIONS = 256
"""Connections at once; more are closed at once."""
HEAD_BYTES = 32_768


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True,
              help="Address to listen on; only this machine reaches the default.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535),
              help="Port to listen on; 0 takes any that is free.")
@click.option("--limit", default=5.0, show_default=True, metavar="SECONDS",
              help="Stop an ad-hoc query after so long.")
@click.option("--rows", default=10_000, show_default=True, type=click.IntRange(1),
              help="Rows of an answer; what is cut says so.")
@click.option("--body", default=1 << 20, show_default=True, metavar="BYTES",
              type=click.IntRange(1), help="Bytes of a request's body.")
@click.option("--concurrency", default=4, show_default=True, type=click.IntRange(1, 64),
              help="Ad-hoc queries that run at once.")
@click.option("--proxy", "proxies", multiple=True, metavar="CIDR",
              help="A proxy whose X-Forwarded headers are believed, such as 127.0.0.1/32.")
@click.pass_context
def serve(
    context: click.Context, host: str, port: int, limit: float, rows: int, body: int,
    concurrency: int, proxies: tuple[str, ...],
) -> int:
    """Serve the graph over HTTP: pages, a SPARQL endpoint, an API; until Ctrl-C.

    Stored queries run as they are. Ad-hoc SPARQL runs within the limits below, in a process that
    can open neither a file nor a connection.

    Example: aikg serve --port 8000
    """
    if not 0 < limit < 86_400:
        raise UsageError("--limit takes a number of seconds above 0")
    trusted = tuple(map(_network, proxies))
    graph = graph_of(context)
    listening = _listen(host, port)
    try:
        from aikg.web.site import Limits, Site

        site = Site(graph, Limits(limit, rows, body, concurrency), proxies=trusted)
    except ImportError as error:
        raise AikgError("the server needs more libraries: pip install 'aikg[serve]'") from error
    with listening, _terminable():
        name, number = listening.getsockname()[:2]
        shown = f"[{name}]" if ":" in name else name
        say(f"aikg serves http://{shown}:{number}/ (Ctrl-C ends it)")
        _run(site, listening)
    return 0


def _network(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text)
    except ValueError as error:
        raise UsageError(f"--proxy takes an address or a network: {error}") from error


def _listen(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises AikgError where there can be none."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=CONNECTIONS)
    except OSError as error:
        raise AikgError(f"cannot listen on {host}, port {port}: {error.strerror}") from error


@contextmanager
def _terminable() -> Iterator[None]:
    """SIGTERM ends the process as Ctrl-C does, but well: whatever is open is closed."""
    def end(number: int, frame: FrameType | None) -> None:
        sys.exit(0)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    except SystemExit:
        pass
    finally:
        signal.signal(signal.SIGTERM, before)


def _run(site: Any, listening: socket.socket) -> None:
    """Serve until a signal comes."""
    import uvicorn
    from uvicorn.protocols.http.h11_impl import H11Protocol

    from aikg.web.app import make_app

    class Connection(H11Protocol):
        """A connection that waits for a slow client only so long."""

        waiting: asyncio.TimerHandle | None = None
        unread: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            if len(self.connections) > CONNECTIONS:
                transport.abort()
            self._wait()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            self._wait()

        def _wait(self) -> None:
            """Close the connection if the head that is awaited does not come in time."""
            idle = self.cycle is None or self.cycle.response_complete
            if not idle and self.waiting:
                self.waiting.cancel()
                self.waiting = None
            elif idle and not self.waiting:
                self.waiting = self.loop.call_later(HEAD_SECONDS, self.transport.abort)

        def pause_writing(self) -> None:
            super().pause_writing()
            self.unread = self.loop.call_later(SEND_SECONDS, self.transport.abort)

        def resume_writing(self) -> None:
            super().resume_writing()
            if self.unread:
                self.unread.cancel()

        def timeout_keep_alive_handler(self) -> None:
            super().timeout_keep_alive_handler()
            # What is left to send to a client that reads nothing would keep it open for ever.
            self.loop.call_later(SEND_SECONDS, self.transport.abort)

        def connection_lost(self, exc: Exception | None) -> None:
            super().connection_lost(exc)
            for timer in (self.waiting, self.unread):
                if timer:
                    timer.cancel()

    config = uvicorn.Config(
        make_app(site), http=Connection, loop="asyncio", ws="none", lifespan="off",
        log_config=None, log_level="critical", access_log=False, proxy_headers=False,
        server_header=False, timeout_keep_alive=IDLE_SECONDS, timeout_graceful_shutdown=2,
        h11_max_incomplete_event_size=HEAD_BYTES)
    uvicorn.Server(config).run(sockets=[listening])
