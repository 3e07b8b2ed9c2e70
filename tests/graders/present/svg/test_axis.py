"""Axes and legends of figures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.present.svg.axis import LINE, Axis, legend


@pytest.mark.parametrize(
    ("most", "count", "least", "said"),
    [
        (0.3, 3, 0, ["0 s", "0.1 s", "0.2 s", "0.3 s"]),
        (1.0, 12, 1, ["0 s", "1 s"]),
        (5.2, 6, 0, ["0 s", "1 s", "2 s", "3 s", "4 s", "5 s"]),
        (100, 6, 0, ["0 s", "20 s", "40 s", "60 s", "80 s", "100 s"]),
        (290, 12, 1, [f"{n * 30} s" for n in range(10)]),
    ],
)
def test_seconds(most: float, count: int, least: float, said: list[str]) -> None:
    """A time axis has as many ticks as fit, at round values: 1, 2 or 5 times a power of ten, or parts of minutes."""
    assert [tick.said for tick in Axis(0, 100, most).seconds(count, least)] == said


@given(most=st.floats(0.01, 10_000), count=st.integers(2, 14))
def test_ticks_are_on_the_axis(most: float, count: int) -> None:
    """Every tick is on the axis, and up to an hour and a half there are at most as many as requested."""
    ticks = Axis(50, 700, most).seconds(count)
    assert ticks[0].at == 50
    assert all(50 <= tick.at <= 700.001 for tick in ticks)
    assert len(ticks) <= count + 1 or most / count > 600


def test_an_axis_that_goes_up() -> None:
    """On a vertical axis greater values are further up, and a value beyond the axis is at its end."""
    axis = Axis(146, 16, 4)
    assert [axis.at(value) for value in (0, 1, 4, 9, -1)] == [146, 113.5, 16, 16, 146]


def test_legend_wraps() -> None:
    """An entry that doesn't fit on a line begins the next line."""
    entries = list(legend([("a", "x" * 20), ("b", "y" * 20), ("c", "z")], 10, 200, 5))
    assert [(entry.symbol, entry.x, entry.y) for entry in entries] == [
        ("a", 10, 5),
        ("b", 10, 5 + LINE),
        ("c", 169, 5 + LINE),
    ]
