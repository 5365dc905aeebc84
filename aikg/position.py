"""Where things stand in Turtle of ours, in which each subject's block starts at column 0.

Neither pyoxigraph nor rdflib tells the line of a triple; this small index does, for findings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

PREFIX = re.compile(r"@prefix\s+([\w.-]*):\s*<([^>]*)>", re.IGNORECASE)
SUBJECT = re.compile(r"<([^>]*)>|([\w.-]*):((?:[\w.:-]|\\.)*)")


class Place(NamedTuple):
    """A file, by its name under the root, and a line."""

    file: str
    line: int
    """1-based; 0 where only the file is known."""


class Positions:
    """The blocks of some Turtle files, by subject."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        """`texts` are the files by name."""
        self.lines = {name: text.splitlines() for name, text in texts.items()}
        self.prefixes = {name: dict(PREFIX.findall(text)) for name, text in texts.items()}
        self.blocks: dict[str, list[Place]] = {}
        for name in texts:
            for number, line in enumerate(self.lines[name], 1):
                subject = self._subject(name, line)
                if subject is not None:
                    self.blocks.setdefault(subject, []).append(Place(name, number))

    def place(
        self, subject: str, terms: Iterable[str] = (), file: str | None = None,
    ) -> Place | None:
        """Where a subject, given by its IRI, stands; None if it has no block.

        With `terms`, IRIs or literals, the first line of its blocks that holds one of those, which
        are tried in turn. `file` leaves all other files out.
        """
        blocks = [one for one in self.blocks.get(subject, ()) if file in (None, one.file)]
        for term in terms:
            for block in blocks:
                found = self._within(block, term)
                if found:
                    return found
        return blocks[0] if blocks else None

    def _subject(self, name: str, line: str) -> str | None:
        """The IRI of the subject whose block a line starts."""
        match = SUBJECT.match(line)
        if not match:
            return None
        full, prefix, local = match.groups()
        if full is not None:
            return str(full)
        namespace = self.prefixes[name].get(prefix)
        return None if namespace is None else namespace + re.sub(r"\\(.)", r"\1", local)

    def _within(self, block: Place, term: str) -> Place | None:
        """The line of a block that holds a term."""
        written = self._written(block.file, term)
        lines = self.lines[block.file]
        for number in range(block.line, len(lines) + 1):
            line = lines[number - 1]
            if number > block.line and line[:1].strip():
                return None
            if written.search(line):
                return Place(block.file, number)
        return None

    def _written(self, file: str, term: str) -> re.Pattern[str]:
        """What a term looks like in a file: with any prefix that fits, in brackets, or as text."""
        forms = [f"<{term}>", *(f"{name}:{term[len(namespace):]}"
                                for name, namespace in self.prefixes[file].items()
                                if term.startswith(namespace))]
        exact = "|".join(rf"(?<![\w:.-]){re.escape(form)}(?![\w:-])" for form in forms)
        return re.compile(f"{exact}|{re.escape(term)}")
