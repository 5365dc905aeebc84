"""Showing a card: as a text to read, as one JSON object, as rows for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pyoxigraph import Literal, NamedNode

from aikg.answer import Answer, Row
from aikg.card import Card, Line
from aikg.names import BASE, compact
from aikg.render import render

COLUMNS = ("section", "subject", "property", "value")
# What the text card shows of each section: a part of a line, and the heading of its column.
SHOWN: Mapping[str, tuple[tuple[str, str], ...]] = {
    "types": (("value", "type"),),
    "axioms": (("value", "axiom"),),
    "members": (("subject", "member"),),
    "facts": (("subject", "subject"), ("property", "property"), ("value", "value")),
    "statements": (("property", "property"), ("value", "value")),
    "claims": (("property", "modality"), ("value", "claim")),
    "links": (("subject", "subject"), ("property", "property"), ("value", "link")),
}


def card_answer(card: Card) -> Answer:
    """The card as a table with a row for each line."""
    rows = tuple(Row((Literal(line.section), line.subject, line.property, line.value),
                     line.grade, line.evidence) for line in card.lines)
    return Answer(COLUMNS, rows, card.labels, "show")


def card_text(card: Card, width: int | None = None, iris: bool = False) -> str:
    """The card to read; `width` is in columns of the terminal, None wraps nothing."""
    head = [card.label, compact(card.iri)] if card.label != compact(card.iri) else [card.label]
    also = [f"also: {', '.join(card.aliases)}"] if card.aliases else []
    # What other collections call their entries may well be one name for several.
    labels = {iri: f"{label} ({compact(iri)})" if _is_foreign(iri, card) else label
              for iri, label in card.labels.items()}
    parts = ["\n".join([*head, *also, *([card.definition] if card.definition else [])]) + "\n"]
    for section in SHOWN:
        for columns, lines in _tables(section, card):
            rows = tuple(Row(tuple(getattr(line, part) for part, _ in columns),
                             line.grade, line.evidence) for line in lines)
            answer = Answer(tuple(name for _, name in columns), rows, labels)
            parts.append(f"{section}\n{render(answer, 'table', iris=iris, width=width)}")
    return "\n".join(parts)


def card_json(card: Card) -> str:
    """The card as one JSON object: its names, and a list for each section that has lines."""
    content: dict[str, Any] = {"iri": card.iri, "label": card.label, "aliases": card.aliases,
                               "definition": card.definition}
    for text in render(card_answer(card), "jsonl").splitlines():
        line = json.loads(text)
        content.setdefault(line.pop("section"), []).append(line)
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _tables(
    section: str, card: Card,
) -> Iterator[tuple[Sequence[tuple[str, str]], list[Line]]]:
    """The tables of a section: what is said of the thing itself needs no column for it."""
    lines = [line for line in card.lines if line.section == section]
    columns = SHOWN[section]
    for part in ("subject", "property", "value") if len(columns) == 3 else ():
        same = [line for line in lines if getattr(line, part) == NamedNode(card.iri)]
        lines = [line for line in lines if line not in same]
        if same:
            yield [column for column in columns if column[0] != part], same
    if lines:
        yield columns, lines


def _is_foreign(iri: str, card: Card) -> bool:
    return not iri.startswith(BASE) and any(
        line.section == "links" and iri in (line.subject.value, line.value.value)
        for line in card.lines)
