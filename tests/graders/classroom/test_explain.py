"""``workbook explain``: a score again, with what it is based on."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from cluster import world
from cluster.errors import UsageError
from graders.classroom import grade
from graders.classroom.explain import explain
from graders.classroom.explanation import SAME
from graders.core.version import version
from graders.reading.notebook_cells import answer_in
from tests.support.course import ASSIGNMENT, ROOT, SECTION, answered, enrolled_course, hand_in
from tests.support.drawing import DRAWING

HALF = "digraph { client -> api -> postgres }"


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course of one section, in which ada's right drawing and ben's half of one are graded."""
    course = enrolled_course(tmp_path_factory.mktemp("explain"), SECTION)
    hand_in(course, "ada", answered(diagram=DRAWING))
    hand_in(course, "ben", answered(diagram=HALF))
    (course / "submitted/ada" / ASSIGNMENT / "timestamp.txt").write_text("2026-11-02 09:30:00 UTC", encoding="utf-8")
    grade(course)
    return course


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return " ".join(capsys.readouterr().out.split())


def test_the_same(graded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The card is shown again with digests, versions, world and times, and judging again gives the same."""
    before = (graded / "gradebook.db").read_bytes()
    assert explain(graded, "ada", "diagram") == 0
    text = said(capsys)
    answer = answer_in(answered(diagram=DRAWING), "diagram") or ""
    notebook = (graded / "submitted/ada" / ASSIGNMENT / f"{SECTION}.ipynb").read_bytes()
    assert "20 of 20 points" in text
    assert f"answer sha256 {hashlib.sha256(answer.encode()).hexdigest()}, {len(answer)} bytes" in text
    assert f"{SECTION}.ipynb, sha256 {hashlib.sha256(notebook).hexdigest()}" in text
    assert "handed in 2026-11-02 09:30:00 UTC" in text
    assert (
        f"versions workbook {version()}, Kubernetes {world().version}, nbgrader {metadata.version('nbgrader')}" in text
    )
    assert "world simulated" in text
    assert re.search(rf"graded 20 of 20 points, \S+ \S+ UTC, workbook {version()}, Kubernetes {world().version} ", text)
    assert text.endswith(SAME)
    assert (graded / "gradebook.db").read_bytes() == before


def test_not_started(graded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An exercise that is not started is explained like any other."""
    assert explain(graded, "ada", "deployment") == 0
    assert "Nothing is written here yet." in said(capsys)


def test_a_score_that_differs(graded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """If the record says something else than judging again, both scores are named, and so is a score given by hand."""
    copy = graded / "autograded/ben" / ASSIGNMENT / f"{SECTION}.ipynb"
    kept = copy.read_text(encoding="utf-8")
    try:
        copy.write_text(kept.replace('"score": 2.4', '"score": 17.5'), encoding="utf-8")
        with Gradebook(f"sqlite:///{graded / 'gradebook.db'}") as gradebook:
            gradebook.find_grade("diagram", SECTION, ASSIGNMENT, "ben").manual_score = 9.0
            gradebook.db.commit()
        assert explain(graded, "ben", "diagram") == 1
    finally:
        copy.write_text(kept, encoding="utf-8")
    text = said(capsys)
    assert "by hand 9 of 20 points; this score counts" in text
    assert text.endswith("Judged again, it differs: 17.5 of 20 points (fail) then, 2.4 of 20 points (fail) now.")


def test_a_notebook_that_has_changed(graded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A notebook that was handed in anew is judged as it is now, and the difference is said."""
    hand_in(graded, "eve", answered(diagram=HALF))
    assert explain(graded, "eve", "diagram") == 1
    assert said(capsys).endswith("This answer has no record yet: run “workbook grade”.")
    kept = hand_in(graded, "ben", answered(diagram=DRAWING))
    assert explain(graded, "ben", "diagram") == 1
    text = said(capsys)
    assert "The notebook has changed since it was graded: run “workbook grade”." in text
    assert "2.4 of 20 points (fail) then, 20 of 20 points (pass) now." in text
    kept.write_text(json.dumps(answered(diagram=HALF)), encoding="utf-8")


def test_a_file_that_is_no_notebook(graded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that can't be read is not judged, and the reason is on the card."""
    hand_in(graded, "fay", '{"cells": ')
    assert explain(graded, "fay", "diagram") == 3
    assert "isn't a notebook" in said(capsys)


@pytest.mark.parametrize(
    ("arguments", "problem", "hint"),
    [
        (("adam", "diagram"), "adam handed nothing in.", "Did you mean ada?"),
        (("../ada", "diagram"), "../ada handed nothing in.", "Did you mean ada?"),
        (("ada", "digram"), "There is no exercise called “digram”.", "Did you mean “diagram”? "),
        (("ada", "diagram", "quay"), "There is no lesson called “quay”.", "Installed are: "),
        (("mallory", "diagram"), "mallory handed nothing in.", "There is no folder application-platform."),
    ],
)  # fmt: skip
def test_what_cannot_be_explained(graded: Path, arguments: tuple[str, ...], problem: str, hint: str) -> None:
    """An unknown student, exercise or lesson, and a submission that isn't graded, are said in a sentence."""
    (graded / "submitted/mallory").mkdir(exist_ok=True)
    with pytest.raises(UsageError) as caught:
        explain(graded, *arguments)
    assert caught.value.problem.startswith(problem)
    assert caught.value.hint.startswith(hint)


def test_the_command(graded: Path) -> None:
    """The command ends with the exit code, and prints no traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "graders.cli.__main__", "explain", "ada", "diagram", "--lesson", ASSIGNMENT], cwd=graded,
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert SAME in done.stdout
