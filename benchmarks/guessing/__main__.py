"""What answers without knowledge earn: constants, boilerplate, printed forms and tables, and guesses.

``python -m benchmarks.guessing`` prints for each exercise the strategy that earns most. Every answer is made of what the
notebook prints (``printed.py``); the strategies are in ``strategies.py``. The same copy of the workbook gives the same figures.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.guessing.printed import Printed, printed
from benchmarks.guessing.strategies import guesses, strategies
from cluster import Cluster, world
from graders.core.exercise import Exercise
from graders.core.registry import exercises

BEFORE = Path(__file__).with_name("before.json")
"""The figures of the workbook before answers without knowledge were looked at."""
SEEDS = range(1, 201)
FEW = 10
"""How many tries tell which words a guess had better take for which field."""
MOST_OF_ONE, MOST_OF_ALL = 1 / 3, 25
"""What the best strategy may earn at most: of an exercise, a share; of all exercises, points."""
GRADED = tuple(exercise for exercise in exercises() if exercise.graded)


@dataclass(frozen=True, slots=True, order=True)
class Figure:
    """What one strategy earns in one exercise: points, and what it does."""

    earned: float
    strategy: str


def figures(exercise: Exercise[Any, Any], seeds: Sequence[int] = SEEDS) -> tuple[Figure, ...]:
    """What each strategy earns in an exercise, the best first; guesses by their mean over ``seeds``."""
    above, cluster = printed(exercise), world()
    found = {name: _earned(exercise, text, cluster) for name, text in reversed(list(strategies(exercise.kind, above)))}
    found |= _guessed(exercise, above, cluster, seeds)
    return tuple(sorted((Figure(earned, name) for name, earned in found.items()), reverse=True))


def _guessed(exercise: Exercise[Any, Any], above: Printed, cluster: Cluster, seeds: Sequence[int]) -> dict[str, float]:
    """Of the ways to guess, the one that earns most in a few tries, with its mean over all seeds."""
    earned: dict[str, list[float]] = {}
    for seed in seeds:
        for name, text in guesses(exercise.kind, above, seed):
            if len(earned.get(name, ())) < FEW or name == max(
                earned, key=lambda one: statistics.mean(earned[one][:FEW])
            ):
                earned.setdefault(name, []).append(_earned(exercise, text, cluster))
    return {name: round(statistics.mean(tries), 2) for name, tries in earned.items() if len(tries) == len(seeds)}


def _earned(exercise: Exercise[Any, Any], text: str, cluster: Cluster) -> float:
    report = exercise.judge(text, cluster)
    assert report.judged, f"{exercise.name}: {report.problem}"
    return report.score


def main(arguments: Sequence[str]) -> None:
    """Print the table."""
    options = _options(arguments)
    before = json.loads(options.before.read_text(encoding="utf-8")) if options.before.is_file() else {}
    chosen = [e for e in GRADED if e.name in options.exercises or not options.exercises]
    print(f"{'exercise':<15}{'points':>7}{'before':>8}{'now':>7}{'share':>7}   the strategy that earns most")
    best: dict[str, float] = {}
    for exercise in chosen:
        found = figures(exercise)
        best[exercise.name] = found[0].earned
        for figure in found[: options.most]:
            _row(exercise.name, exercise.points, before.get(exercise.name), figure)
    _row("sum", sum(e.points for e in chosen), round(sum(before.get(e.name, 0) for e in chosen), 2) if before else None,
         Figure(round(sum(best.values()), 2), f"of each exercise at most {MOST_OF_ONE:.0%}, of 100 at most {MOST_OF_ALL}"))  # fmt: skip
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
