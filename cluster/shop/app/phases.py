"""The lifecycle of a serving process: it starts, gets SIGTERM, serves on for a while, closes.

Two things in a cluster happen at once when a pod is deleted: the process gets SIGTERM, and every proxy is
notified that the pod no longer takes requests. Until the slowest proxy is notified, new connections still come, and a
program that closes the listener on SIGTERM refuses them. Source: kubernetes.io/docs, "Pod Lifecycle", Termination of Pods.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal

FINISH_WITHIN = 29.0
"""The longest time from SIGTERM to the exit, in seconds: just under the contract's 30, when the platform kills."""

_log = logging.getLogger(__name__)


class Lifecycle:
    """The state of the process. Create it inside the running event loop."""

    def __init__(self, serves_on: float) -> None:
        """``serves_on`` is the time from SIGTERM to closing the listener, in seconds."""
        self.serves_on = serves_on
        self.terminating = asyncio.Event()
        """Asked to stop: no longer ready, but still serving requests."""
        self.closing = asyncio.Event()
        """Set when the listener closes; requests in flight are still finished."""
        self._loop = asyncio.get_running_loop()

    def obey_signals(self) -> None:
        """Make SIGTERM and SIGINT stop this process in order.

        The loop itself handles the signals. Otherwise a signal that comes just before the loop sleeps would wait for its next
        timer. If the loop can't handle signals (Windows), Python's own handler is used.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            try:
                self._loop.add_signal_handler(number, self.stop)
            except NotImplementedError:
                signal.signal(number, lambda *_: self._loop.call_soon_threadsafe(self.stop))

    def ignore_signals(self) -> None:
        """Ignore further signals: the event loop that handles them is about to close."""
        for number in (signal.SIGTERM, signal.SIGINT):
            with contextlib.suppress(NotImplementedError):
                self._loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_IGN)

    def stop(self) -> None:
        """Begin to stop; a second call changes nothing."""
        if not self.terminating.is_set():
            _log.info("asked to stop", extra={"serves_on_seconds": self.serves_on})
            self.terminating.set()
            self._loop.call_later(self.serves_on, self.closing.set)

    @property
    def finishes_within(self) -> float:
        """The time left for requests in flight once the listener is closed, in seconds."""
        return FINISH_WITHIN - self.serves_on
