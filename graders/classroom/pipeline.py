"""One submission, in four steps: read, judge, save, render.

Each is a function of plain data that a child process calls within bounds. So a step can be killed without harm to other
students, and can run in another process. A step opens its course by the ``Desk``.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from contextlib import chdir
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.apps.baseapp import NbGrader
from nbgrader.converters import Autograde, GenerateFeedback, NbGraderException
from sqlalchemy.exc import OperationalError, SAWarning

from cluster import SIMULATED, meant
from cluster.errors import AnswerError
from graders.classroom.submitted import folder_problem
from graders.core.registry import lesson
from graders.gradebook.course import cause, course, directory, heard, unusable
from graders.gradebook.outputs import Check, checks_in, judged
from graders.gradebook.prepared import Prepared, saving
from graders.gradebook.restore import ReleasedNotebook, made_whole, release_of
from graders.gradebook.scores import not_handed_in, submitted
from graders.gradebook.submission import Submission, read_submission
from graders.gradebook.timestamps import handed_in_at
from graders.reading.notebook_release import releases_in

judge = judged
"""The second step: the outputs of a check. They depend only on the answer and the world."""


@dataclass(frozen=True, slots=True)
class Desk:
    """A course to grade: its folder, the assignment, and the world and context if they override the configuration's.

    ``turn`` differs for each grading, because the configuration may have changed.
    """

    root: Path
    assignment: str = ""
    world: str | None = None
    context: str = ""
    turn: int = 0


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A student's submission: each notebook as read and as restored, and the checks to judge.

    With a ``problem`` nothing is graded, and a person has to look. ``note`` says what was ignored. Each may be empty.
    """

    student: str
    notebooks: Mapping[str, Submission] = field(default_factory=dict)
    restored: Mapping[str, NotebookNode] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    problem: str = ""
    note: str = ""


class Feedback(GenerateFeedback):  # type: ignore[misc]
    """nbgrader's feedback for one student after the other, without loading the templates each time."""

    started = False

    def start(self) -> None:
        """Write the feedback of the students that match the course's ``student_id``."""
        if not self.started:
            self.started = True
            super().start()
            return
        self.init_notebooks()
        with chdir(self.coursedir.root):
            self.convert_notebooks()


@dataclass(frozen=True, slots=True)
class Opened:
    """An opened course: nbgrader's application, its feedback, and each notebook as it was released."""

    app: NbGrader
    feedback: Feedback
    releases: Mapping[str, ReleasedNotebook]


def configured(desk: Desk) -> NbGrader:
    """Return nbgrader's application for a course, with its configuration and the desk's overrides."""
    app = course(desk.root, desk.assignment)
    if desk.world is not None or desk.context:  # options override the course's configuration together
        app.config.GradeAnswers.world = meant(desk.world, desk.context)
        if desk.context or desk.world == SIMULATED:
            app.config.GradeAnswers.context = desk.context
    return app


@lru_cache(maxsize=1)
def opened(desk: Desk) -> Opened:
    """Open the course once for all steps of a grading. Raises NotJudgedError if its gradebook can't be used."""
    app = configured(desk)
    warnings.simplefilter("ignore", SAWarning)  # caused by nbgrader's own queries
    try:
        with Gradebook(app.coursedir.db_url) as gradebook:
            entries = gradebook.find_assignment(app.coursedir.assignment_id).notebooks
            folder = directory(app, "release_directory")
            releases = {
                entry.name: release_of(entry, folder) for entry in sorted(entries, key=lambda entry: entry.name)
            }
    except OperationalError as error:
        raise unusable(error.orig) from None
    return Opened(app, Feedback(coursedir=app.coursedir, parent=app, force=True), releases)


def warm_up(desk: Desk) -> None:
    """Open the course now, so that no submission pays for it."""
    opened(desk)


def read(desk: Desk, student: str) -> HandedIn:
    """The first step: read a student's submission."""
    at = opened(desk)
    folder = directory(at.app, "submitted_directory", student)
    try:
        problem = folder_problem(folder, at.releases, lesson(at.app.coursedir.assignment_id))
    except AnswerError as error:
        problem = f"{error.problem} {error.hint}".strip()
    except OSError as error:
        problem = f"The folder can't be opened: {error.strerror}. Check its owner and permissions."
    if problem:
        return HandedIn(student, problem=problem)
    try:
        handed_in_at(folder)
        note = ""
    except AnswerError as error:
        note = error.problem
    paths = {name: folder / f"{name}.ipynb" for name in at.releases}
    notebooks = {name: read_submission(path) for name, path in paths.items() if path.exists() or path.is_symlink()}
    current = releases_in(directory(at.app, "release_directory"))
    old = [
        current[name].remark(each.notebook, f"{name}.ipynb")
        for name, each in notebooks.items()
        if name in current and not each.problem
    ]
    restored = {name: made_whole(submission, at.releases[name]) for name, submission in notebooks.items()}
    checks = tuple(check for notebook in restored.values() for check in checks_in(notebook))
    return HandedIn(student, notebooks, restored, checks, note=" ".join(filter(None, (note, *old))))


def save(desk: Desk, prepared: Prepared) -> str:
    """The third step: have nbgrader save the notebooks and scores. Returns a sentence if that fails, or else "".

    A notebook that isn't handed in is not started: nbgrader gives its checks zero.
    """
    at = opened(desk)
    at.app.coursedir.student_id = prepared.student
    with saving(prepared):
        problem = _run_converter(
            at.app, Autograde(coursedir=at.app.coursedir, parent=at.app, force=True), "nbgrader couldn't grade this"
        )
    for notebook in () if problem else at.releases.keys() - prepared.notebooks.keys():
        about = {"assignment": at.app.coursedir.assignment_id, "notebook": notebook, "student": prepared.student}
        with submitted({"db_url": at.app.coursedir.db_url, **about}) as entry:
            not_handed_in(entry)
    return problem


def render(desk: Desk, student: str) -> str:
    """The fourth step: have nbgrader write the feedback. Returns a sentence if that fails, or else ""."""
    at = opened(desk)
    at.app.coursedir.student_id = student
    return _run_converter(at.app, at.feedback, "nbgrader couldn't write the feedback")


def _run_converter(app: NbGrader, converter: Any, what: str) -> str:
    """Run one of nbgrader's converters; return a sentence if it fails, or else ""."""
    try:
        with heard(app) as said:
            converter.start()
    except NbGraderException:
        return f"{what}: {cause(said)}"
    return ""
