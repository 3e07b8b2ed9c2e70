"""Waiting for what tells nobody when it comes about: another process that gets ready, an email that arrives.

Where there is something to watch (a Kubernetes API, a pipe), that is watched in place of this.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


def holds(condition: Callable[[], bool], within: float, each: float) -> bool:
    """Whether the condition holds within so many seconds, looked at every ``each`` seconds, and once at least."""
    until, again = time.monotonic() + within, threading.Event()  # never set: nobody could tell
    while not condition():
        if time.monotonic() >= until:
            return False
        again.wait(each)
    return True
