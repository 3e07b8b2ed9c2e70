"""The cost of grading one submission is bounded in each step; breaking a bound affects only that submission."""

from __future__ import annotations

import time
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from cluster import world
from cluster.limits import NOTEBOOK_BYTES
from graders.classroom import Graded, Outcome, grade
from graders.core.exercise import Exercise
from graders.core.registry import exercise, exercises
from graders.judging.child import Budget
from tests.support.course import ASSIGNMENT, SECTION, answered, enrolled_course, grades, hand_in, nbgrader
from tests.support.drawing import DRAWING
from tests.support.solutions import solution

MIB = 2**20
CPU, MEMORY = 3.0, 700 * MIB
HEAVY_CPU = 20.0
"""For the submission that fills the memory, which takes a few seconds."""

BLANK = "\n" + " \n" * 2_000_000

BREAKS = """
from nbgrader.preprocessors import NbGraderPreprocessor

def spin():
    while True: pass

def grow():
    return [bytearray(2**20) for _ in range(2000)]

def die():
    import os; os._exit(1)

class Breaks(NbGraderPreprocessor):
    step = ""

    def preprocess(self, nb, resources):
        step, _, how = resources["nbgrader"]["student"].removesuffix("-broken").partition("-")
        if step == self.step and how in ("spin", "grow", "die"):
            globals()[how]()
        return nb, resources

class BreaksSaving(Breaks):
    step = "saving"

class BreaksFeedback(Breaks):
    step = "feedback"

c.Autograde.autograde_preprocessors = [*c.Autograde.autograde_preprocessors, BreaksSaving]
c.GenerateFeedback.preprocessors = ["nbgrader.preprocessors.GetGrades", BreaksFeedback]
"""
STEPS = {
    "saving-spin": "Saving the scores took more than",
    "saving-die": "Saving the scores ended before it had a result.",
    "saving-grow": "nbgrader couldn't grade this",
    "feedback-spin": "Writing the feedback took more than",
    "feedback-grow": "nbgrader couldn't write the feedback",
}
"""The step of grading that breaks a bound, and how; what is said."""

AS_USUAL = ("ada", *(f"{step}-next" for step in STEPS), "zoe")
"""Students with a right answer; the names put one behind each student whose submission breaks a bound."""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course in which students with a right answer are graded in turn with students whose submissions break bounds."""
    course = enrolled_course(tmp_path_factory.mktemp("limits"), SECTION)
    for student in (*AS_USUAL, *(f"{step}-broken" for step in STEPS)):
        hand_in(course, student, answered(diagram=DRAWING))
    config = course / "nbgrader_config.py"
    config.write_text(config.read_text() + BREAKS)
    parts = ",".join(['{"a":[0]}'] * (NOTEBOOK_BYTES // 10 - 100))
    hand_in(course, "memory", f'{{"nbformat": 4, "cells": [], "metadata": {{"x": [{parts}]}}}}')
    hand_in(course, "blank", answered(diagram=DRAWING + BLANK))
    for student in ("files", "deep", "large"):
        hand_in(course, student, answered(diagram=DRAWING))
    for number in range(10_001):
        hand_in(course, "files", "", f"{number}.txt")
    hand_in(course, "deep", "", f"{'d/' * 40}d.ipynb")
    for number in range(6):
        path = hand_in(course, "large", "", f"{number}.ipynb")
        with path.open("wb") as file:
            file.truncate(NOTEBOOK_BYTES)
    return course


@pytest.fixture(scope="module")
def graded(course: Path) -> dict[str, Graded]:
    """The results of that class, with a low bound on the cost of each student."""
    heavy = {"memory": HEAVY_CPU}
    rows: list[Graded] = []
    with pytest.MonkeyPatch.context() as patched:
        for cpu in (CPU, HEAVY_CPU):
            patched.setattr(import_module(grade.__module__), "new_budget", partial(Budget, cpu, MEMORY, 120.0))
            names = [path.name for path in (course / "submitted").iterdir() if heavy.get(path.name, CPU) == cpu]
            rows += grade(course, names)
    return {row.student: row for row in rows}


@pytest.mark.parametrize("step", STEPS)
def test_a_step_that_breaks_a_bound(course: Path, graded: dict[str, Graded], step: str) -> None:
    """A submission that exceeds a step's bound is reported and has no score; the next student is graded as usual."""
    broken = graded[f"{step}-broken"]
    assert STEPS[step] in broken.problem
    assert broken.outcome is Outcome.REPORTED
    assert {score for score, _ in grades(course).get(broken.student, {}).values()} <= {None, 0.0}
    assert not (course / "autograded" / broken.student / ASSIGNMENT).exists()
    assert graded[f"{step}-next"].score == 20


