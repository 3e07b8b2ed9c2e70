"""Durations, sizes and points as text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster.text.amounts import format_duration, format_number, format_points, format_score, format_size


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"), (29e-9, "29 ns"), (4.2e-7, "420 ns"), (3.14e-6, "3.14 µs"), (0.0005, "500 µs"), (0.0123, "12.3 ms"), (0.2, "200 ms"),
        (0.9999, "1 s"), (45, "45 s"), (59.99, "1 min"), (300, "5 min"), (9000, "2.5 h"), (86_400, "24 h"), (1_209_600, "14 days"),
        (99_999_999, "3.17 years"), (1e11, "over 1000 years"),
    ],
)  # fmt: skip
def test_durations(seconds: float, text: str) -> None:
    """A duration has the largest unit that fits, with three significant digits; a single day is 24 h."""
    assert format_duration(seconds) == text


@given(st.floats(1e-9, 1e10))
def test_any_duration(seconds: float) -> None:
    """Each duration has a plain number and a unit, and never a thousand of a unit, except years."""
    number, unit = format_duration(seconds).split()
    assert re.fullmatch(r"\d+(\.\d+)?", number)
    assert float(number) < 1000, unit


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 bytes"), (500, "500 bytes"), (256 * 1024, "256 KiB"), (20 * 2**20, "20 MiB"), (1.5 * 2**30, "1.5 GiB"), (2**20 - 1, "1 MiB")],
)  # fmt: skip
def test_sizes(size: float, text: str) -> None:
    """A size has the largest binary unit that fits, with three significant digits."""
    assert format_size(size) == text


@pytest.mark.parametrize(
    ("points", "number", "text"), [(1, "1", "1 point"), (1.001, "1", "1 point"), (0, "0", "0 points"), (0.5, "0.5", "0.5 points"), (10, "10", "10 points"), (1.755, "1.75", "1.75 points")]
)  # fmt: skip
def test_points(points: float, number: str, text: str) -> None:
    """Points have at most two decimals, and one point is singular."""
    assert (format_number(points), format_points(points)) == (number, text)


def test_scores() -> None:
    """A score's unit agrees with the maximum of points."""
    assert format_score(0.5, 1) == "0.5 of 1 point"
    assert format_score(1, 3) == "1 of 3 points"
