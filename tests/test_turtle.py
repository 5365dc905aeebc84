"""Turtle: what is written is what was meant, and there is one way to write it."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
)

from aikg.errors import GraphError
from aikg.names import AIKG, OWL, PREFIXES, RDF, RDFS, THING, XSD
from aikg.turtle import Node, natural, read, write

ROOT = Path(__file__).resolve().parent.parent
# Alignments are kept as tables, one mapping to a line.
FILES = sorted(path for folder in ("ontology", "graph") for path in (ROOT / folder).rglob("*.ttl")
               if not {"align", "release", "shapes"} & set(path.parts))

TYPE, FIRST, REST, NIL = (NamedNode(RDF + name) for name in ("type", "first", "rest", "nil"))
S, P, Q, T = (NamedNode("http://x/" + name) for name in "spqt")
A, B = BlankNode("a"), BlankNode("b")


def parsed(text: str) -> list[Triple]:
    return [quad.triple for quad in parse(text.encode(), RdfFormat.TURTLE)]


def turtle(text: str) -> list[Triple]:
    return parsed("".join(f"@prefix {p}: <{iri}> .\n" for p, iri in PREFIXES.items()) + text)


def shape(triples: Iterable[Triple]) -> Dataset:
    """The triples with canonical names for blank nodes: equal if the graphs say the same."""
    dataset = Dataset(Quad(t.subject, t.predicate, t.object) for t in triples)
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return dataset


# The authored files


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_authored_file_is_in_normal_form(path: Path) -> None:
    text = path.read_text("utf-8")
    declared = dict(re.findall(r"^@prefix ([\w-]+): <(.+)> \.$", text, re.MULTILINE))
    assert {name: declared[name] for name in declared if name in PREFIXES} == {
        name: PREFIXES[name] for name in declared if name in PREFIXES}
    assert write(read(str(path)), {**PREFIXES, **declared}) == text


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_authored_file_names_all_that_it_speaks_of(path: Path) -> None:
    """Blank nodes only in axioms of the ontology, where OWL has no other way."""
    nameless = [t for t in read(str(path)) if isinstance(t.subject, BlankNode)]
    assert not nameless or path.parent.name == "ontology"


# What is written, read again

HOSTILE = {
    "quote": 'say "x" or \'x\'',
    "three quotes": '"""',
    "backslash": "\\ at the end \\",
    "escape": "\\u0022 \\n",
    "lines": "a\nb\r\nc\rd",
    "tab and formfeed": "a\tb\fc\vd",
    "end of statement": '" . <http://x/s> <http://x/p> "',
    "comment": "# no comment",
    "brackets": "[ ( { < > } ) ]",
    "blanks": "  a   b  ",
    "nul": "\0",
    "byte order mark": "\ufeffa",
    "line separator": "a\u2028 b",
    "paragraph separator": "a\u2029 b",
    "next line": "a\x85 b",
    "unit separators": "a\x1c b\x1d c\x1e d",
    "outside the plane": "\U0001f600\U0010ffff",
    "no number": "1²2",
    "other digits": "١٢ 1٣4",
    "many digits": "9" * 5000,
    "empty": "",
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("place", ["object", "blank node", "list", "several"])
def test_hostile_text_survives(name: str, place: str) -> None:
    text = Literal(HOSTILE[name])
    triples = {
        "object": [Triple(S, P, text)],
        "blank node": [Triple(S, P, A), Triple(A, Q, text), Triple(A, P, T)],
        "list": [Triple(S, P, A), Triple(A, FIRST, text), Triple(A, REST, NIL)],
        "several": [Triple(S, P, text), Triple(S, P, Literal("a")), Triple(S, P, Literal("b"))],
    }[place]
    assert shape(parsed(write(triples))) == shape(triples)


@pytest.mark.parametrize("iri", [
    *(THING + local for local in ("", ".", "a.", ".a", "-a", "a-", "_", "1", "a/b", "a:b", "a'b",
                                  "é", "%41", "a,b;c", "1²2", "a\u2028b", "9" * 5000)),
    "aikg:openai", "urn:a:b",
], ids=lambda iri: ascii(iri)[:40])
def test_hostile_iri_survives(iri: str) -> None:
    node = NamedNode(iri)
    triples = [Triple(node, node, node), Triple(S, P, A), Triple(A, node, node)]
    assert shape(parsed(write(triples))) == shape(triples)


def is_iri(text: str) -> bool:
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


IRIS = st.builds(
    str.__add__, st.sampled_from([*PREFIXES.values(), "http://x/", "urn:x:", "aikg:"]),
    st.text(st.sampled_from("aZé²019_-.:/~!$&'()*+,;=@#?\u2028"), max_size=6).map(
        lambda text: text.replace("~", "%4F")),
).filter(is_iri).map(NamedNode)
TEXTS = st.text(st.one_of(
    st.characters(exclude_categories=["Cs"]),
    st.sampled_from("\"\\\n\r\t<>^`|'#;.,[]() \u2028\u2029\x85\0²0129")))
