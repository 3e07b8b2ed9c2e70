"""A submitted file, read within bounds: either it holds a notebook, or there is a sentence that says why not."""

from __future__ import annotations

import hashlib
import stat
from dataclasses import dataclass
from pathlib import Path

from cluster.errors import AnswerError
from cluster.limits import NOTEBOOK_BYTES
from graders.answers.cells import Notebook, decoded, notebook_of
from graders.answers.text import shown


@dataclass(frozen=True, slots=True)
class Submission:
    """A submitted notebook, with the digest of the file; or, where it can't be read, the problem and the way on."""

    notebook: Notebook
    digest: str = ""
    problem: str = ""
    hint: str = ""

    def __deepcopy__(self, _memo: object) -> Submission:
        """Itself: nbconvert copies what it hands on, and a hostile notebook can be too deep to be copied."""
        return self


def read_submission(path: Path) -> Submission:
    """Read a submitted file. Whatever it is, this returns; no link is followed, nothing but a file is opened."""
    digest = ""
    try:
        data = _bytes(path)
        digest = hashlib.sha256(data).hexdigest()
        return Submission(notebook_of(decoded(data, path.name), path.name), digest)
    except AnswerError as error:
        return Submission({"cells": []}, digest, error.problem, error.hint)


def links_in(folder: Path) -> tuple[str, ...]:
    """The symbolic links in a submission's folder. nbgrader would copy what they point at, whoever it belongs to."""
    if folder.is_symlink():
        return (folder.name,)
    return tuple(sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_symlink()))


def _bytes(path: Path) -> bytes:
    name = shown(path.name)
    try:
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            raise AnswerError(f"{name} is a symbolic link, and links aren't followed.", "Hand in the file itself.")
        if stat.S_ISDIR(mode):
            raise AnswerError(f"{name} is a folder, not a notebook.", "Hand in the notebook itself.")
        if not stat.S_ISREG(mode):
            raise AnswerError(f"{name} isn't a file.", "Hand in the notebook itself.")
        with path.open("rb") as file:
            data = file.read(NOTEBOOK_BYTES + 1)
    except OSError as error:
        raise AnswerError(f"{name} can't be opened: {error.strerror}.", "Look at its owner and rights.") from None
    if len(data) > NOTEBOOK_BYTES:
        raise AnswerError(
            f"{name} is larger than {NOTEBOOK_BYTES // 1024 // 1024} MiB.",
            "Clear its outputs in JupyterLab, save it, and hand it in again.",
        )
    return data
