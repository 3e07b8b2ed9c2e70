"""The formats of ``workbook export``, by the name for ``--to``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from cluster.errors import UsageError
from cluster.text.names import nearest
from graders.classroom.export import canvas, classroom50, moodle, tables
from graders.classroom.export.sheet import Line, Sheet


@dataclass(frozen=True, slots=True)
class GradeFormat:
    """A format: ``write`` returns the file's text for a ``part`` of each sheet.

    With ``only_points`` a file is of one lesson and of those students that have points and that the LMS ``finds``, because
    anything else in it would change a grade there. Otherwise each student of each lesson is in it.
    """

    write: Callable[[Sequence[Sheet]], str]
    only_points: bool = False
    finds: Callable[[Sheet, Line], bool] = lambda _sheet, _line: True

    def part(self, sheet: Sheet) -> Sheet:
        """Return the lines of a sheet that a file in this format has."""
        if not self.only_points:
            return sheet
        known = [line for line in sheet.lines if line.person is not None and line.result.points is not None]
        return replace(sheet, lines=tuple(line for line in known if self.finds(sheet, line)))

    def text(self, sheets: Sequence[Sheet]) -> str:
        """Return the file's text."""
        return self.write([self.part(sheet) for sheet in sheets])


def _of_one(write: Callable[[Sheet], str], finds: Callable[[Sheet, Line], bool]) -> GradeFormat:
    return GradeFormat(lambda sheets: write(sheets[0]), only_points=True, finds=finds)


FORMATS: Mapping[str, GradeFormat] = {
    "canvas": _of_one(canvas.write, canvas.finds),
    "moodle": _of_one(moodle.write, moodle.finds),
    "classroom50": _of_one(classroom50.write, classroom50.finds),
    "csv": GradeFormat(tables.as_csv),
    "json": GradeFormat(tables.as_json),
}


def format_named(name: str) -> GradeFormat:
    """Return a format by its name. Raises UsageError for an unknown one, with the known ones."""
    if name in FORMATS:
        return FORMATS[name]
    near = nearest(name, FORMATS)
    meant = f"Did you mean “{near}”? " if near else ""
    raise UsageError(f"There is no format “{name[:60]}”.", f"{meant}There are: {', '.join(FORMATS)}.")
