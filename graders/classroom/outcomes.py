"""A student's result: the scores in the gradebook, and what a person has to know."""

from __future__ import annotations

from collections.abc import Mapping

from graders.classroom.results import Graded, Outcome, Score
from graders.classroom.rows import SubmissionRow
from graders.classroom.submission_steps import Examined
from graders.core.registry import in_order
from graders.gradebook.restore import ReleasedNotebook


def result(row: SubmissionRow | None, found: Examined, releases: Mapping[str, ReleasedNotebook]) -> Graded:
    """Return a student's result from the rows in the gradebook; without rows, there is no score."""
    student, problem = found.folders.student, found.problem
    if row is None:
        return Graded(student, Outcome.REPORTED, (), problem)
    judged = {} if problem else found.judged
    scores, unjudged = [], []
    for notebook, entry in sorted(row.notebooks.items()):
        points = {cell.name: cell.points or 0.0 for cell in releases[notebook].cells}
        if not problem and notebook in found.handed_in.notebooks:
            problem = found.handed_in.notebooks[notebook].problem
        for name in in_order(entry.grades):
            grade, said = entry.grades[name], judged.get(name, {})
            scores.append(Score(name, grade.score, points.get(name, 0.0), said.get("world", ""), notebook))
            if grade.score is None:
                unjudged.append(said.get("comment") or f"{name} has no score.")
    note = "" if found.problem else found.note
    if problem:
        return Graded(student, Outcome.REPORTED, tuple(scores), problem, note)
    if unjudged:
        return Graded(student, Outcome.NOT_JUDGED, tuple(scores), unjudged[0], note)
    return Graded(student, Outcome.GRADED, tuple(scores), note=note)
