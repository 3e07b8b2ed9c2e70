"""How a command ends: its exit code, and its message on standard error after an error."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable

from cluster.errors import NotJudgedError, UsageError, WorkbookError
from graders.core.output import complain

OK, NOT_FULL, USAGE, ENVIRONMENT = 0, 1, 2, 3
STOPPED, UNREAD = 130, 141
"""After Ctrl-C: 128 + SIGINT. After the reader of the output is gone: 128 + SIGPIPE, as other filters do."""


def guarded(run: Callable[[], object]) -> int:
    """Run a command and return its exit code; print a WorkbookError as one or two lines on standard error."""
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
        if end.code == STOPPED:  # typer catches Ctrl-C first, and prints nothing
            complain("Stopped.")
        return end.code if isinstance(end.code, int) else USAGE
    return OK


def _unread() -> int:
    """End quietly after the reader is gone (``| head``). SIGPIPE's default would also end us at our children's pipes."""
    with contextlib.suppress(OSError, ValueError):  # discard buffered output
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return UNREAD


def say_what_is_awaited() -> None:
    """Say that the answer is read from the keyboard, if standard input is a terminal."""
    if sys.stdin is not None and sys.stdin.isatty():
        complain("Reading your answer from the keyboard; end it with Ctrl-D.")
