"""Judge a check instead of running it: its outputs are the card of its exercise and one number."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode, from_dict

from cluster import KIND
from cluster import world as world_of
from cluster.errors import AnswerError, NoResultError, NotJudgedError
from cluster.limits import JUDGMENT_SECONDS, RUN_SECONDS, SUBMISSION_MEMORY
from cluster.text.amounts import format_number, format_points
from graders.core.registry import exercises
from graders.core.report import Finding, Report, State
from graders.core.version import version
from graders.gradebook import inert
from graders.judging.child import Budget, Child
from graders.present import card
from graders.present.words import headline
from graders.reading.notebook_cells import Notebook, answer_in, grade_id, source

JUDGMENT = "workbook"
"""The metadata key for how a check was judged, and for the file that a notebook was restored from."""

Outputs = list[dict[str, Any]]
"""The outputs of a cell, as a notebook's JSON has them."""

Judge = Callable[["Check", str, str], Outputs]
"""Judges a check in a world and a kubeconfig context."""


@dataclass(frozen=True, slots=True)
class Check:
    """A check of a submitted notebook: its name and points, and the answer's text or a problem."""

    name: str
    points: float
    text: str = ""
    problem: str = ""
    hint: str = ""


def checks_in(notebook: Notebook) -> Iterator[Check]:
    """Yield the checks of a restored notebook in order, with their answers."""
    about = notebook["metadata"].get(JUDGMENT, {})
    for cell in notebook["cells"]:
        if not is_check(cell):
            continue
        name, points = cell["metadata"]["nbgrader"]["grade_id"], float(cell["metadata"]["nbgrader"]["points"])
        if about.get("problem"):
            yield Check(name, points, problem=about["problem"], hint=about.get("hint", ""))
        else:
            yield _check(name, points, notebook)


def _check(name: str, points: float, notebook: Notebook) -> Check:
    exercise = next((e for e in exercises() if e.name == name), None)
    if exercise is None:
        return Check(name, points, problem=f"The exercise “{name}” of this check doesn't exist.")
    if exercise.points != points:
        problem = (
            f"The gradebook has {format_points(points)} for {name}, and the exercise {format_number(exercise.points)}."
        )
        return Check(name, points, problem=problem, hint="Release the assignment again, then grade again.")
    try:
        return Check(name, points, answer_in(notebook, name, exercise.is_started) or "")
    except AnswerError as error:
        return Check(name, points, problem=error.problem, hint=error.hint)


def is_check(cell: Mapping[str, Any]) -> bool:
    """Whether a cell is a check: it earns points, and isn't for an answer."""
    about = cell["metadata"].get("nbgrader", {})
    return bool(about.get("grade")) and not about.get("solution") and cell["cell_type"] == "code"


def put_into(notebook: NotebookNode, made: Mapping[str, Outputs]) -> None:
    """Give each check of a restored notebook its outputs, by name, and make the text of all code inert for display."""
    for cell in notebook.cells:
        if is_check(cell) and cell.metadata.nbgrader.grade_id in made:
            outputs = made[cell.metadata.nbgrader.grade_id]
            cell.execution_count, cell.outputs = None, [from_dict(output) for output in outputs]
        if cell.cell_type == "code":
            cell.source = inert.code(source(cell))


def judge(
    check: Check, world: str, context: str, child: Child, budget: Budget, *, by: Judge | None = None,
) -> Outputs:  # fmt: skip
    """Return the outputs of a check, judged in a child ``by`` this function. An answer that breaks a bound is not judged."""
    if check.problem:
        return outputs(_unjudged(check, world, check.problem, check.hint), check.points)
    seconds = RUN_SECONDS if world == KIND else JUDGMENT_SECONDS
    if world == KIND:  # a run takes minutes for any answer
        budget = Budget(seconds, SUBMISSION_MEMORY, seconds)
    budget.seconds = seconds
    try:
        return child.call(
            by or judged,
            check,
            world,
            context,
            budget=budget,
            what="The judgment",
            at_most=seconds,
            gently=world == KIND,
        )
    except NoResultError as error:
        hint = "Nothing is marked wrong. A person has to look at this answer."
        return outputs(_unjudged(check, world, error.problem, hint), check.points)


def judged(check: Check, world: str, context: str) -> Outputs:
    """Return the outputs of a check, judged in this process."""
    exercise = next(e for e in exercises() if e.name == check.name)
    try:
        report = exercise.judge(check.text, world_of(world, context))
    except NotJudgedError as error:
        report = _unjudged(check, world, error.problem, error.hint)
    return outputs(report, check.points)


def outputs(report: Report, points: float) -> Outputs:
    """Return a check's outputs: the card, then one number from 0 to ``points``, or an error if the answer is not judged.

    nbgrader would give full marks for anything else.
    """
    is_judged = report.judged and math.isfinite(report.score)
    score = min(max(report.score, 0.0), points) if is_judged else None
    about = {
        "exercise": report.exercise, "world": report.world, "version": report.version, "judged": is_judged,
        "state": report.state.value, "score": score, "max": points, "comment": _comment(report, is_judged),
        "workbook": version(),
    }  # fmt: skip
    data = {"text/html": str(card.html(report)), "text/plain": headline(report)}
    shown = {"output_type": "display_data", "data": data, "metadata": {JUDGMENT: about}}
    if score is None:
        said = f"! {report.exercise} is not judged: it has neither zero nor full marks."
        return [shown, {"output_type": "error", "ename": "NotJudged", "evalue": report.problem, "traceback": [said]}]
    number = {"text/plain": repr(score)}
    return [shown, {"output_type": "execute_result", "data": number, "metadata": {}, "execution_count": None}]


def saved_notebook(path: Path) -> Notebook | None:
    """Read a notebook that grading has saved; None if there is no such file, or if it isn't a notebook."""
    try:
        content = json.loads(path.read_bytes())
        return content if isinstance(content["cells"], list) and isinstance(content["metadata"], dict) else None
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None


def judged_in(notebook: Mapping[str, Any]) -> dict[str, Any]:
    """Return how each check of a saved notebook was judged, by its name."""
    return {grade_id(cell): said for cell in notebook["cells"] if (said := judgment(cell))}


def judgment(check: Mapping[str, Any]) -> dict[str, Any]:
    """Return how a check in a saved notebook was judged; empty if it wasn't."""
    for output in check.get("outputs", ()):
        said = output.get("metadata", {}).get(JUDGMENT)
        if isinstance(said, Mapping):
            return dict(said)
    return {}


def _unjudged(check: Check, world: str, problem: str, hint: str = "") -> Report:
    nothing = Finding(check.name, State.NOT_JUDGED, check.points, 0.0, observed=problem)
    return Report(check.name, world, (nothing,), problem=problem, hint=hint)


def _comment(report: Report, is_judged: bool) -> str:
    """Return the gradebook's comment on an answer."""
    if not is_judged:
        return inert.line(f"Not judged. {report.problem} {report.hint}".strip())
    version = f", Kubernetes {report.version}" if report.version else ""
    by = f"Judged by the {report.world} cluster{version}."
    return f"Not started. {by}" if report.state is State.NOT_STARTED else by
