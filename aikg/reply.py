"""A reply over HTTP, read within limits of size and time, and what an error may repeat of it."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from email.message import Message
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import IO, NamedTuple

LARGEST = 512 << 20
"""Bytes that an answer may have, as sent and unpacked."""
READ = 1 << 16
REASON = 300
"""Characters of a server's own message that an error repeats."""


class Reply(NamedTuple):
    """What a server answered."""

    status: int
    media_type: str
    """In lower case, without parameters; empty where none was sent."""
    body: bytes
    headers: Mapping[str, str] = {}
    """By their names in lower case."""


def read_reply(status: int, headers: Message, stream: IO[bytes], deadline: float) -> Reply:
    """All of a reply, unpacked; `deadline` is a time of time.monotonic.

    Raises ValueError, TimeoutError, zlib.error, and what the stream raises.
    """
    declared = headers.get("Content-Length", "")
    packed = headers.get("Content-Encoding", "identity").strip().lower()
    if packed not in ("identity", "gzip", "x-gzip", ""):
        raise ValueError(f"sends an encoding that was not asked for, {packed[:40]!r}")
    parts = _bounded(stream, deadline, int(declared) if declared.isdecimal() else None)
    body = b"".join(_unpacked(parts) if "gzip" in packed else parts)
    media_type = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return Reply(status, media_type, body, {
        name.lower(): value for name, value in headers.items()})


def _bounded(stream: IO[bytes], deadline: float, declared: int | None) -> Iterator[bytes]:
    """What a stream holds, piece by piece, within size and time."""
    size = 0
    while piece := getattr(stream, "read1", stream.read)(READ):
        size += len(piece)
        if size > LARGEST:
            raise ValueError(f"the answer is larger than {LARGEST >> 20} MB")
        if monotonic() > deadline:
            raise TimeoutError
        yield piece
    if declared is not None and size != declared:
        raise ValueError(f"the answer broke off after {size} of {declared} bytes")


def _unpacked(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Gzip undone, within size: a small file may hold a large one."""
    size, unpack = 0, zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    for piece in pieces:
        while piece:
            found = unpack.decompress(piece, READ)
            piece = unpack.unconsumed_tail
            size += len(found)
            if size > LARGEST:
                raise ValueError(f"the answer is larger than {LARGEST >> 20} MB")
            yield found
    yield unpack.flush()
    if not unpack.eof:
        raise ValueError("the answer broke off")


def plain(body: bytes) -> str:
    """The first words of a server's message, without tags."""
    text = re.sub(r"<(style|script)\b.*?</\1>|<[^<>]{0,300}>", " ", body.decode("utf-8", "replace"),
                  flags=re.DOTALL | re.IGNORECASE)
    text = printable(text)
    return text if len(text) <= REASON else text[:REASON - 1] + "…"


def printable(text: str) -> str:
    """A text in one line, without what commands a terminal."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def seconds(header: str | None) -> float | None:
    """The seconds that Retry-After asks for, as a number or a date (RFC 9110, section 10.2.3)."""
    from datetime import UTC, datetime

    text = (header or "").strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return float(text)
    try:
        return max((parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return None
