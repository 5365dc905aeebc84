"""What may be written without a person: names, comments and new entities, and nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from aikg.amendment import FILL_IN, amendable, amended, check_writable, stubs
from aikg.authored import Authored
from aikg.comparison import ENTITIES, Change
from aikg.errors import AikgError, GraphError
from aikg.fact import TYPE, Fact
from aikg.names import AIKG, RDFS, SKOS, THING

ROOT = Path(__file__).resolve().parent.parent
LABEL, NAME, NOTE = f"<{RDFS}label>", f"<{SKOS}altLabel>", f"<{RDFS}comment>"
AUTHORED = Authored(str(ROOT))


def said(predicate: str, target: str, name: str = "openai") -> tuple[Fact, ...]:
    return ((f"<{THING}{name}>", predicate, target),)


def change(
    kind: str, added: tuple[Fact, ...] = (), removed: tuple[Fact, ...] = (),
    subject: str = THING + "openai",
) -> Change:
    return Change(kind, subject, "", "", added, removed)


def new(*about: tuple[str, str], name: str = "acme") -> Change:
    facts = tuple(fact for predicate, target in about for fact in said(predicate, target, name))
    return change("new entity", facts, subject=THING + name)


COMPANY = (TYPE, f"<{AIKG}Company>")
ACME = (LABEL, '"Acme"@en')


@pytest.mark.parametrize(("one", "fits"), [
    (change("changed label", said(LABEL, '"Open AI"@en'), said(LABEL, '"OpenAI"@en')), True),
    (change("new name", said(NAME, '"Open AI"@en')), True),
    (change("new comment", said(NOTE, '"x"@en')), True),
    (new(COMPANY, ACME), True),
    (new(COMPANY, ACME, (NAME, '"ACME"@en')), True),
    (change("changed label", said(LABEL, '"Open AI"@de'), said(LABEL, '"OpenAI"@en')), False),
    (change("changed label", said(LABEL, '" "@en'), said(LABEL, '"OpenAI"@en')), False),
    (change("new name", said(NAME, '"\\u001b[31m"@en')), False),
    (change("new name", said(NAME, '"x"@en', "none"), subject=THING + "none"), False),
    (change("changed label", said(LABEL, '"x"@en'), said(LABEL, '"not there"@en')), False),
    (change("new label", said(LABEL, '"second"@en')), False),
    (change("removed label", (), said(LABEL, '"OpenAI"@en')), False),
    (change("new fact", said(f"<{AIKG}competesWith>", f"<{THING}amazon>")), False),
    (change("removed fact", (), said(f"<{AIKG}competesWith>", f"<{THING}meta>")), False),
    (change("new name", said(NAME, '"x"@en'), subject="https://example.org/x"), False),
    (new(ACME), False),
    (new(COMPANY), False),
    (new(COMPANY, ACME, (LABEL, '"Zweite"@en')), False),
    (new((TYPE, f"<{AIKG}StrategicInvestor>"), ACME), False),
    (new((TYPE, f"<{AIKG}NoSuchClass>"), ACME), False),
    (new((TYPE, "[ a <x> ]"), ACME), False),
    (new(COMPANY, ACME, name="a/b"), False),
    (new(COMPANY, ACME, name=""), False),
    (change("changed claim", said(NOTE, '"x"@en'), subject="https://w3id.org/aikg/claim/x"), False),
])
def test_only_what_identifies_is_written(one: Change, fits: bool) -> None:
    assert amendable(one, AUTHORED) is fits


def test_the_file_stays_in_normal_form() -> None:
    before = AUTHORED.text(ENTITIES)
    rename = change("changed label", said(LABEL, '"Open \\"AI\\""@en'), said(LABEL, '"OpenAI"@en'))
    after = amended([rename, new(COMPANY, ACME)], AUTHORED)
    assert amended([], AUTHORED) == before
    lines = {*after.splitlines()} ^ {*before.splitlines()}
    assert {line.strip() for line in lines} == {
        'rdfs:label "OpenAI"@en ;', 'rdfs:label "Open \\"AI\\""@en ;', "thing:acme",
        'rdfs:label "Acme"@en .'}
    assert after.index("thing:ai-benefits") > after.index("thing:acme")


def test_a_file_that_holds_more_than_its_triples_is_left_alone(tmp_path: Path) -> None:
    for part in ("ontology", "graph", "queries"):
        shutil.copytree(ROOT / part, tmp_path / part)
    with (tmp_path / ENTITIES).open("a") as file:
        file.write("# a note\n")
    with pytest.raises(GraphError, match="not in normal form"):
        amended([new(COMPANY, ACME)], Authored(str(tmp_path)))


def test_an_installed_package_is_not_written_to(monkeypatch: pytest.MonkeyPatch) -> None:
    check_writable()
    monkeypatch.setattr("aikg.files.is_checkout", lambda: False)
    with pytest.raises(AikgError, match="use a checkout"):
        check_writable()


def test_a_new_fact_becomes_a_claim_to_fill_in() -> None:
    facts = [said(f"<{AIKG}competesWith>", f"<{THING}amazon>"),
             said(f"<{AIKG}formerName>", '"x\\ny"'), said(TYPE, "[ a <x> ]")]
    text = stubs([*(change("new fact", one) for one in facts), change("new name")])
    assert text.startswith(FILL_IN)
    assert text.count("a aikg:Claim") == 2
    assert "aikg:object thing:amazon ." in text
    assert 'aikg:value "x\\ny" .' in text
    assert "aikg:statedIn " not in text.removeprefix(FILL_IN)
    assert stubs([]) == ""
