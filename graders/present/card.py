"""The card: a report as HTML, for the notebook and for nbgrader's feedback.

It begins folded: the first open finding is unfolded, a few others have one line each, and all passed findings share one
line. Templates escape all texts.
"""

from __future__ import annotations

from markupsafe import Markup

from graders.core.registry import find
from graders.core.report import Finding, Report, State
from graders.present.templating import render
from graders.present.words import following, judged, line_beside, open_findings, score, waiting_findings

SHOWN = 5
"""The number of open findings with their own line; the others are folded together."""


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
    # Rubrics write every URL; an answer can't.
    href = f"https://{finding.docs_url}" if finding.docs_url.startswith("kubernetes.io/") else ""
    return render("explanation.html", finding=finding, line=line_beside(finding), href=href)


def _shown_first(missed: tuple[Finding, ...]) -> tuple[list[Finding], list[Finding]]:
    """The findings with their own line, the first SHOWN that differ in ``observed``; and the others."""
    first: list[Finding] = []
    for finding in missed:
        if len(first) < SHOWN and finding.observed not in {f.observed for f in first}:
            first.append(finding)
    return first, [f for f in missed if f not in first]
