"""The workbook checks itself: known answers get the scores that they should, before anybody's answer is judged.

A student's copy has no solutions; there the stubs and the half-right samples that ship say that the judge judges.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.table import Table

from cluster import Cluster, world
from cluster.errors import WorkbookError
from graders.core.exercise import Exercise
from graders.core.registry import exercises, owners
from graders.core.report import State
from graders.present.console import Console
from graders.present.words import number
from graders.reading.notebook_cells import answer_in, read_notebook

ROOT = Path(__file__).resolve().parents[2]


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
    return tuple(row for exercise in exercises() for row in _rows(exercise, root, world()))


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
        yield _judged(exercise, "stub", stub, 0, cluster, is_started=False)
    if exercise.sample is not None:
        yield _judged(exercise, "half right", exercise.sample.text, exercise.sample.score, cluster)


def _judged(
    exercise: Exercise[Any, Any], what: str, text: str, score: float, cluster: Cluster, *, is_started: bool = True
) -> Row:
    began = time.perf_counter()
    verdict = exercise.judge(text, cluster)
    passes = score == exercise.points and is_started
    expected = f"{number(score)} of {number(exercise.points)}" + _ending(is_started=is_started, passes=passes)
    got = f"{number(verdict.score)} of {number(verdict.max)}"
    if verdict.judged:
        got += _ending(is_started=verdict.state is not State.NOT_STARTED, passes=verdict.state is State.PASS)
    else:
        got = f"not judged: {verdict.problem}"
    return Row(f"{exercise.name}, {what}", expected, got, expected == got, time.perf_counter() - began)


def _ending(*, is_started: bool, passes: bool) -> str:
    return ", passed" if passes else "" if is_started else ", not started"


def _solution(root: Path, exercise: Exercise[Any, Any]) -> str | None:
    source = root / "solutions" / owners()[exercise.name].id / f"{exercise.section}.py"
    if not source.is_file():
        return None
    import jupytext  # noqa: PLC0415  only where there are solutions, and slow to load

    return answer_in(jupytext.read(source), exercise.name, exercise.is_started)


def _stub(root: Path, exercise: Exercise[Any, Any]) -> str | None:
    try:
        answer = answer_in(
            read_notebook(root / "notebooks" / owners()[exercise.name].id / f"{exercise.section}.ipynb"), exercise.name
        )
    except WorkbookError:
        return None
    # A learner's own copy holds an answer by now; that is not a known one.
    return None if answer is None or exercise.is_started(answer) else answer
