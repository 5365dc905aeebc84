"""An industry graph of any size, for measuring: invented companies, what they do, who says so.

    python benchmarks/generate.py TRIPLES [--seed N] [--facts] [-o FILE]

N-Triples, the same bytes for the same size and seed. Degrees are skewed, as in the world: a few
companies are in most claims. With `--facts` there are plain facts in place of claims, sources and
passages: what a closure starts from. A chain of dependencies is at most four long, or all would
depend on all.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from math import isqrt
from random import Random

AIKG, RDF = "https://w3id.org/aikg/ontology/", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS, XSD = "http://www.w3.org/2000/01/rdf-schema#", "http://www.w3.org/2001/XMLSchema#"
BASE = "https://w3id.org/aikg/"
TYPE, LABEL, COMMENT = f"<{RDF}type>", f"<{RDFS}label>", f"<{RDFS}comment>"
ALIAS = "<http://www.w3.org/2004/02/skos/core#altLabel>"

# Kind of thing, of how many in a thousand things.
KINDS = {
    "Company": 520, "FoundationModel": 130, "FundingRound": 110, "DataCenter": 80,
    "Application": 60, "Chip": 30, "ConsumerPlatform": 20, "Risk": 15, "TechnicalRoute": 10,
    "Technique": 10, "Strategy": 5, "BusinessModel": 5, "RevenueStream": 5,
}
# Property, kind of subject, kind of object, how often; dependencies run from tier to tier.
RELATIONS = (
    ("investsIn", "Company", "Company", 14), ("investsStrategicallyIn", "Company", "Company", 4),
    ("participatesIn", "Company", "FundingRound", 14),
    ("suppliesComputeTo", "Company", "Company", 8), ("suppliesChipsTo", "Company", "Company", 5),
    ("suppliesDataTo", "Company", "Company", 3), ("competesWith", "Company", "Company", 9),
    ("dependsOn", "Company", "Company", 8), ("develops", "Company", "FoundationModel", 7),
    ("develops", "Company", "Application", 5), ("develops", "Company", "Chip", 2),
    ("owns", "Company", "DataCenter", 5), ("owns", "Company", "ConsumerPlatform", 1),
    ("isSubsidiaryOf", "Company", "Company", 3), ("hasFoundersFrom", "Company", "Company", 4),
    ("followsRoute", "Company", "TechnicalRoute", 2), ("facesRisk", "Company", "Risk", 2),
    ("hasBusinessModel", "Company", "BusinessModel", 1),
    ("earnsFrom", "Company", "RevenueStream", 1), ("pursuesStrategy", "Company", "Strategy", 1),
)
FIRST = (("isRoundOf", "FundingRound", "Company"), ("requires", "TechnicalRoute", "Chip"))
"""What each thing of a kind has once."""
MODALITIES = ["Stated"] * 14 + ["Evaluated"] * 3 + ["Hedged", "Forecast", "Planned"]
SYLLABLES = "al bor cen dra el fir gon hal ix jun kor lum mer nor ox pra qui ren sol tar vex zyn"


def main() -> None:
    """Write the graph to a file or stdout."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("triples", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--facts", action="store_true", help="plain facts, no claims")
    parser.add_argument("-o", "--output", help="a file; stdout without it")
    given = parser.parse_args()
    write(given.output, given.triples, given.seed, given.facts)


def write(path: str | None, size: int, seed: int = 1, facts: bool = False) -> None:
    """Write a graph of at least `size` triples, at most ten more."""
    if path is None:
        sys.stdout.writelines(triples(size, seed, facts))
        return
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(triples(size, seed, facts))


def triples(size: int, seed: int = 1, facts: bool = False) -> Iterator[str]:
    """The graph as lines of N-Triples, things before what is said of them."""
    random = Random(seed)
    world = _World(size, facts)
    written = 0
    said = world.facts(random) if facts else world.claims(random)
    for group in _both(world.things(), said):
        yield from group
        written += len(group)
        if written >= size:
            return


def _both(things: Iterator[list[str]], said: Iterator[list[str]]) -> Iterator[list[str]]:
    yield from things
    yield from said


def company(size: int) -> tuple[str, str]:
    """IRI and name of a company that dozens of claims are about, in a graph of that size."""
    place = isqrt(_World(size).number["Company"])
    return _thing("Company", place)[1:-1], _name("Company", place)


