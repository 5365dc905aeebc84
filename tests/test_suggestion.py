"""Suggestions: which items may stand for an entity, and why."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from aikg.authored import Authored
from aikg.cli import main
from aikg.names import THING
from aikg.suggestion import MOST, Suggestion, suggest, variants
from tests.loopback import serving
from tests.wikidata import LINKS, WD, answering, engine, store

AUTHORED = Authored()
"""Read once: nothing here changes a file."""
NEW = THING + "openai-nonprofit-parent"
LABEL = "OpenAI's non-profit parent"


def best(subject: str, extra: str) -> list[tuple[str, int, bool]]:
    return [(one.item.iri.removeprefix(WD), one.score, one.match)
            for one in suggest(subject, AUTHORED, engine(extra))]


def item(number: int, name: str = LABEL, more: str = "") -> str:
    return f'wd:Q77{number} rdfs:label "{name}"@en {more}. '


FITS, UNFIT = "; wdt:P31 wd:Q163740 ", "; wdt:P31 wd:Q5 "
CASES = {
    "nobody": ("", []),
    "by its label alone": (item(1), [("Q771", 50, False)]),
    "by label and class": (item(1, more=FITS), [("Q771", 80, True)]),
    "by another name and class": (
        item(1, "Other", more=f'{FITS}; skos:altLabel "{LABEL}"@en '), [("Q771", 60, False)]),
    "of the wrong class": (item(1, more=UNFIT), [("Q771", 20, False)]),
    "two that fit": (item(1, more=FITS) + item(2, more=FITS),
                     [("Q771", 80, False), ("Q772", 80, False)]),
    "one that fits better": (item(1) + item(2, more=FITS),
                             [("Q772", 80, True), ("Q771", 50, False)]),
    "merged": (item(1, more=FITS + "; owl:sameAs wd:Q5 "), [("Q771", 0, False)]),
    "in no letter's case": (item(1, LABEL.lower(), FITS), [("Q771", 80, True)]),
    "no item": (f'<http://www.wikidata.org/entity/L1> rdfs:label "{LABEL}"@en .', []),
}


@pytest.mark.parametrize("case", CASES)
def test_scores(case: str) -> None:
    extra, wanted = CASES[case]
    assert best(NEW, extra) == wanted


def test_what_is_linked_or_denied_is_barred() -> None:
    data = engine('wd:Q2214105 skos:altLabel "SoftBank"@en .')
    found = suggest(THING + "softbank", AUTHORED, data)
    assert {(one.item.iri.removeprefix(WD), one.barred.partition(" (")[0], one.match)
            for one in found} == {("Q2214105", "not the same", False),
                                  ("Q201653", "linked already", False)}
    taken = suggest(NEW, AUTHORED, engine(f'wd:Q95 skos:altLabel "{LABEL}"@en .'))
    assert [one.barred.partition(" (")[0] for one in taken] == ["is thing:google"]


def test_an_identifier_in_common_counts() -> None:
    extra = ("wd:Q779 rdfs:label 'NVIDIA Corporation'@en ; wdt:P856 <http://nvidia.com> ; "
             "wdt:P1278 '549300S4KLFTLO7GSQ80' ; wdt:P31 wd:Q4830453 .")
    found = {one.item.iri: one for one in suggest(THING + "nvidia", AUTHORED, engine(extra))}
    assert found[WD + "Q779"].shared == ("LEI", "official website")
    assert (found[WD + "Q779"].name, found[WD + "Q779"].score) == ("alias", 100)


def test_where_not_all_candidates_are_seen_none_is_the_match() -> None:
    many = item(1, more=FITS) + "".join(item(10000 + n) for n in range(MOST))
    found = suggest(NEW, AUTHORED, engine(many))
    assert len(found) == MOST
    assert not any(one.match for one in found)


def test_names_are_tried_with_and_without_what_records_add() -> None:
    assert variants(["alpha Inc.", "Beta"]) == [
        "alpha Inc.", "alpha", "Alpha Inc.", "alpha inc.", "Beta", "beta"]
    assert variants(["", "x"]) == ["x", "X"]


def call(*arguments: str) -> object:
    with pytest.raises(SystemExit) as caught:
        main(list(arguments))
    return caught.value.code


@pytest.mark.parametrize("name", ["SoftBank", "data security policies"])
def test_the_command_writes_nothing(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = LINKS.read_bytes()
    with serving(answering(store())) as server:
        assert call("link", "suggest", name, "--endpoint", server.url, "-f", "jsonl") == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["label"] for row in rows] == (["SoftBank Group"] if name == "SoftBank" else [])
    assert LINKS.read_bytes() == before


@pytest.mark.parametrize(("arguments", "code", "message"), [
    (("Nobody", "--endpoint", "http://127.0.0.1:9/"), 3, "nothing is named 'Nobody'"),
    (("OpenAI", "--endpoint", "file:///etc/passwd"), 2, "an endpoint is a URL"),
    (("OpenAI",), 2, "Missing option '--endpoint'"),
    (("OpenAI", "--endpoint", "http://127.0.0.1:9/", "--contact", "a\nb"), 2, "a contact is"),
])
def test_misuse(
    arguments: Sequence[str], code: int, message: str, capsys: pytest.CaptureFixture[str],
) -> None:
    assert call("link", "suggest", *arguments) == code
    assert message in capsys.readouterr().err


def test_a_score_is_never_out_of_range() -> None:
    found = suggest(THING + "nvidia", AUTHORED, engine())
    assert all(isinstance(one, Suggestion) and 0 <= one.score <= 100 for one in found)
