"""A whole class: ``workbook grade`` reads, judges, saves and renders each submission, and reports the result of each.

Each name is loaded on first use: the processes that read, judge and write don't need nbgrader.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from graders.classroom.grading import grade
    from graders.classroom.results import Graded, Outcome, Score
    from graders.classroom.table import run

__all__ = ["Graded", "Outcome", "Score", "grade", "run"]

PLACES = {"Graded": "results", "Outcome": "results", "Score": "results", "grade": "grading", "run": "table"}
"""The module of each public name in this package."""


def __getattr__(name: str) -> Any:
    if name not in PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{PLACES[name]}"), name)
