"""Where an answer is: in a cell of a notebook, in a file, or on standard input.

One rule finds the answer to an exercise for ``check``, ``progress()``, ``workbook check`` and the gradebook alike. A
cell that was released for an answer is known by nbgrader's name for it, whatever was done to it: its ``%%answer`` line
lost or mistyped, made Markdown, split in two. Other cells are answers by their ``%%answer`` line. Of several the last
counts in which something was begun, as in a kernel that ran them from top to bottom.
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
from graders.reading.files import read_bounded
from graders.reading.magic import UNSEEN, Magic, magic, meant
from graders.reading.releases import KEY
from graders.reading.text import shown

Notebook = Mapping[str, Any]
"""A notebook as its JSON has it; a NotebookNode is one too."""

NBFORMAT = 4
ID_LENGTH = 12
STANDARD_INPUT = "-"
ANSWER = "-answer"
"""How nbgrader's name of an answer's cell ends, behind the exercise's name."""
NAME_CHARACTERS = 80
"""How long that name may be."""
MOST_ANSWERS = 50
"""How many answers a notebook may have of which each is known by its name."""
LINE_ENDS = ("\n", "\r", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029")
"""Where Python, and so whatever writes notebooks, begins a new line."""
FENCES = ("```", "~~~")


class Asked(Protocol):
    """What of an exercise matters for finding its answer."""

    @property
    def name(self) -> str:
        """The exercise's name, as in ``%%answer NAME``."""
        ...

    @property
    def is_started(self) -> Callable[[str], bool]:
        """Whether the learner has written anything yet."""
        ...


@dataclass(frozen=True, slots=True)
class Found:
    """An answer in a notebook: the indices of its cells, and its text.

    Empty lines stand in the text for what is above it, so its lines have the numbers that the editor shows.
    ``as_released`` is false where the cell isn't as it was released: split, mistyped, Markdown. ``problem`` and ``hint``
    say why there is no text to judge, where there is none. ``texts`` is what each cell says that may be the answer, where
    several do.
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
    """What may be an answer: of which exercise it was released, which its magic line names, and the text below that."""

    cells: tuple[int, ...]
    released: str
    named: str
    text: str
    is_code: bool
    exact: bool
    problem: str = ""
    hint: str = ""


def answer_in(notebook: Notebook, exercise: str, is_started: Callable[[str], bool] | None = None) -> str | None:
    """The text of the answer to an exercise; None where no cell holds one. ``find_answer`` says which text that is.

    Raises AnswerError where a cell holds one that can't be told from its ``%%answer`` line.
    """
    found = find_answer(notebook, exercise, is_started)
    if found is not None and found.problem:
        raise AnswerError(found.problem, found.hint)
    return None if found is None else found.text


def find_answer(notebook: Notebook, exercise: str, is_started: Callable[[str], bool] | None = None) -> Found | None:
    """Where the answer to an exercise is, and what it says; None where no cell holds one.

    With ``begun``, of several the last in which something was begun. A cell that was released for one exercise and
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
    # A kernel never hears of what isn't code, nor of a cell without the line.
    best = max(mine, key=lambda each: (each.is_code, bool(each.named), each.cells))
    as_released = best.exact and best.named == exercise and len(best.cells) == 1
    is_code = all(cells[index].get("cell_type") == "code" for index in best.cells)
    return Found(best.cells, best.text, as_released, is_code, best.problem, best.hint, texts)


def _owner(one: _Written, every: list[_Written]) -> str:
    """The exercise that a text answers; empty where it answers none."""
    if not one.released or one.named in ("", one.released):
        return one.released or one.named
    others = [each.named for each in every if each.released == one.named]
    return one.named if others and one.named not in others and any(others) else one.released


def _written(cells: Mapping[int, Mapping[str, Any]], names: set[str]) -> Iterator[_Written]:
    """Whatever may be an answer. A released cell without a magic line continues the one above it: it was split off."""
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
        named = ""  # nobody knows that name: the cell is what it was released as
    problem, hint, exact = (head.problem, head.hint, head.exact) if head is not None else ("", "", False)
    return _Written(
        indices, released, named, answer_text(text, head), is_code or bool(released), is_code and exact, problem, hint
    )


def answer_text(text: str, head: Magic | None) -> str:
    """The answer in a cell's text: empty lines in place of the magic line, or another one, and of what stands above it."""
    lines = text.split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    below = head.below if head is not None else first + lines[first].lstrip().startswith("%%")
    lines[:below] = [""] * below
    if below < len(lines):
        lines[below] = lines[below].lstrip("".join(map(chr, UNSEEN)))
    return "\n".join(lines)


def _unfenced(text: str) -> str:
    """A Markdown cell's text without the marks of a code block, which people put around an answer; empty lines stand for them."""
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
    """Whether a cell begins as another one's answer does: then it is a copy of it, and not the rest."""
    first, again = (_first_line(_text(each), names) for each in (head, cell))
    return bool(first) and first == again


def _first_line(text: str, names: set[str]) -> str:
    return next((line for line in answer_text(text, magic(text, names)).split("\n") if line.strip()), "")


def released_for(cell: Mapping[str, Any]) -> str:
    """The exercise whose answer a cell was released for; empty for any other cell."""
    name = grade_id(cell)
    return name.removesuffix(ANSWER) if name.endswith(ANSWER) and len(name) <= NAME_CHARACTERS else ""


def no_answer() -> dict[str, Any]:
    """The metadata of a cell that answers nothing, whatever it says: another cell has its released name.

    Only ``restore`` writes them; of a submission's metadata no more than nbgrader's name is read.
    """
    return {KEY: {"answer": False}}


def _may_answer(cell: Mapping[str, Any]) -> bool:
    metadata = cell.get("metadata")
    return not isinstance(metadata, Mapping) or metadata.get(KEY) != no_answer()[KEY]


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
    if any(_has_lost_its_lines(cell) for _, cell in _cells(found) if released_for(cell)):
        raise AnswerError(
            f"The lines of {shown(name)} have lost their line ends, so nobody can tell where each begins.",
            "A program wrote it that breaks notebooks. Hand in the notebook as JupyterLab saved it.",
        )
    return found


def _has_lost_its_lines(cell: Mapping[str, Any]) -> bool:
    """Whether most of a cell's lines don't end; a text in two or three pieces is no such cell."""
    written = cell.get("source")
    parts = [part for part in written[:-1] if isinstance(part, str)] if isinstance(written, list) else []
    ended = sum(part.endswith(LINE_ENDS) for part in parts)
    return len(parts) > ended * 2


def answer_of_file(file: str, exercise: Asked) -> str:
    """The answer in a manifest, a drawing or a notebook; ``-`` is standard input.

    Empty where a notebook has none. Raises what ``text_of``, ``notebook_of`` and ``answer_in`` raise.
    """
    text = text_of(file)
    if file.endswith(".ipynb") or _looks_like_a_notebook(text):
        name = "What you gave on standard input" if file == STANDARD_INPUT else Path(file).name
        return answer_in(notebook_of(text, name), exercise.name, exercise.is_started) or ""
    head = magic(text, {exercise.name})  # a cell that was pasted into a file, magic and all
    if head is not None and head.problem:
        raise AnswerError(head.problem, head.hint)
    return answer_text(text, head)


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
        raise LimitError(
            f"What you gave on standard input is larger than {NOTEBOOK_BYTES // 1024 // 1024} MiB.",
            "That can't be an answer.",
        )
    return data


def _looks_like_a_notebook(text: str) -> bool:
    return text.lstrip().startswith("{") and '"nbformat"' in text and '"cells"' in text


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


def released_id(section: str, what: str, number: int = 1) -> str:
    """The id of a released cell: by what it is and not by where it stands, so a new cell above leaves it as it was.

    ``what`` is nbgrader's name for it, or its kind and text; ``number`` counts cells that are the same.
    """
    return hashlib.sha256(f"{section}\n{number}\n{what}".encode()).hexdigest()[:ID_LENGTH]


def grade_id(cell: Mapping[str, Any]) -> str:
    """The name that nbgrader knows a cell by; empty where it has none."""
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    name = nbgrader.get("grade_id") if isinstance(nbgrader, Mapping) else None
    return name if isinstance(name, str) else ""
