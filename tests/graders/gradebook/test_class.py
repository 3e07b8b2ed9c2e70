"""A class with all kinds of submissions, from empty to complete, graded by nbgrader with the workbook's plug-in."""

from __future__ import annotations

import csv
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory

from graders.classroom import grade
from graders.classroom.results import Graded, Outcome
from graders.classroom.table import grades_json
from graders.core.registry import exercises
from graders.release import release
from tests.support.course import (
    ASSIGNMENT,
    SECTION,
    GradedClass,
    Student,
    class_course,
    elsewhere,
    grades,
    hand_in,
    nbgrader,
    students,
)
from tests.support.pages import LiveElements
from tests.support.schemas import misfits

WATCH = """
import os, sys
LOG = os.open(os.environ["STARTED"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
STARTS = ("subprocess.Popen", "os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "pty.spawn")
sys.addaudithook(lambda event, args: event in STARTS and os.write(LOG, f"{event} {args}\\n".encode()))
"""


@pytest.mark.parametrize("student", students(), ids=lambda student: student.name)
def test_scores(graded_class: GradedClass, student: Student) -> None:
    """Each student gets the expected score, and those that a person has to look at are reported by name."""
    graded = next(row for row in graded_class.graded if row.student == student.name)
    assert {s.exercise: s.score for s in graded.scores} == student.scores
    assert graded.outcome == student.outcome
    assert student.problem in graded.problem
    assert bool(graded.problem) is bool(student.problem)


def test_json(graded_class: GradedClass) -> None:
    """Each student's line of JSON fits the schema in docs/schemas/, in every outcome."""
    assert {row.outcome for row in graded_class.graded} == {Outcome.GRADED, Outcome.REPORTED}
    unjudged = replace(graded_class.graded[0], outcome=Outcome.NOT_JUDGED, problem="The cluster is full.")
    for row in (*graded_class.graded, unjudged, Graded("zoe", Outcome.REPORTED, problem="nothing")):
        assert misfits("grades", grades_json(row, ASSIGNMENT)) == [], row.student


def test_right_answers_have_all_points(graded_class: GradedClass) -> None:
    """A student with only right answers has all points of the exercises in nbgrader's gradebook."""
    everything = sum(exercise.points for exercise in exercises())
    with Gradebook(f"sqlite:///{graded_class.folder}/gradebook.db") as gradebook:
        submission = gradebook.find_submission(ASSIGNMENT, "ada")
        assert (submission.score, submission.max_score) == (everything, everything)


def test_hostile_answers_touch_nothing(graded_class: GradedClass) -> None:
    """Code, addresses and paths in a hostile answer stay text in each notebook's feedback."""
    pages = [path.read_text(encoding="utf-8") for path in (graded_class.folder / "feedback/paul").rglob("*.html")]
    harmless = LiveElements(_page(graded_class.folder, "dora")).live
    assert len(pages) == 4
    assert [LiveElements(page).live == harmless for page in pages] == [True] * 4
    for place in ("kind", "by", "svg", "item", "event"):
        assert any(f"paul-{place}" in page for page in pages), place
    assert "paul-was-here" not in {path.name for path in graded_class.folder.rglob("*")}


def test_every_score_names_its_world(graded_class: GradedClass) -> None:
    """Each score records its world in the table, in the gradebook and on the card, and an exercise that wasn't handed in has none."""
    scores = [s for row in graded_class.graded for s in row.scores]
    assert {s.world for s in scores} == {"simulated", ""}
    assert {(s.exercise, s.score) for s in scores if not s.world} == set(elsewhere().items())
    with Gradebook(f"sqlite:///{graded_class.folder}/gradebook.db") as gradebook:
        comment = gradebook.find_comment("deployment-answer", SECTION, ASSIGNMENT, "ada").comment
    assert comment.startswith("Judged by the simulated cluster, Kubernetes v1.")
    assert "Judged by the simulated cluster" in _page(graded_class.folder, "ada")


