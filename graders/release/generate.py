"""Run ``nbgrader generate_assignment`` for a lesson: into ``notebooks/`` for learners, and into the gradebook for a class."""

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
from graders.core.lesson import Lesson
from graders.core.registry import lesson as find_lesson
from graders.core.registry import lessons
from graders.gradebook.course import cause, course, directory, heard, lessons_of, sources_in
from graders.reading.notebook_cells import find_answer, read_notebook
from graders.reading.notebook_release import FILE, release_id, releases_in, renewed, written
from graders.release import overview
from graders.release.source import source_notebook


def release(root: Path, *, lesson: str = "", force: bool = False) -> tuple[Path, ...]:
    """Generate learners' notebooks in the course in ``root``, for one lesson or all of the course's, and return the paths.

    A lesson's sources are the course's own, or else those in its package. The README's table of exercises and the list of
    releases are updated. Old notebooks are replaced only after all of the lesson's new ones are made. The gradebook doesn't
    change. Raises UsageError if a source breaks a rule of its exercises, or if an answer would be lost without ``force``.
    """
    if lesson:
        chosen: tuple[Lesson, ...] = (find_lesson(lesson),)
    elif not (chosen := lessons_of(root)):
        raise UsageError(
            f"The course in {root} has no lesson yet.",
            f"Say which one to release: {', '.join(f'workbook release {one.id}' for one in lessons())}.",
        )
    written = tuple(path for one in chosen for path in _released(root, one, force=force))
    overview.write(root, [exercise for one in lessons_of(root) for exercise in one.every()])
    return written


def _released(root: Path, lesson: Lesson, *, force: bool) -> tuple[Path, ...]:
    app = course(root, lesson.id)
    app.update_config(Config(GenerateAssignment={"no_database": True}, SaveCells={"enabled": False}))
    destination = directory(app, "release_directory")
    if not force and (answered := answers_in(destination, lesson)):
        raise UsageError(
            f"Answers in {destination} would be lost: {', '.join(answered)}.",
            "Copy the notebooks to another folder first, or use --force.",
        )
    with tempfile.TemporaryDirectory(prefix="workbook-") as scratch:
        made = _generate(app, Path(scratch))
        destination.mkdir(parents=True, exist_ok=True)
        for stale in set(destination.glob("*.ipynb")) - {destination / path.name for path in made}:
            stale.unlink()
        digests = {path.stem: release_id(read_notebook(path)) for path in made if path.suffix == ".ipynb"}
        today = f"{datetime.now(UTC):%Y-%m-%d}"
        (destination / FILE).write_text(written(renewed(releases_in(destination), digests, today)), encoding="utf-8")
        return tuple(_replace(path, destination / path.name) for path in made)


def answers_in(folder: Path, lesson: Lesson) -> tuple[str, ...]:
    """Return the exercises of a lesson with a started answer in the notebooks of a folder."""
    if not folder.is_dir():
        return ()
    return tuple(e.name for e in lesson.every() if _is_begun(e, folder / f"{e.section}.ipynb"))


def _is_begun(exercise: Exercise[Any, Any], path: Path) -> bool:
    if not path.is_file():
        return False
    try:
        found = find_answer(read_notebook(path), exercise.name, exercise.is_started)
    except AnswerError:
        return False  # not a notebook, so it has no answer
    return found is not None and bool(found.problem or exercise.is_started(found.text))


def enrol(app: NbGrader) -> None:
    """Add the lesson's assignment to the course's gradebook, from its current sources.

    Raises UsageError if a source breaks a rule, or if exercises were added or removed after a class was graded.
    """
    with tempfile.TemporaryDirectory(prefix="workbook-") as scratch:
        _generate(app, Path(scratch))


def _generate(app: NbGrader, into: Path) -> list[Path]:
    """Run the converter into a separate folder, because after a failure it deletes its output folder."""
    lesson, coursedir = find_lesson(app.coursedir.assignment_id), app.coursedir
    kept = coursedir.source_directory, coursedir.release_directory
    coursedir.release_directory = str(into / "released")
    if not sources_in(app, lesson.id) and lesson.sources.is_dir():
        # An installed package must not be changed.
        coursedir.source_directory = str(into / "sources")
        ignored = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints", "*.ipynb")
        shutil.copytree(lesson.sources, into / "sources" / lesson.id, ignore=ignored)
    try:
        write_sources(app, lesson)
        with heard(app) as said:
            GenerateAssignment(coursedir=coursedir, parent=app, force=True).start()
    except NbGraderException:
        raise UsageError(f"nbgrader can't generate the assignment: {cause(said)}") from None
    finally:
        coursedir.source_directory, coursedir.release_directory = kept
    return sorted(path for path in (into / "released" / lesson.id).iterdir() if path.is_file())


def write_sources(app: NbGrader, lesson: Lesson) -> None:
    """Write the ``.ipynb`` beside each py:percent source, because ``nbgrader`` reads notebooks there."""
    folder, texts = directory(app, "source_directory", assignment=lesson.id), sources_in(app, lesson.id)
    if not texts:
        raise UsageError(
            f"The sources of {lesson.id} are missing in {folder}.", "Only a copy with solutions can release notebooks."
        )
    strays = sorted(path.name for path in folder.glob("*.ipynb") if path.with_suffix(".py") not in texts)
    if strays:
        raise UsageError(f"{strays[0]} in {folder} has no .py beside it.", "Delete it, or move it to another folder.")
    for text in texts:
        written = nbformat.writes(source_notebook(text, lesson)) + "\n"
        path = text.with_suffix(".ipynb")
        if not path.exists() or path.read_text(encoding="utf-8") != written:
            path.write_text(written, encoding="utf-8")


def _replace(made: Path, destination: Path) -> Path:
    # A move within one folder is atomic: a program that reads the notebook sees either the old or the new one.
    beside = destination.with_name(f".{destination.name}.new")
    shutil.copyfile(made, beside)
    os.replace(beside, destination)  # noqa: PTH105  says what it does
    return destination
