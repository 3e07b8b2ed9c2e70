"""nbgrader's converters, kept from being stopped or led astray by the folders that they work through."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from nbgrader.apps import NbGraderAPI
from nbgrader.converters import Autograde, NbGraderException
from nbgrader.converters.base import BaseConverter
from nbgrader.coursedir import CourseDirectory

from cluster.errors import AnswerError, UsageError
from cluster.limits import SECRET_BYTES, TIMESTAMP_BYTES
from graders.answers.files import read_bounded
from graders.answers.text import shown
from graders.course import ASSIGNMENT
from graders.gradebook.names import name_problem
from graders.gradebook.timestamps import TIMESTAMP, handed_in_at

KEPT = {TIMESTAMP: TIMESTAMP_BYTES, "submission_secret.txt": SECRET_BYTES}
"""What goes along with a submission's notebooks, in bytes: nbgrader's exchange sends feedback back by it."""


def protect(converter: BaseConverter) -> None:
    """Before a converter begins: leave out students whose names it can't stand, and have it read times with care.

    What is left out is logged by name, and fails the command in the end, as a student does whom nbgrader can't grade.
    """
    converter.coursedir.get_existing_timestamp = partial(_time, converter.coursedir)
    if not isinstance(converter, Autograde):
        return
    # Nothing of a submission is copied along but its notebooks, and what `bring_along` brings.
    converter.coursedir.ignore = ["*", ".*"]
    left_out = 0
    for folder in list(converter.assignments):
        # Of other names nbgrader knows none, and some it can't even look up.
        notebooks = [path for path in converter.assignments[folder] if Path(path).name.isprintable()]
        converter.assignments[folder] = notebooks
        problem = _problem(Path(folder).parent) or ("" if notebooks else "None of the notebooks is here.")
        if problem:
            left_out += 1
            del converter.assignments[folder]
            converter.log.error("%s isn't graded: %s", shown(Path(folder).parent.name), problem)
    if left_out:
        converter.convert_notebooks = partial(_convert_and_fail, converter.convert_notebooks, left_out)


def list_times_with_care() -> None:
    """Have the lists of formgrader in this process take a ``timestamp.txt`` that says no time for none.

    Otherwise one such file would leave the instructor without a list of anybody.
    """

    def time(api: NbGraderAPI, assignment: str, student: str) -> datetime | None:
        step = api.coursedir.submitted_directory
        return _time(api.coursedir, api.coursedir.format_path(step, student, assignment))

    NbGraderAPI.get_submitted_timestamp = time


def bring_along(converter: BaseConverter, folder: Path, about: dict[str, Any]) -> None:
    """Copy to the autograded notebooks what nbgrader's exchange needs of a submission, if it is sound."""
    to = Path(converter.coursedir.format_path(converter.coursedir.autograded_directory, about["student"], ASSIGNMENT))
    for name, most in KEPT.items():
        try:
            if name == TIMESTAMP and handed_in_at(folder) is None:
                continue
            data = read_bounded(folder / name, most, follow=False)
        except (AnswerError, UsageError):
            continue
        to.mkdir(parents=True, exist_ok=True)
        (to / name).unlink(missing_ok=True)
        (to / name).write_bytes(data)


def _problem(home: Path) -> str:
    if home.is_symlink():
        return "The student's folder is a symbolic link, and links aren't followed."
    return name_problem(home.name)


def _time(coursedir: CourseDirectory, folder: str) -> datetime | None:
    try:
        return handed_in_at(Path(folder))
    except AnswerError as error:
        coursedir.log.warning("%s: %s", shown(Path(folder).parent.name), error.problem)
        return None


def _convert_and_fail(convert: Any, left_out: int) -> None:
    convert()
    raise NbGraderException(f"{left_out} students' folders were left out; the messages above say which, and why.")
