"""Save scores in the gradebook: only those that ``GradeAnswers`` wrote.

nbgrader gives full marks to a check without a number. Here a check that is not judged has no score, and a person has to
look. The answer's comment says which world judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook, SubmittedNotebook
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import compute_checksum, determine_grade

from graders.gradebook.outputs import is_check, judgment
from graders.reading.notebook_cells import ANSWER

NO_RESPONSE = "No response."
NOT_HANDED_IN = "This notebook wasn't handed in."


class SaveScores(NbGraderPreprocessor):  # type: ignore[misc]
    """Replaces nbgrader's SaveAutoGrades, which gives full marks after a failure; this gives no score."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Save the scores of the notebook, and each answer's world as a comment."""
        cells = {cell.metadata.nbgrader.grade_id: cell for cell in nb.cells if "nbgrader" in cell.metadata}
        judged = {name: judgment(cell) for name, cell in cells.items() if is_check(cell)}
        with submitted(resources["nbgrader"]) as entry:
            for grade in entry.grades:
                if grade.name not in judged:
                    grade.auto_score = _manual_score(cells.get(grade.name))
                else:
                    grade.auto_score = _score(cells[grade.name], judged[grade.name])
                grade.needs_manual_grade = grade.auto_score is None or grade.manual_score is not None
            for comment in entry.comments:
                said = judged.get(comment.name.removesuffix(ANSWER))
                comment.auto_comment = _unanswered(cells.get(comment.name)) if said is None else said.get("comment")
        return nb, resources


def counted(auto: float | None, manual: float | None, extra: float | None) -> float | None:
    """Return the points that count, as nbgrader does: a person's score before the automatic one, and extra credit; or None."""
    given = auto if manual is None else manual
    return None if given is None else given + (extra or 0.0)


def _score(check: NotebookNode, judged: Mapping[str, Any]) -> float | None:
    return float(determine_grade(check)[0]) if judged.get("judged") else None


def _manual_score(cell: NotebookNode | None) -> float | None:
    """Return the score of a cell that a person grades: zero if nothing is written, otherwise None."""
    return 0.0 if _unanswered(cell) and cell is not None and not cell.metadata.nbgrader.get("task") else None


def _unanswered(cell: NotebookNode | None) -> str | None:
    about = cell.metadata.nbgrader if cell is not None else {}
    return NO_RESPONSE if cell is not None and about.get("checksum") == compute_checksum(cell) else None


@contextmanager
def submitted(about: Mapping[str, Any]) -> Iterator[SubmittedNotebook]:
    """Open a submitted notebook's entry in the gradebook, and save it at the end of the block.

    ``about`` has the ``db_url``, ``assignment``, ``notebook`` and ``student``, as nbgrader's resources do. Raises
    nbgrader's MissingEntry if the entry doesn't exist.
    """
    with Gradebook(about["db_url"]) as gradebook:
        yield gradebook.find_submission_notebook(about["notebook"], about["assignment"], about["student"])
        gradebook.db.commit()


def forget(entry: SubmittedNotebook) -> None:
    """Remove the automatic scores of a submitted notebook; until it is judged again, a person has to look.

    A score that a person gave stays.
    """
    for grade in entry.grades:
        grade.auto_score, grade.needs_manual_grade = None, True
    for comment in entry.comments:
        comment.auto_comment = None


def not_handed_in(entry: SubmittedNotebook) -> None:
    """Comment each answer of a notebook that wasn't handed in; nbgrader has already given its checks zero."""
    for comment in entry.comments:
        comment.auto_comment = NOT_HANDED_IN
