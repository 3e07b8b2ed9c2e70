"""A course of several notebooks: each exercise is graded from its own notebook, and a missing notebook scores zero."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from graders.classroom import grade
from graders.core.registry import exercises
from tests.support.course import ASSIGNMENT, cell, enrolled_course, grades, hand_in
from tests.support.solutions import solution

SECTIONS = ("02-kinds-of-service", "05-contract")


def solved(course: Path, section: str) -> dict[str, Any]:
    """A section's released notebook with its solutions in it."""
    path = course / "notebooks" / ASSIGNMENT / f"{section}.ipynb"
    notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    for one in exercises():
        if one.section == section:
            cell(notebook, f"{one.name}-answer")["source"] = f"%%answer {one.name}\n{solution(one)}"
    return notebook


@pytest.mark.parametrize("handed_in", [SECTIONS, SECTIONS[:1]], ids=["both notebooks", "one of them"])
def test_each_from_its_own(tmp_path: Path, handed_in: tuple[str, ...]) -> None:
    """A section's solutions get full marks in the gradebook; a missing notebook scores zero."""
    course = enrolled_course(tmp_path, *SECTIONS)
    for section in handed_in:
        hand_in(course, "ada", solved(course, section), f"{section}.ipynb")
    (graded,) = grade(course)
    expected = {e.name: e.points if e.section in handed_in else 0 for e in exercises() if e.section in SECTIONS}
    assert {s.exercise: s.score for s in graded.scores} == expected
    assert {name: score or 0 for name, (score, _) in grades(course)["ada"].items()} == expected
