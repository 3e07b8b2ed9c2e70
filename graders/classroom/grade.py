"""Grade a class, one student after the other; a failure affects only one student."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Collection
from functools import cache, partial
from pathlib import Path
from typing import TypeVar

from nbgrader.api import Gradebook
from nbgrader.apps.baseapp import NbGrader
from sqlalchemy.exc import OperationalError, SAWarning

from cluster.errors import NoResultError, UsageError
from cluster.limits import SUBMISSION_STEP_SECONDS
from cluster.python import without_python_variables
from graders.classroom import pipeline
from graders.classroom.recorded import autograded, recorded
from graders.classroom.results import Graded, Outcome
from graders.classroom.submitted import students_in
from graders.gradebook.answers import GradeAnswers
from graders.gradebook.course import unusable
from graders.gradebook.outputs import judge
from graders.gradebook.prepared import Prepared, new_budget
from graders.gradebook.protect import take_back
from graders.gradebook.student_names import name_problem
from graders.judging.child import Budget, Child
from graders.release import enrol

Result = TypeVar("Result")
Progress = Callable[[Graded, int, int], None]
"""Called after each student, with the result, the number of graded students, and the number of all."""


def grade(
    root: Path, students: Collection[str] = (), *, assignment: str = "", force: bool = False, world: str | None = None, context: str = "",
    progress: Progress = lambda _graded, _done, _of: None,
) -> tuple[Graded, ...]:  # fmt: skip
    """Autograde the class in ``root``, write its feedback, and return each student's result, by name.

    A student whose file and world haven't changed isn't graded again, except with ``force``. The assignment is first added
    to the gradebook. Raises UsageError if there is nothing to grade, or the world doesn't exist. After an interrupt, each
    student is either graded or without a score.
    """
    child().start()  # it loads nbgrader at the same time as this process
    desk = pipeline.Desk(root.resolve(), assignment, world, context, time.monotonic_ns())
    app = pipeline.configured(desk)
    judging = _judge(app)
    graded: list[Graded] = []
    with warnings.catch_warnings(), without_python_variables():  # nbgrader starts alembic
        warnings.simplefilter("ignore", SAWarning)  # caused by nbgrader's own queries
        try:
            enrol(app)
            found = students_in(app, students)
            course = _Course(desk, app, judging, force=force)
            course.warm_up()
            for student in found:
                graded.append(course.grade(student))
                progress(graded[-1], len(graded), len(found))
        except OperationalError as error:
            raise unusable(error.orig) from None
    return tuple(graded)


@cache
def child() -> Child:
    """Return the process that works on submissions."""
    return Child("graders.classroom.pipeline")


class _Course:
    """A course that is being graded: each student has a budget, and the child is killed when it is spent."""

    def __init__(self, desk: pipeline.Desk, app: NbGrader, judging: GradeAnswers, *, force: bool) -> None:
        self._desk = desk
        self._app = app
        self._world, self._context = judging.world, judging.context
        self._notebooks = _notebooks(app)
        self._force = force

    def warm_up(self) -> None:
        """Open the course in the child, outside any student's budget."""
        child().call(pipeline.warm_up, self._desk, budget=new_budget(), what="Opening the course")

    def grade(self, student: str) -> Graded:
        """Take a student through the four steps, and return the result."""
        problem, note = name_problem(student), ""
        if not problem:
            try:
                problem, note = self._graded(student)
            except NoResultError as error:
                problem = f"{error.problem} A person has to look at the submission."
                self.warm_up()
            except BaseException:
                take_back(self._app.coursedir, student)
                raise
        if problem:
            take_back(self._app.coursedir, student)
        try:
            with Gradebook(self._app.coursedir.db_url) as gradebook:
                return recorded(self._app, gradebook, student, problem, note)
        except UnicodeEncodeError:  # the gradebook can't look up a name that isn't UTF-8
            return Graded(student, Outcome.REPORTED, (), problem)

    def _graded(self, student: str) -> tuple[str, str]:
        """Grade a student, and return the problem and the note; each may be empty."""
        budget = new_budget()
        step = partial(self._step, budget)
        handed_in = step("Reading the submission", pipeline.read, student)
        if handed_in.problem:
            return handed_in.problem, ""
        if self._force or not self._is_current(handed_in):
            outputs = {
                check.name: judge(check, self._world, self._context, child(), budget) for check in handed_in.checks
            }
            problem = step(
                "Saving the scores", pipeline.save, Prepared(student, handed_in.notebooks, handed_in.restored, outputs)
            )
            if problem:
                return problem, ""
        return step("Writing the feedback", pipeline.render, student), handed_in.note

    def _step(self, budget: Budget, what: str, function: Callable[..., Result], *arguments: object) -> Result:
        budget.seconds = SUBMISSION_STEP_SECONDS
        return child().call(function, self._desk, *arguments, budget=budget, what=what)

    def _is_current(self, handed_in: pipeline.HandedIn) -> bool:
        """Whether this world has already graded the files that are handed in now."""
        for notebook in self._notebooks:
            seen = autograded(self._app, handed_in.student, notebook)
            now = handed_in.notebooks.get(notebook)
            if seen is None and now is None:
                continue  # it wasn't handed in then, either
            if seen is None or now is None or not seen.digest or seen.digest != now.digest:
                return False
            if any(said.get("world") != self._world or not said.get("judged") for said in seen.judgments.values()):
                return False
        return True


def _judge(app: NbGrader) -> GradeAnswers:
    try:
        return GradeAnswers(parent=app)
    except Exception as error:
        raise UsageError(str(error)) from None


def _notebooks(app: NbGrader) -> tuple[str, ...]:
    with Gradebook(app.coursedir.db_url) as gradebook:
        return tuple(
            sorted(notebook.name for notebook in gradebook.find_assignment(app.coursedir.assignment_id).notebooks)
        )
