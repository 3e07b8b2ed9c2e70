"""Child processes for several callers at once: each caller borrows one, and a child is used again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from graders.judging.child import Child


class Children:
    """As many child processes as there are callers at the same time. ``preload`` names the modules that each imports first."""

    def __init__(self, *preload: str) -> None:
        self._preload = preload
        self._idle: list[Child] = []
        self._busy: list[Child] = []
        self._lock = threading.Lock()

    @contextmanager
    def one(self) -> Iterator[Child]:
        """Borrow a child inside the block."""
        with self._lock:
            child = self._idle.pop() if self._idle else Child(*self._preload)
            self._busy.append(child)
        try:
            yield child
        finally:
            with self._lock:
                self._busy.remove(child)
                self._idle.append(child)

    def interrupt(self) -> None:
        """Interrupt what the borrowed children do: each call ends with a KeyboardInterrupt, after its function cleaned up."""
        with self._lock:
            busy = [*self._busy]
        for child in busy:
            child.interrupt()
