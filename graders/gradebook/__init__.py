"""The nbgrader plug-in: a class is graded without executing a line that anybody submitted.

nbgrader reads a submission by ``SubmissionExporter``. ``RestoreCells`` makes a new notebook of it, of which only the
learner's text is the learner's. ``GradeAnswers`` judges the answers in place of a kernel and writes each score
into its check, and ``SaveScores`` puts it into the gradebook. ``nbgrader_config.py`` names them.

They are loaded when they are asked for: the process that reads and judges needs none of nbgrader.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

PLACES = {
    "GradeAnswers": "answers",
    "RestoreCells": "restore",
    "SaveScores": "scores",
    "SubmissionExporter": "exporter",
    "forget": "scores",
    "not_handed_in": "scores",
    "submitted": "scores",
}
"""In which module of this package each public name is."""


def __getattr__(name: str) -> Any:
    if name not in PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{PLACES[name]}"), name)
