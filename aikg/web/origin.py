"""The origin: by what address a client reaches this server, and whom to believe about it.

Host and the X-Forwarded headers are what a client says. They are believed of a proxy that was
configured, and a Host also where it is a name of this very machine: else a reply could be made to
point anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from ipaddress import IPv4Network, IPv6Network, ip_address

PREFIX = re.compile(r"(/[A-Za-z0-9._~-]+)+")
HOST = re.compile(r"[A-Za-z0-9.-]+(:[0-9]+)?|\[[0-9A-Fa-f:.]+\](:[0-9]+)?")


def trusted(client: str, proxies: Iterable[IPv4Network | IPv6Network]) -> bool:
    """Whether the client, by its address, is a proxy whose word is taken."""
    try:
        address = ip_address(client)
    except ValueError:
        return False
    return any(address in network for network in proxies)


def prefix_of(headers: Mapping[str, str]) -> str:
    """The path under which a trusted proxy shows this server; empty where it names none."""
    given = headers.get("x-forwarded-prefix", "").rstrip("/")
    return given if PREFIX.fullmatch(given) else ""


def base_of(
    headers: Mapping[str, str], scheme: str, own: tuple[str, int], believed: bool,
) -> str:
    """Scheme and host by which the client reaches this server.

    `own` are address and port of the socket, which stand in for what is not to be believed.
    """
    host, port = own
    local = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    given = headers.get("host", "")
    if believed:
        given = headers.get("x-forwarded-host", given)
        asked = headers.get("x-forwarded-proto", scheme)
        scheme = asked if asked in ("http", "https") else scheme
        return f"{scheme}://{given if HOST.fullmatch(given) else local}"
    names = (f"localhost:{port}", f"127.0.0.1:{port}", f"[::1]:{port}")
    return f"{scheme}://{given if given in names else local}"
