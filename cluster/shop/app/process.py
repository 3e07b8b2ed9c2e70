"""The process before it serves: its age, and its end at SIGTERM.

Import it before anything slow: process 1 of a container has no default action for SIGTERM, so a signal without
a handler is lost, and the container then waits for SIGKILL.
"""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

_IMPORTED = time.monotonic()
_START_TIME = 19
"""The index of the start time in ``/proc/PID/stat`` after the name in brackets: field 22 of proc(5)."""


def leave_when_asked() -> None:
    """Make SIGTERM and SIGINT end the process at once with code 0, because nothing is open yet."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: os._exit(0))


def age() -> float:
    """How long this process has been running, in seconds: since its start, or since import if the system doesn't say."""
    since_import = time.monotonic() - _IMPORTED
    try:
        fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
        since_start = time.clock_gettime(time.CLOCK_BOOTTIME) - int(fields[_START_TIME]) / os.sysconf("SC_CLK_TCK")
    except (OSError, AttributeError, ValueError, IndexError):
        return since_import
    # In a sandbox the two clocks may have different origins; an interpreter never takes a minute to start.
    return since_start if since_import <= since_start + 0.02 and since_start < since_import + 60 else since_import
