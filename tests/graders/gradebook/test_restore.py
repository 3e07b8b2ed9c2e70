"""A restored submission has each released cell once, and the learner's text."""

from __future__ import annotations

import copy
import json
from typing import Any

import nbformat
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from nbgrader.nbgraderformat import MetadataValidator

from cluster.errors import AnswerError
from cluster.limits import OWN_CELLS, OWN_CHARACTERS
from graders.core.registry import exercise, exercises
from graders.gradebook.restore import restored
from graders.reading.notebook_cells import answer_in, grade_id
from tests.support.course import answered, cell, released
from tests.support.released_cells import RELEASE, RELEASED

IDS = ("deployment", "diagram", "deployment-answer", "diagram-answer", "other", "", None, 7)
TEXTS = (
    "%%answer deployment\na",
    "%%answer diagram\nb",
    "%%answer deployment",
    "c",
    "%%answer x\nd",
    "# your answer here",
)
JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
CELLS = st.fixed_dictionaries(
    {
        "cell_type": st.sampled_from(["code", "markdown", "raw", "odd", 3]),
        "source": st.sampled_from(TEXTS) | st.lists(st.sampled_from(TEXTS), max_size=2) | JSONS,
    },
    optional={
        "metadata": st.fixed_dictionaries(
            {"nbgrader": st.fixed_dictionaries({"grade_id": st.sampled_from(IDS)}, optional={"points": JSONS}) | JSONS}
        )
        | JSONS,
        "outputs": JSONS,
        "attachments": JSONS,
        "id": JSONS,
    },
)


def elsewhere(text: str, kind: str = "code") -> list[dict[str, Any]]:
    """The deployment's answer in a learner's own cell, and a text in the cell that was released for it."""
    own = {"cell_type": "code", "source": "%%answer deployment\na"}
    return [own, {"cell_type": kind, "source": text, "metadata": {"nbgrader": {"grade_id": "deployment-answer"}}}]


@settings(max_examples=300, deadline=None)
@given(st.lists(CELLS | JSONS, max_size=8))
@example(elsewhere("%%answer diagram\nb"))
@example(elsewhere("%%answer diagram\nb")[::-1])
def test_any_submission(cells: list[Any]) -> None:
    """Any cells give a valid notebook: each released cell once, as released, and the answers unchanged or with a named problem."""
    notebook = restored({"cells": cells}, RELEASE)
    nbformat.validate(notebook)
    MetadataValidator().validate_nb(notebook)
    kept = [c for c in notebook.cells if grade_id(c)]
    assert sorted(grade_id(c) for c in kept) == sorted(r.name for r in RELEASED)
    for made in kept:
        origin = next(r for r in RELEASED if r.name == grade_id(made))
        about = made.metadata.nbgrader
        assert (about.grade, about.solution, about.locked) == (origin.grade, origin.solution, origin.locked)
        assert (about.get("points"), about.checksum) == (origin.points, origin.checksum)
        assert made.cell_type == origin.kind
        assert made.source == origin.source or not origin.locked
    assert all(not c.get("outputs") for c in notebook.cells)
    for one in (e for e in exercises() if f"{e.name}-answer" in {r.name for r in RELEASED}):
        try:
            before = answer_in({"cells": cells}, one.name, one.is_started) or ""
            after = answer_in(notebook, one.name, one.is_started) or ""
        except AnswerError:
            continue  # two %%answer lines in one cell, say: what can't be told is named
        assert one.is_started(before) == one.is_started(after)
        assert after.strip() == before.strip() or not one.is_started(before)


@pytest.mark.parametrize("way", [1, -1], ids=["above", "below"])
@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("code", "%%answer diagram\nb"),
        ("code", "%answer diagramm\nb"),
        ("code", "# a remark\n%%answer diagram\nb"),
        ("code", "%%answer diagram\nb\n%%answer diagram\nc"),
        ("code", "x\n%%answer diagram\nb"),
        ("raw", "%%answer diagram\nb"),
        ("markdown", "%%answer diagram\nb"),
        ("markdown", "```yaml\n%%answer diagram\nb\n```"),
    ],
)
def test_released_for_another_exercise(kind: str, text: str, way: int) -> None:
    """A released cell in another place doesn't answer the exercise that its text names, and isn't an error of that exercise."""
    cells = elsewhere(text, kind)[::way]
    notebook = restored({"cells": cells}, RELEASE)
    diagram, deployment = exercise("diagram"), exercise("deployment")
    for one in ({"cells": cells}, notebook):
        assert not diagram.is_started(answer_in(one, "diagram", diagram.is_started) or "")
        assert (answer_in(one, "deployment", deployment.is_started) or "").strip() == "a"
    shown = [cell.source for cell in notebook.cells if not grade_id(cell)]
    assert len(shown) == 1
    assert text in shown[0]


def test_untouched() -> None:
    """An unchanged notebook keeps its cells in their order, with their texts."""
    submitted = answered(deployment="kind: Deployment")
    notebook = restored(submitted, RELEASE)
    assert [c.cell_type for c in notebook.cells] == [c["cell_type"] for c in submitted["cells"]]
    assert [grade_id(c) for c in notebook.cells] == [grade_id(c) for c in submitted["cells"]]
    code = [c.source for c in notebook.cells if c.cell_type == "code"]
    assert code == ["".join(c["source"]) for c in submitted["cells"] if c["cell_type"] == "code"]


@pytest.mark.parametrize("gone", [{"deployment"}, {"deployment-answer"}, {"deployment", "deployment-answer"}])
def test_missing_cells_come_back_together(gone: set[str]) -> None:
    """A deleted check is added again after its answer, and a deleted answer before its check."""
    submitted = released()
    submitted["cells"] = [c for c in submitted["cells"] if grade_id(c) not in gone]
    names = [grade_id(c) for c in restored(submitted, RELEASE).cells]
    assert names.index("deployment") == names.index("deployment-answer") + 1


def test_copied_check() -> None:
    """A copied check counts once, with the released text; the copy loses nbgrader's metadata."""
    submitted = released()
    again = copy.deepcopy(cell(submitted, "deployment"))
    submitted["cells"].append({**again, "source": "30"})
    notebook = restored(submitted, RELEASE)
    assert [c.source for c in notebook.cells if grade_id(c) == "deployment"] == ['check("deployment")']
    assert len(notebook.cells) == len(submitted["cells"])


def test_too_much_is_left_out() -> None:
    """If there are too many or too long cells, some are dropped, but never an answer."""
    many = {"cells": [{"cell_type": "code", "source": "x"}] * 5000 + answered(deployment="kind: A")["cells"]}
    notebook = restored(many, RELEASE)
    assert len(notebook.cells) == OWN_CELLS + len(RELEASED)
    assert answer_in(notebook, "deployment", exercise("deployment").is_started) == "\nkind: A"
    long = {"cells": [{"cell_type": "markdown", "source": "y" * 1_000_000}] * 300}
    assert len(json.dumps(restored(long, RELEASE))) < OWN_CHARACTERS * 1.5
