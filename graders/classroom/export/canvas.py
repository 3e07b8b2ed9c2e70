"""``--to canvas``: the CSV file that Canvas imports in *Grades*, *Import*.

Canvas' importer (``lib/gradebook_importer.rb`` in github.com/instructure/canvas-lms) reads a first line that begins with
*Student* and *ID*, then *SIS User ID* and *SIS Login ID*, and whose columns on students end with *Section*. Each further
column is an assignment, found by the number in ``Title (123)`` or else by its title. The line *Points Possible* has the
maximum points. A student is found by the ID, else by the SIS user ID or login, else by the name. Two decimals count.

The importer takes an empty cell as a change to no grade, so a student without points has no line here. If the roster is Canvas' own
export, its columns on students are written back, and the lesson's column keeps its number.
"""

from __future__ import annotations

import re

from graders.classroom.export.roster import Roster
from graders.classroom.export.sheet import Line, Sheet
from graders.gradebook.export import lines, neutral

PLAIN = ("Student", "ID", "SIS Login ID", "Section")
"""The fewest columns that Canvas takes."""


def write(sheet: Sheet) -> str:
    """Return the file for a sheet whose lines all have points."""
    roster = sheet.roster
    columns = roster.columns[: roster.columns.index("Section") + 1] if _is_canvas(roster) else PLAIN
    possible = ("Points Possible", *[""] * (len(columns) - 1), str(sheet.max))
    rows = [(*_student(sheet, line), str(line.result.points)) for line in sheet.lines]
    return "".join(lines([(*columns, _title(sheet)), possible, *rows]))


def finds(sheet: Sheet, line: Line) -> bool:
    """Whether Canvas finds the student: a login that a spreadsheet would calculate can't be written as it is."""
    login = sheet.roster.cell(line.person, "SIS Login ID") or sheet.login(line)
    return _id(sheet.roster, line).isdigit() or neutral(login) == login


def _is_canvas(roster: Roster) -> bool:
    return roster.columns[:2] == ("Student", "ID") and "Section" in roster.columns


def _student(sheet: Sheet, line: Line) -> tuple[str, ...]:
    roster, login = sheet.roster, sheet.login(line)
    if _is_canvas(roster) and line.person is not None:
        return line.person[: roster.columns.index("Section") + 1]
    return roster.full_name(line.person) or login, _id(roster, line), login, ""


def _id(roster: Roster, line: Line) -> str:
    return roster.cell(line.person, "ID" if _is_canvas(roster) else "lms_user_id")


def _title(sheet: Sheet) -> str:
    own = re.compile(re.escape(sheet.lesson.title) + r" \(\d+\)")
    return next(filter(own.fullmatch, sheet.roster.columns), sheet.lesson.title)
