"""The first step of nbgrader's autograding: make a new notebook from a submission and its release in the gradebook."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Notebook as Entry
from nbgrader.preprocessors import NbGraderPreprocessor

from cluster.errors import AnswerError, NoResultError, UsageError
from graders.gradebook.budgets import BUDGETS, reader
from graders.gradebook.course import directory
from graders.gradebook.restore import Released, ReleasedNotebook, made_whole
from graders.gradebook.scores import forget, submitted
from graders.gradebook.submission import Submission
from graders.reading.notebook_cells import read_notebook, source


class RestoreCells(NbGraderPreprocessor):  # type: ignore[misc]
    """The first step: makes a new notebook from the submission, and removes earlier scores until it is judged again."""

    def preprocess(self, _nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Return the restored notebook; its metadata have the submitted file's digest and problem."""
        about = resources["nbgrader"]
        student, submission = about["student"], resources["submission"]
        with submitted(about) as entry:
            forget(entry)
            release = release_of(entry.notebook, directory(self.parent.parent, "release_directory"))
        try:
            notebook = reader().call(
                made_whole, submission, release, budget=BUDGETS.of(student), what="Restoring the notebook"
            )
        except NoResultError as error:
            notebook = made_whole(Submission({"cells": []}, submission.digest, error.problem), release)
        return notebook, resources


def release_of(entry: Entry, folder: Path) -> ReleasedNotebook:
    """Read a notebook's release from its entry in the gradebook and from the folder of released notebooks."""
    prose = _prose(folder / f"{entry.name}.ipynb")
    return ReleasedNotebook(released_cells(entry), json.loads(entry.kernelspec or "{}"), prose)


def _prose(path: Path) -> frozenset[str]:
    try:
        cells = read_notebook(path)["cells"]
    except (AnswerError, UsageError):
        return frozenset()  # then released prose is shown like a learner's text
    return frozenset(source(cell) for cell in cells if cell["cell_type"] == "markdown")


def released_cells(entry: Entry) -> tuple[Released, ...]:
    """Return a notebook's released cells from its entry in the gradebook."""
    points = {cell.name: float(cell.max_score) for cell in (*entry.grade_cells, *entry.task_cells)}
    solutions = {cell.name for cell in entry.solution_cells}
    tasks = {cell.name for cell in entry.task_cells}
    return tuple(
        Released(
            name=cell.name, kind=cell.cell_type, source=cell.source, locked=bool(cell.locked),
            checksum=cell.checksum or "", solution=cell.name in solutions, task=cell.name in tasks,
            grade=cell.name in points and cell.name not in tasks, points=points.get(cell.name),
        )
        for cell in entry.source_cells
    )  # fmt: skip
