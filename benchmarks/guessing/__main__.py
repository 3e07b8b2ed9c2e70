"""The points of answers without knowledge: constants, boilerplate, printed forms and tables, and guesses.

``python -m benchmarks.guessing`` prints the best strategy for each exercise. The strategies are those of
``workbook verify`` (``graders/authoring/guessing``), with more guesses. The same copy of the workbook gives the same figures.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from cluster import world
from graders.authoring.guessing.earned import MOST, MOST_OF_ALL, Figure, figures
from graders.authoring.guessing.printed import printed
from graders.authoring.sources import section_of
from graders.core.registry import exercises, owners

ROOT = Path(__file__).resolve().parents[2]
BEFORE = Path(__file__).with_name("before.json")
"""The figures of the workbook before answers without knowledge were looked at."""
SEEDS = range(1, 201)
GRADED = tuple(exercise for exercise in exercises() if exercise.graded)


def main(arguments: Sequence[str]) -> None:
    """Print the table."""
    options = _options(arguments)
    before = json.loads(options.before.read_text(encoding="utf-8")) if options.before.is_file() else {}
    chosen = [e for e in GRADED if e.name in options.exercises or not options.exercises]
    print(f"{'exercise':<15}{'points':>7}{'before':>8}{'now':>7}{'share':>7}   the strategy that earns most")
    best: dict[str, float] = {}
    for exercise in chosen:
        section = section_of(exercise, owners()[exercise.name], ROOT)
        found = figures(exercise, printed(exercise, section.notebook), world(), SEEDS)
        best[exercise.name] = found[0].earned
        for figure in found[: options.most]:
            _row(exercise.name, exercise.points, before.get(exercise.name), figure)
    _row("sum", sum(e.points for e in chosen), round(sum(before.get(e.name, 0) for e in chosen), 2) if before else None,
         Figure(round(sum(best.values()), 2), f"of each exercise at most {MOST:.0%}, of all at most {MOST_OF_ALL:.0%}"))  # fmt: skip
    if options.save:
        options.save.write_text(json.dumps(best, indent=2) + "\n", encoding="utf-8")


def _row(name: str, points: float, before: float | None, now: Figure) -> None:
    was = "" if before is None else f"{before:.2f}"
    print(f"{name:<15}{points:>7g}{was:>8}{now.earned:>7.2f}{now.earned / points:>7.0%}   {now.strategy[:120]}")


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.guessing", description=__doc__)
    parser.add_argument("exercises", nargs="*", metavar="EXERCISE", help="only these; all that have points otherwise")
    parser.add_argument(
        "--most", type=int, default=1, metavar="N", help="how many strategies to show of each, the best first"
    )
    parser.add_argument("--before", type=Path, default=BEFORE, metavar="FILE", help="figures to compare with")
    parser.add_argument(
        "--save", type=Path, metavar="FILE", help="write the best strategy's points of each exercise there"
    )
    options = parser.parse_args(arguments)
    known = [e.name for e in GRADED]
    if unknown := [name for name in options.exercises if name not in known]:
        parser.error(f"there is no exercise “{unknown[0]}” with points; there are {', '.join(known)}")
    return options


if __name__ == "__main__":
    main(sys.argv[1:])
