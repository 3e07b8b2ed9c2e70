"""Rules for every exercise: its stub, its blank form, its points, and the blame for a failure.

Its solution, its hints and its sample are held by ``workbook verify``: tests/graders/authoring/test_verify.py.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cluster import world
from cluster.errors import UsageError
from graders.core.exercise import Exercise
from graders.core.registry import exercise, exercises
from graders.core.report import State
from graders.present.report_json import report_json
from graders.reading.notebook_cells import answer_in, grade_id, read_notebook
from tests.support.printed import above
from tests.support.solutions import solution
from tests.support.worlds import AwayCluster, BrokenCluster

ROOT = Path(__file__).parents[4]
EVERY = pytest.mark.parametrize("one", exercises(), ids=lambda e: e.name)


@EVERY
def test_stub_is_not_begun(one: Exercise[Any, Any]) -> None:
    """The released stub scores zero and says that it isn't started."""
    notebook = read_notebook(ROOT / f"notebooks/application-platform/{one.section}.ipynb")
    report = one.judge(answer_in(notebook, one.name) or "", world())
    assert (report.score, report.state) == (0, State.NOT_STARTED)


BLANK: dict[str, str] = {
    "hello": "today:\n",
    "worker-plan": "steps:\n  - ...\n",
    "shutdown-plan": "steps:\n  -\n  - ...\n",
    "daily-report": "apiVersion:\nkind:\nmetadata:\n  name:\nspec: {}\n",
    "deployment": "apiVersion:\nkind:\nmetadata:\n  name:\nspec: {}\n",
    "diagram": "strict digraph shop {\n  // the shop\n}\n",
    "review": "- field:\n  term:\n- field: ...\n  term: ...\n",
    "event": "event:\n  type:\nschema:\n  type:\n  required: []\n  properties: {}\n",
}
"""Blank forms of exercises whose notebook prints none, or one with a line to begin with."""


@EVERY
def test_a_blank_form_is_not_started(one: Exercise[Any, Any]) -> None:
    """A form without values is not started: as the notebook prints it, below a remark, and below a line of dashes."""
    words = above(one)
    forms = [form for form in (BLANK.get(one.name, words.blank_form),) if form]
    assert forms or one.name not in POINTS
    for blank in forms:
        for form in (blank, blank if one.kind == "diagram" else f"\n# a remark\n---\n{blank}"):
            report = one.judge(form, world())
            assert (report.state, report.score) == (State.NOT_STARTED, 0), form


POINTS = {
    "hello": 0,
    "boundaries": 5,
    "bill": 3,
    "kinds": 5,
    "worker-plan": 6,
    "daily-report": 5,
    "databases": 5,
    "request": 5,
    "interactions": 4,
    "event": 4,
    "contract": 4,
    "shutdown-plan": 2,
    "review": 2,
    "deployment": 30,
    "diagram": 20,
}
"""What the lesson's exercises are worth, as it stands. A new exercise comes in here when its points are settled."""


@EVERY
def test_points_of_answers(one: Exercise[Any, Any]) -> None:
    """Every exercise gives its solution all points, its stub none, and its sample the score in the rubric."""
    notebook = read_notebook(ROOT / f"notebooks/application-platform/{one.section}.ipynb")
    answers = [(solution(one), one.points), (answer_in(notebook, one.name) or "", 0)]
    if one.sample is not None:
        answers.append((one.sample.text, one.sample.score))
    assert [one.judge(text, world()).score for text, _ in answers] == [score for _, score in answers]
    assert one.sample is not None or not one.graded


def test_points() -> None:
    """An exercise's points don't change, in the rubric and in the released notebook."""
    assert {e.name: e.points for e in exercises() if e.name in POINTS} == POINTS
    for one in exercises():
        notebook = read_notebook(ROOT / f"notebooks/application-platform/{one.section}.ipynb")
        cell = next(c for c in notebook["cells"] if grade_id(c) == one.name)
        assert cell["metadata"]["nbgrader"].get("points", 0) == one.points
        assert cell["metadata"]["nbgrader"]["grade"] is one.graded


def test_order() -> None:
    """Exercises are in the order of the notebooks, and in each notebook from top to bottom."""
    sections = [e.section for e in exercises()]
    assert sections == sorted(sections)
    for section in set(sections):
        notebook = read_notebook(ROOT / f"notebooks/application-platform/{section}.ipynb")
        names = [grade_id(c) for c in notebook["cells"]]
        places = [names.index(e.name) for e in exercises() if e.section == section]
        assert places == sorted(places)


def test_a_world_that_is_away_judges_nobody() -> None:
    """If the cluster can't be reached, the answer is not judged: it has no score, and a reason."""
    report = exercise("deployment").judge(solution(exercise("deployment")), AwayCluster())
    assert not report.judged
    assert {f.state for f in report.findings} == {State.NOT_JUDGED}
    assert report.problem == "The cluster doesn't answer."
    assert json.loads(report_json(report))["score"] is None


def test_a_bug_of_ours_is_not_the_learners(caplog: pytest.LogCaptureFixture) -> None:
    """If the judge itself fails, the answer is not judged, and the bug is logged."""
    report = exercise("deployment").judge(solution(exercise("deployment")), BrokenCluster())
    assert not report.judged
    assert "bug in the workbook" in report.problem
    assert "ZeroDivisionError" in caplog.text


def test_unreadable_is_the_learners_in_any_world() -> None:
    """An unreadable answer is judged even without a cluster."""
    report = exercise("deployment").judge("a: [", AwayCluster())
    assert (report.state, report.score) == (State.FAIL, 0)


def test_unknown_exercise() -> None:
    """The error for an unknown exercise names the most similar one."""
    with pytest.raises(UsageError) as raised:
        exercise("digram")
    assert "Did you mean “diagram”?" in raised.value.hint


def test_unknown_world() -> None:
    """An unknown world is a usage error that names the known worlds."""
    with pytest.raises(UsageError) as raised:
        world("mars")
    assert "simulated" in raised.value.hint
