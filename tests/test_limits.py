"""What would end a parser's process is refused before it is parsed."""

from __future__ import annotations

import pytest

from aikg.errors import GraphError
from aikg.limits import DEEPEST, check_brackets, check_elements, check_entities

HEAD = '<?xml version="1.0"?><!DOCTYPE r ['
LAUGHS = "".join(f'<!ENTITY {one} "{f"&{other};" * 10}">'
                 for one, other in zip("bcdefghij", "abcdefghi", strict=True))


def deep(start: str, end: str, depth: int) -> str:
    return start * depth + end * depth


@pytest.mark.parametrize(("text", "says"), [
    (f'{HEAD}<!ENTITY a "ha">{LAUGHS}]><r>&j;</r>', "within each other"),
    (f"{HEAD}<!ENTITY a '{'a' * 100_000}'>]><r>{'&a;' * 1000}</r>", "grows too large"),
    (f'{HEAD}<!ENTITY a SYSTEM "file:///etc/hostname">]><r>&a;</r>', "not read here"),
    (f'{HEAD}<!ENTITY % a "x">]><r/>', "not read here"),
    (HEAD + "".join(f'<!ENTITY a{n} "x">' for n in range(500)) + "]><r/>", "not read here"),
    (deep("<r>", "</r>", DEEPEST + 1), "deeper than 200"),
    ("<r><s></r>", "is not XML: mismatched tag"),
], ids=lambda value: value[-20:])
def test_xml_is_refused(text: str, says: str) -> None:
    with pytest.raises(GraphError, match=says):
        check_elements(text)


@pytest.mark.parametrize("text", [
    '<r xmlns="x:y">a &amp; b</r>', deep("<r>", "</r>", DEEPEST), "<r>" + "<s/>" * 1000 + "</r>",
    f'{HEAD}<!ENTITY owl "http://www.w3.org/2002/07/owl#">]><r a="&owl;Class">&owl;</r>',
])
def test_xml_as_editors_write_it_passes(text: str) -> None:
    check_elements(text)
    check_entities(text)


def test_brackets_count_outside_texts_and_names() -> None:
    check_brackets(deep("A(", ")", DEEPEST))
    check_brackets('A("' + "(" * 1000 + r'\"(" <x:' + "(" * 1000 + ">)")
    with pytest.raises(GraphError, match="brackets deeper than 200"):
        check_brackets(deep("A(", ")", DEEPEST + 1))


def test_long_texts_take_no_long_time() -> None:
    check_brackets('"' * 100_001)
    check_brackets("<" * 100_000)
    check_brackets('"\\' * 100_000)
