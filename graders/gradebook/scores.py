"""Scores into the gradebook: what ``GradeAnswers`` wrote, and nothing else.

nbgrader takes a check without a number for a full mark. Here a check that wasn't judged has no score and asks for
a person. The answer's comment says which world judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook, SubmittedNotebook
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import compute_checksum, determine_grade

from graders.gradebook.outputs import JUDGMENT, is_check
from graders.reading.notebook_cells import ANSWER

NO_RESPONSE = "No response."
NOT_HANDED_IN = "This notebook wasn't handed in."


class SaveScores(NbGraderPreprocessor):  # type: ignore[misc]
    """In place of nbgrader's SaveAutoGrades, and closed where that fails open."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Save the scores of the notebook, and with each answer which world judged it."""
        cells = {cell.metadata.nbgrader.grade_id: cell for cell in nb.cells if "nbgrader" in cell.metadata}
        judged = {name: judgement(cell) for name, cell in cells.items() if is_check(cell)}
        with submitted(resources["nbgrader"]) as entry:
            for grade in entry.grades:
                if grade.name not in judged:
                    grade.auto_score = _by_hand(cells.get(grade.name))
                else:
                    grade.auto_score = _score(cells[grade.name], judged[grade.name])
                grade.needs_manual_grade = grade.auto_score is None or grade.manual_score is not None
            for comment in entry.comments:
                said = judged.get(comment.name.removesuffix(ANSWER))
                comment.auto_comment = _unanswered(cells.get(comment.name)) if said is None else said.get("comment")
        return nb, resources


def _score(check: NotebookNode, judged: Mapping[str, Any]) -> float | None:
    return float(determine_grade(check)[0]) if judged.get("judged") else None


def _by_hand(cell: NotebookNode | None) -> float | None:
    """The score of a cell that a person grades: zero where nothing was written, otherwise none yet."""
    return 0.0 if _unanswered(cell) and cell is not None and not cell.metadata.nbgrader.get("task") else None


def _unanswered(cell: NotebookNode | None) -> str | None:
    about = cell.metadata.nbgrader if cell is not None else {}
    return NO_RESPONSE if cell is not None and about.get("checksum") == compute_checksum(cell) else None


def judgement(check: Mapping[str, Any]) -> dict[str, Any]:
    """How a check in an autograded notebook was judged; empty where it wasn't."""
    for output in check.get("outputs", ()):
        said = output.get("metadata", {}).get(JUDGMENT)
        if isinstance(said, Mapping):
            return dict(said)
    return {}


@contextmanager
def submitted(about: Mapping[str, Any]) -> Iterator[SubmittedNotebook]:
    """A submitted notebook's entry in the gradebook, saved afterwards.

    ``about`` names the ``db_url``, ``assignment``, ``notebook`` and ``student``, as nbgrader's resources do. Raises
    nbgrader's MissingEntry where there is none.
    """
    with Gradebook(about["db_url"]) as gradebook:
        yield gradebook.find_submission_notebook(about["notebook"], about["assignment"], about["student"])
        gradebook.db.commit()


def forget(entry: SubmittedNotebook) -> None:
    """Take back what was scored for a submitted notebook: until it is judged again it asks for a person.

    A score that a person gave stays.
    """
    for grade in entry.grades:
        grade.auto_score, grade.needs_manual_grade = None, True
    for comment in entry.comments:
        comment.auto_comment = None


def not_handed_in(entry: SubmittedNotebook) -> None:
    """Say with each answer of a notebook that it wasn't handed in: nbgrader has given its checks zero."""
    for comment in entry.comments:
        comment.auto_comment = NOT_HANDED_IN
