"""The picture that goes with a report: a timeline, the drawing, a strip of the calendar, a form's fields with what comes of each."""

from __future__ import annotations

from markupsafe import Markup

from graders.exercises.daily_report import CronJobEvidence
from graders.exercises.deployment import DeploymentEvidence
from graders.exercises.diagram import DiagramEvidence
from graders.exercises.form.judging import FormEvidence
from graders.exercises.plans import PlanEvidence
from graders.report import Report
from graders.show import drawing, sequence, strip, timeline
from graders.show.html import picture, render


def figure(report: Report) -> Markup:
    """The figure for a report's evidence; empty where there is nothing to draw."""
    evidence = report.evidence
    if isinstance(evidence, DeploymentEvidence) and evidence.timeline is not None:
        told = timeline.alt(evidence.timeline)
        return picture(timeline.svg(evidence.timeline), told, "What happened to your pods", timeline.LEAST)
    if isinstance(evidence, DiagramEvidence):
        return drawing.judged_picture(evidence)
    if isinstance(evidence, CronJobEvidence) and evidence.schedule is not None:
        return picture(strip.svg(evidence), strip.alt(evidence), strip.caption(evidence))
    if isinstance(evidence, PlanEvidence) and evidence.worst:
        return picture(sequence.svg(evidence), sequence.alt(evidence), sequence.caption(evidence))
    if isinstance(evidence, FormEvidence):
        return render("held.html", evidence=evidence)
    return Markup()
