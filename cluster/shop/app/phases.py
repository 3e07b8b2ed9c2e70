"""The life of a process that serves: it starts, is asked to stop, serves on for a while, closes.

Two things in a cluster happen at once when a pod is deleted: the process gets SIGTERM, and every proxy hears
that the pod no longer takes requests. Until the slowest of them has heard, new connections still come, and
a program that closes the listener on SIGTERM refuses them. Source: kubernetes.io/docs, "Pod Lifecycle", Termination of Pods.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal

FINISH_WITHIN = 29.0
"""From SIGTERM to the exit at most, in seconds: just under the contract's 30, when the platform kills."""

_log = logging.getLogger(__name__)


class Lifecycle:
    """Where the process is in its life. Made inside the running event loop."""

    def __init__(self, serves_on: float) -> None:
        """``serves_on``: from being asked to stop to closing the listener, in seconds."""
        self.serves_on = serves_on
        self.terminating = asyncio.Event()
        """Asked to stop: no longer ready, but still serving requests."""
        self.closing = asyncio.Event()
        """The listener closes now; requests in flight are finished."""
        self._loop = asyncio.get_running_loop()

    def obey_signals(self) -> None:
        """From now on SIGTERM and SIGINT ask this life to end.

        The loop gets the signal, not only Python: a signal that comes just before the loop goes to sleep would wait for its next
        timer otherwise. Where the loop can't be told (Windows), Python's own handler has to do.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            try:
                self._loop.add_signal_handler(number, self.stop)
            except NotImplementedError:
                signal.signal(number, lambda *_: self._loop.call_soon_threadsafe(self.stop))

    def ignore_signals(self) -> None:
        """Asked to stop once is enough: the loop that would be told is about to close."""
        for number in (signal.SIGTERM, signal.SIGINT):
            with contextlib.suppress(NotImplementedError):
                self._loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_IGN)

    def stop(self) -> None:
        """Ask to end; a second time changes nothing."""
        if not self.terminating.is_set():
            _log.info("asked to stop", extra={"serves_on_seconds": self.serves_on})
            self.terminating.set()
            self._loop.call_later(self.serves_on, self.closing.set)

    @property
    def finishes_within(self) -> float:
        """What is left for the requests in flight once the listener is closed, in seconds."""
        return FINISH_WITHIN - self.serves_on
