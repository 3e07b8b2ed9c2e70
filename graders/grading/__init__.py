"""A whole class: ``workbook grade`` has nbgrader grade each student, and tells what came of it, student by student."""

from __future__ import annotations

from graders.grading.grade import grade
from graders.grading.table import run
from graders.grading.types import Graded, Outcome, Score

__all__ = ["Graded", "Outcome", "Score", "grade", "run"]
