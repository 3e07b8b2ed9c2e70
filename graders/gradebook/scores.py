"""Scores into the gradebook: what ``GradeAnswers`` wrote, and nothing else.

nbgrader takes a check without a number for a full mark. Here a check that wasn't judged has no score and asks for
a person. The answer's comment says which world judged.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.preprocessors import SaveAutoGrades

JUDGEMENT = "workbook"
"""The key under which the metadata of a check's card says how it was judged."""


class SaveScores(SaveAutoGrades):  # type: ignore[misc]
    """nbgrader's SaveAutoGrades, closed where that fails open; made for nbgrader 0.9's way of saving a cell."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> Any:
        """Save the scores of the notebook."""
        self._judgements = {cell.metadata.nbgrader.grade_id: judgement(cell) for cell in nb.cells if is_check(cell)}
        return super().preprocess(nb, resources)

    def _add_score(self, cell: NotebookNode, resources: Any) -> None:
        name = cell.metadata.nbgrader.grade_id
        if name not in self._judgements or self._judgements[name].get("judged"):
            super()._add_score(cell, resources)
            return
        grade = self.gradebook.find_grade(name, self.notebook_id, self.assignment_id, self.student_id)
        grade.auto_score, grade.needs_manual_grade = None, True
        self.gradebook.db.commit()

    def _add_comment(self, cell: NotebookNode, resources: Any) -> None:
        name = cell.metadata.nbgrader.grade_id
        said = self._judgements.get(name.removesuffix("-answer"))
        if said is None:
            super()._add_comment(cell, resources)
            return
        comment = self.gradebook.find_comment(name, self.notebook_id, self.assignment_id, self.student_id)
        comment.auto_comment = said.get("comment") or None
        self.gradebook.db.commit()


def judgement(check: Mapping[str, Any]) -> dict[str, Any]:
    """How a check in an autograded notebook was judged; empty where it wasn't."""
    for output in check.get("outputs", ()):
        said = output.get("metadata", {}).get(JUDGEMENT)
        if isinstance(said, Mapping):
            return dict(said)
    return {}


def forget(about: Mapping[str, Any]) -> None:
    """Take back what was scored for a submitted notebook: until it is judged again it asks for a person.

    ``about`` names the ``db_url``, ``assignment``, ``notebook`` and ``student``, as nbgrader's resources do. A
    score that a person gave stays.
    """
    with Gradebook(about["db_url"]) as gradebook:
        try:
            entry = gradebook.find_submission_notebook(about["notebook"], about["assignment"], about["student"])
        except MissingEntry:
            return
        for grade in entry.grades:
            grade.auto_score, grade.needs_manual_grade = None, True
        for comment in entry.comments:
            comment.auto_comment = None
        gradebook.db.commit()


def is_check(cell: NotebookNode) -> bool:
    """Whether a cell is a check: it earns points, and nobody writes in it."""
    about = cell.metadata.get("nbgrader", {})
    return bool(about.get("grade")) and not about.get("solution") and cell.cell_type == "code"
