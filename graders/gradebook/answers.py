"""Judging in place of running: each check of a notebook gets the card and the score of its exercise."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import TraitError, Unicode, validate

from cluster import DEFAULT_WORLD, Cluster
from cluster import world as world_of
from cluster.errors import NotJudgedError, UsageError
from graders.answers.cells import Notebook, answer_in
from graders.exercises import EXERCISES
from graders.gradebook import inert
from graders.gradebook.scores import JUDGEMENT, is_check
from graders.report import Finding, Report, State
from graders.show import card
from graders.show.words import headline
from graders.worker import Worker


class GradeAnswers(NbGraderPreprocessor):  # type: ignore[misc]
    """In place of nbgrader's Execute: judges the answers, and starts no kernel."""

    world = Unicode(DEFAULT_WORLD, help="The world that judges. Each score records it.").tag(config=True)

    context = Unicode("", help="A kubeconfig context named outright, in place of the workbook's own cluster.").tag(
        config=True
    )

    @validate("world")
    def _is_a_world(self, proposal: Any) -> str:
        name = str(proposal["value"])
        try:
            _cluster(name)
        except UsageError as error:
            raise TraitError(f"GradeAnswers.world: {error.problem} {error.hint}") from None
        except NotJudgedError:
            pass  # it exists, and is broken now: each answer will say so
        return name

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Judge the answer of each check, whose outputs then are the card and one number."""
        about = nb.metadata.get("workbook", {})
        for cell in nb.cells:
            if is_check(cell):
                name, points = cell.metadata.nbgrader.grade_id, float(cell.metadata.nbgrader.points)
                if about.get("problem"):
                    report = self._unjudged(name, points, about["problem"], about.get("hint", ""))
                else:
                    report = self._judge(name, points, nb)
                cell.execution_count, cell.outputs = None, outputs(report, points)
        return nb, resources

    def _judge(self, name: str, points: float, notebook: Notebook) -> Report:
        exercise = next((e for e in EXERCISES if e.name == name), None)
        if exercise is None:
            return self._unjudged(name, points, f"There is no exercise called “{name}” to judge this check by.")
        if exercise.points != points:
            problem = f"The gradebook has {points:g} points for {name}, and the exercise {exercise.points:g}."
            return self._unjudged(name, points, problem, "Release the assignment again, then grade again.")
        try:
            _cluster(self.world)
        except NotJudgedError as error:
            return self._unjudged(name, points, error.problem, error.hint)
        return _worker(self.context).judge(name, answer_in(notebook, name, exercise.begun) or "", self.world)

    def _unjudged(self, name: str, points: float, problem: str, hint: str = "") -> Report:
        nothing = Finding(name, State.NOT_JUDGED, points, 0.0, saw=problem)
        return Report(name, self.world, (nothing,), problem=problem, hint=hint)


def outputs(report: Report, points: float) -> list[NotebookNode]:
    """A check's outputs: the card, then one number from 0 to ``points``, or an error where nothing was judged.

    nbgrader gives full marks for anything else.
    """
    judged = report.judged and math.isfinite(report.score)
    score = min(max(report.score, 0.0), points) if judged else None
    about = {
        "exercise": report.exercise, "world": report.world, "version": report.version, "judged": judged,
        "state": report.state.value, "score": score, "max": points, "comment": _comment(report, judged),
    }  # fmt: skip
    shown = new_output(
        "display_data",
        data={"text/html": str(card.html(report)), "text/plain": headline(report)},
        metadata={JUDGEMENT: about},
    )
    if score is None:
        said = f"! {report.exercise} wasn't judged: it has neither zero nor full marks."
        return [shown, new_output("error", ename="NotJudged", evalue=report.problem, traceback=[said])]
    return [shown, new_output("execute_result", data={"text/plain": repr(score)}, execution_count=None)]


def _comment(report: Report, judged: bool) -> str:
    """What the gradebook says of an answer besides its score."""
    if not judged:
        return inert.markdown(f"Not judged. {report.problem} {report.hint}".strip())
    version = f", Kubernetes {report.version}" if report.version else ""
    by = f"Judged by the {report.world} cluster{version}."
    return f"Nothing was begun. {by}" if report.state is State.NOT_STARTED else by


@cache
def _worker(context: str) -> Worker:
    return Worker(context=context)


@cache
def _cluster(name: str) -> Cluster:
    return world_of(name)
