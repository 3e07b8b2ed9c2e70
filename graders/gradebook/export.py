"""``nbgrader export``: the gradebook as CSV, in which no cell is a formula.

nbgrader's own exporter writes names unchanged. So a student's name can be a formula that a spreadsheet runs, or can contain a
comma that moves the scores. Here every cell is quoted, and a text that a spreadsheet would calculate gets an apostrophe in
front, as OWASP's page on CSV injection advises. Numbers stay numbers.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins import ExportPlugin

from cluster.text import printable

COLUMNS = (
    "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email", "raw_score",
    "late_submission_penalty", "score", "max_score",
)  # fmt: skip
"""The columns of nbgrader's own exporter, in its order."""

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
_FORMULA = ("=", "+", "-", "@")
_SEPARATORS = ',;|"'
"""After these characters a spreadsheet may begin a new cell, depending on its language. Control characters are already spaces."""


class CsvExport(ExportPlugin):  # type: ignore[misc]
    """Replaces nbgrader's CsvExportPlugin, with the same columns and options: --to, --assignment, --student."""

    def export(self, gradebook: Gradebook) -> None:
        """Write the gradebook; if the file can't be written, log one sentence and exit with code 1."""
        file = Path(self.to or "grades.csv")
        self.log.info("Exporting grades to %s", file)
        try:
            with file.open("w", encoding="utf-8", errors="replace", newline="") as out:
                out.writelines(lines([COLUMNS, *self._rows(gradebook)]))
        except OSError as error:
            self.log.critical("%s can't be written: %s. Name another file with --to.", file, error.strerror)
            raise SystemExit(1) from None

    def _rows(self, gradebook: Gradebook) -> Iterator[Sequence[object]]:
        assignments, students = set(map(str, self.assignment)), set(map(str, self.student))
        for assignment in gradebook.assignments:
            for student in gradebook.students:
                if assignment.name in (assignments or {assignment.name}) and student.id in (students or {student.id}):
                    try:
                        handed_in = gradebook.find_submission(assignment.name, student.id)
                        raw, penalty = handed_in.score, handed_in.late_submission_penalty
                        timestamp = handed_in.timestamp
                    except MissingEntry:
                        raw, penalty, timestamp = 0.0, 0.0, None
                    yield (
                        assignment.name, assignment.duedate, timestamp, student.id, student.last_name,
                        student.first_name, student.email, raw, penalty, max(0.0, raw - penalty), assignment.max_score,
                    )  # fmt: skip


def lines(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield rows as lines of CSV: numbers unchanged, nothing for None, everything else as neutral text in quotes."""
    for row in rows:
        line = io.StringIO()
        cells = [cell if isinstance(cell, (int, float)) else neutral("" if cell is None else str(cell)) for cell in row]
        csv.writer(line, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n").writerow(cells)
        yield line.getvalue()


def neutral(text: str) -> str:
    """Return a text as a cell on one line that no spreadsheet calculates.

    Invisible characters become spaces, and an apostrophe precedes a character that would begin a formula.
    """
    if _NUMBER.fullmatch(text):
        return text
    cell: list[str] = []
    begins = True
    for was, character in zip(text, printable(text), strict=True):
        # Full-width and small forms of these characters count, too.
        if begins and unicodedata.normalize("NFKC", character)[0] in _FORMULA:
            cell.append("'")
        cell.append(character)
        # A program that reads the file may drop spaces.
        begins = was in _SEPARATORS or was != character or (begins and character.isspace())
    return "".join(cell)
