"""Sheets of grades for the tests of the formats, and a course whose gradebook has given scores."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path

from nbgrader.api import Gradebook
from sqlalchemy.exc import SAWarning

from graders.classroom.export.roster import Roster, join
from graders.classroom.export.sheet import Sheet, sheet
from graders.classroom.export.standings import ClassResults, Result, Standing
from graders.core.registry import lessons
from tests.support.course import ASSIGNMENT

EXERCISES = {"first": 30.0, "second": 20.0}


def roster(*lines: str, name: str = "roster.csv") -> Roster:
    """A roster of lines whose cells are separated by bars; the first has the columns."""
    columns, *people = (tuple(cell.strip() for cell in line.split("|")) for line in lines)
    return Roster(columns, tuple(people), name)


def graded(*scores: float | None, penalty: float = 0.0) -> Result:
    """The result of a student with these scores for ``EXERCISES``; without one of them, it isn't judged."""
    standing = Standing.NOT_JUDGED if None in scores else Standing.GRADED
    return Result(standing, dict(zip(EXERCISES, scores, strict=True)), penalty)


def sheet_of(listed: Roster, **results: Result) -> Sheet:
    """A lesson's sheet with these students' results, joined with a roster."""
    lesson = next(one for one in lessons() if one.id == ASSIGNMENT)
    return sheet(lesson, ClassResults(EXERCISES, results, ()), listed, join(listed, tuple(results)))


def score(course: Path, scores: Mapping[str, Sequence[float | None]], penalty: float = 0.0) -> None:
    """Write scores into a course's gradebook, by student, in the order of the exercises' names."""
    with warnings.catch_warnings(), Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        warnings.simplefilter("ignore", SAWarning)  # of nbgrader's own way with its database
        for student, points in scores.items():
            gradebook.add_student(
                student, first_name=student.title(), last_name="Lovelace", email=f"{student}@example.org"
            )
            entries = gradebook.add_submission(ASSIGNMENT, student).notebooks
            entries[0].late_submission_penalty = penalty
            grades = sorted((grade for entry in entries for grade in entry.grades), key=lambda grade: str(grade.name))
            for grade, value in zip(grades, points, strict=True):
                grade.auto_score, grade.needs_manual_grade = value, value is None
        gradebook.db.commit()
