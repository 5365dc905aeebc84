"""The application: the route table, and the handlers that are a line or two.

A route is a line in ROUTES: a path, its handler, and the methods beside GET and HEAD. A handler
takes the Site and the Call, returns a Reply or raises a Problem or an error of ours.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from aikg.web import pages
from aikg.web.description import examples, void
from aikg.web.endpoint import Endpoint, Entry
from aikg.web.exchange import Call, Problem, Reply
from aikg.web.extension import properties
from aikg.web.memory import Memory
from aikg.web.negotiation import HTML, PLAIN, Form
from aikg.web.openapi import openapi
from aikg.web.protocol import sparql
from aikg.web.question import ask
from aikg.web.reconcile import preview, reconcile, suggest
from aikg.web.resource import resource, search, whole_graph
from aikg.web.site import Site
from aikg.web.stored import queries, query
from aikg.web.view import Links

KEPT = 32 << 20
"""Bytes of replies that are kept."""
MEDIA_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


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


ROUTES = (  # they are tried in this order
    Entry("/sparql", sparql, ("POST",)),
    Entry("/query/{name}", query),
    Entry("/", home),
    Entry("/about", about),
    Entry("/ask", ask),
    Entry("/ask.{suffix}", ask),
    Entry("/query", queries),
    Entry("/query.{suffix}", queries),
    Entry("/search", search),
    Entry("/search.{suffix}", search),
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
    Entry("/graph", void),
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
    routes = [Route(entry.path, Endpoint(site, entry, lane, memory)) for entry in ROUTES]
    unknown = Endpoint(site, Entry("", _unknown), lane, memory)
    return Starlette(routes=[*routes, Route("/{rest:path}", unknown)],
                     middleware=[Middleware(_Target)])


def _unknown(site: Site, call: Call) -> Reply:
    raise Problem(404, f"there is nothing at {call.path[:100]!r}")


class _Target:
    """Takes `*` and each path without a slash at its end.

    `/query/` is taken for `/query` without a redirect, which would have to believe a Host.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            path = scope["path"]
            if (scope["method"], path) == ("OPTIONS", "*"):
                path = ""
            scope = {**scope, "path": "/" * (path[:1] != "/") + path.rstrip("/") or "/"}
        await self.app(scope, receive, send)
