"""Reports and admissions as JSON: the shapes that ``--format json`` promises."""

from __future__ import annotations

import json
from typing import Any

from cluster.admission import Admission
from graders.exercises.deployment import DeploymentEvidence
from graders.report import Finding, Report


def report_json(report: Report) -> str:
    """One report as one JSON object; ``admission`` is there for manifests that could be read."""
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
    if isinstance(report.evidence, DeploymentEvidence):
        shape["admission"] = admission_shape(report.evidence.admission)
    return json.dumps(shape, ensure_ascii=False)


def admission_shape(admission: Admission) -> dict[str, Any]:
    """An admission as the server would say it: accepted, status, causes and message."""
    return {
        "accepted": admission.accepted,
        "status": admission.status,
        "causes": [{"field": c.field, "reason": c.reason, "message": c.message} for c in admission.causes],
        "message": admission.message,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    names = ("criterion", "points", "earned", "saw", "expected", "why", "hint", "read")
    shape: dict[str, Any] = {name: getattr(finding, name) for name in names}
    return {"criterion": shape.pop("criterion"), "state": finding.state.value, **shape}
