"""The graph's own data: passages covered, claims and entities well-formed, nothing copied."""

from __future__ import annotations

import csv
import hashlib
import re
import subprocess
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from aikg.build import Sources, asserted_facts, layer_of, read_sources
from aikg.claim import Claim
from aikg.closure import clashes, close
from aikg.fact import TYPE
from aikg.names import AIKG, CLAIM, OWL, RDF, RDFS, SKOS, SOURCE, THING, XSD, compact
from aikg.turtle import iri, read
from aikg.view import fact_of

ROOT = Path(__file__).resolve().parent.parent
ARTICLE = ROOT.parent / "shared" / "article"
BITPUSH = SOURCE + "bitpush-openai-financing"
KINDS = {"sentence": 60, "bullet": 23, "heading": 11, "boilerplate": 3}
MODALITIES = {AIKG + name for name in (
    "Stated", "Evaluated", "Figurative", "Hedged", "Conditional", "Supposed", "Forecast",
    "Planned", "Reported", "Asked")}
RUN = 7
"""Words in a row that would be a copy."""

needs_article = pytest.mark.skipif(
    not ARTICLE.exists(), reason="the article lies outside this checkout")


@pytest.fixture(scope="module")
def sources() -> Sources:
    return read_sources()


@pytest.fixture(scope="module")
def claims(sources: Sources) -> tuple[Claim, ...]:
    return sources.claims


Terms = list[NamedNode | Literal]


@cache
def properties() -> dict[str, dict[str, Terms]]:
    """The authored properties of each subject of the default collection, by IRI."""
    found: dict[str, dict[str, Terms]] = defaultdict(lambda: defaultdict(list))
    for path in sorted((ROOT / "graph").rglob("*.ttl")):
        for triple in () if {"release", "collections"} & {*path.parts} else read(str(path)):
            assert isinstance(triple.object, NamedNode | Literal)
            found[iri(triple.subject)][triple.predicate.value].append(triple.object)
    return found


def texts(subject: str, name: str) -> list[str]:
    """The values of one of our properties, or of one with a whole IRI."""
    predicate = name if ":" in name else AIKG + name
    return [term.value for term in properties()[subject].get(predicate, [])]


def of_class(name: str) -> list[str]:
    """The subjects of an authored class of ours."""
    return sorted(s for s in properties() if AIKG + name in texts(s, RDF + "type"))


def passages(kind: str = "") -> list[str]:
    """The ids of the article's passages, all or of one kind."""
    return [texts(one, "passageId")[0] for one in of_class("Passage")
            if not kind or texts(one, "passageKind") == [kind]]


def short(passage: str) -> str:
    return passage.removeprefix(BITPUSH + "/")


# Passages


def test_all_passages_of_the_article_are_there() -> None:
    assert Counter(text for one in of_class("Passage") for text in texts(one, "passageKind")) == (
        Counter(KINDS))
    assert [one for one in of_class("Passage") if texts(one, "inSource") != [BITPUSH]] == []
    assert [one for one in of_class("Passage") if [short(one)] != texts(one, "passageId")] == []


@pytest.mark.parametrize(("kind", "covered"), [
    ("sentence", True), ("bullet", True), ("heading", True), ("boilerplate", False)])
def test_what_a_claim_covers(kind: str, covered: bool, claims: tuple[Claim, ...]) -> None:
    """A heading may have a note in place of a claim; boilerplate has neither."""
    claimed = {short(passage) for claim in claims for passage in claim.passages}
    noted = {short(one) for one in of_class("Passage") if texts(one, "heading")}
    assert noted <= set(passages("heading"))
    assert set(passages(kind)) & (claimed | noted) == set(passages(kind) if covered else ())


def test_a_claim_names_passages_that_are_there(claims: tuple[Claim, ...]) -> None:
    known = set(of_class("Passage"))
    assert {one for claim in claims for one in claim.passages} - known == set()


