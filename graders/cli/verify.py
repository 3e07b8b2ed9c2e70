"""``workbook verify``: print a line for each exercise, and below it a sentence for each problem."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cluster.errors import UsageError
from graders.authoring.verify import Verified, verify
from graders.cli.exit_codes import NOT_FULL, OK
from graders.core.lesson import Lesson
from graders.core.output import write
from graders.core.registry import exercise, lesson, lessons, owners


def run(root: Path, exercises: Sequence[str], of: str) -> int:
    """Verify the named exercises, or all of a lesson, or all; return 0 if nothing is wrong, or else 1.

    Raises UsageError if an exercise or a lesson doesn't exist, or if the exercise isn't in the lesson.
    """
    chosen = _chosen(exercises, of)
    width = max(len(name) for _, name in chosen)
    wrong = 0
    for owner, name in chosen:
        found = verify(name, owner, root)
        wrong += bool(found.problems)
        _show(found, width)
    if wrong:
        write(f"{wrong} of {len(chosen)} {_exercises(len(chosen))} can't be released yet.")
        return NOT_FULL
    write(f"{len(chosen)} {_exercises(len(chosen))}, nothing wrong.")
    return OK


def _chosen(exercises: Sequence[str], of: str) -> list[tuple[Lesson, str]]:
    among = (lesson(of),) if of else lessons()
    for name in exercises:
        owner = owners()[exercise(name).name]
        if owner not in among:
            raise UsageError(f"{name} isn't in the lesson {of}.", f"It is in {owner.id}: leave out --lesson.")
    return [(one, name) for one in among for name in one.exercises if not exercises or name in exercises]


def _show(found: Verified, width: int) -> None:
    write(f"{'✘' if found.problems else '✔'} {found.exercise:{width}}  {' · '.join(found.facts)}".rstrip())
    for problem in found.problems:
        write(f"    {problem}")


def _exercises(count: int) -> str:
    return "exercise" if count == 1 else "exercises"
