"""Percentiles of measurements, by one definition: nearest rank."""

from __future__ import annotations

from collections.abc import Iterable


def percentile(values: Iterable[float], percent: int) -> float:
    """Return the smallest value that at least ``percent`` % of all values don't exceed: nearest rank, without interpolation.

    The result is always a measured value: p99 of twenty is the largest. ``percent`` is from 1 to 100. Raises ValueError for no values.
    """
    ranked = sorted(values)
    if not ranked:
        raise ValueError("no values")
    return ranked[-(-len(ranked) * percent // 100) - 1]
