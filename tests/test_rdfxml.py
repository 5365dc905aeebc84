"""RDF/XML: other readers find what was written, and there is one way to write it."""

from __future__ import annotations

import random
from collections.abc import Iterable

import pytest
import rdflib
import rdflib.compare
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

from aikg.names import AIKG, OWL, PREFIXES, RDF, THING, XSD
from aikg.rdfxml import write

FIRST, REST, NIL = (NamedNode(RDF + name) for name in ("first", "rest", "nil"))
S, P, Q, T = (NamedNode("http://x/" + name) for name in "spqt")
A, B, C = BlankNode("a"), BlankNode("b"), BlankNode("c")


def shape(triples: Iterable[Triple]) -> Dataset:
    """The triples with canonical names for blank nodes: equal if the graphs say the same."""
    dataset = Dataset(Quad(t.subject, t.predicate, t.object) for t in triples)
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return dataset


def survives(triples: list[Triple]) -> str:
    """The triples as RDF/XML, once two readers found them in it."""
    text = write(triples)
    read = [quad.triple for quad in parse(text.encode(), RdfFormat.RDF_XML)]
    assert shape(read) == shape(triples)
    lines = "".join(f"{triple} .\n" for triple in triples)
    plain, xml = (rdflib.Graph().parse(data=data, format=form)
                  for data, form in ((lines, "nt"), (text, "xml")))
    assert rdflib.compare.isomorphic(plain, xml)
    return text


LIST = [Triple(S, P, A), Triple(A, FIRST, T), Triple(A, REST, B), Triple(B, FIRST, C),
        Triple(B, REST, NIL), Triple(C, Q, Literal("x"))]


@pytest.mark.parametrize(("triples", "shown"), [
    ([Triple(S, P, Literal('<a href="x">&amp; ]]></a>'))], "&lt;a href="),
    ([Triple(S, P, Literal(" a\tb\n c\r\nd\r"))], "&#13;"),
    ([Triple(S, P, Literal("Übung 日本 \U0001f600", language="de"))], 'xml:lang="de"'),
    ([Triple(S, P, Literal("1", datatype=NamedNode(XSD + "integer")))], "#integer"),
    ([Triple(S, P, Literal(""))], "></"),
    ([Triple(NamedNode("http://x/a?b&c='d'"), P, T)], "b&amp;c"),
    ([Triple(S, NamedNode(AIKG + "owns"), T)], "<aikg:owns "),
    ([Triple(S, NamedNode("http://other/x#p1"), Literal("a"))], 'xmlns:ns="http://other/x#"'),
    ([Triple(S, NamedNode(AIKG + "a/b"), T)], 'xmlns:ns="https://w3id.org/aikg/ontology/a/"'),
    ([Triple(S, P, A), Triple(A, Q, B), Triple(B, P, T)], ""),
    ([Triple(A, Q, T), Triple(B, Q, T)], ""),
    ([Triple(S, P, A), Triple(T, P, A), Triple(A, P, T)], 'rdf:nodeID="a"'),
    (LIST, 'rdf:parseType="Collection"'),
    ([*LIST, Triple(A, Q, T)], "rdf:first"),
    ([*LIST, Triple(T, P, A)], "rdf:first"),
    ([*LIST, Triple(T, P, C)], 'rdf:nodeID="c"'),
    ([Triple(S, P, A), Triple(A, FIRST, Literal("a")), Triple(A, REST, NIL)], "rdf:first"),
    ([Triple(S, P, NIL)], "#nil"),
    ([], "rdf:RDF"),
])
def test_what_is_written_is_what_was_meant(triples: list[Triple], shown: str) -> None:
    assert shown in survives(triples)


@pytest.mark.parametrize(("triples", "why"), [
    ([Triple(S, P, Literal("a\0b"))], "XML cannot hold"),
    ([Triple(S, P, Literal("a\x0bb"))], "XML cannot hold"),
    ([Triple(S, P, Literal("\ufffe"))], "XML cannot hold"),
    ([Triple(S, NamedNode("http://x/"), T)], "no XML name"),
    ([Triple(S, NamedNode("http://x/12"), T)], "no XML name"),
    ([Triple(S, P, Triple(S, P, T))], "no RDF/XML for"),
    ([Triple(A, P, B), Triple(B, P, A)], "cycle"),
    ([Triple(A, P, A)], "cycle"),
])
def test_what_has_no_form_is_refused(triples: list[Triple], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        write(triples)


def test_order_does_not_depend_on_where_a_triple_stood() -> None:
    things = [NamedNode(f"{THING}t{number}") for number in (1, 9, 10)]
    triples = [Triple(one, P, Literal(text)) for one in things for text in ("1", "01", "a")]
    triples += [*LIST, *(Triple(BlankNode(f"n{number}"), Q, Literal(text))
                         for number, text in enumerate("zyx"))]
    text = write(triples)
    chance = random.Random(0)
    for _ in range(5):
        chance.shuffle(triples)
        assert write([*triples, triples[0]]) == text
    places = [text.index(part) for part in ("/t9", "/t10", ">x</ns:q>\n    </", ">y<", ">z<")]
    assert places == sorted(places)


def test_the_ontology_stands_first() -> None:
    ontology = Triple(NamedNode("http://x/z"), NamedNode(RDF + "type"), NamedNode(OWL + "Ontology"))
    text = write([Triple(S, P, T), ontology])
    assert text.index("http://x/z") < text.index("http://x/s")


def test_only_prefixes_that_are_used_are_declared() -> None:
    text = write([Triple(S, NamedNode(OWL + "sameAs"), T)])
    assert [name for name in PREFIXES if f"xmlns:{name}=" in text] == ["rdf", "owl"]
