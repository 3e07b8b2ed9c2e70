"""How far a recording is: so many of so many, how fast, and how long it will take from here."""

from __future__ import annotations

import time
from collections.abc import Callable

SAID_EACH = 5.0
"""How often a step says how far it is whose items are quick, in seconds."""

_SECONDS_UNTIL, _MINUTES_UNTIL, _MINUTE = 100, 90, 60
_PER_SECOND_UNTIL = 0.5


class Progress:
    """Puts a step's progress in words. ``clock`` gives seconds."""

    def __init__(self, step: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._step = step
        self._clock = clock
        self._began = self._said = clock()
        self._total = 0

    def line(self, done: int, total: int, item: str, words: str = "") -> str:
        """What to say when ``done`` of ``total`` are recorded; often nothing for a quick item, of which there are no words."""
        now = self._clock()
        if self._total not in (0, total):  # another stretch of the step, with a rate of its own
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
            return f"in {duration(passed)}"
        if passed <= 0 or not done:
            return ""
        each = passed / done
        rate = f"{1 / each:,.0f} a second" if each < _PER_SECOND_UNTIL else f"{_MINUTE / each:,.1f} a minute"
        return f"{rate}, {duration(each * (total - done))} left"


def duration(seconds: float) -> str:
    """Seconds as people say them: ``8 s``, ``12 min``, ``1 h 35 min``."""
    if seconds < _SECONDS_UNTIL:
        return f"{seconds:.0f} s"
    minutes = round(seconds / _MINUTE)
    return f"{minutes} min" if minutes < _MINUTES_UNTIL else f"{minutes // _MINUTE} h {minutes % _MINUTE:02} min"
