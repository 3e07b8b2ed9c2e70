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

from graders.answers.cells import source
from graders.answers.text import shown
from graders.gradebook.answers import GradeAnswers
from graders.gradebook.restore import RestoreCells
from graders.gradebook.scores import forget, submitted
from graders.gradebook.submission import Submission, links_in, read_submission


class SubmissionExporter(NotebookExporter):  # type: ignore[misc]
    """Reads a submission within bounds; one that can't be read is an empty notebook, with the reason beside it.

    Made once, before nbgrader touches the first student: so a world that there isn't stops it here, in one line.
    """

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        try:
            GradeAnswers(parent=self)
        except TraitError as error:
            message = f"nbgrader_config.py: {error}"
            self.log.critical(message)
            raise NbGraderException(message) from None

    def from_filename(self, filename: str, resources: Any = None, **kw: Any) -> Any:
        """Convert the notebook in a file. A link in the submission stops this student's grading, and only this."""
        path = Path(filename)
        resources = {} if resources is None else resources
        links = links_in(path.parent)
        if links:
            with submitted(resources["nbgrader"]) as entry:
                forget(entry)
            raise NbGraderException(f"The submission holds a symbolic link, {shown(links[0])}. Links aren't followed.")
        submission = read_submission(path)
        modified = datetime.datetime.fromtimestamp(path.lstat().st_mtime, tz=datetime.UTC)
        resources["metadata"] = {
            "name": path.stem, "path": str(path.parent), "modified_date": f"{modified:%Y-%m-%d}",
        }  # fmt: skip
        resources["submission"] = submission
        if submission.problem:
            student = resources.get("nbgrader", {}).get("student", "")
            self.log.error("%s: %s %s", student, submission.problem, submission.hint)
        return self.from_notebook_node(self._node(submission), resources, **kw)

    def _node(self, submission: Submission) -> NotebookNode:
        # What was handed in goes to RestoreCells as it is: nbconvert's own steps stumble over odd shapes. When
        # nbgrader comes back for the notebook that RestoreCells made, that is an ordinary one.
        first = any(isinstance(step, RestoreCells) for step in self._preprocessors)
        return new_notebook() if first else _joined(from_dict(submission.notebook))


def _joined(notebook: NotebookNode) -> NotebookNode:
    """A notebook as nbformat reads it: a cell's lines are one text."""
    for cell in notebook.cells:
        cell.source = source(cell)
    return notebook
