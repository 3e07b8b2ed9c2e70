"""The outputs of a check, and nbgrader's score for them."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_code_cell
from nbgrader.utils import determine_grade
from traitlets import TraitError
from traitlets.config import Config

from graders.core.report import Finding, Report, State
from graders.gradebook import GradeAnswers
from graders.gradebook.outputs import judgment, outputs
from tests.support.course import released

FINDINGS = st.builds(
    lambda points, share, state: Finding("c", state, points, points * share, observed="<b>\x1b[31m"),
    st.floats(0, 1000), st.floats(0, 1), st.sampled_from(State),
)  # fmt: skip


def check(points: float, made: list[Any]) -> NotebookNode:
    """A check with those outputs, as in an autograded notebook."""
    about = {"grade": True, "solution": False, "grade_id": "x", "points": points, "locked": True}
    return new_code_cell('check("x")', outputs=made, metadata=from_dict({"nbgrader": about}))


@given(st.lists(FINDINGS, min_size=1, max_size=5), st.floats(0, 100))
def test_nbgrader_reads_the_score(findings: list[Finding], points: float) -> None:
    """Nbgrader gives the report's score, never more than the check's points, and nothing for an answer that isn't judged."""
    report = Report("x", "simulated", tuple(findings))
    cell = check(points, [from_dict(output) for output in outputs(report, points)])
    score, most = determine_grade(cell)
    assert most == points
    assert math.isclose(score, min(report.score, points) if report.judged else 0)
    assert judgment(cell)["judged"] is report.judged


def test_unknown_world() -> None:
    """An unknown world is an error of the configuration that lists the known ones."""
    with pytest.raises(TraitError, match=r"There is no world called “mars”.*simulated"):
        GradeAnswers(config=Config(GradeAnswers={"world": "mars"}))


@pytest.mark.parametrize("said", [{}, {"world": "simulated"}])
def test_a_context_in_vain(said: dict[str, str]) -> None:
    """A context with the simulated world is an error of the configuration, because it would have no effect."""
    with pytest.raises(TraitError, match="The context department belongs to a real cluster"):
        GradeAnswers(config=Config(GradeAnswers={"context": "department", **said}))
    configured = GradeAnswers(config=Config(GradeAnswers={"context": "department", "world": "kind"}))
    assert (configured.world, configured.context) == ("kind", "department")


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ({"grade_id": "essay", "points": 5}, "The exercise “essay”"),
        ({"grade_id": "deployment", "points": 31}, "31 points for deployment, and the exercise 30"),
    ],
)
def test_check_that_no_exercise_can_judge(about: dict[str, Any], said: str) -> None:
    """A check without an exercise, or with other points than its exercise, is not judged, and the message says why."""
    notebook = from_dict(released())
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "deployment":
            cell.metadata.nbgrader.update(about)
            changed = cell
    GradeAnswers().preprocess(notebook, {})
    assert said in changed.outputs[0].data["text/plain"].replace("\n", " ")
    assert [o.output_type for o in changed.outputs] == ["display_data", "error"]
    assert judgment(changed)["judged"] is False
