"""What happened in one lane, written down by the watches as it comes, and waited for by the train."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from cluster.errors import WorldError
from cluster.train.timeline import Event, Kind

LOOKED_AGAIN = 1.0
"""How long it is waited at most before what is waited for is looked at again, in seconds."""


class StoppedError(Exception):
    """The run was ended from outside: by Ctrl-C, or because another lane can't go on."""


class Record:
    """The events of a lane, in seconds since ``began``. Every change is made and waited for under one lock."""

    def __init__(self, changed: Callable[[], None]) -> None:
        """``changed`` is called after every event, outside the lock."""
        self.lock = threading.Condition()
        self.events: list[Event] = []
        self.began = time.monotonic()
        self.stop = ""
        self.stop_of: dict[str, str] = {}
        self._changed = changed
        self._trouble: WorldError | None = None
        self._stopped = False

    def begin(self) -> None:
        """Count seconds from now."""
        self.began = time.monotonic()

    @property
    def now(self) -> float:
        """Seconds since the lane began."""
        return time.monotonic() - self.began

    def tell(self, subject: str, kind: Kind, detail: str = "", value: float | None = None, stop: str = "") -> None:
        """Write an event down; it belongs to the stop that watches its subject, or to the current one."""
        with self.lock:
            belongs = stop or self.stop_of.get(subject, self.stop)
            self.events.append(Event(round(self.now, 2), belongs, subject, kind, detail, value))
            self.lock.notify_all()
        self._changed()

    def wake(self) -> None:
        """Have whoever waits look again."""
        with self.lock:
            self.lock.notify_all()

    def fail(self, trouble: WorldError) -> None:
        """The world is broken: whoever waits gets this error."""
        with self.lock:
            self._trouble = self._trouble or trouble
            self.lock.notify_all()

    def end(self) -> None:
        """End the lane: whoever waits gets StoppedError."""
        with self.lock:
            self._stopped = True
            self.lock.notify_all()

    @property
    def ended(self) -> bool:
        """Whether the lane is over, for one reason or another."""
        return self._stopped or self._trouble is not None

    def wait(self, seconds: float, done: Callable[[], bool] = lambda: False) -> bool:
        """Wait until something holds, at most so many seconds; whether it does. Raises WorldError and StoppedError."""
        until = time.monotonic() + seconds
        with self.lock:
            while True:
                if self._trouble is not None:
                    raise self._trouble
                if self._stopped:
                    raise StoppedError
                if done():
                    return True
                left = until - time.monotonic()
                if left <= 0:
                    return False
                # What is waited for may hold because time went by, which wakes nobody.
                self.lock.wait(min(left, LOOKED_AGAIN))
