"""The application: the route table, and what holds for every reply. Starlette stands behind it.

A route is a line in ROUTES: a path, its handler, and the methods beside GET and HEAD. A handler
takes the Site and the Call, returns a Reply or raises a Problem or an error of ours. It runs in a
thread beside the event loop, one at a time, and what it says to a GET is kept: the graph does not
change while it is served. One that waits for something else is a coroutine, and is not kept.
"""

from __future__ import annotations

import asyncio
import os
import re
import traceback
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from inspect import iscoroutinefunction
from ipaddress import ip_address
from typing import Any, NamedTuple

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from aikg.errors import AikgError
from aikg.terminal import say
from aikg.web import pages
from aikg.web.description import examples, void
from aikg.web.exchange import Call, Problem, Reply, problem_reply, refuse
from aikg.web.extension import properties
from aikg.web.memory import Memory
from aikg.web.negotiation import HTML, PLAIN, Form
from aikg.web.openapi import openapi
from aikg.web.protocol import sparql
from aikg.web.reconcile import preview, reconcile, suggest
from aikg.web.resource import resource, search, whole_graph
from aikg.web.site import Site
from aikg.web.stored import ask, queries, query
from aikg.web.view import Links

Handler = Callable[[Site, Call], Reply] | Callable[[Site, Call], Awaitable[Reply]]

BODY_SECONDS = 10.0
"""How long the body of a request may take to arrive."""
POLICY = ("default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; "
          "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
SECURITY = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
}
CORS = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers":
        "Link, ETag, Content-Location, Retry-After, X-SPARQL-MaxRows, Aikg-Reason, Aikg-Diagnosis",
}
KEPT = 32 << 20
"""Bytes of replies that are kept."""
CLOSE = {"connection": "close"}
"""For a reply before the whole body was read: what is left of it is no next request."""
PREFIX = re.compile(r"(/[A-Za-z0-9._~-]+)+")
HOST = re.compile(r"[A-Za-z0-9.-]+(:[0-9]+)?|\[[0-9A-Fa-f:.]+\](:[0-9]+)?")
MEDIA_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


class Entry(NamedTuple):
    """A line of the route table."""

    path: str
    handler: Handler
    more: tuple[str, ...] = ()
    """Methods beside GET, HEAD and OPTIONS."""


def home(site: Site, call: Call) -> Reply:
    """The front page."""
    return page(pages.home(site.graph, site.view, Links(call.prefix)))


def about(site: Site, call: Call) -> Reply:
    """What the graph is, and what the grades mean."""
    return page(pages.about(site.graph, site.view, Links(call.prefix)))


def static(site: Site, call: Call) -> Reply:
    """A file that pages refer to."""
    name = call.names["name"]
    content = site.static.get(name)
    if content is None:
        raise Problem(404, "there is no such file")
    ending = name.rpartition(".")[2]
    return Reply(content, Form(ending, MEDIA_TYPES.get(ending, "application/octet-stream")))


def ping(site: Site, call: Call) -> Reply:
    """That the server is there."""
    return Reply(b"ok\n", PLAIN)


ROUTES = (
    Entry("/", home),
    Entry("/about", about),
    Entry("/ask", ask),
    Entry("/ask.{suffix}", ask),
    Entry("/query", queries),
    Entry("/query.{suffix}", queries),
    Entry("/query/{name}", query),
    Entry("/search", search),
    Entry("/search.{suffix}", search),
    Entry("/sparql", sparql, ("POST",)),
    Entry("/reconcile", reconcile, ("POST",)),
    Entry("/reconcile/suggest/{kind}", suggest),
    Entry("/reconcile/properties", properties),
    Entry("/reconcile/preview", preview),
    Entry("/openapi.json", openapi),
    Entry("/thing/{name}", resource),
    Entry("/claim/{name}", resource),
    Entry("/source/{name}", resource),
    Entry("/source/{name}/{passage}", resource),
    Entry("/ontology", resource),
    Entry("/ontology.{suffix}", resource),
    Entry("/ontology/{name}", resource),
    Entry("/module/{name}", resource),
    Entry("/align/{name}", resource),
    Entry("/graph/{name}", whole_graph),
    Entry("/.well-known/void", void),
    Entry("/.well-known/sparql-examples", examples),
    Entry("/static/{name}", static),
    Entry("/-/ping", ping),
)