FORMS = st.sampled_from([
    "1", "-01", "+1", "1.0", ".5", "1.", "-.5", "true", "false", "TRUE", "1e5", "INF", "",
    "2019-01-01T00:00:00Z"])
LITERALS = st.one_of(
    TEXTS.map(Literal),
    st.builds(lambda text, tag: Literal(text, language=tag), TEXTS,
              st.sampled_from(["en", "de-latn-ch", "x-a1"])),
    st.builds(lambda text, kind: Literal(text, datatype=NamedNode(kind)), TEXTS | FORMS,
              st.sampled_from([XSD + "boolean", XSD + "integer", XSD + "decimal", XSD + "double",
                               XSD + "string", XSD + "dateTime", XSD + "a.", "http://x/d"])))

Described = tuple[tuple[NamedNode, "Value"], ...]
Value = NamedNode | Literal | Described | list["Value"]
"""A term; the properties of a blank node; or the members of a list."""
VALUES: st.SearchStrategy[Value] = st.recursive(
    IRIS | LITERALS,
    lambda inner: st.lists(inner, max_size=3) | st.lists(
        st.tuples(IRIS, inner), max_size=3).map(tuple),
    max_leaves=6)
GRAPHS = st.lists(st.tuples(IRIS, IRIS, VALUES), max_size=5)


def expressed(value: Value, triples: list[Triple]) -> NamedNode | BlankNode | Literal:
    """The node of a value, whose own triples are added to those given."""
    if isinstance(value, tuple):
        node = BlankNode()
        triples += [Triple(node, p, expressed(o, triples)) for p, o in value]
        return node
    if isinstance(value, list):
        head: NamedNode | BlankNode = NIL
        for member in reversed(value):
            cell = BlankNode()
            triples += [Triple(cell, FIRST, expressed(member, triples)), Triple(cell, REST, head)]
            head = cell
        return head
    return value


def triples_of(graph: Sequence[tuple[NamedNode, NamedNode, Value]]) -> list[Triple]:
    triples: list[Triple] = []
    for s, p, value in graph:
        triples.append(Triple(s, p, expressed(value, triples)))
    return triples


@settings(max_examples=250, deadline=None)
@given(GRAPHS)
def test_what_is_written_is_what_was_meant(
    graph: list[tuple[NamedNode, NamedNode, Value]],
) -> None:
    triples = triples_of(graph)
    text = write(triples)
    assert shape(parsed(text)) == shape(triples)
    assert "_:" not in re.sub(r'"(?:[^"\\]|\\.)*"|<[^>]*>', "", text)


@settings(max_examples=150, deadline=None)
@given(GRAPHS, st.randoms(use_true_random=False))
def test_there_is_one_way_to_write_it(
    graph: list[tuple[NamedNode, NamedNode, Value]], chance: random.Random,
) -> None:
    triples = triples_of(graph)
    text = write(triples)
    assert write(parsed(text)) == text
    chance.shuffle(triples)
    assert write(triples + triples[:1]) == text


@pytest.mark.parametrize("texts", [("p1", "p01"), ("1", "01"), ("a0", "a00", "a")])
def test_order_of_what_counts_alike_does_not_depend_on_where_it_stood(
    texts: tuple[str, ...],
) -> None:
    objects = [Triple(S, P, Literal(text)) for text in texts]
    subjects = [Triple(NamedNode(THING + text), P, T) for text in texts]
    for triples in (objects, subjects):
        assert write(triples) == write(reversed(triples))


def test_order_of_nameless_blocks_does_not_depend_on_their_ids() -> None:
    """As with two owl:AllDisjointClasses in one file."""
    written = set()
    for one, other in (("a", "b"), ("b", "a"), ("y", "x"), ("x", "y")):
        left, right = BlankNode(one), BlankNode(other)
        written.add(write([Triple(left, P, Literal("1")), Triple(right, P, Literal("2"))]))
    assert len(written) == 1


@pytest.mark.parametrize("triples", [
    [Triple(S, P, A), Triple(T, P, A), Triple(A, Q, S)],
    [Triple(S, P, A), Triple(T, P, A)],
    [Triple(A, P, A)],
    [Triple(S, P, A), Triple(A, P, B), Triple(B, P, A), Triple(B, Q, T)],
])
def test_a_labelled_node_may_be_shared(triples: list[Triple]) -> None:
    text = write(triples, labelled=[A])
    assert shape(parsed(text)) == shape(triples)
    assert "_:a" in text
    assert "_:b" not in text
    with pytest.raises(ValueError, match=r"used twice|cycle"):
        write(triples)


# The layout

LAYOUT = """\
@prefix aikg: <https://w3id.org/aikg/ontology/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix thing: <https://w3id.org/aikg/thing/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

aikg:Zoo
    a owl:Class ;
    rdfs:subClassOf aikg:Agent ;
    rdfs:label "zoo"@en .

aikg:keeps
    a owl:ObjectProperty .

thing:a2
    a aikg:Zoo ;
    rdfs:label "a2" .

thing:a10
    a aikg:Zoo ;
    aikg:denied true ;
    aikg:amount 1.50, 2, "x"^^xsd:decimal ;
    aikg:validFrom "2019-01-01T00:00:00Z"^^xsd:dateTime .

[]
    a owl:AllDifferent ;
    owl:distinctMembers ( thing:a2 thing:a10 ) .
"""


