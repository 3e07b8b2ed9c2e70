"""A class of 200 with 7 notebooks each, graded by ``workbook grade``: with feedback, without, again, and by stock nbgrader.

``python -m benchmarks.class [STUDENTS] [--sample N] [--format json]``. Stock nbgrader executes the notebooks of ``--sample``
students, 2 by default; 0 leaves it out. Processor time counts all processes; it says more than elapsed time on a busy machine.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.autograding import STOCK
from tests.support.course import ASSIGNMENT, enrolled_course

from .generator import fill
from .measure import Cost, run, show

WRITTEN = ("autograded", "feedback", ".workbook", "gradebook.db")
"""What grading writes into a course."""
GRADE = ("graders.cli.__main__", "grade", "--format", "json")


def main(arguments: list[str]) -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.class", description=__doc__)
    parser.add_argument("students", nargs="?", type=int, default=200)
    parser.add_argument("--sample", type=int, default=2)
    parser.add_argument("--format", choices=("text", "json"), default="text")
    chosen = parser.parse_args(arguments)
    figures = measure(chosen.students, chosen.sample)
    show(figures, chosen.format)


def measure(students: int, sample: int) -> dict[str, Any]:
    """Grade a class in several ways, and return the figures: seconds, MiB, and counts."""
    with tempfile.TemporaryDirectory(prefix="workbook-class-") as name:
        course = enrolled_course(Path(name))
        expected = fill(course, students)
        without = checked(run(course, *GRADE, "--no-feedback"), expected)
    with tempfile.TemporaryDirectory(prefix="workbook-class-") as name:
        course = enrolled_course(Path(name))
        expected = fill(course, students)
        whole = checked(run(course, *GRADE), expected)
        judged = len(list((course / ".workbook/judgments").rglob("*.z")))
        again = checked(run(course, *GRADE), expected)
        disk = size(course, *WRITTEN)
    answers = sum(map(len, expected.values()))
    figures: dict[str, Any] = {
        "students": students, "known scores, all right": answers, "answers judged": judged, "answers from the cache": answers - judged,
        "CPU a student with feedback, s": whole.cpu / students, "CPU a student without, s": without.cpu / students,
        "CPU of a rerun, s": again.cpu, "serial share": whole.first / whole.cpu, "memory, MiB PSS": whole.memory,
        "elapsed, s": whole.elapsed, "disk a student, KiB": disk / students,
    }  # fmt: skip
    if sample:
        stock = _stock(sample)
        figures |= {"stock: CPU a student, s": stock, "stock, times ours": stock / (whole.cpu / students)}
    return {name: round(value, 4) if isinstance(value, float) else value for name, value in figures.items()}


def checked(cost: Cost, expected: dict[str, dict[str, float]]) -> Cost:
    """The same cost, if each score is the expected one."""
    assert cost.code in (0, 1), cost.errors[-2000:]
    rows = {row["student"]: row for row in map(json.loads, cost.output.splitlines())}
    wrong = [
        (student, one["exercise"], one["score"], expected[student][one["exercise"]])
        for student in expected
        for one in rows[student]["exercises"]
        if one["score"] != expected[student][one["exercise"]]
    ]
    assert not wrong, wrong[:5]
    return cost


def size(course: Path, *names: str) -> float:
    """The KiB in files and folders of a course."""
    paths = [
        path for name in names for path in ((course / name).rglob("*") if (course / name).is_dir() else [course / name])
    ]
    return sum(path.stat().st_size for path in paths if path.is_file()) / 1024


def _stock(students: int) -> float:
    """The CPU seconds a student of nbgrader with Execute, and its feedback."""
    with tempfile.TemporaryDirectory(prefix="workbook-stock-") as name:
        course = enrolled_course(Path(name))
        fill(course, students)
        (course / "nbgrader_config.py").write_text(STOCK)
        path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
        costs = [run(course, "nbgrader", step, ASSIGNMENT, path=path) for step in ("autograde", "generate_feedback")]
        assert len(list((course / "feedback").rglob("*.html"))) == 7 * students, costs[0].errors[-2000:]
        return sum(cost.cpu for cost in costs) / students


if __name__ == "__main__":
    main(sys.argv[1:])
