"""``--to csv`` and ``--to json``: our own formats, for spreadsheets and programs. A line for each student of each lesson.

Students without points are in them, too: the state stands apart from the points, which are then empty.
``docs/schemas/export.json`` describes a line of the JSON.
"""

from __future__ import annotations

from collections.abc import Sequence

from cluster.text import json_text
from graders.classroom.export.roster import EMAILS
from graders.classroom.export.sheet import Line, Sheet
from graders.classroom.export.standings import two_decimals
from graders.gradebook.export import lines

COLUMNS = ("lesson", "student", "login", "name", "email", "state", "points", "max", "late_penalty", "problem")


def as_csv(sheets: Sequence[Sheet]) -> str:
    """Return all sheets as one table, with a column for each exercise after ``COLUMNS``."""
    exercises = list(dict.fromkeys(name for sheet in sheets for name in sheet.exercises))
    rows = [
        (*map(_cell, _about(sheet, line).values()), *(_points(line.result.exercises.get(name)) for name in exercises))
        for sheet in sheets
        for line in sheet.lines
    ]
    return "".join(lines([(*COLUMNS, *exercises), *rows]))


def as_json(sheets: Sequence[Sheet]) -> str:
    """Return all sheets as lines of JSON."""
    return "".join(json_text(_object(sheet, line)) + "\n" for sheet in sheets for line in sheet.lines)


def _object(sheet: Sheet, line: Line) -> dict[str, object]:
    exercises = [
        {"exercise": name, "points": _number(line.result.exercises.get(name)), "max": _number(most)}
        for name, most in sheet.exercises.items()
    ]
    return {**_about(sheet, line), "exercises": exercises}


def _about(sheet: Sheet, line: Line) -> dict[str, str | float | None]:
    """Return the values of ``COLUMNS``."""
    result, roster = line.result, sheet.roster
    points = result.points
    values = (
        sheet.lesson.id, line.student, sheet.login(line), roster.full_name(line.person), roster.cell(line.person, *EMAILS),
        result.standing.value, None if points is None else float(points), float(sheet.max), _number(result.penalty), result.problem,
    )  # fmt: skip
    return dict(zip(COLUMNS, values, strict=True))


def _cell(value: str | float | None) -> str:
    return _points(value) if value is None or isinstance(value, float) else value


def _points(points: float | None) -> str:
    return "" if points is None else str(two_decimals(points))


def _number(points: float | None) -> float | None:
    return None if points is None else float(two_decimals(points))
