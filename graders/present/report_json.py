"""Reports and admissions as JSON: the shapes that ``--format json`` promises."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from cluster.admission.response import Admission
from cluster.text import json_text
from graders.application_platform.exercises.daily_report.rubric import CronJobEvidence
from graders.application_platform.exercises.deployment.rubric import DeploymentEvidence
from graders.core.registry import exercise
from graders.core.report import Finding, Report
from graders.present.admission import shape as admission_shape


def report_json(report: Report) -> str:
    """One report as one JSON object; ``admission`` is there for manifests."""
    shape: dict[str, Any] = {
        "exercise": report.exercise,
        "world": report.world,
        "score": report.score if report.judged else None,
        "max": report.max,
        "seconds": round(report.seconds, 4),
        "findings": [_finding(f) for f in report.findings],
    }
    if report.problem:
        shape["problem"] = report.problem
    if isinstance(report.evidence, (DeploymentEvidence, CronJobEvidence)):
        shape["admission"] = admission_shape(report.evidence.admission)
    elif exercise(report.exercise).kind == "manifest":
        # Nothing reached the server: what it would have said first.
        shape["admission"] = admission_shape(Admission(status=HTTPStatus.BAD_REQUEST, message=report.problem))
    return json_text(shape)


def _finding(finding: Finding) -> dict[str, Any]:
    names = ("criterion", "points", "earned", "saw", "expected", "why", "hint", "read")
    shape: dict[str, Any] = {name: getattr(finding, name) for name in names}
    return {"criterion": shape.pop("criterion"), "state": finding.state.value, **shape}
