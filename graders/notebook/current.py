"""The current text of an answer: from the editor, from the last run of its cell, or from the saved file.

The JupyterLab of ``workbook lab`` sends the notebook's cells before each cell that it runs, so a check judges what the
learner sees, saved or not. In other editors the kernel knows only the cells that ran and the saved file; then the card
begins with the origin of the text.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from cluster.errors import AnswerError, WorkbookError
from graders.core.exercise import Exercise
from graders.core.lesson import Lesson
from graders.core.registry import exercise, exercises, lessons, owners
from graders.reading.notebook_cells import ANSWER, Found, Notebook, find_answer, grade_id, read_notebook, released_id
from graders.reading.notebook_release import releases_in

MOST_SHOWN = 200
"""The number of queued cells for which the notebook's cells are kept."""


@cache
def _released() -> Mapping[str, str]:
    """The exercise of each released answer cell, by the cell's id."""
    return {released_id(e.section, f"{e.name}{ANSWER}"): e.name for e in exercises()}


@dataclass(frozen=True, slots=True)
class Current:
    """The text to judge. If the editor may show another text, ``origin`` says which text this is, and from when."""

    text: str
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Here:
    """The answer that the running cell belongs to; ``found`` is the whole answer, if the editor's cells are known."""

    name: str
    found: Found | None = None


@dataclass(slots=True)
class Answers:
    """A learner's answers, as one kernel knows them.

    ``running`` returns the id of the running cell, or an empty string; ``files`` returns the paths at which the notebook
    of a section may be saved.
    """

    running: Callable[[], str]
    files: Callable[[str], tuple[Path, ...]]
    _ran: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    _shown: dict[str, Notebook] = field(default_factory=dict)

    def keep(self, name: str, text: str) -> None:
        """Record that a cell with the answer to an exercise ran."""
        self._ran[name] = text, datetime.now().astimezone()

    def show(self, said: object) -> None:
        """Record the editor's message about a run: the id of the cell, and all cells of the notebook."""
        if not isinstance(said, Mapping):
            return
        cell, cells = said.get("cell"), said.get("cells")
        if isinstance(cell, str) and cell and isinstance(cells, list):
            self._shown.pop(cell, None)
            if len(self._shown) >= MOST_SHOWN:
                del self._shown[next(iter(self._shown))]
            self._shown[cell] = {"cells": cells}

    def forget(self) -> None:
        """Drop the cells that the editor sent for the running cell, because it has ended."""
        self._shown.pop(self.running(), None)

    def here(self) -> Here | None:
        """The answer that the running cell belongs to; None for another cell, or if it is unknown."""
        cell, notebook = self.running(), self._editor()
        if notebook is None:
            return Here(_released()[cell]) if cell in _released() else None
        index = next((n for n, each in enumerate(notebook["cells"]) if _id(each) == cell), None)
        for one in exercises() if index is not None else ():
            found = find_answer(notebook, one.name, one.is_started)
            if found is not None and index in found.cells:
                return Here(one.name, found)
        return None

    def now(self, name: str) -> Current:
        """The answer to an exercise. Raises AnswerError if it can't be found, or if its cell must run first."""
        one = exercise(name)
        if (shown := self._in_editor(name)) is not None:
            return shown
        path, saved = self._saved(name)
        if name in self._ran:
            text, at = self._ran[name]
            said = f"Judged: the answer as its cell ran at {at:%H:%M:%S}."
            if path is not None and saved is not None and _is_newer(path, at) and not _same(saved, text):
                said += f" In {path.name} the cell has changed since then: run it, and check again."
            return Current(text, said)
        if saved is not None and (saved.problem or one.is_started(saved.text)):
            raise AnswerError(
                f"The answer cell of {name} hasn't run since this notebook was opened.", _what_to_run(name, saved)
            )
        return Current("")

    def at_hand(self, name: str) -> str:
        """The answer to an exercise; from the file if no cell ran. Raises AnswerError if it can't be found."""
        if (shown := self._in_editor(name)) is not None:
            return shown.text
        if name in self._ran:
            return self._ran[name][0]
        found = self._saved(name)[1]
        return "" if found is None else _read(found)

    def exercises(self) -> tuple[Exercise[Any, Any], ...]:
        """The exercises of the notebook's lesson, or of all lessons if that is unknown."""
        found = self._lesson()
        return exercises() if found is None else found.every()

    def _lesson(self) -> Lesson | None:
        """The notebook's lesson: by the answers in the editor, the folder's name, the answers in the file, or the last answer that ran."""
        every = lessons()
        if len(every) == 1:
            return every[0]
        shown = _lesson_in(self._editor())
        if shown is not None:
            return shown
        paths = tuple(dict.fromkeys(path for one in every for e in one.every() for path in self.files(e.section)))
        by_folder = (one for path in paths for one in every if path.parent.name == one.id)
        by_content = (found for path in paths if (found := _lesson_in(_notebook(path))) is not None)
        by_run = (owners()[name] for name in reversed(self._ran))
        return next(chain(by_folder, by_content, by_run), None)

    def remarks(self, of: Sequence[Exercise[Any, Any]]) -> tuple[str, ...]:
        """A sentence for each notebook of some exercises that isn't from the course's release."""
        return tuple(filter(None, (self._release_of(section) for section in dict.fromkeys(e.section for e in of))))

    def _release_of(self, section: str) -> str:
        for path in self.files(section):
            current = releases_in(path.parent).get(section)
            try:
                if current is not None and path.stem == section:
                    return current.remark(read_notebook(path), path.name)
            except (WorkbookError, OSError):
                continue
        return ""

    def _editor(self) -> Notebook | None:
        return self._shown.get(self.running())

    def _in_editor(self, name: str) -> Current | None:
        """The answer that the editor shows. Of several cells it is the one that ran last, if its text is unchanged."""
        shown = self._found(self._editor(), name)
        if shown is None:
            return None
        if name in self._ran:
            text, at = self._ran[name]
            if text.strip() in {each.strip() for each in shown.texts}:
                other = f"Judged: the answer as its cell ran at {at:%H:%M:%S}. Another cell also answers {name}; the last one is graded."
                return Current(text, "" if text.strip() == shown.text.strip() else other)
        return Current(_read(shown))

    def _saved(self, name: str) -> tuple[Path | None, Found | None]:
        """The first file that holds the answer, and the answer in it; None for both if no file does."""
        for path in self.files(exercise(name).section):
            found = self._found(_notebook(path), name)
            if found is not None:
                return path, found
        return None, None

    @staticmethod
    def _found(notebook: Notebook | None, name: str) -> Found | None:
        return None if notebook is None else find_answer(notebook, name, exercise(name).is_started)


