"""``workbook explain STUDENT EXERCISE``: one student's card again, what was judged by what, and whether judging again agrees."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps.baseapp import NbGrader
from rich.text import Text

from cluster import world as world_of
from cluster.errors import NotJudgedError, UsageError
from graders.classroom.explanation import SAME, Explanation, Record, differences, lines
from graders.classroom.saved import saved
from graders.classroom.submitted import nothing_from
from graders.core.registry import exercise as exercise_named
from graders.core.registry import lesson as lesson_named
from graders.core.registry import owners
from graders.core.report import Report
from graders.gradebook.answers import GradeAnswers
from graders.gradebook.budgets import new_budget
from graders.gradebook.course import course, quiet_queries, submissions_folder
from graders.gradebook.one_answer import one_answer
from graders.gradebook.outputs import Check
from graders.judging.child import Child
from graders.judging.judge_process import JudgeProcess
from graders.present.console import Console
from graders.present.terminal import show
from graders.reading.text import shown

AGREES, DIFFERS, NOT_JUDGED = 0, 1, 3


def explain(root: Path, student: str, exercise: str, lesson: str = "") -> int:
    """Print the explanation of a student's score. Returns 0 if judging again agrees, 1 if not, 3 if it couldn't be judged.

    Raises UsageError for an unknown student or exercise, and if the submission isn't a folder with notebooks.
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
    app = course(root, owner.id)
    path = _folder(app, student) / f"{chosen.section}.ipynb"
    reader = Child("graders.gradebook.one_answer")
    digest, check = reader.call(one_answer, path, exercise, budget=new_budget(), what="Reading what was handed in")
    record = _record(app, student, chosen.section, exercise)
    with quiet_queries():
        by_hand, time = _from_gradebook(app, student, chosen.section, exercise)
    report = _judged(app, check, record)
    return Explanation(student, chosen.section, digest, check.text, report, record, by_hand, time)


def _folder(app: NbGrader, student: str) -> Path:
    """Return the folder of a student's submission. Raises UsageError without one, and for a link in its place."""
    top, name = submissions_folder(app), str(app.coursedir.assignment_id)
    students = [path.name for path in top.iterdir()] if top.is_dir() else []
    if student not in students:
        raise nothing_from(student, students)
    folder = top / student / name
    if not folder.is_dir() or folder.is_symlink() or folder.parent.is_symlink():
        raise UsageError(f"{shown(student)} handed nothing in.", f"There is no folder {name}.")
    return folder


def _judged(app: NbGrader, check: Check, record: Record | None) -> Report:
    configured = GradeAnswers(parent=app)
    world = record.world if record is not None and record.world else configured.world
    if check.problem:
        return exercise_named(check.name).unjudged(world_of(world), NotJudgedError(check.problem, check.hint))
    context = configured.context if world == configured.world else ""
    return JudgeProcess().judge(check.name, check.text, world, None, context)


def _record(app: NbGrader, student: str, notebook: str, exercise: str) -> Record | None:
    """Return the record in the saved notebook, or None if the workbook never graded the exercise."""
    seen = saved(app, student, notebook)
    if seen is None or exercise not in seen.judgments:
        return None
    said = seen.judgments[exercise]
    return Record(
        said.get("score"), said.get("state", ""), said.get("world", ""),
        {"workbook": said.get("workbook", ""), "Kubernetes": said.get("version", "")}, seen.at, seen.digest,
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
