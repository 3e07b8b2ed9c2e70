"""The process before it serves: since when it runs, and that it leaves when it is asked to.

Imported before anything heavy: process 1 of a container has no default for SIGTERM, so one that comes before
there is a handler is lost, and the container then waits for SIGKILL.
"""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

_IMPORTED = time.monotonic()
_START_TIME = 19
"""Where a process's start time stands in ``/proc/PID/stat`` behind the name in brackets: field 22 of proc(5)."""


def leave_when_asked() -> None:
    """From now on SIGTERM and SIGINT end the process at once with code 0: nothing is open yet."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: os._exit(0))


def age() -> float:
    """How long this process has been running, in seconds: since its start where the system tells, else since import."""
    since_import = time.monotonic() - _IMPORTED
    try:
        fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
        since_start = time.clock_gettime(time.CLOCK_BOOTTIME) - int(fields[_START_TIME]) / os.sysconf("SC_CLK_TCK")
    except (OSError, AttributeError, ValueError, IndexError):
        return since_import
    # A sandbox may count the two clocks from different moments; an interpreter never takes a minute to start.
    return since_start if since_import <= since_start + 0.02 and since_start < since_import + 60 else since_import
