"""Reports as JSON: the format of ``--format json``."""

from __future__ import annotations

from typing import Any

from cluster.text import json_text
from graders.core.registry import find
from graders.core.report import Finding, Report


def report_json(report: Report) -> str:
    """One report as one JSON object, by ``docs/schemas/report.json``, with its exercise's keys: ``admission`` for manifests.

    The exercise adds no keys if the answer wasn't judged: then there is no evidence.
    """
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
    exercise = find(report.exercise)
    if exercise is not None and (report.judged or report.evidence is not None):
        shape.update(exercise.json(report.evidence, report.problem))
    return json_text(shape)


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "criterion": finding.criterion,
        "state": finding.state.value,
        "points": finding.points,
        "earned": finding.earned,
        "saw": finding.observed,
        "expected": finding.expected,
        "why": finding.why,
        "hint": finding.hint,
        "read": finding.docs_url,
    }
