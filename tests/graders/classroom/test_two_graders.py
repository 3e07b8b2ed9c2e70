"""Two gradings of a course, and gradings that are killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cluster.errors import NotJudgedError
from graders.classroom import Outcome, grade
from graders.classroom.lock import locked
from tests.support.course import ROOT, SECTION, answered, enrolled_course, grades, hand_in
from tests.support.drawing import DRAWING
from tests.support.gradebook_rows import rows

HALF = "digraph { client -> api -> postgres }"
KILLED = """
import os, signal, sys
from pathlib import Path
from graders.classroom import grading

def killed(function, *, after):
    def wrapped(*arguments, **named):
        result = function(*arguments, **named) if after else None
        os.kill(os.getpid(), signal.SIGKILL)
        return result
    return wrapped

place, when = sys.argv[1].split()
owner, name = (grading.Book, "save") if place == "save" else (grading, place)
setattr(owner, name, killed(getattr(owner, name), after=when == "after"))
grading.grade(Path.cwd())
"""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course in which two students handed in."""
    enrolled_course(tmp_path, SECTION)
    hand_in(tmp_path, "ada", answered(diagram=DRAWING))
    hand_in(tmp_path, "ben", answered(diagram=HALF))
    return tmp_path


def test_two_at_once(course: Path) -> None:
    """A second grading of a course stops at once with a sentence, and no student is reported; a third one grades."""
    with (
        locked(course),
        pytest.raises(NotJudgedError, match=rf"Another “workbook grade”.* \(process {os.getpid()}\)\."),
    ):
        grade(course)
    assert grades(course) == {}
    assert {row.outcome for row in grade(course)} == {Outcome.GRADED}


@pytest.mark.parametrize("place", ["examine before", "save before", "save after", "publish before", "publish after"])
def test_killed(course: Path, tmp_path_factory: pytest.TempPathFactory, place: str) -> None:
    """After a kill in any step each student has the right score or none, and the next run grades the rest."""
    undisturbed = enrolled_course(tmp_path_factory.mktemp("undisturbed"), SECTION)
    hand_in(undisturbed, "ada", answered(diagram=DRAWING))
    hand_in(undisturbed, "ben", answered(diagram=HALF))
    expected = grade(undisturbed)
    done = subprocess.run(
        [sys.executable, "-c", KILLED, place], cwd=course, check=False, capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr
    known = grades(undisturbed)
    assert all(scores == known[student] for student, scores in grades(course).items())
    assert grade(course) == expected
    assert rows(course) == rows(undisturbed)
    written = [sorted(path.relative_to(folder) for step in ("autograded", "feedback") for path in (folder / step).rglob("*.*"))
               for folder in (course, undisturbed)]  # fmt: skip
    assert written[0] == written[1]
