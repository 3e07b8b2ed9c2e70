"""``workbook explain STUDENT EXERCISE``: one student's card again, what was judged by what, and whether judging again agrees."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps.baseapp import NbGrader
from rich.text import Text
from sqlalchemy.exc import SAWarning

from cluster import world as world_of
from cluster.errors import NotJudgedError, UsageError
from cluster.text.names import nearest
from graders.classroom import pipeline
from graders.classroom.explanation import SAME, Explanation, Record, differences, lines
from graders.classroom.grade import child
from graders.classroom.recorded import autograded
from graders.core.registry import exercise as exercise_named
from graders.core.registry import lesson as lesson_named
from graders.core.registry import owners
from graders.core.report import Report
from graders.gradebook.answers import GradeAnswers
from graders.gradebook.course import directory
from graders.gradebook.outputs import Check
from graders.gradebook.prepared import new_budget
from graders.judging.judge_process import JudgeProcess
from graders.present.console import Console
from graders.present.terminal import show
from graders.reading.text import shown

AGREES, DIFFERS, NOT_JUDGED = 0, 1, 3


def explain(root: Path, student: str, exercise: str, lesson: str = "") -> int:
    """Print the explanation of a student's score. Returns 0 if judging again agrees, 1 if not, 3 if it couldn't be judged.

    Raises UsageError for an unknown student or exercise, and if the submission can't be graded.
    """
    found = explained(root, student, exercise, lesson)
    console = Console()
    show(found.report, console)
    for label, said in lines(found):
        console.print(Text.assemble((f"{label:<12}", "dim"), said), soft_wrap=True)
    different = tuple(differences(found))
    for said in different or (SAME,):
        console.print(Text(said, style="yellow" if different else "green"), soft_wrap=True)
    if not found.report.judged:
        return NOT_JUDGED
    return DIFFERS if different else AGREES


def explained(root: Path, student: str, exercise: str, lesson: str = "") -> Explanation:
    """Read a student's answer and its record, and judge it again in the world that judged it."""
    chosen = exercise_named(exercise)
    owner = owners()[exercise]
    if lesson and lesson_named(lesson) is not owner:
        raise UsageError(f"{exercise} isn't an exercise of {lesson}.", f"Leave out --lesson; it is one of {owner.id}.")
    desk = pipeline.Desk(root.resolve(), owner.id)
    app = pipeline.configured(desk)
    _refuse_unknown(app, student)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)  # of nbgrader's own way with its database
        handed_in = child().call(pipeline.read, desk, student, budget=new_budget(), what="Reading what was handed in")
        if handed_in.problem:
            raise UsageError(f"The submission isn't graded: {handed_in.problem}", "Correct that, and grade it again.")
        check = next((one for one in handed_in.checks if one.name == exercise), None)
        record = _record(app, student, chosen.section, exercise)
        report = _judged(app, check or Check(exercise, chosen.points), record)
        by_hand, time = _from_gradebook(app, student, chosen.section, exercise)
    submission = handed_in.notebooks.get(chosen.section)
    return Explanation(
        student,
        chosen.section,
        submission.digest if submission else "",
        check.text if check else "",
        report,
        record,
        by_hand,
        time,
    )


def _refuse_unknown(app: NbGrader, student: str) -> None:
    top = directory(app, "submitted_directory", "STUDENT").parent.parent
    students = [path.name for path in top.iterdir()] if top.is_dir() else []
    if student not in students:
        near = nearest(student, students)
        raise UsageError(f"{shown(student)} handed nothing in.", f"Did you mean {shown(near)}?" if near else "")


def _judged(app: NbGrader, check: Check, record: Record | None) -> Report:
    configured = GradeAnswers(parent=app)
    world = record.world if record is not None and record.world else configured.world
    if check.problem:
        return exercise_named(check.name).unjudged(world_of(world), NotJudgedError(check.problem, check.hint))
    return JudgeProcess().judge(
        check.name, check.text, world, None, configured.context if world == configured.world else ""
    )


def _record(app: NbGrader, student: str, notebook: str, exercise: str) -> Record | None:
    """Return the record in the autograded notebook, or None if the exercise was never graded by the workbook."""
    seen = autograded(app, student, notebook)
    said: Mapping[str, Any] = seen.judgments.get(exercise, {}) if seen is not None else {}
    if seen is None or not said:
        return None
    time = (directory(app, "autograded_directory", student) / f"{notebook}.ipynb").stat().st_mtime
    return Record(
        said.get("score"), said.get("state", ""), said.get("world", ""),
        {"workbook": said.get("workbook", ""), "Kubernetes": said.get("version", "")},
        datetime.fromtimestamp(time, UTC), seen.digest,
    )  # fmt: skip


def _from_gradebook(app: NbGrader, student: str, notebook: str, exercise: str) -> tuple[float | None, datetime | None]:
    """Return the score that a person gave, and the submission's time; None without one."""
    with Gradebook(app.coursedir.db_url, app.coursedir.course_id) as gradebook:
        try:
            entry = gradebook.find_submission_notebook(notebook, app.coursedir.assignment_id, student)
            grade = gradebook.find_grade(exercise, notebook, app.coursedir.assignment_id, student)
        except MissingEntry:
            return None, None
        return grade.manual_score, entry.assignment.timestamp