def page(text: str) -> Reply:
    """A reply of HTML."""
    return Reply(text.encode(), HTML)


def make_app(site: Site) -> Starlette:
    """The application that serves a site."""
    lane = ThreadPoolExecutor(1, "graph")
    memory = Memory(KEPT)
    routes = [Route(entry.path, _Endpoint(site, entry, lane, memory)) for entry in ROUTES]
    unknown = _Endpoint(site, Entry("", _unknown), lane, memory)
    return Starlette(routes=[*routes, Route("/{rest:path}", unknown)],
                     middleware=[Middleware(_Slashless)])


def _unknown(site: Site, call: Call) -> Reply:
    raise Problem(404, f"there is nothing at {call.path[:100]!r}")


class _Slashless:
    """Takes `/query/` for `/query`, without a redirect, which would have to believe a Host."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope = {**scope, "path": scope["path"].rstrip("/") or "/"}
        await self.app(scope, receive, send)


class _Endpoint:
    """The ASGI application of one route."""

    def __init__(
        self, site: Site, entry: Entry, lane: ThreadPoolExecutor, memory: Memory,
    ) -> None:
        self.site = site
        self.memory = memory
        self.entry = entry
        self.lane = lane
        self.allow = ", ".join(("GET", "HEAD", "OPTIONS", *entry.more))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        accept = request.headers.get("accept")
        links = Links(prefix_of(self.site, request))
        try:
            reply = await self._reply(request, accept)
        except Problem as problem:
            html = page(pages.problem(self.site.view, links, problem))
            reply = problem_reply(problem, accept, html)
        except ClientDisconnect:
            return
        await self._response(request, reply)(scope, receive, send)

    async def _reply(self, request: Request, accept: str | None) -> Reply:
        """What the handler says; whatever it raises becomes a Problem."""
        if request.method == "OPTIONS":
            return Reply(b"", PLAIN, 204, self._preflight())
        if request.method not in self.allow.split(", "):
            raise Problem(405, f"{request.method[:20]} is not for this address: "
                               f"it takes {self.allow}", {"allow": self.allow})
        call = await self._call(request, accept)
        try:
            handler: Any = self.entry.handler
            if iscoroutinefunction(handler):
                return await _attended(request, handler(self.site, call))
            return await self._remembered(call)
        except AikgError as error:
            refuse(error)
        except (Problem, ClientDisconnect):
            raise
        except Exception as error:
            if "AIKG_TRACEBACK" in os.environ:
                traceback.print_exc()
            say(f"Error: {request.method} {call.path[:200]}: {type(error).__name__}: {error}")
            raise Problem(500, "this server made a mistake") from error

    async def _remembered(self, call: Call) -> Reply:
        """The reply to a call: as it was before, or made now, beside the event loop."""
        key = (call.path, call.query, call.accept, call.base, call.prefix)
        kept = None if call.body else self.memory.get(key)
        if kept is not None:
            return kept
        handler: Any = self.entry.handler
        loop = asyncio.get_running_loop()
        made: Reply = await loop.run_in_executor(self.lane, handler, self.site, call)
        if not call.body:
            self.memory.put(key, made)
        return made

    async def _call(self, request: Request, accept: str | None) -> Call:
        address = len(request.scope.get("raw_path", b"")) + len(request.scope["query_string"])
        if address > self.site.limits.address:
            raise Problem(414, f"an address has at most {self.site.limits.address} bytes")
        prefix = prefix_of(self.site, request)
        return Call(
            request.scope["path"], request.scope["query_string"].decode("latin-1"), request.method,
            accept, base_of(self.site, request) + prefix, prefix, request.path_params,
            await self._body(request), request.headers.get("content-type", ""))

    async def _body(self, request: Request) -> bytes:
        """The body. Raises Problem where it is too large, or comes too slowly."""
        if request.method not in self.entry.more:
            return b""
        most = self.site.limits.body
        announced = request.headers.get("content-length", "0")
        parts: list[bytes] = []
        size = int(announced) if announced.isdecimal() else 0
        try:
            async with asyncio.timeout(BODY_SECONDS):
                if size <= most:
                    size = 0
                    async for part in request.stream():
                        parts.append(part)
                        size += len(part)
                        if size > most:
                            break
        except TimeoutError as error:
            raise Problem(408, "the body came too slowly", CLOSE) from error
        if size > most:
            raise Problem(413, f"a body has at most {most} bytes", CLOSE)
        return b"".join(parts)

    def _preflight(self) -> dict[str, str]:
        return {"allow": self.allow, "access-control-allow-methods": self.allow,
                "access-control-allow-headers": "Accept, Authorization, Content-Type",
                "access-control-max-age": "86400"}

    def _response(self, request: Request, reply: Reply) -> Response:
        """The reply with what holds for all: ETag, 304, security headers, CORS."""
        body, status = reply.body, reply.status
        headers = {**SECURITY, **CORS, "vary": "Accept", **reply.headers}
        if status == 200:
            headers["etag"] = f'"{sha256(reply.form.suffix.encode() + body).hexdigest()[:32]}"'
            headers.setdefault("cache-control", "no-cache")
            if _known(request.headers.get("if-none-match", ""), headers["etag"]):
                return Response(b"", 304, headers)
        if status != 204:
            headers["content-type"] = reply.form.content_type
            headers["content-length"] = str(len(body))
        return Response(b"" if request.method == "HEAD" else body, status, headers)


async def _attended(request: Request, work: Coroutine[Any, Any, Reply]) -> Reply:
    """The reply; where the client goes away before it is there, the work is ended."""
    job, gone = asyncio.ensure_future(work), asyncio.ensure_future(_departure(request))
    try:
        await asyncio.wait({job, gone}, return_when=asyncio.FIRST_COMPLETED)
        if job.done():
            return job.result()
        raise ClientDisconnect
    finally:
        for task in (job, gone):
            task.cancel()
        await asyncio.wait({job, gone})


async def _departure(request: Request) -> None:
    """Wait until the client is gone."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _known(wanted: str, etag: str) -> bool:
    """Whether an If-None-Match names the tag (RFC 9110, section 13.1.2: weakly compared)."""
    tags = [tag.strip().removeprefix("W/") for tag in wanted.split(",")]
    return etag in tags or "*" in tags


