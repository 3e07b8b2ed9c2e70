"""Each student's result of a lesson, read from the gradebook: a state, and points only where every exercise has a score."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from pathlib import Path

from nbgrader.api import (
    Grade,
    Gradebook,
    GradeCell,
    MissingEntry,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    TaskCell,
)
from nbgrader.apps.baseapp import NbGrader
from sqlalchemy.exc import DatabaseError

from cluster.errors import NothingHandedInError, UsageError
from graders.classroom.saved import saved
from graders.classroom.submitted import students_in
from graders.core.registry import in_order
from graders.gradebook.course import directory, unusable
from graders.gradebook.scores import counted

SQLITE = "sqlite:///"


class Standing(StrEnum):
    """The state of a student in a lesson. Only *graded* has points; the words of ``Outcome``, and *missing*: nothing handed in."""

    GRADED = "graded"
    NOT_JUDGED = "not judged"
    REPORTED = "reported"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Result:
    """A student's result of a lesson.

    ``exercises`` has the points of each exercise, None without a score. ``penalty`` is what nbgrader takes off for lateness.
    ``handed_in`` is the submission's time in UTC, as the gradebook has it. ``problem`` says why there is no score.
    """

    standing: Standing
    exercises: Mapping[str, float | None] = field(default_factory=dict)
    penalty: float = 0.0
    handed_in: datetime | None = None
    problem: str = ""

    @property
    def points(self) -> Decimal | None:
        """The points after the late penalty, at least 0, with two decimals. None unless each exercise has a score."""
        scores = [score for score in self.exercises.values() if score is not None]
        if self.standing is not Standing.GRADED or len(scores) < len(self.exercises):
            return None
        return two_decimals(max(0.0, sum(scores) - self.penalty))


MISSING = Result(Standing.MISSING)


@dataclass(frozen=True, slots=True)
class ClassResults:
    """A lesson's exercises with their maximum points, and each student's result.

    ``people`` are the gradebook's students, as rows of ``COLUMNS``.
    """

    exercises: Mapping[str, float]
    students: Mapping[str, Result]
    people: tuple[tuple[str, ...], ...]


COLUMNS = ("id", "first_name", "last_name", "email", "lms_user_id")
"""What nbgrader knows of a student."""


def two_decimals(points: float) -> Decimal:
    """Round to two decimals, half up, as people do: 2.675 is 2.68."""
    return Decimal(str(points)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def class_results(app: NbGrader) -> ClassResults:
    """Read the results of the app's assignment. Nothing is written.

    Raises NothingHandedInError if the assignment was never graded, UsageError without a gradebook, and
    NotJudgedError if the gradebook can't be used.
    """
    with _existing(app) as gradebook:
        cells, exercises = _cells(gradebook, app.coursedir.assignment_id)
        notebooks = sorted(one.name for one in gradebook.find_assignment(app.coursedir.assignment_id).notebooks)
        students = {
            student: _result(app, student, found, exercises, notebooks)
            for student, found in _scored(gradebook, app.coursedir.assignment_id, cells).items()
        }
        if not students:
            raise _ungraded(app.coursedir.assignment_id)
        people = tuple(
            tuple(str(value or "") for value in row)
            for row in gradebook.db.query(*(getattr(Student, name) for name in COLUMNS)).order_by(Student.id)
        )
        handed_in = _handed_in(app)
    problem = "It has no entry in the gradebook yet. Run “workbook grade”."
    ungraded = {student: Result(Standing.REPORTED, problem=problem) for student in handed_in if student not in students}
    return ClassResults(exercises, students | ungraded, people)


def _ungraded(assignment: str) -> NothingHandedInError:
    return NothingHandedInError(f"{assignment} has no grades yet.", "Run “workbook grade” first.")


@contextmanager
def _existing(app: NbGrader) -> Iterator[Gradebook]:
    url = app.coursedir.db_url
    if url.startswith(SQLITE) and not Path(app.coursedir.root, url.removeprefix(SQLITE)).is_file():
        raise UsageError("There is no gradebook yet.", "Run “workbook grade” first.")
    try:
        with Gradebook(url, app.coursedir.course_id) as gradebook:
            yield gradebook
    except DatabaseError as error:
        raise unusable(error.orig) from None


def _cells(gradebook: Gradebook, assignment: str) -> tuple[dict[str, str], dict[str, float]]:
    """Return the names of the cells with points by their ids, and the exercises in order with their maximum points."""
    try:
        identity = gradebook.find_assignment(assignment).id
    except MissingEntry:
        raise _ungraded(assignment) from None
    rows = [
        row
        for kind in (GradeCell, TaskCell)
        for row in gradebook.db.query(kind.id, kind.name, kind.max_score)
        .join(Notebook, Notebook.id == kind.notebook_id)
        .filter(Notebook.assignment_id == identity)
    ]
    points = {name: most for _, name, most in rows}
    return {key: name for key, name, _ in rows}, {name: points[name] for name in in_order(sorted(points))}


@dataclass(slots=True)
class _Found:
    scores: dict[str, float | None] = field(default_factory=dict)
    penalty: float = 0.0
    handed_in: datetime | None = None


def _scored(gradebook: Gradebook, assignment: str, cells: Mapping[str, str]) -> dict[str, _Found]:
    """Return what the gradebook has of each student with a submission, in three queries for the whole class."""
    of = SubmittedAssignment.assignment_id == gradebook.find_assignment(assignment).id
    found = {
        student: _Found(handed_in=time)
        for student, time in gradebook.db.query(SubmittedAssignment.student_id, SubmittedAssignment.timestamp)
        .filter(of)
        .order_by(SubmittedAssignment.student_id)
    }
    notebooks = gradebook.db.query(SubmittedAssignment.student_id, SubmittedNotebook.late_submission_penalty)
    for student, penalty in notebooks.join(
        SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id
    ).filter(of):
        found[student].penalty += penalty or 0.0
    grades = (
        gradebook.db.query(
            SubmittedAssignment.student_id, Grade.cell_id, Grade.auto_score, Grade.manual_score, Grade.extra_credit
        )
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
        .filter(of)
    )
    for student, cell, automatic, manual, extra in grades:
        if cell in cells:
            found[student].scores[cells[cell]] = counted(automatic, manual, extra)
    return found


def _result(
    app: NbGrader, student: str, found: _Found, exercises: Mapping[str, float], notebooks: Collection[str]
) -> Result:
    scores = {name: found.scores.get(name) for name in exercises}
    if all(score is not None for score in scores.values()):
        return Result(Standing.GRADED, scores, found.penalty, found.handed_in)
    standing, problem = _reason(app, student, next(name for name, score in scores.items() if score is None), notebooks)
    return Result(standing, scores, found.penalty, found.handed_in, problem)


def _reason(app: NbGrader, student: str, without: str, notebooks: Collection[str]) -> tuple[Standing, str]:
    """Return the state of a student without a score for an exercise, and why, as the student's saved notebooks have it."""
    if not directory(app, "autograded_directory", student).is_dir():  # taken back, because it couldn't be graded
        return Standing.REPORTED, "It couldn't be graded. “workbook grade” says why."
    seen = [one for name in notebooks if (one := saved(app, student, name)) is not None]
    problem = next((one.problem for one in seen if one.problem), "")
    if problem:
        return Standing.REPORTED, problem
    said = (one.judgments[without].get("comment", "") for one in seen if without in one.judgments)
    return Standing.NOT_JUDGED, next(said, "") or f"{without} has no score."


def _handed_in(app: NbGrader) -> tuple[str, ...]:
    try:
        return students_in(app)
    except NothingHandedInError:
        return ()
