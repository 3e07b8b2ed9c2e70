"""How nbgrader reads a submitted notebook: one way for a lesson's assignment, another for all others.

A lesson's submission is read within bounds and never executed, and any file gives a notebook to continue with. All other
assignments are nbgrader's own, from reading to executing. The instructor names the assignment, which is the folder's name;
nothing in a submission decides it.
"""

from __future__ import annotations

import datetime
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from nbconvert.exporters import NotebookExporter
from nbconvert.preprocessors import ExecutePreprocessor
from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_notebook
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde, NbGraderException
from sqlalchemy.exc import OperationalError
from traitlets import List, TraitError

from cluster.errors import AnswerError, NotJudgedError
from graders.core.registry import is_lesson
from graders.gradebook.answers import GradeAnswers
from graders.gradebook.budgets import BUDGETS, reader
from graders.gradebook.protect import bring_along, protect
from graders.gradebook.restore_cells import RestoreCells
from graders.gradebook.scores import SaveScores, forget, submitted
from graders.gradebook.submission import Submission, links_in, read_submission
from graders.reading.notebook_cells import read_notebook, source
from graders.reading.text import shown

OURS = (RestoreCells, GradeAnswers, SaveScores)
"""The steps that are only for lessons."""


class SubmissionExporter(NotebookExporter):  # type: ignore[misc]
    """Reads a lesson's submission within bounds; an unreadable one becomes an empty notebook with the reason beside it.

    nbgrader makes it once, before the first student. So an unknown world stops nbgrader here, in one line, and bad folders
    are left out before they can stop it. nbgrader handles all other assignments itself.
    """

    _preprocessors: list[Any]

    sanitize_preprocessors = List(
        Autograde.class_traits()["sanitize_preprocessors"].default(),
        help="In place of Autograde's own list, for assignments that aren't a lesson's: nbgrader's default.",
    ).tag(config=True)

    autograde_preprocessors = List(
        Autograde.class_traits()["autograde_preprocessors"].default(),
        help="In place of Autograde's own list, for assignments that aren't a lesson's: nbgrader's default.",
    ).tag(config=True)

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        if self.parent is None:
            return
        assignment = self.parent.coursedir.assignment_id
        if not is_lesson(assignment):
            with suppress(OperationalError):  # nbgrader says what to do then
                self._refuse_lost_lesson(assignment)
        else:
            try:
                GradeAnswers(parent=self)
            except TraitError as error:
                self._stop(f"nbgrader_config.py: {error}")
        protect(self.parent)

    def from_filename(self, filename: str, resources: Any = None, **kw: Any) -> Any:
        """Convert the notebook in a file. A link in the submission stops only this student's grading."""
        path = Path(filename)
        resources = {} if resources is None else resources
        about = resources.get("nbgrader", {})
        if about and not is_lesson(about["assignment"]):
            self._use_nbgraders_steps(about)
            return super().from_filename(filename, resources, **kw)
        if any(isinstance(step, ExecutePreprocessor) for step in self._preprocessors):
            self._stop("nbgrader_config.py would execute answers of a lesson. It has to name the workbook's steps.")
        modified = datetime.datetime.fromtimestamp(path.lstat().st_mtime, tz=datetime.UTC)
        resources["metadata"] = {
            "name": path.stem, "path": str(path.parent), "modified_date": f"{modified:%Y-%m-%d}",
        }  # fmt: skip
        # nbgrader's second reading gets the notebook that RestoreCells made, which is an ordinary one.
        if not any(isinstance(step, RestoreCells) for step in self._preprocessors):
            return self.from_notebook_node(_joined(from_dict(read_notebook(path))), resources, **kw)
        resources["submission"] = self._read(path, about)
        return self.from_notebook_node(new_notebook(), resources, **kw)

    def _use_nbgraders_steps(self, about: dict[str, Any]) -> None:
        """Use nbgrader's own steps, for an assignment that isn't a lesson's."""
        if not any(isinstance(step, OURS) for step in self._preprocessors):
            return  # the configuration names its own
        is_first = any(isinstance(step, RestoreCells) for step in self._preprocessors)
        if is_first:
            self._refuse_lost_lesson(about["assignment"])
        self._preprocessors = []
        for step in self.sanitize_preprocessors if is_first else self.autograde_preprocessors:
            self.register_preprocessor(step)

    def _refuse_lost_lesson(self, assignment: str) -> None:
        """Stop at the assignment of a lesson that is no longer installed: nbgrader would execute its answers."""
        coursedir = self.parent.coursedir
        try:
            with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
                notebooks = gradebook.find_assignment(assignment).notebooks
                lost = any(cell.source.startswith("%%answer ") for each in notebooks for cell in each.source_cells)
        except MissingEntry:
            return  # nbgrader says what to do then
        if lost:
            self._stop(
                f"{assignment} is the assignment of a lesson that isn't installed, so its answers can't be judged. "
                "Install the lesson's package, and try again."
            )

    def _stop(self, message: str) -> NoReturn:
        self.log.critical(message)
        raise NbGraderException(message)

    def _read(self, path: Path, about: dict[str, Any]) -> Submission:
        submission = self._read_within_bounds(path, about)
        bring_along(self.parent, path.parent, about)
        if submission.problem:
            self.log.error("%s: %s %s", about["student"], submission.problem, submission.hint)
        return submission

    def _read_within_bounds(self, path: Path, about: dict[str, Any]) -> Submission:
        budget = BUDGETS.of(about["student"])
        try:
            links = reader().call(links_in, path.parent, budget=budget, what="Looking for links")
            if not links:
                return reader().call(read_submission, path, budget=budget, what=f"Reading {shown(path.name)}")
            problem = f"The submission holds a symbolic link, {shown(links[0])}. Links aren't followed."
        except (AnswerError, NotJudgedError) as error:
            problem = error.problem
        with submitted(about) as entry:
            forget(entry)
        raise NbGraderException(problem)


def _joined(notebook: NotebookNode) -> NotebookNode:
    """Return a notebook in nbformat's form: a cell's lines are one text."""
    for cell in notebook.cells:
        cell.source = source(cell)
    return notebook
