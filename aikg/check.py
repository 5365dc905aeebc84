"""Checks: what whoever edits the graph is told at once. What broke, where, and how to mend it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from aikg import consistency, constraint, grounding, identity, shapes, wellformed
from aikg.authored import ERROR, WARNING, Authored, NotRun, of_error
from aikg.errors import AikgError, UsageError
from aikg.inspection import Finding
from aikg.waiver import WAIVERS, Waiver, read_waivers, unused

Check = Callable[[Authored], Iterable[Finding]]
CHECKS: Mapping[str, Check] = {
    "turtle": wellformed.turtle,
    "vocabulary": wellformed.vocabulary,
    "datatypes": wellformed.datatypes,
    "versions": wellformed.versions,
    "queries": wellformed.queries,
    "links": identity.links,
    "rules": constraint.rules,
    "shapes": shapes.shapes,
    "claims": grounding.claims,
    "clashes": consistency.clashes,
    "members": grounding.members,
    "hermit": consistency.hermit,
    "closure": consistency.closure,
    "release": wellformed.release,
}
"""Every check by its name, those first on which others rest."""


@dataclass(frozen=True)
class Outcome:
    """What came of one check."""

    check: str
    findings: tuple[Finding, ...] = ()
    waived: tuple[tuple[Finding, Waiver], ...] = ()
    not_run: str | None = None
    """Why it did not run, or not to its end."""


@dataclass(frozen=True)
class Report:
    """What came of several checks."""

    outcomes: tuple[Outcome, ...]

    @property
    def findings(self) -> list[Finding]:
        """All findings that no waiver covers, by file and line."""
        return sorted((one for outcome in self.outcomes for one in outcome.findings), key=_place)

    def count(self, level: str) -> int:
        """How many findings are of a level."""
        return sum(one.level == level for one in self.findings)

    def fails(self, on: str = ERROR) -> bool:
        """Whether there is an error, or, where `on` is `warning`, any finding."""
        return bool(self.findings) if on == WARNING else self.count(ERROR) > 0


def check(names: Sequence[str] = (), folder: str | None = None) -> Report:
    """The report of the checks of those names, in their own order; of all, if there are none.

    `folder` holds the authored files, those of the package if None. A check that cannot run for
    want of software or sound files says so, and does not stop the others. One that was named and
    lacks software is an error. Raises UsageError for an unknown name.
    """
    for name in names:
        if name not in CHECKS:
            near = get_close_matches(name, CHECKS) or list(CHECKS)
            raise UsageError(f"no check is called '{name}'", near)
    authored = Authored(folder)
    waivers, broken = _waivers(authored)
    seen: set[Finding] = set()
    outcomes = [_outcome(name, authored, waivers, seen, bool(names))
                for name in CHECKS if not names or name in names]
    used = {waiver for outcome in outcomes for _, waiver in outcome.waived}
    ran = {outcome.check for outcome in outcomes if outcome.not_run is None}
    spare = (*broken, *unused(waivers, used, ran), *_strangers(waivers))
    return Report((*outcomes, Outcome("waivers", spare)))


def _waivers(authored: Authored) -> tuple[list[Waiver], list[Finding]]:
    try:
        return read_waivers(authored), []
    except AikgError as error:
        return [], [of_error("waiver", error, authored)]


def _strangers(waivers: Iterable[Waiver]) -> Iterator[Finding]:
    for one in waivers:
        if one.check not in CHECKS:
            yield Finding(WAIVERS, one.line, "waiver", f"no check is called '{one.check}'",
                          f"write one of {', '.join(CHECKS)}", one.subject)


def _outcome(
    name: str, authored: Authored, waivers: Iterable[Waiver], seen: set[Finding], named: bool,
) -> Outcome:
    """Run one check; `seen` are the errors that earlier checks met in reading the files."""
    found: list[Finding] = []
    not_run = None
    try:
        found.extend(CHECKS[name](authored))  # what comes before an error is kept
    except NotRun as error:
        not_run = str(error)
        found += [Finding("", 0, "not-run", not_run, "do that first", name)] * named
    except AikgError as error:
        broken = of_error("unreadable", error, authored)
        not_run = f"it needs sound files: {broken}"
        found += [broken] * (_cause(broken) not in map(_cause, (*seen, *found)))
    seen.update(found)
    kept: list[Finding] = []
    waived: list[tuple[Finding, Waiver]] = []
    for one in sorted(dict.fromkeys(found), key=_place):
        waiver = next((waiver for waiver in waivers if waiver.covers(name, one)), None)
        if waiver:
            waived.append((one, waiver))
        else:
            kept.append(one)
    return Outcome(name, tuple(kept), tuple(waived), not_run)


def _cause(finding: Finding) -> tuple[object, ...]:
    """What tells findings on one mistake: its line, or where there is none, its words."""
    return (finding.file, finding.line) if finding.line else (finding.file, finding.message)


def _place(finding: Finding) -> tuple[object, ...]:
    return finding.file, finding.line, finding.rule, finding.subject, finding.message


def report_text(report: Report) -> str:
    """The report for people: a finding has its place, subject and fault, then what to do."""
    lines: list[str] = []
    for one in report.findings:
        place = f"{one.file}:{one.line}: " if one.line else f"{one.file}: " if one.file else ""
        about = f"{one.subject} " if one.subject not in ("", one.file) else ""
        lines.append(f"{place}{one.level}: {about}[{one.rule}] {one.message}")
        lines += [f"    {line}" for line in one.detail]
        lines.append(f"    to do: {one.fix}")
    return "".join(line + "\n" for line in lines)


def summary(report: Report) -> list[str]:
    """What was not run, and how many findings there are; for stderr."""
    lines = [f"not run: {one.check}: {one.not_run}" for one in report.outcomes if one.not_run]
    ran = sum(one.not_run is None for one in report.outcomes) - 1  # the waivers are no check
    waived = sum(len(one.waived) for one in report.outcomes)
    counts = (_count(ran, "check") + " run", _count(report.count(ERROR), "error"),
              _count(report.count(WARNING), "warning"), f"{waived} waived")
    return [*lines, ", ".join(counts)]


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'s' * (number != 1)}"


def report_json(report: Report) -> str:
    """The report for programs: the findings of each check, and what was waived and why."""
    content = [{
        "check": one.check, "notRun": one.not_run,
        "findings": [_entry(finding) for finding in one.findings],
        "waived": [{**_entry(finding), "reason": waiver.reason} for finding, waiver in one.waived],
    } for one in report.outcomes]
    body = {"errors": report.count(ERROR), "warnings": report.count(WARNING), "checks": content}
    return json.dumps(body, ensure_ascii=False, indent=2) + "\n"


def _entry(one: Finding) -> dict[str, Any]:
    return {"level": one.level, "rule": one.rule, "file": one.file or None,
            "line": one.line or None, "subject": one.subject or None, "message": one.message,
            "detail": list(one.detail), "fix": one.fix}
