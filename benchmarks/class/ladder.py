"""Classes of 10, 100, 1,000 and 5,000, graded by ``workbook grade``, and what follows for 100,000.

``python -m benchmarks.class.ladder [STUDENTS ...] [--format json]``. The last line is computed from the two largest classes: what
a student costs between them, and what a run costs anyway.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from tests.support.course import enrolled_course

from .__main__ import GRADE, WRITTEN, checked, size
from .generator import fill
from .measure import run

STEPS, FAR = (10, 100, 1_000, 5_000), 100_000
Step = dict[str, float]


def main(arguments: list[str]) -> None:
    """Print a line for each step."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.class.ladder", description=__doc__)
    parser.add_argument("students", nargs="*", type=int, default=STEPS)
    parser.add_argument("--format", choices=("text", "json"), default="text")
    chosen = parser.parse_args(arguments)
    steps = []
    for number, students in enumerate(sorted(chosen.students)):
        steps.append(measure(students))
        show(steps[-1], chosen.format, is_first=not number)
    if len(steps) > 1:
        show(computed(steps[-2], steps[-1]), chosen.format)


def measure(students: int) -> Step:
    """Grade a class; the figures are seconds and MiB."""
    with tempfile.TemporaryDirectory(prefix="workbook-ladder-") as name:
        course = enrolled_course(Path(name))
        expected = fill(course, students)
        cost = checked(run(course, *GRADE), expected)
        again = checked(run(course, *GRADE), expected)
        disk = size(course, *WRITTEN) / 1024
        return {
            "students": students, "elapsed, s": cost.elapsed, "CPU, s": cost.cpu, "CPU a student, s": cost.cpu / students,
            "serial CPU, s": cost.first, "rerun CPU, s": again.cpu, "memory, MiB": cost.memory, "disk, MiB": disk,
        }  # fmt: skip


def computed(small: Step, large: Step) -> Step:
    """The figures for FAR students, if each further student costs what it did between two steps."""

    def at(name: str) -> float:
        slope = (large[name] - small[name]) / (large["students"] - small["students"])
        return large[name] + slope * (FAR - large["students"])

    far = {name: at(name) for name in large if name not in ("students", "CPU a student, s")}
    return {"students": FAR, **far, "CPU a student, s": far["CPU, s"] / FAR, "computed": 1.0}


def show(step: Step, format: str, *, is_first: bool = False) -> None:  # noqa: A002  the option's name
    """Print one line."""
    if format == "json":
        print(json.dumps({name: round(value, 3) for name, value in step.items()}), flush=True)
        return
    names = [name for name in step if name != "computed"]
    if is_first:
        print("".join(f"{name:>18}" for name in names))
    print("".join(f"{step[name]:>18,.2f}" for name in names) + ("  computed" if "computed" in step else ""), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
