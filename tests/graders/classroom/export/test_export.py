"""``workbook export`` and ``workbook roster`` in a course."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from cluster.errors import NotJudgedError, UsageError
from graders.classroom import Outcome, grade
from graders.classroom.export import command, export_class, keep_roster
from graders.core.lesson import Lesson
from graders.core.registry import lessons
from tests.support.course import ASSIGNMENT, ROOT, SECTION, enrolled_course, hand_in, new_course, released
from tests.support.schemas import misfits
from tests.support.sheets import score

SCORES = {"ada": (30.0, 12.345), "ben": (0.0, 0.0), "eve": (10.0, None)}
ROSTER = "Student,ID,SIS Login ID,Section\n    Points Possible,,,\nAda,101,ada,A\nBen,102,ben,A\nEve,103,eve,A\nZoe,104,zoe,A\n"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course with scores for ada, ben and eve, one of which is missing, and a new submission of mallory's."""
    score(enrolled_course(tmp_path, SECTION), SCORES, penalty=2.0)
    for student in (*SCORES, "mallory"):
        hand_in(tmp_path, student, released())
    (tmp_path / "autograded/eve" / ASSIGNMENT).mkdir(parents=True)
    return tmp_path


def listed(course: Path, text: str = ROSTER) -> Path:
    path = course / "export-of-the-lms.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_gradebook_is_read(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each student has nbgrader's score after the late penalty, and a state; nothing is written."""
    before = (course / "gradebook.db").read_bytes()
    assert export_class(course, "json") == 1
    out, errors = capsys.readouterr()
    found = {row["student"]: row for row in map(json.loads, out.splitlines())}
    assert [misfits("export", line) for line in out.splitlines()] == [[]] * 4
    assert {name: (row["state"], row["points"]) for name, row in found.items()} == {
        "ada": ("graded", 40.35), "ben": ("graded", 0.0), "eve": ("not judged", None), "mallory": ("reported", None),
    }  # fmt: skip
    assert found["ada"]["exercises"][1] == {"exercise": "diagram", "points": 12.35, "max": 20.0}
    assert found["ada"]["late_penalty"] == 2
    assert found["mallory"]["problem"] == "It has no entry in the gradebook yet. Run “workbook grade”."
    assert errors == "2 students have no score: eve (not judged), mallory (reported).\n"
    assert (course / "gradebook.db").read_bytes() == before


