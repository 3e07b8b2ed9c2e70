"""The folder of one submission: what keeps it from being graded."""

from __future__ import annotations

from collections.abc import Collection
from itertools import islice
from pathlib import Path

from cluster.errors import AnswerError
from cluster.limits import SUBMISSION_BYTES
from cluster.text.amounts import format_size
from cluster.text.names import is_near
from graders.core.lesson import Lesson
from graders.gradebook.submission import links_in, read_submission
from graders.reading.notebook_cells import find_answer
from graders.reading.text import shown

MOST_STRAYS = 50
"""At most this many notebooks with other names are read."""


def folder_problem(folder: Path, notebooks: Collection[str], lesson: Lesson) -> str:
    """Return why a submission's folder can't be graded, or "" if nbgrader may read it.

    ``notebooks`` are the released names. Raises AnswerError if the folder exceeds a limit.
    """
    home = folder.parent
    if home.is_symlink():
        return f"{shown(home.name)} is a symbolic link. Links aren't followed: put a folder in its place."
    if not home.is_dir():
        return f"This is a file. Each student needs a folder, with a folder {folder.name} in it."
    if not folder.is_dir():
        others = sorted(path.name for path in islice(home.iterdir(), MOST_STRAYS) if not path.name.startswith("."))
        return f"There is no folder {folder.name}; {_named(others)}."
    links = links_in(folder)
    if links:
        return f"{shown(links[0])} is a symbolic link. Links aren't followed: hand in the file itself."
    present = {path.name for path in folder.iterdir()}
    _check_size(folder, present)
    return _named_otherwise(folder, present, {f"{name}.ipynb" for name in notebooks}, lesson)


def _check_size(folder: Path, present: Collection[str]) -> None:
    size = sum((folder / name).lstat().st_size for name in present if name.endswith(".ipynb"))
    if size > SUBMISSION_BYTES:
        raise AnswerError(
            f"The notebooks are larger than {format_size(SUBMISSION_BYTES)} together.",
            "Clear their outputs in JupyterLab, save them, and hand them in again.",
        )


def _named_otherwise(folder: Path, present: set[str], expected: set[str], lesson: Lesson) -> str:
    """Return a sentence if a notebook seems to have another name, or if all are missing; otherwise "".

    In all other cases the student left out the missing notebooks, so their exercises are not started.
    """
    strays = sorted(name for name in present - expected if not name.startswith("."))
    notebooks = [name for name in strays if name.endswith(".ipynb")]
    missing = sorted(expected - present)
    if missing and len(notebooks) > MOST_STRAYS:
        raise AnswerError(f"More than {MOST_STRAYS} notebooks have other names.", "Hand in only those of the course.")
    answered = {name: _sections(folder / name, lesson) for name in notebooks} if missing else {}
    for name in missing:
        meant = [stray for stray in notebooks if Path(name).stem in answered[stray] or _sounds_like(stray, name)]
        if meant:
            return f"There is no {name}; {_named(meant)}."
    if not present & expected:
        return f"All notebooks are missing, such as {max(expected)}; {_named(strays)}."
    return ""


def _sounds_like(stray: str, name: str) -> bool:
    return Path(name).stem in stray or is_near(Path(stray).stem, Path(name).stem)


def _sections(path: Path, lesson: Lesson) -> frozenset[str]:
    """Return the sections of a lesson for which a notebook has an answer."""
    notebook = read_submission(path).notebook
    found = ((e, find_answer(notebook, e.name, e.is_started)) for e in lesson.every())
    return frozenset(
        e.section for e, answer in found if answer is not None and (answer.problem or e.is_started(answer.text))
    )


def _named(names: list[str]) -> str:
    if not names:
        return "the folder is empty"
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""  # noqa: PLR2004  three names tell enough
    return "there is " + ", ".join(shown(name) for name in names[:3]) + more
