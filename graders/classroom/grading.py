"""Grade a class: read and judge side by side, save many students at a time, and write what changed side by side.

A failure affects only one student. The gradebook is changed before the files are written, so a student has the new scores or
none; what an interrupt left out is done by the next run.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy.exc import OperationalError

from cluster import KIND
from cluster.limits import GRADING_PROCESSES
from cluster.python import without_python_variables
from graders.classroom.book import Book
from graders.classroom.desk import Desk, Folders
from graders.classroom.lock import locked
from graders.classroom.opening import configured, folders, opened, other_steps
from graders.classroom.outcomes import result
from graders.classroom.reading import HandedIn
from graders.classroom.results import Graded
from graders.classroom.rows import SubmissionRow, marks
from graders.classroom.submission_steps import CHILDREN, Examined, examine, publish
from graders.classroom.submitted import students_in
from graders.classroom.writing import Changes
from graders.gradebook.budgets import new_budget
from graders.gradebook.course import quiet_queries, unusable
from graders.gradebook.feedback import stamp
from graders.gradebook.student_names import name_problem

BATCH = 64
"""At most this many students are saved in one transaction."""
AHEAD = 4
"""So many students for each process are examined before they are saved."""

Progress = Callable[[Graded, int, int], None]
"""Called after each student, with the result, the number of graded students, and the number of all."""


def grade(
    root: Path, students: Collection[str] = (), *, assignment: str = "", force: bool = False, world: str | None = None, context: str = "",
    feedback: bool = True, progress: Progress = lambda _graded, _done, _of: None, executor: Executor | None = None,
    remark: Callable[[str], None] = lambda _said: None,
) -> tuple[Graded, ...]:  # fmt: skip
    """Grade the class in ``root``, write its feedback, and return each student's result, by name.

    A student whose files and world haven't changed isn't graded again, except with ``force``. The assignment is first added
    to the gradebook. ``remark`` gets a sentence about steps of the configuration that aren't run. Without ``feedback`` no page
    is written; a later run writes those that are missing. ``executor`` runs the steps that don't touch the gradebook; by
    default, threads with a process each.

    Raises UsageError if there is nothing to grade, or the world doesn't exist, and NotJudgedError if the gradebook can't be
    used or another process grades this course. After an interrupt, each student is either graded or without a score.
    """
    root = root.resolve()
    app = configured(root, assignment, world, context)
    with quiet_queries(), without_python_variables(), locked(root):  # nbgrader starts alembic
        try:
            if others := other_steps(app):
                remark(others)
            desk = opened(app, root, force=force, feedback=feedback)
            found = [folders(app, student) for student in students_in(app, students)]
            with Book(app, desk.releases) as book, _executor(executor, desk) as running:
                return _Class(desk, book, running, progress, len(found)).grade(found)
        except OperationalError as error:
            raise unusable(error.orig) from None


@contextmanager
def _executor(given: Executor | None, desk: Desk) -> Iterator[Executor]:
    """Yield the executor, or else threads; after an error what isn't begun is dropped, and what runs is interrupted."""
    # On a real cluster one answer is judged after the other.
    running = given or ThreadPoolExecutor(1 if desk.judgments.world == KIND else processes())
    try:
        yield running
    except BaseException:
        CHILDREN.interrupt()
        if given is None:
            running.shutdown(cancel_futures=True)
        raise
    if given is None:
        running.shutdown()


def processes() -> int:
    """Return how many processes work side by side: one for each processor, up to a limit."""
    return min(os.cpu_count() or 1, GRADING_PROCESSES)


class _Class:
    """A class that is being graded. Only this thread touches the gradebook."""

    def __init__(self, desk: Desk, book: Book, executor: Executor, progress: Progress, of: int) -> None:
        self._desk, self._book, self._executor = desk, book, executor
        self._progress, self._of = progress, of
        self._graded: dict[str, Graded] = {}
        self._examining: set[Future[Examined]] = set()
        self._publishing: dict[Future[str], tuple[Examined, SubmissionRow]] = {}

    def grade(self, found: list[Folders]) -> tuple[Graded, ...]:
        """Take all students through the steps, in any order, and return the results by name."""
        todo, ready = iter(found), list[Examined]()
        ahead = AHEAD * processes()
        while len(self._graded) < len(found):
            while len(self._examining) < ahead and len(ready) < BATCH and (one := next(todo, None)) is not None:
                problem = name_problem(one.student)
                if problem:
                    ready.append(Examined(one, HandedIn(), new_budget(), problem=problem))
                else:
                    self._examining.add(self._executor.submit(examine, self._desk, one, new_budget()))
            if len(ready) >= BATCH or (ready and not self._examining):
                self._save(ready)
                ready.clear()
                continue
            running: list[Future[Any]] = [*self._examining, *self._publishing]
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                if future in self._examining:
                    self._examining.discard(future)
                    ready.append(future.result())
                else:
                    self._published(future, ready)
        return tuple(self._graded[one.student] for one in found)

    def _save(self, batch: list[Examined]) -> None:
        """Save a batch in one transaction, and begin to write the files that changed."""
        rows = self._book.save(batch)
        for one in batch:
            row = rows.get(one.folders.student)
            if one.problem or row is None:
                for folder in (one.folders.autograded, one.folders.feedback):
                    shutil.rmtree(folder, ignore_errors=True)
                self._finish(one, row)
            elif (changes := self._changes(one, row)) is None:
                self._finish(one, row)
            else:
                future = self._executor.submit(publish, self._desk, one.folders, changes, one.budget)
                self._publishing[future] = one, row

    def _published(self, future: Future[str], ready: list[Examined]) -> None:
        """Finish a student whose files are written; one whose files can't be written loses the scores again."""
        one, row = self._publishing.pop(future)
        problem = future.result()
        if problem:
            ready.append(replace(one, problem=problem))
        else:
            self._finish(one, row)

    def _changes(self, one: Examined, row: SubmissionRow) -> Changes | None:
        """Return what to write for a student, or None if nothing changed."""
        read = one.handed_in.notebooks
        saved = {name: notebook.digest for name, notebook in read.items() if not notebook.is_current}
        pages = {}
        for name, notebook in read.items() if self._desk.feedback else ():
            shown = marks(row.notebooks[name], self._desk.releases[name])
            judged = {check: one.judged[check] for check in row.notebooks[name].grades if check in one.judged}
            if self._desk.force or name in saved or notebook.stamp != stamp(notebook.digest, judged, shown):
                pages[name] = shown
        if not saved and not pages and not one.handed_in.strays:
            return None
        return Changes(tuple(read), saved, pages, one.outputs, one.beside)

    def _finish(self, one: Examined, row: SubmissionRow | None) -> None:
        graded = result(row, one, self._desk.releases)
        self._graded[graded.student] = graded
        self._progress(graded, len(self._graded), self._of)
