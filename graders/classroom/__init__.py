"""A whole class: ``workbook grade`` has nbgrader grade each student, and reports the result of each."""

from __future__ import annotations

from graders.classroom.grade import grade
from graders.classroom.results import Graded, Outcome, Score
from graders.classroom.table import run

__all__ = ["Graded", "Outcome", "Score", "grade", "run"]
