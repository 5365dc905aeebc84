"""The second collection: what dated pages claim of the same companies, held as they were noted.

The notes lie beside the project: claims.tsv a claim a line, disagreements.tsv pairs that differ.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import aikg
from aikg.build import Sources, layer_of, primitive_types, read_sources
from aikg.claim import Claim
from aikg.collection import collection_of, folder_of
from aikg.dispute import contradictions
from aikg.graph import Graph
from aikg.names import AIKG, CLAIM, RDFS
from aikg.record import Record, read_records
from aikg.selection import Selection
from tests.test_cli import call

NOTES = Path(__file__).parents[2] / "shared" / "sources"
BOUNDS = {"": "Exactly", "~": "About", "<=": "AtMost", ">=": "AtLeast"}
MODALITIES = {"evaluation": "Evaluated"}
needs_notes = pytest.mark.skipif(not NOTES.is_dir(), reason="the notes lie outside this checkout")


@cache
def notes(name: str) -> list[dict[str, str]]:
    with (NOTES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@cache
def sources() -> Sources:
    return read_sources(None, Selection(("all",)), queries=False)


@cache
def claims() -> dict[str, Claim]:
    return {claim.iri.removeprefix(CLAIM): claim for claim in sources().claims}


@cache
def comments() -> dict[str, str]:
    return {getattr(one.subject, "value", ""): getattr(one.object, "value", "")
            for one in sources().graph if one.predicate.value == RDFS + "comment"}


def encoded() -> Iterator[tuple[dict[str, str], Claim]]:
    """Each note with the claim that bears its number."""
    for row in notes("claims.tsv"):
        stem, number = row["id"].split("-")
        yield row, claims()[f"{stem}-{int(number):03}"]


@pytest.fixture(scope="module")
def whole() -> Graph:
    return aikg.open(sources="all")


@pytest.mark.parametrize(("file", "collection"), [
    ("graph/claims/x.ttl", ""), ("graph/collections/pages/claims/x.ttl", "pages")])
def test_a_file_tells_its_collection(file: str, collection: str) -> None:
    assert collection_of(file) == collection
    assert file.startswith(folder_of(collection))


@needs_notes
def test_every_note_is_a_claim_in_the_words_of_the_note() -> None:
    wrong = [row["id"] for row, claim in encoded() if comments()[claim.iri] != row["paraphrase"]]
    assert (wrong, len(notes("claims.tsv"))) == ([], 197)


@needs_notes
def test_amounts_are_numbers_with_unit_and_bound() -> None:
    wrong = []
    for row, claim in encoded():
        match = re.fullmatch(r"(<=|>=|~|)([\d.]+)", row["amount"])
        if row["id"] == "ndt-12":  # its amount stands with what was committed
            claim = claims()["ndt-017"]
        bound = AIKG + BOUNDS[match[1]] if match else None
        if (claim.bound, str(claim.amount or "").removesuffix(".0")) != (
                bound, match[2] if match else "") or (claim.unit is None) != (match is None):
            wrong.append(row["id"])
    assert wrong == []


@needs_notes
def test_modality_denial_and_voice_are_those_of_the_note() -> None:
    denied = {"vrd-02", "bsn-07", "bsn-09", "dtc-09"}  # told as a status or as a denial
    wrong = [row["id"] for row, claim in encoded() if (
        claim.modality != AIKG + MODALITIES.get(row["modality"], row["modality"].capitalize())
        or claim.denied != (row["polarity"] == "negative" or row["id"] in denied)
        or (claim.attributed_to is None) != (row["attributed_to"] in ("page", "Reuters")))]
    assert wrong == []


@needs_notes
def test_a_claim_holds_from_the_day_of_the_note() -> None:
    wrong = [row["id"] for row, claim in encoded()
             if not str(claim.valid_from).startswith(row["as_of_or_valid_from"])
             or (row["valid_until"][:2] == "20") > (claim.valid_until is not None)]
    assert wrong == []


@needs_notes
def test_passages_are_digests_and_lengths_and_have_no_place() -> None:
    listed = {(row["source_id"], row["sentence_sha256"]) for row in notes("claims.tsv")}
    pages = [one for one in read_records() if one.collection == "pages"]
    assert {(one.id, part.digest) for one in pages for part in one.passages} == listed
    assert {part.start for one in pages for part in one.passages} == {-1}
    lengths = {row["sentence_chars"] for row in notes("claims.tsv")}
    assert {getattr(one.object, "value", "") for one in sources().graph
            if one.predicate.value == AIKG + "length"} == lengths


@needs_notes
def test_sources_bear_the_date_and_publisher_of_the_note() -> None:
    pages: dict[str, Record] = {one.id: one for one in read_records() if one.collection == "pages"}
    assert {name: str(one.issued)[:10] for name, one in pages.items()} == {
        row["source_id"]: row["date_published"] for row in notes("sources.tsv")}


@needs_notes
def test_all_real_contradictions_are_found() -> None:
    found = contradictions(sources().claims, sources().ontology.vocabulary,
                           primitive_types(sources().graph))
    by_comment = {(comments()[one.one.iri], comments()[one.other.iri]) for one in found}
    said = {row["id"]: row["paraphrase"] for row in notes("claims.tsv")}
    missed = [row["id"] for row in notes("disagreements.tsv")
              if row["verdict"] == "real contradiction" and not {
                  (said[row["claim_a"]], said[row["claim_b"]]),
                  (said[row["claim_b"]], said[row["claim_a"]])} & by_comment]
    assert missed == []


def test_what_is_in_dispute_is_no_fact_and_is_shown_as_such(whole: Graph) -> None:
    layer = layer_of(sources())
    assert layer.disputed
    assert not {*layer.disputed} & {*layer.facts}
    rows = whole.run("commitments", investor="Nvidia").rows
    assert {row.grade for row in rows} >= {"disputed", "stated", "planned"}
    disputed = [row for row in whole.run("round-participants").rows if row.grade == "disputed"]
    assert disputed == []


def test_a_yes_or_no_in_dispute_has_neither(whole: Graph) -> None:
    answer = whole.ask("does Nvidia commit to invest in OpenAI")
    assert (answer.verdict, answer.diagnosis) == (None, "disputed")
    assert "in dispute" in str(answer.reason)


def test_disputes_are_listed_with_both_sides() -> None:
    done = call("disputes", "--contradictions")
    head, *rows = [line.split("\t") for line in done.out.splitlines()]
    assert head == ["strength", "kind", "one", "other", "says", "against", "grade", "evidence"]
    assert {row[-2] for row in rows} == {"disputed"}
    assert all(len(row[-1].split()) == 2 for row in rows)
    assert (done.code, call("disputes", "--sources", "Bitpush", "--contradictions").code) == (0, 0)


def test_the_article_alone_is_the_default(graph: Graph, whole: Graph) -> None:
    assert {item.source_name for item in graph.run("investors").evidence} == {"Bitpush"}
    assert len({item.source_name for item in whole.run("investors").evidence}) > 3
    assert graph.more(graph.run("investors", company="OpenAI")) == (3, 3)
    assert whole.more(whole.run("investors", company="OpenAI")) == (0, 0)
    assert graph.run("valuations").diagnosis == "never-claimed"
