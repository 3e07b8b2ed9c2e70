"""Measure a learner's wait for the first check in a fresh kernel: a real kernel, started for each round.

``python -m benchmarks.first_check [ROUNDS]``
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

import jupytext
from jupyter_client.manager import start_new_kernel

from graders.core.registry import exercises
from graders.reading.notebook_cells import answer_in

ROOT = Path(__file__).resolve().parent.parent


def main(rounds: int) -> None:
    """Print, for each exercise, the seconds of its cells in a fresh kernel: extension, answer, check, their sum."""
    print(f"{'exercise':<14}{'cell':<12}{'min':>8}{'median':>8}{'max':>8}   (s)")
    for exercise in exercises():
        notebook = jupytext.read(ROOT / f"solutions/application-platform/{exercise.section}.py")
        text = answer_in(notebook, exercise.name, exercise.is_started)
        cells = {
            "extension": "%load_ext graders.notebook",
            "answer": f"%%answer {exercise.name}\n{text}",
            "check": f'check("{exercise.name}")',
        }
        taken = [_one_kernel(cells) for _ in range(rounds)]
        for name in (*cells, "sum"):
            values = [sum(t.values()) if name == "sum" else t[name] for t in taken]
            print(
                f"{exercise.name:<14}{name:<12}{min(values):>8.2f}{statistics.median(values):>8.2f}{max(values):>8.2f}"
            )


def _one_kernel(cells: dict[str, str]) -> dict[str, float]:
    manager, client = start_new_kernel(cwd=str(ROOT))
    try:
        taken = {}
        for name, source in cells.items():
            began = time.perf_counter()
            reply = client.execute_interactive(source, output_hook=lambda _message: None, timeout=60)
            taken[name] = time.perf_counter() - began
            assert reply["content"]["status"] == "ok", reply["content"]
        return taken
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
