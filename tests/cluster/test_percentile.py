"""Percentiles by nearest rank."""

from __future__ import annotations

import pytest

from cluster.percentile import percentile


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [
        (range(1, 101), 50, 50), (range(1, 101), 99, 99), (range(1, 201), 99, 198), (range(1, 21), 99, 20), (range(1, 21), 95, 19),
        ((3.0, 1.0, 2.0), 50, 2.0), ((3.0, 1.0, 2.0), 99, 3.0), ((7.0,), 1, 7.0), ((1.0, 2.0), 100, 2.0),
    ],
)  # fmt: skip
def test_nearest_rank(values: range | tuple[float, ...], percent: int, expected: float) -> None:
    """A percentile is the smallest value that at least that share of all values don't exceed, in any order of the values."""
    assert percentile(values, percent) == expected


def test_of_nothing() -> None:
    """An empty list has no percentile."""
    with pytest.raises(ValueError, match="no values"):
        percentile((), 99)
