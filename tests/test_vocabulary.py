"""The words of the catalog: the lexicon of ontology and graph, and the phrasings of the queries."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from pyoxigraph import RdfFormat, Triple, parse

from aikg.closure import close
from aikg.fact import Fact
from aikg.lexicon import Lexicon
from aikg.names import PREFIXES
from aikg.ontology import read_ontology
from aikg.query import Query
from aikg.vocabulary import LEAST_WEIGHT, lexicon_entry, phrasings_entry

TERMS = """
skos:altLabel a owl:AnnotationProperty .
aikg:Agent a owl:Class ; rdfs:label "agent"@en .
aikg:Company a owl:Class ; rdfs:subClassOf aikg:Agent ; rdfs:label "company"@en ;
    skos:altLabel "tech firm"@en, "Firm"@en .
aikg:Investor a owl:Class ; rdfs:label "investor"@en ; owl:equivalentClass [
    a owl:Restriction ; owl:onProperty aikg:funds ; owl:someValuesFrom aikg:Agent ] .
aikg:Unit a owl:Class ; rdfs:label "unit"@en .
aikg:funds a owl:ObjectProperty ; rdfs:label "funds"@en ; owl:inverseOf aikg:isFundedBy ;
    skos:altLabel "puts money into"@en, "bets on"@en, "funding"@en, "target of money"@en .
aikg:isFundedBy a owl:ObjectProperty ; rdfs:label "is funded by"@en ;
    skos:altLabel "backer"@en, "gets its money from"@en, "is paid by"@en .
aikg:backs a owl:ObjectProperty ; rdfs:subPropertyOf aikg:funds ; rdfs:label "backs"@en ;
    skos:altLabel "bets on"@en, "stake-holder"@en .
