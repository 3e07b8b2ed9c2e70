"""Answers that can be run for real, beside being judged: which exercises have them, and on what they run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cluster import KIND
from cluster.errors import UsageError
from graders.core.exercise import Exercise
from graders.core.registry import exercise, exercises
from graders.core.shown import Shown

Run = Callable[[str, Callable[[Shown], None], str, str], object]
"""Runs a text and shows it, again and again, on a world and a kubeconfig context."""


def runnable(name: str, on: str = "") -> tuple[Exercise[Any, Any], Run]:
    """The exercise of that name and what runs its answers, if they can be run on that. Raises UsageError."""
    if on not in ("", KIND):
        raise UsageError(f"An answer can't be run on “{on[:40]}”.", f"Leave it out for this machine, or say {KIND}.")
    chosen = exercise(name)
    if chosen.run is None:
        raise UsageError(f"{name} can't be run.", f"These can: {', '.join(runnables())}.")
    return chosen, chosen.run


def runnables() -> tuple[str, ...]:
    """The names of the exercises whose answers can be run."""
    return tuple(one.name for one in exercises() if one.run is not None)
