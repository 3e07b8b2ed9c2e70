"""Grading a class with nbgrader, one student after the other: what goes wrong with one stays with that one."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager, chdir, suppress
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry, SubmittedNotebook
from nbgrader.apps.baseapp import NbGrader
from nbgrader.converters import Autograde, GenerateFeedback, NbGraderException
from sqlalchemy.exc import OperationalError, SAWarning

from cluster.errors import UsageError
from cluster.python import without_python_variables
from graders.course import ASSIGNMENT, cause, course, directory, heard, unusable
from graders.gradebook import GradeAnswers, forget, not_handed_in, submitted
from graders.gradebook.submission import read_submission
from graders.grading.recorded import autograded, recorded
from graders.grading.submitted import HandedIn, handed_in
from graders.grading.types import Graded
from graders.release import enrol

Progress = Callable[[Graded, int, int], None]
"""Called after each student, with what came of it, how many are done, and how many there are."""


def grade(
    root: Path, students: Collection[str] = (), *, force: bool = False, world: str | None = None, context: str = "",
    progress: Progress = lambda _graded, _done, _of: None,
) -> tuple[Graded, ...]:  # fmt: skip
    """Autograde the class in ``root`` and write its feedback; what came of each student, by name.

    What is graded already, from the same file by the same world, stays as it is; ``force`` grades it again. The
    assignment is made known in the gradebook first. Raises UsageError where there is nothing to grade, or no such
    world. Interrupted, it leaves whole students behind: graded, or without a score.
    """
    app = course(root)
    if world is not None:
        app.config.GradeAnswers.world = world
    if context:
        app.config.GradeAnswers.context = context
    judge = _judge(app)
    graded: list[Graded] = []
    with warnings.catch_warnings(), without_python_variables():  # nbgrader starts alembic
        warnings.simplefilter("ignore", SAWarning)  # of nbgrader's own way with its database
        try:
            enrol(app)
            submissions = handed_in(app, _notebooks(app), students)
            # Of a submission only its notebooks are read: nothing else in it is copied along.
            app.coursedir.ignore = ["*", ".*"]
            feedback = Feedback(coursedir=app.coursedir, parent=app, force=True)
            for submission in submissions:
                graded.append(_one(app, submission, judge, feedback, force=force))
                progress(graded[-1], len(graded), len(submissions))
        except OperationalError as error:
            raise unusable(error.orig) from None
    return tuple(graded)


class Feedback(GenerateFeedback):  # type: ignore[misc]
    """nbgrader's feedback, for one student after the other without reading its templates anew each time."""

    started = False

    def start(self) -> None:
        """Write the feedback of the students whom the course's ``student_id`` matches."""
        if not self.started:
            self.started = True
            super().start()
            return
        self.init_notebooks()
        with chdir(self.coursedir.root):
            self.convert_notebooks()


def _one(app: NbGrader, submission: HandedIn, world: str, feedback: Feedback, *, force: bool) -> Graded:
    problem = submission.problem
    app.coursedir.student_id = submission.student
    if problem:
        _clear(app, submission.student)
    elif force or not _is_current(app, submission, world):
        problem = _autograde(app, submission)
    if not problem:
        problem = _said(app, feedback, "nbgrader couldn't write the feedback")
    with Gradebook(app.coursedir.db_url) as gradebook:
        return recorded(app, gradebook, submission.student, problem)


def _autograde(app: NbGrader, submission: HandedIn) -> str:
    """Have nbgrader grade a student; a sentence where it couldn't. Then, as when interrupted, no score is left.

    A notebook that isn't handed in was never begun: nbgrader gives its checks zero.
    """
    student = submission.student
    try:
        problem = _said(app, Autograde(coursedir=app.coursedir, parent=app, force=True), "nbgrader couldn't grade this")
    except BaseException:
        _clear(app, student)
        raise
    if problem:
        _clear(app, student)
    for notebook in () if problem else _notebooks(app):
        if not _file(submission, notebook).exists():
            with _entry(app, student, notebook) as entry:
                not_handed_in(entry)
    return problem


def _file(submission: HandedIn, notebook: str) -> Path:
    return submission.folder / f"{notebook}.ipynb"


def _entry(app: NbGrader, student: str, notebook: str) -> AbstractContextManager[SubmittedNotebook]:
    about = {"assignment": ASSIGNMENT, "notebook": notebook, "student": student}
    return submitted({"db_url": app.coursedir.db_url, **about})


def _said(app: NbGrader, converter: Any, what: str) -> str:
    """Run one of nbgrader's converters; a sentence where it failed."""
    try:
        with heard(app) as said:
            converter.start()
    except NbGraderException:
        return f"{what}: {cause(said)}"
    return ""


def _clear(app: NbGrader, student: str) -> None:
    """Take back what was scored of a student, and the notebooks that it was scored on."""
    for notebook in _notebooks(app):
        with suppress(MissingEntry), _entry(app, student, notebook) as entry:
            forget(entry)
    for step in ("autograded_directory", "feedback_directory"):
        shutil.rmtree(directory(app, step, student), ignore_errors=True)


def _is_current(app: NbGrader, submission: HandedIn, world: str) -> bool:
    """Whether what is handed in now was graded already, by this world."""
    for notebook in _notebooks(app):
        seen = autograded(app, submission.student, notebook)
        path = _file(submission, notebook)
        if seen is None and not path.exists():
            continue  # it wasn't handed in then, either
        if seen is None or not seen.digest or seen.digest != read_submission(path).digest:
            return False
        if any(said.get("world") != world or not said.get("judged") for said in seen.judgements.values()):
            return False
    return True


def _judge(app: NbGrader) -> str:
    try:
        return str(GradeAnswers(parent=app).world)
    except Exception as error:
        raise UsageError(str(error)) from None


def _notebooks(app: NbGrader) -> tuple[str, ...]:
    with Gradebook(app.coursedir.db_url) as gradebook:
        return tuple(sorted(notebook.name for notebook in gradebook.find_assignment(ASSIGNMENT).notebooks))
