"""A long fuzz run with thousands of manifests, drawings and notebooks; prints the slowest and the largest.

``python -m benchmarks.fuzz [EXAMPLES]``, by default 20,000 of all three kinds together. It fails if an error outside the
error tree escapes, if it finds a bug of ours, or if a judgment takes over 2 s.
"""

from __future__ import annotations

import contextlib
import resource
import sys
import time
from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import SearchStrategy

from cluster.errors import WorkbookError
from graders.core.registry import exercise
from graders.reading.notebook_cells import answer_in, notebook_of
from tests.attacks.bounds import judge
from tests.attacks.strategies import drawings, manifests, notebooks


def main(examples: int) -> None:
    """Print, for each kind, how many were judged, the slowest, and the process' memory at its largest."""
    kinds: dict[str, tuple[SearchStrategy[str], Callable[[str], object]]] = {
        "manifests": (manifests, lambda text: judge("deployment", text)),
        "drawings": (drawings, lambda text: judge("diagram", text)),
        "notebooks": (notebooks(), _notebook),
    }
    for name, (strategy, judged) in kinds.items():
        slowest, longest, count = _run(strategy, judged, examples // len(kinds))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{name:<10}{count:>7}   slowest {1000 * slowest:>6.0f} ms   largest {longest:>7} B   peak {peak:>5.0f} MiB"
        )


def _notebook(text: str) -> None:
    with contextlib.suppress(WorkbookError):
        answer = answer_in(notebook_of(text, "06-hands-on.ipynb"), "deployment", exercise("deployment").is_started)
        judge("deployment", answer or "")


def _run(strategy: SearchStrategy[str], judged: Callable[[str], object], examples: int) -> tuple[float, int, int]:
    slowest, longest, count = 0.0, 0, 0

    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(strategy)
    def every(text: str) -> None:
        nonlocal slowest, longest, count
        began = time.perf_counter()
        judged(text)
        slowest, longest, count = max(slowest, time.perf_counter() - began), max(longest, len(text)), count + 1

    every()
    return slowest, longest, count


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
