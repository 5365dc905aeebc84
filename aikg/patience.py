"""Patience: an endpoint asked politely, with pauses, and not for ever.

What a server asks for is obeyed: it is left alone for as long as `Retry-After` says (RFC 9110,
section 10.2.3), else for twice as long each time. An answer that is none is not asked for again.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from aikg import __version__
from aikg.endpoint import Endpoint
from aikg.errors import EndpointError, UsageError
from aikg.store import Engine, Result, Solutions

TRANSIENT = frozenset({429, 500, 502, 503, 504})
"""HTTP status codes after which the same request may yet succeed; and where there was none."""
REQUEST = 60.0
"""Seconds for one request; the Wikidata Query Service allows a query as many."""
AGENT = f"aikg/{__version__}"
CONTACT = "https://w3id.org/aikg"
Answer = TypeVar("Answer")


@dataclass
class Patient:
    """An endpoint behind which is patience; an aikg.store.Engine."""

    connect: Callable[[float], Engine]
    """Gives an engine that answers within so many seconds."""
    deadline: float = 600.0
    """Seconds for all requests together, pauses included."""
    tries: int = 4
    """How often one request is sent at most."""
    pause: float = 1.0
    """Seconds before the second try; twice as many before each further one."""
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random
    """A number from 0 to 1, so that many clients do not come back at once."""
    told: Callable[[str], None] = lambda _: None
    """Is told why there is a pause."""
    _end: float | None = field(default=None, init=False)

    def query(self, text: str, graphs: Sequence[str] = ()) -> Result:
        """The result of any query form; see Engine. Raises EndpointError when patience ends."""
        return self._ask(lambda engine: engine.query(text, graphs))

    def select(self, text: str, graphs: Sequence[str] = ()) -> Solutions:
        """The solutions of a SELECT; see Engine. Raises EndpointError when patience ends."""
        return self._ask(lambda engine: engine.select(text, graphs))

    def _ask(self, ask: Callable[[Engine], Answer]) -> Answer:
        if self._end is None:
            self._end = self.clock() + self.deadline
        for number in range(1, self.tries + 1):
            left = self._end - self.clock()
            if left <= 0:
                raise EndpointError(f"not done within {self.deadline:g} s")
            try:
                return ask(self.connect(min(left, REQUEST)))
            except EndpointError as error:
                if not (error.status is None or error.status in TRANSIENT):
                    raise
                if number == self.tries:
                    raise EndpointError(f"{error} (tried {number} times)", error.status) from error
                self._wait(error, number, self._end)
        raise AssertionError("unreachable: the last try returns or raises")

    def _wait(self, error: EndpointError, number: int, end: float) -> None:
        """Pause before the next try; raise the error where that would be after the deadline."""
        pause = self.pause * 2 ** (number - 1) * (1 + self.jitter())
        if error.retry_after is not None:
            pause = max(error.retry_after, 0.0) + self.jitter()
        if self.clock() + pause >= end:
            raise EndpointError(f"{error}: a pause of {pause:.0f} s would outlast the deadline",
                                error.status) from error
        self.told(f"{error}: waiting {pause:.0f} s")
        self.sleep(pause)


def patient(
    url: str, deadline: float, told: Callable[[str], None], contact: str | None = None,
) -> Patient:
    """Patience with the endpoint at a URL, asked about the graph that the server chooses.

    `deadline` is in seconds; `contact` tells its owner whom to write to, that of AIKG_CONTACT if it
    is None (the Wikimedia User-Agent policy asks for one). Raises UsageError for a URL or a contact
    that is none.
    """
    who = os.environ.get("AIKG_CONTACT", "") if contact is None else contact
    if not (who.isprintable() and who.isascii()) or {*who} & {*"()"}:
        raise UsageError("a contact is an address in ASCII, without brackets")
    agent = f"{AGENT} ({who or CONTACT})"
    Endpoint(url)  # a wrong URL is told before anything is done
    return Patient(lambda left: Endpoint(url, default_graph=None, timeout=left, agent=agent),
                   deadline, told=told)
