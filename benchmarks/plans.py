"""Measure the states of plans and the time to explore them: the solutions, and the longest possible plans.

``python -m benchmarks.plans``
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence

from graders.application_platform.exercises.shutdown_plan import model as shutdown
from graders.application_platform.exercises.worker_plan import model as worker
from graders.families.plan.model_check import Explored

PLANS: tuple[tuple[str, Callable[[Sequence[str]], Explored], Sequence[str]], ...] = (
    ("worker, solution", worker.check, ("receive", "send-with-key", "record", "ack")),
    ("worker, every step", worker.check, tuple(worker.STEPS)),
    ("worker, twelve steps", worker.check, (*worker.STEPS, "update-order", "record", "update-order", "record", "ack")),
    ("shutdown, solution", shutdown.check, tuple(s for s in shutdown.STEPS if "minute" not in s and s != "exit-1")),
    ("shutdown, every step", shutdown.check, tuple(shutdown.STEPS)),
)
ROUNDS = 50


def main() -> None:
    """Print states and milliseconds."""
    print(f"{'plan':<24}{'steps':>6}{'states':>8}{'ms p50':>9}{'ms max':>9}")
    for name, check, plan in PLANS:
        took = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            states = check(plan).states
            took.append(1000 * (time.perf_counter() - began))
        print(f"{name:<24}{len(plan):>6}{states:>8}{statistics.median(took):>9.2f}{max(took):>9.2f}")


if __name__ == "__main__":
    main()
