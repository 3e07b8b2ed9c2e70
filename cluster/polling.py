"""Polling, for conditions without a notification: another process becomes ready, an email arrives.

If a notification exists (a Kubernetes API, a pipe), use that instead.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


def wait_until(condition: Callable[[], bool], within: float, each: float) -> bool:
    """Wait at most ``within`` seconds for a condition; return whether it holds. It is checked every ``each`` seconds, at least once."""
    until, again = time.monotonic() + within, threading.Event()  # never set: there is no notification
    while not condition():
        if time.monotonic() >= until:
            return False
        again.wait(each)
    return True
