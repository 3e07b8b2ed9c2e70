"""Any submission gets a complete report quickly, and is never reported as a bug."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cluster.errors import WorkbookError
from graders.core.registry import exercise
from graders.reading.notebook_cells import answer_in, notebook_of
from tests.attacks.bounds import judge
from tests.attacks.strategies import drawings, like, manifests, notebooks
from tests.support.solutions import solution

FEW = settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))


@FEW
@given(manifests)
def test_any_manifest(text: str) -> None:
    """Any text as a manifest is judged, within bounds."""
    judge("deployment", text)


@pytest.mark.parametrize("name", ["daily-report", "contract", "review"])
@FEW
@given(st.data())
def test_any_yaml(name: str, data: st.DataObject) -> None:
    """Any text as an answer in YAML is judged, within bounds."""
    judge(name, data.draw(like(solution(exercise(name)))))


@FEW
@given(drawings)
def test_any_drawing(text: str) -> None:
    """Any text as a drawing is judged, within bounds."""
    judge("diagram", text)


@FEW
@given(notebooks())
def test_any_notebook(text: str) -> None:
    """Any text as a notebook has an answer that can be judged, or is refused with a WorkbookError."""
    with contextlib.suppress(WorkbookError):
        answer = answer_in(notebook_of(text, "06-hands-on.ipynb"), "deployment", exercise("deployment").is_started)
        judge("deployment", answer or "")
