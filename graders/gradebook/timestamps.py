"""When something was handed in: what ``timestamp.txt`` says, where it says a time.

nbgrader's exchange writes that file; whoever packs a submission by hand may put anything there.
"""

from __future__ import annotations

import warnings
from datetime import datetime
from pathlib import Path

from nbgrader.utils import parse_utc

from cluster.errors import AnswerError
from cluster.limits import TIMESTAMP_BYTES
from graders.reading.files import read_bounded

TIMESTAMP = "timestamp.txt"
YEARS = range(2000, 2101)
"""The years in which something may have been handed in."""


def handed_in_at(folder: Path) -> datetime | None:
    """The time in a submission's ``timestamp.txt``, in UTC; None where there is no such file, or it is empty.

    Raises AnswerError where it is there and says no time.
    """
    path = folder / TIMESTAMP
    if not path.exists() and not path.is_symlink():
        return None
    problem = AnswerError(f"{TIMESTAMP} isn't a time, so it was graded without one.", "2026-09-01 12:00:00 UTC is one.")
    try:
        text = read_bounded(path, TIMESTAMP_BYTES, follow=False).decode("utf-8-sig").strip()
        if not text:
            return None
        time = _parsed(text)
    except MemoryError:
        raise
    except Exception:  # dateutil raises whatever its parts do
        raise problem from None
    if time.year not in YEARS:
        raise problem
    return time


def _parsed(text: str) -> datetime:
    if not text.isascii() or ".." in text or any(word.startswith(("/", ".", "~")) for word in text.split(" ")):
        raise ValueError(text)  # nbgrader takes the last word for a time zone, which may be the path of a file
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a zone that dateutil doesn't know is none to nbgrader
        time: datetime = parse_utc(text)
    return time