class _World:
    """The things of a graph: how many of each kind."""

    def __init__(self, size: int, facts: bool = False) -> None:
        things = max(50, size // (8 if facts else 22))
        self.number = {kind: max(4, things * share // 1000) for kind, share in KINDS.items()}

    def things(self) -> Iterator[list[str]]:
        """The triples of each thing: its class, its name and, of some, another name."""
        for kind, number in self.number.items():
            for place in range(number):
                thing, name = _thing(kind, place), _name(kind, place)
                lines = [f"{thing} {TYPE} <{AIKG}{kind}> .\n",
                         f'{thing} {LABEL} "{name}"@en .\n']
                if place % 3 == 0:
                    lines.append(f'{thing} {ALIAS} "{name} {kind}"@en .\n')
                yield lines

    def facts(self, random: Random) -> Iterator[list[str]]:
        """Plain facts without end."""
        for subject, prop, target in self._relations(random):
            yield [f"{subject} <{AIKG}{prop}> {target} .\n"]

    def claims(self, random: Random) -> Iterator[list[str]]:
        """Claims without end, each behind the passage and the source that it needs first."""
        for number, (subject, prop, target) in enumerate(self._relations(random)):
            source, passage = number // 60, number // 2
            if number % 60 == 0:
                yield _source(source)
            if number % 2 == 0:
                yield _passage(source, passage)
            fact = subject, f"<{AIKG}{prop}>", target
            yield _claim(number, fact, _passage_iri(source, passage), random)

    def _relations(self, random: Random) -> Iterator[tuple[str, str, str]]:
        weights = [often for *_, often in RELATIONS]
        for prop, one, other in FIRST:
            for number in range(self.number[one]):
                yield (_thing(one, number), prop,
                       _thing(other, self._skewed(random, other)))
        while True:
            prop, one, other, _ = random.choices(RELATIONS, weights)[0]
            left, right = self._skewed(random, one), self._skewed(random, other)
            if prop == "dependsOn":
                left, right = self._tiers(random)
            if (one, left) != (other, right):
                yield _thing(one, left), prop, _thing(other, right)

    def _skewed(self, random: Random, kind: str) -> int:
        """A thing of a kind, the first ones far likelier than the last."""
        return int(self.number[kind] * random.random() ** 2.5)

    def _tiers(self, random: Random) -> tuple[int, int]:
        """A company and one of the tier above it: the tiers grow tenfold each."""
        companies = self.number["Company"]
        edges = [0, max(1, companies // 1000), max(2, companies // 100), max(3, companies // 10),
                 companies]
        tier = random.choices((1, 2, 3), (1, 10, 100))[0]
        return random.randrange(edges[tier], edges[tier + 1]), random.randrange(
            edges[tier - 1], edges[tier])


def _thing(kind: str, place: int) -> str:
    return f"<{BASE}thing/{kind.lower()}-{place}>"


def _name(kind: str, place: int) -> str:
    """A name of its own for each thing."""
    syllables = SYLLABLES.split()
    parts: list[str] = []
    rest = place
    while rest or not parts:
        rest, part = divmod(rest, len(syllables))
        parts.append(syllables[part])
    stem = "".join(parts).capitalize()
    return stem if kind == "Company" else f"{stem} {kind}"


def _source(number: int) -> list[str]:
    source = f"<{BASE}source/s{number}>"
    return [f"{source} {TYPE} <{AIKG}Article> .\n", f'{source} {LABEL} "Source {number}"@en .\n',
            f'{source} <{AIKG}shortName> "S{number}" .\n']


def _passage_iri(source: int, passage: int) -> str:
    return f"<{BASE}source/s{source}/p{passage}>"


def _passage(source: int, passage: int) -> list[str]:
    iri = _passage_iri(source, passage)
    return [f"{iri} {TYPE} <{AIKG}Passage> .\n",
            f"{iri} <{AIKG}inSource> <{BASE}source/s{source}> .\n",
            f'{iri} <{AIKG}passageId> "p{passage}" .\n',
            f'{iri} <{AIKG}passageKind> "sentence" .\n',
            f'{iri} <{AIKG}startOffset> "{passage % 30 * 80}"^^<{XSD}integer> .\n']


def _claim(number: int, fact: tuple[str, str, str], passage: str, random: Random) -> list[str]:
    claim = f"<{BASE}claim/c{number}>"
    subject, prop, target = fact
    lines = [f"{claim} {TYPE} <{AIKG}Claim> .\n",
             f"{claim} <{AIKG}subject> {subject} .\n",
             f"{claim} <{AIKG}predicate> {prop} .\n",
             f"{claim} <{AIKG}object> {target} .\n",
             f"{claim} <{AIKG}modality> <{AIKG}{random.choice(MODALITIES)}> .\n",
             f"{claim} <{AIKG}statedIn> {passage} .\n",
             f'{claim} {COMMENT} "Claim {number} of the benchmark."@en .\n']
    if random.random() < 0.01:
        lines.append(f'{claim} <{AIKG}denied> "true"^^<{XSD}boolean> .\n')
    return lines


if __name__ == "__main__":
    main()
