"""The sources of a lesson's notebooks: py:percent texts with solutions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import jupytext
from nbformat import NotebookNode

from cluster.errors import UsageError
from graders.core.exercise import Exercise
from graders.core.lesson import Lesson
from graders.reading.notebook_cells import ANSWER, answer_in, grade_id
from graders.release.source import STUB

_REGION = re.compile(r"^[^\n]*BEGIN SOLUTION.*?END SOLUTION[^\n]*\n", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Section:
    """A notebook's source: its ``path``, its cells, and the text between code."""

    path: Path
    notebook: NotebookNode

    @property
    def prose(self) -> str:
        """The markdown of the notebook."""
        return "\n\n".join(cell.source for cell in self.notebook.cells if cell.cell_type == "markdown")

    def solution(self, exercise: Exercise[Any, Any]) -> str | None:
        """Return the author's answer, or None without one."""
        return answer_in(self.notebook, exercise.name, exercise.is_started)

    def stub(self, exercise: Exercise[Any, Any]) -> str | None:
        """Return the stub that learners get."""
        cells = [
            {**cell, "source": _REGION.sub(f"{STUB['python']}\n", f"{cell.source}\n")}
            for cell in self.notebook.cells
            if grade_id(cell) == f"{exercise.name}{ANSWER}"
        ]
        return answer_in({**self.notebook, "cells": cells}, exercise.name)


def folder_of(lesson: Lesson, root: Path) -> Path:
    """Return the folder of a lesson's sources. Raises UsageError if it has none.

    It is in ``solutions`` of the course in ``root``, in the lesson's package, or in ``solutions`` beside the package's parent.
    """
    beside = lesson.folder.parent.parent
    for folder in (root / "solutions" / lesson.id, lesson.sources, beside / "solutions" / lesson.id):
        if any(folder.glob("*.py")):
            return folder
    raise UsageError(
        f"The lesson {lesson.id} has no sources here.",
        "They are in solutions/ of the workbook's repository, or in notebooks/ of the lesson's package; a student's copy has none.",
    )


def section_of(exercise: Exercise[Any, Any], lesson: Lesson, root: Path) -> Section:
    """Return the source of an exercise's notebook. Raises UsageError if it is missing."""
    path = folder_of(lesson, root) / f"{exercise.section}.py"
    if not path.is_file():
        raise UsageError(
            f"{exercise.name} belongs to “{exercise.section}”, but {path.name} is missing in {path.parent}.",
            "Write it, or correct the exercise's section.",
        )
    return Section(path, _read(path, path.stat().st_mtime_ns))


@lru_cache(maxsize=32)
def _read(path: Path, _changed: int) -> NotebookNode:
    return jupytext.read(path, fmt="py:percent")
