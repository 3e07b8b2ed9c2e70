"""A class whose answers resemble one another, with some that are copied, and how many of the copies a ranking finds."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from graders.core.registry import exercise
from tests.support.course import ASSIGNMENT, ROOT, cell, released
from tests.support.lookalikes import open as chosen
from tests.support.lookalikes.closed import CLOSED, closed
from tests.support.lookalikes.edits import EDITS, Edit
from tests.support.lookalikes.phrases import comment_of
from tests.support.lookalikes.written import Style, style_of, written

Answers = dict[str, str]
"""A student's answers, by exercise."""

OPEN: Mapping[str, Callable[[random.Random], Any]] = {
    "deployment": chosen.deployment, "daily-report": chosen.daily_report, "event": chosen.event, "diagram": chosen.diagram,
}  # fmt: skip
NAMES = (*CLOSED, *OPEN)
COMMENTED = 0.35
"""The share of students who write comments."""

SCOPES: Mapping[str, tuple[str, ...]] = {
    "all answers": NAMES, "one notebook": ("deployment", "diagram"), "one answer": ("deployment",),
}  # fmt: skip
"""What is copied."""


@dataclass(frozen=True)
class Class:
    """The answers of each student, and of each copy the two students and the edit."""

    answers: Mapping[str, Answers]
    copies: Mapping[frozenset[str], str]


def resembling(
    seed: object, students: int, copies: int, *, scope: Sequence[str] = NAMES, edits: Mapping[str, Edit] = EDITS,
    originals: Sequence[Answers] = (),
) -> Class:  # fmt: skip
    """A class with that many students, of whom some copied answers in the scope, with each edit in turn.

    ``originals`` are answers that the first of those whose answers are copied handed in, in place of generated ones.
    """
    chance = random.Random(f"class {seed}")  # noqa: S311  no secret
    names = [f"s{number:04}" for number in range(students)]
    answers = {name: answers_of(random.Random(f"{seed}/{name}")) for name in names}  # noqa: S311
    chosen_ones = chance.sample(names, 2 * copies)
    found: dict[frozenset[str], str] = {}
    for number, (original, copyist) in enumerate(zip(chosen_ones[::2], chosen_ones[1::2], strict=True)):
        edit = list(edits)[number % len(edits)]
        if number < len(originals):
            answers[original] |= originals[number]
        answers[copyist] |= {name: edits[edit](answers[original][name], chance) for name in scope}
        found[frozenset((original, copyist))] = edit
    return Class(answers, found)


def answers_of(chance: random.Random) -> Answers:
    """A student's answers to all exercises, in one style."""
    style = style_of(chance)
    comments = chance.random() < COMMENTED
    return {name: _written(name, chance, style, comments) for name in NAMES}


def _written(name: str, chance: random.Random, style: Style, comments: bool) -> str:
    data = OPEN[name](chance) if name in OPEN else closed(name, chance)
    if isinstance(data, str):
        return data
    keys = _keys(data)
    count = chance.choice((0, 1, 1, 2)) if comments else 0
    said = {key: comment_of(chance) for key in chance.sample(keys, min(count, len(keys)))}
    return written(data, replace(style, comments=said))


def _keys(data: Any) -> list[str]:
    if isinstance(data, dict):
        return list(dict.fromkeys([*data, *(key for below in data.values() for key in _keys(below))]))
    return list(dict.fromkeys(key for below in data for key in _keys(below))) if isinstance(data, list) else []


def hand_in(folder: Path, answers: Mapping[str, Answers]) -> dict[str, Path]:
    """Write each student's notebooks, and return each student's folder."""
    folders = {}
    for student, own in answers.items():
        folders[student] = folder / student / ASSIGNMENT
        folders[student].mkdir(parents=True)
        for section in sorted({_section(name) for name in own}):
            notebook = json.loads(_released(section))
            for name in (name for name in own if _section(name) == section):
                cell(notebook, f"{name}-answer")["source"] = f"%%answer {name}\n{own[name]}"
            (folders[student] / f"{section}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    return folders


@cache
def _section(name: str) -> str:
    return exercise(name).section


@cache
def _released(section: str) -> str:
    return json.dumps(released(section))


def found_before(pairs: Iterable[tuple[str, str]], copies: Mapping[frozenset[str], str], false: int) -> list[str]:
    """The edits of the copies that a ranking lists before more than ``false`` pairs that aren't copies."""
    found, wrong = [], 0
    for pair in pairs:
        edit = copies.get(frozenset(pair))
        wrong += edit is None
        if wrong > false:
            break
        if edit is not None:
            found.append(edit)
    return found


def written_by_students() -> list[Answers]:
    """Answers that weren't generated, from ``tests/corpus/students.jsonl``: a Deployment each, and a drawing where there is one."""
    rows = [
        json.loads(line) for line in (ROOT / "tests/corpus/students.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    of = {
        name: [
            row["answer"]
            for row in rows
            if row["exercise"] == name and not {"hostile", "unreadable"} & set(row["problems"])
        ]
        for name in ("deployment", "diagram")
    }
    drawings = of["diagram"] + [""] * (len(of["deployment"]) - len(of["diagram"]))
    return [
        {"deployment": one} | ({"diagram": other} if other else {})
        for one, other in zip(of["deployment"], drawings, strict=True)
    ]
