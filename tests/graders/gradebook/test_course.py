"""Which folder is the course: release, lab and grade agree on it, and a submission never is."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cluster.errors import UsageError
from graders.gradebook.course import course_folder, course_near, lessons_of
from tests.support.course import ROOT, new_course

CONFIG = "nbgrader_config.py"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course with folders in it."""
    folder = tmp_path / "course"
    (folder / "materials/week-1").mkdir(parents=True)
    shutil.copy(ROOT / CONFIG, folder)
    return folder


@pytest.mark.parametrize("within", ["", "materials", "materials/week-1"])
def test_here_or_above(course: Path, within: str) -> None:
    """The course is the nearest folder, from the current one upwards, with the workbook's configuration."""
    assert course_folder(course / within) == course


def test_none(tmp_path: Path) -> None:
    """Without a course, one sentence names the searched folders."""
    assert course_near(tmp_path) is None
    with pytest.raises(UsageError, match="There is no course here") as raised:
        course_folder(tmp_path)
    assert str(tmp_path) in raised.value.problem


def test_another_course(course: Path) -> None:
    """A configuration of nbgrader without the workbook's plug-in doesn't make a course, and neither does one above it."""
    other = course / "materials"
    (other / CONFIG).write_text("c = get_config()\n", encoding="utf-8")
    assert course_near(other / "week-1") is None
    with pytest.raises(UsageError, match=r"doesn't name graders\.gradebook"):
        course_folder(other / "week-1")


@pytest.mark.parametrize("step", ["submitted", "autograded", "feedback", "Submitted"])
def test_never_in_submissions(course: Path, step: str) -> None:
    """A folder inside submissions is never a course; the error names the course around it."""
    inside = course / step / "mallory/x"
    inside.mkdir(parents=True)
    shutil.copy(ROOT / CONFIG, inside)
    for folder in (inside, inside.parent, inside.parent.parent):
        with pytest.raises(UsageError, match="students' submissions") as raised:
            course_folder(folder)
        assert f"{course}," in raised.value.hint


def test_handed_in_elsewhere(tmp_path: Path) -> None:
    """In a folder of submissions outside a course, a configuration above the current folder is ignored."""
    student = tmp_path / "submitted/mallory"
    (student / "ps1").mkdir(parents=True)
    shutil.copy(ROOT / CONFIG, student)
    assert course_near(student / "ps1") is None


def test_which_lessons(tmp_path: Path, course: Path) -> None:
    """A course has exactly the installed lessons with sources or released notebooks in it."""
    assert lessons_of(course) == ()
    full = new_course(tmp_path / "full")
    assert [one.id for one in lessons_of(full)] == ["application-platform"]
    shutil.rmtree(full / "solutions")
    assert [one.id for one in lessons_of(full)] == ["application-platform"]
