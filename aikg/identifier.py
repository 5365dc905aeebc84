"""Identifiers of outside records: how each scheme writes them, and whose they can be.

A scheme is known by the relation that carries its identifiers (an LEI) or by the namespace of its
records (a Wikidata item). Check digits tell an identifier from a slip of the pen.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from aikg.names import AIKG, OWL, PREFIXES, RDFS, SKOS

SCHEMA = PREFIXES["schema"]
WIKIDATA = PREFIXES["wd"]
DBPEDIA = PREFIXES["dbr"]
ROR = "https://ror.org/"
SAME, EXACT, CLOSE = OWL + "sameAs", SKOS + "exactMatch", SKOS + "closeMatch"
IDENTITY = (SAME, EXACT)
"""Relations that make an outside record stand for our entity, the stronger first."""
RELATIONS = {
    SAME: "same as", EXACT: "exact match", CLOSE: "close match",
    SKOS + "broadMatch": "broader match", SKOS + "narrowMatch": "narrower match",
    SKOS + "relatedMatch": "related match", RDFS + "seeAlso": "see also",
}
"""Relations between an entity and a record, with their labels."""
RECORDS = {"ror": ROR, "github": "https://github.com/", "huggingface": "https://huggingface.co/",
           "enwiki": "https://en.wikipedia.org/wiki/", "web": "https://"}
"""Prefixes of records in the mapping file, beside those of aikg.names."""
_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"


@dataclass(frozen=True)
class Scheme:
    """One way to identify things."""

    name: str
    place: str
    """IRI of where its records are sought: a relation's own IRI, or a namespace."""
    fits: Callable[[str], bool]
    """Whether an identifier, without its namespace, is well-formed."""
    sought: str = ""
    """IRI of the site that a "none found" row names."""
    literal: bool = False
    """Whether the identifier is a text under a relation of its own, such as an LEI."""
    single: bool = True
    """Whether an entity has at most one."""
    exclusive: bool = True
    """Whether no two entities share one."""
    wikidata: str = ""
    """The property of Wikidata that gives these identifiers, such as P1278; empty for none."""
    of: str | None = None
    """IRI of the class whose members alone can have one; None for any."""

    @property
    def relation(self) -> bool:
        """Whether it is a relation of its own, not a namespace of records."""
        return self.place not in (WIKIDATA, DBPEDIA, ROR)


def lei_is_valid(text: str) -> bool:
    """Whether a legal entity identifier is well-formed and its two check digits fit.

    Source: ISO 17442-1, with check digits by ISO/IEC 7064 (MOD 97-10).
    """
    return bool(re.fullmatch(r"[0-9A-Z]{18}[0-9]{2}", text)) and int(_digits(text)) % 97 == 1


def isin_is_valid(text: str) -> bool:
    """Whether a securities identification number is well-formed and its check digit fits.

    Source: ISO 6166, with the check digit by Luhn's rule (ISO/IEC 7812-1, annex B).
    """
    if not re.fullmatch(r"[A-Z]{2}[0-9A-Z]{9}[0-9]", text):
        return False
    backwards = [int(digit) for digit in reversed(_digits(text))]
    doubled = (sum(divmod(2 * digit, 10)) for digit in backwards[1::2])
    return (sum(backwards[::2]) + sum(doubled)) % 10 == 0


def ror_is_valid(text: str) -> bool:
    """Whether a ROR id is well-formed and its two check digits fit.

    Source: the ROR documentation, "ROR identifier pattern": a 0, six characters of Crockford's
    base 32 and a checksum by ISO/IEC 7064 (MOD 97-10).
    """
    if not re.fullmatch(rf"0[{_CROCKFORD}]{{6}}[0-9]{{2}}", text):
        return False
    number = 0
    for character in text[:7]:
        number = 32 * number + _CROCKFORD.index(character)
    return 98 - number * 100 % 97 == int(text[7:])


def scheme_of(predicate: str, target: str | None, sought: str | None = None) -> Scheme | None:
    """The scheme of a row, by its relation, by its record, or by where none was found.

    All three are IRIs; None for a scheme that we do not know.
    """
    tests: tuple[Callable[[Scheme], bool], ...] = (
        lambda one: one.place == predicate,
        lambda one: target is not None and target.startswith(one.place),
        lambda one: sought is not None and one.sought == sought,
    )
    return next((one for test in tests for one in SCHEMES if test(one)), None)


def _digits(text: str) -> str:
    """The text with each letter as its number, from A = 10 to Z = 35."""
    return "".join(str(int(character, 36)) for character in text)


def _form(pattern: str) -> Callable[[str], bool]:
    return lambda text: bool(re.fullmatch(pattern, text))


_ORGANIZATION = AIKG + "Organization"
_ACCOUNT = r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9])?"
SCHEMES = (
    Scheme("Wikidata", WIKIDATA, _form(r"Q[1-9]\d*"), "https://www.wikidata.org/"),
    Scheme("DBpedia", DBPEDIA, _form(r"[^\s/#?]\S*"), "https://dbpedia.org/"),
    Scheme("ROR", ROR, ror_is_valid, "https://ror.org/", wikidata="P6782",
           of=_ORGANIZATION),
    Scheme("LEI", SCHEMA + "leiCode", lei_is_valid, "https://www.gleif.org/", literal=True,
           wikidata="P1278", of=_ORGANIZATION),
    Scheme("SEC CIK", AIKG + "centralIndexKey", _form(r"\d{10}"), "https://www.sec.gov/",
           literal=True, wikidata="P5531", of=_ORGANIZATION),
    Scheme("ISIN", AIKG + "isin", isin_is_valid, literal=True, single=False,
           wikidata="P946", of=_ORGANIZATION),
    Scheme("ticker symbol", SCHEMA + "tickerSymbol", _form(r"[A-Z0-9]{4} [A-Z0-9.]{1,12}"),
           literal=True, single=False, of=_ORGANIZATION),
    Scheme("official website", SCHEMA + "url", _form(r"https?://[^\s/]+\.[^\s/]+(/\S*)?"),
           wikidata="P856"),
    Scheme("GitHub account", AIKG + "gitHubAccount",
           _form(r"https://github\.com/[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})"), single=False,
           wikidata="P2037", of=_ORGANIZATION),
    Scheme("Hugging Face account", AIKG + "huggingFaceAccount",
           _form(rf"https://huggingface\.co/{_ACCOUNT}"), single=False, of=_ORGANIZATION),
)
"""The schemes of the mapping file. Shares and accounts may be several; the rest is one each."""
