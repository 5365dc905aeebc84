"""A server on loopback that sends whatever bytes a test wants, good or bad."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from urllib.parse import parse_qs, urlsplit

JSON = "application/sparql-results+json"


class Request:
    """What came in."""

    def __init__(self, head: str, body: bytes) -> None:
        first, *lines = head.split("\r\n")
        self.method, self.target, _ = first.split(" ")
        self.headers = {name.lower(): value.strip() for name, _, value in
                        (line.partition(":") for line in lines)}
        self.body = body
        text = body.decode() if "urlencoded" in self.headers.get("content-type", "") else ""
        self.fields = {**parse_qs(urlsplit(self.target).query), **parse_qs(text)}


Answer = Callable[[Request, socket.socket], bytes | None]


def reply(body: bytes | str, kind: str = JSON, status: str = "200 OK", **headers: str) -> bytes:
    """An HTTP reply with the right length, unless another is given."""
    data = body.encode() if isinstance(body, str) else body
    fields = {"Content-Type": kind, "Content-Length": str(len(data)), "Connection": "close",
              **{name.replace("_", "-"): value for name, value in headers.items()}}
    lines = [f"{name}: {value}\r\n" for name, value in fields.items() if value]
    return f"HTTP/1.1 {status}\r\n{''.join(lines)}\r\n".encode() + data


class Server:
    """Its `url`, and the `requests` that it saw."""

    def __init__(self, answer: Answer | bytes) -> None:
        self.answer = answer
        self.requests: list[Request] = []
        self.closing = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/sparql"

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            data = b""
            while b"\r\n\r\n" not in data:
                data += connection.recv(65536)
            head, _, body = data.partition(b"\r\n\r\n")
            length = int(dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:]).get(
                b"content-length", 0))
            while len(body) < length:
                body += connection.recv(65536)
            request = Request(head.decode(), body)
            self.requests.append(request)
            sent = self.answer if isinstance(self.answer, bytes) else self.answer(
                request, connection)
            connection.sendall(sent or b"")

    def close(self) -> None:
        self.closing.set()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


@contextmanager
def serving(answer: Answer | bytes) -> Iterator[Server]:
    """A server that answers every request so, until the end of the block."""
    server = Server(answer)
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.close()
        thread.join(5)
