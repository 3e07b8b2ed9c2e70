"""Write the table of exercises in the README, between two marks."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from graders.core.exercise import Exercise

BEGIN = "<!-- exercises: `workbook release` writes what is below, up to the next mark -->"
END = "<!-- end of exercises -->"
COLUMNS = ("exercise", "notebook", "kind", "points", "minutes")


def write(root: Path, exercises: Sequence[Exercise[Any, Any]]) -> bool:
    """Write the table of exercises into ``root/README.md``, if that has the marks; return whether the file changed."""
    path = root / "README.md"
    if not path.is_file():
        return False
    before = path.read_text(encoding="utf-8")
    after = within(before, table(exercises))
    if after == before:
        return False
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(after, encoding="utf-8")
    os.replace(beside, path)  # noqa: PTH105  says what it does
    return True


def within(text: str, written: str) -> str:
    """Return the text with the table between its marks, or the same text without both marks."""
    head, begin, rest = text.partition(BEGIN)
    _, end, tail = rest.partition(END)
    return f"{head}{BEGIN}\n\n{written}\n{END}{tail}" if begin and end else text


def table(every: Sequence[Exercise[Any, Any]]) -> str:
    """Return the table: exercises with notebook, kind, points and estimated minutes, and the sums."""
    rows: list[tuple[str, ...]] = [(f"`{e.name}`", e.section, e.kind, f"{e.points:g}", str(e.minutes)) for e in every]
    points, minutes = sum(e.points for e in every), sum(e.minutes for e in every)
    rows.append(("together", "", "", f"{points:g}", str(minutes)))
    lines = [COLUMNS, ("---",) * len(COLUMNS), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
