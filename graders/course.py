"""The nbgrader course that a folder is: its configuration and its directories, as nbgrader itself finds them."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from pathlib import Path

from nbgrader.apps.baseapp import NbGrader
from nbgrader.coursedir import CourseDirectory

from cluster.errors import UsageError

ASSIGNMENT = "application-platform"
CONFIG = "nbgrader_config.py"


def course(root: Path) -> NbGrader:
    """The course in ``root``, with the configuration that the ``nbgrader`` command would use there.

    What nbgrader says goes to a logger of its own: see ``heard``. Raises UsageError where there is no course, or
    its configuration can't be read.
    """
    root = root.resolve()
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
        app.coursedir.assignment_id = ASSIGNMENT
    return app


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


def directory(app: NbGrader, step: str, student: str = ".") -> Path:
    """Where a step of the assignment is, such as ``submitted_directory``, for a student."""
    return Path(app.coursedir.format_path(getattr(app.coursedir, step), student, ASSIGNMENT))
