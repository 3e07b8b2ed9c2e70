"""The lessons that are installed, and their exercises by name.

A lesson is an entry point of the group ``workbook.lessons`` whose name is the lesson's id and whose value is its ``LESSON``.
The engine knows no lesson by name.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from cluster.errors import UsageError, WorldError
from graders.core.exercise import Exercise
from graders.core.lesson import Lesson

GROUP = "workbook.lessons"


def entries() -> tuple[EntryPoint, ...]:
    """The entry points of lessons that this Python has, in the order of their names."""
    return tuple(sorted(entry_points(group=GROUP), key=lambda entry: entry.name))


@cache
def ids() -> frozenset[str]:
    """The ids of the lessons that are installed, also of those that can't be loaded. None is imported."""
    return frozenset(entry.name for entry in entries())


def is_lesson(assignment: str) -> bool:
    """Whether an assignment is an installed lesson's."""
    return assignment in ids()


@cache
def lessons() -> tuple[Lesson, ...]:
    """Every lesson that is installed.

    Raises WorldError where there is none, where one can't be loaded, and where two have an exercise of the same name.
    """
    found = tuple(map(_lesson, entries()))
    if not found:
        raise WorldError("No lesson is installed.", "Run “make setup” in the workbook's folder, and try again.")
    owner: dict[str, Lesson] = {}
    for lesson in found:
        for name in lesson.exercises:
            if owner.setdefault(name, lesson) is not lesson:
                raise WorldError(
                    f"Two lessons have an exercise “{name}”: {owner[name].id} and {lesson.id}.",
                    "Rename one of the two, or uninstall a lesson.",
                )
    return found


def _lesson(entry: EntryPoint) -> Lesson:
    try:
        lesson = entry.load()
    except Exception as error:
        raise WorldError(
            f"The lesson {entry.name} can't be loaded: {error}.",
            "Install its package again, or uninstall it. “workbook doctor” says more.",
        ) from error
    if not isinstance(lesson, Lesson):
        raise WorldError(f"{entry.value} isn't a lesson.", "The entry point has to name a graders.core.lesson.Lesson.")
    if lesson.id != entry.name:
        raise WorldError(
            f"The lesson {lesson.id} is registered as {entry.name}.",
            f"Give both one name: {lesson.id}, in its pyproject.toml.",
        )
    return lesson


@cache
def exercises() -> tuple[Exercise[Any, Any], ...]:
    """Every exercise of every lesson, in the order in which learners meet them."""
    return tuple(exercise for lesson in lessons() for exercise in lesson.every())


def names() -> tuple[str, ...]:
    """The names of all exercises, in order; none of them is imported."""
    return tuple(name for lesson in lessons() for name in lesson.exercises)


def owners() -> Mapping[str, Lesson]:
    """The lesson of each exercise, by the exercise's name."""
    return {name: lesson for lesson in lessons() for name in lesson.exercises}


def exercise(name: object) -> Exercise[Any, Any]:
    """The exercise of that name. Raises UsageError for a name that doesn't exist, with the nearest one that does."""
    every = owners()
    if isinstance(name, str) and name in every:
        return every[name].load(name)
    if not isinstance(name, str) or not name:
        raise UsageError(
            "Say which exercise you mean, in quotes.",
            f'For example check("{next(iter(every))}"). There are: {", ".join(every)}.',
        )
    near = difflib.get_close_matches(name, every, n=1)
    meant = f"Did you mean “{near[0]}”? " if near else ""
    raise UsageError(f"There is no exercise called “{name[:60]}”.", f"{meant}There are: {', '.join(every)}.")


def find(name: str) -> Exercise[Any, Any] | None:
    """The exercise of that name, or None where no lesson has one."""
    owner = owners().get(name)
    return owner.load(name) if owner else None


def lesson(identity: str = "") -> Lesson:
    """The lesson with that id, or the only one where none is named.

    Raises UsageError for one that isn't installed, with those that are, and where several are and none is named.
    """
    if not identity and len(lessons()) == 1:
        return lessons()[0]
    if not identity:
        raise UsageError("Say which lesson you mean.", f"Installed are: {', '.join(one.id for one in lessons())}.")
    for one in lessons():
        if one.id == identity:
            return one
    raise UsageError(
        f"There is no lesson called “{identity[:60]}”.", f"Installed are: {', '.join(one.id for one in lessons())}."
    )
