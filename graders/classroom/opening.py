"""Open a course for grading: its configuration, its assignment in the gradebook, and each notebook's release."""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path

from nbgrader.api import Gradebook, Notebook
from nbgrader.apps.baseapp import NbGrader
from nbgrader.converters import Autograde

import cluster
import graders
from cluster import SIMULATED, meant
from cluster import world as world_of
from cluster.errors import NotJudgedError, UsageError
from graders.classroom.desk import Desk, Folders
from graders.classroom.judgments import FOLDER, Judgments
from graders.core.registry import lesson, lessons
from graders.core.version import code_digest
from graders.gradebook.answers import GradeAnswers
from graders.gradebook.course import CONFIG, course, directory, lesson_sources
from graders.gradebook.restore import ReleasedNotebook
from graders.gradebook.restore_cells import release_of
from graders.reading.notebook_release import releases_in
from graders.release import enrol

STEPS = frozenset({"RestoreCells", "GradeAnswers", "SaveScores", "AssignLatePenalties", "CheckCellMetadata"})
"""The steps of nbgrader's autograding that ``workbook grade`` takes in its own way."""
ENROLLED = ".workbook/enrolled"


def configured(root: Path, assignment: str = "", world: str | None = None, context: str = "") -> NbGrader:
    """Return nbgrader's application for a course, with its configuration; ``world`` and ``context`` override it."""
    app = course(root, assignment)
    if world is not None or context:  # options override the course's configuration together
        app.config.GradeAnswers.world = meant(world, context)
        if context or world == SIMULATED:
            app.config.GradeAnswers.context = context
    return app


def opened(app: NbGrader, root: Path, *, force: bool = False, feedback: bool = True) -> Desk:
    """Add the assignment to the gradebook if its sources changed, and return the course as plain data.

    Raises UsageError if the world doesn't exist, or as ``enrol`` does.
    """
    try:
        judging = GradeAnswers(parent=app)
    except Exception as error:
        raise UsageError(str(error)) from None
    code = _code()
    _enrol(app, root, code)
    since = time.time_ns() if force else 0
    judgments = Judgments(
        root / FOLDER, code, judging.world, judging.context, _version(judging.world, judging.context), since
    )
    judgments.drop_others()
    shared = app.coursedir.groupshared
    return Desk(
        app.coursedir.assignment_id, _releases(app), judgments, releases_in(directory(app, "release_directory")),
        (0o664, 0o664) if shared else (0o444, 0o644), force, feedback,
    )  # fmt: skip


def other_steps(app: NbGrader) -> str:
    """Return a sentence about the steps that the course's configuration adds to nbgrader's autograding; "" without any."""
    converter = Autograde(coursedir=app.coursedir, parent=app)
    every = (*converter.sanitize_preprocessors, *converter.autograde_preprocessors)
    names = [str(getattr(step, "__name__", step)).rpartition(".")[2] for step in every]
    others = [name for name in dict.fromkeys(names) if name not in STEPS]
    if not others:
        return ""
    said = ", ".join(others)
    return (
        f"nbgrader_config.py adds {said} to Autograde. “workbook grade” leaves that out; “nbgrader autograde” runs it."
    )


def folders(app: NbGrader, student: str) -> Folders:
    """Return a student's folders."""
    steps = ("submitted_directory", "autograded_directory", "feedback_directory")
    return Folders(student, *(directory(app, step, student) for step in steps))


def _code() -> str:
    """Return a digest of the code that judges: the workbook's, and the lessons' in packages of their own."""
    ours = [Path(cluster.__file__).parent, Path(graders.__file__).parent]
    others = [one.folder for one in lessons() if not any(one.folder.is_relative_to(folder) for folder in ours)]
    return code_digest([*ours, *others])


def _version(world: str, context: str) -> str:
    try:
        return world_of(world, context).version
    except NotJudgedError:  # the world is broken: nothing will be judged, and nothing kept
        return ""


def _releases(app: NbGrader) -> dict[str, ReleasedNotebook]:
    with Gradebook(app.coursedir.db_url, app.coursedir.course_id) as gradebook:
        entries = gradebook.find_assignment(app.coursedir.assignment_id).notebooks
        folder = directory(app, "release_directory")
        return {entry.name: release_of(entry, folder) for entry in sorted(entries, key=lambda entry: entry.name)}


def _enrol(app: NbGrader, root: Path, code: str) -> None:
    """Add the assignment to the gradebook, except if neither its sources nor its entries changed since the last time."""
    path = root / ENROLLED / f"{app.coursedir.assignment_id}.txt"
    try:
        known = path.read_text(encoding="ascii")
    except (OSError, ValueError):
        known = ""
    if known and known == _enrolled(app, root, code):
        return
    enrol(app)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_enrolled(app, root, code), encoding="ascii")


def _enrolled(app: NbGrader, root: Path, code: str) -> str:
    """Return a digest of an assignment's sources and of its entries in the gradebook."""
    files = (root / CONFIG, *lesson_sources(app, lesson(app.coursedir.assignment_id)))
    said = [code, [(path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in files], _entries(app)]
    return hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()


def _entries(app: NbGrader) -> list[object]:
    with Gradebook(app.coursedir.db_url, app.coursedir.course_id) as gradebook:
        for assignment in gradebook.assignments:
            if assignment.name == app.coursedir.assignment_id:
                return [_entry(entry) for entry in assignment.notebooks]
    return []


def _entry(entry: Notebook) -> list[object]:
    cells = [[one.name, one.cell_type, one.locked, one.source, one.checksum] for one in entry.source_cells]
    points = [[one.name, one.max_score] for one in (*entry.grade_cells, *entry.task_cells)]
    return [
        entry.name,
        entry.kernelspec,
        sorted(cells),
        sorted(points),
        sorted(one.name for one in entry.solution_cells),
    ]