def trusts(site: Site, request: Request) -> bool:
    """Whether the request comes by a proxy whose word is taken."""
    try:
        address = ip_address(request.client.host if request.client else "")
    except ValueError:
        return False
    return any(address in network for network in site.proxies)


def prefix_of(site: Site, request: Request) -> str:
    """The path under which a proxy shows this server; nobody else can set it."""
    given: str = request.headers.get("x-forwarded-prefix", "").rstrip("/")
    return given if PREFIX.fullmatch(given) and trusts(site, request) else ""


def base_of(site: Site, request: Request) -> str:
    """Scheme and host by which the client reaches this server.

    A Host is believed of a proxy, or where it is a name of this very machine: else an answer could
    be made to point anywhere. What is not believed is replaced by the address of the socket.
    """
    host, port = request.scope.get("server") or ("127.0.0.1", 8000)
    own = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    given, scheme = request.headers.get("host", ""), request.scope["scheme"]
    if trusts(site, request):
        given = request.headers.get("x-forwarded-host", given)
        asked = request.headers.get("x-forwarded-proto", scheme)
        scheme = asked if asked in ("http", "https") else scheme
        believed = HOST.fullmatch(given) is not None
    else:
        believed = given in (f"localhost:{port}", f"127.0.0.1:{port}", f"[::1]:{port}")
    return f"{scheme}://{given if believed else own}"
