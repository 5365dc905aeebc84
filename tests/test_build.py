"""The build: the same bytes for the same input, nothing lost on the way, and mistakes told."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from aikg.build import (
    Sources,
    asserted_facts,
    build,
    denied_facts,
    layer_of,
    primitive_types,
    read_sources,
)
from aikg.built import differing
from aikg.closure import clashes, close
from aikg.errors import GraphError, OntologyError
from aikg.fact import TYPE, Fact
from aikg.files import SOURCES, source_files
from aikg.names import AIKG, CLAIM, PREFIXES, THING, XSD, expand

ROOT = Path(__file__).resolve().parent.parent
FILES = ["catalog.json", "disputed.nt", "disputes.json", "graph.nt", "lexicon.json", "links.nt",
         "ontology.nt", "others.json", "phrasings.json", "rules.json"]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the authored files, which nobody changes meanwhile."""
    folder = tmp_path_factory.mktemp("root")
    for part in SOURCES:
        shutil.copytree(ROOT / part, folder / part)
    return folder


@pytest.fixture(scope="module")
def sources(root: Path) -> Sources:
    return read_sources(str(root))


@pytest.fixture(scope="module")
def built(root: Path) -> dict[str, bytes]:
    return build(str(root))


def facts_in(data: bytes) -> set[Fact]:
    """The facts of an N-Triples file."""
    found: set[Fact] = set()
    for line in data.decode().splitlines():
        subject, predicate, rest = line.split(" ", 2)
        found.add((subject, predicate, rest.removesuffix(" .")))
    return found


# The graph that ships


def test_what_ships_is_what_a_build_makes(built: dict[str, bytes]) -> None:
    assert sorted(built) == FILES
    assert differing(built) == []


def test_same_input_same_bytes(root: Path, built: dict[str, bytes]) -> None:
    """In another process, where texts have other hashes and blank nodes other names."""
    script = ("import sys; from aikg.build import build; "
              "sys.stdout.buffer.write(b''.join(build(sys.argv[1]).values()))")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "7"}
    other = subprocess.run([sys.executable, "-c", script, str(root)], env=environment,
                           capture_output=True, check=True)
    assert other.stdout == b"".join(built.values())


def test_lines_are_sorted_and_each_is_there_once(built: dict[str, bytes]) -> None:
    for name in FILES:
        if name.endswith(".nt"):
            lines = built[name].decode().splitlines()
            assert lines == sorted(set(lines)), name


def test_no_blank_node_reaches_the_graph(built: dict[str, bytes]) -> None:
    nodes = {term for name in ("graph.nt", "links.nt", "disputed.nt")
             for fact in facts_in(built[name]) for term in fact if term.startswith("_:")}
    assert nodes == set()
    assert b"_:b0 " in built["ontology.nt"]


def test_every_firm_claim_is_in_the_graph_and_no_denied_one(
    sources: Sources, built: dict[str, bytes],
) -> None:
    graph = facts_in(built["graph.nt"])
    layer = layer_of(sources)
    classes = {f"<{iri}>" for iri in sources.ontology.vocabulary.classes}
    named = {fact for fact in layer.facts if fact[2] not in classes}
    assert len(named) > 100
    assert named - graph == set()
    assert len(layer.denials) > 5
    assert set(layer.denials) & graph == set()
    firm = [claim for claim in sources.claims if claim.firm]
    behind = [*layer.facts.values(), *layer.denials.values(), *layer.disputed.values()]
    assert sorted(claim.iri for claim in firm) == sorted(iri for names in behind for iri in names)


def test_every_claim_stands_in_the_graph_word_for_word(
    sources: Sources, built: dict[str, bytes],
) -> None:
    graph = facts_in(built["graph.nt"])
    authored = {(str(t.subject), str(t.predicate), str(t.object)) for t in sources.graph}
    assert len(authored) > 2000
    assert authored - graph == set()


