"""Answers as students write them, each with a teacher's opinion."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cluster import world
from graders.core.registry import exercise, exercises
from graders.core.report import State

ROWS: list[dict[str, Any]] = [
    row
    for line in (Path(__file__).parents[3] / "corpus/students.jsonl").read_text().splitlines()
    if (row := json.loads(line))["exercise"] in {e.name for e in exercises()}
]

# What a teacher calls a problem, and the criteria that say so.
CRITERIA = {
    "requests": {"requests"},
    "limits": {"limits"},
    "rejected-by-api": {"accepted"},
    "liveness": {"liveness"},
    "liveness-path": {"liveness"},
    "liveness-kind": {"liveness"},
    "readiness": {"readiness"},
    "readiness-path": {"readiness"},
    "stateful": {"stateless"},
    "grace": {"shutdown"},
    "schedule": {"schedule"},
    "restart-policy": {"restart"},
    "structure": {"accepted"},
    "api-version": {"accepted"},
}


@pytest.mark.parametrize("row", ROWS, ids=[r["id"] for r in ROWS])
def test_verdict(row: dict[str, Any]) -> None:
    """The answers that a teacher calls right get full marks, and no others do, unless they are arguable."""
    report = exercise(row["exercise"]).judge(row["answer"], world())
    assert report.judged
    if not row["arguable"]:
        assert (report.state is State.PASS) == row["right"], [f for f in report.findings if f.earned < f.points]


@pytest.mark.parametrize(
    "row", [r for r in ROWS if r["exercise"] in ("deployment", "daily-report")], ids=lambda r: r["id"]
)
def test_problem(row: dict[str, Any]) -> None:
    """Each problem that a teacher names in a manifest fails its own criterion."""
    report = exercise(row["exercise"]).judge(row["answer"], world())
    failed = {f.criterion for f in report.findings if f.state is State.FAIL}
    for problem in set(row["problems"]) & set(CRITERIA):
        assert CRITERIA[problem] & failed, problem
