"""How Canvas reads an imported CSV of grades, as far as our files depend on it.

It follows ``process_header``, ``update_column_count``, ``process_pp`` and ``process_student`` of
``lib/gradebook_importer.rb`` in github.com/instructure/canvas-lms.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence


def imported(text: str) -> tuple[str, str, dict[str, str]]:
    """Return the assignment's title, its maximum points, and the points by SIS login ID."""
    header, *rows = csv.reader(text.splitlines())
    students = _columns_on_students(header)
    title, *more = header[students:]
    assert not more
    possible = next(row for row in rows if "Points Possible" in row[0])[students]
    login = header.index("SIS Login ID")
    return title, possible, {row[login]: row[students] for row in rows if "Points Possible" not in row[0]}


def _columns_on_students(header: Sequence[str]) -> int:
    assert len(header) > 3
    assert "Student" in header[0]
    assert "ID" in header[1]
    columns = 3
    if header[2] == "SIS Login ID":
        columns += 1
    elif header[2:4] == ["SIS User ID", "SIS Login ID"]:
        columns += 2
        columns += header[4] == "Integration ID"
        columns += header[columns - 1] == "Root Account"
    assert "Section" in header[columns - 1]
    return columns
