"""A submitted file, read within bounds: either it holds a notebook, or there is a sentence that says why not."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from cluster.errors import AnswerError, UsageError
from cluster.limits import NOTEBOOK_BYTES, NOTEBOOK_CELLS, NOTEBOOK_CHARACTERS, SUBMISSION_DEPTH, SUBMISSION_FILES
from graders.reading.files import read_bounded
from graders.reading.notebook_cells import Notebook, decoded, grade_id, notebook_of, source
from graders.reading.notebook_release import KEY, RELEASE, release_id
from graders.reading.text import shown

NAME_CHARACTERS = 200
"""How long a cell's nbgrader name may be; a longer one names no cell of ours."""


_INSTEAD = "Hand in the notebook itself."
_CLOSED = "Look at its owner and rights."


@dataclass(frozen=True, slots=True)
class Submission:
    """A submitted notebook, with the digest of the file; or, where it can't be read, the problem and the way on.

    Of the notebook there is what grading uses: the cells with their kind, their text and nbgrader's name for them, and
    which release it is from.
    """

    notebook: Notebook
    digest: str = ""
    problem: str = ""
    hint: str = ""


def read_submission(path: Path) -> Submission:
    """Read a submitted file. Whatever it is, this returns; no link is followed, nothing but a file is opened."""
    digest = ""
    try:
        data = read_bounded(path, NOTEBOOK_BYTES, follow=False)
        digest = hashlib.sha256(data).hexdigest()
        return Submission(_used(notebook_of(decoded(data, path.name), path.name), shown(path.name)), digest)
    except AnswerError as error:
        return Submission({"cells": []}, digest, error.problem, error.hint)
    except UsageError as error:
        return Submission({"cells": []}, digest, error.problem, _INSTEAD if error.hint else _CLOSED)


def links_in(folder: Path) -> tuple[str, ...]:
    """The symbolic links in a submission's folder. nbgrader would copy what they point at, whoever it belongs to.

    Raises AnswerError where the folder holds more than anybody hands in, or can't be looked into.
    """
    if folder.is_symlink():
        return (folder.name,)
    return tuple(sorted(os.path.relpath(entry.path, folder) for entry in _entries(folder) if entry.is_symlink()))


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    """Whatever is in a folder and below; no link is followed."""
    left, count = [(os.fspath(folder), 0)], 0
    while left:
        where, depth = left.pop()
        try:
            entries = list(islice(os.scandir(where), SUBMISSION_FILES + 1))
        except OSError as error:
            name = shown(os.path.basename(where))  # noqa: PTH119
            raise AnswerError(f"{name} can't be opened: {error.strerror}.", "Look at its owner and rights.") from None
        count += len(entries)
        if count > SUBMISSION_FILES:
            raise AnswerError(
                f"The folder holds more than {SUBMISSION_FILES:,} files.", "Hand in the notebooks, and nothing else."
            )
        if depth > SUBMISSION_DEPTH:
            raise AnswerError(
                f"The folder holds folders within folders, more than {SUBMISSION_DEPTH} deep.",
                "Hand in the notebooks, and nothing else.",
            )
        left += [(entry.path, depth + 1) for entry in entries if entry.is_dir(follow_symlinks=False)]
        yield from entries


def _used(notebook: Notebook, name: str) -> Notebook:
    """Of a notebook what grading uses. Raises AnswerError where that is more than anybody writes."""
    if len(notebook["cells"]) > NOTEBOOK_CELLS:
        raise AnswerError(
            f"{name} has more than {NOTEBOOK_CELLS:,} cells.", "Hand in the notebook with your answers only."
        )
    cells, characters = [], 0
    for cell in notebook["cells"]:
        if isinstance(cell, Mapping):
            cells.append(_used_cell(cell))
            characters += len(cells[-1]["source"])
            if characters > NOTEBOOK_CHARACTERS:
                raise AnswerError(
                    f"{name} has more text than {NOTEBOOK_CHARACTERS // 1_000_000} million characters.",
                    "Hand in the notebook with your answers only.",
                )
    return {"cells": cells, "metadata": {KEY: {RELEASE: release_id(notebook)}}}


def _used_cell(cell: Mapping[str, Any]) -> dict[str, Any]:
    used: dict[str, Any] = {
        "cell_type": "code" if cell.get("cell_type") == "code" else "markdown",
        "source": source(cell),
    }
    name = grade_id(cell)
    if name and len(name) <= NAME_CHARACTERS:
        used["metadata"] = {"nbgrader": {"grade_id": name}}
    return used
