"""Steps of the grading that go wrong for ben. They run in the child process, which imports them by name."""

from __future__ import annotations

import os
import signal
from typing import Any

from graders.classroom.reading import read
from graders.classroom.writing import write

KEPT: list[bytearray] = []


def spin(desk: Any, folders: Any, *rest: Any) -> Any:
    """Use the processor forever."""
    while folders.student == "ben":
        pass
    return _as_usual(desk, folders, *rest)


def grow(desk: Any, folders: Any, *rest: Any) -> Any:
    """Allocate memory without end."""
    while folders.student == "ben":
        KEPT.append(bytearray(2**20))
    return _as_usual(desk, folders, *rest)


def die(desk: Any, folders: Any, *rest: Any) -> Any:
    """End the process without a result."""
    if folders.student == "ben":
        os._exit(1)
    return _as_usual(desk, folders, *rest)


def fall(desk: Any, folders: Any, *rest: Any) -> Any:
    """Raise an error that has no sentence."""
    if folders.student == "ben":
        raise RuntimeError("the sky fell")
    return _as_usual(desk, folders, *rest)


def interrupt(desk: Any, folders: Any, *rest: Any) -> Any:
    """Get Ctrl-C."""
    if folders.student == "ben":
        signal.raise_signal(signal.SIGINT)
    return _as_usual(desk, folders, *rest)


def _as_usual(desk: Any, folders: Any, *rest: Any) -> Any:
    return write(desk, folders, *rest) if rest else read(desk, folders)