def test_others_are_graded_as_usual(graded: dict[str, Graded]) -> None:
    """Each student with a right answer has its points, whatever the others' submissions break."""
    assert {name: graded[name].score for name in AS_USUAL} == dict.fromkeys(AS_USUAL, 20)


def test_a_notebook_that_takes_too_much_memory(graded: dict[str, Graded]) -> None:
    """Reading is bounded too: a notebook with parts that don't fit is reported."""
    assert graded["memory"].problem == (
        "Reading the submission took more than 0.684 GiB of memory and was ended. "
        "A person has to look at the submission."
    )


def test_more_files_than_anybody_hands_in(graded: dict[str, Graded]) -> None:
    """A folder with too many files, too deep folders or too large notebooks is reported, whatever else it contains."""
    assert graded["files"].problem.startswith("The folder holds more than 10,000 files.")
    assert graded["deep"].problem.startswith("The folder has nested folders, more than 20 deep.")
    assert graded["large"].problem.startswith("The notebooks are larger than 100 MiB together.")


FILLINGS = (
    " \n", "\n", "\t\n", "\v\n", "\u2003\n", "\r\n", " ", "#\n", " #", "//\n", "/*", '\\"', '"', "'", "\\", "{", "[", "<", ";", "- ",
    "a: ", "%%answer\n", "(?", "1e", "é\n",
)  # fmt: skip
"""What an answer may be filled up with."""

FILLED, QUICK = 60_000, 0.25
"""How many characters an answer is filled up to, and the CPU seconds that need no second look."""


def cpu(one: Exercise[Any, Any], start: str, filling: str, characters: int) -> float:
    """The CPU seconds that judging takes."""
    text = start + filling * ((characters - len(start)) // len(filling))
    began = time.process_time()
    one.judge(text, world())
    return time.process_time() - began


@pytest.mark.parametrize("name", [one.name for one in exercises()])
def test_what_an_answer_is_filled_up_with(name: str) -> None:
    """Judging takes time that is linear in an answer's length, after a right beginning, an empty one or an open string."""
    one = exercise(name)
    one.judge(solution(one), world())  # what is loaded for the first one isn't counted
    starts = (solution(one) + "\n", "", 'digraph { a [label="', 'a: "')
    slow = []
    for number, filling in enumerate(FILLINGS, [each.name for each in exercises()].index(name)):
        start = starts[number % len(starts)]  # each filling goes on from each start, in some exercise
        if cpu(one, start, filling, FILLED) < QUICK:
            continue
        whole = min(cpu(one, start, filling, FILLED) for _ in range(3))  # what else the process does only adds to it
        if whole > 9 * cpu(one, start, filling, FILLED // 4):  # 4 if it is linear, 16 if it is quadratic
            slow.append((filling, start[:20]))
    assert slow == []


def test_a_cell_far_too_long_stops_nobody(graded: dict[str, Graded], tmp_path: Path) -> None:
    """Two million blank lines below an answer cost no points, with ``workbook grade`` and ``nbgrader autograde``."""
    assert graded["blank"].score == 20
    course = enrolled_course(tmp_path, SECTION)
    hand_in(course, "ben", answered(diagram=DRAWING + BLANK))
    hand_in(course, "cleo", answered(diagram=DRAWING))
    done = nbgrader(course, "autograde", ASSIGNMENT)
    assert done.returncode == 0, done.stderr
    assert {name: one["diagram"] for name, one in grades(course).items()} == {"ben": (20, False), "cleo": (20, False)}
