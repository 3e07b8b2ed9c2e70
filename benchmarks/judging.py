"""Measure warm judging: the solution of each exercise, judged repeatedly in one process.

``python -m benchmarks.judging [ROUNDS]``
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

import jupytext

from cluster import world
from cluster.percentile import percentile
from graders.core.registry import exercises
from graders.present import card
from graders.reading.notebook_cells import answer_in

ROOT = Path(__file__).resolve().parent.parent
WARM = 10


def main(rounds: int) -> None:
    """Print the median and the 95th percentile of judging, and of drawing the card, in milliseconds."""
    print(f"{'exercise':<14}{'rounds':>8}{'judge p50':>12}{'judge p95':>12}{'card p50':>12}{'card p95':>12}   (ms)")
    cluster = world()
    for exercise in exercises():
        notebook = jupytext.read(ROOT / f"solutions/application-platform/{exercise.section}.py")
        text = answer_in(notebook, exercise.name, exercise.is_started)
        assert text is not None
        judged, shown = [], []
        for number in range(rounds + WARM):
            began = time.perf_counter()
            report = exercise.judge(text, cluster)
            between = time.perf_counter()
            card.html(report)
            if number >= WARM:
                judged.append(1000 * (between - began))
                shown.append(1000 * (time.perf_counter() - between))
            assert report.score == report.max
        figures = [f(values) for values in (judged, shown) for f in (statistics.median, lambda v: percentile(v, 95))]
        print(f"{exercise.name:<14}{rounds:>8}" + "".join(f"{value:>12.2f}" for value in figures))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