aikg:rivals a owl:ObjectProperty, owl:SymmetricProperty ; rdfs:label "competes with"@en .
aikg:owns a owl:ObjectProperty ; rdfs:label "is owned by"@en .
aikg:year a owl:DatatypeProperty ; rdfs:label "year"@en .
aikg:note a owl:AnnotationProperty ; rdfs:label "note"@en .
aikg:Piece a aikg:Unit, owl:NamedIndividual ; rdfs:label "piece"@en .
"""
THINGS = """
thing:open-ai a aikg:Company ; rdfs:label "OpenAI"@en ; skos:altLabel "Open AI"@en, "the lab"@en .
thing:lab a aikg:Company ; rdfs:label "Lab-Works"@en ; skos:altLabel "The Lab"@en .
thing:nameless a aikg:Agent .
claim:a-1 a aikg:Company ; rdfs:label "a claim"@en .
"""
FUNDS: list[Fact] = [("<https://w3id.org/aikg/thing/lab>",
                      "<https://w3id.org/aikg/ontology/funds>",
                      "<https://w3id.org/aikg/thing/open-ai>")]


def turtle(text: str) -> list[Triple]:
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    return [quad.triple for quad in parse(prefixes + text, RdfFormat.TURTLE)]


def lexicon(terms: str = TERMS, things: str = THINGS) -> dict[str, Any]:
    ontology, graph = read_ontology(turtle(terms)), turtle(things)
    facts = [(str(t.subject), str(t.predicate), str(t.object)) for t in graph]
    return lexicon_entry(ontology, graph, close([*facts, *FUNDS], ontology.rules))


LEXICON = lexicon()


@pytest.mark.parametrize(("part", "key", "value"), [
    ("labels", "thing:open-ai", "OpenAI"),
    ("labels", "aikg:isFundedBy", "is funded by"),
    ("labels", "aikg:Piece", "piece"),
    # Names of things, and of individuals that the ontology names; not of terms or claims
    ("names", "openai", ["thing:open-ai"]),
    ("names", "open ai", ["thing:open-ai"]),
    ("names", "the lab", ["thing:lab", "thing:open-ai"]),
    ("names", "lab works", ["thing:lab"]),
    ("names", "piece", ["aikg:Piece"]),
    ("names", "company", None),
    ("names", "a claim", None),
    ("classes", "firm", ["aikg:Company"]),
    ("classes", "tech firm", ["aikg:Company"]),
    ("classes", "funds", None),
    # Kinds are authored, types include what follows
    ("kinds", "thing:lab", ["aikg:Company"]),
    ("kinds", "thing:nameless", ["aikg:Agent"]),
    ("kinds", "aikg:Piece", ["aikg:Unit"]),
    ("kinds", "claim:a-1", None),
    ("types", "thing:lab", ["aikg:Agent", "aikg:Company", "aikg:Investor"]),
    ("types", "thing:open-ai", ["aikg:Agent", "aikg:Company"]),
    ("above", "aikg:Company", ["aikg:Agent"]),
    ("above", "aikg:backs", ["aikg:funds"]),
    ("above", "aikg:Agent", None),
    ("inverse", "aikg:funds", "aikg:isFundedBy"),
    ("inverse", "aikg:isFundedBy", "aikg:funds"),
    ("inverse", "aikg:rivals", "aikg:rivals"),
    ("inverse", "aikg:backs", None),
    # Words by their stems; a noun that stands for the far side of a property is marked
    ("forms", "fund", ["aikg:funds"]),
    ("forms", "funding", ["aikg:funds"]),
    ("forms", "put money", ["aikg:funds"]),
    ("forms", "bet", ["aikg:backs", "aikg:funds"]),
    ("forms", "target money", ["aikg:funds!"]),
    ("forms", "backer", ["aikg:isFundedBy!"]),
    ("forms", "get money", ["aikg:isFundedBy"]),
    ("forms", "stak holder", ["aikg:backs!"]),
    ("forms", "year", ["aikg:year!"]),
    ("forms", "compet", ["aikg:rivals"]),
    ("forms", "investor", ["aikg:Investor"]),
    ("forms", "tech firm", ["aikg:Company"]),
    ("forms", "own", ["aikg:owns"]),  # a passive, but of no inverse
    ("forms", "paid", None),  # passives of an inverse are left to grammar
    ("forms", "pay", None),
    ("forms", "note", None),
    ("forms", "openai", None),
])
def test_lexicon(part: str, key: str, value: object) -> None:
    assert LEXICON[part].get(key) == value


def test_a_lexicon_has_the_parts_that_are_read() -> None:
    assert sorted(LEXICON) == sorted(Lexicon._fields)
    assert Lexicon(**LEXICON).resolve("Open AI") == "https://w3id.org/aikg/thing/open-ai"


def test_a_lexicon_does_not_depend_on_the_order_of_the_triples() -> None:
    chance = random.Random(1)
    ontology, graph = turtle(TERMS), turtle(THINGS)
    chance.shuffle(graph)
    facts = [(str(t.subject), str(t.predicate), str(t.object)) for t in graph]
    read = read_ontology(ontology)
    again = lexicon_entry(read, graph, close([*facts, *FUNDS], read.rules))
    assert {part: again[part] for part in again if part != "labels"} == {
        part: LEXICON[part] for part in LEXICON if part != "labels"}
    assert json.dumps(again) == json.dumps(LEXICON)


@pytest.mark.parametrize("text", ["", " ", "…", "'s", "the"])
def test_a_name_without_words_does_no_harm(text: str) -> None:
    more = lexicon(TERMS + f'aikg:year skos:altLabel "{text}"@en .',
                   THINGS + f'thing:lab skos:altLabel "{text}"@en .')
    assert more["forms"] == LEXICON["forms"]
    assert "" not in more["names"]


# Phrasings


def queries(**phrasings: list[str]) -> list[Query]:
    return [Query(name, "", "", "", phrasings=tuple(texts)) for name, texts in phrasings.items()]


QUERIES = queries(
    supply=["who supplies {company}"],
    funders=["who funds {company}", "who puts money into {company}", "who is funding {company}",
             "does {investor} not fund {company}"],
    broken=[],
    backers=["who funds {company}"],
    staff=["who are the staff of {company}"],
)
ENTRY = phrasings_entry(QUERIES, LEXICON)


LIST = [entry.split(";") for entry in ENTRY["list"]]


def words_of(place: int) -> list[str]:
    """The stems of the words of a phrasing, by its place in the list."""
    return [ENTRY["words"][int(number)].split(";")[0] for number in LIST[place][-1].split()]


def test_queries_are_sorted_and_a_broken_one_has_no_phrasing() -> None:
    assert ENTRY["queries"] == ["backers", "broken", "funders", "staff", "supply"]
    users = [ENTRY["queries"][int(entry[0])] for entry in LIST]
    assert users == sorted(users)
    assert set(users) == {"backers", "funders", "staff", "supply"}


def test_each_word_stands_once_with_its_meanings() -> None:
    assert len(ENTRY["words"]) == len(set(ENTRY["words"]))
    assert "put money;aikg:funds;0;1.0" in ENTRY["words"]
    assert words_of(0) == ["fund"]


def test_phrasings_of_one_query_that_come_to_the_same_stand_once() -> None:
    texts = ["who funds {x}", "Who funds {x}?", "who funded {x}"]
    twice = phrasings_entry(queries(a=texts), LEXICON)
    assert len(twice["list"]) == 1
    other = phrasings_entry(queries(a=["who funds {x}"], b=["who funds {x}"]), LEXICON)
    queries_, rests = zip(*(entry.split(";", 1) for entry in other["list"]), strict=True)
    assert (queries_, len(set(rests))) == (("0", "1"), 1)


def test_a_phrasing_keeps_its_kind_its_slots_and_whether_it_denies() -> None:
    asks, flags, limits, pronouns, slots, _ = LIST[-1][1:]
    assert (asks, flags, limits, pronouns) == ("who", "0", "", "")
    assert [slot.partition("/")[0] for slot in slots.split()] == ["company"]
    [denial] = [entry for entry in LIST if entry[2] == "1"]
    assert [slot.partition("/")[0] for slot in denial[5].split()] == ["investor", "company"]
    assert ENTRY["kinds"]["funders"] == sorted({"who", denial[1]})
    assert "broken" not in ENTRY["kinds"]


def test_a_phrasing_is_found_by_each_of_its_words_and_by_their_meanings() -> None:
    place = ENTRY["places"]["fund"]
    assert place in ENTRY["places"]["aikg:funds"].split()
    found = {int(number) for number in ENTRY["users"][int(place)].split()}
    assert found == {number for number in range(len(LIST)) if "fund" in words_of(number)}
    wordless = phrasings_entry(queries(a=["tell me about {x}", "who funds {x}"]), LEXICON)
    assert [wordless["list"][int(number)] for number in wordless["users"][-1].split()] == [
        entry for entry in wordless["list"] if entry.endswith(";")]


def weights_of(asked: list[Query]) -> dict[str, float]:
    """The weight of each stem."""
    words = (word.split(";") for word in phrasings_entry(asked, LEXICON)["words"])
    return {stem: float(weight) for stem, _, _, weight in words}


def test_a_word_weighs_less_the_more_queries_use_it() -> None:
    weights = weights_of(queries(
        a=["who funds {x}", "who staffs {x}"], b=["who funds {x}", "who bankrolls {x}"],
        c=["who funds {x}", "who bankrolls {x}"], d=["who funds {x}"]))
    assert (weights["staff"], weights["fund"]) == (1.0, LEAST_WEIGHT)
    assert LEAST_WEIGHT < weights["bankroll"] < 1.0


def test_a_word_of_all_queries_weighs_no_less_where_each_is_used_once() -> None:
    assert set(weights_of(queries(a=["who funds {x}"])).values()) == {1.0}
    assert phrasings_entry([], LEXICON)["words"] == []


def test_words_that_a_misspelt_one_may_have_been() -> None:
    words, bare = ENTRY["known"].split(), ENTRY["bare"].split()
    assert {"openai", "lab", "works", "funds", "staff"} <= set(words)
    assert "work" in bare
    assert [words, bare] == [sorted(set(words)), sorted(set(bare) - set(words))]


def test_names_of_several_words_are_found_by_their_stems() -> None:
    assert ENTRY["stems"] == {"lab work": ["thing:lab"]}
    assert not ENTRY["stems"].keys() & LEXICON["names"].keys()


def test_phrasings_may_come_from_a_generator() -> None:
    assert phrasings_entry(iter(QUERIES), LEXICON) == ENTRY
    assert json.dumps(phrasings_entry(reversed(QUERIES), LEXICON)) == json.dumps(ENTRY)
