"""A class of twenty, autograded by ``nbgrader autograde``: with the workbook's plug-in, and with stock Execute.

Both get the same notebooks and a gradebook of their own. Stock nbgrader runs each notebook in a kernel, where the
check cells judge just as they do for a learner.

``python -m benchmarks.autograding [STUDENTS]``
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from tests.support.course import ROOT, answered, enrolled_course, hand_in, nbgrader
from tests.support.manifests import DEPLOYMENT

DRAWING = "digraph { client -> api -> postgres; api -> redis; api -> queue -> worker }"
ANSWERS = [
    (DEPLOYMENT, DRAWING),
    (DEPLOYMENT.replace("replicas: 3", "replicas: 2"), DRAWING.replace("api -> redis; ", "")),
    (DEPLOYMENT.replace("/healthz", "/readyz"), DRAWING.replace("queue -> worker", "worker")),
    (DEPLOYMENT.replace("512Mi", "512MB"), DRAWING),
]
STOCK = """
c = get_config()
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"
"""


def main(students: int) -> None:
    """Print the seconds that each took for the whole class, and the ratio."""
    taken = {"workbook": _autograde(students), "stock Execute": _autograde(students, STOCK)}
    for name, seconds in taken.items():
        print(f"{name:<16}{students} students {seconds:>8.1f} s {seconds / students:>8.2f} s a student")
    print(f"{'ratio':<16}{taken['stock Execute'] / taken['workbook']:.1f}")


def _autograde(students: int, config: str = "") -> float:
    with tempfile.TemporaryDirectory() as folder:
        course = enrolled_course(Path(folder))
        if config:
            (course / "nbgrader_config.py").write_text(config)
        for number in range(students):
            hand_in(course, f"student-{number:02}", answered(*ANSWERS[number % len(ANSWERS)]))
        began = time.perf_counter()
        # Stock nbgrader calls alembic by its name.
        done = nbgrader(
            course, "autograde", "application-platform", PATH=f"{Path(sys.executable).parent}:/usr/bin:/bin"
        )
        seconds = time.perf_counter() - began
        graded = len(list((course / "autograded").glob("*/application-platform/*.ipynb")))
        assert graded == students, f"{graded} of {students} in {ROOT.name}: {done.stderr[-2000:]}"
        return seconds


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
