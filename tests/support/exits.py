"""The functions that are registered for Python's exit."""

from __future__ import annotations

import atexit
from collections.abc import Callable

import pytest


def at_exit(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], object]]:
    """The functions that are registered for Python's exit from now on, as long as they are; they aren't called."""
    due: list[Callable[[], object]] = []

    def unregister(function: Callable[[], object]) -> None:
        due[:] = [one for one in due if one != function]

    monkeypatch.setattr(atexit, "register", due.append)
    monkeypatch.setattr(atexit, "unregister", unregister)
    return due