def notebook_files(folder: Path, names: Mapping[str, Any]) -> Callable[[str], tuple[Path, ...]]:
    """The paths at which a kernel's notebook may be saved: from Jupyter's server, from VS Code in the kernel's ``names``, or by section."""

    def files(section: str) -> tuple[Path, ...]:
        said = os.environ.get("JPY_SESSION_NAME", ""), names.get("__vsc_ipynb_file__", "")
        paths = [Path(each) for each in said if isinstance(each, str) and each.endswith(".ipynb")]
        return (*paths, folder / f"{section}.ipynb")

    return files


def _notebook(path: Path) -> Notebook | None:
    """The notebook in a file; None if there is no file or it can't be read."""
    try:
        return read_notebook(path)
    except (WorkbookError, OSError):
        return None


def _lesson_in(notebook: Notebook | None) -> Lesson | None:
    """The lesson of a notebook's first answer cell; None if it has no answer cell."""
    for cell in notebook["cells"] if notebook is not None else ():
        name = grade_id(cell) if isinstance(cell, Mapping) else ""
        owner = owners().get(name.removesuffix(ANSWER)) if name.endswith(ANSWER) else None
        if owner is not None:
            return owner
    return None


def _read(found: Found) -> str:
    if found.problem:
        raise AnswerError(found.problem, found.hint)
    return found.text


def _what_to_run(name: str, saved: Found) -> str:
    if not saved.is_code:
        return f"It isn't a code cell: click on it, press Esc and then Y, run it, and check {name} again."
    if not saved.as_released:
        return f"Make its first line “%%answer {name}”, run the cell, then check again."
    return "Run the cell that begins with %%answer first, then check again."


def _is_newer(path: Path, at: datetime) -> bool:
    try:
        return path.stat().st_mtime > at.timestamp()
    except OSError:
        return False


def _same(saved: Found, text: str) -> bool:
    return not saved.problem and _lines(saved.text) == _lines(text)


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip().splitlines()]


def _id(cell: object) -> object:
    return cell.get("id") if isinstance(cell, Mapping) else None
