"""An exchange over HTTP under limits: how long it takes in all, and where it may go.

urllib's own opener reads files and FTP, carries credentials to whichever host a redirect names, and
knows a limit for each read but none for the whole.
"""

from __future__ import annotations

import http.client
import threading
import zlib
from collections.abc import Mapping
from time import monotonic
from typing import IO, Any
from urllib import error as errors
from urllib import request as urllib
from urllib.parse import SplitResult, urlsplit

from aikg.errors import EndpointError, UsageError
from aikg.reply import Reply, plain, printable, read_reply, seconds

MESSAGE = 1 << 13
"""Bytes that are read of a server's own message."""
SCHEMES = {"http": 80, "https": 443}
MEANINGS = {
    401: "needs the right user and password: set AIKG_ENDPOINT_USER and AIKG_ENDPOINT_PASSWORD, "
         "or name the host in ~/.netrc",
    404: "nothing is there: is this the address of a SPARQL endpoint?",
}


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
            urllib.ProxyHandler(), urllib.HTTPHandler(), urllib.HTTPSHandler(),
            urllib.HTTPDefaultErrorHandler(), urllib.HTTPErrorProcessor(), _Redirects()]
        if credentials:
            known = urllib.HTTPPasswordMgrWithDefaultRealm()
            known.add_password(None, _origin(urlsplit(url)), *credentials)
            handlers += [urllib.HTTPBasicAuthHandler(known), _Digest(known)]
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
            return read_reply(response.status, response.headers, response, deadline)

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
            said = plain(problem.read(MESSAGE))
        except (OSError, http.client.HTTPException, ValueError):  # closed, after a redirect
            said = ""
        problem.close()
        meaning = MEANINGS.get(problem.code) or said or problem.reason or "no reason given"
        return self._error(f"HTTP {problem.code}: {meaning}", problem.code,
                           seconds(problem.headers.get("Retry-After")))

    def _error(self, message: str, status: int | None = None,
               retry_after: float | None = None) -> EndpointError:
        return EndpointError(f"{self.name}: {printable(message)}", status, retry_after)


class _Digest(urllib.HTTPDigestAuthHandler):
    """Answers a challenge, and after that before it comes.

    A server may close the connection on a large request that it has to challenge first.
    """

    challenge: Mapping[str, str] | None = None

    def retry_http_digest_auth(self, req: urllib.Request, auth: str) -> Any:
        """Remember the challenge, and answer it."""
        self.challenge = urllib.parse_keqv_list(
            list(filter(None, urllib.parse_http_list(auth.partition(" ")[2]))))
        return super().retry_http_digest_auth(req, auth)

    def http_request(self, req: urllib.Request) -> urllib.Request:
        """Answer the last challenge, which holds until the server makes another one."""
        if self.challenge is not None and not req.has_header("Authorization"):
            answer = self.get_authorization(req, self.challenge)
            if answer:
                req.add_unredirected_header("Authorization", f"Digest {answer}")
        return req

    https_request = http_request


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
