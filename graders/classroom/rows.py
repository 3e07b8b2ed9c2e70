"""A student's rows in the gradebook, and what a grading makes of them: the values that ``nbgrader autograde`` writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from graders.classroom.late import Late
from graders.classroom.reading import ReadNotebook
from graders.classroom.submission_steps import Examined
from graders.gradebook.feedback import Marks
from graders.gradebook.restore import Released, ReleasedNotebook
from graders.gradebook.scores import NO_RESPONSE, NOT_HANDED_IN, counted
from graders.reading.notebook_cells import ANSWER


@dataclass(slots=True)
class GradeRow:
    """A grade: the automatic score and whether a person has to look; the score and extra credit that a person gave."""

    key: str
    cell: str
    auto: float | None = None
    by_hand: bool = True
    manual: float | None = None
    extra: float | None = None
    changed: bool = False

    def set(self, auto: float | None, *, by_hand: bool) -> None:
        """Set the automatic score."""
        self.changed = self.changed or (auto, by_hand) != (self.auto, self.by_hand)
        self.auto, self.by_hand = auto, by_hand

    @property
    def score(self) -> float | None:
        """The score that counts, or None without one."""
        return counted(self.auto, self.manual, self.extra)


@dataclass(slots=True)
class CommentRow:
    """A comment: the automatic one, and a person's."""

    key: str
    cell: str
    auto: str | None = None
    manual: str | None = None
    changed: bool = False

    def set(self, auto: str | None) -> None:
        """Set the automatic comment."""
        self.changed = self.changed or auto != self.auto
        self.auto = auto


@dataclass(slots=True)
class NotebookRow:
    """A submitted notebook with its grades and comments, by the cells' names; ``entry`` is the released notebook's key."""

    key: str
    entry: str
    grades: dict[str, GradeRow] = field(default_factory=dict)
    comments: dict[str, CommentRow] = field(default_factory=dict)
    penalty: float | None = None
    changed: bool = False

    @property
    def score(self) -> float:
        """The sum of the scores; a missing one counts zero, as in nbgrader."""
        return sum(grade.score or 0.0 for grade in self.grades.values())


@dataclass(slots=True)
class SubmissionRow:
    """A submission with its notebooks, by name; ``at`` is its time, and ``extension`` what the student got."""

    key: str
    student: str
    at: datetime | None = None
    extension: timedelta | None = None
    notebooks: dict[str, NotebookRow] = field(default_factory=dict)
    is_new: bool = False
    changed: bool = False


def take_back(row: SubmissionRow) -> None:
    """Remove the automatic scores and comments; those that a person gave stay."""
    for notebook in row.notebooks.values():
        for grade in notebook.grades.values():
            grade.set(None, by_hand=True)
        for comment in notebook.comments.values():
            comment.set(None)


def save(row: SubmissionRow, found: Examined, releases: Mapping[str, ReleasedNotebook], late: Late) -> None:
    """Give the rows of a student the values of a grading."""
    if found.at is not None and found.at != row.at:
        row.at, row.changed = found.at, True
    for name, notebook in row.notebooks.items():
        read = found.handed_in.notebooks.get(name)
        if read is None:
            _not_handed_in(notebook)
            continue
        _save(notebook, read, found.judged, {cell.name: cell for cell in releases[name].cells})
        penalty = late.penalty(row.student, notebook.score, row.at, row.extension)
        if late.assigns and penalty != notebook.penalty:
            notebook.penalty, notebook.changed = penalty, True


def _not_handed_in(notebook: NotebookRow) -> None:
    for grade in notebook.grades.values():
        grade.set(0.0, by_hand=False)
    for comment in notebook.comments.values():
        comment.set(NOT_HANDED_IN)


def _save(notebook: NotebookRow, read: ReadNotebook, judged: Mapping[str, Any], cells: Mapping[str, Released]) -> None:
    for name, grade in notebook.grades.items():
        if name in judged:
            auto = judged[name]["score"] if judged[name].get("judged") else None
        else:  # a person grades this cell, unless nothing is written in it
            auto = 0.0 if name in read.unanswered and name in cells and not cells[name].task else None
        grade.set(auto, by_hand=auto is None or grade.manual is not None)
    for name, comment in notebook.comments.items():
        said = judged.get(name.removesuffix(ANSWER))
        if said is None:
            comment.set(NO_RESPONSE if name in read.unanswered else None)
        else:
            comment.set(said.get("comment"))


def marks(notebook: NotebookRow, release: ReleasedNotebook) -> Marks:
    """Return what a page of feedback shows of a notebook's rows."""
    points = {cell.name: cell.points for cell in release.cells if cell.points is not None}
    scores = {name: (grade.score or 0.0, points.get(name, 0.0)) for name, grade in notebook.grades.items()}
    said = {
        name: text
        for name, one in notebook.comments.items()
        if (text := one.auto if one.manual is None else one.manual)
    }
    return Marks(scores, said, notebook.penalty or 0.0)
