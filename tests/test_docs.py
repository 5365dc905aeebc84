"""The reference as a reader's browser takes it: whole, cross-linked, safe, and what is kept."""

from __future__ import annotations

import re
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import ClassVar

import pytest
from pyoxigraph import Literal, NamedNode

from aikg.card import Card
from aikg.docs import KEPT, differs, reference, short, tree
from aikg.entry import Entry, fragment
from aikg.expression import ABOVE, Piece
from aikg.module import read_modules
from aikg.names import AIKG, BASE, RDF, RDFS
from aikg.turtle import iri, read

pytest.importorskip("jinja2", reason="the extra docs is missing")
ROOT = Path(__file__).resolve().parent.parent

PREFIXES = """
@prefix aikg: <https://w3id.org/aikg/ontology/> .
@prefix claim: <https://w3id.org/aikg/claim/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix source: <https://w3id.org/aikg/source/> .
@prefix thing: <https://w3id.org/aikg/thing/> .
"""
ATTACK = """</script></style><script>alert(1)</script><img src=x onerror=alert(2)>"'{{ 7*7 }}&"""
SMALL = {
    "ontology/aikg.ttl": """
        <https://w3id.org/aikg/ontology> a owl:Ontology ; owl:versionInfo "0" .
        rdfs:seeAlso a owl:AnnotationProperty . skos:altLabel a owl:AnnotationProperty .
        skos:definition a owl:AnnotationProperty .
        aikg:predicate a owl:AnnotationProperty . aikg:object a owl:AnnotationProperty .
        aikg:Claim a owl:Class . aikg:Stated a owl:NamedIndividual .
        aikg:Lab a owl:Class ; rdfs:label ATTACK ; skos:altLabel ATTACK ; skos:definition ATTACK ;
            rdfs:seeAlso <javascript:alert(3)> .
        aikg:praises a owl:ObjectProperty ; rdfs:label ATTACK ; rdfs:domain aikg:Lab .""",
    "ontology/align/other.ttl": """
        <https://w3id.org/aikg/align/other> a owl:Ontology .
        aikg:Lab skos:closeMatch <javascript:alert(4)>, <data:text/html,x> .""",
    "graph/entities.ttl": """
        thing:one a aikg:Lab ; rdfs:label ATTACK ; skos:altLabel ATTACK .
        thing:other a aikg:Lab ; rdfs:label "other" .""",
    "graph/claims/small.ttl": """
        source:small a aikg:Source ; rdfs:label ATTACK ; rdfs:comment ATTACK ;
            aikg:shortName ATTACK .
        <https://w3id.org/aikg/source/small/p1> aikg:inSource source:small ; aikg:passageId "p1" ;
            aikg:passageKind ATTACK ; aikg:startOffset 0 ; aikg:endOffset 9 ; aikg:digest "0" .
        source:second a aikg:Source ; aikg:shortName "Second" .
        <https://w3id.org/aikg/source/second/p1> aikg:inSource source:second ; aikg:passageId "p1" ;
            aikg:passageKind "bullet" ; aikg:startOffset 0 ; aikg:endOffset 9 ; aikg:digest "0" .
        claim:small-2 a aikg:Claim ; aikg:subject thing:other ; aikg:predicate aikg:praises ;
            aikg:object thing:one ; aikg:modality aikg:Stated ; rdfs:comment "Praise returned." ;
            aikg:denied true ; aikg:statedIn <https://w3id.org/aikg/source/second/p1> .
        claim:small-1 a aikg:Claim ; aikg:subject thing:one ; aikg:predicate aikg:praises ;
            aikg:object thing:other ; aikg:modality aikg:Stated ; rdfs:comment ATTACK ;
            aikg:reading ATTACK ; aikg:statedIn <https://w3id.org/aikg/source/small/p1> .""",
}


class Page(HTMLParser):
    """What a page holds: its ids, links, elements, headings, and the text of each entry."""

    VOID: ClassVar = {"meta", "input", "br", "link", "img", "hr"}
    BLOCKS: ClassVar = {"dt", "dd", "td", "th", "li", "p", "summary"}

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.links: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.headings: list[tuple[int, str]] = []
        self.texts: dict[str, str] = {}
        self.open: list[tuple[str, str]] = []
        self.feed(text)
        self.close()
        assert self.open == [], "an element is not closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.attributes += [(tag, name, value) for name, value in found.items()] or [(tag, "", "")]
        self.ids.update([found["id"]] if "id" in found else [])
        self.links += [found["href"]] if "href" in found else []
        if re.fullmatch("h[1-6]", tag):
            self.headings.append((int(tag[1]), ""))
        if tag in self.BLOCKS:
            self.handle_data(" ")
        if tag not in self.VOID:
            self.open.append((tag, found.get("id", "")))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag, f"</{tag}> closes another element"

    def handle_data(self, data: str) -> None:
        for tag, name in self.open:
            if name:
                self.texts[name] = self.texts.get(name, "") + data
            if re.fullmatch("h[1-6]", tag):
                level, text = self.headings.pop()
                self.headings.append((level, text + data))

    def text(self, name: str) -> str:
        return " ".join(self.texts[name].split())


