"""``workbook selfcheck``: judge the half-right samples and compare their scores.

``workbook verify`` is the check for authors; it needs solutions, which a student's copy doesn't have.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from rich.table import Table

from cluster import Cluster, world
from cluster.text.amounts import format_score
from graders.core.exercise import Exercise, Sample
from graders.core.registry import exercises
from graders.present.console import Console

DAMAGED = 3


@dataclass(frozen=True, slots=True)
class SampleResult:
    """A judged sample: its exercise, the expected score, the score that it got, and the duration in seconds."""

    exercise: str
    expected: str
    got: str
    seconds: float

    @property
    def ok(self) -> bool:
        """Whether the sample got the expected score."""
        return self.expected == self.got


def run() -> tuple[SampleResult, ...]:
    """Judge the sample of each exercise that has one."""
    cluster = world()
    return tuple(_row(exercise, exercise.sample, cluster) for exercise in exercises() if exercise.sample is not None)


def report(console: Console, *, verbose: bool = False) -> int:
    """Print the self-check: three lines, or a table if ``verbose``. Returns 0, or 3 if a sample got another score."""
    began = time.perf_counter()
    rows = run()
    took = time.perf_counter() - began
    wrong = [row for row in rows if not row.ok]
    console.print(f"Self-check: {len(rows)} known answers (not your own).")
    if verbose or wrong:
        _table(console, rows if verbose else wrong)
    if wrong:
        console.print(f"✘ {len(wrong)} got a wrong score: this copy of the workbook is damaged.")
        console.print("Run “workbook doctor”, or download the workbook again; your notebooks stay as they are.")
        return DAMAGED
    console.print(f"✔ Each got the expected score, in {took:.1f} s.")
    if not verbose:
        console.print("workbook selfcheck --verbose lists them.")
    return 0


def _table(console: Console, rows: list[SampleResult] | tuple[SampleResult, ...]) -> None:
    table = Table(box=None, pad_edge=False)
    for heading in ("", "exercise", "expected", "got"):
        table.add_column(heading)
    table.add_column("ms", justify="right")
    for row in rows:
        table.add_row("✔" if row.ok else "✘", row.exercise, row.expected, row.got, f"{row.seconds * 1000:.0f}")
    console.print(table)


def _row(exercise: Exercise[Any, Any], sample: Sample, cluster: Cluster) -> SampleResult:
    began = time.perf_counter()
    verdict = exercise.judge(sample.text, cluster)
    got = format_score(verdict.score, exercise.points) if verdict.judged else f"not judged: {verdict.problem}"
    return SampleResult(exercise.name, format_score(sample.score, exercise.points), got, time.perf_counter() - began)
