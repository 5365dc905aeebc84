"""The origin: nobody but a configured proxy says by what address this server is reached."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from aikg.web.origin import base_of, prefix_of, trusted

LOCAL = ("127.0.0.1", 8000)


@pytest.mark.parametrize(("client", "networks", "expected"), [
    ("127.0.0.1", ["127.0.0.0/8"], True), ("10.1.2.3", ["127.0.0.0/8", "10.0.0.0/8"], True),
    ("::1", ["::1/128"], True), ("::1", ["127.0.0.0/8"], False), ("10.0.0.1", [], False),
    ("", ["0.0.0.0/0"], False), ("testclient", ["0.0.0.0/0"], False)])
def test_a_proxy_is_trusted_by_its_address(
    client: str, networks: list[str], expected: bool,
) -> None:
    assert trusted(client, map(ip_network, networks)) is expected


@pytest.mark.parametrize(("headers", "believed", "expected"), [
    ({}, False, "http://127.0.0.1:8000"),
    ({"host": "localhost:8000"}, False, "http://localhost:8000"),
    ({"host": "localhost"}, False, "http://127.0.0.1:8000"),
    ({"host": "evil.example"}, False, "http://127.0.0.1:8000"),
    ({"host": "evil.example"}, True, "http://evil.example"),
    ({"host": "a", "x-forwarded-host": "b:1", "x-forwarded-proto": "https"}, True, "https://b:1"),
    ({"host": "a", "x-forwarded-host": "b:1", "x-forwarded-proto": "https"}, False,
     "http://127.0.0.1:8000"),
    ({"x-forwarded-host": "a/b"}, True, "http://127.0.0.1:8000"),
    ({"x-forwarded-host": "[::1]:9"}, True, "http://[::1]:9"),
    ({"x-forwarded-proto": "ftp", "host": "a"}, True, "http://a"),
])
def test_the_base_is_what_may_be_believed(
    headers: dict[str, str], believed: bool, expected: str,
) -> None:
    assert base_of(headers, "http", LOCAL, believed) == expected


def test_an_address_of_version_6_stands_in_brackets() -> None:
    assert base_of({}, "http", ("::1", 80), False) == "http://[::1]:80"


@pytest.mark.parametrize(("given", "expected"), [
    ("/kg", "/kg"), ("/a/b-c/", "/a/b-c"), ("", ""), ("/", ""), ("//evil", ""), ("kg", ""),
    ("/a?b", ""), ("/a\"b", ""), ("/a/../b", "/a/../b")])
def test_a_prefix_is_a_plain_path(given: str, expected: str) -> None:
    assert prefix_of({"x-forwarded-prefix": given}) == expected
