"""Running ``nbgrader generate_assignment``: into ``notebooks/`` for learners, and into the gradebook for a class."""

from __future__ import annotations

import os
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.apps.baseapp import NbGrader
from nbgrader.converters import GenerateAssignment, NbGraderException
from traitlets.config import Config

from cluster.errors import AnswerError, UsageError
from graders.core.exercise import Exercise
from graders.core.registry import exercises
from graders.gradebook.course import cause, course, directory, heard
from graders.reading.notebook_cells import find_answer, read_notebook
from graders.reading.releases import FILE, release_id, releases_in, renewed, written
from graders.release import overview
from graders.release.source import source_notebook


def release(root: Path, *, lesson: str = "", force: bool = False) -> tuple[Path, ...]:
    """Generate the notebooks of a lesson's learners from ``root/solutions`` into ``root/notebooks``; the paths written.

    The README's table of exercises is written anew, too, and the file that says which releases there were. Notebooks that are there are replaced only once all of the new ones are made. The gradebook isn't touched.
    Raises UsageError where a source breaks a rule of its exercises, and, unless forced, where an answer would be lost.
    """
    app = course(root, lesson)
    app.update_config(Config(GenerateAssignment={"no_database": True}, SaveCells={"enabled": False}))
    destination = directory(app, "release_directory")
    if not force and (answered := answers_in(destination)):
        raise UsageError(
            f"There are answers in {destination}, which would be lost: {', '.join(answered)}.",
            "Copy the notebooks to another folder first, or say --force.",
        )
    with tempfile.TemporaryDirectory(prefix="workbook-") as scratch:
        made = _generate(app, Path(scratch))
        destination.mkdir(parents=True, exist_ok=True)
        for stale in set(destination.glob("*.ipynb")) - {destination / path.name for path in made}:
            stale.unlink()
        overview.write(root)
        digests = {path.stem: release_id(read_notebook(path)) for path in made}
        today = f"{datetime.now(UTC):%Y-%m-%d}"
        (destination / FILE).write_text(written(renewed(releases_in(destination), digests, today)), encoding="utf-8")
        return tuple(_replace(path, destination / path.name) for path in made)


def answers_in(folder: Path) -> tuple[str, ...]:
    """The exercises that somebody has begun to answer in the notebooks of a folder."""
    return tuple(e.name for e in exercises() if _is_begun(e, folder / f"{e.section}.ipynb"))


def _is_begun(exercise: Exercise[Any, Any], path: Path) -> bool:
    if not path.is_file():
        return False
    try:
        found = find_answer(read_notebook(path), exercise.name, exercise.is_started)
    except AnswerError:
        return False  # no notebook, so nothing that a cell holds
    return found is not None and bool(found.problem or exercise.is_started(found.text))


def enrol(app: NbGrader) -> None:
    """Make the assignment, as ``solutions/`` has it now, known in the course's gradebook.

    Raises UsageError where a source breaks a rule, or where exercises came or went since a class was graded.
    """
    with tempfile.TemporaryDirectory(prefix="workbook-") as scratch:
        _generate(app, Path(scratch))


def _generate(app: NbGrader, into: Path) -> list[Path]:
    """Run the converter into a folder of its own, since a failure makes it remove the folder it writes to."""
    write_sources(app)
    kept = app.coursedir.release_directory
    app.coursedir.release_directory = str(into)
    try:
        with heard(app) as said:
            GenerateAssignment(coursedir=app.coursedir, parent=app, force=True).start()
    except NbGraderException:
        raise UsageError(f"nbgrader can't generate the assignment: {cause(said)}") from None
    finally:
        app.coursedir.release_directory = kept
    return sorted(path for path in (into / app.coursedir.assignment_id).iterdir() if path.is_file())


def write_sources(app: NbGrader) -> None:
    """Write the ``.ipynb`` beside each py:percent source, where ``nbgrader`` looks for notebooks."""
    folder = directory(app, "source_directory")
    texts = sorted(folder.glob("*.py"))
    if not texts:
        raise UsageError(f"There are no sources in {folder}.", "Only a copy with solutions can release notebooks.")
    strays = sorted(path.name for path in folder.glob("*.ipynb") if path.with_suffix(".py") not in texts)
    if strays:
        raise UsageError(f"{strays[0]} in {folder} has no .py beside it.", "Delete it, or move it elsewhere.")
    for text in texts:
        written = nbformat.writes(source_notebook(text)) + "\n"
        path = text.with_suffix(".ipynb")
        if not path.exists() or path.read_text(encoding="utf-8") != written:
            path.write_text(written, encoding="utf-8")


def _replace(made: Path, destination: Path) -> Path:
    # Moved within one folder, so that whoever reads the notebook meanwhile sees the old or the new one, whole.
    beside = destination.with_name(f".{destination.name}.new")
    shutil.copyfile(made, beside)
    os.replace(beside, destination)  # noqa: PTH105  says what it does
    return destination
