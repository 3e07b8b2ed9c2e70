"""Grading again, interrupts, and odd submissions."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook

from cluster.errors import NotJudgedError, UsageError
from graders.classroom import Graded, Outcome, grade, grading
from graders.classroom import submission_steps as steps
from graders.classroom.opening import configured
from graders.core.registry import exercises
from graders.gradebook import GradeAnswers
from graders.release import release
from tests.support import broken_steps
from tests.support.course import (
    ASSIGNMENT,
    SECTION,
    answered,
    cell,
    enrolled_course,
    grades,
    hand_in,
    nbgrader,
    released,
)
from tests.support.drawing import DRAWING

HALF = "digraph { client -> api -> postgres }"
NOTEBOOK = f"{SECTION}.ipynb"
ONE = "01-monolith-or-microservices"
SECTIONS = (ONE, "02-kinds-of-service", SECTION)


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course of one section, in which ada handed in a right drawing."""
    hand_in(enrolled_course(tmp_path, SECTION), "ada", answered(diagram=DRAWING))
    return tmp_path


@pytest.fixture
def several(tmp_path: Path) -> Path:
    """The same with three sections."""
    hand_in(enrolled_course(tmp_path, *SECTIONS), "ada", answered(diagram=DRAWING))
    return tmp_path


def by_name(rows: tuple[Graded, ...]) -> dict[str, Graded]:
    """The result of each student."""
    return {row.student: row for row in rows}


def scored(**points: float | None) -> dict[str, tuple[float | None, bool]]:
    """The gradebook's entries with these scores."""
    return {name: (score, score is None) for name, score in points.items()}


def zeros() -> dict[str, float | None]:
    """Zero for each exercise of the three sections."""
    return {e.name: 0.0 for e in exercises() if e.graded and e.section in SECTIONS}


def nothing() -> dict[str, tuple[float | None, bool]]:
    """The gradebook's entries where no exercise has a score."""
    return scored(deployment=None, diagram=None)


def test_another_submission_is_graded_anew(course: Path) -> None:
    """A new submission is graded again, and an old one only on request."""
    copy = course / "autograded/ada" / ASSIGNMENT / NOTEBOOK
    assert grade(course)[0].score == 20
    first = copy.stat().st_mtime_ns
    assert grade(course)[0].score == 20
    assert copy.stat().st_mtime_ns == first
    grade(course, force=True)
    assert copy.stat().st_mtime_ns != first
    hand_in(course, "ada", answered(diagram=HALF))
    assert 0 < (grade(course)[0].score or 0) < 20


def test_failed_regrade_leaves_no_score(course: Path) -> None:
    """If a later submission can't be read or is missing, the earlier score is removed."""
    assert grade(course)[0].score == 20
    hand_in(course, "ada", "{")
    assert grade(course)[0].outcome is Outcome.REPORTED
    assert grades(course)["ada"] == scored(deployment=None, diagram=None)
    hand_in(course, "ada", answered(diagram=DRAWING))
    assert grade(course)[0].score == 20
    (course / "submitted/ada" / ASSIGNMENT / NOTEBOOK).rename(course / "submitted/ada" / ASSIGNMENT / "mine.ipynb")
    assert grade(course)[0].problem == f"There is no {NOTEBOOK}; there is mine.ipynb."  # by the answer in it
    assert grades(course)["ada"] == nothing()
    assert not (course / "autograded/ada" / ASSIGNMENT).exists()
    assert not (course / "feedback/ada" / ASSIGNMENT).exists()


BILL = "tracing: platform-team\ntable-schema: application-team"


def choices(**answers: str) -> dict[str, Any]:
    """The released notebook about boundaries with these answers in it."""
    notebook = released(ONE)
    for name, text in answers.items():
        cell(notebook, f"{name}-answer")["source"] = f"%%answer {name}\n{text}"
    return notebook


