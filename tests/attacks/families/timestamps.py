"""``timestamp.txt``, which a collector writes, and a student can write too."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.attacks.attack import RIGHT, Attack, Make, right_notebook, sparse

TIMES: dict[str, bytes] = {
    "no time": b"yesterday, I swear",
    "nothing": b"",
    "zero bytes": b"\0" * 100,
    "UTF-16": "2026-03-01 10:00:00 UTC".encode("utf-16"),
    "Latin-1": "2026-03-01 10:00:00 Zürich".encode("latin-1"),
    "the year 0": b"0000-01-01 00:00:00 UTC",
    "the year 1": b"0001-01-01 00:00:00 UTC",
    "the year 1900": b"1900-01-01 00:00:00 UTC",
    "the year 9999": b"9999-12-31 23:59:59 UTC",
    "the year 99999": b"99999-01-01 00:00:00 UTC",
    "a negative year": b"-2026-01-01 00:00:00 UTC",
    "a month 13": b"2026-13-32 25:61:61 UTC",
    "a zone that isn't one": b"2026-03-01 10:00:00 +99:99",
    "seconds since 1970": b"1e400",
    "infinity": b"inf",
    "a number of 100,000 digits": b"9" * 100_000,
    "many lines": b"2026-03-01 10:00:00 UTC\n" * 1000,
    "an escape sequence": b"\x1b]52;c;b3duZWQ=\x07",
    "HTML": b"<img src=x onerror=alert(1)>",
    "a format": b"{student_id} %s %n",
    "code": b"__import__('os').system('touch owned')",
}


def timestamps() -> Iterator[Attack]:
    def timed(make: Callable[[Path], object]) -> Make:
        return lambda _course, folder: make(right_notebook(folder).with_name("timestamp.txt"))

    def written(content: bytes) -> Make:
        return timed(lambda path: path.write_bytes(content))

    for name, content in TIMES.items():
        yield Attack("timestamps", name, written(content), "graded", RIGHT)
    yield Attack("timestamps", "a folder", timed(Path.mkdir), "graded", RIGHT)
    yield Attack("timestamps", "a FIFO", timed(os.mkfifo), "graded", RIGHT)
    yield Attack("timestamps", "a sparse file of 1 GB", timed(lambda path: sparse(path, 2**30)), "graded", RIGHT)
    yield Attack("timestamps", "a file without read rights", timed(lambda path: path.touch(mode=0)), "graded", RIGHT)
