"""The cost of grading one submission is bounded in each step; breaking a bound affects only that submission."""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from cluster import world
from cluster.limits import NOTEBOOK_BYTES
from graders.classroom import Outcome, grade
from graders.classroom import submission_steps as steps
from graders.core.exercise import Exercise
from graders.core.registry import exercise, exercises
from graders.judging.child import Budget
from tests.support import broken_steps
from tests.support.course import ASSIGNMENT, SECTION, answered, enrolled_course, grades, hand_in, nbgrader
from tests.support.drawing import DRAWING
from tests.support.solutions import solution

MIB = 2**20
CPU, MEMORY = 8.0, 600 * MIB


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course in which three students submitted a right drawing, with a low bound on the cost of each."""
    enrolled_course(tmp_path, SECTION)
    for student in ("ada", "ben", "cleo"):
        hand_in(tmp_path, student, answered(diagram=DRAWING))
    monkeypatch.setattr(import_module(grade.__module__), "new_budget", lambda: Budget(CPU, MEMORY, 120.0))
    return tmp_path


@pytest.mark.parametrize(
    ("step", "what", "said"),
    [
        ("read", broken_steps.spin, "Reading the submission took more than"),
        ("read", broken_steps.die, "Reading the submission ended before it had a result."),
        ("read", broken_steps.grow, "Reading the submission took more than 0.586 GiB of memory"),
        ("write", broken_steps.spin, "Writing the feedback took more than"),
        ("write", broken_steps.die, "Writing the feedback ended before it had a result."),
        ("write", broken_steps.grow, "Writing the feedback took more than 0.586 GiB of memory"),
    ],
    ids=["read, time", "read, death", "read, memory", "write, time", "write, death", "write, memory"],
)
def test_a_step_that_breaks_a_bound(
    course: Path, monkeypatch: pytest.MonkeyPatch, step: str, what: Callable[..., Any], said: str
) -> None:
    """A submission that exceeds a step's bound is reported and has no score; the next student is graded as usual."""
    monkeypatch.setattr(steps, step, what)
    rows = {row.student: row for row in grade(course)}
    assert said in rows["ben"].problem
    assert rows["ben"].outcome is Outcome.REPORTED
    assert {score for score, _ in grades(course).get("ben", {}).values()} <= {None, 0.0}
    assert not (course / "autograded/ben" / ASSIGNMENT).exists()
    assert (rows["ada"].score, rows["cleo"].score) == (20, 20)


def test_a_notebook_that_takes_too_much_memory(course: Path) -> None:
    """Reading is bounded too: a notebook with parts that don't fit is reported, and the others are graded."""
    parts = ",".join(['{"a":[0]}'] * (NOTEBOOK_BYTES // 10 - 100))
    hand_in(course, "ben", f'{{"nbformat": 4, "cells": [], "metadata": {{"x": [{parts}]}}}}')
    rows = {row.student: row for row in grade(course)}
    assert rows["ben"].problem == (
        "Reading the submission took more than 0.586 GiB of memory and was ended. "
        "A person has to look at the submission."
    )
    assert (rows["ada"].score, rows["cleo"].score) == (20, 20)


def test_more_files_than_anybody_hands_in(course: Path) -> None:
    """A folder with too many files, too deep folders or too large notebooks is reported, whatever else it contains."""
    folder = course / "submitted/ben" / ASSIGNMENT
    deep = course / "submitted/cleo" / ASSIGNMENT / "/".join("d" * 40)
    deep.mkdir(parents=True)
    for number in range(10_001):
        (folder / f"{number}.txt").touch()
    for number in range(6):
        with (course / "submitted/ada" / ASSIGNMENT / f"{number}.ipynb").open("wb") as file:
            file.truncate(NOTEBOOK_BYTES)
    problems = {row.student: row.problem for row in grade(course)}
    assert problems["ben"].startswith("The folder holds more than 10,000 files.")
    assert problems["cleo"].startswith("The folder has nested folders, more than 20 deep.")
    assert problems["ada"].startswith("The notebooks are larger than 100 MiB together.")


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


def test_a_cell_far_too_long_stops_nobody(course: Path) -> None:
    """Two million blank lines below an answer cost no points, with ``workbook grade`` and ``nbgrader autograde``."""
    hand_in(course, "ben", answered(diagram=DRAWING + "\n" + " \n" * 2_000_000))
    assert {row.student: row.score for row in grade(course)} == {"ada": 20, "ben": 20, "cleo": 20}
    done = nbgrader(course, "autograde", ASSIGNMENT, "--force")
    assert done.returncode == 0, done.stderr
    assert {name: one["diagram"] for name, one in grades(course).items()} == {
        "ada": (20, False), "ben": (20, False), "cleo": (20, False),
    }  # fmt: skip
