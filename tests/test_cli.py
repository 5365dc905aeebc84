"""The command line: options, formats, exit codes and completion, as DESIGN has them.

The commands run in this process; what only a process of its own can show is in test_hostile.py.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

import click
import pytest

import aikg
from aikg import files
from aikg.cli import LATER, main
from aikg.guard import guard_available
from aikg.loader import Loaded
from aikg.terminal import FORMATS, emit

ROOT = Path(__file__).resolve().parent.parent
ARTICLE = ROOT.parent / "shared" / "article" / "article.txt"
QUESTION = "who supplies OpenAI's compute"
RUN = ("run", "compute-suppliers", "--customer", "OpenAI")
SELECT = "SELECT ?who WHERE { ?who a aikg:ComputeSupplier } ORDER BY ?who"

TURTLE = """\
@prefix aikg: <https://w3id.org/aikg/ontology/> .
@prefix thing: <https://w3id.org/aikg/thing/> .

thing:microsoft
    a aikg:X .
"""

limited = pytest.mark.skipif(not guard_available(), reason="limits need Linux and /proc")


class Outcome(NamedTuple):
    code: int
    out: str
    err: str


class Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


def call(*arguments: str, terminal: bool = False) -> Outcome:
    """What the command does with these arguments."""
    kind = Terminal if terminal else io.TextIOWrapper
    out, err = (kind(io.BytesIO(), "utf-8", newline="", write_through=True) for _ in "oe")
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as stopped:
        main(list(arguments))
    texts = [stream.buffer.getvalue().decode() for stream in (out, err)]  # type: ignore[attr-defined]
    assert isinstance(stopped.value.code, int)
    return Outcome(stopped.value.code, *texts)


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = tmp_path_factory.getbasetemp() / "cache"
    monkeypatch.setenv("AIKG_CACHE", str(cache))
    monkeypatch.setenv("COLUMNS", "100")


def commands() -> dict[str, click.Command]:
    context = click.Context(main)
    found = {name: main.get_command(context, name) for name in main.list_commands(context)}
    return {name: command for name, command in found.items() if command}


# Help


def test_all_commands_are_there() -> None:
    assert list(commands()) == ["ask", "run", *LATER]


STUBS: dict[str, tuple[str, Callable[..., object]]] = {  # each has a test file of its own
    "build": ("aikg.built.rebuild", lambda: files.read_folder(files.built_folder())),
    "diff": ("aikg.published.open_release", lambda _: aikg.open().built),
    "docs": ("aikg.docs.reference", lambda: "a page"),
    "load": ("aikg.loader.load", lambda *_: Loaded(0, 0, 0, 0, 0)),
    "mcp": ("aikg.faces._serve_agent", lambda *_: emit("what it does")),
    "serve": ("aikg.web.server._serve", lambda *_: emit("an address")),
}


@pytest.mark.parametrize("name", ["", *commands()])
def test_every_help_ends_with_an_example_that_runs(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    help_text = commands()[name].help if name else main.help
    example = (help_text or "").strip().splitlines()[-1].strip()
    assert example.startswith("Example: aikg ")
    assert example.removeprefix("Example: ") in call(*[name] * bool(name), "--help").out
    if name == "verify":
        if not ARTICLE.exists():
            pytest.skip("the text of the article is not here")
        shutil.copy(ARTICLE, tmp_path)
        monkeypatch.chdir(tmp_path)
    if name in STUBS:
        monkeypatch.setattr(*STUBS[name])
    done = call(*shlex.split(example)[2:])
    assert (done.code, bool(done.out)) == (0, name not in ("build", "load")), done.err


@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_a_stored_query_explains_its_slots(flag: str) -> None:
    done = call("run", "compute-suppliers", flag)
    assert done.code == 0
    for part in ("Who supplies computing power", "--customer VALUE", "--supplier VALUE", "--format",
                 "Example:\n  aikg run compute-suppliers --customer "):
        assert part in done.out


def test_a_required_slot_is_marked() -> None:
    assert re.search(r"--id VALUE .*\(required\)", call("run", "passage", "-h").out)


def test_run_lists_all_stored_queries() -> None:
    listed = re.findall(r"^  ([a-z][a-z-]+)", call("run", "--help").out, re.MULTILINE)
    assert listed == sorted(aikg.open().catalog.content["queries"])


@pytest.mark.parametrize("arguments", [[], ["run"]])
def test_no_arguments_give_the_help_on_stderr(arguments: list[str]) -> None:
    done = call(*arguments)
    assert "Usage: aikg" in done.err
    assert (done.out, done.code) in (("", 2), ("", 0))  # 0 before click 8.2


def test_version() -> None:
    assert call("--version") == (0, f"aikg {aikg.__version__}\n", "")


# Formats and options


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "ttl"])
def test_every_format_says_the_same(name: str) -> None:
    done = call(*RUN, "-f", name)
    assert done.code == 0, done.err
    for label in ("Microsoft", "Amazon", "Nvidia", "SoftBank"):
        key = f"thing/{label.lower()}" if name in ("json", "xml") else label
        assert key in done.out
    if name == "csv":
        rows = list(csv.DictReader(io.StringIO(done.out)))
        assert {row["supplier"]: row["grade"] for row in rows}["Microsoft"] == "stated"


@pytest.mark.parametrize("arguments", [
    ("-f", "csv", *RUN), ("run", "-f", "csv", *RUN[1:]), (*RUN[:2], "-f", "csv", *RUN[2:]),
    (*RUN, "-f", "csv"), (*RUN, "--format=csv"), ("-f", "json", "run", "-f", "csv", *RUN[1:]),
    ("-f", "xml", *RUN, "-f", "csv"),
], ids=" ".join)
def test_output_options_stand_before_or_behind(arguments: tuple[str, ...]) -> None:
    assert call(*arguments) == call(*RUN, "-f", "csv")
    assert call(*arguments).out.startswith("supplier,customer,group,grade,evidence\r\n")


def test_output_options_of_ask_stand_before_or_behind() -> None:
    before, behind = call("-f", "jsonl", "ask", QUESTION), call("ask", QUESTION, "-f", "jsonl")
    assert before == behind
    assert json.loads(before.out.splitlines()[0])["supplier"]["label"] == "Microsoft"


def test_a_question_needs_no_quotation_marks() -> None:
    assert call("ask", *QUESTION.split()) == call("ask", QUESTION)


@pytest.mark.parametrize(("arguments", "begins"), [
    (["-o", "answer.csv"], "supplier,customer"),
    (["-o", "answer.jsonl"], '{"supplier": {"iri"'),
    (["-o", "answer.csv", "-f", "tsv"], "supplier\tcustomer"),
    (["-o", "answer.txt"], "supplier\tcustomer"),
    (["-o", "answer"], "supplier\tcustomer"),
    (["-o", "csv"], "supplier,customer"),
])
def test_a_file_gets_the_answer_in_the_format_of_its_ending(
    arguments: list[str], begins: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert call(*RUN, *arguments) == (0, "", "")
    assert (tmp_path / arguments[1]).read_text("utf-8").startswith(begins)
    assert [path.name for path in tmp_path.iterdir()] == [arguments[1]]


def test_a_dash_as_file_is_stdout() -> None:
    assert call(*RUN, "-o", "-") == call(*RUN)


def test_no_answer_leaves_the_file_alone(tmp_path: Path) -> None:
    file = tmp_path / "answer.csv"
    file.write_text("before")
    file.chmod(0o640)
    assert call("run", "models", "--provider", "xAI", "-o", str(file)).code == 3
    assert file.read_text() == "before"
    assert call(*RUN, "-o", str(file)).code == 0
    assert file.read_text().startswith("supplier")
    assert file.stat().st_mode & 0o777 == 0o640


def test_a_link_to_a_file_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "answer.csv")
    assert call(*RUN, "-o", str(tmp_path / "link"), "-f", "csv").code == 0
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "answer.csv").read_text().startswith("supplier,")


def test_iris_stand_behind_names() -> None:
    header, first, *_ = call("--iris", *RUN).out.splitlines()
    assert header.split("\t")[:2] == ["supplier", "supplier_iri"]
    assert first.split("\t")[:2] == ["Microsoft", "https://w3id.org/aikg/thing/microsoft"]


def test_a_terminal_gets_a_table_of_its_width() -> None:
    lines = call(*RUN, terminal=True).out.splitlines()
    assert re.match(r"supplier +customer +group", lines[0])
    assert max(map(len, lines)) <= 100


# Exit codes


@pytest.mark.parametrize(("code", "arguments", "says"), [
    (0, ("ask", "does Google need outside capital"), ""),
    (0, ("ask", "does Microsoft supply compute to OpenAI"), ""),
    (0, ("sparql", SELECT, "--online"), ""),
    (0, ("sparql", "SELECT ?x WHERE { ?x a aikg:Nothing }", "--online"), ""),
    (0, ("sparql", "ASK { ?x a aikg:Nothing }", "--online"), ""),
    (0, ("queries",), ""),
    (0, ("show", "MSFT"), ""),
    (0, ("why", "Microsoft", "supplies compute to", "OpenAI"), ""),
    (1, ("sparql", "SELEKT", "--online"), "No such file"),
    (1, ("sparql", "# no\n SELEKT {}", "--online"), "not SPARQL: line 2, column 2: 'SELEKT' is"),
    (1, ("sparql", "SELECT ?x\nWHERE { ?x no:thing ?y }", "--online"), "SPARQL: line 2, column "),
    (1, ("verify", "/nonexistent/article.txt"), "cannot read /nonexistent/article.txt"),
    (1, (*RUN, "-o", "/nonexistent/answer.csv"), "cannot write /nonexistent/answer.csv"),
    (2, ("sparql", "# comment\nDELETE WHERE { ?s ?p ?o }", "--online"), "only reads"),
    (2, ("sparql", "ASK {}", "--timeout", "0"), "above 0"),
    (2, ("sparql", "ASK {}", "--timeout", "nan"), "above 0"),
    (2, ("sparql", ""), "no query"),
    (2, ("nonsense",), "No such command 'nonsense'"),
    (2, ("ask",), "Missing argument"),
    (2, ("ask", "x" * 2_001), "at most 2000 characters"),
    (2, ("run", "compute-supplier"), "did you mean one of: compute-suppliers"),
    (2, ("run", "compute-suppliers", "--customers", "OpenAI"), "--customer, --supplier"),
    (2, ("run", "shared-investors", "-x"), "its slots are --"),
    (2, ("run", "passage"), "passage needs --id"),
    (2, (*RUN, "-f", "yaml"), "'jsonl'"),
    (2, (*RUN, "-f", "ttl"), "choose table, csv, tsv, json, jsonl, xml or md"),
    (2, ("show", "OpenAI", "-f", "xml"), "choose table or csv or tsv or json or jsonl or md"),
    (2, ("why", "Microsoft", "a", "Investor", "-f", "csv"), "choose table or json"),
    (2, ("queries", "passage", "-f", "csv"), "leave -f away"),
    (2, ("docs", "-f", "csv"), "leave -f away"),
    (2, ("queries", "pasage"), "did you mean one of: passage"),
    (3, ("ask", "what is the airspeed of an unladen swallow"), "Error: "),
    (3, ("ask", ""), "Error: "),
    (3, ("run", "models", "--provider", "xAI"), "no answer: "),
    (3, ("run", "models", "--provider", "Antropic"), "did you mean Anthropic?"),
    (3, ("show", "Opena"), "did you mean "),
    (3, ("show", "thing:open"), "nothing bears the IRI"),
    (3, ("why", "SoftBank", "type", "ComputeSupplier"), "no proof: said only of the group: "),
    (3, ("why", "OpenAI", "outgrows", "Google"), "no property is named 'outgrows'"),
], ids=lambda value: " ".join(value)[:60] if isinstance(value, tuple) else "")
def test_exit_code(code: int, arguments: tuple[str, ...], says: str) -> None:
    done = call(*arguments)
    assert done.code == code, done.err
    assert says in done.err
    assert bool(done.out) == (code == 0)
    if code:
        assert done.err.count("\n") == 1 + done.err.startswith("understood"), "one line"
        assert done.err.splitlines()[-1].startswith("Error: ")


VALUES = (
    '"', "'", "\\", ">", "}", "\n", "\r\n\t", "\\u0022", "\\u003e", "<y>", "<http://x> } #", "\0",
    '" } UNION { ?s ?p ?o . ?supplier ?p ?o } #', "UNDEF } ?x ?y ?z VALUES ?q { UNDEF",
    "https://w3id.org/aikg/thing/openai> <x", "thing:open\nai", "thing:", ":", "aikg:", "<>",
    "\x1b[31mred\x1b[0m", "\u202eright", "\ufeff", "\U0001f600", "e\u0301", "\udcff",
    "\ud800y", "x" * 1_000_000, "", " ", "$(id)", "%s%n", "{customer}", "null", "0", "-1", "../..",
)


@pytest.mark.parametrize("value", VALUES, ids=lambda value: ascii(value)[:30])
@pytest.mark.parametrize("arguments", [
    ("run", "compute-suppliers", "--customer={}"), ("run", "founding", "--year={}"),
    ("run", "passage", "--id={}"), ("run", "entities", "--type={}"), ("show", "--", "{}"),
    ("why", "--", "{}", "a", "Agent"), ("why", "--", "OpenAI", "{}", "Agent"),
    ("why", "--", "OpenAI", "funds", "{}"),
], ids=lambda arguments: " ".join(arguments))
def test_no_value_is_ever_syntax(
    arguments: tuple[str, ...], value: str, graph: aikg.Graph, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("aikg.terminal.open_graph", lambda: graph)
    done = call(*(part.replace("{}", value) for part in arguments))
    assert (done.code in (2, 3), done.out) == (True, ""), done.err
    assert done.err.startswith("Error: ")
    assert done.err.count("\n") == 1
    assert len(done.err) < 500
    assert done.err.rstrip("\n").isprintable()
    assert not re.search("not SPARQL|failed|Error: .*Error:", done.err)


def test_ask_says_how_it_understood() -> None:
    lines = call("ask", QUESTION).err.splitlines()
    assert lines[0] == "understood as: compute-suppliers --customer 'OpenAI'"


def test_ask_says_that_others_know_more() -> None:
    more = call("ask", QUESTION).err.splitlines()[1:]
    assert [re.fullmatch(r"4 more rows from 3 other sources: --sources all", line) is not None
            for line in more] == [True]
    assert "more row" not in call("ask", "--sources", "all", QUESTION).err
    assert "more row" not in call("ask", "who did Anthropic's founders leave").err


def test_several_values_of_a_slot() -> None:
    both = call(*RUN[:2], "--supplier", "Microsoft", "--supplier", "Amazon").out.splitlines()[1:]
    assert {line.split("\t")[0] for line in both} == {"Microsoft", "Amazon"}


# The commands


def test_docs_says_when_the_page_that_is_kept_is_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aikg.docs.reference", lambda: "another page")
    assert call("docs", "--check") == (1, "", (
        "differs: ontology/reference.html (run `aikg docs -o ontology/reference.html`)\n"))


def test_queries_lists_all_with_their_slots() -> None:
    rows = [json.loads(line) for line in call("queries", "-f", "jsonl").out.splitlines()]
    assert [row["name"] for row in rows] == sorted(aikg.open().catalog.content["queries"])
    assert {row["name"]: row["slots"] for row in rows}["passage"] == "--id"
    assert {row["name"]: row["slots"] for row in rows}["investors"].startswith("[--company]")
    assert {row["error"] for row in rows} == {""}
    assert "error" not in call("queries", terminal=True).out.splitlines()[0]


def test_queries_prints_the_file() -> None:
    file = ROOT / "queries" / "supply" / "compute-suppliers.rq"
    assert call("queries", "compute-suppliers").out == file.read_text("utf-8")


@limited
@pytest.mark.parametrize("arguments", [
    (SELECT,), (SELECT, "--timeout", "5"), ("query.rq",), (SELECT, "--online"),
])
def test_sparql_takes_text_or_a_file(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "query.rq").write_text("\ufeff" + SELECT, "utf-8")
    assert call("sparql", *arguments) == (0, "who\nMicrosoft\n", "")


@limited
@pytest.mark.parametrize(("query", "name", "out"), [
    ("ASK { ?x a aikg:Claim }", "json", '{"head": {}, "boolean": true}\n'),
    ("ASK { ?x a aikg:Claim }", "jsonl", '{"boolean": true}\n'),
    ("SELECT ?x { ?x a aikg:Nothing }", "json",
     '{"head": {"vars": ["x"]}, "results": {"bindings": []}}\n'),
    ("SELECT ?x { ?x a aikg:Nothing }", "jsonl", ""),
    ("SELECT ?x { ?x a aikg:Nothing }", "tsv", "x\n"),
    ("CONSTRUCT { ?x a aikg:X } WHERE { ?x a aikg:ComputeSupplier }", "ttl",
     TURTLE),
])
def test_sparql_in_a_format(query: str, name: str, out: str) -> None:
    assert call("sparql", query, "-f", name) == (0, out, "")


@limited
def test_sparql_stops_in_time() -> None:
    runaway = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    done = call("sparql", runaway, "--timeout", "0.3")
    assert done == (1, "", "Error: the query ran longer than 0.3 s and was stopped\n")


def test_without_limits_sparql_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aikg.sparql.guard_available", lambda files: False)
    done = call("sparql", SELECT)
    assert (done.code, done.out) == (2, "")
    assert "--online" in done.err
    assert call("sparql", SELECT, "--online").code == 0


def test_show_has_a_text_for_readers_and_rows_for_programs() -> None:
    assert call("show", "OpenAI", terminal=True).out.startswith("OpenAI\nthing:openai\n")
    assert call("show", "OpenAI").out.startswith("section\tsubject\tproperty\tvalue\tgrade")
    assert json.loads(call("show", "OpenAI", "-f", "json").out)["label"] == "OpenAI"


def test_why_prints_a_proof() -> None:
    assert call("why", "Microsoft", "type", "StrategicInvestor").out.startswith(
        "Microsoft is a strategic investor\n  because ")
    proof = json.loads(call("why", "MSFT", "funds", "OpenAI", "-f", "json").out)
    assert proof["premises"]


@pytest.mark.parametrize(("change", "code", "says"), [
    (("", ""), 0, "97 of 97 passages ok"),
    (("Bitpush", "Another"), 1, "changed: C.p1"),
    (("\n", "\r\n"), 0, "97 of 97 passages ok"),
])
def test_verify(change: tuple[str, str], code: int, says: str, tmp_path: Path) -> None:
    if not ARTICLE.exists():
        pytest.skip("the text of the article is not here")
    file = tmp_path / "copy.txt"
    file.write_bytes(ARTICLE.read_text("utf-8").replace(*change, -1 if change[0] else 0).encode())
    done = call("verify", str(file), "--source", "Bitpush")
    assert (done.code, len(done.out.splitlines())) == (code, 98)
    assert says in done.err
    assert call("verify", str(file), "--source", "OpenAI").code == 3


# Completion


def completed(words: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What bash offers behind these words."""
    monkeypatch.setenv("_AIKG_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(words.count(" ")))
    return [line.partition(",")[2] for line in call().out.splitlines() if line]


@pytest.mark.parametrize(("words", "offered"), [
    ("aikg que", ["queries"]),
    ("aikg run compute-s", ["compute-suppliers"]),
    ("aikg queries compute-s", ["compute-suppliers"]),
    ("aikg run compute-suppliers --cus", ["--customer"]),
    ("aikg run compute-suppliers --customer opena", ["OpenAI"]),
    ("aikg run compute-suppliers --customer claude", []),
    ("aikg show Soft", ["SoftBank"]),
    ("aikg show Meta-P", ["Meta-Platforms"]),
    ("aikg why Microsoft suppliesC", ["suppliesChipsTo", "suppliesComputeTo"]),
    ("aikg run nonsense --", []),
])
def test_completion(words: str, offered: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert completed(words, monkeypatch) == offered


def test_what_completion_offers_is_a_name() -> None:
    assert call("show", "Meta-Platforms").code == 0


def test_the_script_for_bash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_AIKG_COMPLETE", "bash_source")
    assert "_AIKG_COMPLETE=bash_complete" in call().out


def test_python_dash_m_is_the_same_command(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-m", "aikg", "--version"], cwd=tmp_path,
                          env=environment, capture_output=True, encoding="utf-8", timeout=60)
    assert (done.returncode, done.stdout) == (0, f"aikg {aikg.__version__}\n"), done.stderr
