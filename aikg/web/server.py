"""The command `aikg serve`: its limits, its socket, its helpers, and how it ends."""

from __future__ import annotations

import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv4Network, IPv6Network, ip_network
from types import FrameType

import click

from aikg.errors import AikgError, UsageError
from aikg.graph import Graph
from aikg.guard import guard_available, run_guarded
from aikg.terminal import emit, graph_of, say, viewed
from aikg.warden import Warden

TRYING = 60.0
"""Seconds in which a store on disk must open."""
FIRST = """
SELECT * { ?a aikg:funds ?b . ?a a ?c . OPTIONAL { ?b ?d ?e FILTER(?e != ?a) } } LIMIT 1"""
"""What each child does before it has a job, so that the memory which most jobs touch is its own.

Without an order, which would read all of a large graph: the first match is enough.
"""
BACKLOG = 128
"""Connections that wait to be accepted."""


@viewed
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
    can open neither a file nor a connection; over a store on disk, files but no connection.

    The address goes to stdout. Needs the extra `serve`.

    Example: aikg serve --port 8000
    """
    if not 0 < limit < 86_400:
        raise UsageError("--limit takes a number of seconds above 0")
    trusted = tuple(map(_network, proxies))
    _serve(graph_of(context), (host, port), (limit, rows, body, concurrency), trusted)
    return 0


def _serve(
    graph: Graph, place: tuple[str, int], limits: tuple[float, int, int, int],
    proxies: tuple[IPv4Network | IPv6Network, ...],
) -> None:
    """Serve until a signal comes. `limits` are the first of aikg.web.site.Limits, in order."""
    with _listen(*place) as listening, _terminable(), _guarding(
            graph, limits[3], limits[0]) as warden:
        try:
            from aikg.web.app import make_app
            from aikg.web.connection import serve_on
            from aikg.web.site import Limits, Site
        except ImportError as error:
            raise AikgError("the server needs more: pip install 'aikg[serve]'") from error
        graph.wants_value = graph.built.path is not None
        site = Site(graph, Limits(*limits), warden, proxies)
        say("serving until Ctrl-C")
        serve_on(listening, make_app(site), lambda: emit(_address(listening)))


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}/\n" if ":" in host else f"http://{host}:{port}/\n"


@contextmanager
def _guarding(graph: Graph, count: int, seconds: float) -> Iterator[Warden | None]:
    """The helpers, forked before anything here has threads; None where there can be none."""
    on_disk = graph.built.path is not None
    if not guard_available(on_disk):
        say("ad-hoc SPARQL is refused: this system cannot put limits on it")
        yield None
        return
    from aikg.web.adhoc import Dataset, Job

    dataset = Dataset(graph.built)
    first = Job(FIRST, "application/sparql-results+json", None, 1).written()
    if dataset.prepare:  # an open one does not outlive a fork, so it is tried in a child
        run_guarded(lambda: dataset.work(first), TRYING, prepare=dataset.prepare)
    else:
        dataset.work(first)  # the child can import nothing
    warden = Warden(dataset.work, count, seconds, prepare=dataset.prepare,
                    first=first)
    try:
        yield warden
    finally:
        warden.close()


def _network(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text)
    except ValueError as error:
        raise UsageError(f"--proxy takes an address or a network: {error}") from error


def _listen(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises AikgError where there can be none."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise AikgError(f"cannot listen on {host}, port {port}: {error.strerror}") from error


@contextmanager
def _terminable() -> Iterator[None]:
    """SIGTERM ends the process as Ctrl-C does, with all clean-up; the exit code is 0."""
    def end(number: int, frame: FrameType | None) -> None:
        sys.exit(0)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    except SystemExit:
        pass
    finally:
        signal.signal(signal.SIGTERM, before)
