"""One answer of one submitted notebook, read as grading reads it; a child process calls this within bounds."""

from __future__ import annotations

from pathlib import Path

from cluster.errors import AnswerError
from graders.core.registry import exercise as exercise_named
from graders.gradebook.outputs import Check
from graders.gradebook.submission import read_submission
from graders.reading.notebook_cells import answer_in


def one_answer(path: Path, exercise: str) -> tuple[str, Check]:
    """Return the file's digest, and the exercise's check with the answer or a problem.

    If there is no file, the digest is empty and the answer is not started.
    """
    chosen = exercise_named(exercise)
    if not path.exists() and not path.is_symlink():
        return "", Check(exercise, chosen.points)
    submission = read_submission(path)
    if submission.problem:
        return submission.digest, Check(exercise, chosen.points, problem=submission.problem, hint=submission.hint)
    try:
        text = answer_in(submission.notebook, exercise, chosen.is_started) or ""
    except AnswerError as error:
        return submission.digest, Check(exercise, chosen.points, problem=error.problem, hint=error.hint)
    return submission.digest, Check(exercise, chosen.points, text)
