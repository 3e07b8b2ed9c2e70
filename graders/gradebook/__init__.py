"""The nbgrader plug-in: it grades a class without executing a line of a submission.

nbgrader reads a submission by ``SubmissionExporter``. ``RestoreCells`` makes a new notebook of the released cells and the
learner's text. ``GradeAnswers`` judges the answers instead of a kernel and writes each score into its check, and
``SaveScores`` puts it into the gradebook. ``nbgrader_config.py`` names them.

Each is loaded on first use: the process that reads and judges doesn't need nbgrader.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

PLACES = {
    "FeedbackExporter": "feedback_exporter",
    "GradeAnswers": "answers",
    "RestoreCells": "restore_cells",
    "SaveScores": "scores",
    "SubmissionExporter": "exporter",
    "forget": "scores",
    "not_handed_in": "scores",
    "submitted": "scores",
}
"""The module of each public name in this package."""


def __getattr__(name: str) -> Any:
    if name not in PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{PLACES[name]}"), name)
