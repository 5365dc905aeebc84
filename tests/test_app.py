"""The application: what holds for every address, whoever asks and however."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import pytest

from aikg.names import BASE
from tests.serving import LACKING, REASON, ROOT, Server, serving

if LACKING:
    pytest.skip(REASON, allow_module_level=True)

PAGES = ["/", "/query", "/query/compute-suppliers", "/query/passage",
         "/query/compute-suppliers?customer=OpenAI",
         "/ask?q=who+funds+Anthropic", "/ask?q=does+Google+need+outside+capital", "/search?q=open",
         "/sparql", "/thing/openai", "/claim/bitpush-001", "/ontology/Claim", "/ontology",
         "/source/bitpush-openai-financing", "/source/bitpush-openai-financing/I.p3.s1",
         "/reconcile/preview?id=openai"]
DATA = ["/query", "/query/compute-suppliers", "/ask?q=who+funds+Anthropic", "/search?q=open",
        "/sparql", "/thing/openai", "/graph/main", "/graph/links", "/openapi.json", "/reconcile",
        "/.well-known/void", "/.well-known/sparql-examples", "/-/ping", "/static/style.css"]
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}'


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_html_that_can_load_and_run_nothing_foreign(path: str, server: Server) -> None:
    got = server.ask(path, "text/html")
    assert (got.status, got.headers["content-type"]) == (200, "text/html; charset=utf-8")
    policy = got.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    found = Elements(got.text)
    loaded = [value for name, value in found.attributes if name in ("src", "srcset", "data")
              or (name == "href" and found.is_loaded(value))]
    assert [value for value in loaded if not value.startswith("/")] == []
    assert not [name for name, _ in found.attributes if name.startswith("on") or name == "style"]
    assert not found.inline


class Elements(HTMLParser):
    """What a page loads, and what it would run."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.attributes: list[tuple[str, str]] = []
        self.links: set[str] = set()
        self.inline: list[str] = []
        self.tags: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        given = dict(attrs)
        if tag == "link":
            self.links.add(given.get("href") or "")
        if tag == "style" or (tag == "script" and "src" not in given):
            self.inline.append(tag)

    def is_loaded(self, address: str) -> bool:
        return address in self.links


@pytest.mark.parametrize("path", [*PAGES, *DATA])
def test_every_reply_has_the_same_manners(path: str, server: Server) -> None:
    accept = "text/html" if path in PAGES else None
    got = server.ask(path, accept)
    assert got.status == 200
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["access-control-allow-origin"] == "*"
    assert got.headers["vary"] == "Accept"
    assert "server" not in got.headers
    head = server.ask(path, accept, "HEAD")
    assert head.body == b""
    assert (head.status, head.headers["content-length"]) == (200, str(len(got.body)))
    assert head.headers["content-type"] == got.headers["content-type"]
    assert head.headers["etag"] == got.headers["etag"]
    again = server.ask(path, accept, headers={"If-None-Match": got.headers["etag"]})
    assert (again.status, again.body) == (304, b"")
    assert again.headers["etag"] == got.headers["etag"]
    other = server.ask(path, accept, headers={"If-None-Match": '"no", W/"never"'})
    assert (other.status, other.body) == (200, got.body)
    assert server.ask(path, accept, "OPTIONS").headers["allow"].startswith("GET, HEAD, OPTIONS")
    assert server.ask(path, accept, "TRACE").status == 405
    path, _, query = path.partition("?")
    slashed = server.ask(f"{path}/?{query}" if path != "/" else "//", accept)
    assert slashed.status == 200


def test_tags_differ_by_form(server: Server) -> None:
    tags = [server.ask("/query/compute-suppliers", accept).headers["etag"]
            for accept in ("text/html", "text/csv", "application/json", "text/markdown")]
    assert len(set(tags)) == 4
    assert all(re.fullmatch('"[0-9a-f]{32}"', tag) for tag in tags)


@pytest.mark.parametrize("path", [
    "/no", "/thing/no-such", "/thing/../../etc/passwd", "/static/../app.py", "/static/%2e%2e/x",
    "/static/..%2f..%2fapp.py", "/%00", "/thing/%00", "/thing/%ff%fe", "/thing/a%20b%3E%22",
    "/static//etc/passwd", "/query/../sparql", "/claim/", "/graph/..%2f..%2fcatalog",
    "/graph/lexicon", "/graph/nothing.nt", "/ontology/%3Cscript%3E", "/query.exe",
    "/thing/openai.exe", "/%E0%A4%A",
    "/query/compute-suppliers.exe", "/reconcile/suggest/no", "/source/x/../y", "//evil.example/",
])
@pytest.mark.parametrize("accept", [None, "text/html", "text/plain"])
def test_what_is_not_there_is_404(path: str, accept: str | None, server: Server) -> None:
    got = server.ask(path, accept)
    assert got.status == 404
    media_type = got.headers["content-type"].partition(";")[0]
    assert media_type == (accept or "application/problem+json")
    assert "root:" not in got.text
    assert "location" not in got.headers


@pytest.mark.parametrize("path", [
    "/ask?q={}", "/search?q={}", "/sparql?query={}", "/query/compute-suppliers?customer={}",
    "/query/compute-suppliers?{}=1", "/thing/{}", "/query/{}", "/reconcile/preview?id={}",
    "/query/passage?id={}", "/query?format={}"])
def test_nothing_that_is_sent_becomes_markup(path: str, server: Server) -> None:
    got = server.ask(path.format(quote(HOSTILE, safe="")), "text/html")
    assert got.status in (200, 400, 404, 422)
    found = Elements(got.text)
    assert "img" not in found.tags
    assert not found.inline
    assert "onerror" not in [name for name, _ in found.attributes]
    assert "49" not in re.findall(r"\b49\b", got.text), "a template ran what was sent"


