"""nbgrader's converters, kept from being stopped or led astray by the folders that they work through."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import NbGraderAPI
from nbgrader.converters import Autograde, NbGraderException
from nbgrader.converters.base import BaseConverter
from nbgrader.coursedir import CourseDirectory

from cluster.errors import AnswerError, UsageError
from cluster.limits import SECRET_BYTES, TIMESTAMP_BYTES
from graders.core.registry import is_lesson
from graders.gradebook.prepared import is_prepared
from graders.gradebook.scores import forget
from graders.gradebook.student_names import name_problem
from graders.gradebook.timestamps import TIMESTAMP, handed_in_at
from graders.reading.files import read_bounded
from graders.reading.text import shown

_NO_NOTEBOOK = "None of the course's notebooks is here."
KEPT = {TIMESTAMP: TIMESTAMP_BYTES, "submission_secret.txt": SECRET_BYTES}
"""What goes along with a submission's notebooks, in bytes: nbgrader's exchange sends feedback back by it."""


def protect(converter: BaseConverter) -> None:
    """Before a converter begins: leave out students whose folders it can't stand, and have it read times with care.

    Only a lesson's submissions are treated so; for other assignments it has times read with care, and that is all.
    What is left out is logged by name and loses its earlier score; it fails the command in the end, as a student does
    whom nbgrader can't grade.
    """
    converter.coursedir.get_existing_timestamp = partial(_time, converter.coursedir)
    if not isinstance(converter, Autograde):
        return
    converter.init_assignment = partial(_init_assignment, converter, converter.init_assignment)
    if not is_lesson(converter.coursedir.assignment_id):
        return
    left_out = {} if is_prepared() else _left_out(converter)
    for student, problem in left_out.items():
        converter.log.error("%s isn't graded: %s", shown(student), problem)
        take_back(converter.coursedir, student)
    converter.convert_notebooks = partial(_convert, converter.convert_notebooks, len(left_out))


def take_back(coursedir: CourseDirectory, student: str) -> None:
    """Take back what was scored of a student, and remove the notebooks that it was scored on, with their feedback."""
    with suppress(MissingEntry, UnicodeEncodeError), Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        for entry in gradebook.find_submission(coursedir.assignment_id, student).notebooks:
            forget(entry)
        gradebook.db.commit()
    for step in (coursedir.autograded_directory, coursedir.feedback_directory):
        shutil.rmtree(coursedir.format_path(step, student, coursedir.assignment_id), ignore_errors=True)


def _left_out(converter: Autograde) -> dict[str, str]:
    """Take folders that can't be graded out of a converter's list; by the student's name, why.

    Also those with an earlier score whose folder has no notebook of the course any more, which nbgrader passes by.
    """
    coursedir, problems = converter.coursedir, {}
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        scored = {submission.student_id for submission in gradebook.assignment_submissions(coursedir.assignment_id)}
        try:
            known = {notebook.name for notebook in gradebook.find_assignment(coursedir.assignment_id).notebooks}
        except MissingEntry:
            return {}  # nbgrader says what to do then
    for folder, found in list(converter.assignments.items()):
        # Of other names nbgrader knows none, and some it can't even look up.
        notebooks = [path for path in found if Path(path).name.isprintable()]
        problem = _problem(Path(folder).parent)
        if problem or not notebooks:
            del converter.assignments[folder]
        else:
            converter.assignments[folder] = notebooks  # where none of them is known, nbgrader fails for this student
        if problem or not known & {Path(path).stem for path in notebooks}:
            problems[Path(folder).parent.name] = problem or _NO_NOTEBOOK
    here = {Path(folder).parent.name for folder in converter.assignments}
    top = Path(coursedir.format_path(coursedir.submitted_directory, "STUDENT", coursedir.assignment_id)).parent.parent
    for student in sorted(scored - here - problems.keys()):
        if (top / student).exists() and fnmatchcase(student, coursedir.student_id):
            problems[student] = _NO_NOTEBOOK
    return problems


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
    to = Path(
        converter.coursedir.format_path(converter.coursedir.autograded_directory, about["student"], about["assignment"])
    )
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


def _init_assignment(converter: Autograde, init: Callable[[str, str], None], assignment: str, student: str) -> None:
    """Begin with a submission; of a lesson's, copy nothing along but its notebooks and what ``bring_along`` brings."""
    kept = converter.coursedir.ignore
    if is_lesson(assignment):
        converter.coursedir.ignore = ["*", ".*"]
    try:
        init(assignment, student)
    finally:
        converter.coursedir.ignore = kept


def _convert(convert: Callable[[], None], left_out: int) -> None:
    """Convert, and fail in the end where students were left out."""
    convert()
    if left_out:
        message = f"{left_out} students' folders were left out; the messages above say which, and why."
        raise NbGraderException(message)
