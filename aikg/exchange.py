"""An exchange over HTTP under limits: its whole time, the size of what comes, and where it goes.

urllib's own opener reads files and FTP, carries credentials to whichever host a redirect names, and
knows a limit for each read but none for the whole.
"""

from __future__ import annotations

import http.client
import re
import threading
import zlib
from collections.abc import Iterator, Mapping
from email.message import Message
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import IO, Any, NamedTuple
from urllib import error as errors
from urllib import request as urllib
from urllib.parse import SplitResult, urlsplit

from aikg.errors import EndpointError, UsageError

LARGEST = 512 << 20
"""Bytes that an answer may have, as sent and unpacked."""
READ = 1 << 16
REASON = 300
"""Characters of a server's own message that an error repeats."""
SCHEMES = {"http": 80, "https": 443}
MEANINGS = {
    401: "needs the right user and password: set AIKG_ENDPOINT_USER and AIKG_ENDPOINT_PASSWORD, "
         "or name the host in ~/.netrc",
    404: "nothing is there: is this the address of a SPARQL endpoint?",
}


class Reply(NamedTuple):
    """What a server answered."""

    status: int
    media_type: str
    """In lower case, without parameters; empty where none was sent."""
    body: bytes
    headers: Mapping[str, str] = {}
    """By their names in lower case."""


def check_url(url: str) -> str:
    """The URL, if requests may go there.

    Raises UsageError unless it is http or https with a host, and for user or password in it.
    """
    try:
        parts = urlsplit(url)
        good = parts.scheme in SCHEMES and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        good = False
    if not good or any(ord(c) <= 32 or ord(c) == 127 for c in url) or not url.isascii():
        raise UsageError("an endpoint is a URL such as http://localhost:7878/query")
    if "@" in parts.netloc:
        raise UsageError("no user or password in a URL: set AIKG_ENDPOINT_USER and "
                         "AIKG_ENDPOINT_PASSWORD, or use ~/.netrc")
    if parts.fragment:
        raise UsageError("an endpoint's URL has no #")
    return url


class Courier:
    """Sends requests to one server, with its credentials if there are any."""

    def __init__(self, url: str, credentials: tuple[str, str] | None = None) -> None:
        """`credentials`, user and password, are shown to the server of `url` when it asks.

        Raises UsageError as check_url does.
        """
        self.name = check_url(url).partition("?")[0]
        """The URL as messages show it: parameters may hold a key."""
        self._basic = ""  # the header that the server took, so that it need not ask each time
        self._opener = urllib.OpenerDirector()
        handlers: list[urllib.BaseHandler] = [
            urllib.ProxyHandler(), urllib.HTTPHandler(),
            urllib.HTTPSHandler(),
            urllib.HTTPDefaultErrorHandler(), urllib.HTTPErrorProcessor(), _Redirects()]
        if credentials:
            known = urllib.HTTPPasswordMgrWithDefaultRealm()
            known.add_password(None, _origin(urlsplit(url)), *credentials)
            handlers += [urllib.HTTPBasicAuthHandler(known), urllib.HTTPDigestAuthHandler(known)]
        for handler in handlers:
            self._opener.add_handler(handler)

    def send(self, request: urllib.Request, timeout: float) -> Reply:
        """The reply to a request, once all of it is there; `timeout` is in seconds for the whole.

        Raises EndpointError in one line that names the server.
        """
        done: list[Reply | Exception] = []
        deadline = monotonic() + timeout

        def work() -> None:
            try:
                done.append(self._exchange(request, deadline))
            except Exception as problem:  # noqa: BLE001 - raised again where it can be caught
                done.append(self._explained(problem, timeout))

        # Names are looked up, TLS is agreed on and headers are read without a limit for the whole.
        # So this happens beside, and is left to itself when the time is over.
        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        thread.join(timeout)
        if not done:
            raise self._error(f"no answer within {timeout:g} s")
        if isinstance(done[0], Exception):
            raise done[0]
        return done[0]

    def _exchange(self, request: urllib.Request, deadline: float) -> Reply:
        if self._basic:
            request.add_unredirected_header("Authorization", self._basic)
        with self._opener.open(request, timeout=max(deadline - monotonic(), 0.001)) as response:
            shown = request.get_header("Authorization", "")
            self._basic = shown if shown.startswith("Basic ") else ""
            return _reply(response.status, response.headers, response, deadline)

    def _explained(self, problem: Exception, timeout: float) -> Exception:
        """Any failure of an exchange as our error."""
        if isinstance(problem, errors.HTTPError):
            return self._refusal(problem)
        if isinstance(problem, errors.URLError) and isinstance(problem.reason, Exception):
            problem = problem.reason
        if isinstance(problem, TimeoutError):
            return self._error(f"no answer within {timeout:g} s")
        if isinstance(problem, ConnectionRefusedError):
            return self._error("refuses connections: is the server running?")
        if isinstance(problem, http.client.IncompleteRead | http.client.RemoteDisconnected):
            return self._error("broke the connection off")
        if isinstance(problem, ValueError | OSError | http.client.HTTPException | zlib.error):
            return self._error(getattr(problem, "strerror", None) or str(problem)
                               or type(problem).__name__)
        return problem

    def _refusal(self, problem: errors.HTTPError) -> EndpointError:
        """An HTTP status of 400 or more, or a redirect that is not followed."""
        try:
            said = _plain(problem.read(READ))
        except (OSError, http.client.HTTPException, ValueError):  # closed, after a redirect
            said = ""
        problem.close()
        meaning = MEANINGS.get(problem.code) or said or problem.reason or "no reason given"
        return self._error(f"HTTP {problem.code}: {meaning}", problem.code,
                           _seconds(problem.headers.get("Retry-After")))

    def _error(self, message: str, status: int | None = None,
               retry_after: float | None = None) -> EndpointError:
        return EndpointError(f"{self.name}: {_printable(message)}", status, retry_after)