def test_layout() -> None:
    triples = parsed(LAYOUT)
    assert write(reversed(triples)) == LAYOUT


def test_long_rows_are_broken_and_stay_within_the_width() -> None:
    members = [NamedNode(f"{THING}a-name-of-some-length-{number}") for number in (10, 9, 1)]
    triples = [Triple(NamedNode(THING + "x"), NamedNode(AIKG + "p"), one) for one in members]
    lines = write(triples).splitlines()
    assert [line.strip(" ,.;") for line in lines[-3:]] == [
        f"thing:a-name-of-some-length-{number}" for number in (1, 9, 10)]
    members *= 2
    described = turtle("thing:x aikg:p [ a owl:Class ; owl:intersectionOf ( "
                       + " ".join(f"<{one.value}>" for one in members) + " ) ] .")
    assert max(map(len, write(described).splitlines())) <= 100


def test_nothing_is_declared_that_is_not_used() -> None:
    assert write([Triple(S, P, T)]) == "<http://x/s>\n    <http://x/p> <http://x/t> .\n"
    assert write(turtle("thing:a a thing:b .")).count("@prefix") == 1
    assert "@prefix x: <http://x/> ." in write([Triple(S, P, T)], {"x": "http://x/"})


def test_numbers_sort_by_their_value() -> None:
    assert sorted(["p10", "p9", "q1", "p", "10", "9"], key=natural) == [
        "9", "10", "p", "p9", "p10", "q1"]


# What has no form here

CELL = [Triple(S, P, A), Triple(A, FIRST, T)]


@pytest.mark.parametrize(("triples", "why"), [
    ([Triple(S, P, A), Triple(S, Q, A)], "used twice"),
    ([Triple(S, P, A), Triple(T, P, A), Triple(A, P, T)], "used twice"),
    ([Triple(A, P, B), Triple(B, P, A)], "cycle"),
    ([Triple(A, P, A)], "cycle"),
    ([Triple(S, P, T), Triple(A, FIRST, T), Triple(A, REST, A)], "cycle"),
    (CELL, ""),
    ([*CELL, Triple(A, REST, T)], ""),
    ([*CELL, Triple(A, REST, NIL), Triple(A, FIRST, S)], ""),
    ([*CELL, Triple(A, REST, NIL), Triple(A, REST, B)], ""),
    ([Triple(S, P, Triple(S, P, T))], "no Turtle for"),
])
def test_what_has_no_form_is_refused(triples: list[Triple], why: str) -> None:
    with pytest.raises(ValueError, match=why or None):
        write(triples)


@pytest.mark.parametrize("more", [
    Triple(A, TYPE, NamedNode(RDF + "List")), Triple(A, Q, T),
    Triple(A, NamedNode(RDFS + "label"), Literal("a list"))])
def test_what_is_said_of_a_list_is_not_lost(more: Triple) -> None:
    """It is written, or it is refused."""
    triples = [*CELL, Triple(A, REST, NIL), more]
    try:
        text = write(triples)
    except ValueError:
        return
    assert shape(parsed(text)) == shape(triples)


# Reading

BROKEN = {
    "no end": ("@prefix a: <http://a/> .\n\na:b a:c a:d\na:e a:f a:g .\n", 4),
    "unknown prefix": ("\nb:b a b:c .\n", 2),
    "no IRI": ("<http://x/s> <http://x/p> <http://x/ t> .\n", 1),
    "open string": ('<http://x/s> <http://x/p> "a\n" .\n', 1),
}


@pytest.mark.parametrize("case", BROKEN)
def test_broken_turtle_is_told_with_file_and_line(case: str, tmp_path: Path) -> None:
    text, line = BROKEN[case]
    path = tmp_path / "claims.ttl"
    path.write_text(text, "utf-8")
    with pytest.raises(GraphError) as caught:
        read(str(path))
    assert (caught.value.file, caught.value.line) == (str(path), line)
    assert str(caught.value).startswith(f"{path}:{line}: ")


def test_a_file_that_cannot_be_read_is_told_by_name(tmp_path: Path) -> None:
    latin = tmp_path / "latin.ttl"
    latin.write_bytes(b'<http://x/s> <http://x/p> "caf\xe9" .\n')
    for path in (latin, tmp_path / "missing.ttl", tmp_path):
        with pytest.raises(GraphError) as caught:
            read(str(path))
        assert str(caught.value).startswith(str(path) + ":")


def test_triples_come_in_the_order_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(f"<{THING}b> a <{OWL}Class> .\n<{THING}a> a <{OWL}Class> .\n", "utf-8")
    nodes: list[Node] = [triple.subject for triple in read(str(path))]
    assert nodes == [NamedNode(THING + "b"), NamedNode(THING + "a")]
