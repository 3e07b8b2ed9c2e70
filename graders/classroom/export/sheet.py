"""What the formats write: a lesson's lines, each a student with a roster's line and a result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from graders.classroom.export.roster import Joined, Person, Roster
from graders.classroom.export.standings import MISSING, ClassResults, Result, two_decimals
from graders.core.lesson import Lesson


@dataclass(frozen=True, slots=True)
class Line:
    """A student: the folder's name, empty if nothing is handed in; the roster's line, None without one; the result."""

    student: str
    person: Person | None
    result: Result


@dataclass(frozen=True, slots=True)
class Sheet:
    """The results of a lesson, joined with a roster by its column ``by``.

    ``exercises`` has the maximum points of each. ``course`` is the course id of nbgrader_config.py, or empty.
    """

    lesson: Lesson
    exercises: Mapping[str, float]
    roster: Roster
    by: str
    lines: tuple[Line, ...]
    course: str = ""

    @property
    def max(self) -> Decimal:
        """The maximum points of the lesson."""
        return two_decimals(sum(self.exercises.values()))

    def login(self, line: Line) -> str:
        """Return the name by which a line was joined, as the roster writes it; "" if it isn't in the roster."""
        return self.roster.cell(line.person, self.by)

    def called(self, line: Line) -> str:
        """Return what a message calls a student: the folder's name, or the roster's login."""
        return line.student or self.login(line)


def sheet(lesson: Lesson, results: ClassResults, roster: Roster, joined: Joined, course: str = "") -> Sheet:
    """Return a lesson's sheet: first those with a submission, by name, then those of the roster without one."""
    handed_in = [
        Line(student, joined.people.get(student), result) for student, result in sorted(results.students.items())
    ]
    absent = [Line("", person, MISSING) for person in joined.absent]
    return Sheet(lesson, results.exercises, roster, joined.column, (*handed_in, *absent), course)
