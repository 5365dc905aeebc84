"""A page escapes what it is given, and needs all that it names."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from aikg import page as pages
from aikg.errors import AikgError
from aikg.page import on_the_web, page

jinja2 = pytest.importorskip("jinja2", reason="the extra docs is missing")


@pytest.fixture(autouse=True)
def _templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "one.html").write_text("<p title=\"{{ text }}\">{{ text }}{{ inline('a.css') }}")
    (tmp_path / "a.css").write_text("a > b {}\n")
    monkeypatch.setattr(pages, "FOLDER", str(tmp_path))
    pages._environment.cache_clear()
    yield
    pages._environment.cache_clear()


def test_what_is_given_is_escaped_and_what_is_ours_is_not() -> None:
    assert page("one.html", {"text": "<b>\"'&"}) == (
        '<p title="&lt;b&gt;&#34;&#39;&amp;">&lt;b&gt;&#34;&#39;&amp;a > b {}\n')


def test_what_is_not_given_is_an_error() -> None:
    with pytest.raises(jinja2.UndefinedError, match="text"):
        page("one.html", {})


def test_without_the_extra_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(AikgError, match=r"pip install 'aikg\[docs\]'"):
        page("one.html", {"text": ""})


@pytest.mark.parametrize(("iri", "links"), [
    ("https://example.org/", True), ("http://example.org/", True), ("javascript:alert(1)", False),
    ("data:text/html,x", False), ("file:///etc/passwd", False), ("JAVASCRIPT:x", False),
    ("", False),
])
def test_only_addresses_of_the_web_are_linked(iri: str, links: bool) -> None:
    assert on_the_web(iri) is links
