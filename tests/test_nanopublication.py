"""Nanopublications: valid and trusty for the library `nanopub`; none says more than its claim."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from aikg.build import Sources, layer_of, read_sources
from aikg.errors import UsageError
from aikg.names import AIKG, CLAIM, DCTERMS, PROV
from aikg.nanopublication import artifact_code, nanopublications
from aikg.view import fact_of


@cache
def sources() -> Sources:
    return read_sources()


@cache
def files() -> dict[str, bytes]:
    return nanopublications(sources())


def part(name: str, ending: str) -> list[Quad]:
    return [quad for quad in parse(files()[name], RdfFormat.TRIG)
            if str(quad.graph_name).endswith(f"#{ending}>")]


def test_there_is_one_for_each_claim() -> None:
    assert set(files()) == {claim.iri.removeprefix(CLAIM) + ".trig" for claim in sources().claims}


def test_only_an_undisputed_firm_fact_is_asserted_beside_its_claim() -> None:
    layer = layer_of(sources())
    classes = sources().ontology.vocabulary.classes
    plain = 0
    for claim in sources().claims:
        said = part(claim.iri.removeprefix(CLAIM) + ".trig", "assertion")
        beside = [f"{q.subject} {q.predicate} {q.object}" for q in said
                  if q.subject != NamedNode(claim.iri)]
        known = claim.iri in layer.facts.get(fact_of(claim), ()) and (
            claim.predicate.endswith("#type") or claim.object not in classes)
        assert beside == ([" ".join(fact_of(claim))] if known else []), claim.iri
        assert {q.predicate.value for q in said if q.subject == NamedNode(claim.iri)} >= {
            AIKG + name for name in ("subject", "predicate", "modality", "statedIn")}
        plain += known
    assert 0 < plain < len(sources().claims)


def test_passages_are_the_provenance() -> None:
    for claim in sources().claims:
        said = part(claim.iri.removeprefix(CLAIM) + ".trig", "provenance")
        assert {q.object.value for q in said if q.predicate.value == PROV + "wasDerivedFrom"
                and isinstance(q.object, NamedNode)} == {*claim.passages}
        assert [q for q in said if q.predicate.value == AIKG + "digest"]


def test_the_code_is_that_of_the_content_alone() -> None:
    own = "https://x/ "
    statements = [(own + "#a", own, "https://p", "https://o"),
                  (own + "#a", own, "https://p", "https://n")]
    code = artifact_code(statements)
    assert code == artifact_code([*statements[::-1], statements[0]])
    assert code != artifact_code(statements[:1])
    assert code[:2] == "RA"
    assert len(code) == 45


def test_a_date_comes_from_the_environment_only(monkeypatch: pytest.MonkeyPatch) -> None:
    created = f"<{DCTERMS}created>"
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert not [q for q in part("bitpush-001.trig", "pubinfo") if str(q.predicate) == created]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    assert b"2001-09-09T01:46:40Z" in nanopublications(sources())["bitpush-001.trig"]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "soon")
    with pytest.raises(UsageError, match="no number of seconds: 'soon'"):
        nanopublications(sources())


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # rdflib's, in the library
def test_the_library_finds_each_valid_and_trusty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    library = pytest.importorskip("nanopub", reason="of the extra `test-all`")
    import rdflib

    # A trusty URI proves the text of a literal; rdflib would read other text from an instant.
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    for name, content in files().items():
        file = tmp_path / name
        file.write_bytes(content)
        read = library.Nanopub(rdf=file)
        assert read.is_valid
        assert read.has_valid_trusty
        assert read.source_uri.startswith(CLAIM + name.removesuffix(".trig") + "/RA")
    file.write_bytes(content.replace(b'@en', b'@de', 1))
    with pytest.raises(library.utils.MalformedNanopubError, match="Trusty"):
        assert not library.Nanopub(rdf=file).has_valid_trusty
