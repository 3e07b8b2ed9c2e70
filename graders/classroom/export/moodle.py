"""``--to moodle``: the CSV file that Moodle imports, as grades of a course or as an assignment's grading worksheet.

*Grades*, *Import*, *CSV file* (``grade/import/csv/classes/load_data.php`` in github.com/moodle/moodle) lets a person map the
columns: one identifies the user (username, ID number or email address), one is the grade. It stops at the first user that it
doesn't know. Here the roster's columns that identify students are written back, and the lesson's column has the points. An
empty cell would remove a grade, so a student without points has no line here.

*Upload grading worksheet* of an assignment (``mod/assign/feedback/offline/importgradeslib.php``) needs its own columns
*Identifier*, *Grade* and *Last modified (grade)*, and passes over an empty grade. If the roster is such a worksheet, in English,
all its lines are written back with their grades.
"""

from __future__ import annotations

from graders.classroom.export.sheet import Line, Sheet
from graders.gradebook.export import lines, neutral

IDENTIFY = ("username", "id number", "email address")
ABOUT = ("first name", "last name", "surname", "full name", *IDENTIFY)
WORKSHEET = ("Identifier", "Grade", "Last modified (grade)")


def write(sheet: Sheet) -> str:
    """Return the file for a sheet whose lines all have points."""
    return _worksheet(sheet) if _is_worksheet(sheet) else _grades(sheet)


def finds(sheet: Sheet, line: Line) -> bool:
    """Whether Moodle finds the student: a login that a spreadsheet would calculate can't be written as it is."""
    names = ("Identifier",) if _is_worksheet(sheet) else (sheet.by, *IDENTIFY)
    return all(neutral(cell) == cell for name in names if (cell := sheet.roster.cell(line.person, name)))


def _is_worksheet(sheet: Sheet) -> bool:
    return set(WORKSHEET) <= set(sheet.roster.columns)


def _worksheet(sheet: Sheet) -> str:
    columns = sheet.roster.columns
    grade = columns.index("Grade")
    points = {line.person: f"{line.result.points}" for line in sheet.lines}
    rows = [(*person[:grade], points.get(person, ""), *person[grade + 1 :]) for person in sheet.roster.people]
    return "".join(lines([columns, *rows]))


def _grades(sheet: Sheet) -> str:
    roster = sheet.roster
    own = [name for name in roster.columns if name.casefold() in ABOUT or (roster.name and name == sheet.by)]
    columns = own or ["Username"]
    rows = [
        (*([roster.cell(line.person, name) for name in own] or [sheet.login(line)]), f"{line.result.points}")
        for line in sheet.lines
    ]
    return "".join(lines([(*columns, sheet.lesson.title), *rows]))
