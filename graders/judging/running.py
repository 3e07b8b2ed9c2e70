"""Answers that can be run for real, beside being judged: which exercises have them, and on what they run."""

from __future__ import annotations

from typing import Any

from cluster import KIND
from cluster.errors import UsageError
from graders.core.exercise import Exercise
from graders.core.registry import exercise, exercises


def runnable(name: str, on: str = "") -> Exercise[Any, Any]:
    """The exercise of that name, if its answers can be run on that. Raises UsageError."""
    if on not in ("", KIND):
        raise UsageError(f"An answer can't be run on “{on[:40]}”.", f"Leave it out for this machine, or say {KIND}.")
    chosen = exercise(name)
    if chosen.run is None:
        raise UsageError(f"{name} can't be run.", f"These can: {', '.join(runnables())}.")
    return chosen


def runnables() -> tuple[str, ...]:
    """The names of the exercises whose answers can be run."""
    return tuple(one.name for one in exercises() if one.run is not None)
