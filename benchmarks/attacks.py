"""Grade a class of attackers with three honest students: which attacks fail, and what the worst one costs.

``python -m benchmarks.attacks [EACH]``: EACH attacks of each family, 12 by default, 0 for all. It fails if an attack
succeeds: too many points, code that ran, an active page, a control character in the table, a formula in the CSV, or an
honest student's score that differs from the score without attackers.
"""

from __future__ import annotations

import contextlib
import csv
import io
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest.mock import patch

from cluster.limits import SUBMISSION_CPU_SECONDS, SUBMISSION_MEMORY
from cluster.text import printable
from graders.classroom import Graded, grade
from graders.classroom.results import Outcome
from graders.classroom.table import show
from graders.gradebook.inert import SHORTENED
from graders.judging.child import Budget
from graders.present.console import Console
from tests.attacks.catalog import HONEST, OWNED, Attack, attacks, honest, place, some
from tests.attacks.formulas import is_safe
from tests.support.course import enrolled_course, nbgrader
from tests.support.pages import LiveElements

LEAST = 150
"""How many attacks a benchmark of all families has to try."""


@dataclass
class Result:
    """The result of one submission: its row, its cost in processor seconds and bytes, and what got through."""

    row: Graded
    cpu: float
    memory: int
    through: list[str] = field(default_factory=list)
    degraded: bool = False


def main(each: int) -> int:
    """Print the table by family, the worst costs and the honest students; 1 where something got through."""
    chosen = some(each) if each else attacks()
    with tempfile.TemporaryDirectory() as folder:
        course = enrolled_course(Path(folder))
        expected = honest(course)
        placed = dict(_placed(course, chosen))
        results = dict(_graded(course))
        _look(course, placed, results)
        changed = [name for name, score in expected.items() if results[name].row.score != score]
    _print(placed, results)
    for name, score in expected.items():
        now = results[name]
        print(f"honest: {name:<8}{now.row.score} of {now.row.max:g}, {score} without attackers; {_cost(now)}")
    through = [(attack, results[name].through) for name, attack in placed.items() if results[name].through]
    for attack, whats in through:
        print(f"got through: {attack}: {', '.join(whats)}")
    return 1 if through or changed or len(placed) < LEAST else 0


def _placed(course: Path, chosen: tuple[Attack, ...]) -> Iterator[tuple[str, Attack]]:
    """By the student's name each attack that this machine can make."""
    for number, attack in enumerate(chosen):
        try:
            yield place(attack, course, number).name, attack
        except OSError as error:
            print(f"left out: {attack}: {error.strerror}")


def _graded(course: Path) -> Iterator[tuple[str, Result]]:
    """Grade the class at once; by the student's name what came of each, and what it cost the child and, on average, us."""
    results: dict[str, Result] = {}
    budgets: dict[str, Budget] = {}
    module = import_module(grade.__module__)
    examine = module.examine

    def noted(desk: Any, folders: Any, budget: Budget) -> Any:
        budgets[folders.student] = budget
        _forget_peaks()
        return examine(desk, folders, budget)

    def progress(row: Graded, done: int, of: int) -> None:
        budget = budgets.get(row.student, Budget(0.0, 0, 0.0))  # a folder with an odd name isn't opened
        results[row.student] = Result(row, budget.spent, budget.peak, _ran(course))
        if sys.stderr.isatty():
            print(f"\r{done} of {of}", end="", file=sys.stderr)

    began = time.process_time()
    with patch.object(module, "examine", noted), ThreadPoolExecutor(1) as one_at_a_time:
        grade(course, progress=progress, executor=one_at_a_time)
    own = (time.process_time() - began) / len(results)
    yield from ((name, replace(result, cpu=result.cpu + own)) for name, result in results.items())


def _forget_peaks() -> None:
    """Have the system measure our children's largest size anew; on Linux as their owner."""
    with contextlib.suppress(OSError):
        for child in Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split():
            Path(f"/proc/{child}/clear_refs").write_text("5", encoding="ascii")