def test_what_a_person_gave_counts(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A manual score takes the place of an automatic one, and extra credit is added, as in nbgrader."""
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        by_name = {grade.name: grade for grade in gradebook.find_submission_notebook(SECTION, ASSIGNMENT, "eve").grades}
        by_name["diagram"].manual_score, by_name["deployment"].extra_credit = 7.5, 1.0
        gradebook.db.commit()
        expected = gradebook.find_submission(ASSIGNMENT, "eve").score - 2
    export_class(course, "json")
    rows = {row["student"]: row for row in map(json.loads, capsys.readouterr().out.splitlines())}
    assert (rows["eve"]["state"], rows["eve"]["points"]) == ("graded", expected)


def test_a_submission_that_was_taken_back(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A student whose submission can't be graded is reported, as in the table of grades, and has no points."""
    (course / "submitted/ada" / ASSIGNMENT / f"{SECTION}.ipynb").rename(
        course / "submitted/ada" / ASSIGNMENT / "06.ipynb"
    )
    (row,) = (row for row in grade(course, ("ada",)))
    assert row.outcome is Outcome.REPORTED
    export_class(course, "json")
    rows = {row["student"]: row for row in map(json.loads, capsys.readouterr().out.splitlines())}
    assert (rows["ada"]["state"], rows["ada"]["points"]) == ("reported", None)
    assert rows["ada"]["problem"] == "It couldn't be graded. “workbook grade” says why."


def test_canvas_with_its_own_export(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file for Canvas has students with points only; standard error names all others, each kind in a sentence."""
    out = course / "grades.csv"
    score(course, {"stranger": (1.0, 1.0)})
    assert export_class(course, "canvas", out=out, roster=listed(course)) == 1
    table = list(csv.reader(out.open(encoding="utf-8")))
    assert [row[2:] for row in table] == [
        ["SIS Login ID", "Section", "Application Platform"], ["", "", "50.00"],
        ["ada", "A", "40.35"], ["ben", "A", "0.00"],
    ]  # fmt: skip
    told = capsys.readouterr()
    assert told.out == f"wrote {out}\n"
    assert told.err.splitlines() == [
        "2 students have no score, so the file has no line for them: eve (not judged), mallory (reported).",
        "1 submission has no line in the roster, so the file has no line for them: stranger.",
        "1 student of the roster handed in nothing, so the file has no line for them: zoe.",
    ]


def test_logins_that_no_file_can_have(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A student whose login can't be written is named, and has no line: Moodle would refuse the whole file."""
    text = "Username,Email address\nada,=ada@example.org\nben,ben@example.org\neve,\nmallory,\n"
    assert export_class(course, "moodle", roster=listed(course, text)) == 1
    told = capsys.readouterr()
    assert [row[0] for row in csv.reader(told.out.splitlines())] == ["Username", "ben"]
    assert "1 student has a login that can't be in such a file, so the file has no line for them: ada." in told.err


def test_nothing_to_look_at(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """If each submission has points and a line in the roster, the exit code is 0, also if some students handed in nothing."""
    score(enrolled_course(tmp_path, SECTION), {"ada": (1.0, 2.0)})
    assert export_class(tmp_path, "moodle", roster=listed(tmp_path)) == 0
    assert "handed in nothing" in capsys.readouterr().err


def test_the_kept_roster(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A roster is compared with the submissions and kept; exports then use it, unless another is named."""
    assert keep_roster(course, listed(course)) == 1
    assert capsys.readouterr().out.splitlines() == [
        "4 students in roster.csv, 3 of them with a submission.",
        "Joined by the column “SIS Login ID”.",
        "No submission from: zoe.",
        "No line in the roster for: mallory.",
    ]
    assert (course / "roster.csv").read_text(encoding="utf-8") == ROSTER
    export_class(course, "csv")
    rows = {row["student"]: row for row in csv.DictReader(capsys.readouterr().out.splitlines())}
    assert (rows["ada"]["name"], rows[""]["name"]) == ("Ada", "Zoe")
    assert keep_roster(course, course / "roster.csv") == 1


def test_a_roster_of_another_class(course: Path) -> None:
    """A roster without any of the submissions isn't kept."""
    with pytest.raises(UsageError):
        keep_roster(course, listed(course, "Username\nsomebody\n"))
    assert not (course / "roster.csv").exists()


def test_a_roster_before_any_submission(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A roster can be kept before anybody hands in."""
    assert keep_roster(new_course(tmp_path, SECTION), listed(tmp_path)) == 0
    assert capsys.readouterr().out == "4 students in roster.csv, 0 of them with a submission.\n"


def test_before_the_first_grading(tmp_path: Path) -> None:
    """Without a gradebook there is a sentence, and no gradebook is made."""
    with pytest.raises(UsageError) as caught:
        export_class(new_course(tmp_path, SECTION), "csv")
    assert (caught.value.problem, caught.value.hint) == ("There is no gradebook yet.", "Run “workbook grade” first.")
    assert not (tmp_path / "gradebook.db").exists()


@pytest.mark.parametrize("to", ["canvas", "csv"])
def test_handed_in_and_not_graded(tmp_path: Path, to: str) -> None:
    """If the course's gradebook has the assignment and no score, the error says to grade first."""
    hand_in(enrolled_course(tmp_path, SECTION), "ada", released())
    with pytest.raises(UsageError, match="has no grades yet") as raised:
        export_class(tmp_path, to)
    assert "workbook grade" in raised.value.hint


def test_a_broken_gradebook(course: Path) -> None:
    """A gradebook that can't be read is said in a sentence."""
    (course / "gradebook.db").write_bytes(b"no database" * 200)
    with pytest.raises(NotJudgedError):
        export_class(course, "csv")


def test_a_file_that_cannot_be_written(course: Path) -> None:
    """A file that can't be written is named, with what to do."""
    with pytest.raises(UsageError) as caught:
        export_class(course, "csv", out=course / "nowhere" / "grades.csv")
    assert caught.value.problem.endswith("grades.csv can't be written: No such file or directory.")


def test_several_lessons(course: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A file for an LMS has one lesson, which has to be named; csv takes all lessons that have grades."""
    (one,) = (one for one in lessons() if one.id == ASSIGNMENT)
    monkeypatch.setattr(command, "lessons_of", lambda _root: (one, Lesson("quay", "Quay", "quay", ())))
    with pytest.raises(UsageError) as caught:
        export_class(course, "canvas")
    assert caught.value.hint == "Add --lesson. This course has: application-platform, quay."
    export_class(course, "canvas", lesson=ASSIGNMENT)
    capsys.readouterr()
    export_class(course, "csv")
    assert {row["lesson"] for row in csv.DictReader(capsys.readouterr().out.splitlines())} == {ASSIGNMENT}


def test_the_commands(course: Path) -> None:
    """Both commands find the course from a folder in it, and end with an exit code and without a traceback."""

    def workbook(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "graders.cli.__main__", *arguments], cwd=course / "notebooks", capture_output=True,
            text=True, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip

    kept = workbook("roster", str(listed(course)))
    assert (kept.returncode, kept.stderr) == (1, "")
    done = workbook("export", "--to", "canvas")
    assert done.returncode == 1
    assert done.stdout.startswith('"Student","ID","SIS Login ID","Section","Application Platform"\n')
    assert "Traceback" not in done.stderr
    wrong = workbook("export", "--to", "excel")
    assert (wrong.returncode, wrong.stderr.splitlines()[0]) == (2, "There is no format “excel”.")
