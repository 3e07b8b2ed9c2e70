"""The event log of a run on a real cluster: watches write it in their threads, and the train waits for changes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from cluster.errors import WorldError
from cluster.train.event_log import EventLog
from cluster.train.timeline import EventKind

LOOKED_AGAIN = 1.0
"""The longest time between two checks of a condition, in seconds."""


class StoppedError(Exception):
    """The run was stopped: by Ctrl-C, or because another lane failed."""


class SharedLog(EventLog):
    """A lane's events, in seconds since ``began``. Watches change it and the train waits for changes, under one lock."""

    def __init__(self, changed: Callable[[], None]) -> None:
        """``changed`` is called after every event, outside the lock."""
        super().__init__(lambda: time.monotonic() - self.began, digits=2)
        self.lock = threading.Condition()
        self.began = time.monotonic()
        self._changed = changed
        self._trouble: WorldError | None = None
        self._stopped = False

    def begin(self) -> None:
        """Count seconds from now."""
        self.began = time.monotonic()

    def tell(self, subject: str, kind: EventKind, detail: str = "", value: float | None = None, stop: str = "") -> None:
        """Log an event, and wake the train."""
        with self.lock:
            super().tell(subject, kind, detail, value, stop)
            self.lock.notify_all()
        self._changed()

    def wake(self) -> None:
        """Wake the waiting threads."""
        with self.lock:
            self.lock.notify_all()

    def fail(self, trouble: WorldError) -> None:
        """Record that the world is broken: the waiting threads get this error."""
        with self.lock:
            self._trouble = self._trouble or trouble
            self.lock.notify_all()

    def end(self) -> None:
        """End the lane: the waiting threads get StoppedError."""
        with self.lock:
            self._stopped = True
            self.lock.notify_all()

    @property
    def ended(self) -> bool:
        """Whether the lane was ended or has failed."""
        return self._stopped or self._trouble is not None

    def wait(self, seconds: float, done: Callable[[], bool] = lambda: False) -> bool:
        """Wait at most ``seconds`` for a condition; return whether it holds. Raises WorldError and StoppedError."""
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
                # A condition may become true by time alone, without a notification.
                self.lock.wait(min(left, LOOKED_AGAIN))
