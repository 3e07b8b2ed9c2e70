"""Where an answer is: in a cell of a notebook, in a file, or on standard input.

One rule says which cell holds an answer, for ``workbook check``, ``progress()`` and the gradebook alike: what
a kernel would have kept had the notebook been run from top to bottom. That is the last cell that begins with
``%%answer NAME``. Where a learner lost that line, the cell that the notebook was released with still counts.
"""

from __future__ import annotations

import difflib
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

from cluster.errors import AnswerError, UsageError
from cluster.limits import NOTEBOOK_BYTES
from graders.answers.files import read_bounded
from graders.answers.text import shown

Notebook = Mapping[str, Any]
"""A notebook as its JSON has it; a NotebookNode is one too."""

NBFORMAT = 4
STANDARD_INPUT = "-"
LEADING_LINES = 100
"""How many empty lines and comments may stand above the magic line."""
MAGIC = re.compile(r"[ \t]*%%answer(?:[ \t]+(?P<name>\S+))?")


class Asked(Protocol):
    """What of an exercise matters for finding its answer."""

    @property
    def name(self) -> str:
        """The exercise's name, as in ``%%answer NAME``."""
        ...

    @property
    def begun(self) -> Callable[[str], bool]:
        """Whether the learner has written anything yet."""
        ...


def answer_in(notebook: Notebook, exercise: str, begun: Callable[[str], bool] | None = None) -> str | None:
    """The text of the answer to an exercise, without its magic line; None where no cell holds one.

    Of several cells the last counts, as in a live run; with ``begun``, the last in which something was begun.
    The released cell counts even where its magic line is lost or mistyped, unless that names another exercise.
    """
    cell = answer_cell(notebook, exercise, begun)
    return None if cell is None else _split(source(notebook["cells"][cell]))[1]


def answer_cell(notebook: Notebook, exercise: str, begun: Callable[[str], bool] | None = None) -> int | None:
    """The index of the cell that ``answer_in`` reads; None where there is none."""
    candidates = [*_released(notebook, exercise), *_named(notebook, exercise)]
    if begun is not None:
        candidates = [(index, text) for index, text in candidates if begun(text)] or candidates
    return candidates[-1][0] if candidates else None


def read_notebook(path: Path) -> Notebook:
    """The notebook in a file. Raises UsageError for no file, AnswerError for no notebook."""
    return notebook_of(text_of(str(path)), path.name)


def notebook_of(text: str, name: str) -> Notebook:
    """The notebook in a text; ``name`` is how messages call it. Raises AnswerError where it is none."""
    try:
        notebook = json.loads(text)
    except json.JSONDecodeError as error:
        raise AnswerError(
            f"{shown(name)} isn't a notebook: its JSON breaks at line {error.lineno}, column {error.colno}.",
            "It may be cut short or another kind of file. Open it in JupyterLab and save it again.",
        ) from None
    except (RecursionError, ValueError):  # ValueError: a number of thousands of digits
        raise AnswerError(f"{shown(name)} isn't a notebook: no notebook's JSON looks like this.") from None
    version = notebook.get("nbformat") if isinstance(notebook, dict) else None
    if isinstance(version, int) and version != NBFORMAT:
        raise AnswerError(
            f"{shown(name)} is in notebook format {shown(version)}; only {NBFORMAT} is read.",
            "Open it in JupyterLab and save it again.",
        )
    if version != NBFORMAT or not isinstance(notebook.get("cells"), list):
        raise AnswerError(f"{shown(name)} is JSON, but not a notebook.", "A notebook's file ends in .ipynb.")
    found: Notebook = notebook
    return found


def answer_of_file(file: str, exercise: Asked) -> str:
    """The answer in a manifest, a drawing or a notebook; ``-`` is standard input.

    Empty where a notebook has none. Raises what ``text_of`` and ``notebook_of`` raise.
    """
    text = text_of(file)
    if file.endswith(".ipynb") or _looks_like_a_notebook(text):
        name = "What you gave on standard input" if file == STANDARD_INPUT else Path(file).name
        return answer_in(notebook_of(text, name), exercise.name, exercise.begun) or ""
    first, newline, rest = text.partition("\n")
    # A cell that was pasted into a file, magic and all: an empty line in its place keeps the line numbers.
    return newline + rest if MAGIC.match(first) else text


