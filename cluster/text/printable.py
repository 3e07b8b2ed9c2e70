"""Text that leaves: nothing in it is invisible, and nothing in it is a command to a terminal.

A terminal obeys control characters: an escape sequence can write to the clipboard, rename the window, or delete what
was printed before. Marks of direction let a text read as another one. So wherever a text goes to a terminal, a log or
a report, it goes through ``printable``, and JSON through ``json_text``.
"""

from __future__ import annotations

import json
import unicodedata
from typing import Any

UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
"""Unicode's categories of what can't be seen.

Cc: control characters, among them escape, newline and C1. Cf: marks of direction, joiners, zero width. Cs: half a
surrogate pair, which a file's name may hold. Co: what has no agreed form. Zl, Zp: separators of lines and paragraphs.
"""

ELLIPSIS = "…"


def printable(text: str, most: int | None = None, *, keep: str = "") -> str:
    """The text with a space for each character that can't be seen, unless ``keep`` has it.

    A character stays one character, so columns stay in place. What is longer than ``most`` characters is cut, and
    ends in an ellipsis. Takes time linear in what is left.
    """
    if most is not None and len(text) > most:
        text = text[: most - 1] + ELLIPSIS
    # Python's idea of a printable text is stricter, and quickly found out: nearly every text is one.
    if text.isprintable():
        return text
    return "".join(c if c in keep or _is_seen(c) else _blank(c) for c in text)


def json_text(value: Any) -> str:
    """A value as one line of JSON. It is read back as it was; what can't be seen is written as an escape."""
    text = json.dumps(value, ensure_ascii=False)
    if text.isprintable():
        return text
    # Outside of strings JSON has nothing that can't be seen, and inside them an escape means the same.
    return "".join(c if _is_seen(c) else json.dumps(c)[1:-1] for c in text)


def _is_seen(character: str) -> bool:
    return unicodedata.category(character) not in UNSEEN


def _blank(character: str) -> str:
    # A byte of a file's name that is no text shows that something stood there.
    return "\N{REPLACEMENT CHARACTER}" if "\ud800" <= character <= "\udfff" else " "
