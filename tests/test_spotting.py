"""Spotting: names are found as people type them, and nothing else is taken for one."""

from __future__ import annotations

import pytest

from aikg import Graph
from aikg.phrasing import plain
from aikg.spotting import Spotter
from aikg.words import stem


@pytest.fixture(scope="module")
def spotter(graph: Graph) -> Spotter:
    return graph.matcher.spotter


def found(spotter: Spotter, text: str, **kinds: bool) -> list[str]:
    """The spotted names as `words = things`, after correction."""
    words = spotter.corrected(plain(text))
    return [f"{' '.join(words[span.start:span.end])} = {' '.join(span.things)}"
            for span in spotter.spot(words, **kinds)]


@pytest.mark.parametrize(("text", "names"), [
    ("who supplies OpenAI's compute", ["openai = thing:openai"]),
    ("who supplies OPENAI\u2019S compute", ["openai = thing:openai"]),
    ("who supplies openais compute", ["openai = thing:openai"]),
    ("who supplies open-ai", ["open ai = thing:openai"]),
    ("MSFT and goog", ["msft = thing:microsoft", "goog = thing:google"]),
    ("Meta Platforms", ["meta platforms = thing:meta"]),
    ("OpenAI's latest round", ["openai 's latest round = thing:latest-round"]),
    ("who wins in 2015", ["2015 = integer:2015"]), ("in 15 years, 20155", []),
    ("what says II.2.p4.s1", ["ii.2.p4.s1 = text:II.2.p4.s1"]),
    ("who supplies chips to data centers", []), ("who does what with it", []), ("", []),
    ("external capital", []),
])
def test_names(text: str, names: list[str], spotter: Spotter) -> None:
    assert found(spotter, text) == names


@pytest.mark.parametrize(("text", "corrected"), [
    ("opnai", "openai"), ("antropic", "anthropic"), ("Micorsoft", "microsoft"),
    ("softbnak's", "softbank 's"), ("advantges", "advantages"),
    ("buisness modles", "business models"),
    ("competiters", "competitors"),
])
def test_a_misspelt_word_becomes_the_one_it_is_near_to(
    text: str, corrected: str, spotter: Spotter,
) -> None:
    assert spotter.corrected(plain(text)) == corrected.split()


@pytest.mark.parametrize(("text", "stems"), [
    ("supliers", "supplier"), ("investers", "investor"), ("platfroms", "platform"),
    ("googel", "google"),
    ("suplies", "supply"), ("disadvatages", "disadvantage"), ("invsts", "invest"),
    ("compuet", "compute"), ("investr", "investor"), ("strategc", "strategic"),
])
def test_a_misspelt_word_is_near_to_all_forms_of_the_right_one(
    text: str, stems: str, spotter: Spotter,
) -> None:
    assert [stem(word) for word in spotter.corrected([text])] == [stem(stems)]


@pytest.mark.parametrize("text", [
    "zzyzx", "cat", "xay", "gpt5", "12ab", "largest", "who does what", "openai", "bananas",
    "sued", "apple", "smoking",
    "IBM", "Tesla", "Samsung", "DeepSeek", "Mistral", "Oracle", "Baidu", "Cohere",
])
def test_a_word_that_may_be_right_stays(text: str, spotter: Spotter) -> None:
    assert spotter.corrected(plain(text)) == plain(text)


def test_a_tie_between_names_of_one_thing_is_none(spotter: Spotter) -> None:
    assert found(spotter, "nvida") == ["nvidia = thing:nvidia"]


@pytest.mark.parametrize(("text", "plain_names", "with_classes"), [
    ("list chip suppliers", [], ["chip suppliers = aikg:ChipSupplier"]),
    ("external capital", [], ["external capital = aikg:ExternalFinancing"]),
    ("which chip supplier funds xAI", ["xai = thing:xai"],
     ["chip supplier = aikg:ChipSupplier", "xai = thing:xai"]),
    ("which organization funds xAI", ["xai = thing:xai"], ["xai = thing:xai"]),
])
def test_classes_are_names_where_they_are_asked_for(
    text: str, plain_names: list[str], with_classes: list[str], spotter: Spotter,
) -> None:
    assert found(spotter, text) == plain_names
    assert found(spotter, text, kinds=True) == with_classes


def test_the_class_that_says_who_is_wanted_counts_if_persons(spotter: Spotter) -> None:
    assert found(spotter, "which organizations are there", kinds=True) == []
    assert found(spotter, "which organizations are there", kinds=True, persons=True) == [
        "organizations = aikg:Organization"]


@pytest.mark.parametrize(("text", "proper"), [
    ("OpenAI", True), ("Claude", True), ("2015", True), ("capital", False), ("stability", False),
])
def test_proper_names_are_told_from_plain_language(
    text: str, proper: bool, spotter: Spotter,
) -> None:
    [span] = spotter.spot(plain(text))
    assert span.proper is proper
