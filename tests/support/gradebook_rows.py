"""All rows of a gradebook, comparable with those of another: ids are replaced by the names that they stand for."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

NAMING = {
    "assignment": ("name",), "notebook": ("name", "assignment_id"), "base_cell": ("name", "type", "notebook_id"),
    "submitted_assignment": ("student_id", "assignment_id"), "submitted_notebook": ("notebook_id", "assignment_id"),
}  # fmt: skip
"""The columns that name a row, for tables whose ids stand in others."""


def rows(course: Path) -> dict[str, list[tuple[tuple[str, str], ...]]]:
    """The rows of each table, sorted, without their own ids."""
    with sqlite3.connect(course / "gradebook.db") as gradebook:
        gradebook.row_factory = sqlite3.Row
        tables = [name for (name,) in gradebook.execute("select name from sqlite_master where type = 'table'")]
        content = {table: _content(gradebook, table) for table in tables}
    gradebook.close()
    known = {row["id"]: (table, row) for table in NAMING for row in content[table]}

    def named(value: Any) -> str:
        if value not in known:
            return repr(value)
        table, row = known[value]
        return "/".join(named(row[column]) for column in NAMING[table])

    def plain(table: str, row: dict[str, Any]) -> tuple[tuple[str, str], ...]:
        is_cell = table in ("grade_cells", "solution_cells", "task_cells")  # their ids are those of base_cell
        return tuple(
            (column, named(value)) for column, value in row.items() if column != "id" or is_cell or table == "student"
        )

    return {table: sorted(plain(table, row) for row in found) for table, found in content.items()}


def _content(gradebook: sqlite3.Connection, table: str) -> list[dict[str, Any]]:
    return [dict(row) for row in gradebook.execute(f'select * from "{table}"')]  # noqa: S608  nbgrader's own names
