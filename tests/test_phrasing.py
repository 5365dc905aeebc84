"""Phrasings: stored ones and questions are reduced alike to kind, names and content words."""

from __future__ import annotations

import pytest

from aikg import Graph
from aikg.grammar import AGENT, OBJECT, OWNER, SUBJECT, WHO, YES_NO
from aikg.phrasing import Name, Phrasing, Spotted, form_key, longest_form, plain, reduce, stored

FORMS = {
    "fund": ["aikg:funds"], "comput": ["aikg:ComputeResource"], "data center": ["aikg:DataCenter"],
    "center": ["aikg:Center"], "sourc capital": ["aikg:CapitalSource"],
    "data center network": ["aikg:Network"], "invest": ["aikg:investsIn"],
}


def reduced(text: str, **changes: bool) -> Phrasing:
    """A question in which words in capitals are names."""
    items = plain(text)
    names = [Spotted(place, place + 1, (f"thing:{item}",), True)
             for place, item in enumerate(items) if item.upper() in text.split()]
    return reduce(items, names, FORMS, **changes)


def stems(phrasing: Phrasing) -> list[str]:
    return [word.stem for word in phrasing.words]


@pytest.mark.parametrize(("phrasing", "question"), [
    ("who funds {company}", "who funds ACME"),
    ("which companies does {investor} fund", "Which companies does ACME fund?"),
    ("{company}'s data centers", "ACME 's data-centre"),
    ("does {investor} fund {company}", "does ACME fund EMCA"),
    ("who does not fund {company}", "who doesn't fund ACME"),
    ("who is most funded by {company}", "who is most funded by ACME"),
    ("does {company} have its own chips", "does ACME have its own chips"),
])
def test_a_question_is_reduced_as_a_stored_phrasing_is(phrasing: str, question: str) -> None:
    asked, kept = reduced(question), stored(phrasing, FORMS)
    assert [name.role for name in asked.names] == [name.role for name in kept.names]
    assert asked._replace(names=()) == kept._replace(names=())


def test_slots_become_names_with_their_place() -> None:
    phrasing = stored("does {investor} fund {company}'s data centers", FORMS)
    assert phrasing.asks == YES_NO
    assert [(name.slot, name.role) for name in phrasing.names] == [
        ("investor", SUBJECT), ("company", OWNER)]
    assert [word.meanings for word in phrasing.words] == [{"aikg:funds"}, {"aikg:DataCenter"}]


def test_names_keep_what_they_stand_for() -> None:
    items = plain("does ACME fund data centers more than EMCA")
    spotted = [Spotted(1, 2, ("thing:acme",), True), Spotted(3, 5, ("aikg:DataCenter",), False),
               Spotted(7, 8, ("thing:emca",), True)]
    first, kind, other = reduce(items, spotted, FORMS).names
    assert first == Name(SUBJECT, "", ("thing:acme",), first.words, True, "acme", False)
    assert (kind.proper, kind.text, kind.things) == (False, "data centers", ("aikg:DataCenter",))
    assert [word.stem for word in kind.words] == ["data center"]
    assert (other.than, first.than) == (True, False)


@pytest.mark.parametrize(("text", "words"), [
    ("who funds computing power", "fund|computing|power"), ("who funds compute", "fund|comput"),
    ("a data center", "data center"),
    ("data center networks", "data center network"),
    ("data centers of the network", "data center network"),
    ("data of centers and networks", "data center|network"),
    ("data and centers", "data|center"),
    ("the source of its capital", "sourc capital"),
    ("which company funds labs", "fund|lab"),
    ("the company funds labs", "company|fund|lab"),
    ("please tell me really who is it", "tell"),
    ("the highly funded", "fund"),
])
def test_content_words(text: str, words: str) -> None:
    assert stems(reduced(text)) == words.split("|")


@pytest.mark.parametrize(("text", "expected"), [
    ("who funds ACME", {}),
    ("who never funds ACME", {"negated": True}),
    ("who funds ACME without chips", {"negated": True}),
    ("does ACME have chips", {"has": True}),
    ("had ACME chips", {}),
    ("is ACME rich", {"copula": True}),
    ("who is ACME", {}),
    ("what is the largest chip", {"limits": {"largest"}}),
    ("who invests most and first", {"limits": {"most", "first"}}),
    ("what is the latest interest", {}),
    ("who funds it and its rivals", {"pronouns": {"it", "its"}}),
])
def test_what_changes_a_right_answer_is_kept(text: str, expected: dict[str, object]) -> None:
    phrasing = reduced(text)
    nothing = {"negated": False, "has": False, "copula": False, "limits": set(), "pronouns": set()}
    assert {name: getattr(phrasing, name) for name in nothing} == {**nothing, **expected}


def test_a_tag_makes_it_a_yes_no_question() -> None:
    assert reduced("ACME funds EMCA").asks == ""
    assert reduced("ACME funds EMCA", tagged=True).asks == YES_NO
    assert not reduced("ACME is rich").copula
    assert reduced("ACME is rich", tagged=True).copula


@pytest.mark.parametrize(("text", "names"), [
    ("which is bolder, ACME or EMCA", []), ("does it fund ACME or EMCA", []),
    ("who funds ACME or EMCA", ["acme", "emca"]), ("ACME or EMCA", ["acme", "emca"]),
    ("what do ACME and EMCA fund", ["acme", "emca"]),
    ("which funds ACME or else EMCA", ["acme", "emca"]),
])
def test_names_that_are_offered_as_answers_are_no_names(text: str, names: list[str]) -> None:
    assert [name.text for name in reduced(text).names] == names


def test_a_choice_at_the_end_offers_answers() -> None:
    assert reduced("who is bolder ACME or EMCA", choice=True).names == ()


def test_by_makes_an_agent() -> None:
    assert [name.role for name in reduced("is ACME funded by EMCA").names] == [OBJECT, AGENT]
    assert reduced("by whom is ACME funded").asks == WHO


@pytest.mark.parametrize(("text", "expected"), [
    ("its own chips", "its chips"), ("ACME's own chips", "acme 's chips"),
    ("own chips", "own chips"), ("they own chips", "they own chips"),
    ("self-developed", "self developed"),
])
def test_plain_drops_an_empty_own(text: str, expected: str) -> None:
    assert plain(text) == expected.split()


@pytest.mark.parametrize(("words", "key"), [
    ("a source of funding", "sourc funding"), ("is funded by", "fund"), ("the", ""),
])
def test_form_key(words: str, key: str) -> None:
    assert form_key(words.split()) == key


@pytest.mark.parametrize(("text", "place", "expected"), [
    ("data center network", 0, ("data center network", 3)), ("data center", 0, ("data center", 2)),
    ("center", 0, ("", 0)), ("data centers of", 0, ("data center", 2)),
    ("sources of capital", 0, ("sourc capital", 3)), ("of sources of capital", 0, ("", 0)),
    ("who data center", 0, ("", 0)),
])
def test_longest_form(text: str, place: int, expected: tuple[str, int]) -> None:
    assert longest_form(text.split(), place, FORMS) == expected


def test_a_form_does_not_reach_over_a_name() -> None:
    assert longest_form(["data", None, "center"], 0, FORMS) == ("", 0)


def test_a_thing_that_is_named_twice_is_one_name(graph: Graph) -> None:
    understood = graph.matcher.understand("which lab did Microsoft put Microsoft's money on")
    assert [(name.text, name.role) for name in understood.phrasing.names] == [
        ("microsoft", "subject")]