@needs_article
def test_passages_are_those_of_the_list() -> None:
    with (ARTICLE / "passages.tsv").open(encoding="utf-8", newline="") as file:
        listed = [(row["passage"], row["kind"], int(row["start"]), int(row["end"]), row["sha256"])
                  for row in csv.DictReader(file, delimiter="\t")]
    held = [(*texts(one, "passageId"), *texts(one, "passageKind"),
             *map(int, texts(one, "startOffset")), *map(int, texts(one, "endOffset")),
             *texts(one, "digest")) for one in of_class("Passage")]
    assert sorted(held) == sorted(listed)


@needs_article
def test_digests_are_those_of_the_text() -> None:
    text = (ARTICLE / "article.txt").read_text("utf-8")
    wrong = [one for one in of_class("Passage") for [start], [end] in [
        (texts(one, "startOffset"), texts(one, "endOffset"))]
        if [hashlib.sha256(text[int(start):int(end)].encode()).hexdigest()] != texts(one, "digest")]
    assert wrong == []


# Nothing copied


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def runs(listed: list[str]) -> Iterator[tuple[str, ...]]:
    """Every run of so many words."""
    return zip(*(listed[start:] for start in range(RUN)), strict=False)


def text_files() -> Iterator[tuple[str, str]]:
    """Name and text of each file that is, or would be, in the repository."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this is no Git checkout")
    for name in sorted(set(listed.decode().split("\0")) - {""}):
        if (ROOT / name).is_file():
            yield name, (ROOT / name).read_text("utf-8", "replace")


@needs_article
def test_no_sentence_of_the_article_is_in_the_repository() -> None:
    article = set(runs(words((ARTICLE / "article.txt").read_text("utf-8"))))
    assert len(article) > 900
    copied = {name: sorted({" ".join(run) for run in found}) for name, text in text_files()
              if (found := article.intersection(runs(words(text))))}
    assert copied == {}


# Claims


def test_claims_have_ids_of_their_own() -> None:
    """Read from the text, since one id used twice is one claim to RDF."""
    for path in sorted((ROOT / "graph" / "claims").glob("*.ttl")):
        ids = re.findall(r"^(\S+)\n    a aikg:Claim ;$", path.read_text("utf-8"), re.MULTILINE)
        assert ids
        assert [one for one in ids if not re.fullmatch(rf"claim:{path.stem}-\d{{3}}", one)] == []
        assert [one for one, number in Counter(ids).items() if number > 1] == []
        assert len(ids) == len([t for t in read(str(path)) if iri(t.object) == AIKG + "Claim"])


def test_each_claim_says_what_it_claims_in_one_sentence(claims: tuple[Claim, ...]) -> None:
    wrong = {}
    for claim in claims:
        comments = properties()[claim.iri].get(RDFS + "comment", [])
        end = r"\?" if claim.modality == AIKG + "Asked" else r"\."
        sentence = rf"([A-Z]|xAI)((?![.?!] [A-Z])[^\n])*[^.?!]{end}"
        if [getattr(one, "language", "") for one in comments] != ["en"] or not re.fullmatch(
                sentence, comments[0].value):
            wrong[compact(claim.iri)] = [one.value for one in comments]
    assert wrong == {}
    said = Counter(texts(claim.iri, RDFS + "comment")[0] for claim in claims)
    assert [text for text, number in said.items() if number > 1] == []


def test_each_claim_has_a_modality_of_the_list(claims: tuple[Claim, ...]) -> None:
    assert {claim.modality for claim in claims} <= MODALITIES


def test_only_known_properties_are_used_on_claims(claims: tuple[Claim, ...]) -> None:
    known = {RDF + "type", RDFS + "comment", *(AIKG + name for name in (
        "subject", "predicate", "object", "value", "modality", "statedIn", "denied", "condition",
        "reading", "amount", "unit", "bound", "dimension", "comparedWith", "validFrom",
        "validUntil", "precision", "attributedTo"))}
    used = {name for claim in claims for name in properties()[claim.iri]}
    assert used - known == set()


def test_conditions_are_supposed_and_what_is_supposed_is_a_condition(
    claims: tuple[Claim, ...],
) -> None:
    supposed = {claim.iri for claim in claims if claim.modality == AIKG + "Supposed"}
    assert {claim.condition for claim in claims if claim.condition} == supposed
    assert [claim.iri for claim in claims
            if (claim.modality == AIKG + "Conditional") != bool(claim.condition)] == []
    assert [claim.iri for claim in claims if claim.condition and claim.iri in supposed] == []


@pytest.mark.parametrize("names", [
    ("amount", "unit", "bound"),
    ("comparedWith", "dimension"),
])
def test_what_goes_together_is_there_together(
    names: tuple[str, ...], claims: tuple[Claim, ...],
) -> None:
    having = {claim.iri: [len(texts(claim.iri, name)) for name in names] for claim in claims}
    assert {one: found for one, found in having.items() if len(set(found)) > 1} == {}
    assert [1] * len(names) in having.values()


def test_times_are_instants_of_known_precision(claims: tuple[Claim, ...]) -> None:
    for claim in claims:
        times = [text for text in (claim.valid_from, claim.valid_until) if text]
        precision = texts(claim.iri, "precision")
        assert bool(times) == bool(precision)
        assert set(precision) <= {"year", "month", "day", "second"}
        assert [text for text in times
                if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", text)] == []
        if precision == ["year"]:
            assert [text for text in times if not text.endswith("-01-01T00:00:00Z")] == []


def test_values_have_the_datatypes_of_the_profile() -> None:
    """xsd:date, gYear and duration break OWL 2 DL and crash HermiT."""
    kinds = {term.datatype.value for found in properties().values() for terms in found.values()
             for term in terms if isinstance(term, Literal) and not term.language}
    assert kinds <= {XSD + name for name in ("string", "integer", "decimal", "boolean", "dateTime")}


def test_predicate_and_object_are_of_one_kind(
    claims: tuple[Claim, ...], sources: Sources,
) -> None:
    kinds: dict[str, set[str]] = {name: {
        iri(t.subject) for t in sources.ontology.triples if iri(t.object) == OWL + name}
        for name in ("ObjectProperty", "DatatypeProperty", "Class")}
    things = set(of_things()) | {one for one, _ in sources.ontology.individuals}
    for claim in claims:
        if claim.value is not None:
            assert claim.predicate in kinds["DatatypeProperty"], claim
        elif claim.predicate == RDF + "type":
            assert claim.object in kinds["Class"], claim
        else:
            assert claim.predicate in kinds["ObjectProperty"], claim
            assert claim.object in things | kinds["Class"], claim
        assert claim.subject in things, claim


def test_kinds_would_fit_even_if_all_that_is_claimed_were_so(
    claims: tuple[Claim, ...], sources: Sources,
) -> None:
    """Domains, ranges and disjoint classes: of hedged and supposed claims too."""
    rules = sources.ontology.rules
    classes = sources.ontology.vocabulary.classes
    facts = [fact_of(claim) for claim in claims
             if not claim.denied and claim.object not in classes]
    closure = close([*asserted_facts(sources, layer_of(sources)), *facts], rules)
    assert len(facts) > 150
    assert [(clash.rule.axiom, clash.facts) for clash in clashes(closure, rules)] == []


# Entities


def of_things() -> list[str]:
    return sorted(s for s in properties() if s.startswith(THING))


def test_each_entity_has_a_primitive_type(sources: Sources) -> None:
    """A defined class is never asserted."""
    primitive = sources.ontology.vocabulary.classes - {
        iri(t.subject) for t in sources.ontology.triples
        if t.predicate.value == OWL + "equivalentClass"}
    wrong = {compact(thing): kinds for thing in of_things()
             if not (kinds := texts(thing, RDF + "type")) or set(kinds) - primitive}
    assert len(of_things()) > 150
    assert wrong == {}


def test_each_entity_has_one_english_label_and_other_names_beside_it() -> None:
    wrong = {}
    for thing in of_things():
        labels, others = (properties()[thing].get(name, []) for name in
                          (RDFS + "label", SKOS + "altLabel"))
        spelt = [term.value for term in (*labels, *others)]
        if [getattr(term, "language", "") for term in labels] != ["en"] or {
                getattr(term, "language", "") for term in others} - {"en"} or (
                len(spelt) > len(set(spelt))):
            wrong[compact(thing)] = spelt
    assert wrong == {}


def test_no_two_entities_share_a_label() -> None:
    bearers: dict[str, set[str]] = defaultdict(set)
    for thing in of_things():
        for label in texts(thing, RDFS + "label"):
            bearers[label.casefold()].add(compact(thing))
    assert {label: things for label, things in bearers.items() if len(things) > 1} == {}


def test_an_entity_has_nothing_but_names_and_types() -> None:
    """Identification needs no claim; whatever else is said of it does."""
    used = {name for thing in of_things() for name in properties()[thing]}
    assert used <= {RDF + "type", RDFS + "label", SKOS + "altLabel", RDFS + "comment"}


def test_each_entity_is_there_because_a_claim_speaks_of_it(claims: tuple[Claim, ...]) -> None:
    named = {text for claim in claims for name in (
        "subject", "object", "dimension", "comparedWith", "attributedTo")
        for text in texts(claim.iri, name)}
    assert set(of_things()) - named == set()
    assert {text for text in named if text.startswith(THING)} - set(of_things()) == set()


@pytest.mark.parametrize(("thing", "name"), [
    ("openai", "Open AI"), ("microsoft", "MSFT"), ("meta", "Facebook"), ("x-corp", "Twitter"),
    ("softbank", "SoftBank Group"), ("alphabet", "Alphabet"), ("google", "GOOG")])
def test_names_that_people_type(thing: str, name: str) -> None:
    """Issue "The graph answers", section 2. GOOG is Alphabet's share, by which Google is meant."""
    bearers = {one for one in of_things()
               if name in (*texts(one, RDFS + "label"), *texts(one, SKOS + "altLabel"))}
    assert bearers == {THING + thing}


