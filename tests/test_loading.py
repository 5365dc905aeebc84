"""The command `load`, and `--store` on the others."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from aikg.guard import guard_available
from tests.test_cli import call, commands
from tests.test_loader import SMALL

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    (folder / "small.ttl").write_text(SMALL, "utf-8")
    done = call("load", str(folder / "small.ttl"), "--store", str(folder / "store"))
    assert (done.code, done.out) == (0, ""), done.err
    assert "59 triples in" in done.err
    assert "10 inferred, 1 in dispute" in done.err
    return folder / "store"


@pytest.mark.parametrize(("arguments", "out"), [
    (("ask", "who funds zyphra"), "Bigfund\tZyphra Lab\tinvests in\tstated\tp1"),
    (("run", "investors", "--company", "Zyphra Lab"), "Bigfund"),
    (("show", "Zyphra Lab"), "data center owner"), (("show", "c0"), "Claim 0."),
    (("show", "p1"), "p1"),
    (("why", "Bigfund", "funds", "Zyphra Lab"), "claim:c0"), (("queries",), "investors"),
])
def test_commands_answer_from_the_store(
    arguments: tuple[str, ...], out: str, small: Path,
) -> None:
    done = call(*arguments, "--store", str(small))
    assert done.code == 0, done.err
    assert out in done.out


def test_what_the_store_does_not_hold_is_not_there(small: Path) -> None:
    done = call("run", "investors", "--company", "OpenAI", "--store", str(small))
    assert (done.code, done.err) == (3, "Error: nothing is named 'OpenAI'\n")
    done = call("ask", "who funds Bigfund", "--store", str(small))
    assert (done.code, done.out) == (3, "")


@pytest.mark.skipif(not guard_available(files=True), reason="limits need Linux")
def test_sparql_asks_the_store_within_limits(small: Path) -> None:
    query = "SELECT ?who { ?who a aikg:Investor }"
    done = subprocess.run(  # a process of its own: this one may hold an open store
        [sys.executable, "-m", "aikg", "sparql", query, "--store", str(small), "-f", "json"],
        capture_output=True, cwd=ROOT, env=dict(os.environ), timeout=60, check=True)
    [row] = json.loads(done.stdout)["results"]["bindings"]
    assert row["who"]["value"].endswith("thing/fund")


@pytest.mark.parametrize(("arguments", "code", "says"), [
    (("load", "x.nt"), 2, "--store DIR"), (("load",), 2, "FILE"),
    (("load", "x.csv", "--store", "{tmp}"), 2, "known are"),
    (("load", "x.nt", "--store", "{tmp}"), 1, "cannot read x.nt"),
    (("load", "x.nt", "--store", __file__), 2, "not a folder"),
    (("ask", "who funds Bigfund", "--store", "{tmp}"), 2, "no store"),
    (("run", "investors", "--store", "{tmp}/none"), 2, "no store"),
    (("check", "--store", "{tmp}"), 2, "No such option"),
    (("ask", "who funds Bigfund", "--store", ""), 2, "takes a folder"),
    *((("ask", "who funds Bigfund", "--store", "{tmp}", *other), 2, "cannot be combined")
      for other in (("--sources", "all"), ("--as-of", "2026-01-01"),
                    ("--published-by", "2026-01-01"))),
])
def test_misuse_is_one_line(
    arguments: tuple[str, ...], code: int, says: str, tmp_path: Path,
) -> None:
    done = call(*(argument.format(tmp=tmp_path) for argument in arguments))
    assert (done.code, done.out) == (code, "")
    assert says in done.err
    assert done.err.count("\n") == 1


def test_all_commands_that_read_the_graph_take_a_store() -> None:
    without = {name for name, command in commands().items()
               if not any(parameter.name == "store" for parameter in command.params)}
    assert without == {"build", "check", "docs", "source",  # these work on authored files
                       "diff", "disputes", "export", "import", "impact", "link", "push"}


def test_a_store_is_not_asked_elsewhere(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIKG_ENDPOINT", "http://127.0.0.1:9/sparql")
    question = ("ask", "who funds Zyphra Lab", "--store", str(small))
    assert call(*question).code == 0, "what is named wins over the environment"
    done = call(*question, "--endpoint", "http://127.0.0.1:9/sparql")
    assert (done.code, done.out) == (2, "")
    assert "cannot be combined" in done.err


def test_what_the_ontology_knows_may_be_missing_from_a_store(small: Path) -> None:
    done = call("run", "valuations", "--store", str(small))
    assert (done.code, done.out) == (3, "")
    assert "nothing of the kind is claimed here" in done.err
