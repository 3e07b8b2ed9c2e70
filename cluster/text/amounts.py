"""Durations, sizes and points as text: one format of each, for cards, figures, messages and commands."""

from __future__ import annotations

_YEAR, _DAY, _HOUR, _MINUTE = 365 * 86_400.0, 86_400.0, 3600.0, 60.0
_TIME = (
    ("years", _YEAR, 2), ("days", _DAY, 2), ("h", _HOUR, 1), ("min", _MINUTE, 1), ("s", 1.0, 1), ("ms", 1e-3, 1), ("µs", 1e-6, 1),
    ("ns", 1e-9, 0),
)  # fmt: skip
"""Each unit, its length in seconds, and the smallest number that is written in it: one day is 24 h."""
_LONGEST = 1000 * _YEAR

_SIZE = (("GiB", 2.0**30), ("MiB", 2.0**20), ("KiB", 2.0**10))


def format_duration(seconds: float) -> str:
    """Return a time in the largest unit that fits, with three significant digits: ``12.3 ms``, ``2.5 h``, ``14 days``."""
    if not seconds:
        return "0 s"
    if seconds >= _LONGEST:
        return "over 1000 years"
    return next(f"{number:g} {unit}" for unit, size, least in _TIME if (number := _rounded(seconds / size)) >= least)


def format_size(size: float) -> str:
    """Return a number of bytes in the largest binary unit that fits, with three significant digits: ``20 MiB``, ``500 bytes``."""
    return next(
        (f"{number:g} {unit}" for unit, factor in _SIZE if (number := _rounded(size / factor)) >= 1),
        f"{size:.0f} bytes",
    )


def format_number(points: float) -> str:
    """Return points without their unit, with at most two decimals: ``3``, ``1.75``."""
    return f"{points:.2f}".rstrip("0").rstrip(".")


def format_points(points: float) -> str:
    """Return points with their unit: ``3 points``, ``1 point``."""
    number = format_number(points)
    return f"{number} {'point' if number == '1' else 'points'}"


def format_score(earned: float, most: float) -> str:
    """Return the earned points and the maximum: ``0.5 of 1 point``."""
    return f"{format_number(earned)} of {format_points(most)}"


def _rounded(number: float) -> float:
    # Rounded before the unit is chosen, so that 999.9 ms is 1 s, not 1000 ms.
    return float(f"{number:.3g}")
