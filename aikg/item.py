"""An item of Wikidata, as an endpoint gives it: its names, classes and identifiers.

The shape is that of Wikidata's RDF ("Wikibase RDF dump format"): items are `entity/Q…`, truthy
values hang on `prop/direct/P…`, and a merged item has but an owl:sameAs to the one that stays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from aikg.identifier import SCHEMES, WIKIDATA
from aikg.names import OWL, PREFIXES, RDFS, SKOS
from aikg.store import Engine

DIRECT = PREFIXES["wdt"]
BATCH = 40
"""Items in one request: a query of some 2,000 characters."""
DESCRIPTION = "http://schema.org/description"
RELATIONS = (
    RDFS + "label", SKOS + "altLabel", DESCRIPTION, OWL + "sameAs", DIRECT + "P31",
    *(DIRECT + one.wikidata for one in SCHEMES if one.wikidata),
)
DETAILS = """
SELECT ?item ?relation ?value WHERE {{
  VALUES ?item {{ {items} }}
  VALUES ?relation {{ {relations} }}
  ?item ?relation ?value .
  FILTER(!isLiteral(?value) || LANG(?value) IN ("", "en", "mul"))
}} ORDER BY ?item ?relation ?value"""
CLASSES = """
SELECT DISTINCT ?item ?class WHERE {{
  VALUES ?item {{ {items} }}
  VALUES ?class {{ {classes} }}
  ?item <{direct}P31>/<{direct}P279>* ?class .
}} ORDER BY ?item ?class"""


@dataclass(frozen=True)
class Item:
    """What an endpoint says of one item."""

    iri: str
    labels: tuple[str, ...] = ()
    """In English, or in the form that serves all languages (`mul`)."""
    aliases: tuple[str, ...] = ()
    description: str = ""
    classes: frozenset[str] = frozenset()
    """IRIs of the classes asked about to which it belongs, by P31 and any number of P279."""
    typed: bool = False
    """Whether it is said to be an instance of anything."""
    identifiers: frozenset[tuple[str, str]] = frozenset()
    """Wikidata property and value of each identifier and website."""
    redirect: str | None = None
    """IRI of the item with which it was merged."""

    @property
    def known(self) -> bool:
        """Whether the endpoint says anything of it."""
        return bool(self.labels or self.aliases or self.typed or self.redirect)


def read_items(
    iris: Iterable[str], engine: Engine, classes: Iterable[str] = (),
) -> dict[str, Item]:
    """What an endpoint says of items, and to which of some classes each belongs, all by IRI.

    An item of which it says nothing comes back empty. Raises StoreError.
    """
    found: dict[str, Item] = {}
    asked = sorted(classes)
    for batch in batches(sorted({*iris})):
        items = written(batch)
        about: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        rows = engine.select(DETAILS.format(items=items, relations=written(RELATIONS))).rows
        for item, relation, value in rows:
            if isinstance(item, NamedNode) and isinstance(relation, NamedNode) and isinstance(
                    value, NamedNode | Literal):
                about[item.value][relation.value].append(value.value)
        kinds: dict[str, set[str]] = defaultdict(set)
        if asked:
            text = CLASSES.format(items=items, classes=written(asked), direct=DIRECT)
            for item, kind in engine.select(text).rows:
                if isinstance(item, NamedNode) and isinstance(kind, NamedNode):
                    kinds[item.value].add(kind.value)
        found |= {iri: _item(iri, about[iri], kinds[iri]) for iri in batch}
    return found


def batches(items: Sequence[str], size: int = BATCH) -> Iterator[Sequence[str]]:
    """The items in parts of a size, in their order."""
    return (items[start:start + size] for start in range(0, len(items), size))


def written(iris: Iterable[str]) -> str:
    """IRIs as the terms of a VALUES block."""
    return " ".join(str(NamedNode(iri)) for iri in iris)


def _item(iri: str, about: dict[str, list[str]], classes: Iterable[str]) -> Item:
    redirects = [one for one in about[OWL + "sameAs"] if one.startswith(WIKIDATA)]
    identifiers = {(one.wikidata, value) for one in SCHEMES if one.wikidata
                   for value in about[DIRECT + one.wikidata]}
    return Item(
        iri, tuple(about[RDFS + "label"]), tuple(about[SKOS + "altLabel"]),
        next(iter(about[DESCRIPTION]), ""), frozenset(classes), bool(about[DIRECT + "P31"]),
        frozenset(identifiers), next(iter(redirects), None))