def _ran(course: Path) -> list[str]:
    """Whether code ran; the mark that it made is taken away for the next."""
    mark = course / OWNED
    if not mark.exists():
        return []
    mark.unlink()
    return ["code ran"]


def _look(course: Path, placed: dict[str, Attack], results: dict[str, Result]) -> None:
    """Note of each attack what got through, and whether something of it was cut or named."""
    live = LiveElements(_feedback(course, HONEST[0])).live
    formulas = _formulas(course)
    for name, attack in placed.items():
        # A hidden folder isn't a student's, so it is ignored.
        nowhere = [] if name.startswith(".") else ["in no table"]
        one = results.setdefault(name, Result(Graded(name, Outcome.REPORTED), 0.0, 0, nowhere))
        row = one.row
        page = _feedback(course, name)
        one.degraded = bool(row.note) or SHORTENED in page
        checks = {
            "points": attack.most is not None and (row.score or 0) > attack.most,
            f"{row.outcome}, not {attack.expect}": attack.expect not in ("either", str(row.outcome)),
            "a fault of ours": row.outcome is Outcome.NOT_JUDGED or "bug in the workbook" in row.problem,
            "a live page": bool(LiveElements(page).live - live),
            "a control character in the table": _obeyed(row),
            "a formula": name in formulas,
            "too much time": one.cpu > SUBMISSION_CPU_SECONDS + 1,
            "too much memory": one.memory > SUBMISSION_MEMORY,
        }
        one.through += [what for what, is_so in checks.items() if is_so]


def _feedback(course: Path, student: str) -> str:
    """All pages of a student's feedback, one after the other."""
    home = course / "feedback" / student
    return "".join(path.read_text(encoding="utf-8") for path in sorted(home.rglob("*.html"))) if home.is_dir() else ""


def _obeyed(row: Graded) -> bool:
    """Whether the table that the terminal gets holds something that it obeys."""
    said = io.StringIO()
    show([row], Console(file=said, width=200))
    return printable(said.getvalue(), keep="\n") != said.getvalue()


def _formulas(course: Path) -> set[str]:
    """The students of whom a cell of the exported gradebook is a formula."""
    done = nbgrader(course, "export", "--to", "grades.csv")
    assert done.returncode == 0, done.stderr
    rows = list(csv.reader((course / "grades.csv").open(encoding="utf-8", newline="")))
    assert {len(row) for row in rows} == {len(rows[0])}
    return {row[3] for row in rows[1:] if not all(is_safe(cell) for cell in row)}


def _print(placed: dict[str, Attack], results: dict[str, Result]) -> None:
    print(f"{'family':<20}{'tried':>7}{'held':>7}{'degraded':>10}{'through':>9}{'worst CPU':>12}{'worst memory':>14}")
    families = dict.fromkeys(attack.family for attack in placed.values())
    for family in [*families, ""]:
        ours = [results[name] for name, attack in placed.items() if family in ("", attack.family)]
        through = sum(bool(one.through) for one in ours)
        degraded = sum(one.degraded and not one.through for one in ours)
        cpu, memory = max(one.cpu for one in ours), max(one.memory for one in ours) / 2**20
        counts = f"{len(ours):>7}{len(ours) - through - degraded:>7}{degraded:>10}{through:>9}"
        print(f"{family or 'together':<20}{counts}{cpu:>10.1f} s{memory:>10.0f} MiB")
    for what, worst in (("CPU", lambda name: results[name].cpu), ("memory", lambda name: results[name].memory)):
        name = max(placed, key=worst)
        print(f"the worst in {what}: {placed[name]}; {_cost(results[name])}; {results[name].row.outcome}")


def _cost(one: Result) -> str:
    return f"{one.cpu:.1f} s, {one.memory / 2**20:.0f} MiB"


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 12))
