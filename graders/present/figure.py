"""The picture that goes with a report: a timeline, the drawing, a strip of the calendar, a form's fields with what comes of each."""

from __future__ import annotations

from markupsafe import Markup

from graders.application_platform.exercises.daily_report import figure as strip
from graders.application_platform.exercises.daily_report.rubric import CronJobEvidence
from graders.application_platform.exercises.deployment import figure as timeline
from graders.application_platform.exercises.deployment.rubric import DeploymentEvidence
from graders.application_platform.exercises.diagram.rubric import DiagramEvidence
from graders.core.report import Report
from graders.families.form.criteria import FormEvidence
from graders.families.plan import figure as sequence
from graders.families.plan.criteria import PlanEvidence
from graders.present import drawing
from graders.present.html import picture, render


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
