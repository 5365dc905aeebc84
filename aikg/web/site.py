"""A site: what all requests share. The graph, the templates, and the limits that hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network

from aikg.graph import Graph
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
    """Characters of a question in words: the time to understand one grows faster than its length."""


@dataclass(frozen=True)
class Site:
    """What all requests share."""

    graph: Graph
    limits: Limits = Limits()
    view: View = field(default_factory=View)
    static: dict[str, bytes] = field(default_factory=static_files)
    proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    """Whose word on how the client reached us is taken."""