def test_feedback_shows_the_cards(graded_class: GradedClass) -> None:
    """A student's feedback has the card of each exercise, with the student's own line in it."""
    page = _page(graded_class.folder, "ben")
    assert len(_cards(page)) == 2
    assert "livenessProbe requests /readyz" in _cards(page)[0]


def test_feedback_tells_what_is_not_understood(graded_class: GradedClass) -> None:
    """Feedback calls a value “not understood”, with how to write it, and not wrong."""
    folder = graded_class.folder / "feedback" / "olga" / ASSIGNMENT
    page = (folder / "03-databases.html").read_text(encoding="utf-8")
    assert "not understood: replication-lag “10”" in _cards(page)[1]
    assert "Write it as a number and a unit" in _cards(page)[1]


def test_several_notebooks(graded_class: GradedClass) -> None:
    """Each notebook has its feedback; practice has no score, and a learner's additional item is shown as text."""
    folder = graded_class.folder / "feedback" / "mika" / ASSIGNMENT
    assert sorted(path.name for path in folder.glob("*.html")) == [
        "00-start-here.html", "01-monolith-or-microservices.html", f"{SECTION}.html",
    ]  # fmt: skip
    page = (folder / "01-monolith-or-microservices.html").read_text(encoding="utf-8")
    assert [
        f"{points} of {most} points" in card
        for card, points, most in zip(_cards(page), ("4.17", "0.25"), (5, 3), strict=True)
    ] == [True, True]
    assert "Eleven services are now copied to servers by hand" in _cards(page)[0]
    assert "mika-was-here" in page
    assert "<script>mika-was-here" not in page
    assert "hello" not in {s.exercise for row in graded_class.graded for s in row.scores}


def test_unreadable_submission_says_so(graded_class: GradedClass) -> None:
    """The feedback on an unreadable file says on each card why it is not judged."""
    page = _page(graded_class.folder, "gina")
    assert [("not judged" in card, "its JSON breaks at line 1" in card) for card in _cards(page)] == [(True, True)] * 2


def test_hostile_feedback_is_inert(graded_class: GradedClass) -> None:
    """A hostile submission's feedback has no more active parts than an empty one's."""
    hostile, harmless = _page(graded_class.folder, "finn"), _page(graded_class.folder, "dora")
    assert LiveElements(hostile).live == LiveElements(harmless).live
    for place in ("name", "replicas", "container", "node", "markdown", "entity", "link", "raw"):
        assert f"finn-{place}" in hostile, place
    assert not [card for card in _cards(hostile) if "\x1b" in card]
    assert "finn-was-here" not in {path.name for path in graded_class.folder.rglob("*")}


def test_outputs_of_a_submission_never_count(graded_class: GradedClass) -> None:
    """A check in an autograded notebook has a card and one number, whatever outputs the submission had."""
    path = graded_class.folder / "autograded" / "jon" / ASSIGNMENT / f"{SECTION}.ipynb"
    cells = [c for c in json.loads(path.read_text())["cells"] if c.get("outputs")]
    assert [[o["output_type"] for o in c["outputs"]] for c in cells] == [["display_data", "execute_result"]] * 2
    assert [c["outputs"][1]["data"]["text/plain"] for c in cells] == [["0.0"], ["0.0"]]


def test_formgrader(graded_class: GradedClass) -> None:
    """Formgrader's own view has the same scores, and asks for manual grading where a person has to look."""
    coursedir = CourseDirectory(root=str(graded_class.folder), source_directory="solutions")
    api = NbGraderAPI(coursedir=coursedir)
    seen = {s["student"]: s for s in api.get_submissions(ASSIGNMENT)}
    for student in students():
        assert student.name in seen
        assert seen[student.name]["score"] == sum(points or 0 for points in student.scores.values())
    assert [name for name, s in seen.items() if s["needs_manual_grade"]] == ["gina"]
    assert not seen["lea"]["autograded"]


