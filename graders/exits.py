"""How a command ends: its exit code, and what is said on standard error where it couldn't go on."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable

from cluster.errors import NotJudgedError, UsageError, WorkbookError

OK, NOT_FULL, USAGE, ENVIRONMENT = 0, 1, 2, 3
STOPPED = 130


def guarded(run: Callable[[], object]) -> int:
    """Run a command; whatever the workbook can explain is one or two lines on standard error. The exit code."""
    # A reader that goes away (| head) ends us quietly, as it does any other filter.
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    try:
        run()
    except WorkbookError as error:
        sys.stderr.write(f"{error.problem}\n" + (f"{error.hint}\n" if error.hint else ""))
        return (
            USAGE if isinstance(error, UsageError) else ENVIRONMENT if isinstance(error, NotJudgedError) else NOT_FULL
        )
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        return STOPPED
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else USAGE
    return OK


def say_what_is_awaited() -> None:
    """Tell whoever sits at the keyboard that the answer is read from there."""
    if sys.stdin.isatty():
        sys.stderr.write("Reading your answer from the keyboard; end it with Ctrl-D.\n")
