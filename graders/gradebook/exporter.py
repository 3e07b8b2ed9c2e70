"""How nbgrader reads a submitted notebook: whatever was handed in, there is a notebook to go on with."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_notebook
from nbgrader.converters import NbGraderException
from traitlets import TraitError

from cluster.errors import AnswerError, NotJudgedError
from graders.gradebook.answers import GradeAnswers
from graders.gradebook.prepared import PURSE, prepared, reader
from graders.gradebook.protect import bring_along, protect
from graders.gradebook.restore import RestoreCells
from graders.gradebook.scores import forget, submitted
from graders.gradebook.submission import Submission, links_in, read_submission
from graders.reading.notebook_cells import read_notebook, source
from graders.reading.text import shown


class SubmissionExporter(NotebookExporter):  # type: ignore[misc]
    """Reads a submission within bounds; one that can't be read is an empty notebook, with the reason beside it.

    Made once, before nbgrader touches the first student: so a world that there isn't stops it here, in one line, and
    folders that would stop it later are left out.
    """

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        try:
            GradeAnswers(parent=self)
        except TraitError as error:
            message = f"nbgrader_config.py: {error}"
            self.log.critical(message)
            raise NbGraderException(message) from None
        if self.parent is not None:
            protect(self.parent)

    def from_filename(self, filename: str, resources: Any = None, **kw: Any) -> Any:
        """Convert the notebook in a file. A link in the submission stops this student's grading, and only this."""
        path = Path(filename)
        resources = {} if resources is None else resources
        modified = datetime.datetime.fromtimestamp(path.lstat().st_mtime, tz=datetime.UTC)
        resources["metadata"] = {
            "name": path.stem, "path": str(path.parent), "modified_date": f"{modified:%Y-%m-%d}",
        }  # fmt: skip
        # When nbgrader comes back for the notebook that RestoreCells made, that is an ordinary one.
        if not any(isinstance(step, RestoreCells) for step in self._preprocessors):
            return self.from_notebook_node(_joined(from_dict(read_notebook(path))), resources, **kw)
        resources["submission"] = self._read(path, resources["nbgrader"])
        return self.from_notebook_node(new_notebook(), resources, **kw)

    def _read(self, path: Path, about: dict[str, Any]) -> Submission:
        ready = prepared(about["student"]).notebooks.get(path.stem)
        submission = ready or self._read_by_itself(path, about)
        bring_along(self.parent, path.parent, about)
        if submission.problem:
            self.log.error("%s: %s %s", about["student"], submission.problem, submission.hint)
        return submission

    def _read_by_itself(self, path: Path, about: dict[str, Any]) -> Submission:
        budget = PURSE.of(about["student"])
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
    """A notebook as nbformat reads it: a cell's lines are one text."""
    for cell in notebook.cells:
        cell.source = source(cell)
    return notebook