def test_what_is_not_claimed_firmly_is_no_fact(
    sources: Sources, built: dict[str, bytes],
) -> None:
    """Hedged, supposed, asked: in the graph only as claims."""
    firm = {(c.subject, c.predicate, c.object) for c in sources.claims if c.firm and not c.denied}
    weak = {(c.subject, c.predicate, c.object) for c in sources.claims
            if not c.firm and c.object} - firm
    assert len(weak) > 30
    said = {(f"<{s}>", f"<{p}>", f"<{o}>") for s, p, o in weak}
    assert said & facts_in(built["graph.nt"]) == set()


def test_the_graph_is_free_of_contradictions(sources: Sources) -> None:
    layer = layer_of(sources)
    facts = [*asserted_facts(sources, layer), *denied_facts(sources, layer)]
    assert clashes(close(facts, sources.ontology.rules), sources.ontology.rules) == []


def test_the_catalog_knows_its_sources_and_its_files(
    root: Path, built: dict[str, bytes],
) -> None:
    catalog = json.loads(built["catalog.json"])
    paths = dict(source_files(str(root)))
    assert {name: entry[0] for name, entry in catalog["sources"].items()} == {
        name: os.path.getsize(path) for name, path in paths.items()}
    assert catalog["files"] == {
        name: len(data) for name, data in built.items() if name != "catalog.json"}
    assert [name for name, entry in catalog["queries"].items() if "error" in entry] == []
    assert sorted(catalog["queries"]) == sorted(
        name.rpartition("/")[2].removesuffix(".rq") for name in paths
        if name.endswith(".rq") and not name.startswith("queries/check/"))


# A small graph

PREFIX = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
ENTITIES = """
source:s a aikg:Article ; rdfs:label "a source"@en ; aikg:shortName "S" .
<https://w3id.org/aikg/source/s/1> a aikg:Passage ; aikg:inSource source:s ;
    aikg:passageId "1" ; aikg:passageKind "sentence" ; aikg:startOffset 0 ; aikg:endOffset 9 .
thing:openai a aikg:Company ; rdfs:label "OpenAI"@en .
thing:meta a aikg:Company ; rdfs:label "Meta"@en .
thing:app a aikg:ConsumerPlatform ; rdfs:label "an app"@en .
"""
QUERY = """\
#+ summary: Who owns what?
#+ x-aikg:
#+   columns: [owner, asset]
SELECT ?owner ?asset { ?owner <https://w3id.org/aikg/ontology/owns> ?asset } ORDER BY ?owner ?asset
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A root folder with the ontology, a source, three things and a query; no claim yet."""
    shutil.copytree(ROOT / "ontology", tmp_path / "ontology",
                    ignore=shutil.ignore_patterns("align", "shapes"))
    for name, text in (("graph/entities.ttl", PREFIX + ENTITIES), ("queries/a/owners.rq", QUERY)):
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_text(text, "utf-8")
    return tmp_path


