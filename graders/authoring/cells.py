"""Copy an exercise's cells in a notebook's source: the text from its heading on, the answer, the check, and the hint."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cluster.errors import UsageError
from graders.reading.notebook_cells import ANSWER

_CELL = re.compile(r"^(?=# %%)", re.MULTILINE)
_COMMENT = re.compile(r"^# ?", re.MULTILINE)


def with_copied_cells(text: str, like: str, name: str, into: str | None = None, prints: Sequence[str] = ()) -> str:
    """Return a source with the cells of ``like`` copied for ``name``: below the original, or at the end of the source ``into``.

    The source must contain the texts ``prints``; those missing in ``into`` are added in a cell. Raises UsageError if ``like``
    has no pair of cells.
    """
    cells = _CELL.split(text)
    first, last = _place(cells, like)
    copied = [_renamed(cell, like, name) for cell in (_from_heading(cells[first], like), *cells[first + 1 : last + 1])]
    if into is None:
        return "".join([*cells[: last + 1], _ended("".join(copied)), *cells[last + 1 :]])
    there = _COMMENT.sub("", into + "".join(copied))
    copied[1:1] = _saying([said for said in prints if said not in there])
    return f"{into.rstrip()}\n\n{''.join(copied).rstrip()}\n"


def _saying(texts: Sequence[str]) -> list[str]:
    """Return a Markdown cell with the texts: one-line texts in one line, others below. Without texts, return no cell."""
    words = " · ".join(text for text in texts if "\n" not in text)
    paragraphs = [text for text in (words, *(text for text in texts if "\n" in text)) if text]
    lines = "\n\n".join(paragraphs).split("\n")
    return ["# %% [markdown]\n" + "".join(f"# {line}".rstrip() + "\n" for line in lines) + "\n"] if paragraphs else []


def _place(cells: list[str], like: str) -> tuple[int, int]:
    """Return the indices of an exercise's first and last cell."""
    answer = _find(cells, f'"grade_id": "{like}{ANSWER}"')
    check = _find(cells, f'"grade_id": "{like}"')
    if answer is None or check is None or check < answer:
        raise UsageError(
            f"The source of {like} has no answer cell with its check below.", "“workbook verify” says what it lacks."
        )
    headings = [at for at in range(answer) if _heading(cells[at], like) is not None]
    hint = _find(cells[check + 1 : check + 3], f'\nhint("{like}")')
    return (headings[-1] if headings else answer), check if hint is None else check + 1 + hint


def _find(cells: list[str], part: str) -> int | None:
    return next((at for at, cell in enumerate(cells) if part in cell), None)


def _heading(cell: str, like: str) -> int | None:
    if not cell.startswith("# %% [markdown]"):
        return None
    match = re.search(rf"^# #+ .*`{re.escape(like)}`", cell, re.MULTILINE)
    return match.start() if match else None


def _from_heading(cell: str, like: str) -> str:
    at = _heading(cell, like)
    return cell if at is None else f"# %% [markdown]\n{cell[at:]}"


def _renamed(copied: str, like: str, name: str) -> str:
    word = re.escape(like)
    patterns = (
        rf"(?<=^# %%answer ){word}$", rf'(?<="grade_id": "){word}(?={ANSWER}"|")', rf'(?<=^check\("){word}(?="\))',
        rf'(?<=^hint\("){word}(?="\))', rf"(?<=^# ### Exercise `){word}(?=`)",
    )  # fmt: skip
    for pattern in patterns:
        copied = re.sub(pattern, name, copied, flags=re.MULTILINE)
    return copied


def _ended(cells: str) -> str:
    return f"{cells.rstrip()}\n\n"
