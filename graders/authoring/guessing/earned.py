"""The points of answers without knowledge in an exercise."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cluster import Cluster
from cluster.errors import NotJudgedError
from graders.authoring.guessing.printed import Printed
from graders.authoring.guessing.strategies import guesses, strategies
from graders.core.exercise import Exercise

FEW = 10
"""The number of tries that choose the best words for each field of a guess."""
MOST = 1 / 3
"""The share of an exercise's points that the best strategy may earn."""
MOST_OF_ALL = 1 / 4
"""The share of all points that the best strategies of all exercises may earn together."""
DUST = 0.005
"""The most that rounding to hundredths adds to a score."""


@dataclass(frozen=True, slots=True, order=True)
class Figure:
    """The points of one strategy in one exercise, and its description."""

    earned: float
    strategy: str


def figures(exercise: Exercise[Any, Any], above: Printed, cluster: Cluster, seeds: Sequence[int]) -> tuple[Figure, ...]:
    """Return the points of each strategy in an exercise, the best first; a guess has the mean over ``seeds``.

    Raises NotJudgedError if an answer is not judged.
    """
    found = {name: _earned(exercise, text, cluster) for name, text in reversed(list(strategies(above)))}
    found |= _guessed(exercise, above, cluster, seeds)
    return tuple(sorted((Figure(earned, name) for name, earned in found.items()), reverse=True))


def _guessed(exercise: Exercise[Any, Any], above: Printed, cluster: Cluster, seeds: Sequence[int]) -> dict[str, float]:
    """Return the guess that earns most in a few tries, with its mean over all seeds."""
    earned: dict[str, list[float]] = {}
    for seed in seeds:
        for name, text in guesses(above, seed):
            if len(earned.get(name, ())) < FEW or name == max(
                earned, key=lambda one: statistics.mean(earned[one][:FEW])
            ):
                earned.setdefault(name, []).append(_earned(exercise, text, cluster))
    return {name: round(statistics.mean(tries), 2) for name, tries in earned.items() if len(tries) == len(seeds)}


def _earned(exercise: Exercise[Any, Any], text: str, cluster: Cluster) -> float:
    report = exercise.judge(text, cluster)
    if not report.judged:
        raise NotJudgedError(f"An answer of {exercise.name} isn't judged: {report.problem}", f"It was: {text[:200]}")
    return report.score
