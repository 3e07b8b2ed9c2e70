"""A learner's own names and values, made fit to be shown in a message."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

from cluster.limits import LABEL_CHARACTERS


def shown(value: Any, longest: int = 60) -> str:
    """A value in one short line without control characters; escaping for HTML is up to whoever shows it.

    Strings stand as they are, other values as JSON, shortened to ``longest`` characters (at most 200).
    """
    longest = min(longest, LABEL_CHARACTERS)
    text = value if isinstance(value, str) else _json(value)
    text = " ".join("".join(_visible(c) for c in text[: longest * 4]).split())
    return text if len(text) <= longest else text[: longest - 1] + "…"


def line_shown(line: str) -> str:
    """A learner's line with its columns in place: what can't be seen, or would move the cursor, is a blank."""
    return "".join(_visible(character) for character in line[:LABEL_CHARACTERS])


def _visible(character: str) -> str:
    # Cc: terminal escapes and newlines; Cf: marks that turn text around; Cs, Co: what no font shows.
    return " " if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") else character


def _json(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, default=str)
    except (ValueError, RecursionError):
        return f"a {type(value).__name__}"
