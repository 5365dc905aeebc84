"""Identifiers of outside records: their forms, their check digits, and how their scheme is told."""

from __future__ import annotations

import pytest

from aikg.identifier import (
    EXACT,
    SCHEMA,
    SCHEMES,
    WIKIDATA,
    isin_is_valid,
    lei_is_valid,
    ror_is_valid,
    scheme_of,
)
from aikg.names import AIKG, RDFS


@pytest.mark.parametrize(("text", "valid"), [
    ("INR2EJN1ERAN0W5ZP974", True),
    ("INR2EJN1ERAN0W5ZP947", False),
    ("INR2EJN1ERAN0W5ZP97", False),
    ("inr2ejn1eran0w5zp974", False),
    ("549300JT1RTHHHQAH961", False),  # said in public code to be Nvidia's
    ("549300QW5BFKRIOJDL72", False),  # said in public code to be Twitter's
])
def test_check_digits_of_an_lei(text: str, valid: bool) -> None:
    assert lei_is_valid(text) is valid


@pytest.mark.parametrize(("text", "valid"), [
    ("US0231351067", True),
    ("JP3436100006", True),
    ("US0231351076", False),
    ("US0231351068", False),
    ("US023135106", False),
    ("us0231351067", False),
])
def test_check_digit_of_an_isin(text: str, valid: bool) -> None:
    assert isin_is_valid(text) is valid


@pytest.mark.parametrize(("text", "valid"), [
    ("05wx9n238", True),
    ("00d0nc645", True),
    ("05wx9n283", False),
    ("05wx9n23", False),
    ("15wx9n238", False),
    ("05wxLn238", False),
])
def test_check_digits_of_a_ror_id(text: str, valid: bool) -> None:
    assert ror_is_valid(text) is valid


FORMS = {
    "Wikidata": ("Q3884", "Q0", "P31", "Q3884x", ""),
    "DBpedia": ("Amazon_(company)", "", "Amazon company", "#x"),
    "SEC CIK": ("0001018724", "1018724", "00010187240"),
    "ticker symbol": ("XNAS GOOGL", "GOOGL", "XNAS", "xnas goog"),
    "official website": ("https://abc.xyz/", "abc.xyz", "ftp://abc.xyz/", "https://abc"),
    "GitHub account": ("https://github.com/xai-org", "https://github.com/", "https://github.com/a/b",
                       "https://gitlab.com/a"),
    "Hugging Face account": ("https://huggingface.co/meta-llama", "https://huggingface.co/",
                             "https://huggingface.co/a/b"),
}


@pytest.mark.parametrize("name", FORMS)
def test_the_form_of_an_identifier(name: str) -> None:
    right, *wrong = FORMS[name]
    (scheme,) = (one for one in SCHEMES if one.name == name)
    assert scheme.fits(right)
    assert [text for text in wrong if scheme.fits(text)] == []


@pytest.mark.parametrize(("predicate", "target", "sought", "name"), [
    (EXACT, WIKIDATA + "Q1", None, "Wikidata"),
    (SCHEMA + "leiCode", None, None, "LEI"),
    (AIKG + "gitHubAccount", "https://github.com/x", None, "GitHub account"),
    (EXACT, None, "https://ror.org/", "ROR"),
    (AIKG + "centralIndexKey", None, "https://www.sec.gov/", "SEC CIK"),
    (RDFS + "seeAlso", "https://en.wikipedia.org/wiki/X", None, None),
])
def test_the_scheme_of_a_row(
    predicate: str, target: str | None, sought: str | None, name: str | None
) -> None:
    found = scheme_of(predicate, target, sought)
    assert (found.name if found else None) == name
