"""Read a student's scores from the gradebook and the autograded notebooks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps.baseapp import NbGrader

from graders.classroom.results import Graded, Outcome, Score
from graders.core.registry import names
from graders.gradebook.course import directory
from graders.gradebook.outputs import JUDGMENT
from graders.gradebook.scores import judgment
from graders.reading.notebook_cells import grade_id


@dataclass(frozen=True, slots=True)
class Autograded:
    """An autograded notebook: the digest of the submission, its problem, and how each check was judged."""

    digest: str
    problem: str
    judgments: Mapping[str, Mapping[str, Any]]


def autograded(app: NbGrader, student: str, notebook: str) -> Autograded | None:
    """Return what was autograded of a student's notebook, or None if nothing was, or only by plain nbgrader."""
    path = directory(app, "autograded_directory", student) / f"{notebook}.ipynb"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    about = content["metadata"].get(JUDGMENT, {})
    judgments = {grade_id(cell): judgment(cell) for cell in content["cells"] if judgment(cell)}
    problem = f"{about.get('problem', '')} {about.get('hint', '')}".strip()
    return Autograded(about.get("digest", ""), problem, judgments)


def recorded(app: NbGrader, gradebook: Gradebook, student: str, problem: str = "", note: str = "") -> Graded:
    """Return a student's scores from the gradebook, with the ``note``, and ``problem`` or another reason for a person to look."""
    try:
        submission = gradebook.find_submission(app.coursedir.assignment_id, student)
    except MissingEntry:
        return Graded(student, Outcome.REPORTED, (), problem or "nbgrader hasn't graded anything here.")
    order = {name: place for place, name in enumerate(names())}
    scores, unjudged = [], []
    for notebook in sorted(submission.notebooks, key=lambda entry: entry.name):
        seen = autograded(app, student, notebook.name)
        problem = problem or (seen.problem if seen else "")
        for grade in sorted(notebook.grades, key=lambda entry: order.get(entry.name, len(order))):
            said = seen.judgments.get(grade.name, {}) if seen else {}
            missing = grade.auto_score is None and grade.manual_score is None
            score = None if missing else grade.score
            scores.append(Score(grade.name, score, grade.max_score, said.get("world", ""), notebook.name))
            if missing:
                unjudged.append(said.get("comment") or f"{grade.name} has no score.")
    if problem:
        return Graded(student, Outcome.REPORTED, tuple(scores), problem, note)
    if unjudged:
        return Graded(student, Outcome.NOT_JUDGED, tuple(scores), unjudged[0], note)
    return Graded(student, Outcome.GRADED, tuple(scores), note=note)
