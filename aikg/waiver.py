"""Waivers: findings that stand for a reason, one to a row of a TSV file."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from aikg.authored import WARNING, Authored
from aikg.errors import GraphError
from aikg.inspection import Finding

WAIVERS = "queries/check/waivers.tsv"
COLUMNS = ("check", "rule", "subject", "reason")


@dataclass(frozen=True)
class Waiver:
    """One row: the finding of a rule on a subject is known, and why it stands."""

    line: int
    check: str
    rule: str
    subject: str
    """As findings name it: a CURIE, or a file's name."""
    reason: str

    def covers(self, check: str, finding: Finding) -> bool:
        """Whether the waiver is for this finding of that check."""
        return (self.check, self.rule, self.subject) == (check, finding.rule, finding.subject)


def read_waivers(authored: Authored) -> list[Waiver]:
    """The waivers of a folder, none without the file.

    Raises GraphError with file, line and what to do for a row that is not as it should be.
    """
    if WAIVERS not in authored.files:
        return []
    head, *rows = authored.text(WAIVERS).splitlines() or [""]
    if tuple(head.split("\t")) != COLUMNS:
        raise GraphError(f"the columns must be {', '.join(COLUMNS)}, with tabs between", WAIVERS, 1)
    return [_waiver(line, row) for line, row in enumerate(rows, 2)]


def _waiver(line: int, row: str) -> Waiver:
    cells = [cell.strip() for cell in row.split("\t")]
    if len(cells) != len(COLUMNS) or not all(cells):
        raise GraphError("a waiver needs a check, a rule, a subject and a reason: fill each cell",
                         WAIVERS, line)
    return Waiver(line, *cells)


def unused(
    waivers: Iterable[Waiver], used: Collection[Waiver], checks: Collection[str],
) -> list[Finding]:
    """A warning for each waiver of the checks given that nothing called for."""
    return [Finding(WAIVERS, one.line, "unused-waiver", f"nothing is wrong by {one.rule} any more",
                    "delete the row", one.subject, WARNING)
            for one in waivers if one.check in checks and one not in used]
