"""The links file: its form, its reader, and that every identifier in it is well-founded."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode
from rdflib import Graph

from aikg.errors import GraphError
from aikg.identifier import isin_is_valid, lei_is_valid
from aikg.links import (
    BUILT_IN,
    COLUMNS,
    OPTIONAL,
    SET_SLOTS,
    Mapping,
    link_triples,
    read_mappings,
)
from aikg.names import AIKG, OWL, PREFIXES, RDFS, SKOS, THING, compact

ROOT = Path(__file__).resolve().parent.parent
LINKS = ROOT / "graph" / "links.sssom.tsv"
REFERENCE = ROOT.parent / "shared" / "reference"
SCHEMA = PREFIXES["schema"]
WIKIDATA = PREFIXES["wd"]
LABEL = RDFS + "label"

IDENTITY = {OWL + "sameAs", SKOS + "exactMatch"}
# Identifiers of which each belongs to one entity, though the predicate states no identity.
EXCLUSIVE = {SCHEMA + "leiCode", AIKG + "centralIndexKey", AIKG + "isin"}
# The schemes of identifiers.tsv, by predicate or by namespace of the object.
SCHEMES = {
    SCHEMA + "leiCode": "lei",
    SCHEMA + "tickerSymbol": "ticker",
    SCHEMA + "url": "website",
    AIKG + "centralIndexKey": "sec_cik",
    AIKG + "gitHubAccount": "github_org",
    AIKG + "huggingFaceAccount": "huggingface_org",
    AIKG + "isin": "isin",
    WIKIDATA: "wikidata",
    PREFIXES["dbr"]: "dbpedia",
    "https://ror.org/": "ror",
    "https://en.wikipedia.org/wiki/": "enwiki",
}
SOUGHT_IN = {
    "https://www.wikidata.org/": "wikidata",
    "https://www.gleif.org/": "lei",
    "https://ror.org/": "ror",
}

HEADER = """\
#curie_map:
#  thing: https://w3id.org/aikg/thing/
#  wd: http://www.wikidata.org/entity/
#mapping_set_id: https://example.org/set
#creator_label:
#  - The aikg authors
#license: https://creativecommons.org/licenses/by/4.0/
"""
WRITTEN = tuple(name for name in COLUMNS if name not in OPTIONAL)
NAMES = "\t".join(WRITTEN)


def line(**cells: str) -> str:
    """A row of the file: thing:amazon owl:sameAs wd:Q3884, changed by `cells`."""
    row = {
        "subject_id": "thing:amazon", "subject_label": "Amazon", "predicate_id": "owl:sameAs",
        "predicate_label": "same as", "object_id": "wd:Q3884", "object_label": "Amazon",
        "mapping_justification": "semapv:ManualMappingCuration", **cells,
    }
    return "\t".join(row.get(column, "") for column in WRITTEN)


def read_text(text: str, folder: Path) -> list[Mapping]:
    path = folder / "links.sssom.tsv"
    path.write_bytes(text.encode())
    return read_mappings(str(path))


def read_rows(folder: Path, *rows: str) -> list[Mapping]:
    return read_text("\n".join([HEADER + NAMES, *rows]) + "\n", folder)


@pytest.fixture(scope="module")
def mappings() -> list[Mapping]:
    return read_mappings(str(LINKS))


@pytest.fixture(scope="module")
def labels() -> dict[str, str]:
    """The label of each entity."""
    return {entity: label for entity, predicate, label in entities() if predicate == LABEL}


@pytest.fixture(scope="module")
def names() -> dict[str, set[str]]:
    """The label and the other names of each entity."""
    found: dict[str, set[str]] = defaultdict(set)
    for entity, predicate, name in entities():
        if predicate in (LABEL, SKOS + "altLabel"):
            found[entity].add(name)
    return found


def entities() -> list[tuple[str, str, str]]:
    graph = Graph().parse(ROOT / "graph" / "entities.ttl")
    for path in (ROOT / "ontology").glob("*.ttl"):  # classes were sought too
        graph.parse(path)
    return [(str(subject), str(predicate), str(value)) for subject, predicate, value in graph]


def test_a_row_becomes_a_mapping(tmp_path: Path) -> None:
    (mapping,) = read_rows(tmp_path, line(comment="the company itself"))
    assert mapping == Mapping(
        subject=THING + "amazon", subject_label="Amazon", predicate=OWL + "sameAs",
        predicate_label="same as", negated=False, object=WIKIDATA + "Q3884", value=None,
        object_label="Amazon", source=None, comment="the company itself",
        justification="https://w3id.org/semapv/vocab/ManualMappingCuration")
    assert mapping.found
    assert mapping.holds


def test_what_does_not_hold(tmp_path: Path) -> None:
    denied, missing = read_rows(
        tmp_path, line(predicate_modifier="Not"),
        line(object_id="sssom:NoTermFound", object_label="", object_source="wd:Q1"))
    assert (denied.found, denied.holds, denied.object) == (True, False, WIKIDATA + "Q3884")
    assert (missing.found, missing.holds, missing.object) == (False, False, None)
    assert missing.source == WIKIDATA + "Q1"
    assert link_triples([denied, missing]) == []


def test_a_cell_may_hold_quotes_tabs_and_line_breaks(tmp_path: Path) -> None:
    first, second = read_rows(
        tmp_path, line(comment='"said ""so"",\n\tand more"'), line(object_id="wd:Q2"))
    assert first.comment == 'said "so",\n\tand more'
    assert second.object == WIKIDATA + "Q2"


MALFORMED = {
    "no header": (f"{NAMES}\n{line()}\n", 1, "add a line `#curie_map"),
    "space after #": (HEADER.replace("#license", "# license") + NAMES, 7, "malformed header"),
    "unknown slot": (HEADER.replace("#license", "#licence") + NAMES, 7, "malformed header"),
    "slot twice": (HEADER + "#license: x\n" + NAMES, 8, "malformed header"),
    "prefix twice": (HEADER.replace("#  wd:", "#  thing:") + NAMES, 3, "malformed header"),
    "built-in prefix redefined": (HEADER.replace("#  wd:", "#  owl:") + NAMES, 3, "malformed"),
    "item outside a list": (HEADER + "#  - x\n" + NAMES, 8, "malformed header"),
    "no licence": (HEADER.replace("#license", "#mapping_date") + NAMES, 7, "add a line `#license"),
    "byte order mark": ("\ufeff" + HEADER + NAMES, 1, "add a line"),
    "no columns": (HEADER, 7, "no columns"),
    "unknown column": (HEADER + NAMES + "\tremark\n", 8, "unknown column 'remark'"),
    "column twice": (HEADER + NAMES + "\tcomment\n", 8, "'comment' stands 2 times"),
    "column missing": (HEADER + NAMES.replace("\tcomment", ""), 8, "'comment' stands 0 times"),
    "cell too many": (f"{HEADER}{NAMES}\n{line()}\tx\n", 9, "13 cells under 12 columns"),
    "cell too few": (f"{HEADER}{NAMES}\nthing:amazon\n", 9, "1 cells under 12 columns"),
    "empty line": (f"{HEADER}{NAMES}\n{line()}\n\n", 10, "0 cells under 12 columns"),
    "quote left open": (f'{HEADER}{NAMES}\n{line(comment=chr(34) + "x")}\n', 9, "close each quote"),
    "unknown prefix": (f"{HEADER}{NAMES}\n{line(object_id='dbr:Amazon')}\n", 9, "no known prefix"),
    "IRI for a CURIE": (f"{HEADER}{NAMES}\n{line(object_id='http://x/')}\n", 9, "no known prefix"),
    "no object": (f"{HEADER}{NAMES}\n{line(object_id='')}\n", 9, "object_id '' has no known"),
    "no IRI": (f"{HEADER}{NAMES}\n{line(object_id='wd:Q 1')}\n", 9, "no IRI may hold"),
    "other modifier": (f"{HEADER}{NAMES}\n{line(predicate_modifier='No')}\n", 9, "write 'Not'"),
    "other type": (f"{HEADER}{NAMES}\n{line(object_type='literal')}\n", 9, "write 'rdfs literal'"),
    "literal with an id": (f"{HEADER}{NAMES}\n{line(object_type='rdfs literal')}\n", 9, "empty"),
    "row twice": (
        f"{HEADER}{NAMES}\n{line()}\n{line(comment='again')}\n", 10, "again what line 9 says"),
}


@pytest.mark.parametrize("case", MALFORMED)
def test_a_wrong_file_is_refused_with_its_place(case: str, tmp_path: Path) -> None:
    text, number, message = MALFORMED[case]
    with pytest.raises(GraphError, match=re.escape(message)) as caught:
        read_text(text, tmp_path)
    assert (Path(caught.value.file or "").name, caught.value.line) == ("links.sssom.tsv", number)


def test_a_file_that_cannot_be_read_is_a_graph_error(tmp_path: Path) -> None:
    (tmp_path / "latin.tsv").write_bytes(b"#mapping_set_title: caf\xe9\n")
    for name in ("latin.tsv", "missing.tsv"):
        with pytest.raises(GraphError, match="cannot be read"):
            read_mappings(str(tmp_path / name))


def test_triples_of_a_record_and_of_a_literal(tmp_path: Path) -> None:
    record, identifier = read_rows(tmp_path, line(), line(
        predicate_id="wd:leiCode", predicate_label="", object_id="", object_label="ZX",
        object_type="rdfs literal"))
    amazon, same = NamedNode(THING + "amazon"), NamedNode(OWL + "sameAs")
    item, label = NamedNode(WIKIDATA + "Q3884"), NamedNode(LABEL)
    assert [tuple(triple) for triple in link_triples([record, record, identifier])] == [
        (amazon, same, item),
        (item, label, Literal("Amazon", language="en")),
        (same, label, Literal("same as", language="en")),
        (amazon, NamedNode(WIKIDATA + "leiCode"), Literal("ZX")),
    ]


def test_the_file_is_in_canonical_form() -> None:
    """SSSOM/TSV, section "Canonical SSSOM/TSV format"."""
    data = LINKS.read_bytes()
    lines = data.decode().removesuffix("\n").split("\n")
    header = [text for text in lines if text.startswith("#")]
    columns, *rows = (text.split("\t") for text in lines[len(header):])
    prefixes = [m[1] for text in header if (m := re.match(r"#  (\w+): ", text))]
    slots = [m[1] for text in header if (m := re.match(r"#(\w+):", text))]
    used = {cell.split(":")[0] for row in rows for name, cell in zip(columns, row, strict=True)
            if name.endswith(("_id", "_source", "_justification")) and cell}
    assert b"\r" not in data
    assert data.endswith(b"\n")
    assert slots == [slot for slot in SET_SLOTS if slot in slots]
    assert prefixes == sorted(used - set(BUILT_IN))
    assert columns == list(WRITTEN)
    assert rows == sorted(rows)
    assert all(any(column) for column in zip(*rows, strict=True))


def test_prefixes_mean_what_they_mean_elsewhere() -> None:
    pairs = re.findall(r"^#  (\w+): (\S+)$", LINKS.read_text(encoding="utf-8"), re.MULTILINE)
    assert {name: iri for name, iri in pairs if PREFIXES.get(name, iri) != iri} == {}


def test_every_subject_is_an_entity_under_its_label(
    mappings: list[Mapping], labels: dict[str, str]
) -> None:
    assert [m.subject for m in mappings if labels.get(m.subject) != m.subject_label] == []


def test_every_row_gives_its_reason(mappings: list[Mapping]) -> None:
    assert [m.subject for m in mappings if not m.comment or not m.predicate_label] == []
    grounds = {compact(m.justification, BUILT_IN) for m in mappings}
    assert grounds == {"semapv:ManualMappingCuration"}


def test_check_digits_in_the_file(mappings: list[Mapping]) -> None:
    for scheme, is_valid in ((SCHEMA + "leiCode", lei_is_valid), (AIKG + "isin", isin_is_valid)):
        values = [m.value for m in mappings if m.predicate == scheme and m.value is not None]
        assert values
        assert [value for value in values if not is_valid(value)] == []
    keys = [m.value for m in mappings if m.predicate == AIKG + "centralIndexKey" and m.value]
    assert [key for key in keys if not re.fullmatch(r"\d{10}", key)] == []


def test_no_two_entities_share_an_identity(mappings: list[Mapping]) -> None:
    owners: dict[str, set[str]] = defaultdict(set)
    records: dict[str, set[str]] = defaultdict(set)
    for mapping in mappings:
        if mapping.holds and mapping.predicate in IDENTITY | EXCLUSIVE:
            owners[mapping.object or mapping.value or ""].add(mapping.subject)
        if mapping.holds and mapping.predicate in IDENTITY and WIKIDATA in (mapping.object or ""):
            records[mapping.subject].add(mapping.object or "")
    assert {record: subjects for record, subjects in owners.items() if len(subjects) > 1} == {}
    assert {subject: items for subject, items in records.items() if len(items) > 1} == {}


def test_nothing_is_both_said_and_denied(mappings: list[Mapping]) -> None:
    said = {(m.subject, m.object or m.value) for m in mappings if m.holds}
    denied = {(m.subject, m.object or m.value) for m in mappings if m.negated}
    assert said & denied == set()
    assert {(THING + "softbank", WIKIDATA + "Q2214105"), (THING + "xai", WIKIDATA + "Q40890078"),
            (THING + "x-corp", WIKIDATA + "Q918"),
            (THING + "x-corp", WIKIDATA + "Q1390577")} <= denied


def test_what_was_not_found_is_not_given(mappings: list[Mapping]) -> None:
    """Where a record was sought in vain, there is none of that kind under the same predicate."""
    given = {(m.subject, m.predicate, scheme(m)) for m in mappings if m.holds}
    missing = {(m.subject, m.predicate, scheme(m)) for m in mappings if not m.found}
    assert missing
    assert given & missing == set()


def scheme(mapping: Mapping) -> str:
    """The scheme in identifiers.tsv: by predicate, by namespace, or by where it was sought."""
    if mapping.predicate in SCHEMES:
        return SCHEMES[mapping.predicate]
    if mapping.object is None:
        return SOUGHT_IN[mapping.source or ""]
    (found,) = (value for key, value in SCHEMES.items() if mapping.object.startswith(key))
    return found


def identifier(mapping: Mapping) -> str:
    """The identifier as identifiers.tsv writes it, tickers aside."""
    if mapping.value is not None:
        return mapping.value
    record = mapping.object or ""
    return record if scheme(mapping) == "website" else record.rsplit("/", 1)[1]


@pytest.fixture(scope="module")
def confirmed() -> list[tuple[str, str, str]]:
    """Entity, scheme and identifier of each row of identifiers.tsv that may be used."""
    return identifiers("confirmed")


def identifiers(status: str) -> list[tuple[str, str, str]]:
    path = REFERENCE / "identifiers.tsv"
    if not path.exists():
        pytest.skip("the list of identifiers lies outside this checkout")
    with path.open(encoding="utf-8", newline="") as file:
        return [(row["entity"], row["scheme"], row["identifier"])
                for row in csv.DictReader(file, delimiter="\t") if row["status"] == status]


def bearers(mapping: Mapping, rows: list[tuple[str, str, str]]) -> list[str]:
    """The entities for which the list confirms the identifier of the mapping."""
    if scheme(mapping) != "ticker":
        return [entity for entity, kind, text in rows
                if (kind, text) == (scheme(mapping), identifier(mapping))]
    words = set((mapping.value or "").split())
    return [entity for entity, kind, text in rows
            if kind == "ticker" and words <= set(re.findall(r"\w+", text))]


def test_every_identifier_is_confirmed(
    mappings: list[Mapping], confirmed: list[tuple[str, str, str]]
) -> None:
    wrong = [identifier(m) for m in mappings if m.holds and not bearers(m, confirmed)]
    assert wrong == []


def test_identifiers_are_confirmed_for_the_very_entity(
    mappings: list[Mapping], names: dict[str, set[str]], confirmed: list[tuple[str, str, str]]
) -> None:
    """The list names the bearer by one of our names, perhaps with a remark behind it."""
    def is_named(mapping: Mapping) -> bool:
        own = {name.casefold() for name in names[mapping.subject]}
        return any(entity.casefold().split(" (")[0] in own
                   for entity in bearers(mapping, confirmed))

    identifying = [m for m in mappings if m.holds
                   and m.predicate in IDENTITY | set(SCHEMES)]
    assert len(identifying) > 50
    assert [(m.subject, identifier(m)) for m in identifying if not is_named(m)] == []


def test_denied_records_are_known_to_the_reference(
    mappings: list[Mapping], confirmed: list[tuple[str, str, str]]
) -> None:
    notes = (REFERENCE / "identifiers.md").read_text(encoding="utf-8")
    denied = [m for m in mappings if m.negated]
    assert [m.object for m in denied
            if not bearers(m, confirmed) and identifier(m) not in notes] == []


def test_what_was_not_found_was_sought(
    mappings: list[Mapping], names: dict[str, set[str]]
) -> None:
    other_names = {THING + "openai-nonprofit-parent": {"OpenAI Foundation"},
                   THING + "valuation-pressure": {"valuation (finance)"}}
    sought = [(entity.casefold(), kind) for entity, kind, _ in identifiers("not_found")]

    def was_sought(mapping: Mapping) -> bool:
        own = names[mapping.subject] | other_names.get(mapping.subject, set())
        return any(kind == scheme(mapping) and any(name.casefold() in entity for name in own)
                   for entity, kind in sought)

    missing = [m for m in mappings if not m.found]
    assert len(missing) > 10
    assert [(m.subject, scheme(m)) for m in missing if not was_sought(m)] == []
