"""The class is graded on the real cluster as on the simulated one, by `workbook grade` and by nbgrader's own command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cluster.kind.api import Api
from tests.cluster.kind.live.watching import namespaces
from tests.support.course import ASSIGNMENT, class_course, grades, nbgrader, students

EXPECTED = {student.name: dict(student.scores) for student in students()}


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """The class's course, with kind as the world in its configuration."""
    root = class_course(tmp_path)
    config = root / "nbgrader_config.py"
    said = config.read_text()
    config.write_text(said.replace('c.GradeAnswers.world = "simulated"', 'c.GradeAnswers.world = "kind"'))
    assert config.read_text() != said
    return root


def test_workbook_grade(course: Path, api: Api) -> None:
    """`workbook grade` gives right, refused and hostile answers the same scores, and each score says that kind judged it."""
    names = ("ada", "cleo", "finn")
    command = [sys.executable, "-m", "graders.cli.__main__", "grade", "--format", "json"]
    chosen = [word for name in names for word in ("--student", name)]
    done = subprocess.run([*command, *chosen], cwd=course, capture_output=True, text=True, check=False)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    scores = {row["student"]: {s["exercise"]: s["score"] for s in row["exercises"]} for row in rows}
    assert scores == {name: EXPECTED[name] for name in names}, done.stderr
    handed_in = [s for row in rows for s in row["exercises"] if s["exercise"] in ("deployment", "diagram")]
    assert {s["world"] for s in handed_in} == {"kind"}
    assert namespaces(api) == set()


def test_nbgrader_autograde(course: Path) -> None:
    """`nbgrader autograde` with the world in its configuration gives the right answer its score."""
    # The command's home is the course, so the kubeconfig is named.
    kubeconfig = os.environ.get("KUBECONFIG") or str(Path.home() / ".kube/config")
    done = nbgrader(course, "autograde", ASSIGNMENT, "--student", "kim", KUBECONFIG=kubeconfig)
    assert done.returncode == 0, done.stderr
    assert {name: score for name, (score, _) in grades(course)["kim"].items()} == EXPECTED["kim"]
