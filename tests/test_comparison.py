"""Differences are told in terms of claims, entities and axioms, each with what to do and where."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, serialize

from aikg.authored import Authored
from aikg.comparison import Change, changes
from aikg.edited import read_edited
from aikg.names import PREFIXES, THING
from aikg.turtle import read

ROOT = Path(__file__).resolve().parent.parent
RELEASE = ROOT / "graph" / "release" / "aikg.ttl"
DECLARED = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
OPENAI = "thing:openai"
INVESTS = "thing:amazon aikg:investsStrategicallyIn thing:anthropic"
DENIAL = ("a owl:NegativePropertyAssertion ; owl:sourceIndividual thing:openai ; "
          "owl:assertionProperty")


@cache
def authored() -> Authored:
    return Authored()


def edit(folder: Path, *steps: tuple[str, str], add: str = "", file: Path = RELEASE) -> Path:
    """A copy of a document in which each text is another one, and something is added."""
    text = file.read_text("utf-8")
    for old, new in steps:
        assert re.search(old, text), old
        text = re.sub(old, new, text, count=1)
    target = folder / "edited.ttl"
    target.write_text(f"{text}\n{DECLARED}{add}", "utf-8")
    return target


def compare(file: Path) -> list[Change]:
    return changes(read_edited(str(file), authored()), authored())


def told(file: Path) -> list[tuple[str, str]]:
    return [(one.kind, one.what) for one in compare(file)]


COMPETES = r"(aikg:competesWith )thing:anthropic, "


ADDED = [
    (f"{OPENAI} aikg:competesWith thing:amazon .", "new fact",
     "thing:openai aikg:competesWith thing:amazon", "without evidence"),
    (f"{OPENAI} aikg:foundedInYear 2014 .", "new fact",
     'thing:openai aikg:foundedInYear "2014"^^xsd:integer', "without evidence"),
    (f"{OPENAI} a aikg:NonprofitOrganization .", "new fact",
     "thing:openai a aikg:NonprofitOrganization", "without evidence"),
    (f'{OPENAI} skos:altLabel "Open AI Inc"@en .', "new name", '"Open AI Inc"@en',
     r"graph/entities.ttl:\d+$"),
    (f'{OPENAI} rdfs:comment "A note."@en .', "new comment", '"A note."@en',
     r"edit graph/entities\.ttl"),
    (f"{OPENAI} skos:note <http://x/y> .", "new annotation",
     "thing:openai skos:note <http://x/y>", r"edit graph/entities\.ttl:\d+$"),
    (f"{OPENAI} owl:sameAs <http://www.wikidata.org/entity/Q1> .", "new link",
     "wd:Q1 owl:sameAs thing:openai", r"edit graph/links\.sssom\.tsv"),
    ("aikg:Company rdfs:subClassOf aikg:Deal .", "new axiom",
     "aikg:Company rdfs:subClassOf aikg:Deal", r"edit ontology/agents\.ttl:\d+"),
    ('aikg:Company skos:definition "Another."@en .', "new definition", '"Another."@en',
     r"edit ontology/agents\.ttl:\d+$"),
    ("aikg:Bank a owl:Class ; rdfs:subClassOf aikg:Company .", "new term",
     "aikg:Bank a owl:Class; aikg:Bank rdfs:subClassOf aikg:Company", "its topic file"),
    ('thing:acme a aikg:Company, owl:NamedIndividual ; rdfs:label "Acme"@en .', "new entity",
     'thing:acme a aikg:Company; thing:acme rdfs:label "Acme"@en', r"graph/entities\.ttl"),
    ('<http://x/acme> a aikg:Company .', "new entity", "<http://x/acme> a aikg:Company",
     "name it thing:… and write it"),
    ("claim:bitpush-011 aikg:modality aikg:Hedged .", "changed claim",
     "nothing → aikg:modality aikg:Hedged", r"edit graph/claims/bitpush\.ttl:\d+"),
    ('claim:bitpush-011 rdfs:label "x"@en .', "changed claim", 'nothing → rdfs:label "x"@en',
     "the build makes this label"),
    ("claim:new-1 a aikg:Claim .", "new claim", "claim:new-1 a aikg:Claim", "graph/claims/"),
    (f"[] {DENIAL} aikg:owns ; owl:targetIndividual thing:amazon .", "new denial",
     "not thing:openai aikg:owns thing:amazon", "aikg:denied true"),
    ("[] a owl:AllDisjointClasses ; owl:members ( aikg:Company aikg:Deal ) .", "new axiom",
     "a owl:AllDisjointClasses; owl:members ( aikg:Company aikg:Deal )", "edit the ontology"),
    ('<https://w3id.org/aikg/graph> owl:versionInfo "9" .', "changed header",
     'nothing → owl:versionInfo "9"', "the build writes the header"),
]


@pytest.fixture(scope="module")
def added(tmp_path_factory: pytest.TempPathFactory) -> list[Change]:
    """The differences of all additions; compared once, as that takes a while."""
    return compare(edit(tmp_path_factory.mktemp("added"), add="\n".join(add for add, *_ in ADDED)))


@pytest.mark.parametrize(("add", "kind", "what", "todo"), ADDED)
def test_what_was_added(
    add: str, kind: str, what: str, todo: str, added: list[Change],
) -> None:
    [found] = [one for one in added if (one.kind, one.what) == (kind, what)]
    assert re.search(todo, found.todo), found.todo


def test_nothing_else_was_added(added: list[Change]) -> None:
    assert len(added) == len(ADDED)


CHANGED = [
    ((COMPETES, r"\1"), "removed fact", "thing:openai aikg:competesWith thing:anthropic",
     r"^retract claim:bitpush-043 \(graph/claims/bitpush\.ttl:\d+\), if the source does not"),
    (('rdfs:label "Nvidia"@en ;\n    skos', 'rdfs:label "NVIDIA"@en ;\n    skos'), "changed label",
     '"Nvidia"@en → "NVIDIA"@en', r"edit graph/entities\.ttl:\d+$"),
    ((r'"AMZN"@en,', ""), "removed name", '"AMZN"@en', r"graph/entities\.ttl"),
    ((r'(wd:Q380\n.*\n.*)"Meta Platforms"@en', r'\1"Meta"@en'), "changed label",
     '"Meta Platforms"@en → "Meta"@en', r"edit graph/links\.sssom\.tsv$"),
    ((r"aikg:evidence claim:bitpush-085", "aikg:evidence claim:bitpush-086"), "changed evidence",
     f"{INVESTS}: aikg:evidence claim:bitpush-085 → aikg:evidence claim:bitpush-086",
     r"made from claims: edit claim:bitpush-085 \("),
    ((r"(claim:bitpush-011\n(?:.*\n)*?.*aikg:value) 2015", r"\1 2016"), "changed claim",
     'aikg:value "2015"^^xsd:integer → aikg:value "2016"^^xsd:integer',
     r"edit graph/claims/bitpush\.ttl:\d+"),
    ((r"\[\]\n    a owl:NegativePropertyAssertion(?:.*\n)+?\n", ""), "removed denial", None,
     r"retract claim:bitpush-\d+ \(graph/claims"),
    ((r"claim:bitpush-187\n(?:.+\n)+", ""), "removed claim", "claim:bitpush-187",
     r"take it out of graph/claims/bitpush\.ttl:\d+"),
    ((r"[^\n]*owl:versionIRI [^\n]*\n", ""), "changed header", None, "the build writes"),
]


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> list[Change]:
    """The differences of all other edits."""
    return compare(edit(tmp_path_factory.mktemp("changed"), *(step for step, *_ in CHANGED)))


@pytest.mark.parametrize(("step", "kind", "what", "todo"), CHANGED)
def test_what_was_changed_or_removed(
    step: tuple[str, str], kind: str, what: str | None, todo: str, changed: list[Change],
) -> None:
    [found] = [one for one in changed if one.kind == kind and what in (None, one.what)]
    assert re.search(todo, found.todo), found.todo


def test_what_a_tool_writes_of_itself_is_no_difference(tmp_path: Path) -> None:
    add = """thing:openai a owl:NamedIndividual . aikg:Company a owl:Class .
        aikg:competesWith a owl:ObjectProperty . rdfs:label a owl:AnnotationProperty .
        skos:altLabel a owl:AnnotationProperty ."""
    file = edit(tmp_path, (r"a aikg:Company, owl:NamedIndividual", "a aikg:Company"), add=add)
    assert told(file) == []


def test_an_entity_that_is_gone_is_told_once_with_its_facts(tmp_path: Path) -> None:
    softbank, openai = NamedNode(THING + "softbank"), NamedNode(THING + "openai")
    kept = [Triple(one.subject, one.predicate, openai if one.object == softbank and isinstance(
        one.subject, BlankNode) else one.object) for one in read(str(RELEASE))
        if one.subject != softbank]
    file = tmp_path / "edited.nt"
    serialize(kept, str(file), RdfFormat.N_TRIPLES)
    found = compare(file)
    assert [one.what for one in found if one.kind == "removed entity"] == ["thing:softbank"]
    facts = [one for one in found if one.kind == "removed fact"]
    assert len(facts) > 0
    assert all(one.todo.startswith("retract claim:") for one in facts)
    assert "removed axiom" not in {one.kind for one in found}, "nor is owl:AllDifferent told"


def test_a_fact_that_is_gone_takes_its_evidence_along(tmp_path: Path) -> None:
    axiom = (r"\[\]\n    a owl:Axiom ;\n    owl:annotatedSource thing:openai ;\n"
             r"    owl:annotatedProperty aikg:competesWith ;\n"
             r"    owl:annotatedTarget thing:anthropic ;\n(?:.+\n)+")
    file = edit(tmp_path, (COMPETES, r"\1"), (axiom, ""))
    assert [kind for kind, _ in told(file)] == ["removed fact"]


def test_denying_what_was_said_is_two_changes(tmp_path: Path) -> None:
    add = f"[] {DENIAL} aikg:competesWith ; owl:targetIndividual thing:anthropic ."
    assert {kind for kind, _ in told(edit(tmp_path, (COMPETES, r"\1"), add=add))} == {
        "removed fact", "new denial"}


@pytest.mark.parametrize(("file", "add", "kind"), [
    ("agents.ttl", "aikg:Company rdfs:subClassOf aikg:Group .", "new axiom"),
    ("agents.ttl", 'aikg:Company rdfs:label "firm"@en .', "new label"),
    ("ontology.ttl", "[] a owl:AllDisjointClasses ; owl:members ( aikg:Company aikg:Deal ) .",
     "new axiom"),
])
def test_a_file_of_the_ontology(file: str, add: str, kind: str, tmp_path: Path) -> None:
    assert [one for one, _ in told(edit(tmp_path, add=add, file=RELEASE.parent / file))] == [kind]
