"""A learner's names and values, prepared for messages."""

from __future__ import annotations

import json
import re
from typing import Any

from cluster.limits import LABEL_CHARACTERS
from cluster.text import ELLIPSIS, printable


def shown(value: Any, longest: int = 60) -> str:
    """A value in one short line without control characters; the caller escapes it for HTML.

    Strings stay as they are, other values become JSON, shortened to ``longest`` characters (at most 200).
    """
    longest = min(longest, LABEL_CHARACTERS)
    text = value if isinstance(value, str) else _json(value)
    return printable(" ".join(printable(text[: longest * 4]).split()), longest)


ALL_COMMENT = "Every line of the answer is a comment."
UNCOMMENT = (
    "Remove the comment signs: select the lines, and press Ctrl+/ (on a Mac ⌘/). Then run the cell, and check again."
)
_COMMENT = re.compile(r"[ \t]*(?:#|//)[#/!\s]*(?P<said>.*)")
_SIGNS = re.compile(r"[:{}\[\]]|->|--|^- ", re.MULTILINE)
"""Signs of YAML and DOT that a comment in words doesn't have."""
_BLOCK = re.compile(r"/\*(?P<said>.*?)\*/", re.DOTALL)


def is_all_comment(text: str) -> bool:
    """Whether an answer is written but commented out, as by a wrong key in an editor."""
    said = [match["said"] for match in _BLOCK.finditer(text)]
    lines = [line for line in _BLOCK.sub("", text).splitlines() if line.strip() not in ("", "---", "...")]
    matches = [_COMMENT.fullmatch(line) for line in lines]
    said += [match["said"] for match in matches if match is not None]
    return None not in matches and any(_SIGNS.search(each) for each in said)


def line_shown(line: str, column: int = 0) -> tuple[str, int]:
    """A learner's line in printable characters, and the position of ``column`` in it, from 1.

    A long line is cut to a part around the column. A column beyond the line becomes 0.
    """
    column = column if column <= len(line) + 1 else 0
    start = max(0, column - LABEL_CHARACTERS // 2) if len(line) > LABEL_CHARACTERS else 0
    stretch = printable(line[start : start + LABEL_CHARACTERS])
    before = ELLIPSIS if start else ""
    after = ELLIPSIS if start + LABEL_CHARACTERS < len(line) else ""
    return f"{before}{stretch}{after}", column and column - start + len(before)


def _json(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, default=str)
    except (ValueError, RecursionError):
        return f"a {type(value).__name__}"
