"""Items of Wikidata, as an endpoint gives them."""

from __future__ import annotations

from collections.abc import Sequence

from aikg.item import Item, batches, read_items
from aikg.store import Solutions
from tests.wikidata import WD, engine

MERGED = "wd:Q777 owl:sameAs wd:Q95 ."


def test_what_is_read_of_an_item() -> None:
    found = read_items([WD + "Q95", WD + "Q777", WD + "Q888"], engine(
        MERGED + 'wd:Q95 skos:altLabel "Googol"@en, "Gugl"@de ; schema:description "firm"@en ;'
        " wdt:P1278 '7ZW8QJWVPR4P1J1KQY45' ; wdt:P856 <https://about.google/> ."),
        [WD + "Q4830453", WD + "Q5"])
    assert found[WD + "Q95"] == Item(
        WD + "Q95", ("Google",), ("Googol",), "firm", frozenset({WD + "Q4830453"}), True,
        frozenset({("P1278", "7ZW8QJWVPR4P1J1KQY45"), ("P856", "https://about.google/")}))
    assert (found[WD + "Q777"].redirect, found[WD + "Q777"].known) == (WD + "Q95", True)
    assert found[WD + "Q888"] == Item(WD + "Q888")
    assert not found[WD + "Q888"].known


class Counting:
    """An engine that counts how often it is asked, and answers nothing."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def query(self, text: str, graphs: Sequence[str] = ()) -> Solutions:
        return self.select(text, graphs)

    def select(self, text: str, graphs: Sequence[str] = ()) -> Solutions:
        self.asked.append(text)
        return Solutions(("item", "relation", "value"), ())


def test_items_are_asked_for_in_batches() -> None:
    counting = Counting()
    assert len(read_items((f"{WD}Q{number}" for number in range(1, 101)), counting)) == 100
    assert len(counting.asked) == 3
    assert [len(batch) for batch in batches("abcde", 2)] == [2, 2, 1]
    assert read_items([], counting) == {}
    assert len(counting.asked) == 3