# Said of a group


def test_what_is_said_of_a_group_is_said_of_no_member(
    claims: tuple[Claim, ...], sources: Sources,
) -> None:
    """Neither by a claim nor by what follows, by the same property or a narrower one."""
    members: dict[str, set[str]] = defaultdict(set)
    for claim in claims:
        if claim.predicate == AIKG + "hasMember":
            members[claim.subject].add(str(claim.object))
    of_group = [claim for claim in claims
                if claim.subject in members and claim.predicate != AIKG + "hasMember"]
    assert {compact(one) for one in members[THING + "round-participants"]} == {
        "thing:amazon", "thing:nvidia", "thing:softbank"}
    assert {compact(claim.predicate) for claim in of_group} == {
        "aikg:investsIn", "aikg:suppliesComputeTo", "aikg:suppliesChipsTo",
        "aikg:opensCapitalNetworksTo"}
    closure = close(asserted_facts(sources, layer_of(sources)), sources.ontology.rules)
    said = {*closure, *map(fact_of, claims)}
    above = sources.ontology.vocabulary.above
    spread = [fact for claim in of_group for fact in said
              if fact[0][1:-1] in members[claim.subject] and fact[2] == f"<{claim.object}>"
              and claim.predicate in above(fact[1][1:-1])]
    assert spread == []


def test_groups_are_known_as_such(claims: tuple[Claim, ...]) -> None:
    groups = {claim.subject for claim in claims if claim.predicate == AIKG + "hasMember"}
    assert groups <= set(of_class("Group"))


# Sources


def test_each_source_is_named_and_dated_only_as_it_dates_itself() -> None:
    """The article bears no date, so none is invented."""
    assert of_class("Article") == [BITPUSH]
    assert texts(BITPUSH, "shortName") == ["Bitpush"]
    assert [name for name in properties()[BITPUSH] if re.search("date|issued|created", name)] == []


def test_every_subject_is_of_a_kind_that_the_graph_knows() -> None:
    spaces = (THING, CLAIM, SOURCE)
    rest = {s for s in properties() if not s.startswith(spaces)}
    triples = [Triple(NamedNode(s), NamedNode(RDF + "type"), kind)
               for s in rest for kind in properties()[s][RDF + "type"]]
    assert {iri(triple.object) for triple in triples} <= {OWL + "AnnotationProperty"}
    assert [s for s in properties() if TYPE[1:-1] not in properties()[s]] == []
