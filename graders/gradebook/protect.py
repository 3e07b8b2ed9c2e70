"""Protect nbgrader's converters from bad folders and files."""

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

from cluster.errors import AnswerError
from graders.core.registry import is_lesson
from graders.gradebook.scores import forget, not_handed_in
from graders.gradebook.student_names import name_problem
from graders.gradebook.timestamps import handed_in_at, kept_in
from graders.reading.text import shown

_NO_NOTEBOOK = "All of the course's notebooks are missing."


def protect(converter: BaseConverter) -> None:
    """Before a converter starts: leave out folders that would break it, and make it accept invalid times.

    Folders are left out only for a lesson's assignment. Each is logged by name and loses its earlier score. The command
    fails in the end, as nbgrader's does after a student that it can't grade.
    """
    converter.coursedir.get_existing_timestamp = partial(_time, converter.coursedir)
    if not isinstance(converter, Autograde):
        return
    converter.init_assignment = partial(_init_assignment, converter, converter.init_assignment)
    if not is_lesson(converter.coursedir.assignment_id):
        return
    left_out = _left_out(converter)
    for student, problem in left_out.items():
        converter.log.error("%s isn't graded: %s", shown(student), problem)
        take_back(converter.coursedir, student)
    converter.convert_notebooks = partial(_convert, converter.convert_notebooks, len(left_out))


def take_back(coursedir: CourseDirectory, student: str) -> None:
    """Remove a student's scores, autograded notebooks and feedback."""
    with suppress(MissingEntry, UnicodeEncodeError), Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        for entry in gradebook.find_submission(coursedir.assignment_id, student).notebooks:
            forget(entry)
        gradebook.db.commit()
    for step in (coursedir.autograded_directory, coursedir.feedback_directory):
        shutil.rmtree(coursedir.format_path(step, student, coursedir.assignment_id), ignore_errors=True)


def _left_out(converter: Autograde) -> dict[str, str]:
    """Remove folders that can't be graded from a converter's list, and return the reasons by student.

    Also includes students with an earlier score whose folder no longer has a notebook of the course; nbgrader skips them.
    """
    coursedir, problems = converter.coursedir, {}
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        scored = {submission.student_id for submission in gradebook.assignment_submissions(coursedir.assignment_id)}
        try:
            known = {notebook.name for notebook in gradebook.find_assignment(coursedir.assignment_id).notebooks}
        except MissingEntry:
            return {}  # nbgrader says what to do then
    for folder, found in list(converter.assignments.items()):
        # nbgrader knows only released names, and can't even look up some others.
        notebooks = [path for path in found if Path(path).name.isprintable()]
        problem = _problem(Path(folder).parent)
        if problem or not notebooks:
            del converter.assignments[folder]
        else:
            converter.assignments[folder] = notebooks  # without a known name, nbgrader fails for this student
        if problem or not known & {Path(path).stem for path in notebooks}:
            problems[Path(folder).parent.name] = problem or _NO_NOTEBOOK
    here = {Path(folder).parent.name for folder in converter.assignments}
    top = Path(coursedir.format_path(coursedir.submitted_directory, "STUDENT", coursedir.assignment_id)).parent.parent
    for student in sorted(scored - here - problems.keys()):
        if (top / student).exists() and fnmatchcase(student, coursedir.student_id):
            problems[student] = _NO_NOTEBOOK
    return problems


def list_times_with_care() -> None:
    """Make formgrader's lists in this process ignore an invalid ``timestamp.txt``.

    Otherwise one such file would break the list of all students.
    """

    def time(api: NbGraderAPI, assignment: str, student: str) -> datetime | None:
        step = api.coursedir.submitted_directory
        return _time(api.coursedir, api.coursedir.format_path(step, student, assignment))

    NbGraderAPI.get_submitted_timestamp = time


def bring_along(converter: BaseConverter, folder: Path, about: dict[str, Any]) -> None:
    """Copy the valid files that nbgrader's exchange needs from a submission to the autograded notebooks."""
    to = Path(
        converter.coursedir.format_path(converter.coursedir.autograded_directory, about["student"], about["assignment"])
    )
    for name, data in kept_in(folder).items():
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
    """Start with a submission; for a lesson's, copy only its notebooks and the files of ``bring_along``."""
    kept = converter.coursedir.ignore
    if is_lesson(assignment):
        converter.coursedir.ignore = ["*", ".*"]
    try:
        init(assignment, student)
    finally:
        converter.coursedir.ignore = kept
    if is_lesson(assignment):
        _note_missing(converter, assignment, student)


def _note_missing(converter: Autograde, assignment: str, student: str) -> None:
    """Comment the answers of the notebooks that weren't handed in; nbgrader gives their checks zero."""
    coursedir = converter.coursedir
    folder = Path(coursedir.format_path(coursedir.submitted_directory, student, assignment))
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        for entry in gradebook.find_submission(assignment, student).notebooks:
            if not (folder / f"{entry.name}.ipynb").exists():
                not_handed_in(entry)
        gradebook.db.commit()


def _convert(convert: Callable[[], None], left_out: int) -> None:
    """Convert, and fail in the end if students were left out."""
    convert()
    if left_out:
        message = f"{left_out} students' folders were left out; the messages above say which, and why."
        raise NbGraderException(message)
