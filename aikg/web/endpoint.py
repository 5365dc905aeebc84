"""An endpoint: what holds for every address. Limits, errors, caching, security headers, CORS.

A handler runs in a thread beside the event loop, one at a time, and what it says to a GET is kept:
the graph does not change while it is served. One that waits for something else is a coroutine,
which is ended when the client goes away, and is not kept.
"""

from __future__ import annotations

import asyncio
import os
import traceback
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from hashlib import sha256
from inspect import iscoroutinefunction
from typing import Any, NamedTuple

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from aikg.errors import AikgError
from aikg.terminal import say
from aikg.web import pages
from aikg.web.exchange import Call, Problem, Reply, problem_reply, refuse
from aikg.web.memory import Memory
from aikg.web.negotiation import HTML, PLAIN
from aikg.web.origin import base_of, prefix_of, trusted
from aikg.web.site import Site
from aikg.web.view import Links

Handler = Callable[[Site, Call], Reply] | Callable[[Site, Call], Awaitable[Reply]]

BODY_SECONDS = 10.0
"""How long the body of a request may take to arrive."""
PROMPT_SECONDS = 0.02
"""After so long it is looked whether the client is still there: to look costs more than it takes
to answer most."""
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
CLOSE = {"connection": "close"}
"""For a reply before the whole body was read: what is left of it is no next request."""


class Entry(NamedTuple):
    """A line of the route table."""

    path: str
    handler: Handler
    more: tuple[str, ...] = ()
    """Methods beside GET, HEAD and OPTIONS."""


class Endpoint:
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
        """Answer one request (ASGI 3)."""
        request = Request(scope, receive)
        accept = _field(request, "accept")
        try:
            reply = await self._reply(request, accept)
        except Problem as problem:
            links = Links(self._prefix(request))
            html = Reply(pages.problem(self.site.view, links, problem).encode(), HTML)
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
        prefix = self._prefix(request)
        own = request.scope.get("server") or ("127.0.0.1", 8000)
        base = base_of(request.headers, request.scope["scheme"], own, self._trusts(request))
        return Call(
            request.scope["path"], request.scope["query_string"].decode("latin-1"), request.method,
            accept, base + prefix, prefix, request.path_params,
            await self._body(request), _field(request, "content-type") or "")

    def _trusts(self, request: Request) -> bool:
        return bool(self.site.proxies) and trusted(
            request.client.host if request.client else "", self.site.proxies)

    def _prefix(self, request: Request) -> str:
        return prefix_of(request.headers) if self._trusts(request) else ""

    async def _body(self, request: Request) -> bytes:
        """The body. Raises Problem where it is packed, too large, or comes too slowly."""
        if request.method not in self.entry.more:
            return b""
        if (_field(request, "content-encoding") or "identity").lower() != "identity":
            raise Problem(415, "a body is sent as it is, not compressed",
                          {**CLOSE, "accept-encoding": "identity"})
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
        if status == 200 and request.method in ("GET", "HEAD"):
            headers["etag"] = f'"{sha256(reply.form.suffix.encode() + body).hexdigest()[:32]}"'
            headers.setdefault("cache-control", "no-cache")
            if _known(_field(request, "if-none-match") or "", headers["etag"]):
                return Response(b"", 304, headers)
        if status != 204:
            headers["content-type"] = reply.form.content_type
            headers["content-length"] = str(len(body))
        return Response(b"" if request.method == "HEAD" else body, status, headers)


def _field(request: Request, name: str) -> str | None:
    """The value of a header field; one of several lines is a list (RFC 9110, section 5.3)."""
    return ", ".join(request.headers.getlist(name)) or None


async def _attended(request: Request, work: Coroutine[Any, Any, Reply]) -> Reply:
    """The reply; where the client goes away before it is there, the work is ended."""
    leash = asyncio.timeout(None)
    watching: list[asyncio.Task[None]] = []
    timer = asyncio.get_running_loop().call_later(  # most are answered by then
        PROMPT_SECONDS, lambda: watching.append(asyncio.ensure_future(_departure(request, leash))))
    try:
        async with leash:
            return await work
    except TimeoutError as error:
        raise (ClientDisconnect if leash.expired() else error) from error
    finally:
        timer.cancel()
        for task in watching:
            task.cancel()


async def _departure(request: Request, leash: asyncio.Timeout) -> None:
    """Wait until the client is gone, and then end what is done for it."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
    with suppress(RuntimeError):  # it is done
        leash.reschedule(0)


def _known(wanted: str, etag: str) -> bool:
    """Whether an If-None-Match names the tag (RFC 9110, section 13.1.2: weakly compared)."""
    tags = [tag.strip().removeprefix("W/") for tag in wanted.split(",")]
    return etag in tags or "*" in tags
