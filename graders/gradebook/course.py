"""A folder as an nbgrader course: its configuration, its directories, and its lessons.

A course may have several lessons, and stock nbgrader assignments beside them.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import chdir, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cluster.errors import AnswerError, NotJudgedError, UsageError
from cluster.limits import NOTEBOOK_BYTES
from graders.core.lesson import Lesson
from graders.core.registry import lesson, lessons
from graders.reading.files import read_bounded

if TYPE_CHECKING:
    from nbgrader.apps.baseapp import NbGrader

CONFIG = "nbgrader_config.py"
OURS = "graders.gradebook"
"""A configuration with this name in it grades by our plug-in."""
SUBMISSIONS = frozenset({"submitted", "autograded", "feedback", "downloaded"})
"""The folders of a course with students' files: no configuration is read from them."""


def course(root: Path, assignment: str = "") -> NbGrader:
    """Open the course in ``root`` at an assignment, by default its only lesson's, with the configuration of the ``nbgrader`` command.

    nbgrader's messages go to a separate logger: see ``heard``. Raises UsageError if there is no course, if its configuration
    can't be read, if the folder is inside submissions, or if the assignment has to be named.
    """
    app = _opened(root)
    app.coursedir.assignment_id = assignment or _only(app).id
    return app


def lessons_of(root: Path) -> tuple[Lesson, ...]:
    """Return the installed lessons of the course in ``root``, in the registry's order: those with sources or released notebooks there.

    Raises UsageError if there is no course.
    """
    return _lessons_of(_opened(root))


def notebooks_of(root: Path) -> Path:
    """Return the folder of the released notebooks of the course in ``root``, which has a folder for each assignment.

    In a student's copy, which isn't a course, it is ``notebooks``.
    """
    if not _is_ours(root / CONFIG):
        return root / "notebooks"
    return directory(_opened(root), "release_directory", assignment="any").parent


def _lessons_of(app: NbGrader) -> tuple[Lesson, ...]:
    return tuple(one for one in lessons() if sources_in(app, one.id) or released_in(app, one.id))


def sources_in(app: NbGrader, assignment: str) -> tuple[Path, ...]:
    """Return the py:percent sources of an assignment in the course itself, by name."""
    return tuple(sorted(directory(app, "source_directory", assignment=assignment).glob("*.py")))


def lesson_sources(app: NbGrader, lesson: Lesson) -> tuple[Path, ...]:
    """Return a lesson's py:percent sources: the course's own, or else those in the lesson's package."""
    return sources_in(app, lesson.id) or tuple(sorted(lesson.sources.glob("*.py")))


def released_in(app: NbGrader, assignment: str) -> tuple[Path, ...]:
    """Return the released notebooks of an assignment, by name."""
    return tuple(sorted(directory(app, "release_directory", assignment=assignment).glob("*.ipynb")))


def _only(app: NbGrader) -> Lesson:
    here = _lessons_of(app)
    if len(here) > 1:
        raise UsageError("Say which lesson you mean.", f"This course has: {', '.join(one.id for one in here)}.")
    return here[0] if here else lesson()


def _opened(root: Path) -> NbGrader:
    # Loading nbgrader takes a second or two, which isn't needed just to find the folder.
    from nbgrader.apps.baseapp import NbGrader  # noqa: PLC0415
    from nbgrader.coursedir import CourseDirectory  # noqa: PLC0415

    root = root.resolve()
    around = course_around(root)
    if around is not None:
        raise _handed_in(root, around)
    if not (root / CONFIG).is_file():
        raise UsageError(f"{CONFIG} is missing in {root}.", "Go to the folder of the course, and try again.")
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
            raise UsageError(f"{CONFIG} can't be used: {error}", "Fix it, and try again.") from error
    return app


