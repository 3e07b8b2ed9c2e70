"""The glyphs, words and numbers that card, terminal and JSON share. Color is never the only sign of a state."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from cluster import KIND
from cluster.text.amounts import format_duration, format_number, format_points, format_score
from graders.core.registry import find
from graders.core.report import Finding, Report, State

GLYPH: Mapping[State, str] = {
    State.PASS: "✔",
    State.FAIL: "✘",
    State.NOT_STARTED: "○",
    State.WAITING: "…",
    State.NOT_JUDGED: "!",
}


FOLLOWS = "→"
"""The glyph of findings that follow from another. They may have full points, because the other finding costs the points."""


def score(report: Report) -> str:
    """The score in words; a report that is *not judged* has no score, a waiting one has a score so far."""
    if not report.max:
        return "for practice, no points"
    if report.state is State.WAITING:
        return f"{format_score(report.score, report.max)} so far"
    if not report.judged:
        return f"not judged, of {format_points(report.max)}"
    return format_score(report.score, report.max)


def judged(report: Report) -> str:
    """The judge, and the time that it took."""
    exercise = find(report.exercise)
    return f"Judged by {(exercise and exercise.judged_by) or _world(report)} · {format_duration(report.seconds)}"


def _world(report: Report) -> str:
    is_it = "Kubernetes" if report.world == KIND else "as Kubernetes"
    version = f", {is_it} {report.version}" if report.version else ""
    return f"the {report.world} cluster{version}"


def headline(report: Report) -> str:
    """The result in one line; a failed check ends with it."""
    title = f"{GLYPH[report.state]} {report.exercise}: {score(report)}"
    if report.problem:
        return f"{title}. {report.problem}"
    missed = open_findings(report)
    if not missed:
        return f"{title}."
    more = f", and {len(missed) - 1} more" if len(missed) > 1 else ""
    return f"{title}. Next: {missed[0].title}{more}."


def open_findings(report: Report) -> tuple[Finding, ...]:
    """The findings that didn't pass, in the rubric's order: the first is the one to work on.

    ``following`` returns those that follow from another finding; they aren't included here.
    """
    return tuple(f for f in report.findings if f.state not in (State.PASS, State.WAITING) and not f.follows)


@dataclass(frozen=True, slots=True)
class Following:
    """Findings that follow from one mistake, which another finding names."""

    findings: tuple[Finding, ...]

    @property
    def said(self) -> str:
        """All of them in one line."""
        first, *more = self.findings
        what = f"{len(self.findings)} more have" if more else f"“{first.title}” has"
        return f"{what} the same cause: {first.observed}"

    @property
    def points(self) -> str:
        """The points that they earned, of the maximum."""
        return f"{format_number(sum(f.earned for f in self.findings))} of {format_number(sum(f.points for f in self.findings))}"


def following(report: Report) -> tuple[Following, ...]:
    """The findings that follow from another, grouped by ``observed``."""
    found: dict[str, list[Finding]] = {}
    for finding in report.findings:
        if finding.follows:
            found.setdefault(finding.observed, []).append(finding)
    return tuple(Following(tuple(some)) for some in found.values())


def line_beside(finding: Finding) -> int:
    """The line to show beside what was observed; 0 if there is none, or if the text names the line itself."""
    return 0 if re.search(rf"\blines? (\d+ and )?{finding.line}\b", finding.observed) else finding.line


def waiting_findings(report: Report) -> tuple[Finding, ...]:
    """The findings that a run hasn't decided yet, in the rubric's order."""
    return tuple(f for f in report.findings if f.state is State.WAITING)
