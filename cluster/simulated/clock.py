"""Virtual time: planned actions run in order, without waiting."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from itertools import count

Action = Callable[[], None]


class Clock:
    """Seconds from 0. Actions at the same moment happen in the order in which they were planned."""

    def __init__(self) -> None:
        self.now = 0.0
        self._planned: list[tuple[float, int, Action]] = []
        self._order = count()

    def after(self, delay: float, action: Action) -> None:
        """Plan an action ``delay`` seconds from now."""
        heapq.heappush(self._planned, (self.now + max(delay, 0.0), next(self._order), action))

    def run(self, until: float, done: Callable[[], bool] = lambda: False) -> bool:
        """Advance time to the moment ``until``, or until ``done`` holds; return whether it holds."""
        while not done():
            if not self._planned or self._planned[0][0] > until:
                self.now = max(self.now, until)
                return done()
            self.now, _, action = heapq.heappop(self._planned)
            action()
        return True
