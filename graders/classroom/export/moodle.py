"""``--to moodle``: the CSV file that Moodle imports, as grades of a course or as an assignment's grading worksheet.

*Grades*, *Import*, *CSV file* (``grade/import/csv/classes/load_data.php`` in github.com/moodle/moodle) lets a person map the
columns: one identifies the user (username, ID number or email address), one is the grade. It stops at the first user that it
doesn't know. Here the roster's columns on students are written back, and the lesson's column has the points.

*Upload grading worksheet* of an assignment (``mod/assign/feedback/offline/importgradeslib.php``) needs the worksheet's columns
*Identifier*, *Grade* and *Last modified (grade)*. If the roster is such a worksheet, in English, these are written back. Its
comments aren't, so the import leaves them as they are.

The course's import takes an empty cell as a change to no grade, so a student without points has no line.
"""

from __future__ import annotations

from graders.classroom.export.sheet import Line, Sheet
from graders.gradebook.export import lines, neutral

IDENTIFIER, GRADE, MODIFIED = "Identifier", "Grade", "Last modified (grade)"
WORKSHEET = (IDENTIFIER, "Full name", GRADE, MODIFIED)
LOGINS = ("Username", "ID number", "Email address")
STUDENTS = ("First name", "Last name", "Surname", "Full name", *LOGINS)


def write(sheet: Sheet) -> str:
    """Return the file for a sheet whose lines all have points."""
    columns = _columns(sheet)
    if _is_worksheet(sheet):
        rows = [
            [_points(line) if name == GRADE else sheet.roster.cell(line.person, name) for name in columns]
            for line in sheet.lines
        ]
        return "".join(lines([columns, *rows]))
    rows = [[*(sheet.roster.cell(line.person, name) for name in columns), _points(line)] for line in sheet.lines]
    return "".join(lines([[*columns, sheet.lesson.title], *rows]))


def finds(sheet: Sheet, line: Line) -> bool:
    """Whether Moodle finds the student: a login that a spreadsheet would calculate can't be written as it is."""
    logins = (IDENTIFIER,) if _is_worksheet(sheet) else (sheet.by, *LOGINS)
    return all(neutral(cell) == cell for name in logins if (cell := sheet.roster.cell(line.person, name)))


def _is_worksheet(sheet: Sheet) -> bool:
    return {IDENTIFIER, GRADE, MODIFIED} <= set(sheet.roster.columns)


def _columns(sheet: Sheet) -> list[str]:
    if _is_worksheet(sheet):
        return [name for name in WORKSHEET if name in sheet.roster.columns]
    wanted = {name.casefold() for name in (*STUDENTS, sheet.by)}
    return [name for name in sheet.roster.columns if name.casefold() in wanted]


def _points(line: Line) -> str:
    return str(line.result.points)
