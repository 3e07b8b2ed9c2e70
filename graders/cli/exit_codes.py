"""How a command ends: its exit code, and what is said on standard error where it couldn't go on."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable

from cluster.errors import NotJudgedError, UsageError, WorkbookError
from graders.core.output import complain

OK, NOT_FULL, USAGE, ENVIRONMENT = 0, 1, 2, 3
STOPPED, UNREAD = 130, 141
"""By a reader that goes away we end as other filters do, with 128 + SIGPIPE."""


def guarded(run: Callable[[], object]) -> int:
    """Run a command; whatever the workbook can explain is one or two lines on standard error. The exit code."""
    try:
        run()
        sys.stdout.flush()
    except BrokenPipeError:
        return _unread()
    except WorkbookError as error:
        complain(error.problem + (f"\n{error.hint}" if error.hint else ""))
        return (
            USAGE if isinstance(error, UsageError) else ENVIRONMENT if isinstance(error, NotJudgedError) else NOT_FULL
        )
    except KeyboardInterrupt:
        complain("Stopped.")
        return STOPPED
    except SystemExit as end:
        try:
            sys.stdout.flush()
        except BrokenPipeError:
            return _unread()
        if end.code == STOPPED:  # the library that reads our arguments sees Ctrl-C first, and says nothing
            complain("Stopped.")
        return end.code if isinstance(end.code, int) else USAGE
    return OK


def _unread() -> int:
    """Nobody reads what we say (``| head``): end quietly. The signal's own end would hit us at our children's pipes, too."""
    with contextlib.suppress(OSError, ValueError):  # what is still to be flushed goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return UNREAD


def say_what_is_awaited() -> None:
    """Tell whoever sits at the keyboard that the answer is read from there."""
    if sys.stdin is not None and sys.stdin.isatty():
        complain("Reading your answer from the keyboard; end it with Ctrl-D.")