def test_some_notebooks(several: Path) -> None:
    """A student with only some of the notebooks is graded, and the exercises of the others are not started."""
    hand_in(several, "ada", choices(bill=BILL), f"{ONE}.ipynb")
    (row,) = grade(several)
    assert row.outcome is Outcome.GRADED
    assert {s.exercise: s.score for s in row.scores} == zeros() | {"diagram": 20, "bill": 0.5}
    assert row.max == sum(e.points for e in exercises() if e.section in SECTIONS)
    with Gradebook(f"sqlite:///{several}/gradebook.db") as gradebook:
        comment = gradebook.find_comment("kinds-answer", "02-kinds-of-service", ASSIGNMENT, "ada").comment
    assert comment == "This notebook wasn't handed in."


def test_some_notebooks_are_graded_once(several: Path) -> None:
    """A student with a missing notebook stays graded; a notebook that is added or removed later is noticed."""
    copy = several / "autograded/ada" / ASSIGNMENT / NOTEBOOK
    grade(several)
    first = copy.stat().st_mtime_ns
    grade(several)
    assert copy.stat().st_mtime_ns == first
    late = hand_in(several, "ada", choices(bill=BILL), f"{ONE}.ipynb")
    assert grade(several)[0].score == 20.5
    late.unlink()
    assert grade(several)[0].score == 20
    assert not (several / "autograded/ada" / ASSIGNMENT / f"{ONE}.ipynb").exists()


def test_plain_nbgrader_gives_the_same(several: Path) -> None:
    """nbgrader's own command gives a student with some of the notebooks the same scores."""
    hand_in(several, "ada", choices(bill=BILL), f"{ONE}.ipynb")
    done = nbgrader(several, "autograde", ASSIGNMENT)
    assert done.returncode == 0, done.stderr
    plain = grades(several)
    grade(several, force=True)
    assert grades(several) == plain == {"ada": scored(**zeros() | {"bill": 0.5, "diagram": 20})}


def test_a_notebook_under_another_name(several: Path) -> None:
    """A notebook with another name isn't zero: a person has to look at it, and other files don't matter."""
    hand_in(several, "ada", {**released(ONE), "cells": []}, "scratch.ipynb")
    hand_in(several, "ada", released(ONE), "untouched copy.ipynb")
    assert grade(several)[0].outcome is Outcome.GRADED
    hand_in(several, "ada", choices(bill=BILL), "homework.ipynb")
    (row,) = grade(several)
    assert row.problem == f"There is no {ONE}.ipynb; there is homework.ipynb."
    assert row.outcome is Outcome.REPORTED


def test_a_persons_score_stays(course: Path) -> None:
    """A score that a person gave in formgrader is neither removed nor changed."""
    grade(course)
    with sqlite3.connect(course / "gradebook.db") as gradebook:
        gradebook.execute("update grade set manual_score = 17 where auto_score = 20")
    hand_in(course, "ada", "{")
    after = {s.exercise: s.score for s in grade(course)[0].scores}
    assert (after["deployment"], after["diagram"]) == (None, 17)


def _link(course: Path, folder: Path) -> None:
    (folder / NOTEBOOK).symlink_to(course / "submitted/ada" / ASSIGNMENT / NOTEBOOK)


def _linked_extra(course: Path, folder: Path) -> None:
    (folder / NOTEBOOK).write_text((course / "submitted/ada" / ASSIGNMENT / NOTEBOOK).read_text())
    (folder / "notes.txt").symlink_to("/etc/passwd")


def _linked_folder(course: Path, folder: Path) -> None:
    folder.rmdir()
    folder.symlink_to(course / "submitted/ada" / ASSIGNMENT)


def _no_folder(_course: Path, folder: Path) -> None:
    folder.rename(folder.with_name("Application Platform"))


def _a_file(_course: Path, folder: Path) -> None:
    folder.rmdir()
    folder.parent.rmdir()
    folder.parent.write_text("")


