"""Make text safe to show: without invisible characters, and without commands to a terminal.

A terminal obeys control characters: an escape sequence can write to the clipboard, rename the window, or delete what
was printed before. Marks of direction make a text look like another one. So every text for a terminal, a log or a
report goes through ``printable``, and JSON through ``json_text``.
"""

from __future__ import annotations

import json
import unicodedata
from typing import Any

UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
"""Unicode's categories of invisible characters.

Cc: control characters, among them escape, newline and C1. Cf: marks of direction, joiners, zero width. Cs: half a
surrogate pair, which a file's name may hold. Co: private use, without an agreed form. Zl, Zp: separators of lines and paragraphs.
"""

ELLIPSIS = "…"


def printable(text: str, most: int | None = None, *, keep: str = "") -> str:
    """The text with a space for each character that can't be seen, unless ``keep`` has it.

    A character stays one character, so columns stay in place. A text longer than ``most`` characters is cut,
    and ends in an ellipsis. Takes time linear in the length of the result.
    """
    if most is not None and len(text) > most:
        text = text[: most - 1] + ELLIPSIS
    # isprintable is stricter, and fast; it is true for nearly every text.
    if text.isprintable():
        return text
    return "".join(c if c in keep or _is_seen(c) else _blank(c) for c in text)


def json_text(value: Any) -> str:
    """A value as one line of JSON. Invisible characters are written as escapes, so reading it gives the same value."""
    text = json.dumps(value, ensure_ascii=False)
    if text.isprintable():
        return text
    # JSON has invisible characters only inside strings, where an escape means the same.
    return "".join(c if _is_seen(c) else json.dumps(c)[1:-1] for c in text)


def _is_seen(character: str) -> bool:
    return unicodedata.category(character) not in UNSEEN


def _blank(character: str) -> str:
    # A byte of a file's name that isn't text leaves a visible mark.
    return "\N{REPLACEMENT CHARACTER}" if "\ud800" <= character <= "\udfff" else " "
