"""A harvest: all that was asked for, or nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode

from aikg.errors import AikgError, EndpointError
from aikg.harvest import COUNT
from aikg.snapshot import truthy
from aikg.store import Solutions
from tests.wikidata import (
    WD,
    Liar,
    engine,
    fewer,
    gathered,
    request,
)

Change = Callable[[str, Solutions], Solutions]


pytestmark = pytest.mark.usefixtures("cache")


def test_a_harvest_holds_what_is_said_and_known() -> None:
    found = gathered()
    said = {(one.item.removeprefix(WD), one.property, one.value.value.removeprefix(WD), one.rank)
            for one in found.statements}
    assert ("Q116758847", "P169", "Q999999002", "NormalRank") in said
    assert not any(one[2] == "Q999999003" for one in said), "a deprecated statement"
    assert not any(one[1] == "P1951" and one[2].startswith("b") for one in said), "an unknown value"
    assert found.labels[WD + "Q999999001"] == "Testina Fictiva"
    assert found.labels["http://www.wikidata.org/prop/direct/P571"] == "inception"
    assert found.rows == len(found.statements) + 1  # and the unknown one
    assert {"P571", "P159", "P749", "P169", "P112", "P452", "P1056", "P1951", "P1448", "P178",
            "P127"} <= {*request().properties}


def test_only_the_best_rank_is_truthy() -> None:
    ceo = [one.value.value for one in truthy(gathered().statements) if one.property == "P169"]
    assert ceo == [WD + "Q999999001"]


def bound(name: str, term: NamedNode | Literal | BlankNode) -> Change:
    """Puts a term into a column of the rows, where there is one of that name."""
    def change(text: str, solutions: Solutions) -> Solutions:
        if name not in solutions.variables or "?statement" not in text:
            return solutions
        place = solutions.variables.index(name)
        return Solutions(solutions.variables, tuple(
            (*row[:place], term, *row[place + 1:]) for row in solutions.rows))
    return change


def uncounted(text: str, solutions: Solutions) -> Solutions:
    return solutions._replace(rows=()) if "COUNT" in text else solutions


LIES: dict[str, tuple[Change, str]] = {
    "rows are left out": (fewer, r"counts \d+ rows and sends \d+: partial"),
    "no count": (uncounted, "counts no number rows"),
    "other items": (bound("item", NamedNode(WD + "Q1")), "what was not asked for"),
    "other properties": (bound("property", NamedNode("http://x/P1")), "what was not asked for"),
    "text for an item": (bound("item", Literal("x")), "what was not asked for"),
    "other ranks": (bound("rank", NamedNode("http://x/y")), "what was not asked for"),
    "other statements": (bound("statement", NamedNode("https://w3id.org/aikg/thing/openai")),
                         "what was not asked for"),
}


@pytest.mark.parametrize("case", LIES)
def test_an_endpoint_that_lies_is_not_believed(case: str) -> None:
    change, message = LIES[case]
    with pytest.raises(EndpointError, match=message):
        gathered(Liar(change))


@pytest.mark.parametrize(("extra", "without", "message"), [
    ("", "Q95", "does not know Q95 "),
    ("wd:Q95 owl:sameAs wd:Q1 .", "", "has merged Q95 "),
])
def test_each_item_must_be_there(extra: str, without: str, message: str) -> None:
    with pytest.raises(EndpointError, match=message):
        gathered(engine(extra, without))


def test_the_count_is_asked_of_the_same_pattern() -> None:
    asked = Liar()
    gathered(asked)
    rows = [text for text in asked.asked if "?rank ?start" in text]
    counts = [text for text in asked.asked if text.startswith(COUNT[:12])]
    assert len(rows) == len(counts) == 1
    assert rows[0].partition("WHERE")[2].partition("} ORDER")[0] + "}" == (
        counts[0].partition("WHERE")[2])
    assert issubclass(EndpointError, AikgError)
