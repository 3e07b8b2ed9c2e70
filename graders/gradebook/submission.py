"""Read a submitted file within bounds: the result is a notebook, or a sentence that says why not."""

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
"""The longest nbgrader name of a cell; the workbook's own names are shorter."""


_INSTEAD = "Hand in the notebook itself."
_CLOSED = "Check its owner and permissions."


@dataclass(frozen=True, slots=True)
class Submission:
    """A submitted notebook with the file's digest; or, if it can't be read, the problem and what to do.

    The notebook has only what grading uses: the cells with kind, text and nbgrader's name, and the notebook's release.
    """

    notebook: Notebook
    digest: str = ""
    problem: str = ""
    hint: str = ""


def read_submission(path: Path) -> Submission:
    """Read a submitted file. This never raises an error, follows no link, and opens only a regular file."""
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
    """Return the symbolic links in a submission's folder. nbgrader would copy their targets, even those of other users.

    Raises AnswerError if the folder exceeds a limit or can't be opened.
    """
    if folder.is_symlink():
        return (folder.name,)
    return tuple(sorted(os.path.relpath(entry.path, folder) for entry in _entries(folder) if entry.is_symlink()))


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    """Yield all entries in a folder and below; no link is followed."""
    left, count = [(os.fspath(folder), 0)], 0
    while left:
        where, depth = left.pop()
        try:
            entries = list(islice(os.scandir(where), SUBMISSION_FILES + 1))
        except OSError as error:
            name = shown(os.path.basename(where))  # noqa: PTH119
            raise AnswerError(f"{name} can't be opened: {error.strerror}.", _CLOSED) from None
        count += len(entries)
        if count > SUBMISSION_FILES:
            raise AnswerError(f"The folder holds more than {SUBMISSION_FILES:,} files.", "Hand in only the notebooks.")
        if depth > SUBMISSION_DEPTH:
            raise AnswerError(
                f"The folder has nested folders, more than {SUBMISSION_DEPTH} deep.",
                "Hand in only the notebooks.",
            )
        left += [(entry.path, depth + 1) for entry in entries if entry.is_dir(follow_symlinks=False)]
        yield from entries


def _used(notebook: Notebook, name: str) -> Notebook:
    """Return the parts of a notebook that grading uses. Raises AnswerError if they exceed a limit."""
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
