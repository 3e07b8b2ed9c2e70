"""Whether a cell of a table is a formula to a spreadsheet."""

from __future__ import annotations

import re
import unicodedata

UNSEEN = " \u00a0\u200b\ufeff\u2028\x0b\x0c"


def is_number(cell: str) -> bool:
    """Whether a spreadsheet takes a cell for a number."""
    try:
        float(cell)
    except ValueError:
        return False
    return cell == cell.strip() and cell.isascii() and "_" not in cell


def is_safe(cell: str) -> bool:
    """Whether a cell isn't a formula, and has none after another separator that spreadsheets know."""
    parts = unicodedata.normalize("NFKC", re.sub(r"[,;|\t\n\r\"]", "\0", cell)).split("\0")
    return is_number(cell) or not any(part.strip(UNSEEN).startswith(("=", "+", "-", "@")) for part in parts)
