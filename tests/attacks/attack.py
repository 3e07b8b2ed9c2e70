"""A hostile submission, and the functions from which ``families/`` makes them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from graders.core.registry import exercise
from tests.support.course import ASSIGNMENT, SECTION, Notebook, cell, released
from tests.support.solutions import solution

OWNED = "owned"
"""A file in the course's folder that exists once code of a submission ran."""

HONEST = ("ada", "ben", "cleo")
"""Students of ``tests/class/`` beside whom the attackers hand in. Links and forgeries are after the first one's points."""

FILE = f"{SECTION}.ipynb"
RIGHT = 30.0
"""What the right answer to ``deployment`` earns."""

Make = Callable[[Path, Path], object]
Expect = Literal["graded", "reported", "either"]


@dataclass(frozen=True, slots=True)
class Attack:
    """One hostile submission.

    ``make`` gets the course's folder and the student's folder in ``submitted/``, which doesn't exist yet. ``expect``
    is the expected result of ``workbook grade``, and ``most`` its most points of 100.
    """

    family: str
    name: str
    make: Make
    expect: Expect = "either"
    most: float | None = None
    student: str = ""
    answer: tuple[str, str] | None = None

    def __str__(self) -> str:
        """The family and the name."""
        return f"{self.family}: {self.name}"


def put(folder: Path, content: str | bytes | Notebook, filename: str = FILE) -> Path:
    """Write a file of a submission; its path."""
    path = folder / ASSIGNMENT / filename
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, dict):
        content = json.dumps(content)
    path.write_bytes(content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content)
    return path


def sparse(path: Path, size: int) -> None:
    """A sparse file of so many bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.truncate(size)


def right_answer() -> str:
    """The right answer to ``deployment``."""
    return solution(exercise("deployment")).replace("### BEGIN SOLUTION\n", "").replace("### END SOLUTION", "")


def right_notebook(folder: Path) -> Path:
    """A notebook with the right answer to ``deployment``; its path."""
    return put(folder, answering("deployment", right_answer()))


def answering(name: str, text: str) -> Notebook:
    """The notebook of an exercise with this answer in it."""
    notebook = released(exercise(name).section)
    cell(notebook, f"{name}-answer")["source"] = f"%%answer {name}\n{text}"
    return notebook


def answer_attack(family: str, name: str, of: str, text: str, **more: Any) -> Attack:
    """An attack by the answer to one exercise; all other exercises are not started."""
    filename = f"{exercise(of).section}.ipynb"
    return Attack(
        family, name, lambda _course, folder: put(folder, answering(of, text), filename), answer=(of, text), **more
    )
