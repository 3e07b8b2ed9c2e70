"""``workbook grade`` writes what nbgrader's own commands write, one student after the other."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest

from graders.classroom import grade
from tests.support.course import ASSIGNMENT, answered, class_course, enrolled_course, hand_in, nbgrader
from tests.support.drawing import DRAWING
from tests.support.gradebook_rows import rows

DURATION = re.compile(r"<!-- \w+ -->|(?<=Judged by )[^<\"]*")
"""What differs between two judgments of the same answer: how long they took, and so a page's stamp."""
POLICY = '\nc.LateSubmissionPlugin.penalty_method = "zero"\n'


def class_in(folder: Path) -> Path:
    """A class with missing, unreadable and hostile notebooks, and submissions on time and late."""
    folder.mkdir()
    course = class_course(folder, "ada", "ben", "finn", "gina", "mika")
    for student, day in (("ada", "01"), ("ben", "20")):
        (course / "submitted" / student / ASSIGNMENT / "timestamp.txt").write_text(f"2026-09-{day} 12:00:00 UTC")
    (course / "submitted/ada" / ASSIGNMENT / "submission_secret.txt").write_text("secret")
    with (course / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write(POLICY)
    with sqlite3.connect(course / "gradebook.db") as gradebook:
        gradebook.execute("update assignment set duedate = '2026-09-10 00:00:00.000000'")
    gradebook.close()
    return course


def written(course: Path) -> dict[str, tuple[int, str]]:
    """The mode and text of each saved notebook and page of feedback, without what differs between two judgments."""
    files = [path for step in ("autograded", "feedback") for path in (course / step).rglob("*") if path.is_file()]
    return {
        str(path.relative_to(course)): (path.stat().st_mode, DURATION.sub("", path.read_text(encoding="utf-8")))
        for path in files
    }


def by_nbgrader(course: Path) -> None:
    """Grade with nbgrader's own commands."""
    for command in ("autograde", "generate_feedback"):
        done = nbgrader(course, command, ASSIGNMENT, "--force")
        assert done.returncode == 0, done.stderr


def score_by_hand(course: Path) -> None:
    """Give scores and comments as a person does in formgrader."""
    with sqlite3.connect(course / "gradebook.db") as gradebook:
        gradebook.execute("update grade set manual_score = 0.5, extra_credit = 0.25 where auto_score > 1")
        gradebook.execute("update comment set manual_comment = 'Good *work*.' where auto_comment is not null")
    gradebook.close()


def test_all_tables_and_files(tmp_path: Path) -> None:
    """All tables but ids, and all files, are those of ``nbgrader autograde`` and ``nbgrader generate_feedback``.

    This also holds after a person gave scores, and another file was handed in.
    """
    ours, theirs = class_in(tmp_path / "ours"), class_in(tmp_path / "theirs")
    grade(ours)
    by_nbgrader(theirs)
    first = rows(ours)
    assert first == rows(theirs)
    assert {row for row in first["submitted_notebook"] if ("late_submission_penalty", "None") not in row}
    assert written(ours) == written(theirs)
    for course in (ours, theirs):
        score_by_hand(course)
        hand_in(course, "ada", answered(diagram=DRAWING))
    grade(ours, force=True)
    by_nbgrader(theirs)
    assert rows(ours) == rows(theirs) != first
    assert written(ours) == written(theirs)


@pytest.mark.parametrize("file", ["autograded", "feedback"])
def test_what_is_missing_is_written_again(tmp_path: Path, file: str) -> None:
    """A saved notebook or a page that is gone is written again; all others stay as they are."""
    course = enrolled_course(tmp_path, "06-hands-on")
    for student in ("ada", "ben"):
        hand_in(course, student, answered(diagram=DRAWING))
    first = grade(course)
    before, times = written(course), {path: path.stat().st_mtime_ns for path in course.rglob("*/ben/**/06-hands-on.*")}
    gone = next((course / file / "ada").rglob("06-hands-on.*"))
    gone.unlink()
    assert grade(course) == first
    assert written(course) == before
    assert {path: path.stat().st_mtime_ns for path in times} == times


def test_a_persons_score_changes_the_page(tmp_path: Path) -> None:
    """After a person gave a score, only the page of feedback changes."""
    course = enrolled_course(tmp_path, "06-hands-on")
    hand_in(course, "ada", answered(diagram=DRAWING))
    grade(course)
    before = written(course)
    with sqlite3.connect(course / "gradebook.db") as gradebook:
        gradebook.execute("update grade set manual_score = 17 where auto_score = 20")
    gradebook.close()
    assert grade(course)[0].score == 17
    changed = {name for name, content in written(course).items() if content != before[name]}
    assert changed == {f"feedback/ada/{ASSIGNMENT}/06-hands-on.html"}
    assert "17 / 20" in (course / changed.pop()).read_text(encoding="utf-8")
