"""The installed lessons, and their exercises by name.

A lesson is an entry point of the group ``workbook.lessons`` whose name is the lesson's id and whose value is its ``LESSON``.
The engine knows no lesson by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from cluster.errors import UsageError, WorldError
from cluster.text.names import nearest
from graders.core.exercise import Exercise
from graders.core.lesson import Lesson

GROUP = "workbook.lessons"


def entries() -> tuple[EntryPoint, ...]:
    """The entry points of the installed lessons, sorted by name."""
    return tuple(sorted(entry_points(group=GROUP), key=lambda entry: entry.name))


@cache
def ids() -> frozenset[str]:
    """The ids of the installed lessons, including those that can't be loaded. It imports no lesson."""
    return frozenset(entry.name for entry in entries())


def is_lesson(assignment: str) -> bool:
    """Whether an assignment belongs to an installed lesson."""
    return assignment in ids()


@cache
def lessons() -> tuple[Lesson, ...]:
    """Every installed lesson.

    Raises WorldError if no lesson is installed, if one can't be loaded, or if two have an exercise of the same name.
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
                    "Rename one of the exercises, or uninstall a lesson.",
                )
    return found


def _lesson(entry: EntryPoint) -> Lesson:
    try:
        lesson = entry.load()
    except Exception as error:
        raise WorldError(
            f"The lesson {entry.name} can't be loaded: {error}.",
            "Install its package again, or uninstall it. For details run “workbook doctor”.",
        ) from error
    if not isinstance(lesson, Lesson):
        raise WorldError(f"{entry.value} isn't a lesson.", "The entry point must name a graders.core.lesson.Lesson.")
    if lesson.id != entry.name:
        raise WorldError(
            f"The lesson {lesson.id} is registered as {entry.name}.",
            f"Register it as {lesson.id}, in its pyproject.toml.",
        )
    return lesson


@cache
def exercises() -> tuple[Exercise[Any, Any], ...]:
    """Every exercise of every lesson, in the learner's order."""
    return tuple(exercise for lesson in lessons() for exercise in lesson.every())


def names() -> tuple[str, ...]:
    """The names of all exercises, in order. It imports no exercise."""
    return tuple(name for lesson in lessons() for name in lesson.exercises)


def in_order(found: Iterable[str]) -> list[str]:
    """Sort names of exercises as the lessons have them; names of no exercise come last, as they are."""
    places = {name: place for place, name in enumerate(names())}
    return sorted(found, key=lambda name: places.get(name, len(places)))


def owners() -> Mapping[str, Lesson]:
    """The lesson of each exercise, by the exercise's name."""
    return {name: lesson for lesson in lessons() for name in lesson.exercises}


def exercise(name: object) -> Exercise[Any, Any]:
    """The exercise with that name. Raises UsageError for an unknown name, with the nearest known one."""
    every = owners()
    if isinstance(name, str) and name in every:
        return every[name].load(name)
    if not isinstance(name, str) or not name:
        raise UsageError(
            "Name an exercise, in quotes.",
            f'For example check("{next(iter(every))}"). There are: {", ".join(every)}.',
        )
    near = nearest(name, every)
    meant = f"Did you mean “{near}”? " if near else ""
    raise UsageError(f"There is no exercise called “{name[:60]}”.", f"{meant}There are: {', '.join(every)}.")


def find(name: str) -> Exercise[Any, Any] | None:
    """The exercise with that name, or None if no lesson has one."""
    owner = owners().get(name)
    return owner.load(name) if owner else None


def lesson(identity: str = "") -> Lesson:
    """The lesson with that id; without an id, the only installed lesson.

    Raises UsageError if no lesson has that id, or if the id is empty and several lessons are installed. The message
    lists the installed lessons.
    """
    if not identity and len(lessons()) == 1:
        return lessons()[0]
    if not identity:
        raise UsageError(
            "Name a lesson: several are installed.", f"Installed are: {', '.join(one.id for one in lessons())}."
        )
    for one in lessons():
        if one.id == identity:
            return one
    raise UsageError(
        f"There is no lesson called “{identity[:60]}”.", f"Installed are: {', '.join(one.id for one in lessons())}."
    )
