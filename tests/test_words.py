"""Words: tokens, stems, names as they are compared, and edits from one to another."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aikg.words import distance, is_adverb, normal, stem, stem_key, tokens

SHORT = st.text("abc", max_size=6)


@pytest.mark.parametrize(("text", "expected"), [
    ("", ""),
    ("Who supplies OpenAI\u2019s compute?", "who supplies openai 's compute"),
    ("What's X Corp. doing?", "what is x corp doing"),
    ("the labs' chips", "the labs 's chips"),
    ("OPENAI'S", "openai 's"),
    ("must Acme raise external funds", "does acme need external funds"),
    ("Acme has to raise money from outside", "acme needs outside money"),
    ("Acme has to raise a flag outside", "acme has to raise a flag outside"),
    ("who doesn't, can't and won't", "who does not can not and will not"),
    ("didnt isnt wouldnt", "did not is not would not"),
    ("accountant want", "accountant want"),
    ("they've I'd we'll", "they i we"),
    ("who's it's let's", "who is it is let is"),
    ("newest, most recent", "latest latest"),
    ("what can't it do without", "what does it need"),
    ("what can Acme not live without", "what can acme need"),
    ("who cannot do without Acme", "who needs acme"),
    ("labs other than Acme, except for Beta", "labs besides acme besides beta"),
    ("they fund themselves", "they fund itself"),
    ("is X a lab and nothing more", "is x only a lab"),
    ("X sits on top of Y", "x sits on top of y"), ("on top of X, who", "besides x who"),
    ("{company}'s chips", "{company} 's chips"),
    ("R&D vs. GPT-4, e.g. 3.5", "r&d vs gpt 4 e.g 3.5"),
    ("C++ a/b x_y", "c + + a b x y"),
    ("\uff2f\uff50enAI naïve \ufb01rm", "openai naïve firm"),
    ("a\0b\n\t\"c\"", "a b c"),
])
def test_tokens(text: str, expected: str) -> None:
    assert tokens(text) == expected.split()


@given(st.text(max_size=80))
@settings(max_examples=200, deadline=None, database=None)
def test_no_text_makes_tokens_fail(text: str) -> None:
    found = tokens(text)
    assert all(token and not any(map(str.isspace, token)) for token in found)
    assert tokens(text.upper().lower()) == tokens(text.upper())
    assert normal(normal(text)) == normal(text)


@pytest.mark.parametrize(("words", "base"), [
    ("fund funds funded", "fund"), ("invest invests invested investing", "invest"),
    ("supply supplies supplied", "supply"), ("use uses used using", "use"),
    ("compete competes competed competing", "compet"), ("company companies", "company"),
    ("run running ran", "run"), ("stop stopped stopping", "stop"), ("sell selling sold", "sell"),
    ("box boxes", "box"), ("launch launches launching", "launch"), ("push pushes", "push"),
    ("class classes", "class"), ("rely relies relied", "rely"), ("center centers centre", "center"),
    ("monetise monetises monetize monetised", "monetiz"), ("promise promised", "promis"),
    ("chip chips", "chip"), ("give gives giving", "giv"), ("gpu gpus", "gpu"), ("data", "data"),
    ("its", "its"), ("status", "status"),
    ("openai", "openai"), ("gpt4", "gpt4"), ("as", "as"), ("", ""),
])
def test_a_stem_has_no_inflection(words: str, base: str) -> None:
    assert {stem(word) for word in words.split() or [""]} == {base}


@pytest.mark.parametrize("words", [
    "give gave given", "make made making", "take took taken", "become became", "lose lost losing",
    "write wrote written", "choose chose chosen", "rise rose risen", "have has had",
])
def test_an_irregular_verb_has_one_stem(words: str) -> None:
    assert len(set(map(stem, words.split()))) == 1


@pytest.mark.parametrize(("left", "right"), [
    ("supply", "supplier"), ("invest", "investor"), ("found", "founding"), ("use", "user"),
    ("process", "processor"), ("compute", "computer"), ("new", "news"), ("thin", "thing"),
    ("during", "dure"), ("rest", "resting place"),
])
def test_stems_that_must_stay_apart(left: str, right: str) -> None:
    assert stem(left) != stem(right)


@pytest.mark.parametrize(("text", "expected"), [
    ("OpenAI's", "openai 's"), ("Open-AI", "open ai"), ("  X Corp. ", "x corp"), ("R&D", "r&d"),
    ("Lab\u2019s", "lab 's"), ("(GPUs!)", "gpus"), ("", ""),
])
def test_normal(text: str, expected: str) -> None:
    assert normal(text) == expected


@pytest.mark.parametrize(("name", "expected"), [
    ("funding rounds", "funding round"), ("chips", ""), ("", ""),
    ("cloud computing giants", "cloud computing giant"),
])
def test_stem_key_is_for_names_of_several_words(name: str, expected: str) -> None:
    assert stem_key(name) == expected


@pytest.mark.parametrize(("word", "expected"), [
    ("highly", True), ("technically", True), ("strategically", True), ("supply", False),
    ("family", False), ("directly", False), ("only", False), ("chip", False),
])
def test_adverbs(word: str, expected: bool) -> None:
    assert is_adverb(word) is expected


@pytest.mark.parametrize(("left", "right", "edits"), [
    ("openai", "openai", 0), ("opnai", "openai", 1), ("openia", "openai", 1), ("", "ab", 2),
    ("anthropic", "antropic", 1), ("microsoft", "micorsfot", 2), ("nvidia", "amd", 3),
    ("ca", "abc", 3),
])
def test_distance_counts_edits_and_swaps(left: str, right: str, edits: int) -> None:
    assert distance(left, right, 2) == edits
    assert distance(right, left, 2) == edits


@given(SHORT, SHORT, SHORT, st.integers(0, 4))
@settings(max_examples=200, deadline=None, database=None)
def test_distance_is_one_more_than_the_limit_at_most(
    left: str, right: str, middle: str, limit: int,
) -> None:
    whole = distance(left, right, 20)
    assert distance(left, right, limit) == min(whole, limit + 1)
    assert (whole == 0) == (left == right)
    assert whole <= max(len(left), len(right))
    assert distance(left + middle, right + middle, 20) <= whole
