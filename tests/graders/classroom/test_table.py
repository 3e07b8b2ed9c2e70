"""``workbook grade``, run as instructors run it."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from graders.classroom.results import Graded, Outcome, Score
from graders.classroom.table import show
from graders.core.registry import exercises
from graders.present.console import Console
from tests.support.course import ROOT, answered, elsewhere, enrolled_course, hand_in
from tests.support.drawing import DRAWING
from tests.support.schemas import misfits

EVERYTHING = sum(e.points for e in exercises())
ROWS = (
    Graded("ada", Outcome.GRADED, (Score("deployment", 27.5, 30, "simulated"), Score("diagram", 20, 20, "simulated"))),
    Graded("ben", Outcome.NOT_JUDGED, (Score("deployment", None, 30), Score("diagram", 5, 20)), "The cluster is full."),
    Graded("[red]\x1b[2J", Outcome.REPORTED, (), "There is no notebook."),
)


def workbook(course: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a course."""
    return subprocess.run(
        [sys.executable, "-m", "graders.cli.__main__", "grade", *arguments], cwd=course, capture_output=True, text=True,
        check=False, env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100"},
    )  # fmt: skip


def test_table() -> None:
    """The table has each exercise's points and the sum; below it are the students that a person has to look at."""
    console = Console(file=io.StringIO(), width=100)
    show(ROWS, console)
    assert isinstance(console.file, io.StringIO)
    lines = [" ".join(line.split()) for line in console.file.getvalue().splitlines()]
    assert lines[:3] == [
        "student deployment diagram score",
        "ada 27.5 / 30 20 / 20 47.5 / 50 ✔ graded",
        "ben - / 30 5 / 20 5 / 50 ! not judged",
    ]
    assert "! ben: The cluster is full." in lines
    assert "✘ [red] [2J: There is no notebook." in lines
    assert "\x1b" not in console.file.getvalue()


def test_many_exercises() -> None:
    """With too many exercises for a line, those of a notebook share a column under its number."""
    scores = tuple(Score(f"e{n}", None if n == 7 else 1, 2, "simulated", f"0{n // 3}-part") for n in range(9))
    console = Console(file=io.StringIO(), width=80)
    show([Graded("ada", Outcome.NOT_JUDGED, scores, "Not yet."), Graded("ben", Outcome.REPORTED)], console)
    assert isinstance(console.file, io.StringIO)
    lines = [" ".join(line.split()) for line in console.file.getvalue().splitlines()]
    assert lines[:3] == [
        "student 00 01 02 score",
        "ada 3 / 6 3 / 6 2 / 6 8 / 18 ! not judged",
        "ben - - - - / 0 ✘ reported",
    ]


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course in which ada handed in a right drawing."""
    hand_in(enrolled_course(tmp_path), "ada", answered(diagram=DRAWING))
    return tmp_path


def test_command(course: Path) -> None:
    """The exit code is 0 if all students are graded and 1 if one is reported; JSON has one line for each student, and fits its schema."""
    assert workbook(course).returncode == 0
    hand_in(course, "ben", "{")
    done = workbook(course, "--format", "json")
    assert [misfits("grades", line) for line in done.stdout.splitlines()] == [[], []]
    ada, ben = (json.loads(line) for line in done.stdout.splitlines())
    assert done.returncode == 1
    exercises = {row.pop("exercise"): row for row in ada.pop("exercises")}
    assert ada.pop("lesson") == "application-platform"
    assert ada == {"student": "ada", "outcome": "graded", "score": 20, "max": EVERYTHING, "problem": "", "note": ""}
    assert set(exercises) == {*elsewhere(), "deployment", "diagram"}
    assert exercises["deployment"] == {"score": 0, "max": 30, "world": "simulated"}
    assert exercises["diagram"] == {"score": 20, "max": 20, "world": "simulated"}
    assert exercises["bill"] == {"score": 0, "max": 3, "world": ""}  # its notebook wasn't handed in
    assert (ben["outcome"], ben["score"], ben["max"]) == ("reported", 0, EVERYTHING)
    assert "Traceback" not in done.stderr


def test_usage(course: Path) -> None:
    """An unknown student or world is an error of one line, with exit code 2."""
    for arguments, said in ((("--student", "adda"), "Did you mean ada?"), (("--on", "mars"), "mars")):
        done = workbook(course, *arguments)
        assert done.returncode == 2
        assert said in done.stderr
        assert "Traceback" not in done.stderr
