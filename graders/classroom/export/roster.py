"""The roster of a class: a CSV file with a line for each student, as an LMS writes it or as a person does.

No name of a column is prescribed, because an LMS writes them in the language of its user: the roster is joined with the
submissions by the column that has most of their folders' names. Known exports: Canvas' gradebook, Moodle's participants,
grades and grading worksheet, Classroom 50's ``roster.csv``, ``nbgrader db student list``'s columns.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from cluster.errors import UsageError
from cluster.limits import ROSTER_BYTES, ROSTER_LINES
from cluster.text import printable
from graders.reading.files import read_bounded
from graders.reading.text import shown

KEPT = "roster.csv"
"""The course's own roster, as ``workbook roster`` keeps it."""

LOGINS = ("SIS Login ID", "Username", "login", "github_username", "student_id", "Email address", "id")
"""Columns that name a student, the likeliest first; they decide where several columns fit equally well."""

EMAILS = ("Email address", "email", "E-mail")
NAMES = ("Student", "Full name", "name")
FIRST, LAST = ("First name", "first_name", "FirstName"), ("Last name", "Surname", "last_name", "LastName")
NOT_STUDENTS = ("points possible", "student, test", "test student")
"""What Canvas' gradebook has in the column Student besides students: its maximum points, and the student of its student view."""

_NUMBERED = re.compile(r"\D+ (\d+)")
"""How Moodle writes a participant: ``Participant 12345``. A folder may have the number alone."""

Person = tuple[str, ...]
"""A line of a roster: a cell for each column."""


@dataclass(frozen=True, slots=True)
class Roster:
    """A roster's columns and lines. ``name`` is the file's, or empty for the gradebook's own students."""

    columns: tuple[str, ...]
    people: tuple[Person, ...]
    name: str = ""

    def column(self, *names: str) -> str:
        """Return the first of the columns with one of the names, whatever their capitals; "" without one."""
        here = {column.casefold(): column for column in reversed(self.columns)}
        return next((here[name.casefold()] for name in names if name.casefold() in here), "")

    def cell(self, person: Person | None, *names: str) -> str:
        """Return a person's cell in the first of these columns that the roster has; "" without one."""
        column = self.column(*names)
        return person[self.columns.index(column)] if person is not None and column else ""

    def full_name(self, person: Person | None) -> str:
        """Return a person's name: as one column has it, or "Last, First"."""
        last, first = self.cell(person, *LAST), self.cell(person, *FIRST)
        return self.cell(person, *NAMES) or ", ".join(filter(None, (last, first)))


@dataclass(frozen=True, slots=True)
class Joined:
    """A roster joined with the students' folders by a ``column``.

    ``people`` has each student's line. ``unknown`` are students without one; two folders of one person have none, either.
    ``absent`` are the lines without a folder.
    """

    column: str
    people: Mapping[str, Person]
    unknown: tuple[str, ...]
    absent: tuple[Person, ...]


def read_roster(path: Path) -> Roster:
    """Read a roster. Raises UsageError if it isn't a CSV file with a line of columns and at least one student."""
    what = shown(path.name)
    data = read_bounded(path, ROSTER_BYTES, name=str(path))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{what} isn't UTF-8.", "Save it again as “CSV UTF-8”.") from None
    first = text.partition("\n")[0]
    try:
        rows = [
            row for row in csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count)) if any(row)
        ]
    except csv.Error as error:
        raise UsageError(f"{what} isn't a CSV file: {error}.", "Export it again as CSV.") from None
    if len(rows) > ROSTER_LINES:
        raise UsageError(f"{what} has more than {ROSTER_LINES:,} lines.", "Export only this course's students.")
    columns = tuple(cell.strip() for cell in rows[0]) if rows else ()
    people = dict.fromkeys(_person(row, len(columns)) for row in rows[1:])
    students = tuple(person for person in people if person[0].casefold() not in NOT_STUDENTS)
    if not students:
        raise UsageError(
            f"{what} has no students.", "The first line must name the columns, and each further line a student."
        )
    return Roster(columns, students, what)


def _person(row: list[str], columns: int) -> Person:
    return tuple(cell.strip() for cell in (*row, *[""] * columns)[:columns])


def join(roster: Roster, students: Collection[str]) -> Joined:
    """Join a roster with students' folders, by the column that has most of their names, each once.

    Capitals don't matter. Raises UsageError if no column has any of the names.
    """
    known = [column.casefold() for column in LOGINS]
    keys = {student: _keys(student) for student in students}
    best: tuple[int, int, int] = (-1, 0, 0)
    column, found = 0, dict[str, Person]()
    for place, name in enumerate(roster.columns):
        here = _matches(roster, place, keys)
        likely = -known.index(name.casefold()) if name.casefold() in known else -len(known)
        if (len(here), likely, -place) > best:
            best, column, found = (len(here), likely, -place), place, here
    if students and not found:
        raise UsageError(
            f"No column of {roster.name} has the names of the submissions' folders, such as {shown(min(students))}.",
            "Add a column with these names, or rename the folders.",
        )
    taken = set(found.values())
    return Joined(
        roster.columns[column],
        found,
        tuple(student for student in students if student not in found),
        tuple(person for person in roster.people if person not in taken and person[column]),
    )


def _matches(roster: Roster, place: int, students: Mapping[str, tuple[str, ...]]) -> dict[str, Person]:
    """Return the line of each student whose name is in a column exactly once. ``students`` has the keys of each."""
    lines: dict[str, list[Person]] = {}
    for person in roster.people:
        for key in _keys(person[place]):
            lines.setdefault(key, []).append(person)
    found = {}
    for student, own in students.items():
        for key in own:
            if len(lines.get(key, ())) == 1:
                found[student] = lines[key][0]
                break
    folders = Counter(found.values())
    return {student: person for student, person in found.items() if folders[person] == 1}


def _keys(name: str) -> tuple[str, ...]:
    key = " ".join(printable(unicodedata.normalize("NFC", name)).split()).casefold()
    number = _NUMBERED.fullmatch(key)
    return tuple(filter(None, (key, number[1] if number else "")))