@pytest.mark.parametrize("path", [
    "/ask?q={}", "/search?q={}", "/query/compute-suppliers?customer={}", "/query/passage?id={}",
    "/thing/{}", "/claim/{}", "/source/{}", "/ontology/{}", "/graph/{}", "/static/{}", "/query/{}",
    "/reconcile?queries=%7B%22q%22%3A%7B%22query%22%3A%22{}%22%2C%22type%22%3A%22{}%22%7D%7D",
    "/reconcile?extend=%7B%22ids%22%3A%5B%22{}%22%5D%2C%22properties%22%3A%5B%5D%7D",
    "/reconcile/preview?id={}", "/reconcile/properties?type={}",
    "/reconcile/suggest/entity?prefix={}", "/sparql?format={}", "/?url={}"])
def test_no_address_calls_anybody(path: str, server: Server, listener: socket.socket) -> None:
    to = f"http://127.0.0.1:{listener.getsockname()[1]}/x"
    for text in (to, f"<{to}>", quote(to, safe="")):
        got = server.ask(path.replace("{}", quote(text, safe="")), headers={
            "Host": to.split("/")[2], "X-Forwarded-Host": to.split("/")[2], "Referer": to,
            "Link": f"<{to}>; rel=alternate"})
        assert got.status in (200, 400, 404, 422), got.text
        assert to not in got.headers.get("link", "") + got.headers.get("location", "")


# Who the client says we are.


@pytest.mark.parametrize("headers", [
    {"Host": "evil.example"}, {"X-Forwarded-Host": "evil.example"}, {"X-Forwarded-Proto": "https"},
    {"X-Forwarded-Prefix": "/evil"}, {"Forwarded": "host=evil.example"},
    {"X-Forwarded-For": "9.9.9.9", "X-Forwarded-Host": "evil.example"}])
@pytest.mark.parametrize("path", [
    "/openapi.json", "/reconcile", "/sparql", "/query", "/thing/openai/"])
def test_a_client_cannot_say_who_we_are(path: str, headers: dict[str, str], server: Server) -> None:
    got = server.ask(path, headers=headers)
    assert "evil" not in got.text + str(got.headers)
    assert "https://127" not in got.text


def test_a_configured_proxy_can() -> None:
    headers = {"X-Forwarded-Host": "data.example:8443", "X-Forwarded-Proto": "https",
               "X-Forwarded-Prefix": "/kg"}
    with serving("--proxy", "127.0.0.0/8") as server:
        assert json.loads(server.ask("/reconcile", headers=headers).body)["view"]["url"] == (
            "https://data.example:8443/kg/thing/{{id}}")
        page = server.ask("/", "text/html", headers=headers).text
        assert 'href="/kg/static/style.css"' in page
        for name, value in (("X-Forwarded-Host", "a b"), ("X-Forwarded-Host", 'x"><script>'),
                            ("X-Forwarded-Proto", "javascript"), ("X-Forwarded-Prefix", "//evil"),
                            ("X-Forwarded-Prefix", "/a/../b?x")):
            got = server.ask("/openapi.json", headers={name: value})
            assert re.fullmatch(r"http://127.0.0.1:\d+", json.loads(got.body)["servers"][0]["url"])
        asked = {"X-Forwarded-Host": "w3id.org", "X-Forwarded-Proto": "https",
                 "X-Forwarded-Prefix": "/aikg"}
        got = server.ask("/thing/openai", "text/html", headers=asked)
        assert (got.status, got.headers["location"]) == (303, "/aikg/thing/openai.html")
        assert BASE == "https://w3id.org/aikg/"


# How it starts and ends.


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_it_starts_soon_and_ends_with_all_its_children(number: signal.Signals, code: int) -> None:
    begin = time.monotonic()
    command = [sys.executable, "-m", "aikg", "serve", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          encoding="utf-8") as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("http://127.0.0.1:")
        assert time.monotonic() - begin < 5, "it takes half a second on an idle machine"
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        helpers = children.read_text().split() if children.exists() else []
        process.send_signal(number)
        assert process.wait(10) == code
        assert process.stderr is not None
        assert process.stderr.read() == "serving until Ctrl-C\n"
        assert not [helper for helper in helpers if Path(f"/proc/{helper}").exists()]


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


@pytest.mark.parametrize(("options", "code", "says"), [
    (("--port", "{taken}"), 1, "cannot listen on 127.0.0.1, port {taken}: Address already in use"),
    (("--port", "99999"), 2, "--port"), (("--host", "no.such.host.invalid"), 1, "cannot listen"),
    (("--limit", "0"), 2, "above 0"), (("--limit", "nan"), 2, "above 0"),
    (("--proxy", "everyone"), 2, "--proxy takes"), (("--rows", "0"), 2, "--rows"),
    (("--concurrency", "0"), 2, "--concurrency"), (("--body", "x"), 2, "--body"),
])
def test_misuse_is_one_line(
    options: tuple[str, ...], code: int, says: str, taken: int,
) -> None:
    given = [option.format(taken=taken) for option in options]
    done = subprocess.run([sys.executable, "-m", "aikg", "serve", *given], cwd=ROOT, timeout=20,
                          capture_output=True, encoding="utf-8", stdin=subprocess.DEVNULL)
    assert (done.returncode, done.stdout) == (code, "")
    assert says.format(taken=taken) in done.stderr
    assert len(done.stderr.splitlines()) == 1
