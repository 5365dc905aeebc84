"""A site: what all requests share. The graph, the templates, and the limits that hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network

from aikg.catalog import OUTSIDE
from aikg.graph import Graph
from aikg.names import GRAPH
from aikg.query import Query
from aikg.warden import Warden
from aikg.web.view import View, static_files


@dataclass(frozen=True)
class Limits:
    """What a client may cost."""

    seconds: float = 5.0
    """How long one ad-hoc query may run, by the wall clock."""
    rows: int = 10_000
    """Rows, or triples, that one answer may have; what is cut says so."""
    body: int = 1 << 20
    """Bytes of the body of a request."""
    concurrency: int = 4
    """Ad-hoc queries that run at once."""
    address: int = 16_384
    """Bytes of an address (RFC 9110, section 4.1 asks for 8,000 at least)."""
    question: int = 200
    """Characters of a question in words: the time to understand one grows much faster than it."""


@dataclass(frozen=True)
class Site:
    """What all requests share."""

    graph: Graph
    limits: Limits = Limits()
    warden: Warden | None = None
    """Runs ad-hoc SPARQL; None where this system has no limits to put on it."""
    proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    """Whose word on how the client reached us is taken."""
    view: View = field(default_factory=View)
    static: Mapping[str, bytes] = field(default_factory=static_files)

    @cached_property
    def graphs(self) -> Mapping[str, int]:
        """The IRI of each graph that may be asked, main first, and how many triples it has."""
        built = self.graph.built
        return {GRAPH + name: built.size(name) for name in built.graphs}


def served(graph: Graph) -> list[Query]:
    """The stored queries that are served, by name: sound ones, that reach no other server.

    One that reads a snapshot of what is said outside is served where there is a snapshot.
    """
    queries = graph.catalog.queries.values()
    return sorted((query for query in queries if not query.error and not is_federated(query)
                   and OUTSIDE not in query.graphs), key=lambda query: query.name)


def is_federated(query: Query) -> bool:
    """Whether a stored query asks other servers, and so is not for strangers to run."""
    return "federated" in query.tags