@pytest.fixture(scope="module")
def html() -> str:
    return reference()


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


def labels(*folders: str) -> Iterator[tuple[str, str]]:
    """IRI and label of all that the files of the folders give a label, of ours."""
    for folder in folders:
        for file in sorted((ROOT / folder).glob("*.ttl")):
            for one in read(str(file)):
                if one.predicate.value == RDFS + "label" and isinstance(one.object, Literal):
                    yield iri(one.subject), one.object.value


def test_the_page_that_is_kept_is_the_one_that_is_made(html: str) -> None:
    assert not differs(html), f"run: aikg docs -o {KEPT}"
    assert differs(html + " ")


def test_every_term_and_thing_has_its_entry_under_its_name(page: Page) -> None:
    named = dict(labels("ontology", "graph"))
    assert len(named) > 380
    assert {name: page.text(fragment(name)).startswith(label.strip())
            for name, label in named.items() if not name.startswith(BASE + "source/")} == {
        name: True for name in named if not name.startswith(BASE + "source/")}
    declared = {name for module in read_modules() for name, _ in module.terms}
    assert {fragment(name) for name in declared} <= page.ids.keys()


def test_every_claim_and_passage_stands_in_the_page(page: Page) -> None:
    subjects = {(iri(one.subject), one.object) for folder in ("sources", "claims")
                for file in (ROOT / "graph" / folder).glob("*.ttl") for one in read(str(file))
                if one.predicate.value == RDF + "type"}
    wanted = {fragment(name) for name, kind in subjects
              if kind in (NamedNode(AIKG + "Claim"), NamedNode(AIKG + "Passage"))}
    assert len(wanted) > 250
    assert wanted - page.ids.keys() == set()


def test_ids_are_unique_and_every_inner_link_leads_to_one(page: Page) -> None:
    assert [name for name, count in page.ids.items() if count > 1] == []
    inner = {link[1:] for link in page.links if link.startswith("#")}
    assert len(inner) > 600
    assert inner - page.ids.keys() == set()


def test_nothing_is_loaded_from_elsewhere(html: str, page: Page) -> None:
    assert {link.partition("://")[0] for link in page.links if not link.startswith("#")} <= {
        "http", "https"}
    assert {tag for tag, name, _ in page.attributes if name == "href"} == {"a"}
    assert [one for one in page.attributes if one[1] in ("src", "srcset", "data", "action")] == []
    assert re.findall(r"@import|url\(|fetch\(|XMLHttpRequest|innerHTML|eval\(", html) == []


def test_the_policy_names_the_style_and_the_script_by_their_digests(html: str, page: Page) -> None:
    [policy] = re.findall(r'Content-Security-Policy" content="([^"]*)"', unescape(html))
    for tag in ("style", "script"):
        [content] = re.findall(f"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        digest = b64encode(sha256(content.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'; ")
    assert [one for one in page.attributes if one[1].startswith("on") or one[1] == "style"] == []


def test_headings_are_in_order_and_landmarks_are_there(page: Page) -> None:
    levels = [level for level, _ in page.headings]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert [pair for pair in pairwise(levels) if pair[1] > pair[0] + 1] == []
    tags = Counter(tag for tag, _, _ in page.attributes)
    assert tags["main"]
    assert tags["nav"]
    assert ("html", "lang", "en") in page.attributes
    assert ("a", "class", "skip") in page.attributes
    assert ("search", "hidden", "") in page.attributes, "shown by the script alone"


def test_the_page_is_not_heavy(html: str) -> None:
    assert len(html.encode()) < 1_500_000