class _Redirects(urllib.HTTPRedirectHandler):
    """Follows redirects within one server, and from http to https on the same host."""

    max_redirections = 5

    def redirect_request(self, req: urllib.Request, fp: IO[bytes], code: int, msg: str,
                         headers: http.client.HTTPMessage, newurl: str) -> urllib.Request | None:
        before, after = urlsplit(req.full_url), urlsplit(newurl)
        upgraded = before._replace(scheme="https", netloc=before.hostname or "")
        if _origin(after) not in (_origin(before), _origin(upgraded)) or "@" in after.netloc:
            raise ValueError(f"redirects to another server, {after.scheme}://{after.hostname}: "
                             "if that is right, give its URL")
        with fp:
            again = code != 303  # a query in the body of a POST would be lost by a GET
            kept = {name: value for name, value in req.headers.items()
                    if again or not name.lower().startswith("content-")}
            return urllib.Request(newurl, req.data if again else None, kept, req.origin_req_host,
                                  True, req.get_method() if again else "GET")

    # The handler of Python 3.11 takes them; this one sends a POST again, which it would not.
    http_error_307 = http_error_308 = urllib.HTTPRedirectHandler.http_error_302


def _origin(parts: SplitResult) -> str:
    """Scheme, host and port of a URL, written one way."""
    host = parts.hostname or ""
    place = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{place}:{parts.port or SCHEMES.get(parts.scheme, 0)}"


def _reply(status: int, headers: Message, stream: IO[bytes], deadline: float) -> Reply:
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


def _plain(body: bytes) -> str:
    """The first words of a server's message, without tags."""
    text = re.sub(r"<(style|script)\b.*?</\1>|<[^<>]{0,300}>", " ", body.decode("utf-8", "replace"),
                  flags=re.DOTALL | re.IGNORECASE)
    text = _printable(text)
    return text if len(text) <= REASON else text[:REASON - 1] + "…"


def _printable(text: str) -> str:
    """A text in one line, without what commands a terminal."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _seconds(header: Any) -> float | None:
    """The seconds that Retry-After asks for, as a number or a date (RFC 9110, section 10.2.3)."""
    from datetime import UTC, datetime

    text = str(header or "").strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return float(text)
    try:
        return max((parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return None
