"""Plain text output of the commands. ``graders.present.console`` writes what rich lays out, ``graders.core.logs`` log records.

Nothing else writes to a terminal; ruff holds this rule.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any, TextIO, cast

from cluster.text import printable

LAYOUT = "\n\t"
"""The control characters that are allowed in a text of several lines."""


def write(text: str) -> None:
    """Write a text, and a newline, to standard output."""
    sys.stdout.write(printable(text, keep=LAYOUT) + "\n")  # noqa: TID251  here it is made printable


def complain(text: str) -> None:
    """Write a text, and a newline, to standard error."""
    sys.stderr.write(printable(text, keep=LAYOUT) + "\n")  # noqa: TID251  here it is made printable


class PrintableStream:
    """A stream for text from other code: warnings, tracebacks and a library's own messages.

    It writes to ``stream``. ``isatty`` is false, so that libraries don't send colors.
    """

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        """Write the printable part of a text."""
        return self.stream.write(printable(text, keep=LAYOUT))

    def writelines(self, lines: Iterable[str]) -> None:
        """Write the printable part of several texts."""
        for line in lines:
            self.write(line)

    def isatty(self) -> bool:
        """Whether this is a terminal: always false."""
        return False

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


def guard_errors() -> None:
    """Remove terminal control characters from all that this process writes to ``sys.stderr``, libraries included."""
    if sys.stderr is not None and not isinstance(sys.stderr, PrintableStream):
        sys.stderr = cast(TextIO, PrintableStream(sys.stderr))