def add(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def claims(*lines: str, source: str = "s") -> str:
    """A claims file from lines such as `openai owns thing:app`, `not` before what is denied."""
    blocks = [PREFIX]
    for number, line in enumerate(lines, 1):
        subject, predicate, target = line.removeprefix("not ").split()
        word = "object" if ":" in target and target[0] != '"' else "value"
        blocks.append(
            f"claim:{source}-{number} a aikg:Claim ; aikg:subject thing:{subject} ;"
            f" aikg:predicate aikg:{predicate} ; aikg:{word} {target} ; aikg:modality aikg:Stated ;"
            f" aikg:statedIn <https://w3id.org/aikg/source/s/1>"
            + " ; aikg:denied true" * line.startswith("not ") + " .\n")
    return "".join(blocks)


def fact(line: str) -> Fact:
    subject, predicate, target = line.split()
    return (f"<{THING}{subject}>", f"<{AIKG}{predicate}>", f"<{expand(target)}>")


def test_a_fact_and_what_follows_from_it(folder: Path) -> None:
    add(folder, "graph/claims/s.ttl", claims("openai owns thing:app", "meta foundedInYear 2004"))
    graph = facts_in(build(str(folder))["graph.nt"])
    assert graph >= {
        fact("openai owns thing:app"), fact("app isOwnedBy thing:openai"),
        (f"<{THING}openai>", TYPE, f"<{AIKG}PlatformOwner>"),
        (f"<{THING}meta>", f"<{AIKG}foundedInYear>", f'"2004"^^<{XSD}integer>')}
    assert (f"<{THING}meta>", TYPE, f"<{AIKG}PlatformOwner>") not in graph


def test_a_class_as_object_serves_reasoning_and_leaves_no_blank_node(folder: Path) -> None:
    add(folder, "graph/claims/s.ttl", claims("openai owns aikg:ConsumerPlatform"))
    built = build(str(folder))
    graph = facts_in(built["graph.nt"])
    assert (f"<{THING}openai>", TYPE, f"<{AIKG}PlatformOwner>") in graph
    assert fact("openai owns aikg:ConsumerPlatform") not in graph
    assert b"_:" not in built["graph.nt"]


@pytest.mark.parametrize(("affirmed", "denied", "named"), [
    ("openai owns thing:app", "not openai owns thing:app", ["openai owns thing:app"]),
    ("openai investsStrategicallyIn thing:meta", "not openai investsIn thing:meta",
     ["openai investsStrategicallyIn thing:meta", "openai investsIn thing:meta"]),
    ("openai owns thing:app", "not openai owns aikg:Platform",
     ["openai owns thing:app", "openai owns aikg:Platform"]),
])
def test_what_is_in_dispute_leaves_the_main_graph(
    affirmed: str, denied: str, named: list[str], folder: Path,
) -> None:
    """Across sources, with all that followed from it."""
    add(folder, "graph/claims/s.ttl", claims(affirmed, "meta owns thing:app"))
    before = facts_in(build(str(folder))["graph.nt"])
    add(folder, "graph/claims/t.ttl", claims(denied, source="t"))
    built = build(str(folder))
    graph = facts_in(built["graph.nt"])
    disputed = facts_in(built["disputed.nt"])
    assert disputed >= set(map(fact, named))
    assert {f"<{THING}openai>" in (one[0], one[2]) for one in disputed} == {True}
    assert graph & set(map(fact, named)) == set()
    assert fact("meta owns thing:app") in graph
    gone = {one for one in before - graph if one[0] != f"<{CLAIM}s-1>"}
    assert gone
    assert all(f"<{THING}openai>" in (subject, target) for subject, _, target in gone)


def test_two_values_of_a_functional_property_are_in_dispute(folder: Path) -> None:
    add(folder, "graph/claims/s.ttl",
        claims("openai foundedInYear 2015", "openai foundedInYear 2016", "meta owns thing:app"))
    built = build(str(folder))
    assert len(facts_in(built["disputed.nt"])) == 2
    assert f"<{THING}openai> <{AIKG}foundedInYear>".encode() not in built["graph.nt"]


def test_what_is_denied_is_not_in_the_graph_though_a_reasoner_hears_of_it(folder: Path) -> None:
    add(folder, "graph/claims/s.ttl", claims("not openai owns thing:app"))
    sources = read_sources(str(folder))
    layer = layer_of(sources)
    assert fact("openai owns thing:app") not in facts_in(build(str(folder))["graph.nt"])
    assert len(denied_facts(sources, layer)) == 4
    assert not set(denied_facts(sources, layer)) & set(asserted_facts(sources, layer))


def test_a_view_of_other_claims_has_another_layer(folder: Path) -> None:
    add(folder, "graph/claims/s.ttl", claims("openai owns thing:app"))
    add(folder, "graph/claims/t.ttl", claims("not openai owns thing:app", source="t"))
    sources = read_sources(str(folder))
    one = [claim for claim in sources.claims if claim.iri.startswith(CLAIM + "s-")]
    assert list(layer_of(sources).disputed) == [fact("openai owns thing:app")]
    assert list(layer_of(sources, one).facts) == [fact("openai owns thing:app")]


def test_primitive_types_are_the_authored_ones(folder: Path) -> None:
    types = primitive_types(read_sources(str(folder)).graph)
    assert types[THING + "app"] == {AIKG + "ConsumerPlatform"}


# What goes wrong

BROKEN_QUERIES = {
    "unknown key": "#+ sumary: Who?\n",
    "no header": "SELECT * { ?a ?b ?c }\n",
    "a key that is no text": "#+ summary: Who?\n#+ on: x\n",
    "no such day": "#+ summary: 2020-13-45\n",
    "control character": "#+ summary: a\x07\n",
    "list of types": "#+ summary: W?\n#+ x-aikg:\n#+   params:\n#+     c: {type: [entity]}\n",
    "not UTF-8": "\udcff",
}


@pytest.mark.parametrize("case", BROKEN_QUERIES)
def test_a_broken_query_only_breaks_itself(case: str, folder: Path) -> None:
    (folder / "queries/a/bad.rq").write_bytes(
        BROKEN_QUERIES[case].encode("utf-8", "surrogateescape"))
    queries = read_sources(str(folder)).queries
    assert sorted(queries) == ["bad", "owners"]
    assert (queries["bad"].error or "").startswith("queries/a/bad.rq:")
    assert (queries["owners"].error, queries["owners"].summary) == (None, "Who owns what?")


def test_a_broken_query_is_in_the_catalog_with_its_error(folder: Path) -> None:
    add(folder, "queries/a/bad.rq", "#+ sumary: Who?\n")
    queries = json.loads(build(str(folder))["catalog.json"])["queries"]
    assert queries["bad"]["error"].startswith("queries/a/bad.rq:1: unknown key 'sumary'")
    assert "error" not in queries["owners"]


def test_the_second_query_of_a_name_is_told(folder: Path) -> None:
    """It may not vanish without a word."""
    add(folder, "queries/b/owners.rq", QUERY.replace("Who owns what?", "And again?"))
    errors = [query.error for query in read_sources(str(folder)).queries.values() if query.error]
    assert [error for error in errors if "queries/b/owners.rq: the name is taken" in error]


@pytest.mark.parametrize(
    "name", ["graph/claims/s.ttl", "graph/entities.ttl", "ontology/agents.ttl"])
def test_broken_turtle_is_told_with_file_and_line(name: str, folder: Path) -> None:
    add(folder, name, PREFIX + "\nthing:a a aikg:Company\nthing:b a aikg:Company .\n")
    with pytest.raises(GraphError) as caught:
        build(str(folder))
    line = PREFIX.count("\n") + 3
    assert (caught.value.file, caught.value.line) == (str(folder / name), line)


@pytest.mark.parametrize(("name", "text", "error", "message"), [
    ("graph/claims/s.ttl", PREFIX + "claim:s-1 a aikg:Claim .", GraphError, "claim:s-1 has 0"),
    ("graph/claims/s.ttl", claims("openai owns thing:app").replace("aikg:statedIn", "aikg:reading"),
     GraphError, "names no passage"),
    ("ontology/more.ttl", PREFIX + "aikg:A a owl:Class ; owl:hasKey ( aikg:owns ) .",
     OntologyError, "owl:hasKey"),
    ("graph/links.sssom.tsv", "subject_id\n", GraphError, "links.sssom.tsv:1"),
])
def test_other_mistakes_are_told(
    name: str, text: str, error: type[Exception], message: str, folder: Path,
) -> None:
    add(folder, name, text)
    with pytest.raises(error, match=message):
        build(str(folder))


# Two at once

ONCE = """
import sys
from aikg import built, files
files.root = lambda: sys.argv[1]
files.built_folder = lambda: sys.argv[1] + "/nothing"
built.load_built()
print(built.load_built().folder)
"""


def test_two_builds_at_once_do_not_disturb_each_other(
    root: Path, built: dict[str, bytes], tmp_path: Path,
) -> None:
    """Both find nothing built, build into the same place, and can read what is there."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "AIKG_CACHE": str(tmp_path / "cache")}
    running = [subprocess.Popen(
        [sys.executable, "-c", ONCE, str(root)], env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
    said = [process.communicate(timeout=60) for process in running]
    assert [error for _, error in said] == ["", ""]
    [folder] = {Path(output.strip()) for output, _ in said}
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == built
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [folder.name]
