"""One grading of a course at a time: a lock that the system releases when its process ends, however it ends."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cluster.errors import NotJudgedError

try:
    import fcntl
except ImportError:  # Windows lacks it: there two gradings aren't told apart
    fcntl = None  # type: ignore[assignment]

FILE = ".workbook/grade.lock"


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Hold the lock of the course in ``root`` inside the block.

    Raises NotJudgedError if another process grades the course, or if the course's folder can't be written to.
    """
    path = root / FILE
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+", encoding="ascii")
    except OSError as error:
        raise NotJudgedError(
            f"{path.parent} can't be written to: {error.strerror}.", "Check its owner and permissions, and try again."
        ) from None
    with file:
        try:
            if fcntl is not None:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            by = file.read(20).strip()
            raise NotJudgedError(
                f"Another “workbook grade” is grading this course{f' (process {by})' if by.isdecimal() else ''}.",
                "Wait until it has ended, then grade again: finished grades are kept.",
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        try:
            yield
        finally:
            with suppress(OSError):
                file.truncate(0)
