"""Checks of the mapping file: what a row cannot say, alone and beside the others."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from aikg.authored import Authored
from aikg.identity import faults
from aikg.links import COLUMNS, OPTIONAL, Mapping, parse_mappings

ROOT = Path(__file__).resolve().parent.parent
SOUND = ROOT / "tests" / "bad" / "check" / "sound"
HEADER = """\
#curie_map:
#  aikg: https://w3id.org/aikg/ontology/
#  dbr: http://dbpedia.org/resource/
#  github: https://github.com/
#  ror: https://ror.org/
#  schema: https://schema.org/
#  thing: https://w3id.org/aikg/thing/
#  wd: http://www.wikidata.org/entity/
#  web: https://
#mapping_set_id: https://w3id.org/aikg/graph/links
#license: https://creativecommons.org/licenses/by/4.0/
"""
NAMES = tuple(name for name in COLUMNS if name not in OPTIONAL)
LABELS = {"thing:nobody": "", "thing:alpha": "Alpha", "thing:beta": "Beta",
          "thing:both": "Alpha and Gamma"}
MANUAL, LEXICAL = "semapv:ManualMappingCuration", "semapv:LexicalMatching"
WIKIDATA = "web:www.wikidata.org/"
LEI, LITERAL, NONE = "schema:leiCode", "rdfs literal", "sssom:NoTermFound"
FIRST = 13
"""The line of the first row."""


def row(subject: str, predicate: str, target: str, **cells: str) -> dict[str, str]:
    literal = ":" not in target
    return {
        "subject_id": subject, "subject_label": LABELS[subject], "predicate_id": predicate,
        "object_id": "" if literal else target, "object_label": target if literal else "",
        "object_type": LITERAL if literal else "", "mapping_justification": MANUAL, **cells}


def parsed(*rows: dict[str, str]) -> list[Mapping]:
    lines = ["\t".join(NAMES), *("\t".join(one.get(name, "") for name in NAMES) for one in rows)]
    return parse_mappings(HEADER + "".join(line + "\n" for line in lines), "links")


def rules(folder: Path, *rows: dict[str, str]) -> list[tuple[str, int]]:
    """Rule and number of the row of each finding, the first row being 0."""
    return [(one.rule, one.line - FIRST) for one in faults(parsed(*rows), Authored(str(folder)))]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(SOUND, tmp_path, dirs_exist_ok=True)
    (tmp_path / "ontology" / "align").mkdir()
    (tmp_path / "ontology" / "align" / "wikidata.ttl").write_text(
        "@prefix aikg: <https://w3id.org/aikg/ontology/> .\n"
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        "@prefix wd: <http://www.wikidata.org/entity/> .\n"
        "aikg:Company skos:closeMatch wd:Q4830453 .\n", encoding="utf-8")
    return tmp_path


A, B = "thing:alpha", "thing:beta"
LEI_OF_MICROSOFT = "INR2EJN1ERAN0W5ZP974"
CASES = {
    "sound": ([row(A, "owl:sameAs", "wd:Q1"), row(A, "skos:exactMatch", "dbr:A"),
               row(A, "skos:exactMatch", "wd:Q2", predicate_modifier="Not"),
               row(A, LEI, LEI_OF_MICROSOFT), row(B, "owl:sameAs", "wd:Q2")], []),
    "a class beside its like": ([row(A, "skos:relatedMatch", "wd:Q4830453")], []),
    "two shares": ([row(A, "aikg:isin", "US02079K3059"), row(A, "aikg:isin", "US02079K1079")], []),
    "none, and a weaker one": ([row(A, "skos:exactMatch", NONE, object_source="web:ror.org/"),
                                row(A, "skos:closeMatch", "ror:05wx9n238")], []),
    "close, and not the same": ([row(A, "skos:closeMatch", "wd:Q1"),
                                 row(A, "skos:exactMatch", "wd:Q1", predicate_modifier="Not")], []),
    "form": ([row(A, "owl:sameAs", "wd:P31")], [("identifier", 0)]),
    "check digit": ([row(A, LEI, "INR2EJN1ERAN0W5ZP947")], [("identifier", 0)]),
    "check digit of a denied one": ([row(A, LEI, "INR2EJN1ERAN0W5ZP947", predicate_modifier="Not")],
                                    [("identifier", 0)]),
    "ROR check digit": ([row(A, "skos:exactMatch", "ror:05wx9n283")], [("identifier", 0)]),
    "a record for a text": ([row(A, LEI, "wd:Q1")], [("identifier", 0)]),
    "label": ([row(A, "owl:sameAs", "wd:Q1", subject_label="Alfa")], [("label", 0)]),
    "nothing of that name": ([row("thing:nobody", "owl:sameAs", "wd:Q1")], [("subject", 0)]),
    "class of the subject": ([row("thing:both", LEI, LEI_OF_MICROSOFT)], [("class", 0)]),
    "class for a thing": ([row(A, "skos:exactMatch", "wd:Q4830453")], [("class", 0)]),
    "grounds": ([row(A, "owl:sameAs", "wd:Q1", mapping_justification="semapv:Guess")],
                [("justification", 0)]),
    "sameness by a program": ([row(A, "owl:sameAs", "wd:Q1", mapping_justification=LEXICAL)],
                              [("justification", 0)]),
    "likeness by a program": ([row(A, "skos:exactMatch", "wd:Q1", mapping_justification=LEXICAL)],
                              []),
    "two things on one": ([row(A, "owl:sameAs", "wd:Q1"), row(B, "skos:exactMatch", "wd:Q1")],
                          [("equated", 1)]),
    "two things on one LEI": ([row(A, LEI, LEI_OF_MICROSOFT), row(B, LEI, LEI_OF_MICROSOFT)],
                              [("equated", 1)]),
    "two of one scheme": ([row(A, "owl:sameAs", "wd:Q1"), row(A, "skos:exactMatch", "wd:Q2")],
                          [("several", 1)]),
    "one equated with one": ([row(A, "owl:sameAs", B)], [("equated", 0)]),
    "said and denied": ([row(A, "owl:sameAs", "wd:Q1"),
                         row(A, "owl:sameAs", "wd:Q1", predicate_modifier="Not")],
                        [("contradicted", 0)]),
    "same, yet not exact": ([row(A, "owl:sameAs", "wd:Q1"),
                             row(A, "skos:exactMatch", "wd:Q1", predicate_modifier="Not")],
                            [("contradicted", 0)]),
    "found and not found": ([row(A, "owl:sameAs", "wd:Q1"),
                             row(A, "skos:exactMatch", NONE, object_source=WIKIDATA)],
                            [("contradicted", 0)]),
    "two relations to one": ([row(A, "owl:sameAs", "wd:Q1"), row(A, "skos:closeMatch", "wd:Q1")],
                             [("contradicted", 1)]),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_wrong_with_rows(case: str, folder: Path) -> None:
    rows, wanted = CASES[case]
    assert rules(folder, *rows) == wanted
