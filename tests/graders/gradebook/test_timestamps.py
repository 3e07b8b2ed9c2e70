"""The time of a submission."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cluster.errors import AnswerError
from graders.gradebook.timestamps import TIMESTAMP, handed_in_at


@pytest.mark.parametrize(
    ("written", "time"),
    [
        ("2026-09-01 12:00:00.123 UTC", datetime(2026, 9, 1, 12, 0, 0, 123000, tzinfo=UTC)),
        ("2026-09-01 12:00:00 Europe/Berlin\n", datetime(2026, 9, 1, 10, tzinfo=UTC)),
        ("2026-09-01T12:00:00+02:00", datetime(2026, 9, 1, 10, tzinfo=UTC)),
        ("2026-09-01 12:00:00", datetime(2026, 9, 1, 12, tzinfo=UTC)),
        ("\ufeff2026-09-01 12:00:00 UTC", datetime(2026, 9, 1, 12, tzinfo=UTC)),
        ("2026-09-01 12:00:00 NOWHERE", datetime(2026, 9, 1, 12, tzinfo=UTC)),
    ],
)
def test_times(tmp_path: Path, written: str, time: datetime) -> None:
    """A time is read as nbgrader reads it: in UTC, from any zone."""
    (tmp_path / TIMESTAMP).write_text(written, encoding="utf-8")
    assert handed_in_at(tmp_path) == time.replace(tzinfo=None)


def test_no_time(tmp_path: Path) -> None:
    """A missing or an empty file means no time, and is no error."""
    assert handed_in_at(tmp_path) is None
    (tmp_path / TIMESTAMP).write_text(" \n")
    assert handed_in_at(tmp_path) is None


@pytest.mark.parametrize(
    "written",
    [
        b"yesterday, I think",
        "2026-09-01 12:00:00 UTC".encode("utf-16"),
        b"1900-01-01 00:00:00 UTC",
        b"99999-01-01 00:00:00 UTC",
        b"2026-99-99 00:00:00 UTC",
        b"2026-09-01 12:00:00 /etc/localtime",
        b"2026-09-01 12:00:00 ../../zone",
        b"2026-09-01 12:00:00 Europe/../../../zone",
        b"10h222222222222222222222222222222m",
        "2026\u201109\u201101".encode(),
        b"2026-09-01 " * 1000,
        b"9" * 5000,
        b"\x00",
    ],
)
def test_what_is_no_time(tmp_path: Path, written: bytes) -> None:
    """An impossible time is an error, unlike a missing one."""
    (tmp_path / TIMESTAMP).write_bytes(written)
    with pytest.raises(AnswerError, match=r"timestamp\.txt isn't a time, so it was graded without one\."):
        handed_in_at(tmp_path)


def test_what_is_no_file(tmp_path: Path) -> None:
    """A folder, a named pipe and a link are errors at once."""
    for make in (Path.mkdir, os.mkfifo, lambda path: path.symlink_to("/etc/hostname")):
        path = tmp_path / f"{make!r:.20}".replace("/", "") / TIMESTAMP
        path.parent.mkdir()
        make(path)
        with pytest.raises(AnswerError, match="isn't a time"):
            handed_in_at(path.parent)
