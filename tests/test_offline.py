"""Offline: files can be opened, sockets cannot, whatever is tried."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable

import pytest

from aikg.errors import StoreError
from aikg.guard import guard_available, run_guarded
from aikg.offline import can_go_offline

pytestmark = pytest.mark.skipif(
    not guard_available(files=True), reason="that takes Linux on a machine that is known")


def service() -> bytes:
    from pyoxigraph import Store

    return str(Store().query("ASK { SERVICE <http://127.0.0.1:8/> { ?s ?p ?o } }")).encode()


def in_a_child_of_the_child() -> bytes:
    pid = os.fork()
    if pid == 0:
        try:
            socket.socket()
        except PermissionError:
            os._exit(7)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7
    raise PermissionError("Permission denied")


@pytest.mark.parametrize("work", [
    lambda: bytes(socket.socket().fileno()),
    lambda: bytes(socket.socket(socket.AF_UNIX).fileno()),
    lambda: bytes(socket.create_connection(("127.0.0.1", 8)).fileno()),
    service, in_a_child_of_the_child,
])
def test_no_socket_is_made(work: Callable[[], bytes]) -> None:
    with pytest.raises(StoreError, match="Permission denied"):
        run_guarded(work, 10, prepare=bool)


def test_files_can_be_opened() -> None:
    def read() -> bytes:
        with open(__file__, "rb") as file:
            return file.read(3)

    assert run_guarded(read, 10, prepare=bool) == b'"""'


def test_this_process_still_has_its_sockets() -> None:
    assert can_go_offline()
    socket.socket().close()
