"""The nbgrader course that a folder is: its configuration and its directories, as nbgrader itself finds them."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import chdir, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cluster.errors import NotJudgedError, UsageError
from graders.core.registry import lesson

if TYPE_CHECKING:
    from nbgrader.apps.baseapp import NbGrader

CONFIG = "nbgrader_config.py"
SUBMISSIONS = frozenset({"submitted", "autograded", "feedback", "downloaded"})
"""The folders of a course that hold what students wrote: no configuration is read from them."""


def course(root: Path, assignment: str = "") -> NbGrader:
    """The course in ``root``, with the configuration that the ``nbgrader`` command would use there, at an assignment: the only lesson's where none is named.

    What nbgrader says goes to a logger of its own: see ``heard``. Raises UsageError where there is no course, its
    configuration can't be read, or the folder is in a course's submissions.
    """
    # Loading nbgrader takes a second or two: whoever only asks for the assignment's name needn't wait.
    from nbgrader.apps.baseapp import NbGrader  # noqa: PLC0415
    from nbgrader.coursedir import CourseDirectory  # noqa: PLC0415

    root = root.resolve()
    around = course_around(root)
    if around is not None:
        raise UsageError(
            f"This folder holds what students handed in, and no configuration is read from it: {root}.",
            f"Go to the folder of the course, {around}, and try again.",
        )
    if not (root / CONFIG).is_file():
        raise UsageError(f"There is no {CONFIG} in {root}.", "Go to the folder of the course, and try again.")
    app = NbGrader()
    app.log = logging.getLogger(f"{__name__}.nbgrader")
    app.log.propagate = False
    app.raise_config_file_errors = True
    with chdir(root):
        try:
            app.load_config_file()
            app.coursedir = CourseDirectory(parent=app)
            app.coursedir.root = app.coursedir.root or str(root)
        except Exception as error:
            raise UsageError(f"{CONFIG} can't be used: {error}", "Mend it, and try again.") from error
        app.coursedir.assignment_id = assignment or lesson().id
    return app


def course_around(folder: Path) -> Path | None:
    """The course in whose submissions a folder is; None for a folder outside of any."""
    found: Path | None = None
    for each in (*reversed(folder.parents), folder):
        if found is not None and each.name.casefold() in SUBMISSIONS:
            return found
        if (each / CONFIG).is_file():
            found = each
    return None


@contextmanager
def heard(app: NbGrader) -> Iterator[list[str]]:
    """What nbgrader warns of or complains about meanwhile, in order."""
    said: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(record.getMessage())

    listener = Listener(logging.WARNING)
    app.log.addHandler(listener)
    try:
        yield said
    finally:
        app.log.removeHandler(listener)


def cause(said: Sequence[str]) -> str:
    """Why nbgrader failed, in one line: the error at the end of the last traceback that it logged.

    Raises NotJudgedError where it failed because its gradebook can't be used: no other student fares better then.
    """
    blocks = "\n".join(said).rpartition("Traceback (most recent call last):")
    errors = re.findall(r"^(?!Traceback|\[)(\S+?): (.+)$", blocks[2], re.MULTILINE) if blocks[1] else []
    kind, reason = errors[0] if errors else ("", said[-1].strip().splitlines()[-1] if said else "it gave no reason")
    if kind.endswith("OperationalError"):
        raise unusable(reason)
    return reason.strip()


def unusable(reason: object) -> NotJudgedError:
    """The error of a gradebook that is locked, write-protected or broken."""
    return NotJudgedError(
        f"The gradebook can't be used: {str(reason).removeprefix('(sqlite3.OperationalError) ')}.",
        "Another program may have it open. Close that, then grade again: what is graded stays graded.",
    )


def directory(app: NbGrader, step: str, student: str = ".") -> Path:
    """Where a step of the app's assignment is, such as ``submitted_directory``, for a student."""
    return Path(app.coursedir.format_path(getattr(app.coursedir, step), student, app.coursedir.assignment_id))
