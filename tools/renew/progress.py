"""The progress of a recording: items done, the rate, and the time left."""

from __future__ import annotations

import time
from collections.abc import Callable

from cluster.text.amounts import format_duration

SAID_EACH = 5.0
"""The seconds between two progress lines of a step with quick items."""

_MINUTE = 60
_PER_SECOND_UNTIL = 0.5


class Progress:
    """Describes a step's progress. ``clock`` returns seconds."""

    def __init__(self, step: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._step = step
        self._clock = clock
        self._began = self._said = clock()
        self._total = 0

    def line(self, done: int, total: int, item: str, words: str = "") -> str:
        """Return the line for ``done`` of ``total`` items; often "" for a quick item, which has no ``words``."""
        now = self._clock()
        if self._total not in (0, total):  # a new part of the step, with its own rate
            self._began = now
        self._total = total
        if not words and done < total and now - self._said < SAID_EACH:
            return ""
        self._said = now
        what = f"{item:<34} {words:<32} " if words else ""
        return f"{self._step:<9}{done:>6,} of {total:<6,} {what}{self._rate(done, total, now - self._began)}".rstrip()

    @staticmethod
    def _rate(done: int, total: int, passed: float) -> str:
        if done >= total:
            return f"in {format_duration(passed)}"
        if passed <= 0 or not done:
            return ""
        each = passed / done
        rate = f"{1 / each:,.0f} a second" if each < _PER_SECOND_UNTIL else f"{_MINUTE / each:,.1f} a minute"
        return f"{rate}, {format_duration(each * (total - done))} left"
