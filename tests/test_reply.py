"""Replies: whole or refused, within their limits, and errors of one line."""

from __future__ import annotations

import gzip
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from aikg import reply as replies
from aikg.errors import EndpointError
from aikg.reply import plain
from tests.loopback import reply, serving
from tests.test_exchange import send


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")


def test_gzip_is_undone() -> None:
    packed = gzip.compress(b"hello " * 1000)
    with serving(reply(packed, Content_Encoding="gzip")) as server:
        assert send(server).body == b"hello " * 1000


BOMB = gzip.compress(bytes(1 << 20))


@pytest.mark.parametrize(("sent", "message"), [
    (reply("short", Content_Length="9"), r"broke off after 5 of 9 bytes"),
    (reply(b"x" * 200_000), "larger than 0 MB"),
    (reply(BOMB, Content_Encoding="gzip"), "larger than 0 MB"),
    (reply(gzip.compress(b"hello")[:-9], Content_Encoding="gzip"), "broke off"),
    (reply("hello", Content_Encoding="gzip"), "incorrect header"),
    (reply("hello", Content_Encoding="br"), "encoding that was not asked for, 'br'"),
    (reply("5\r\nhel", Content_Length="", Transfer_Encoding="chunked"), "broke the connection off"),
    (b"", "broke the connection off"),
    (b"SSH-2.0-OpenSSH\r\n", "SSH"),
    (b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n", "headers"),
    (b"HTTP/1.1 200 OK\r\nA: " + b"b" * 100_000 + b"\r\n\r\n", "header"),
    (reply("", status="204 No Content"), None),
    (reply("no", status="500 Oh"), "HTTP 500: no$"),
    (reply("<html><style>p {}</style><p>Bad\x1b[31m &lt;query&gt;</p></html>", "text/html",
           "400 Bad"), r"HTTP 400: Bad \[31m"),
    (reply("", status="401 No"), "HTTP 401: needs .*AIKG_ENDPOINT_USER"),
    (reply("", status="404 No"), "HTTP 404: nothing is there"),
    (reply("x" * 5000, status="503 Busy"), "HTTP 503: x{299}…$"),
])
def test_bad_replies(sent: bytes, message: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replies, "LARGEST", 100_000)
    with serving(sent) as server:
        if message is None:
            assert send(server).body == b""
            return
        with pytest.raises(EndpointError, match=message) as caught:
            send(server)
    assert str(caught.value).startswith(f"{server.url}: ")
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(("header", "seconds"), [
    ("7", 7.0), ("0", 0.0), ("soon", None), ("", None), ("-1", None), ("9" * 40, None),
    ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0),
])
def test_retry_after(header: str, seconds: float | None) -> None:
    with serving(reply("", status="429 Slow", Retry_After=header)) as server, pytest.raises(
            EndpointError) as caught:
        send(server)
    assert (caught.value.status, caught.value.retry_after) == (429, seconds)


def test_retry_after_a_date() -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    with serving(reply("", status="503 Slow", Retry_After=date)) as server, pytest.raises(
            EndpointError) as caught:
        send(server)
    assert 60 < (caught.value.retry_after or 0) <= 90


@pytest.mark.parametrize("body", [b"<style" * 1400, b"<" * 8192, b"<script>" * 1000 + b"</style>"])
def test_a_message_made_of_tags_takes_no_time(body: bytes) -> None:
    began = time.perf_counter()
    plain(body)
    assert time.perf_counter() - began < 1