def text_of(file: str) -> str:
    """What is in a file, or on standard input for ``-``.

    Raises UsageError where there is no such file, or what has that name isn't one, and AnswerError where it is too
    large or no text.
    """
    if file == STANDARD_INPUT:
        return decoded(_given(), "What you gave on standard input")
    return decoded(read_bounded(Path(file), NOTEBOOK_BYTES, name=file), Path(file).name)


def decoded(data: bytes, name: str) -> str:
    """The text that a file's bytes are; ``name`` is how messages call it. Raises AnswerError where they are none."""
    # Windows' shells write UTF-16 into a file, with a mark in front that says so.
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise AnswerError(
            f"{shown(name)} isn't text: byte {error.start + 1} can't be read as {error.encoding.upper()}.",
            "Save it as plain text, encoded as UTF-8.",
        ) from None


def _given() -> bytes:
    if sys.stdin is None:
        raise UsageError("Standard input is closed.", "Name a file, or pipe your answer into the command.")
    data = sys.stdin.buffer.read(NOTEBOOK_BYTES + 1)
    if len(data) > NOTEBOOK_BYTES:
        raise AnswerError(
            f"What you gave on standard input is larger than {NOTEBOOK_BYTES // 1024 // 1024} MiB.",
            "That can't be an answer.",
        )
    return data


def _looks_like_a_notebook(text: str) -> bool:
    return text.lstrip().startswith("{") and '"nbformat"' in text and '"cells"' in text


def _named(notebook: Notebook, exercise: str) -> Iterator[tuple[int, str]]:
    """The cells whose magic line names the exercise, in the notebook's order: index and text."""
    for index, cell in _cells(notebook):
        if cell.get("cell_type") == "code":
            name, text = _split(source(cell))
            if name == exercise:
                yield index, text


def _released(notebook: Notebook, exercise: str) -> Iterator[tuple[int, str]]:
    """The cells that were released for the answer, whose magic line is lost or mistyped: index and text."""
    for index, cell in _cells(notebook):
        if grade_id(cell) == f"{exercise}-answer":
            name, text = _split(source(cell))
            if name != exercise and (not name or difflib.get_close_matches(name, [exercise])):
                yield index, text


def _split(text: str) -> tuple[str, str]:
    """The name on the magic line, and the text below it; without such a line, no name and the whole text.

    A kernel wants the magic on the first line and drops empty ones above it; a comment above it is forgiven.
    """
    lines = text.split("\n")
    leading = lines[:LEADING_LINES]
    for number, line in enumerate(leading):
        magic = MAGIC.match(line)
        if magic:
            return magic["name"] or "", "\n".join(lines[number + 1 :])
        if line.strip() and not line.lstrip().startswith("#"):
            break
    # Another magic, or a mistyped one, isn't part of the answer; an empty line keeps the numbers.
    first = next((n for n, line in enumerate(leading) if line.strip()), 0)
    if lines[first].lstrip().startswith("%%"):
        lines[first] = ""
    return "", "\n".join(lines)


def source(cell: Mapping[str, Any]) -> str:
    """A cell's text, whichever of its two shapes it has; half a surrogate pair becomes a question mark."""
    written = cell.get("source")
    if isinstance(written, list):
        written = "".join(part for part in written if isinstance(part, str))
    if not isinstance(written, str):
        return ""
    return written.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode("utf-8")


def _cells(notebook: Notebook) -> Iterator[tuple[int, Mapping[str, Any]]]:
    cells = notebook.get("cells")
    for index, cell in enumerate(cells if isinstance(cells, list) else []):
        if isinstance(cell, Mapping):
            yield index, cell


def grade_id(cell: Mapping[str, Any]) -> str:
    """The name that nbgrader knows a cell by; empty where it has none."""
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    name = nbgrader.get("grade_id") if isinstance(nbgrader, Mapping) else None
    return name if isinstance(name, str) else ""
