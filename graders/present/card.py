"""The card: a report as HTML, in the notebook and in nbgrader's feedback alike.

It is short until it is unfolded: the finding to work on now stands open, a few others are one line each, and
whatever passed is one line together. Everything comes out of templates that escape it.
"""

from __future__ import annotations

from markupsafe import Markup

from graders.core.registry import find
from graders.core.report import Finding, Report, State
from graders.present.html import render
from graders.present.words import following, judged, open_findings, score, waiting_findings

SHOWN = 5
"""Open findings that get a line of their own; the others fold away."""


def html(report: Report) -> str:
    """The card for a report, as an HTML fragment with its own style and no script."""
    first, rest = _shown_first(open_findings(report))
    good = [f for f in report.findings if f.state is State.PASS]
    return render(
        "card.html", report=report, score=score(report), judged=judged(report), first=first, rest=rest,
        following=following(report), waiting=waiting_findings(report), good=good, earned=sum(f.earned for f in good), explanation=_explanation, figure=_figure(report),
    )  # fmt: skip


def _figure(report: Report) -> Markup:
    exercise = find(report.exercise)
    return Markup() if exercise is None or report.evidence is None else exercise.figure(report.evidence)


def _explanation(finding: Finding) -> Markup:
    # Every address is ours: a criterion's reading is written in its rubric.
    href = f"https://{finding.docs_url}" if finding.docs_url.startswith("kubernetes.io/") else ""
    return render("explanation.html", finding=finding, href=href)


def _shown_first(missed: tuple[Finding, ...]) -> tuple[list[Finding], list[Finding]]:
    """The findings that get a line of their own: the first few that say something that no other said before."""
    first: list[Finding] = []
    for finding in missed:
        if len(first) < SHOWN and finding.observed not in {f.observed for f in first}:
            first.append(finding)
    return first, [f for f in missed if f not in first]