def course_folder(start: Path) -> Path:
    """Return the course's folder that is ``start`` or contains it: the nearest with a configuration that names our plug-in.

    Raises UsageError if there is no course, or if ``start`` is inside submissions.
    """
    found = course_near(start)
    if found is not None:
        return found
    other = next((folder for folder in (start, *start.parents) if (folder / CONFIG).is_file()), None)
    if other is not None and not _is_ours(other / CONFIG):
        raise UsageError(
            f"{other / CONFIG} doesn't name {OURS}, so this isn't a course of the workbook.",
            f"Copy the settings of the workbook's own {CONFIG}, or go to another folder.",
        )
    raise UsageError(
        f"There is no course here: neither {start} nor a folder above it has the workbook's {CONFIG}.",
        "Go to the folder of the course, and try again.",
    )


def course_near(start: Path) -> Path | None:
    """Return the same folder as ``course_folder``, or None without a course. Nothing is executed to find it.

    Above ``start``, a configuration below a folder for submissions doesn't count: a student may have put it there.
    """
    start = start.resolve()
    around = course_around(start)
    if around is not None:
        raise _handed_in(start, around)
    found = next((folder for folder in (start, *start.parents) if (folder / CONFIG).is_file()), None)
    if found is None or not _is_ours(found / CONFIG):
        return None
    below = any(part.casefold() in SUBMISSIONS for part in found.parts)
    return None if below and found != start else found


def _is_ours(config: Path) -> bool:
    try:
        return OURS in read_bounded(config, NOTEBOOK_BYTES).decode("utf-8", "replace")
    except (AnswerError, UsageError):
        return False


def _handed_in(folder: Path, around: Path) -> UsageError:
    return UsageError(
        f"This folder has students' submissions, and no configuration is read from it: {folder}.",
        f"Go to the folder of the course, {around}, and try again.",
    )


def course_around(folder: Path) -> Path | None:
    """Return the course whose submissions contain a folder, or None."""
    found: Path | None = None
    for each in (*reversed(folder.parents), folder):
        if found is not None and each.name.casefold() in SUBMISSIONS:
            return found
        if (each / CONFIG).is_file():
            found = each
    return None


@contextmanager
def heard(app: NbGrader) -> Iterator[list[str]]:
    """Collect nbgrader's warnings and errors inside the block, in order."""
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
    """Return why nbgrader failed, in one line: the error at the end of the last logged traceback.

    Raises NotJudgedError if the gradebook can't be used, because then all other students would fail, too.
    """
    blocks = "\n".join(said).rpartition("Traceback (most recent call last):")
    errors = re.findall(r"^(?!Traceback|\[)(\S+?): (.+)$", blocks[2], re.MULTILINE) if blocks[1] else []
    kind, reason = errors[0] if errors else ("", said[-1].strip().splitlines()[-1] if said else "it gave no reason")
    if kind.endswith("OperationalError"):
        raise unusable(reason)
    return reason.strip()


def unusable(reason: object) -> NotJudgedError:
    """Return the error for a gradebook that is locked, write-protected or broken."""
    return NotJudgedError(
        f"The gradebook can't be used: {str(reason).removeprefix('(sqlite3.OperationalError) ')}.",
        "Another program may have it open. Close that program, then grade again: finished grades are kept.",
    )


@contextmanager
def quiet_queries() -> Iterator[None]:
    """Hide SQLAlchemy's warnings about nbgrader's own queries inside the block."""
    from sqlalchemy.exc import SAWarning  # noqa: PLC0415  slow, and only for who opens the gradebook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)
        yield


def submissions_folder(app: NbGrader) -> Path:
    """Return the folder with the students' folders, such as ``submitted``."""
    return directory(app, "submitted_directory", "STUDENT").parent.parent


def directory(app: NbGrader, step: str, student: str = ".", assignment: str = "") -> Path:
    """Return the folder of a step, such as ``submitted_directory``, for a student and an assignment (by default the app's)."""
    return Path(
        app.coursedir.format_path(getattr(app.coursedir, step), student, assignment or app.coursedir.assignment_id)
    )
