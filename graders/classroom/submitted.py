"""The students of a class: the folders in ``submitted/``."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import islice
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.apps.baseapp import NbGrader

from cluster.errors import NothingHandedInError, UsageError
from cluster.text.names import nearest
from graders.classroom.folder import MOST_STRAYS
from graders.core.registry import ids
from graders.gradebook.course import submissions_folder
from graders.reading.text import shown


def students_in(app: NbGrader, students: Collection[str] = ()) -> tuple[str, ...]:
    """Return the folder names of the students with a submission for the app's assignment: all, or those named.

    A student with only other assignments of the course isn't included, except after an earlier score. Raises
    NothingHandedInError if no student is left, and UsageError if a named student has no folder.
    """
    top = submissions_folder(app)
    found = folders_in(top)
    assignment = app.coursedir.assignment_id
    if not found:
        raise NothingHandedInError(
            f"There is nothing in {top}.", f"Put submissions into {top.name}/STUDENT/{assignment}/."
        )
    for name in students:
        if name not in found:
            raise nothing_from(name, found)
    others, scored = _assignments(app) - {assignment}, _scored(app)
    here = tuple(
        name
        for name in found
        if (not students or name in students) and (name in scored or not _only_others(top / name, assignment, others))
    )
    if not here:
        who = " and ".join(map(shown, students)) or "the class"
        raise NothingHandedInError(
            f"There is no submission for {assignment} from {who}.",
            f"Put submissions into {top.name}/STUDENT/{assignment}/.",
        )
    return here


def folders_in(top: Path) -> list[str]:
    """Return the names of the students' folders in a folder, sorted; hidden ones aren't students'."""
    return sorted(path.name for path in top.iterdir() if not path.name.startswith(".")) if top.is_dir() else []


def nothing_from(student: str, students: Iterable[str]) -> UsageError:
    """Return the error for a student who handed nothing in, with the name of another student that is meant."""
    near = nearest(student, (name for name in students if name != student))
    return UsageError(f"{shown(student)} handed nothing in.", f"Did you mean {shown(near)}?" if near else "")


def _assignments(app: NbGrader) -> set[str]:
    """Return the assignments of the course: those in its gradebook, and the installed lessons."""
    with Gradebook(app.coursedir.db_url, app.coursedir.course_id) as gradebook:
        return {entry.name for entry in gradebook.assignments} | ids()


def _scored(app: NbGrader) -> set[str]:
    """Return the students with a submission for the app's assignment in the gradebook."""
    with Gradebook(app.coursedir.db_url, app.coursedir.course_id) as gradebook:
        return {one.student_id for one in gradebook.assignment_submissions(app.coursedir.assignment_id)}


def _only_others(home: Path, assignment: str, others: Collection[str]) -> bool:
    """Whether a student's folder has files, all of them for other assignments."""
    if home.is_symlink() or not home.is_dir():
        return False
    names = [path.name for path in islice(home.iterdir(), MOST_STRAYS) if not path.name.startswith(".")]
    return bool(names) and assignment not in names and all(name in others for name in names)