def test_plain_nbgrader(graded_class: GradedClass, tmp_path: Path) -> None:
    """nbgrader's own commands give the class the same scores, and fail only for the odd files."""
    course = class_course(tmp_path)
    linked = hand_in(course, "mona", {}).with_name("notes.txt")
    linked.symlink_to("/etc/passwd")
    release(course)
    assert nbgrader(course, "generate_assignment", ASSIGNMENT, "--force").returncode == 0
    done = nbgrader(course, "autograde", ASSIGNMENT)
    assert done.returncode == 1
    assert [line for line in done.stderr.splitlines() if "There was an error processing assignment '" in line] == [
        f"[AutogradeApp | ERROR] There was an error processing assignment '{ASSIGNMENT}' for student '{name}'"
        for name in ("lea", "mona")
    ]
    assert "The submission holds a symbolic link, notes.txt" in done.stderr
    assert list(course.rglob("notes.txt")) == [linked]
    assert "gina: 06-hands-on.ipynb isn't a notebook" in done.stderr
    here, there = grades(course), grades(graded_class.folder)
    assert {name: here[name] for name in here if name not in ("lea", "mona")} == there
    assert nbgrader(course, "generate_feedback", ASSIGNMENT).returncode == 0
    assert LiveElements(_page(course, "finn")).live == LiveElements(_page(course, "dora")).live


def test_nothing_is_executed(tmp_path: Path) -> None:
    """Autograding starts only the judge's process, so no kernel, and leaves no file that a submission wanted to write."""
    course = class_course(tmp_path / "course", "ada", "finn", "paul")
    (tmp_path / "sitecustomize.py").write_text(WATCH)
    log = tmp_path / "started.txt"
    done = nbgrader(course, "autograde", ASSIGNMENT, "--force", PYTHONPATH=str(tmp_path), STARTED=str(log))
    assert "Autograding" in done.stderr
    popen, *by_way_of = log.read_text().splitlines()  # some Pythons show the posix_spawn behind a Popen as well
    assert re.search(r"^subprocess\.Popen .*'-m', 'graders\.judging\.child', 'graders\.gradebook\.restore'", popen)
    command = popen.partition("]")[0].removeprefix("subprocess.Popen ")
    assert [line.partition("]")[0] for line in by_way_of] in ([], [f"os.posix_spawn {command}"])
    assert not list(course.rglob("*finn-was-here*"))


def test_one_more_submission_leaves_the_others_alone(graded_class: GradedClass, tmp_path: Path) -> None:
    """A new submission of another student doesn't change or repeat a judgment."""
    course = tmp_path / "course"
    shutil.copytree(graded_class.folder, course)
    judged = [p for p in (course / "autograded").rglob("*.ipynb") if "gina" not in p.parts]
    before = {p: p.stat().st_mtime_ns for p in judged}
    hand_in(course, "zoe", "{}")
    again = {row.student: row for row in grade(course)}
    assert {p: p.stat().st_mtime_ns for p in judged} == before
    assert again.pop("zoe").problem.startswith("06-hands-on.ipynb is JSON, but not a notebook.")
    assert again == {row.student: row for row in graded_class.graded}


def _page(course: Path, student: str) -> str:
    return (course / "feedback" / student / ASSIGNMENT / f"{SECTION}.html").read_text(encoding="utf-8")


def _cards(page: str) -> list[str]:
    return [part.partition("</section>")[0] for part in page.split('class="workbook-card')[1:]]


def test_export(graded_class: GradedClass) -> None:
    """``nbgrader export`` writes the same numbers as nbgrader's own exporter, and only the requested students."""
    tables = []
    for file, *options in (
        ["own.csv", "--exporter=nbgrader.plugins.CsvExportPlugin"], ["ours.csv"], ["one.csv", "--student=['ada']"],
    ):  # fmt: skip
        done = nbgrader(graded_class.folder, "export", "--to", file, *options)
        assert done.returncode == 0, done.stderr
        tables.append(list(csv.reader((graded_class.folder / file).open(encoding="utf-8", newline=""))))
        (graded_class.folder / file).unlink()
    own, ours, one = tables
    assert ours == own
    assert one == [own[0], *(row for row in own if row[3] == "ada")]
    assert len(one) == 2