def _other_notebook(_course: Path, folder: Path) -> None:
    (folder / "06-hands-on (1).ipynb").write_text("{}")


ODD: dict[str, tuple[Callable[[Path, Path], object], str]] = {
    "link": (_link, f"{NOTEBOOK} is a symbolic link"),
    "linked-extra": (_linked_extra, "notes.txt is a symbolic link"),
    "linked-folder": (_linked_folder, f"{ASSIGNMENT} is a symbolic link"),
    "folder": (lambda _course, folder: (folder / NOTEBOOK).mkdir(), "is a folder, not a file"),
    "empty": (lambda _course, _folder: None, "the folder is empty"),
    "no-folder": (_no_folder, f"There is no folder {ASSIGNMENT}; there is Application Platform."),
    "a-file": (_a_file, "This is a file."),
    "other-name": (_other_notebook, "there is 06-hands-on (1).ipynb"),
}
"""By student: what makes the submission odd, and what its problem says."""
PATTERNS = ("a[b]", "*", "a?", "ada ")


def test_odd_submissions(course: Path) -> None:
    """An odd submission or name is reported by name and has no score; no other student's grade changes, also if a name is a pattern."""
    for student, (make, _) in ODD.items():
        folder = course / "submitted" / student / ASSIGNMENT
        folder.mkdir(parents=True)
        make(course, folder)
    for name in PATTERNS:
        hand_in(course, name, answered(diagram=HALF))
    rows = by_name(grade(course))
    assert rows.pop("ada").score == 20
    assert set(rows) == {*ODD, *PATTERNS}
    for student, row in rows.items():
        assert (ODD[student][1] if student in ODD else "Rename it") in row.problem
        assert row.outcome is Outcome.REPORTED, student
        assert not row.score, student
        assert not {s.score for s in row.scores if s.exercise in ("deployment", "diagram")} - {None}, student
    assert not [path for path in course.rglob("notes.txt") if not path.is_symlink()]


def test_extra_files_stay_where_they_are(course: Path) -> None:
    """Other files in a submission are neither copied nor returned."""
    (course / "submitted/ada" / ASSIGNMENT / "large.bin").write_bytes(b"x" * 1000)
    grade(course)
    assert [path.parent.parent.parent.name for path in course.rglob("large.bin")] == ["submitted"]


