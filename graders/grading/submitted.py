"""What a class handed in: ``submitted/STUDENT/application-platform/NOTEBOOK.ipynb``, and what else may be there."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from nbgrader.apps.baseapp import NbGrader

from cluster.errors import UsageError
from graders.answers.cells import answer_in
from graders.answers.text import shown
from graders.course import ASSIGNMENT, directory
from graders.exercises import EXERCISES
from graders.gradebook.submission import links_in, read_submission


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A student's folder; with a problem where nbgrader had better not go there."""

    student: str
    folder: Path
    problem: str = ""


def handed_in(app: NbGrader, notebooks: Collection[str], students: Collection[str] = ()) -> tuple[HandedIn, ...]:
    """What each student handed in, by name; of all students, or of those named.

    ``notebooks`` are the names that were released. Raises UsageError where nobody handed anything in, or a student
    who is named didn't.
    """
    top = directory(app, "submitted_directory", "STUDENT").parent.parent
    found = sorted(p.name for p in top.iterdir() if not p.name.startswith(".")) if top.is_dir() else []
    if not found:
        raise UsageError(f"There is nothing in {top}.", f"Put submissions into {top.name}/STUDENT/{ASSIGNMENT}/.")
    for name in students:
        if name not in found:
            near = difflib.get_close_matches(name, found, n=1)
            raise UsageError(f"{shown(name)} handed nothing in.", f"Did you mean {shown(near[0])}?" if near else "")
    return tuple(_look(top / name, frozenset(notebooks)) for name in found if not students or name in students)


def _look(home: Path, notebooks: frozenset[str]) -> HandedIn:
    folder = home / ASSIGNMENT
    return HandedIn(home.name, folder, _problem(home, folder, notebooks))


def _problem(home: Path, folder: Path, notebooks: frozenset[str]) -> str:
    if set(home.name) & set("*?[") or home.name != home.name.strip():
        return "nbgrader can't find a folder with *, ? or [ in its name, or a space at its end. Give it another."
    if not home.is_dir():
        return f"A file, where a folder for each student is expected, with a folder {ASSIGNMENT} in it."
    if not folder.is_dir():
        others = sorted(path.name for path in home.iterdir() if not path.name.startswith("."))
        return f"There is no folder {ASSIGNMENT}; {_named(others)}."
    links = links_in(folder)
    if links:
        return f"{shown(links[0])} is a symbolic link. Links aren't followed: hand in the file itself."
    return _named_otherwise(folder, {path.name for path in folder.iterdir()}, {f"{name}.ipynb" for name in notebooks})


def _named_otherwise(folder: Path, present: set[str], expected: set[str]) -> str:
    """A sentence where a notebook may be here under another name, or where none of them is.

    Otherwise a notebook that is missing is one that the student left out, and its exercises weren't begun.
    """
    strays = sorted(name for name in present - expected if not name.startswith("."))
    for name in sorted(expected - present):
        meant = [stray for stray in strays if stray.endswith(".ipynb") and _is_meant(folder / stray, name)]
        if meant:
            return f"There is no {name}; {_named(meant)}."
    if not present & expected:
        return f"None of the notebooks is here, such as {max(expected)}; {_named(strays)}."
    return ""


def _is_meant(stray: Path, name: str) -> bool:
    """Whether a notebook looks like the missing one: by its name, or by an answer to one of its exercises."""
    if Path(name).stem in stray.name or difflib.get_close_matches(stray.name, [name], cutoff=0.8):
        return True
    notebook = read_submission(stray).notebook
    asked = [exercise for exercise in EXERCISES if exercise.section == Path(name).stem]
    return any(exercise.begun(answer_in(notebook, exercise.name, exercise.begun) or "") for exercise in asked)


def _named(names: list[str]) -> str:
    if not names:
        return "the folder is empty"
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""  # noqa: PLR2004  three names tell enough
    return "there is " + ", ".join(shown(name) for name in names[:3]) + more
