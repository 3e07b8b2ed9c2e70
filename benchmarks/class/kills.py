"""Kill ``workbook grade`` at random moments, start it again, and compare with a class that was graded at once.

``python -m benchmarks.class.kills [KILLS] [--students N] [--format json]``. After each kill each student has the right scores or
none. After the last kill the class is graded to the end, and every score, every row and every file is compared.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.support.course import ROOT, enrolled_course, grades
from tests.support.gradebook_rows import rows

from .__main__ import GRADE, checked
from .generator import fill
from .measure import run, show


def main(arguments: list[str]) -> None:
    """Print how many kills hit a running grading, and what was lost."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.class.kills", description=__doc__)
    parser.add_argument("kills", nargs="?", type=int, default=20)
    parser.add_argument("--students", type=int, default=20)
    parser.add_argument("--format", choices=("text", "json"), default="text")
    chosen = parser.parse_args(arguments)
    figures = measure(chosen.kills, chosen.students)
    show(figures, chosen.format)


def measure(kills: int, students: int) -> dict[str, int]:
    """Kill and go on; every kill comes at another moment of a run, and every fifth begins with nothing graded."""
    with (
        tempfile.TemporaryDirectory(prefix="workbook-whole-") as one,
        tempfile.TemporaryDirectory(prefix="workbook-kills-") as other,
    ):
        whole, course = enrolled_course(Path(one)), enrolled_course(Path(other))
        expected = fill(whole, students)
        fill(course, students)
        at_once = checked(run(whole, *GRADE), expected)
        right, chance, killed, lost = grades(whole), random.Random(1), 0, 0  # noqa: S311  the same moments each time
        for number in range(kills):
            killed += _killed(course, chance.uniform(0.1, 1.0) * at_once.elapsed, "--force" if number % 5 == 0 else "")
            for student, scores in grades(course).items():
                lost += any(score not in ((None, True), right[student][name]) for name, score in scores.items())
        checked(run(course, *GRADE), expected)
        lost += sum(mine != theirs for mine, theirs in zip(rows(course).items(), rows(whole).items(), strict=True))
        lost += len(_files(course) ^ _files(whole))
        return {"kills": kills, "during a grading": killed, "students": students, "lost": lost}


def _killed(course: Path, after: float, option: str) -> bool:
    """Grade, and kill the first process after some seconds; whether it still ran."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(  # noqa: S603  our own command
        [sys.executable, "-m", *GRADE, *filter(None, [option])], cwd=course, env=environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(after)
    process.send_signal(signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


def _files(course: Path) -> set[str]:
    return {str(path.relative_to(course)) for step in ("autograded", "feedback") for path in (course / step).rglob("*")}


if __name__ == "__main__":
    main(sys.argv[1:])
