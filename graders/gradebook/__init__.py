"""The nbgrader plug-in: a class is graded without executing a line that anybody submitted.

nbgrader reads a submission by ``SubmissionExporter``. ``RestoreCells`` makes a new notebook of it, of which only the
learner's text is the learner's. ``GradeAnswers`` judges the answers in place of a kernel and writes each score
into its check, and ``SaveScores`` puts it into the gradebook. ``nbgrader_config.py`` names all four.
"""

from __future__ import annotations

from graders.gradebook.answers import GradeAnswers
from graders.gradebook.exporter import SubmissionExporter
from graders.gradebook.restore import RestoreCells
from graders.gradebook.scores import SaveScores, forget, not_handed_in, submitted

__all__ = ["GradeAnswers", "RestoreCells", "SaveScores", "SubmissionExporter", "forget", "not_handed_in", "submitted"]