def test_interrupted(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After an interrupt each student has all scores or none, and the next run grades the rest."""
    monkeypatch.setattr(grading, "BATCH", 1)
    for name in ("ben", "cleo"):
        hand_in(course, name, answered(diagram=HALF))
    half = grade(course, ["ben"])[0].scores

    def interrupt(_graded: Graded, done: int, of: int) -> None:
        assert of == 3
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        grade(course, force=True, progress=interrupt)
    assert {scores["diagram"] for scores in grades(course).values()} <= {(20, False), (half[1].score, False)}
    rows = by_name(grade(course))
    assert rows["ada"].score == 20
    assert rows["ben"].scores == rows["cleo"].scores == half


@pytest.mark.parametrize("step", ["read", "write"])
def test_interrupted_within_a_student(course: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """After an interrupt within a student's step, the next run grades that student, too."""
    hand_in(course, "ben", answered(diagram=DRAWING))
    with monkeypatch.context() as broken:
        broken.setattr(steps, step, broken_steps.interrupt)
        with pytest.raises(KeyboardInterrupt):
            grade(course)
    assert not (course / "autograded/ben" / ASSIGNMENT / NOTEBOOK).exists()
    assert {row.student: row.score for row in grade(course)} == {"ada": 20, "ben": 20}
    assert (course / "autograded/ben" / ASSIGNMENT / NOTEBOOK).exists()


@pytest.mark.parametrize("step", ["read", "write"])
def test_fault_of_ours(course: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """After an unexpected error that student is reported, and the others are graded."""
    monkeypatch.setattr(steps, step, broken_steps.fall)
    for name in ("ben", "cleo"):
        hand_in(course, name, answered(diagram=DRAWING))
    rows = by_name(grade(course))
    assert "failed, and that is a bug in the workbook: RuntimeError: the sky fell" in rows["ben"].problem
    assert (rows["ada"].score, rows["ben"].score, rows["cleo"].score) == (20, None, 20)


def test_gradebook_in_use(course: Path) -> None:
    """If another program locks the gradebook, grading stops with an error, and no student is reported."""
    grade(course)
    config = course / "nbgrader_config.py"
    config.write_text(
        config.read_text() + f'c.CourseDirectory.db_url = "sqlite:///{course}/gradebook.db?timeout=0.1"\n'
    )
    before = grades(course)
    hand_in(course, "ada", answered(diagram=HALF))
    other = sqlite3.connect(course / "gradebook.db", isolation_level=None)
    other.execute("begin immediate")
    try:
        with pytest.raises(NotJudgedError, match=r"The gradebook can't be used: database is locked\."):
            grade(course, force=True)
    finally:
        other.close()
    assert grades(course) == before
    assert 0 < (grade(course)[0].score or 0) < 20


def test_world(course: Path) -> None:
    """An unknown world stops the grading before it begins, from the configuration and from an argument."""
    with pytest.raises(UsageError, match="There is no world called “mars”"):
        grade(course, world="mars")
    assert grades(course) == {}
    grade(course)
    config = course / "nbgrader_config.py"
    config.write_text(config.read_text().replace('"simulated"', '"mars"'))
    done = nbgrader(course, "autograde", ASSIGNMENT, "--force")
    assert done.returncode == 1
    assert "There is no world called “mars”" in done.stderr
    assert "Traceback" not in done.stderr
    assert grades(course)["ada"]["diagram"] == (20, False)


def test_context(course: Path) -> None:
    """A named context means kind, even against the course's configuration; with another world it stops the grading."""
    with pytest.raises(UsageError, match="a context alone means kind"):
        grade(course, world="simulated", context="department")
    config = course / "nbgrader_config.py"
    said = config.read_text()
    judging = GradeAnswers(config=configured(course, context="department").config)
    assert (judging.world, judging.context) == ("kind", "department")
    config.write_text(said.replace('"simulated"', '"kind"\nc.GradeAnswers.context = "elsewhere"'))
    for options, expected in (
        ({}, ("kind", "elsewhere")), ({"world": "kind", "context": "department"}, ("kind", "department")),
        ({"world": "simulated"}, ("simulated", "")), ({"world": "kind"}, ("kind", "elsewhere")),
    ):  # fmt: skip
        judging = GradeAnswers(config=configured(course, **options).config)
        assert (judging.world, judging.context) == expected


def test_nothing_to_grade(tmp_path: Path) -> None:
    """An empty class, a missing student, and a folder that isn't a course have different errors."""
    with pytest.raises(UsageError, match=r"nbgrader_config\.py is missing"):
        grade(tmp_path)
    course = enrolled_course(tmp_path, SECTION)
    with pytest.raises(UsageError, match="There is nothing in"):
        grade(course)
    hand_in(course, "ada", released())
    with pytest.raises(UsageError, match="adda handed nothing in") as error:
        grade(course, ["adda"])
    assert error.value.hint == "Did you mean ada?"


def test_exercises_changed_since(course: Path) -> None:
    """After grading, a notebook with other exercises is refused, and nothing is lost."""
    grade(course)
    source = course / "solutions" / ASSIGNMENT / f"{SECTION}.py"
    source.write_text(source.read_text() + '\n# %% nbgrader={"grade_id": "more", "grade": false, "solution": false, '
                      '"locked": true, "schema_version": 3, "task": false}\nmore = 1\n')  # fmt: skip
    release(course)
    with pytest.raises(UsageError, match="Cannot add or remove cells"):
        grade(course)
    assert grades(course)["ada"]["diagram"] == (20, False)
