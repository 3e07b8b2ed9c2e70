"""Polling, for conditions without a notification: another process that gets ready, an email that arrives.

Where there is something to watch (a Kubernetes API, a pipe), code watches it instead.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


def wait_until(condition: Callable[[], bool], within: float, each: float) -> bool:
    """Wait at most ``within`` seconds for a condition, checked every ``each`` seconds and at least once; whether it holds."""
    until, again = time.monotonic() + within, threading.Event()  # never set: nobody could tell
    while not condition():
        if time.monotonic() >= until:
            return False
        again.wait(each)
    return True
