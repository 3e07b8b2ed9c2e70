"""Find an answer: in a cell of a notebook, in a file, or on standard input.

``check``, ``progress()``, ``workbook check`` and the gradebook find an answer by the same rule. A released answer cell is
recognized by nbgrader's name for it, even if its ``%%answer`` line is missing or mistyped, or if it was made Markdown or
split in two. Other cells are answers by their ``%%answer`` line. Of several answers the last started one counts, as in a
kernel that ran the cells from top to bottom.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from cluster.errors import AnswerError, LimitError, UsageError
from cluster.limits import NOTEBOOK_BYTES
from cluster.text.amounts import format_size
from graders.reading.files import read_bounded
from graders.reading.magic import UNSEEN, Magic, magic, meant
from graders.reading.notebook_release import KEY
from graders.reading.text import shown

Notebook = Mapping[str, Any]
"""A notebook's JSON; a NotebookNode also fits."""

NBFORMAT = 4
ID_LENGTH = 12
STANDARD_INPUT = "-"
ANSWER = "-answer"
"""The end of nbgrader's name for an answer cell, after the exercise's name."""
NAME_CHARACTERS = 80
"""The longest such name, in characters."""
MOST_ANSWERS = 50
"""How many released answers of a notebook are recognized by their names."""
LINE_ENDS = ("\n", "\r", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029")
"""The line ends of Python's ``splitlines``, and so of the programs that write notebooks."""
FENCES = ("```", "~~~")


class Asked(Protocol):
    """The part of an exercise that finding its answer needs."""

    @property
    def name(self) -> str:
        """The exercise's name, as in ``%%answer NAME``."""
        ...

    @property
    def is_started(self) -> Callable[[str], bool]:
        """Whether a text differs from the stub."""
        ...


@dataclass(frozen=True, slots=True)
class Found:
    """An answer in a notebook: the indices of its cells, and its text.

    Empty lines in the text replace the lines above it, so its line numbers are the editor's. ``as_released`` is false if
    the cell was changed: split, mistyped, made Markdown. ``problem`` and ``hint`` are set if the text can't be judged.
    ``texts`` are the texts of all cells that may be the answer.
    """

    cells: tuple[int, ...]
    text: str
    as_released: bool = True
    is_code: bool = True
    problem: str = ""
    hint: str = ""
    texts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Written:
    """A possible answer: the exercise it was released for, the exercise in its magic line, and the text below that line."""

    cells: tuple[int, ...]
    released: str
    named: str
    text: str
    is_code: bool
    exact: bool
    problem: str = ""
    hint: str = ""


def answer_in(notebook: Notebook, exercise: str, is_started: Callable[[str], bool] | None = None) -> str | None:
    """The text of the answer to an exercise, by ``find_answer``; None if no cell holds one.

    Raises AnswerError if a cell's answer can't be separated from its ``%%answer`` line.
    """
    found = find_answer(notebook, exercise, is_started)
    if found is not None and found.problem:
        raise AnswerError(found.problem, found.hint)
    return None if found is None else found.text


def find_answer(notebook: Notebook, exercise: str, is_started: Callable[[str], bool] | None = None) -> Found | None:
    """The answer to an exercise, with its cells; None if no cell holds one.

    With ``is_started`` it is the last started answer of several. A cell that was released for one exercise and
    names another one still is the first one's, unless the two were exchanged.
    """
    cells = {index: cell for index, cell in _cells(notebook) if _may_answer(cell)}
    released = {released_for(cell) for cell in cells.values()} - {""}
    every = list(_written(cells, {exercise, *sorted(released)[:MOST_ANSWERS]}))
    mine = [each for each in every if _owner(each, every) == exercise]
    texts = frozenset(each.text for each in mine if not each.problem)
    if is_started is not None:
        mine = [each for each in mine if each.problem or is_started(each.text)] or mine
    if not mine:
        return None
    # A kernel never gets a cell that isn't code, or one without the line.
    best = max(mine, key=lambda each: (each.is_code, bool(each.named), each.cells))
    as_released = best.exact and best.named == exercise and len(best.cells) == 1
    is_code = all(cells[index].get("cell_type") == "code" for index in best.cells)
    return Found(best.cells, best.text, as_released, is_code, best.problem, best.hint, texts)


def _owner(one: _Written, every: list[_Written]) -> str:
    """The exercise that a text answers, or an empty string."""
    if not one.released or one.named in ("", one.released):
        return one.released or one.named
    others = [each.named for each in every if each.released == one.named]
    return one.named if others and one.named not in others and any(others) else one.released


def _written(cells: Mapping[int, Mapping[str, Any]], names: set[str]) -> Iterator[_Written]:
    """All possible answers. A released cell without a magic line continues the cell above it, from which it was split."""
    parts: dict[str, list[tuple[int, ...]]] = {}
    heads = {index: _head(cell, names) for index, cell in cells.items()}
    belongs: dict[int, str] = {}
    for index, cell in cells.items():
        name, head = released_for(cell), heads[index]
        if not name and head is None and _is_indented(cell):
            name = belongs.get(index - 1, "")  # code never begins like this
        belongs[index] = name
        before = parts.setdefault(name, []) if name else []
        if before and head is None and not _is_a_copy(cells[before[-1][0]], cell, names):
            before[-1] = (*before[-1], index)
        elif name:
            before.append((index,))
        elif head is not None and head.name:
            parts.setdefault(f"{index} of none", []).append((index,))
    for group in parts.values():
        for indices in group:
            yield _joined([cells[index] for index in indices], indices, heads[indices[0]], names)


def _head(cell: Mapping[str, Any], names: set[str]) -> Magic | None:
    head, is_released = magic(_text(cell), names), bool(released_for(cell))
    if head is None or is_released or cell.get("cell_type") == "code":
        return head
    # Prose may speak of answers.
    is_one = not head.problem and "%" in _text(cell).split("\n")[head.below - 1]
    return head if is_one else None


def _joined(cells: list[Mapping[str, Any]], indices: tuple[int, ...], head: Magic | None, names: set[str]) -> _Written:
    is_code = cells[0].get("cell_type") == "code"
    text = "\n".join(_text(cell).removesuffix("\n") for cell in cells) if len(cells) > 1 else _text(cells[0])
    named = meant(head.name, names) if head is not None else ""
    released = released_for(cells[0])
    if released and named not in names:
        named = ""  # an unknown name: the cell answers the exercise that it was released for
    problem, hint, exact = (head.problem, head.hint, head.exact) if head is not None else ("", "", False)
    return _Written(
        indices, released, named, answer_text(text, head), is_code or bool(released), is_code and exact, problem, hint
    )


def answer_text(text: str, head: Magic | None) -> str:
    """The answer in a cell's text, with empty lines in place of the magic line, or another magic, and of the lines above it."""
    lines = text.split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    below = head.below if head is not None else first + lines[first].lstrip().startswith("%%")
    lines[:below] = [""] * below
    if below < len(lines):
        lines[below] = lines[below].lstrip("".join(map(chr, UNSEEN)))
    return "\n".join(lines)


def _unfenced(text: str) -> str:
    """A Markdown cell's text with empty lines in place of the code fences that people put around an answer."""
    lines = text.split("\n")
    marks = [number for number, line in enumerate(lines) if line.lstrip().startswith(FENCES)]
    for mark in marks[:2]:
        lines[mark] = ""
    return "\n".join(lines)


def _text(cell: Mapping[str, Any]) -> str:
    return source(cell) if cell.get("cell_type") == "code" else _unfenced(source(cell))


def _is_indented(cell: Mapping[str, Any]) -> bool:
    line = next((line for line in source(cell).split("\n") if line.strip()), "")
    return cell.get("cell_type") == "code" and line.startswith((" ", "\t"))


def _is_a_copy(head: Mapping[str, Any], cell: Mapping[str, Any], names: set[str]) -> bool:
    """Whether a cell begins like another cell's answer: then it is a copy of that answer, not a part."""
    first, again = (_first_line(_text(each), names) for each in (head, cell))
    return bool(first) and first == again


def _first_line(text: str, names: set[str]) -> str:
    return next((line for line in answer_text(text, magic(text, names)).split("\n") if line.strip()), "")


def released_for(cell: Mapping[str, Any]) -> str:
    """The exercise whose answer a cell was released for; empty for any other cell."""
    name = grade_id(cell)
    return name.removesuffix(ANSWER) if name.endswith(ANSWER) and len(name) <= NAME_CHARACTERS else ""


def no_answer() -> dict[str, Any]:
    """The metadata of a cell that isn't an answer even if it looks like one: another cell has its released name.

    Only ``restore`` writes this metadata. Of a submission's metadata only nbgrader's name is read.
    """
    return {KEY: {"answer": False}}


def _may_answer(cell: Mapping[str, Any]) -> bool:
    metadata = cell.get("metadata")
    return not isinstance(metadata, Mapping) or metadata.get(KEY) != no_answer()[KEY]


def read_notebook(path: Path) -> Notebook:
    """The notebook in a file. Raises UsageError if the file doesn't exist, AnswerError if it isn't a notebook."""
    return notebook_of(text_of(str(path)), path.name)


def notebook_of(text: str, name: str) -> Notebook:
    """The notebook in a text; ``name`` is its name in messages. Raises AnswerError if it isn't a notebook."""
    try:
        notebook = json.loads(text)
    except json.JSONDecodeError as error:
        raise AnswerError(
            f"{shown(name)} isn't a notebook: its JSON breaks at line {error.lineno}, column {error.colno}.",
            "It may be incomplete or another kind of file. Open it in JupyterLab and save it again.",
        ) from None
    except (RecursionError, ValueError):  # ValueError: a number of thousands of digits
        raise AnswerError(
            f"{shown(name)} isn't a notebook: its JSON is nested too deeply, or has a number that is too long."
        ) from None
    version = notebook.get("nbformat") if isinstance(notebook, dict) else None
    if isinstance(version, int) and version != NBFORMAT:
        raise AnswerError(
            f"{shown(name)} is in notebook format {shown(version)}; only {NBFORMAT} is read.",
            "Open it in JupyterLab and save it again.",
        )
    if version != NBFORMAT or not isinstance(notebook.get("cells"), list):
        raise AnswerError(f"{shown(name)} is JSON, but not a notebook.", "A notebook's file ends in .ipynb.")
    found: Notebook = notebook
    if any(_has_lost_its_lines(cell) for _, cell in _cells(found) if released_for(cell)):
        raise AnswerError(
            f"The lines of {shown(name)} have lost their line ends, so the answers in it can't be read.",
            "Another program damaged it. Hand in the notebook as JupyterLab saved it.",
        )
    return found


def _has_lost_its_lines(cell: Mapping[str, Any]) -> bool:
    """Whether most of a cell's lines lack a line end; a text in two or three pieces doesn't count."""
    written = cell.get("source")
    parts = [part for part in written[:-1] if isinstance(part, str)] if isinstance(written, list) else []
    ended = sum(part.endswith(LINE_ENDS) for part in parts)
    return len(parts) > ended * 2


def answer_of_file(file: str, exercise: Asked) -> str:
    """The answer in a manifest, a drawing or a notebook; ``-`` is standard input.

    Empty if a notebook has no answer. Raises the errors of ``text_of``, ``notebook_of`` and ``answer_in``.
    """
    text = text_of(file)
    if file.endswith(".ipynb") or _looks_like_a_notebook(text):
        name = "What you gave on standard input" if file == STANDARD_INPUT else Path(file).name
        return answer_in(notebook_of(text, name), exercise.name, exercise.is_started) or ""
    head = magic(text, {exercise.name})  # a cell that was pasted into a file, with its magic line
    if head is not None and head.problem:
        raise AnswerError(head.problem, head.hint)
    return answer_text(text, head)


def text_of(file: str) -> str:
    """The text of a file, or of standard input for ``-``.

    Raises UsageError if the file doesn't exist or isn't a file, and AnswerError if it is too large or isn't text.
    """
    if file == STANDARD_INPUT:
        return decoded(_given(), "What you gave on standard input")
    return decoded(read_bounded(Path(file), NOTEBOOK_BYTES, name=file), Path(file).name)


def decoded(data: bytes, name: str) -> str:
    """Decode a file's bytes; ``name`` is its name in messages. Raises AnswerError if they aren't text."""
    # Windows' shells write UTF-16 with a byte order mark.
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
        raise LimitError(
            f"What you gave on standard input is larger than {format_size(NOTEBOOK_BYTES)}.",
            "An answer is much smaller; check what you pipe into the command.",
        )
    return data


def _looks_like_a_notebook(text: str) -> bool:
    return text.lstrip().startswith("{") and '"nbformat"' in text and '"cells"' in text


def source(cell: Mapping[str, Any]) -> str:
    """A cell's text, from a string or a list of strings; half a surrogate pair becomes a question mark."""
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


def released_id(section: str, what: str, number: int = 1) -> str:
    """The id of a released cell: it depends on the cell and not on its position, so a new cell above doesn't change it.

    ``what`` is nbgrader's name for it, or its kind and text; ``number`` counts equal cells, from 1.
    """
    return hashlib.sha256(f"{section}\n{number}\n{what}".encode()).hexdigest()[:ID_LENGTH]


def grade_id(cell: Mapping[str, Any]) -> str:
    """The name that nbgrader gives a cell, or an empty string."""
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    name = nbgrader.get("grade_id") if isinstance(nbgrader, Mapping) else None
    return name if isinstance(name, str) else ""
