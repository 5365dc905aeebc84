"""Ahead: something made in a thread of its own while other work goes on, as a store is loaded."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import Generic, TypeVar

Made = TypeVar("Made")


class Ahead(Generic[Made]):
    """What `make` gives, begun at once. The engine lets other threads run while it loads."""

    def __init__(self, make: Callable[[], Made]) -> None:
        """`make` takes nothing; what it raises is raised where its result is taken."""
        self._make = make
        self._result: Made | BaseException | None = None
        self._thread = Thread(target=self._run)
        self._thread.start()

    def take(self) -> Made:
        """What was made, once it is; raises what `make` raised."""
        self._thread.join()
        if isinstance(self._result, BaseException):
            raise self._result
        return self._result  # type: ignore[return-value]  # set, since the thread has ended

    def _run(self) -> None:
        try:
            self._result = self._make()
        except BaseException as error:  # noqa: BLE001 - it is raised again by `take`
            self._result = error
