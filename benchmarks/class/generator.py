"""A class of any size: each student hands in all notebooks, with answers that are right, half right or wrong.

No two students have the same text in an exercise, so with an empty cache each answer is judged. The expected scores are those
that the same answers get without a class.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cluster import world
from graders.core.exercise import Exercise
from graders.core.registry import lesson
from tests.support.course import ASSIGNMENT, ROOT, cell
from tests.support.solutions import solution

MARKS = ("# {}", "// {}", "/* {} */")
"""Comments, of which an exercise's answer may have one."""


@dataclass(frozen=True)
class Kind:
    """An answer that is right, half right or wrong: its text, the comment that it may have, and its score."""

    text: str
    comment: str
    score: float

    def of(self, student: str) -> str:
        """The answer of one student: the same, with a comment."""
        return f"{self.text.rstrip()}\n{self.comment.format(student)}\n"


@cache
def kinds(name: str) -> tuple[Kind, ...]:
    """The answers to an exercise: right, half right, wrong."""
    one = lesson(ASSIGNMENT).load(name)
    right = solution(one)
    half = one.sample.text if one.sample else right
    wrong = "\n".join(half.splitlines()[: max(1, len(half.splitlines()) // 2)])
    return tuple(_kind(one, text) for text in (right, half, wrong))


def _kind(one: Exercise[Any, Any], text: str) -> Kind:
    score = one.judge(text, world()).score
    for mark in MARKS:
        made = Kind(text, mark, score)
        if one.judge(made.of("student"), world()).score == score:
            return made
    return Kind(text, MARKS[0], one.judge(Kind(text, MARKS[0], 0.0).of("student"), world()).score)


def fill(course: Path, students: int, first: int = 0) -> dict[str, dict[str, float]]:
    """Hand in for students with the numbers from ``first``; returns the scores by student and exercise."""
    graded = [one for one in lesson(ASSIGNMENT).every() if one.graded]
    expected: dict[str, dict[str, float]] = {}
    for number in range(first, first + students):
        student, chance = f"student-{number:06}", random.Random(number)  # noqa: S311  the same class each time
        chosen = {one.name: chance.choice(kinds(one.name)) for one in graded}
        expected[student] = {name: kind.score for name, kind in chosen.items()}
        folder = course / "submitted" / student / ASSIGNMENT
        folder.mkdir(parents=True)
        for section, text in _released().items():
            answers = {one.name: chosen[one.name].of(student) for one in graded if one.section == section}
            (folder / f"{section}.ipynb").write_text(_filled(text, answers), encoding="utf-8")
    return expected


@cache
def _released() -> Mapping[str, str]:
    paths = sorted((ROOT / "notebooks" / ASSIGNMENT).glob("0*.ipynb"))
    return {path.stem: path.read_text(encoding="utf-8") for path in paths}


def _filled(text: str, answers: Mapping[str, str]) -> str:
    notebook = json.loads(text)
    for name, answer in answers.items():
        cell(notebook, f"{name}-answer")["source"] = f"%%answer {name}\n{answer}"
    return json.dumps(notebook, indent=1)
