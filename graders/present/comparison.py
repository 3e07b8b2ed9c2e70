"""A table of texts with a caption, as HTML and as plain text."""

from __future__ import annotations

from collections.abc import Sequence

from graders.core.shown import Shown
from graders.present.templating import render


def table(caption: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Shown:
    """A table whose rows have a cell for each heading; the first cell names the row."""
    widths = [max(len(cell) for cell in column) for column in zip(headings, *rows, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (headings, *rows)
    ]
    return Shown(render("table.html", caption=caption, headings=headings, rows=rows), "\n".join([caption, *lines]))


def together(*parts: Shown) -> Shown:
    """Several outputs, one below the other."""
    return Shown("".join(part.html for part in parts), "\n".join(part.plain for part in parts))