@pytest.mark.parametrize(("name", "says"), [
    ("StrategicInvestor", "defined class · Capital"),
    ("StrategicInvestor", "https://w3id.org/aikg/ontology/StrategicInvestor"),
    ("StrategicInvestor", "Equivalent to Organization and (investsStrategicallyIn some"),
    ("StrategicInvestor", "Subclass of organization"),
    ("StrategicInvestor", "People also say strategic backer; strategic financier"),
    ("StrategicInvestor", "Microsoft inferred Microsoft made an early strategic investment"),
    ("StrategicInvestor", "in OpenAI. stated I.p3.s1"),
    ("OpenSourceDeveloper", "Organization and (hasOpenness value OpenSource)"),
    ("Advantage", "Equivalent to isAdvantageOf some Organization"),
    ("ExternalFinancing", "Disjoint with internal financing"),
    ("Organization", "Superclass of "),
    ("Organization", "rdfs:subClassOf schema:Organization"),
    ("Organization", "In the definition of "),
    ("Modality", "Members by identification "),
    ("funds", "Domain agent Range organization Inverse of is funded by"),
    ("funds", "Chain participatesIn o isRoundOf"),
    ("funds", "Example Amazon funds Anthropic inferred Amazon has made strategic investments"),
    ("isRoundOf", "object property, functional · Capital"),
    ("isRoundOf", "Step of the chain of funds"),
    ("ultimatelyDependsOn", "object property, transitive"),
    ("foundedInYear", "Range xsd:integer"),
    ("reading", "annotation property · Evidence"),
    ("Hedged", "individual, modality · Evidence"),
    ("thing/openai", "OpenAI founded in year 2015 stated"),
    ("thing/microsoft", "strategic investor inferred"),
    ("thing/microsoft", "same as wd:Q2283"),
    ("claim/bitpush-004", "With the round, the logic by which the global AI industry competes"),
    ("claim/bitpush-004", "reading: That the change began"),
    ("source/bitpush-openai-financing/0.p1.s1", "0 to 165 bitpush-001"),
    ("section/about", "OWL 2 DL"),
    ("section/modules", "https://w3id.org/aikg/align/schema in ontology/align/schema.ttl"),
])
def test_an_entry_says(page: Page, name: str, says: str) -> None:
    assert says in page.text(name)


@pytest.fixture
def small(tmp_path: Path) -> str:
    """A page from sources in which every text is an attack."""
    (tmp_path / "queries").mkdir()
    quoted = '"' + ATTACK.replace("\\", "\\\\").replace('"', '\\"') + '"@en'
    for name, text in SMALL.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PREFIXES + text.replace("ATTACK", quoted), "utf-8")
    return reference(str(tmp_path))


def test_no_text_becomes_markup_and_no_link_runs(small: str, html: str) -> None:
    page, ordinary = Page(small), Page(html)
    kinds = {(tag, name) for tag, name, _ in page.attributes}
    assert kinds - {(tag, name) for tag, name, _ in ordinary.attributes} == set()
    assert [tag for tag, *_ in page.attributes].count("script") == 1
    assert {link.partition(":")[0] for link in page.links if link[0] != "#"} <= {"http", "https"}
    assert "javascript:alert(4)" in page.text("Lab")
    assert page.text("Lab").startswith(ATTACK)
    assert page.text("claim/small-1").count(ATTACK) == 5
    assert {link[1:] for link in page.links if link[0] == "#"} - page.ids.keys() == set()
    # Of several sources a passage says its own.
    assert page.text("claim/small-2").startswith("small-2 Praise returned. stated denied Second p1")
    assert {"source/small/p1", "source/second/p1"} <= page.ids.keys()


@pytest.mark.parametrize(("name", "says"), [
    ("http://www.wikidata.org/entity/Q5", "wd:Q5"),
    ("https://example.org/a/Last", "Last (example.org)"),
    ("https://example.org/a#Last", "Last (example.org)"),
    ("https://example.org/a/", "a (example.org)"),
    ("https://example.org", "https://example.org"),
    ("http://[x", "http://[x"),
    ("urn:x:y", "urn:x:y"),
])
def test_a_foreign_iri_has_a_short_name(name: str, says: str) -> None:
    assert short(name) == says


def test_classes_that_lie_below_each_other_end() -> None:
    def a_class(name: str, *parents: str) -> Entry:
        above = tuple((Piece(parent, parent),) for parent in parents)
        card = Card(name, name, (), None, (), {})
        return Entry(name, "class", "", (), {ABOVE: above} if above else {}, (), 0, 0, card)

    [top] = tree([a_class("a"), a_class("b", "a", "c"), a_class("c", "b"), a_class("d", "d")])
    assert [one.entry.iri for one in top.below] == ["b"]
    assert [one.entry.iri for one in top.below[0].below] == ["c"]
    assert top.below[0].below[0].below == ()
