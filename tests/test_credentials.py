"""Where user and password come from."""

from __future__ import annotations

from pathlib import Path

import pytest

from aikg.credentials import PASSWORD, USER, credentials_for
from aikg.errors import UsageError

URL = "https://example.org:8443/sparql"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.delenv(USER, raising=False)
    monkeypatch.delenv(PASSWORD, raising=False)
    return tmp_path


def write(home: Path, text: str) -> None:
    (home / ".netrc").write_text(text)
    (home / ".netrc").chmod(0o600)


def test_none() -> None:
    assert credentials_for(URL) is None


def test_the_environment_comes_first(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(home, "machine example.org login net password rc\n")
    assert credentials_for(URL) == ("net", "rc")
    monkeypatch.setenv(USER, "me")
    with pytest.raises(UsageError, match="set both"):
        credentials_for(URL)
    monkeypatch.setenv(PASSWORD, "secret")
    assert credentials_for(URL) == ("me", "secret")


def test_netrc_is_for_its_host_only(home: Path) -> None:
    write(home, "machine other.org login a password b\ndefault login c password d\n")
    assert credentials_for(URL) is None


def test_a_broken_netrc_is_named(home: Path) -> None:
    write(home, "machine example.org\nlogin me\nnonsense here\n")
    with pytest.raises(UsageError, match="netrc:"):
        credentials_for(URL)
