"""The picture that goes with a report: a timeline, the drawing, a strip of the calendar, the terms held against the shop."""

from __future__ import annotations

from markupsafe import Markup

from graders.exercises.contract_terms import ContractEvidence
from graders.exercises.daily_report import CronJobEvidence
from graders.exercises.deployment import DeploymentEvidence
from graders.exercises.diagram import DiagramEvidence
from graders.exercises.held import Holds
from graders.exercises.plans import PlanEvidence
from graders.report import Report
from graders.show import drawing, sequence, strip, timeline
from graders.show.html import picture, render

HOLDS = {Holds.KEPT: "✔", Holds.BROKEN: "✘", Holds.OTHER: "✘", Holds.UNCHECKED: "?", Holds.MISSING: "○"}


def figure(report: Report) -> Markup:
    """The figure for a report's evidence; empty where there is nothing to draw."""
    evidence = report.evidence
    if isinstance(evidence, DeploymentEvidence) and evidence.timeline is not None:
        return picture(timeline.svg(evidence.timeline), timeline.alt(evidence.timeline), "What happened to your pods")
    if isinstance(evidence, DiagramEvidence):
        return drawing.judged_picture(evidence)
    if isinstance(evidence, CronJobEvidence) and evidence.schedule is not None:
        return picture(strip.svg(evidence), strip.alt(evidence), strip.caption(evidence))
    if isinstance(evidence, PlanEvidence) and evidence.worst:
        return picture(sequence.svg(evidence), sequence.alt(evidence), sequence.caption(evidence))
    if isinstance(evidence, ContractEvidence):
        return render("held.html", terms=evidence.terms, glyph=HOLDS)
    return Markup()
