"""Where plain text leaves a command. What rich lays out leaves by ``graders.present.console``, log records by ``graders.core.logs``.

Nothing else writes to a terminal; ruff sees to that.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any, TextIO, cast

from cluster.text import printable

LAYOUT = "\n\t"
"""What moves the cursor in a text of several lines, and may."""


def write(text: str) -> None:
    """Write a text, and a newline, to standard output."""
    sys.stdout.write(printable(text, keep=LAYOUT) + "\n")  # noqa: TID251  here it is made printable


def complain(text: str) -> None:
    """Write a text, and a newline, to standard error."""
    sys.stderr.write(printable(text, keep=LAYOUT) + "\n")  # noqa: TID251  here it is made printable


class PrintableStream:
    """A stream for text whose writers aren't ours, such as warnings, tracebacks and a library's own messages.

    ``stream`` is what is behind it. It calls itself no terminal, so that nobody sends it colors.
    """

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        """Write what can be seen of a text."""
        return self.stream.write(printable(text, keep=LAYOUT))

    def writelines(self, lines: Iterable[str]) -> None:
        """Write what can be seen of several texts."""
        for line in lines:
            self.write(line)

    def isatty(self) -> bool:
        """Whether this is a terminal: it isn't."""
        return False

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


def guard_errors() -> None:
    """Let nothing leave this process by ``sys.stderr`` that a terminal would obey, whoever writes it."""
    if sys.stderr is not None and not isinstance(sys.stderr, PrintableStream):
        sys.stderr = cast(TextIO, PrintableStream(sys.stderr))
