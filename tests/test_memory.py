"""The memory of a server: it keeps what was used last, and stays within its size."""

from __future__ import annotations

from aikg.web.exchange import Reply
from aikg.web.memory import OVERHEAD, Memory
from aikg.web.negotiation import CSV


def reply(size: int) -> Reply:
    return Reply(bytes(size), CSV)


def test_what_was_used_last_is_kept_longest() -> None:
    memory = Memory(20 * 5_000)
    for number in range(40):
        memory.put(number, reply(4_000 - OVERHEAD))
        memory.get(0)
    assert memory.get(0) == reply(4_000 - OVERHEAD)
    assert memory.get(1) is None
    assert memory.get(39) is not None
    assert memory.size <= memory.most


def test_it_stays_within_its_size_whatever_is_put() -> None:
    memory = Memory(100_000)
    for number in range(2_000):
        memory.put(("/" + "x" * (number % 900), number), reply(number * 37 % 7_000))
        assert memory.size <= memory.most
    assert memory.size > 90_000


def test_what_is_large_is_not_kept_and_nothing_is_counted_twice() -> None:
    memory = Memory(100_000)
    memory.put("large", reply(10_000))
    assert memory.get("large") is None
    memory.put("a", reply(10))
    size = memory.size
    memory.put("a", reply(10))
    assert memory.size == size
