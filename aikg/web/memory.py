"""The memory of a server: replies that were made before, the last used kept longest."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable

from aikg.web.exchange import Reply

SHARE = 16
"""A reply larger than this part of the whole is not kept."""
OVERHEAD = 1_000
"""Bytes that an entry takes beside its body and its key, about."""


class Memory:
    """Replies by what was asked, up to a number of bytes in all."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.size = 0
        self._kept: OrderedDict[Hashable, tuple[Reply, int]] = OrderedDict()

    def get(self, key: Hashable) -> Reply | None:
        """The reply that was kept under the key; None where there is none."""
        found = self._kept.get(key)
        if found is None:
            return None
        self._kept.move_to_end(key)
        return found[0]

    def put(self, key: Hashable, reply: Reply) -> None:
        """Keep a reply, and forget those that were not used for the longest time."""
        size = len(reply.body) + len(repr(key)) + OVERHEAD
        if size > self.most // SHARE or key in self._kept:
            return
        self._kept[key] = (reply, size)
        self.size += size
        while self.size > self.most:
            _, (_, freed) = self._kept.popitem(last=False)
            self.size -= freed
