"""The time at which a submission was handed in, from ``timestamp.txt``, and the files that nbgrader's exchange needs.

nbgrader's exchange writes that file, but a student who packs a submission by hand may write anything into it.
"""

from __future__ import annotations

import warnings
from datetime import datetime
from pathlib import Path

from nbgrader.utils import parse_utc

from cluster.errors import AnswerError, UsageError
from cluster.limits import SECRET_BYTES, TIMESTAMP_BYTES
from graders.reading.files import read_bounded

TIMESTAMP = "timestamp.txt"
KEPT = {TIMESTAMP: TIMESTAMP_BYTES, "submission_secret.txt": SECRET_BYTES}
"""Files that are copied with a submission's notebooks, and their limits in bytes: nbgrader's exchange needs them for feedback."""
YEARS = range(2000, 2101)
"""The years that a timestamp may have."""


def handed_in_at(folder: Path) -> datetime | None:
    """Return the time in a submission's ``timestamp.txt``, in UTC, or None if the file is missing or empty.

    Raises AnswerError if the file has no valid time.
    """
    path = folder / TIMESTAMP
    if not path.exists() and not path.is_symlink():
        return None
    problem = AnswerError(
        f"{TIMESTAMP} isn't a time, so it was graded without one.", "A time looks like this: 2026-09-01 12:00:00 UTC."
    )
    try:
        text = read_bounded(path, TIMESTAMP_BYTES, follow=False).decode("utf-8-sig").strip()
        if not text:
            return None
        time = _parsed(text)
    except MemoryError:
        raise
    except Exception:  # dateutil raises many kinds of errors
        raise problem from None
    if time.year not in YEARS:
        raise problem
    return time


def _parsed(text: str) -> datetime:
    if not text.isascii() or ".." in text or any(word.startswith(("/", ".", "~")) for word in text.split(" ")):
        raise ValueError(text)  # nbgrader reads the last word as a time zone, which may be the path of a file
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # nbgrader ignores a zone that dateutil doesn't know
        time: datetime = parse_utc(text)
    return time


def kept_in(folder: Path) -> dict[str, bytes]:
    """Return the valid files of ``KEPT`` in a submission's folder, by name."""
    found = {}
    for name, most in KEPT.items():
        try:
            if name == TIMESTAMP and handed_in_at(folder) is None:
                continue
            found[name] = read_bounded(folder / name, most, follow=False)
        except (AnswerError, UsageError):
            continue
    return found
