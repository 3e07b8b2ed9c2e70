"""The exercises whose answers can also be run for real, and where they run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cluster import KIND
from cluster.errors import UsageError
from graders.core.exercise import Exercise
from graders.core.registry import exercise, exercises
from graders.core.shown import Shown

Run = Callable[[str, Callable[[Shown], None], str, str], object]
"""Runs a text on a world and a kubeconfig context, and shows it repeatedly."""


def runnable(name: str, on: str = "") -> tuple[Exercise[Any, Any], Run]:
    """The exercise with that name, and the function that runs its answers. Raises UsageError if they can't be run there."""
    if on not in ("", KIND):
        raise UsageError(
            f"An answer can't be run on “{on[:40]}”.", f"Leave it out to use this machine, or choose {KIND}."
        )
    chosen = exercise(name)
    if chosen.run is None:
        raise UsageError(f"{name} can't be run.", f"These can: {', '.join(runnables())}.")
    return chosen, chosen.run


def runnables() -> tuple[str, ...]:
    """The names of the exercises whose answers can be run."""
    return tuple(one.name for one in exercises() if one.run is not None)
