"""The workbook checks itself: known answers get the scores that they should, before anybody's answer is judged.

A student's copy has no solutions; there the stubs and the half-right samples that ship say that the judge judges.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.table import Table

from cluster import Cluster, world
from cluster.errors import WorkbookError
from graders.core.exercise import Exercise
from graders.core.registry import EXERCISES
from graders.core.report import State
from graders.gradebook.course import ASSIGNMENT
from graders.present.console import Console
from graders.present.words import number
from graders.reading.notebook_cells import answer_in, read_notebook

ROOT = Path(__file__).resolve().parents[2]
SAMPLES: Mapping[str, tuple[str, float]] = {
    "boundaries": ("boundaries.yaml", 2.09),
    "bill": ("bill.yaml", 1.5),
    "kinds": ("kinds.yaml", 1.93),
    "worker-plan": ("worker-plan.yaml", 3.5),
    "daily-report": ("daily-report.yaml", 2.0),
    "databases": ("databases.yaml", 2.04),
    "request": ("request.yaml", 2.54),
    "interactions": ("interactions.yaml", 1.7),
    "event": ("event.yaml", 1.79),
    "contract": ("contract.yaml", 2.1),
    "shutdown-plan": ("shutdown-plan.yaml", 1.1),
    "review": ("review.yaml", 0.9),
    "deployment": ("deployment.yaml", 15.0),
    "diagram": ("diagram.dot", 11.55),
}
"""For each exercise that has points a half-right answer in ``samples/`` beside this module, and its score."""


@dataclass(frozen=True, slots=True)
class Row:
    """One known answer: what it is, the score that it should get and the one that it got, and the seconds it took."""

    what: str
    expected: str
    got: str
    ok: bool
    seconds: float


def run(root: Path = ROOT) -> tuple[Row, ...]:
    """Judge every known answer that this copy of the workbook has."""
    return tuple(row for exercise in EXERCISES for row in _rows(exercise, root, world()))


def report(console: Console, root: Path = ROOT) -> int:
    """Print the self-check as a short table. Returns 0, or 3 where a known answer got another score."""
    rows = run(root)
    table = Table(title="Self-check: known answers, none of yours", title_justify="left", box=None, pad_edge=False)
    for heading in ("", "answer", "expected", "got"):
        table.add_column(heading)
    table.add_column("ms", justify="right")
    for row in rows:
        table.add_row("✔" if row.ok else "✘", row.what, row.expected, row.got, f"{row.seconds * 1000:.0f}")
    console.print(table)
    if all(row.ok for row in rows):
        return 0
    console.print("A known answer got another score than it should: this copy of the workbook is damaged.")
    console.print("Run “workbook doctor”, or fetch the workbook anew; your notebooks stay as they are.")
    return 3


def _rows(exercise: Exercise[Any, Any], root: Path, cluster: Cluster) -> Iterator[Row]:
    solution = _solution(root, exercise)
    if solution is not None:
        yield _judged(exercise, "solution", solution, exercise.points, cluster)
    stub = _stub(root, exercise)
    if stub is not None:
        yield _judged(exercise, "stub", stub, 0, cluster, begun=False)
    if exercise.graded:
        sample, score = SAMPLES[exercise.name]
        text = (Path(__file__).parent / "samples" / sample).read_text(encoding="utf-8")
        yield _judged(exercise, "half right", text, score, cluster)


def _judged(
    exercise: Exercise[Any, Any], what: str, text: str, score: float, cluster: Cluster, *, begun: bool = True
) -> Row:
    began = time.perf_counter()
    verdict = exercise.judge(text, cluster)
    passes = score == exercise.points and begun
    expected = f"{number(score)} of {number(exercise.points)}" + _ending(begun=begun, passes=passes)
    got = f"{number(verdict.score)} of {number(verdict.max)}"
    if verdict.judged:
        got += _ending(begun=verdict.state is not State.NOT_STARTED, passes=verdict.state is State.PASS)
    else:
        got = f"not judged: {verdict.problem}"
    return Row(f"{exercise.name}, {what}", expected, got, expected == got, time.perf_counter() - began)


def _ending(*, begun: bool, passes: bool) -> str:
    return ", passed" if passes else "" if begun else ", not started"


def _solution(root: Path, exercise: Exercise[Any, Any]) -> str | None:
    source = root / "solutions" / ASSIGNMENT / f"{exercise.section}.py"
    if not source.is_file():
        return None
    import jupytext  # noqa: PLC0415  only where there are solutions, and slow to load

    return answer_in(jupytext.read(source), exercise.name, exercise.begun)


def _stub(root: Path, exercise: Exercise[Any, Any]) -> str | None:
    try:
        answer = answer_in(read_notebook(root / "notebooks" / ASSIGNMENT / f"{exercise.section}.ipynb"), exercise.name)
    except WorkbookError:
        return None
    # A learner's own copy holds an answer by now; that is not a known one.
    return None if answer is None or exercise.begun(answer) else answer
