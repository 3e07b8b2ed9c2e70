"""A ``timestamp.txt`` without a time costs no points."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace

import pytest
from jinja2 import Environment
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory

from graders.classroom import Outcome, grade
from graders.notebook.lab_server import _start_jupyter_server_extension
from tests.support.course import ASSIGNMENT, SECTION, answered, enrolled_course, grades, hand_in, nbgrader
from tests.support.drawing import DRAWING

NO_TIMES = {
    "text": b"yesterday, I think",
    "utf-16": "2026-09-01 12:00:00 UTC".encode("utf-16"),
    "long ago": b"1900-01-01 00:00:00 UTC",
    "far ahead": b"99999-01-01 00:00:00 UTC",
    "another file": b"2026-09-01 12:00:00 /etc/localtime",
}


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course in which only ada's ``timestamp.txt`` has a time."""
    enrolled_course(tmp_path, SECTION)
    for student in ("ada", "folder", *NO_TIMES):
        hand_in(tmp_path, student, answered(diagram=DRAWING))
    timestamp(tmp_path, "ada").write_text("2026-09-01 12:00:00 UTC")
    timestamp(tmp_path, "ada").with_name("submission_secret.txt").write_text("secret")
    timestamp(tmp_path, "folder").mkdir()
    for student, written in NO_TIMES.items():
        timestamp(tmp_path, student).write_bytes(written)
    return tmp_path


def timestamp(course: Path, student: str, step: str = "submitted") -> Path:
    return course / step / student / ASSIGNMENT / "timestamp.txt"


def times(course: Path) -> dict[str, str]:
    """The time of each submission in the gradebook."""
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        return {s.student_id: str(s.timestamp) for s in gradebook.assignment_submissions(ASSIGNMENT)}


def test_graded_without_a_time(course: Path) -> None:
    """A submission with an invalid timestamp is still graded, and the message names the file."""
    rows = {row.student: row for row in grade(course)}
    assert {row.outcome for row in rows.values()} == {Outcome.GRADED}
    assert {row.score for row in rows.values()} == {20}
    assert rows.pop("ada").note == ""
    assert {row.note for row in rows.values()} == {"timestamp.txt isn't a time, so it was graded without one."}
    assert times(course) == {"ada": "2026-09-01 12:00:00", **dict.fromkeys(rows, "None")}
    assert timestamp(course, "ada", "autograded").read_text() == "2026-09-01 12:00:00 UTC"


def test_plain_nbgrader(course: Path) -> None:
    """nbgrader's own commands do the same and name the student; the files for its exchange are beside the notebooks."""
    for command in ("autograde", "generate_feedback"):
        for force in ((), ("--force",)):
            done = nbgrader(course, command, ASSIGNMENT, *force)
            assert done.returncode == 0, done.stderr
            if command == "autograde":
                said = [line for line in done.stderr.splitlines() if "timestamp.txt isn't a time" in line]
                assert [student for student in NO_TIMES if not any(f"{student}: " in line for line in said)] == []
    assert {score for one in grades(course).values() for score, _ in one.values()} == {0.0, 20.0}
    assert times(course) == {"ada": "2026-09-01 12:00:00", **dict.fromkeys(("folder", *NO_TIMES), "None")}
    for name in ("timestamp.txt", "submission_secret.txt"):
        assert [path.parent.parent.name for path in (course / "autograded").rglob(name)] == ["ada"]


def test_formgraders_lists(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is graded, formgrader in ``workbook lab`` lists all students, with the one valid time."""
    monkeypatch.setattr(NbGraderAPI, "get_submitted_timestamp", NbGraderAPI.get_submitted_timestamp)
    coursedir = CourseDirectory(root=str(course), source_directory="solutions")
    settings = {"nbgrader_jinja2_env": Environment(autoescape=False)}  # noqa: S701
    server = SimpleNamespace(web_app=SimpleNamespace(settings=settings))
    asyncio.run(_start_jupyter_server_extension(server))
    seen = {one["student"]: one["timestamp"] for one in NbGraderAPI(coursedir=coursedir).get_submissions(ASSIGNMENT)}
    assert seen == {"ada": "2026-09-01T12:00:00", **dict.fromkeys(("folder", *NO_TIMES))}
